"""The language in which the program speaks: its sentences, and how people write and type in it.

It is English unless somebody says otherwise. Sentences are written in English where they are said,
and `say` looks up what stands for them; a sentence without a translation stays English. What people
type counts in English, too.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contextvars import ContextVar

_FORMS_KNOWN = 300
"""So many numbers have a plural form each; beyond that the last two digits tell it."""


# No dataclass: making one takes half a millisecond, which each start of a command would pay.
class Language:
    """What the program knows of a language; English where nothing else is given.

    `sentences` are by the English ones; `counted` are those for a number of things, with a text for
    each plural form, by the English text for several. `forms` has the place of the form for each
    number from 0 on, and the last form is that of fractions. `quantities` are units, each with a
    text for every form, and `unit_names` how people write them. `day` is how a date is written.
    `answers` has the English word for each text that is an answer or a command as a whole, and
    `typed` that for words within a length of time or another number. `keeps_capitals` is for
    languages whose nouns have them wherever they stand. `has_gaps` says that some of the sentences
    are told in English. Nothing of it changes.
    """

    code: str = "en"
    name: str = "English"
    is_rtl: bool = False
    keeps_capitals: bool = False
    has_gaps: bool = False
    decimal: str = "."
    day: str = "{weekday} {day} {month} {year}"
    weekdays: tuple[str, ...] = (
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    )
    months: tuple[str, ...] = (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    )
    forms: str = "10" + "1" * (_FORMS_KNOWN - 2)
    sentences: Mapping[str, str] = {}
    counted: Mapping[str, tuple[str, ...]] = {}
    quantities: Mapping[str, tuple[str, ...]] = {}
    unit_names: Mapping[str, tuple[str, ...]] = {}
    answers: Mapping[str, str] = {}
    typed: Mapping[str, str] = {}

    def __init__(self, **fields: Any) -> None:
        """Fields as above; those that are left out are as in English."""
        vars(self).update(fields)

    @cached_property
    def pattern_of_typed(self) -> re.Pattern[str]:
        """What finds the words of `typed` in a text, the longest first."""
        words = "|".join(map(re.escape, sorted(self.typed, key=len, reverse=True)))
        return re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])")

    def choose_form(self, number: float, forms: tuple[str, ...]) -> str:
        """The text for so many things."""
        if number != int(number):
            return forms[-1]
        whole = abs(int(number))
        return forms[int(self.forms[whole if whole < _FORMS_KNOWN else 200 + whole % 100])]


ENGLISH = Language()

_RIGHT_TO_LEFT = ("ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi")


def build_unspoken(code: str) -> Language:
    """A language that the program has no sentences of: English, in the direction of the other."""
    return Language(code=code, is_rtl=code.partition("_")[0] in _RIGHT_TO_LEFT)


_spoken: "dict[str, ContextVar[Language]]" = {}
"""Which language is spoken; empty until another than English was asked for, and then for good."""


def get_language() -> Language:
    """The language that is spoken now."""
    return _spoken["now"].get() if _spoken else ENGLISH


def keep_language(language: Language) -> None:
    """Speak a language from now on, until what `hold_language` is called for has ended."""
    # each thread and task has its own; who speaks English alone does not pay for that
    from contextvars import ContextVar

    _spoken.setdefault("now", ContextVar("language", default=ENGLISH)).set(language)


@contextmanager
def hold_language(language: Language) -> Iterator[None]:
    """Speak a language as long as this lasts, whatever is kept meanwhile."""
    before = get_language()
    _change_to(language)
    try:
        yield
    finally:
        _change_to(before)


def _change_to(language: Language) -> None:
    if language is not get_language():
        keep_language(language)


def say(sentence: str, **places: object) -> str:
    """An English sentence in the language that is spoken, with what goes in its places in braces.

    Without places, braces are left as they are.
    """
    said = get_language().sentences.get(sentence, sentence) if _spoken else sentence
    return said.format(**places) if places else said


def say_number(one: str, several: str, count: int, **places: object) -> str:
    """The sentence for one thing or that for several, as English has them; {count} is how many."""
    forms = get_language().counted.get(several)
    if forms is None:  # English, or a sentence without a translation
        said = one if count == 1 else several
    else:
        said = get_language().choose_form(count, forms)
    return said.format(count=count, **places)


def list_forms(one: str, several: str) -> tuple[str, ...]:
    """What `say_number` chooses from: a sentence for each plural form of the language."""
    return get_language().counted.get(several, (one, several))


def describe_number(number: float) -> str:
    """A number in figures, as it is written in the language: 38.5, or 38,5."""
    return f"{number:.15g}".replace(".", get_language().decimal)


def read_answer(word: str) -> str:
    """The English word for an answer or a command, given in small letters; others as they are."""
    return get_language().answers.get(word, word)


def read_typed(text: str) -> str:
    """A length of time or another quantity with the words of the language put into English."""
    language = get_language()
    return _put_into_english(language, text) if language.typed else text


def find_typed(word: str, text: str) -> str:
    """How a word that `read_typed` gives stands in the text that was typed, with its capitals.

    The word itself where nothing there stands for it.
    """
    language, plain = get_language(), " ".join(text.casefold().split())
    stands_for = (
        found[0]
        for found in (language.pattern_of_typed.finditer(plain) if language.typed else ())
        if word in language.typed[found[0]].split()
    )
    own = next(stands_for, word)
    return next((typed for typed in text.split() if typed.casefold() == own), own)


@lru_cache(maxsize=1000)  # the same few texts come again with every record
def _put_into_english(language: Language, text: str) -> str:
    plain = " ".join(text.casefold().split())
    return language.pattern_of_typed.sub(lambda found: language.typed[found[0]], plain)
