"""Condition -> the same with one small mistake in it, in every way that the loader would still accept."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from typing import Literal, TypeAlias, assert_never

from backtriage.loader.condition_writer import write_condition
from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Choice,
    Condition,
    Defined,
    Not,
    Number,
    OneOf,
    RuleSet,
    YesNo,
)

EditKind = Literal[
    "threshold",
    "value",
    "leg dropped",
    "leg negated",
    "legs swapped",
    "all or any",
    "count",
    "not removed",
]
"""What kind of mistake is in a condition."""

Several: TypeAlias = tuple[Condition, ...]

_Spot: TypeAlias = tuple[int, ...]
"""Where a condition stands in several: its place, or the place of its group and its own there."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A condition with one mistake in it; `change` says in words what became of the place where it is."""

    kind: EditKind
    change: str
    condition: Condition


def list_edits(condition: Condition, rule_set: RuleSet) -> Iterator[Edit]:
    """Every mistake; two of them may come to the same condition."""
    match condition:
        case OneOf() | Between():
            yield from _comparisons(condition, rule_set)
            yield _became("leg negated", condition, negate(condition, rule_set), rule_set)
        case Defined():
            yield _became("leg negated", condition, Not(condition), rule_set)
        case Not(of):
            yield Edit(
                "not removed",
                f"the not was removed from {write_condition(condition, rule_set)}",
                of,
            )
            for edit in list_edits(of, rule_set):
                yield replace(edit, condition=negate(edit.condition, rule_set))
        case AllOf(of):
            yield Edit(
                "all or any",
                f"all became any in {write_condition(condition, rule_set)}",
                _joined(AnyOf, of),
            )
            yield from _within(of, partial(_joined, AllOf), rule_set)
        case AnyOf(of):
            yield Edit(
                "all or any",
                f"any became all in {write_condition(condition, rule_set)}",
                _joined(AllOf, of),
            )
            yield from _within(of, partial(_joined, AnyOf), rule_set)
        case AtLeast(count, of):
            yield from _counts(condition, rule_set)
            yield from _within(of, partial(AtLeast, count), rule_set, least=count)
        case _:
            assert_never(condition)


def negate(condition: Condition, rule_set: RuleSet) -> Condition:
    """The opposite, written as simply as can be: yes for no, and no `not` within a `not`."""
    if isinstance(condition, Not):
        return condition.of
    if isinstance(condition, OneOf) and isinstance(rule_set.questions[condition.question], YesNo):
        return OneOf(condition.question, ("no",) if "yes" in condition.values else ("yes",))
    return Not(condition)


def _comparisons(comparison: OneOf | Between, rule_set: RuleSet) -> Iterator[Edit]:
    """The comparison with other values or bounds."""
    question = rule_set.questions[comparison.question]
    others: Iterator[tuple[EditKind, Condition]] = iter(())
    if isinstance(comparison, OneOf) and isinstance(question, YesNo):
        others = iter([("value", negate(comparison, rule_set))])
    elif isinstance(comparison, OneOf) and isinstance(question, Choice):
        others = (("value", other) for other in _other_values(comparison, question))
    elif isinstance(comparison, Between) and isinstance(question, Number):
        others = _other_bounds(comparison, question)
    for kind, other in others:
        yield _became(kind, comparison, other, rule_set)


def _other_values(comparison: OneOf, question: Choice) -> Iterator[OneOf]:
    """One option more, or one less; neither all of them nor none."""
    options = [option.id for option in question.options]
    for changed in options:
        values = tuple(
            option for option in options if (option in comparison.values) is not (option == changed)
        )
        if 0 < len(values) < len(options):
            yield OneOf(comparison.question, values)


def _other_bounds(comparison: Between, question: Number) -> Iterator[tuple[EditKind, Between]]:
    """A bound one step lower or higher, or one of two left out."""
    at_least, below = comparison.at_least, comparison.below
    found: list[tuple[EditKind, Between]] = []
    if at_least is not None:
        found += [
            ("threshold", replace(comparison, at_least=other))
            for other in _next_to(at_least, question)
        ]
    if below is not None:
        found += [
            ("threshold", replace(comparison, below=other)) for other in _next_to(below, question)
        ]
    if at_least is not None and below is not None:
        found += [
            ("leg dropped", replace(comparison, at_least=None)),
            ("leg dropped", replace(comparison, below=None)),
        ]
    yield from ((kind, other) for kind, other in found if _is_accepted(other, question))


def _next_to(bound: float, question: Number) -> tuple[float, float]:
    """The bound one step lower and one step higher: what people tell apart, and so may get wrong."""
    step: float = 0.1 if question.unit in ("C", "F") else 1
    return round(bound - step, 6), round(bound + step, 6)


def _is_accepted(comparison: Between, question: Number) -> bool:
    """Whether the loader takes it: within the range, neither always nor never true."""
    at_least, below = comparison.at_least, comparison.below
    bounds = [bound for bound in (at_least, below) if bound is not None]
    in_range = all(question.minimum <= bound <= question.maximum for bound in bounds)
    can_hold = below != question.minimum and (at_least is None or below is None or at_least < below)
    return in_range and can_hold and (at_least != question.minimum or below is not None)


def _counts(condition: AtLeast, rule_set: RuleSet) -> Iterator[Edit]:
    for count in (condition.count - 1, condition.count + 1):
        if 1 <= count <= len(condition.of):
            change = (
                f"count {condition.count} became {count} in {write_condition(condition, rule_set)}"
            )
            yield Edit("count", change, AtLeast(count, condition.of))


def _within(
    of: Several, build: Callable[[Several], Condition], rule_set: RuleSet, least: int = 1
) -> Iterator[Edit]:
    """Each of the conditions dropped, as long as `least` remain, or with a mistake in it."""
    for place, part in enumerate(of):
        before, after = of[:place], of[place + 1 :]
        if len(of) > least:
            yield Edit(
                "leg dropped",
                f"{write_condition(part, rule_set)} was dropped",
                build(before + after),
            )
        for edit in list_edits(part, rule_set):
            yield replace(edit, condition=build((*before, edit.condition, *after)))
    yield from _swaps(of, build, rule_set)


def _swaps(of: Several, build: Callable[[Several], Condition], rule_set: RuleSet) -> Iterator[Edit]:
    """Two legs changed places, each into the group of the other; among themselves their order means nothing."""
    spots = [spot for place, part in enumerate(of) for spot in ((place,), *_inside(place, part))]
    for one, other in combinations(spots, 2):
        if one[0] != other[0] and len(one) + len(other) > 2:
            first, second = _at(of, one), _at(of, other)
            change = f"{write_condition(first, rule_set)} and {write_condition(second, rule_set)} changed places"
            yield Edit("legs swapped", change, build(_put(_put(of, one, second), other, first)))


def _inside(place: int, part: Condition) -> list[_Spot]:
    return (
        [(place, inner) for inner in range(len(part.of))]
        if isinstance(part, AllOf | AnyOf | AtLeast)
        else []
    )


def _at(of: Several, spot: _Spot) -> Condition:
    part = of[spot[0]]
    return part.of[spot[1]] if len(spot) > 1 and isinstance(part, AllOf | AnyOf | AtLeast) else part


def _put(of: Several, spot: _Spot, leg: Condition) -> Several:
    place, *inner = spot
    part = of[place]
    if inner and isinstance(part, AllOf | AnyOf | AtLeast):
        leg = replace(part, of=_put(part.of, tuple(inner), leg))
    return (*of[:place], leg, *of[place + 1 :])


def _joined(kind: type[AllOf] | type[AnyOf], of: Several) -> Condition:
    """All or any of the conditions; of one alone that is the condition itself."""
    return of[0] if len(of) == 1 else kind(of)


def _became(kind: EditKind, before: Condition, after: Condition, rule_set: RuleSet) -> Edit:
    return Edit(
        kind,
        f"{write_condition(before, rule_set)} became {write_condition(after, rule_set)}",
        after,
    )
