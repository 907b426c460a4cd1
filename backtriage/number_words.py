"""The words at some place of a text -> the number that they are: "47", "twenty-one", "1 1/2".

A word is a run of small letters, the digits of one number, or a single mark such as "-", "/" or
"½".
"""

import re
from collections.abc import Sequence
from typing import TypeAlias

NumberAt: TypeAlias = tuple[float, int] | None
"""A number, and the place of the first word behind it; None where no number stands."""

_SMALL = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
    "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
ONES = frozenset(word for word, number in _SMALL.items() if 0 < number < 10)
_PARTS = {"half": 0.5, "quarter": 0.25, "½": 0.5, "¼": 0.25, "¾": 0.75}
_ARTICLES = ("a", "an")
_NUMERAL = re.compile(r"\d{1,15}(?:[.,]\d{1,30})?")


def read_whole_number(text: str) -> int | None:
    """A small number that stands in digits, such as "47"; None for any other text, however long."""
    return int(text) if len(text) < 10 and text.isdecimal() else None


def is_number(word: str) -> bool:
    """Whether a word alone is a number."""
    return word[:1].isdecimal() or word in _SMALL or word in TENS


def find_number_at(words: Sequence[str], at: int) -> NumberAt:
    """A number that can stand for itself: "38,5", "a hundred and five", "one and a half"."""
    whole = _numeral_at(words, at) or _cardinal_at(words, at)
    if whole is None or not whole[0].is_integer():
        return whole
    number, end = whole
    part = _part_at(words, end + 1) if _word(words, end) == "and" else _mark_at(words, end)
    return (number + part[0], part[1]) if part else whole


def find_share_at(words: Sequence[str], at: int) -> NumberAt:
    """What is a number only before a unit: "a", "a couple of", "half an", "1/2 of a"."""
    part = _part_at(words, at)
    if part:
        number, end = part
        behind_of = end + (_word(words, end) == "of")
        behind = behind_of + (_word(words, behind_of) in _ARTICLES)
        if words[at].isdecimal() and behind == end and _may_be_many(_word(words, end)):
            return None
        return number, behind
    start = at + (_word(words, at) in _ARTICLES)
    if _word(words, start) == "couple":
        return 2.0, start + 1 + (_word(words, start + 1) == "of")
    return (1.0, start) if start > at and _word(words, start) != "hundred" else None


def _may_be_many(word: str) -> bool:
    """Whether "2/3" before this word may be 2 or 3 of it: "2/3 weeks" may, "2/3 week" may not."""
    return len(word) < 3 or word.endswith("s")


def _word(words: Sequence[str], at: int) -> str:
    return words[at] if at < len(words) else ""


def _numeral_at(words: Sequence[str], at: int) -> NumberAt:
    word = _word(words, at)
    return (float(word.replace(",", ".")), at + 1) if _NUMERAL.fullmatch(word) else None


def _cardinal_at(words: Sequence[str], at: int) -> NumberAt:
    """Words up to "nine hundred and ninety-nine"."""
    hundreds = 1 if _word(words, at) in _ARTICLES else _SMALL.get(_word(words, at))
    if not hundreds or hundreds > 9 or _word(words, at + 1) != "hundred":
        return _below_hundred_at(words, at)
    rest = _below_hundred_at(words, at + 2 + (_word(words, at + 2) == "and"))
    return (100.0 * hundreds + rest[0], rest[1]) if rest else (100.0 * hundreds, at + 2)


def _below_hundred_at(words: Sequence[str], at: int) -> NumberAt:
    word = _word(words, at)
    if word not in TENS:
        return (float(_SMALL[word]), at + 1) if word in _SMALL else None
    behind = at + 1 + (_word(words, at + 1) == "-")
    ones = _SMALL.get(_word(words, behind), 0)
    if 0 < ones < 10:
        return float(TENS[word] + ones), behind + 1
    return float(TENS[word]), at + 1


def _part_at(words: Sequence[str], at: int) -> NumberAt:
    """A part of one: "half", "a quarter", "three quarters", "½", "3/4"."""
    if _word(words, at) == "three" and _word(words, at + 1) == "quarters":
        return 0.75, at + 2
    start = at + (_word(words, at) in (*_ARTICLES, "one"))
    number = _PARTS.get(_word(words, start))
    return _mark_at(words, at) if number is None else (number, start + 1)


def _mark_at(words: Sequence[str], at: int) -> NumberAt:
    """A part of one in figures: "½", "1/2", "3/4"."""
    number = _PARTS.get(_word(words, at)) if len(_word(words, at)) == 1 else None
    if number is not None:
        return number, at + 1
    above, below = read_whole_number(_word(words, at)), read_whole_number(_word(words, at + 2))
    if _word(words, at + 1) != "/" or not above or below not in (2, 3, 4) or above >= below:
        return None
    return above / below, at + 3
