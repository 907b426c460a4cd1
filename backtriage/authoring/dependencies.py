"""RuleSet -> which of its conditions the red flags rest on, and the legs that these are made of.

A leg is what a condition compares: a comparison on a question, or the name of a definition.
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


@dataclass(frozen=True, slots=True)
class Leg:
    """A leg of the condition of a part; `path` says which of the conditions at each level leads to it."""

    part: Part
    path: tuple[int, ...]
    condition: OneOf | Between | Defined


def list_conditions(rule_set: RuleSet) -> dict[Part, Condition | None]:
    """What every red flag says, and every definition and `ask_if` that it rests on; None for what is always asked.

    What only the wording of an advice rests on is left out: no case can tell it.
    """
    found: dict[Part, Condition | None] = {}
    waiting: list[Part] = [("red flag", name) for name in reversed(rule_set.red_flags)]
    while waiting:
        part = waiting.pop()
        if part not in found:
            found[part] = _condition(part, rule_set)
            waiting += reversed(list_needs(found[part]))
    return found


def find_dependents(rule_set: RuleSet) -> dict[Part, tuple[str, ...]]:
    """By part: the red flags that rest on it, itself among them if it is one."""
    direct = {part: list_needs(condition) for part, condition in list_conditions(rule_set).items()}
    found: dict[Part, list[str]] = {part: [] for part in direct}
    for name in rule_set.red_flags:
        for part in _closure(("red flag", name), direct):
            found[part].append(name)
    return {part: tuple(flags) for part, flags in found.items()}


def list_needs(condition: Condition | None) -> list[Part]:
    """The questions and definitions that a condition names, in order."""
    named = (leg for _, leg in list_legs(condition)) if condition else ()
    return list(dict.fromkeys(_named(leg) for leg in named))


def list_legs(
    condition: Condition, path: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[int, ...], OneOf | Between | Defined]]:
    """The legs of a condition, each with its path."""
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


def _condition(part: Part, rule_set: RuleSet) -> Condition | None:
    sort, name = part
    if sort == "red flag":
        return rule_set.red_flags[name].when
    return rule_set.definitions[name] if sort == "definition" else rule_set.questions[name].ask_if


def _named(leg: OneOf | Between | Defined) -> Part:
    return (
        ("definition", leg.definition) if isinstance(leg, Defined) else ("question", leg.question)
    )


def _closure(part: Part, direct: Mapping[Part, list[Part]]) -> set[Part]:
    found: set[Part] = set()
    waiting = [part]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += direct[name]
    return found
