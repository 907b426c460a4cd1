"""RuleSet -> what depends on what: the conditions that the red flags rest on, and their legs.

A *leg* is what a condition compares: a comparison on a question, or the name of a definition. A red
flag *rests on* the questions and definitions that its condition names, on those that these name in
turn, and so on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from backtriage.loader.authored import Part
from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Condition,
    Defined,
    Not,
    OneOf,
    RuleSet,
)

LegPath = tuple[int, ...]
"""The way to a leg from the top of a condition: its place, from 0, at each level."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg of the condition of a part, and the path to it."""

    part: Part
    path: LegPath
    condition: OneOf | Between | Defined


def list_conditions(rule_set: RuleSet) -> dict[Part, Condition | None]:
    """What every red flag says, and every definition and `ask_if` that it rests on, by part.

    None for a question that is always asked. What only the wording of an advice rests on is left
    out: no case can tell it.
    """
    conditions: dict[Part, Condition | None] = {}
    waiting: list[Part] = [("red flag", name) for name in reversed(rule_set.red_flags)]
    while waiting:
        part = waiting.pop()
        if part not in conditions:
            conditions[part] = _get_condition(part, rule_set)
            waiting += reversed(list_needs(conditions[part]))
    return conditions


def find_dependents(rule_set: RuleSet) -> dict[Part, tuple[str, ...]]:
    """By part: the ids of the red flags that rest on it, itself among them if it is one."""
    needs = {part: list_needs(condition) for part, condition in list_conditions(rule_set).items()}
    flags_by_part: dict[Part, list[str]] = {part: [] for part in needs}
    for name in rule_set.red_flags:
        for part in _find_all_needs(("red flag", name), needs):
            flags_by_part[part].append(name)
    return {part: tuple(flags) for part, flags in flags_by_part.items()}


def list_needs(condition: Condition | None) -> list[Part]:
    """The questions and definitions that a condition names, in order."""
    legs = (leg for _, leg in list_legs(condition)) if condition else ()
    return list(dict.fromkeys(map(_get_named, legs)))


def list_legs(
    condition: Condition, path: LegPath = ()
) -> Iterator[tuple[LegPath, OneOf | Between | Defined]]:
    """The legs of a condition that stands at a path, each with its own path."""
    match condition:
        case OneOf() | Between() | Defined():
            yield path, condition
        case Not(of):
            yield from list_legs(of, (*path, 0))
        case AllOf(of) | AnyOf(of) | AtLeast(_, of):
            for place, part in enumerate(of):
                yield from list_legs(part, (*path, place))
        case _:
            assert_never(condition)


def _get_condition(part: Part, rule_set: RuleSet) -> Condition | None:
    sort, name = part
    if sort == "red flag":
        return rule_set.red_flags[name].when
    if sort == "definition":
        return rule_set.definitions[name]
    return rule_set.questions[name].ask_if


def _get_named(leg: OneOf | Between | Defined) -> Part:
    if isinstance(leg, Defined):
        return "definition", leg.definition
    return "question", leg.question


def _find_all_needs(part: Part, needs: Mapping[Part, list[Part]]) -> set[Part]:
    """The part and all that it rests on."""
    reached: set[Part] = set()
    waiting = [part]
    while waiting:
        part = waiting.pop()
        if part not in reached:
            reached.add(part)
            waiting += needs[part]
    return reached
