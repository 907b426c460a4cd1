"""Condition -> the same with one small mistake in it, in each way that the loader would accept."""

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
"""Conditions that stand side by side in a group: in an all, an any, or an at_least."""

_Spot: TypeAlias = tuple[int, ...]
"""Where a condition stands in several: its place, or that of its group and its own in the group."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A condition with one mistake in it; `change` says in words what became of what."""

    kind: EditKind
    change: str
    condition: Condition


def list_edits(condition: Condition, rule_set: RuleSet) -> Iterator[Edit]:
    """Every mistake; two of them may come to the same condition."""
    match condition:
        case OneOf() | Between():
            yield from _change_comparison(condition, rule_set)
            yield _became("leg negated", condition, negate(condition, rule_set), rule_set)
        case Defined():
            yield _became("leg negated", condition, Not(condition), rule_set)
        case Not(of):
            change = f"the not was removed from {write_condition(condition, rule_set)}"
            yield Edit("not removed", change, of)
            for edit in list_edits(of, rule_set):
                yield replace(edit, condition=negate(edit.condition, rule_set))
        case AllOf(of):
            change = f"all became any in {write_condition(condition, rule_set)}"
            yield Edit("all or any", change, _join(AnyOf, of))
            yield from _change_inside(of, partial(_join, AllOf), rule_set)
        case AnyOf(of):
            change = f"any became all in {write_condition(condition, rule_set)}"
            yield Edit("all or any", change, _join(AllOf, of))
            yield from _change_inside(of, partial(_join, AnyOf), rule_set)
        case AtLeast(count, of):
            yield from _change_count(condition, rule_set)
            yield from _change_inside(of, partial(AtLeast, count), rule_set, least=count)
        case _:
            assert_never(condition)


def negate(condition: Condition, rule_set: RuleSet) -> Condition:
    """The opposite, written as simply as can be: yes for no, and no `not` within a `not`."""
    if isinstance(condition, Not):
        return condition.of
    if isinstance(condition, OneOf) and isinstance(rule_set.questions[condition.question], YesNo):
        return OneOf(condition.question, ("no",) if "yes" in condition.values else ("yes",))
    return Not(condition)


def _change_comparison(comparison: OneOf | Between, rule_set: RuleSet) -> Iterator[Edit]:
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
    moved: list[Between] = []
    if at_least is not None:
        moved += [replace(comparison, at_least=bound) for bound in _next_to(at_least, question)]
    if below is not None:
        moved += [replace(comparison, below=bound) for bound in _next_to(below, question)]
    yield from (("threshold", other) for other in moved if _is_accepted(other, question))
    if at_least is not None and below is not None:
        halves = (replace(comparison, at_least=None), replace(comparison, below=None))
        yield from (("leg dropped", half) for half in halves if _is_accepted(half, question))


def _next_to(bound: float, question: Number) -> tuple[float, float]:
    """The bound one step lower and one higher: what people tell apart, and so may get wrong."""
    step: float = 0.1 if question.unit in ("C", "F") else 1
    return round(bound - step, 6), round(bound + step, 6)  # 37.7 + 0.1 is 37.800000000000004


def _is_accepted(comparison: Between, question: Number) -> bool:
    """Whether the loader takes it: within the range, neither always nor never true."""
    at_least, below = comparison.at_least, comparison.below
    bounds = [bound for bound in (at_least, below) if bound is not None]
    in_range = all(question.minimum <= bound <= question.maximum for bound in bounds)
    is_empty = at_least is not None and below is not None and at_least >= below
    never_holds = is_empty or below == question.minimum
    always_holds = at_least == question.minimum and below is None
    return in_range and not never_holds and not always_holds


def _change_count(condition: AtLeast, rule_set: RuleSet) -> Iterator[Edit]:
    for count in (condition.count - 1, condition.count + 1):
        if 1 <= count <= len(condition.of):
            written = write_condition(condition, rule_set)
            change = f"count {condition.count} became {count} in {written}"
            yield Edit("count", change, AtLeast(count, condition.of))


def _change_inside(
    group: Several, build: Callable[[Several], Condition], rule_set: RuleSet, least: int = 1
) -> Iterator[Edit]:
    """Each of the conditions dropped, as long as `least` remain, or with a mistake in it.

    `build` makes a group of them again.
    """
    for place, part in enumerate(group):
        before, after = group[:place], group[place + 1 :]
        if len(group) > least:
            change = f"{write_condition(part, rule_set)} was dropped"
            yield Edit("leg dropped", change, build(before + after))
        for edit in list_edits(part, rule_set):
            yield replace(edit, condition=build((*before, edit.condition, *after)))
    yield from _swap(group, build, rule_set)


def _swap(
    group: Several, build: Callable[[Several], Condition], rule_set: RuleSet
) -> Iterator[Edit]:
    """Two legs changed places, each into the group of the other.

    Within one group their order means nothing.
    """
    spots: list[_Spot] = []
    for place, part in enumerate(group):
        spots += [(place,), *_list_inner_spots(place, part)]
    for here, there in combinations(spots, 2):
        both_on_top = len(here) == len(there) == 1
        if here[0] != there[0] and not both_on_top:
            first, second = _get(group, here), _get(group, there)
            words = (write_condition(leg, rule_set) for leg in (first, second))
            change = f"{' and '.join(words)} changed places"
            swapped = _put(_put(group, here, second), there, first)
            yield Edit("legs swapped", change, build(swapped))


def _list_inner_spots(place: int, part: Condition) -> list[_Spot]:
    """Those of a group that stands at this place; none if it is no group."""
    if not isinstance(part, AllOf | AnyOf | AtLeast):
        return []
    return [(place, inner) for inner in range(len(part.of))]


def _get(group: Several, spot: _Spot) -> Condition:
    place, *inner = spot
    part = group[place]
    if inner and isinstance(part, AllOf | AnyOf | AtLeast):
        return part.of[inner[0]]
    return part


def _put(group: Several, spot: _Spot, leg: Condition) -> Several:
    """The conditions with another one at this spot."""
    place, *inner = spot
    part = group[place]
    if inner and isinstance(part, AllOf | AnyOf | AtLeast):
        leg = replace(part, of=_put(part.of, tuple(inner), leg))
    return (*group[:place], leg, *group[place + 1 :])


def _join(kind: type[AllOf] | type[AnyOf], group: Several) -> Condition:
    """All or any of the conditions; of one alone that is the condition itself."""
    return group[0] if len(group) == 1 else kind(group)


def _became(kind: EditKind, before: Condition, after: Condition, rule_set: RuleSet) -> Edit:
    change = f"{write_condition(before, rule_set)} became {write_condition(after, rule_set)}"
    return Edit(kind, change, after)
