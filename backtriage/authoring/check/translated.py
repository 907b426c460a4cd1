"""Texts with their translations -> what is wrong with these, as far as it can be seen.

Nobody here understands them. What can be seen without that is whether numbers and ends are those
of the original, how long they are, and how hard to read.
"""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from babel.messages.catalog import Message

from backtriage.answer_words import is_reserved, normalize
from backtriage.authoring.check.reading_ease import measure_ease
from backtriage.authoring.check.wording import LONGEST_SENTENCE, Objection, find_long_sentences
from backtriage.authoring.texts import list_texts
from backtriage.errors import shorten
from backtriage.model import RuleSet

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_COLUMNS = 55
"""So much of a line of 60 is left for a label behind its number."""
_LONGER = 1.4
"""So many times the length of the English may a translation have, as other languages take more."""
_ROOM = 40
"""And so many characters more, as in a short text one word makes it twice as long."""
_CLOSING = ')"»”“'
"""What may stand behind a full stop."""
_ONE_LINE = ("label", "item", "title")
_NAMES = ("country.", "suspicion.")
"""What may well be called the same in two languages."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A text of the rules with its translation, at its place."""

    message: Message
    context: str
    source: str
    text: str

    @property
    def kind(self) -> str:
        """What it is for: the end of its context."""
        return self.context.rpartition(".")[2]


def find_objections(
    pairs: Collection[Pair], rule_set: RuleSet, language: str
) -> list[tuple[Pair, Objection]]:
    """What is wrong with each translation, and with those that stand beside each other."""
    objections = [(pair, wrong) for pair in pairs for check in _CHECKS for wrong in check(pair)]
    objections += _find_two_translations(pairs)
    objections += _find_equal_options(pairs)
    objections += _find_hard(pairs, rule_set, language)
    return objections


# Text by text ------------------------------------------------------------------------------------


def _check_numbers(pair: Pair) -> Iterator[Objection]:
    """Six weeks that become eight would be another rule to who reads it."""
    wanted, found = (
        {number.replace(",", ".") for number in _NUMBER.findall(text)}
        for text in (pair.source, pair.text)
    )
    without, besides = (", ".join(sorted(numbers)) for numbers in (wanted - found, found - wanted))
    if wanted != found:
        told = [f"without {without}"] if without else []
        told += [f"with {besides} besides"] if besides else []
        message = f"other numbers than in the original, {' and '.join(told)}"
        yield Objection("other-number", f"{message}: {shorten(pair.text)}")


def _check_copy(pair: Pair) -> Iterator[Objection]:
    """What was left as it was."""
    if pair.text == pair.source and " " in pair.source and not pair.context.startswith(_NAMES):
        yield Objection("untranslated-copy", f"the text is that of the rules: {shorten(pair.text)}")


def _check_length(pair: Pair) -> Iterator[Objection]:
    """What stands on one line in English does so; other texts are not much longer than that."""
    length = len(pair.text)
    if pair.kind in _ONE_LINE and len(pair.source) <= _COLUMNS:
        message = f"{length} characters take two lines, where the English takes one"
        is_long = length > _COLUMNS
    else:
        message = f"{length} characters, where the English has {len(pair.source)}"
        is_long = length > _LONGER * len(pair.source) + _ROOM
    if is_long:
        yield Objection("long-translation", f"{message}: {shorten(pair.text)}", "say it shorter")


def _check_sentences(pair: Pair) -> Iterator[Objection]:
    """The beginning of a sentence must not be forgotten at its end."""
    most = round(_LONGER * LONGEST_SENTENCE)
    yield from find_long_sentences(pair.text, most, "long-translation")


def _check_end(pair: Pair) -> Iterator[Objection]:
    """What stands within a sentence has no full stop, and what is one has; and none has blanks."""
    if pair.text != pair.text.strip():
        message = f'it begins or ends with a blank: "{shorten(pair.text)}"'
        yield Objection("other-end", message, "take the blank away")
    ends = [
        text.strip().rstrip(_CLOSING)[-1:] in (".", "?", "!", ":", "؟")
        for text in (pair.source, pair.text)
    ]
    if ends[0] != ends[1]:
        wanted = "a full stop or question mark" if ends[0] else "none"
        message = f"it ends otherwise than the English, which has {wanted}: {shorten(pair.text)}"
        yield Objection("other-end", message)


def _check_reserved(pair: Pair) -> Iterator[Objection]:
    """An option that is called as a command could not be chosen by its label."""
    if ".option." in pair.context and pair.kind == "label" and is_reserved(pair.text):
        message = f'"{shorten(pair.text)}" means something else when it is typed'
        yield Objection("reserved-translation", message, "call it otherwise")


_CHECKS: tuple[Callable[[Pair], Iterator[Objection]], ...] = (
    _check_numbers,
    _check_copy,
    _check_length,
    _check_sentences,
    _check_end,
    _check_reserved,
)


# Texts beside each other -------------------------------------------------------------------------


def _find_two_translations(pairs: Collection[Pair]) -> Iterator[tuple[Pair, Objection]]:
    """The same English text, for the same use, in two ways."""
    first: dict[tuple[str, str], Pair] = {}
    for pair in pairs:
        before = first.setdefault((pair.kind, pair.source), pair)
        if before.text != pair.text:
            line = before.message.lineno
            message = f"the same text is translated otherwise in line {line}: {shorten(pair.text)}"
            yield pair, Objection("two-translations", message)


def _find_equal_options(pairs: Collection[Pair]) -> Iterator[tuple[Pair, Objection]]:
    """Two options of one question that read the same."""
    seen: dict[tuple[str, str], str] = {}
    for pair in pairs:
        question, is_option, _ = pair.context.partition(".option.")
        if is_option and pair.kind == "label":
            key = question, normalize(pair.text)
            if seen.setdefault(key, pair.context) != pair.context:
                message = f"two options of one question are called {shorten(pair.text)}"
                yield pair, Objection("equal-options", message)


def _find_hard(
    pairs: Collection[Pair], rule_set: RuleSet, language: str
) -> Iterator[tuple[Pair, Objection]]:
    """What is harder to read than it may be, by a formula for the language where there is one."""
    readers = {text.text: text.reader for text in list_texts(rule_set) if text.is_sentence}
    for pair in pairs:
        reader = readers.get(pair.source)
        ease = measure_ease(pair.text, language) if reader else None
        if ease is not None and reader and not ease.is_easy(asked=reader == "asked"):
            message = f"{ease.describe()}: {shorten(pair.text)}"
            yield pair, Objection("hard-translation", message, "use shorter words and sentences")
