"""Text with a number and perhaps a unit -> a number in the unit that is wanted.

Conversions: a month is 365/12 days and a year 365; °C = (°F - 32) * 5/9; 1 lb = 0.45359237 kg, 1 st = 14 lb,
1 in = 2.54 cm (both exact by definition). Days come out whole, rounded down, because nobody counts finer; so
"a few" is 3 and "a couple" is 2.
"""

import math
import re

_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "fortnight": 14.0, "month": 365 / 12, "year": 365.0}
_KILOGRAMS = {"kg": 1.0, "lb": 0.45359237, "st": 14 * 0.45359237}
_CENTIMETRES = {"cm": 1.0, "m": 100.0, "in": 2.54, "ft": 12 * 2.54}
_FAMILIES = (_DAYS, _KILOGRAMS, _CENTIMETRES)

_NAMES = {
    "hour": "h hr hrs hour hours",
    "day": "d day days",
    "week": "w wk wks week weeks",
    "fortnight": "fortnight fortnights",
    "month": "mo mos mth mths month months",
    "year": "y yr yrs year years yo y/o",
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

_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_NUMBER_BY_WORD = {word: str(number) for number, word in enumerate(_WORDS)}
_NUMBER_BY_WORD |= {"a": "1", "an": "1", "couple": "2", "few": "3"}
_BEFORE = re.compile(
    r"^(?:(?:about|around|roughly|approximately|over|more than|for|since|i'm|i am)\s+|~\s*)+",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"(?:\s+(?:old|ago|now|already|or so|of\s+age)|\s*[.!])+$", re.IGNORECASE)
_SOME = re.compile(r"^(?:a\s+)?(few|couple)\s+(?:of\s+)?", re.IGNORECASE)
_PHRASES = {"today": "0 days", "this morning": "0 days", "last night": "1 day", "yesterday": "1 day"}
_QUANTITY = re.compile(r"([+-]?\d{1,15}(?:[.,]\d{1,30})?)\s*([^\d\s]*)")
_TWO_MEANINGS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
"""1,000 is a thousand to some and one to others."""

_LONGEST = 100
"""How many characters a quantity may have."""

_DUST = 1e-9
"""What floating point may take away from a whole number."""


class QuantityError(ValueError):
    """The text is not one number with a unit that fits; the message says what to write."""


def units() -> tuple[str, ...]:
    """The units that a number question may have: day, week, month, year, kg, lb, ..., C, F, %."""
    return tuple(_NAMES)


def has_unit(text: str) -> bool:
    """Whether the text names a unit: "6 weeks" does, "6" and "about six" do not. True for what is no quantity."""
    try:
        return bool(_split(text, "day")[1])
    except QuantityError:
        return True


def parse_quantity(text: str, unit: str) -> float:
    """Read "47", "38,5", "about 6 weeks", "six weeks" or "101 F" as a number in `unit`.

    A number without a unit is taken to be in `unit` already. Raises QuantityError.
    """
    number, name = _split(text, unit)
    if not name or name == unit:
        return _tidy(number)
    given = _UNIT_BY_NAME.get(name.casefold())
    if given is None:
        raise QuantityError(f'unknown unit "{name}"; write for example "{_example(unit)}"')
    return _tidy(convert(number, given, unit))


def describe(value: float, unit: str) -> str:
    """A number with its unit in words: "1 day", "6 weeks" (for 42 days), "38.5 °C"."""
    if unit == "day" and value:
        larger = next((name for name in ("year", "week") if value % _DAYS[name] == 0), "day")
        value, unit = value / _DAYS[larger], larger
    shown = f"{value:.15g}"
    if unit in _DAYS:
        return f"{shown} {unit}" if value == 1 else f"{shown} {unit}s"
    return f"{shown}%" if unit == "%" else f"{shown} {'°' + unit if unit in 'CF' else unit}"


def _split(text: str, unit: str) -> tuple[float, str]:
    """Number and name of the unit, as written."""
    if len(text) > _LONGEST:
        raise QuantityError(f'write one number, for example "{_example(unit)}"')
    cleaned = _BEHIND.sub("", _BEFORE.sub("", " ".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())))
    if unit == "day":
        cleaned = _PHRASES.get(cleaned.casefold(), cleaned)
    cleaned = _SOME.sub(r"\1 ", cleaned)
    first, _, rest = cleaned.partition(" ")
    if rest or first.casefold() not in ("a", "an"):
        cleaned = f"{_NUMBER_BY_WORD.get(first.casefold(), first)} {rest}".strip()
    match = _QUANTITY.fullmatch(cleaned)
    if match is None:
        raise QuantityError(f'write one number, for example "{_example(unit)}"')
    if _TWO_MEANINGS.fullmatch(match[1]):
        raise QuantityError(f'"{match[1]}" can mean two numbers; write it without the comma')
    return float(match[1].replace(",", ".")), match[2]


def convert(number: float, given: str, wanted: str) -> float:
    """A number of one unit in another; raises QuantityError where they do not measure the same."""
    if given == wanted:
        return number
    if (given, wanted) == ("F", "C"):
        return (number - 32) * 5 / 9
    if (given, wanted) == ("C", "F"):
        return number * 9 / 5 + 32
    for family in _FAMILIES:
        if given in family and wanted in family:
            result = number * family[given] / family[wanted]
            return float(math.floor(result + _DUST)) if wanted in ("day", "year") else result
    raise QuantityError(f'"{given}" does not fit here; write for example "{_example(wanted)}"')


def _example(unit: str) -> str:
    return {"C": "38.5 C", "F": "101 F", "%": "5 %", "year": "47"}.get(unit, describe(6, unit))


def _tidy(number: float) -> float:
    """Whole numbers as int, others free of the dust of the conversion."""
    rounded = round(number, 6)
    return int(rounded) if rounded == int(rounded) else rounded
