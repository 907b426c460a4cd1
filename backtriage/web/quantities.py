"""Numbers on the page: how a quantity is told, and what the page takes where one is typed."""

import re
from collections.abc import Mapping
from typing import Any

from backtriage.language import get_language
from backtriage.model import Number, RuleSet
from backtriage.unit_sizes import FAMILIES
from backtriage.units import describe_quantity, list_affixes, list_unit_names, tell_unit

Data = dict[str, Any]

_TYPED = ("hour", "day", "week", "month", "year", "kg", "lb", "st", "cm", "m", "in", "ft")
"""The units that somebody may choose where a number is typed, as far as they fit."""
_ALSO_TYPED = ("fortnight",)
_EXAMPLE = 23
"""A number that is told as it would be typed: 23 days are no weeks."""


def list_typed(unit: str) -> list[Data]:
    """The units in which a number may be typed.

    A number becomes `(number - minus) * times / per + plus`, in the order of `units.convert`.
    """
    if unit in ("C", "F"):
        from_f = {**_name_unit("F"), "minus": 32, "times": 5, "per": 9, "plus": 0}
        from_c = {**_name_unit("C"), "minus": 0, "times": 9, "per": 5, "plus": 32}
        return [from_c, from_f] if unit == "C" else [from_f, from_c]
    family = _find_family(unit)
    offered = [name for name in _TYPED if name in family]
    return [
        _scale(name, unit, family) for name in (offered if unit in offered else [unit, *offered])
    ]


def list_understood(unit: str) -> list[Data]:
    """The units that nobody is offered, but that may be typed as well."""
    family = _find_family(unit)
    return [_scale(name, unit, family) for name in _ALSO_TYPED if name in family]


def _find_family(unit: str) -> Mapping[str, float]:
    """The units that measure the same, and how large each is."""
    # an age is asked in years, and nobody gives one in weeks
    family = None if unit == "year" else next((one for one in FAMILIES if unit in one), None)
    return family or {unit: 1}


def _scale(name: str, unit: str, family: Mapping[str, float]) -> Data:
    return {**_name_unit(name), "minus": 0, "times": family[name], "per": family[unit], "plus": 0}


def describe_example(question: Number) -> str:
    """What could be typed."""
    number = min(max(question.minimum, _EXAMPLE), question.maximum)
    return describe_quantity(number, question.unit)


def _name_unit(unit: str) -> Data:
    """A unit, as it stands behind a number ("days", "kg"), and as people write it."""
    return {"unit": unit, "label": tell_unit(unit), "names": list(list_unit_names(unit))}


def build_quantities(rule_set: RuleSet) -> dict[str, list[str]]:
    """By unit: how it is told, by the plural forms of the language."""
    used = {question.unit for question in rule_set.questions.values() if question.kind == "number"}
    samples = {"day": 1, "week": 7, "year": 365}
    quantities = {}
    for unit in sorted(used | ({"week", "year"} if "day" in used else set())):
        size, base = (samples[unit], "day") if unit in samples and "day" in used else (1, unit)
        own = get_language().quantities.get(unit)
        one, many = (describe_quantity(size * number, base) for number in (1, 2))
        english = [one.replace("1", "{number}", 1), many.replace("2", "{number}", 1)]
        quantities[unit] = list(own) if own else english * (int(max(get_language().forms)) + 1)
    return quantities


def list_joining() -> dict[str, str]:
    """The English word for what stands before, between and behind numbers in the language."""
    before, behind = map(re.compile, list_affixes())
    return {
        own: word
        for own, word in get_language().typed.items()
        if word == "and" or before.fullmatch(f"{word} ") or behind.fullmatch(f" {word}")
    }
