"""A typed text -> what it means as a word: yes, no, not sure, none, a command, a place in a list.

What a question makes of it is the business of `answers`.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, TypeAlias

from backtriage.language import Language, get_language, read_answer
from backtriage.model import NOT_SURE, AskedTwice, NotSure
from backtriage.number_words import read_whole_number

_YES = frozenset({"yes", "y", "yeah", "yep", "yup", "true"})
_NO = frozenset({"no", "n", "nope", "nah", "false"})
_NOT_SURE = frozenset(
    {
        "not sure", "notsure", "not_sure", "i'm not sure", "im not sure", "i am not sure", "unsure",
        "?", "don't know", "dont know", "do not know", "i don't know", "i dont know",
        "i do not know", "idk", "dunno", "no idea", "unknown", "maybe", "perhaps",
        "prefer not to say", "rather not say", "i'd rather not say", "id rather not say",
        "i prefer not to say",
    }
)  # fmt: skip
Plain: TypeAlias = Literal["yes", "no"] | NotSure | AskedTwice
"""What words mean to every question that takes them."""

_PLAIN: Mapping[Plain, frozenset[str]] = {"yes": _YES, "no": _NO, NOT_SURE: _NOT_SURE}
_TWICE = {str(answer): answer for answer in AskedTwice}
_NONE = _NO | {
    "0", "none", "nothing", "none of these", "none of those", "none of them", "none of it",
    "none of the above",
}  # fmt: skip
_DECLINED = frozenset(
    {
        "no thanks", "no thank you", "no thx", "nothing thanks", "thanks no", "not now",
        "never mind", "nevermind", "cancel", "skip", "leave", "don't", "dont", "do not",
        "don't save", "dont save", "do not save", "no need",
    }
)  # fmt: skip
"""What says no to an offer, and nothing about a symptom."""

_BACK = frozenset({"b", "back"})
_QUIT = frozenset({"q", "quit", "stop", "exit"})
_WHY = frozenset({"w", "why", "help"})
_ALL = frozenset({"all"})
_COMMANDS = _BACK | _QUIT | _WHY | _ALL
"""What an interview understands beside answers, so that no option may be called so."""

LONGEST_TEXT = 1000
"""So many characters a text may have that still means something as an answer."""


def read_plain(text: str) -> Plain | None:
    """What a text says by itself: "yes", "no", "not sure", or two answers at once; or None."""
    return _read_plain(text, get_language()) if len(text) <= LONGEST_TEXT else None


@lru_cache(maxsize=1000)  # the same few words come again with every record
def _read_plain(text: str, _: Language) -> Plain | None:
    twice = _TWICE.get(normalize(text))
    if twice is not None:
        return twice
    word = _read(text)
    return next((meant for meant, words in _PLAIN.items() if word in words), None)


def means_yes(text: str) -> bool:
    """Whether a text is a word for yes."""
    return read_plain(text) == "yes"


def means_no(text: str) -> bool:
    """Whether a text is a word for no."""
    return read_plain(text) == "no"


def means_not_sure(text: str) -> bool:
    """Whether a text says "not sure"."""
    return read_plain(text) is NOT_SURE


def means_none(text: str) -> bool:
    """Whether a text says that nothing of a list applies."""
    return _read(text) in _NONE


def means_declined(text: str) -> bool:
    """Whether a text turns an offer down."""
    return means_none(text) or _read(text).replace(",", "") in _DECLINED | _QUIT


def means_why(text: str) -> bool:
    """Whether a text asks why: "why?" too, while a question mark alone is "not sure"."""
    return _read(normalize(text).strip("¿?")) in _WHY


def means_back(text: str) -> bool:
    """Whether a text asks for the question before."""
    return _read(text) in _BACK


def means_quit(text: str) -> bool:
    """Whether a text says to stop."""
    return _read(text) in _QUIT


def means_all(text: str) -> bool:
    """Whether a text asks for all of something."""
    return _read(text) in _ALL


def is_word(text: str) -> bool:
    """Whether a text means something by itself, so that it is no name of a thing."""
    is_answer = read_plain(text) is not None or means_declined(text)
    return is_answer or means_why(text) or _read(text) in _COMMANDS or place_of(text) is not None


def place_of(text: str) -> int | None:
    """The place in a list that a text names, such as "3", "3.", "(3)" or "#3"; None for others."""
    return read_whole_number(normalize(text).strip("(#.)"))


def is_reserved(label: str) -> bool:
    """Whether an option called so could not be chosen by its label, which means something else."""
    word = _read(label)
    return word in _COMMANDS | _NOT_SURE | _TWICE.keys() or place_of(label) is not None


def _read(text: str) -> str:
    """The text as it is compared, a word of the language that is spoken as the English one."""
    return read_answer(normalize(text))


def normalize(text: str) -> str:
    """The text as it is compared.

    Case, blanks, a full stop at its end and the kind of apostrophe do not count. Of a text that is
    too long to mean anything only the beginning is kept, with a mark behind it that no other has.
    """
    if len(text) > LONGEST_TEXT:
        return f"{text[:LONGEST_TEXT]}\N{HORIZONTAL ELLIPSIS}"
    return _normalized(text)


@lru_cache(maxsize=1000)  # the same few words come again with every record
def _normalized(text: str) -> str:
    straight = text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    return " ".join(straight.casefold().split()).rstrip(".! ")
