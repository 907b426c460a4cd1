"""A text that is no quantity -> why it is none, and what to write in its place.

What leaves the number open is told apart from what is only not understood: whoever writes it knows
something, and can say it otherwise.
"""

import re
from collections.abc import Sequence

from backtriage.language import ENGLISH, describe_number, find_typed, get_language, say
from backtriage.number_words import find_number_at, find_share_at, is_number

_VAGUE = (
    r"(?:or |no |not )*(?:more|less|fewer|longer|shorter|older|younger)(?: than)?"
    r"|at (?:least|most)|over|above|beyond|past|under|below|up to|within|nearly|almost|just"
    r"|close to|(?:a )?few|several|some|many|maximum|max|minimum|plus"
    r"|a while|ages|always|forever|life"
)
_DATE = (
    r"since|(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july"
    r"|august|september|october|november|december|christmas|easter|last|this|born"
    r"|\d+[/.-]\d+[/.-]\d+"
)


Refusal = tuple[str, str | None]
"""What is wrong, and what to write, where the first does not say it already."""


def describe_two_meanings(word: str) -> Refusal:
    """For a number that some read as thousands and others as a fraction."""
    number = describe_number(round(float(word.replace(",", ".")), 2))
    way_out = say("write it without the comma")
    if "." in word:
        way_out = say("write {number} or {other}", number=number, other=word.replace(".", ""))
    return say('"{word}" can mean two numbers', word=word), way_out


def describe_misfit(unit: str, example: str) -> Refusal:
    """For a unit that measures something else than what is asked for."""
    return say('"{unit}" does not fit here', unit=unit), _write(example)


def describe_refusal(
    plain: str, words: Sequence[str], unit: str, example: str, *, is_unit: bool, typed: str
) -> Refusal:
    """Why a text is no quantity, and what to write in its place; `is_unit`: it is a unit alone.

    `plain` and `words` are what was `typed`, in English.
    """
    numbers = sum(map(is_number, words))
    if numbers:  # an example would be another number than what is meant, as 5 is for "2-3"
        one_number = say("write one number, as near as you can")
    else:
        one_number = say(
            'write one number, as near as you can, for example "{example}"', example=example
        )
    vague = re.search(rf"(?<!\w)(?:{_VAGUE})(?!\w)|[<>≤≥+]", " ".join(words))
    if vague:
        return _describe_open(vague[0]), one_number
    if unit in ("day", "year") and re.search(rf"(?<!\w)(?:{_DATE})(?!\w)", plain):
        return say("a date is no number"), _count_since(unit, example)
    joined = not {"to", "or", "between"}.isdisjoint(words)
    if (numbers and joined) or (numbers > 1 and "-" in words):
        return say("these are two numbers"), one_number
    quantity = find_share_at(words, 0) or find_number_at(words, 0)
    if quantity and quantity[1] == len(words) - 1 and words[-1].isalpha():
        return say('unknown unit "{unit}"', unit=find_typed(words[-1], typed)), _write(example)
    if is_unit:
        return say("the number is missing"), _write(example)
    return describe_generic(example)


def describe_generic(example: str) -> Refusal:
    """For a text of which nothing is understood."""
    return say('write one number, for example "{example}"', example=example), None


def _write(example: str) -> str:
    return say('write for example "{example}"', example=example)


def _describe_open(words: str) -> str:
    """That these words leave the number open; in another language they are not what was typed."""
    if get_language() is ENGLISH:
        return f'"{words}" leaves the number open'
    return say("this leaves the number open")


def _count_since(unit: str, example: str) -> str:
    """What to count for who knows the date alone."""
    if unit == "year":
        return say('count the years since then, and write for example "{example}"', example=example)
    return say(
        'count the days or weeks since then, and write for example "{example}"', example=example
    )
