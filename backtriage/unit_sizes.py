"""How large units of time, weight and length are beside each other, and how a unit is told."""

DAYS = {
    "minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "fortnight": 14.0,
    "month": 365 / 12, "year": 365.0,
}  # fmt: skip
KILOGRAMS = {"kg": 1.0, "lb": 0.45359237, "st": 14 * 0.45359237}
CENTIMETRES = {"cm": 1.0, "m": 100.0, "in": 2.54, "ft": 12 * 2.54}
FAMILIES = (DAYS, KILOGRAMS, CENTIMETRES)

COUNTED_WHOLE = ("day", "year")
"""Converted numbers of these are rounded down, because nobody counts finer."""

DUST = 1e-9
"""What floating point may take away from a whole number."""


def find_factor(given: str, wanted: str) -> float | None:
    """How many of one unit one of another is; None where no factor turns one into the other."""
    for family in FAMILIES:
        if given in family and wanted in family:
            return family[given] / family[wanted]
    return None


def describe_unit(unit: str) -> str:
    """A unit as it stands behind a number other than one: "days", "kg", "°C"."""
    if unit in DAYS:
        return f"{unit}s"
    return f"°{unit}" if unit in ("C", "F") else unit
