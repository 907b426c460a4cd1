"""Units of numbers as UCUM codes, which FHIR asks for."""

from backtriage.units import convert

UCUM = "http://unitsofmeasure.org"

CODES = {
    "hour": "h", "day": "d", "week": "wk", "fortnight": "14.d", "month": "mo", "year": "a",
    "kg": "kg", "lb": "[lb_av]", "st": "[stone_av]",
    "cm": "cm", "m": "m", "in": "[in_i]", "ft": "[ft_i]",
    "C": "Cel", "F": "[degF]", "%": "%",
}  # fmt: skip
"""The code of each unit that a question may have."""

_ALSO = {
    "day": ("week", "month", "year"),
    "kg": ("lb",), "lb": ("kg",),
    "cm": ("in",), "in": ("cm",),
    "C": ("F",), "F": ("C",),
}  # fmt: skip
"""In which other units people give a number: the more of them, the less they have to reckon."""


def list_given_units(unit: str) -> tuple[str, ...]:
    """The units in which a form takes a number; that of the question comes first."""
    return (unit, *_ALSO.get(unit, ()))


def convert_given(number: float, given: str, wanted: str) -> float:
    """A number in the unit of the question, without what floating point leaves behind."""
    return number if given == wanted else round(convert(number, given, wanted), 6)
