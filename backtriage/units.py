"""Text with a number and perhaps a unit -> a number in the unit that is wanted.

Conversions: a month is 365/12 days and a year 365; °C = (°F - 32) * 5/9; 1 lb = 0.45359237 kg,
1 st = 14 lb, 1 in = 2.54 cm (both exact by definition). Days come out whole, rounded down, because
nobody counts finer; a night counts as a day. A text of several parts is added up first.

What leaves the number open, such as "over 59", "a few days" or "2-3 weeks", is refused and never
taken for a number near it: at a bound of a rule that could lower urgency.
"""

import math
import re
from collections.abc import Sequence
from functools import lru_cache

from backtriage.language import describe_number, get_language, read_typed, say
from backtriage.number_words import find_number_at, find_share_at
from backtriage.unit_sizes import COUNTED_WHOLE, DAYS, DUST, FAMILIES, describe_unit

_NEXT_SMALLER = {"st": "lb", "ft": "in"}
"""What the last number counts in "11 stone 4" and "5 foot 11"."""

_NAMES = {
    "hour": "h hr hrs hour hours",
    "day": "d day days night nights",
    "week": "w wk wks week weeks",
    "fortnight": "fortnight fortnights",
    "month": "mo mos mth mths month months",
    "year": "y yr yrs year years yo",
    "kg": "kg kgs kilo kilos kilogram kilograms",
    "lb": "lb lbs pound pounds",
    "st": "st stone stones",
    "cm": "cm centimetre centimetres centimeter centimeters",
    "m": "m metre metres meter meters",
    "in": "in inch inches",
    "ft": "ft foot feet",
    "C": "c °c celsius centigrade",
    "F": "f °f fahrenheit",
    "%": "% percent",
}
_UNIT_BY_NAME = {name: unit for unit, names in _NAMES.items() for name in names.split()}
# understood, but no question may ask for it
_UNIT_BY_NAME |= dict.fromkeys(("min", "mins", "minute", "minutes"), "minute")

_SIGNS = str.maketrans(
    {"\N{RIGHT SINGLE QUOTATION MARK}": "'"}
    | dict.fromkeys("\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}", "-")
    | {sign: f" {sign} " for sign in "½¼¾"}
)
"""What keyboards and telephones put in the place of plain signs."""
_BEFORE = re.compile(
    r"(?:(?:about|around|roughly|approximately|approx\.?|for|since|aged|i'm|im|i am)\s|~\s?)*"
)
_SPAN = re.compile(r"(?:(?:in|during)\s)?(the last|the past|last)\s")
_BEHIND = re.compile(r"(?:\s(?:old|ago|now|already|or so|of age)|-old|\s?[.!])+$")
_PHRASES = {"today": 0, "this morning": 0, "last night": 1, "yesterday": 1}
"""How many days ago it was."""

_WORD = re.compile(r"\d+(?:[.,]\d+)*|°?[^\W\d_]+(?:'[^\W\d_]+)*|\S")
_TWO_MEANINGS = re.compile(r"(?!0)\d{1,3}[.,]\d{3}")
"""1,000 and 1.500 are thousands to some and decimals to others."""
_LONGEST = 100  # characters of a quantity


class QuantityError(ValueError):
    """The text is not one number with a unit that fits; `way_out` says what to write."""

    def __init__(self, message: str, way_out: str | None = None) -> None:
        super().__init__(f"{message}; {way_out}" if way_out else message)
        self.message, self.way_out = message, way_out


def list_units() -> tuple[str, ...]:
    """The units that a number question may have: day, week, month, year, kg, lb, ..., C, F, %."""
    return tuple(_NAMES)


def list_unit_names(unit: str) -> tuple[str, ...]:
    """How people write a unit, in small letters: "d", "day", "days", "night", "nights"."""
    own = get_language().unit_names.get(unit, ())
    return tuple(dict.fromkeys((*own, *_NAMES[unit].split())))


def list_affixes() -> tuple[str, str]:
    """Patterns of what means nothing before and behind a quantity: "about", "ago"."""
    return _BEFORE.pattern, _BEHIND.pattern


def has_unit(text: str) -> bool:
    """Whether the text names a unit: "6 weeks" does, "6" and "about six" do not.

    True for what is no quantity: `parse_quantity` then says what is wrong with it.
    """
    try:
        return all(name for _, name in _parts(text, "day"))
    except QuantityError:
        return True


def parse_quantity(text: str, unit: str) -> float:
    """Read "47", "38,5", "about six weeks", "1 1/2 years" or "3 weeks and 2 days" in `unit`.

    A number without a unit is taken to be in `unit` already. Raises QuantityError.
    """
    parts = _parts(text, unit)
    number, name = parts[0]
    if len(parts) > 1:
        return _tidy(_total(parts, unit))
    return _tidy(convert(number, name, unit) if name else number)


def describe_quantity(value: float, unit: str, *, given: bool = False) -> str:
    """A number with its unit in words: "1 day", "6 weeks" (for 42 days), "38.5 °C".

    `given`: a person gave it, so that no days are less than one, as days are whole.
    """
    if given and unit == "day" and value < 1:
        return say("less than 1 day")
    if unit == "day" and value:
        larger = next((name for name in ("year", "week") if value % DAYS[name] == 0), "day")
        value, unit = value / DAYS[larger], larger
    shown, forms = describe_number(value), get_language().quantities.get(unit)
    if forms:
        return get_language().choose_form(value, forms).format(number=shown)
    if unit == "%":
        return f"{shown}%"
    return f"{shown} {unit if value == 1 and unit in DAYS else describe_unit(unit)}"


def tell_unit(unit: str) -> str:
    """A unit as it stands behind a number other than one: "days", or "Tage"; "kg", "°C"."""
    return name_unit(unit) if get_language().quantities.get(unit) else describe_unit(unit)


def name_unit(unit: str) -> str:
    """A unit of time by its name for several in another language; others by their id."""
    forms = get_language().quantities.get(unit)
    return forms[-1].replace("{number}", "").strip() if forms else unit


def convert(number: float, given: str, wanted: str) -> float:
    """A number of one unit in another; raises QuantityError where they do not measure the same."""
    if given == wanted:
        return number
    if (given, wanted) == ("F", "C"):
        return (number - 32) * 5 / 9
    if (given, wanted) == ("C", "F"):
        return number * 9 / 5 + 32
    return _total([(number, given)], wanted)


def _total(parts: Sequence[tuple[float, str]], wanted: str) -> float:
    """The sum, rounded once; raises QuantityError where a number measures something else."""
    family: dict[str, float] = next((family for family in FAMILIES if wanted in family), {})
    for _, name in parts:
        if name not in family:
            from backtriage.quantity_refusals import describe_misfit

            raise QuantityError(*describe_misfit(name_unit(name), _example(wanted)))
    total = sum(number * family[name] for number, name in parts) / family[wanted]
    return float(math.floor(total + DUST)) if wanted in COUNTED_WHOLE else total


def _tidy(number: float) -> float:
    """Whole numbers as int, others free of the dust of the conversion."""
    rounded = round(number, 6)
    return int(rounded) if rounded == int(rounded) else rounded


# Reading -----------------------------------------------------------------------------------------


def _parts(text: str, unit: str) -> Sequence[tuple[float, str]]:
    """The numbers of a text, each with its unit, or "" for a number alone; raises QuantityError."""
    if len(text) > _LONGEST:
        from backtriage.quantity_refusals import describe_generic

        raise QuantityError(*describe_generic(_example(unit)))
    return _read(read_typed(text), unit, text)


@lru_cache(maxsize=1000)  # many patients write the same
def _read(text: str, unit: str, typed: str) -> Sequence[tuple[float, str]]:
    """What `_parts` gives for a text in English, and as it was `typed`, that is not too long."""
    words_alone = " ".join(text.translate(_SIGNS).casefold().replace("y/o", "yo").split())
    plain = _BEHIND.sub("", words_alone)
    days = _PHRASES.get(plain.removeprefix("since ")) if unit == "day" else None
    if days is not None:
        return [(days, "day")]
    words = _words(_BEFORE.sub("", plain, count=1), unit)
    if unit not in ("C", "F", "%"):  # nobody means thousands of these
        _refuse_two_meanings(words)
    parts = _signed(words, unit) or _added(words)
    if not parts or (plain.startswith("since ") and not parts[-1][1]):
        from backtriage.quantity_refusals import describe_refusal

        is_unit, example = len(words) == 1 and words[0] in _UNIT_BY_NAME, _example(unit, words)
        told = describe_refusal(plain, words, unit, example, is_unit=is_unit, typed=typed)
        raise QuantityError(*told)
    return parts


def _refuse_two_meanings(words: Sequence[str]) -> None:
    word = next(filter(_TWO_MEANINGS.fullmatch, words), None)
    if word is not None:
        from backtriage.quantity_refusals import describe_two_meanings

        raise QuantityError(*describe_two_meanings(word))


def _words(core: str, unit: str) -> list[str]:
    """The words of a quantity; those of "the last 6 weeks" are "6 weeks", which is no age."""
    span = _SPAN.match(core) if unit != "year" else None
    if span is None:
        return _WORD.findall(core)
    words = _WORD.findall(core[span.end() :])
    if not words or words[0] not in DAYS:
        return words
    # "the last week" is a week, but "last week" may be a day ago, or thirteen
    return [] if span[1] == "last" else ["a", *words]


def _signed(words: Sequence[str], unit: str) -> list[tuple[float, str]]:
    """A single number behind "-" or "+"; an empty list for anything else.

    And for "+60" days or years: somebody may mean 60 or more.
    """
    signs = ("-",) if unit in DAYS else ("-", "+")
    if not words[1:] or words[0] not in signs or not words[1][0].isdecimal():
        return []
    parts = _added(words[1:])
    if len(parts) != 1:
        return []
    number, name = parts[0]
    return [(-number if words[0] == "-" else number, name)]


def _added(words: Sequence[str]) -> list[tuple[float, str]]:
    """Numbers of ever smaller units, such as "3 weeks and 2 days"; an empty list for all else."""
    parts: list[tuple[float, str]] = []
    at = 0
    while at < len(words):
        joined = bool(parts) and words[at] in ("and", ",", "&")
        share = find_share_at(words, at + joined)
        quantity = share or find_number_at(words, at + joined)
        if quantity is None:
            return []
        number, at = quantity
        if at == len(words):
            return _with_last(parts, number, is_share=bool(share), joined=joined)
        at += words[at] == "-" and at + 1 < len(words)  # "six-week"
        name = _UNIT_BY_NAME.get(words[at])
        if name is None or (parts and not _is_smaller(name, parts[-1][1])):
            return []
        parts.append((number, name))
        at += 1
    return parts


def _with_last(
    parts: list[tuple[float, str]], number: float, *, is_share: bool, joined: bool
) -> list[tuple[float, str]]:
    """The numbers so far and a last one without a unit: "a year and a half", "5 foot 11", "6"."""
    if not parts:
        return [] if is_share else [(number, "")]
    name = parts[-1][1]
    if is_share:
        return [*parts[:-1], (parts[-1][0] + number, name)] if joined and number < 1 else []
    smaller = _NEXT_SMALLER.get(name, name)
    return [*parts, (number, smaller)] if _is_smaller(smaller, name, number) else []


def _is_smaller(name: str, other: str, number: float = 1) -> bool:
    """Whether a number of one unit is less than one of the other, and measures the same."""
    return any(
        name in family and other in family and number * family[name] < family[other]
        for family in FAMILIES
    )


def _example(unit: str, words: Sequence[str] = ()) -> str:
    """What could be written, in the unit of the text where that is a length of time."""
    named = next((name for name in map(_UNIT_BY_NAME.get, words) if name in DAYS), None)
    if unit == "day" and named:
        return describe_quantity(5, named)
    examples = {"C": "38.5 C", "F": "101 F", "%": "5 %", "year": "47"}
    return examples.get(unit) or describe_quantity(6, unit)
