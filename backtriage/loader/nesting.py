"""(Draft, Rules) -> what is wrong in how conditions name one another.

Not in a circle, not too deep, and not too large.
"""

from collections.abc import Mapping
from typing import assert_never

from backtriage.condition_parts import list_names
from backtriage.errors import Issue, shorten
from backtriage.loader.drafts import Draft
from backtriage.loader.yaml_nodes import Place, get_place
from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Condition,
    Defined,
    Not,
    OneOf,
    Rules,
)

MOST_STEPS = 10
"""How many definitions may be named one inside the other, or questions wait for one another."""

MOST_COMPARISONS = 1000
"""To how many comparisons a condition may grow, its definitions and each `ask_if` written out."""


def check_circles(draft: Draft, rules: Rules, issues: list[Issue]) -> None:
    """No definition may need itself, and no `ask_if` wait for its own question.

    Nor may they need others in more than `MOST_STEPS` steps.
    """
    needs = {name: list_names(condition) for name, condition in _conditions_by_name(rules).items()}
    places = _places(draft)
    waiting = _waiting(needs)
    circles = _circles(waiting)
    for circle in circles:
        way = shorten(" -> ".join([*circle, circle[0]]), 200)
        message = f"this goes round in a circle: {way}"
        issues.append(places[circle[0]].build_issue("circular", message))
    if waiting and not circles:
        message = (
            "this needs other questions or definitions, and these others, "
            f"in more than {MOST_STEPS} steps"
        )
        issues.append(places[next(iter(waiting))].build_issue("too-deep", message))


def check_sizes(draft: Draft, rules: Rules, issues: list[Issue]) -> None:
    """No condition may grow to more than `MOST_COMPARISONS` when all is written out.

    Definitions that name others twice and more can grow beyond all bounds. Told of the first
    condition that is too large, not of those that name it.
    """
    named = _conditions_by_name(rules)
    sizes: dict[str, int] = {}
    # as many rounds as it may take steps: then every size is right
    for _ in range(MOST_STEPS + 1):
        sizes = {name: _size(condition, sizes) for name, condition in named.items()}
    # no name has a space in it, so these are none of the others
    flags = {f"when {flag.id}": flag.when for flag in rules.red_flags.values()}
    places = _places(draft)
    for name, condition in (named | flags).items():
        size = _size(condition, sizes)
        largest_named = max((sizes.get(other, 0) for other in list_names(condition)), default=0)
        if largest_named <= MOST_COMPARISONS < size:
            message = (
                f"this grows to {size:,} comparisons with its definitions written out; "
                f"{MOST_COMPARISONS:,} may be"
            )
            issues.append(places[name].build_issue("too-large", message))


def _places(draft: Draft) -> dict[str, Place]:
    """Where each condition stands.

    By the name of the definition, by the id of the question that waits for it, or for that of a red
    flag by "when " and the id.
    """
    places: dict[str, Place] = {}
    for area in draft.areas:
        places |= {shape.id: get_place(node, "ask_if") for node, shape in area.questions}
        places |= {name: place for name, place, _ in area.list_definitions()}
        places |= {f"when {shape.id}": get_place(node, "when") for node, shape in area.red_flags}
    return places


def _conditions_by_name(rules: Rules) -> dict[str, Condition]:
    """When each question is asked, and what each definition says; they share their names."""
    named: dict[str, Condition] = {}
    for area in rules.areas:
        named |= {question.id: question.ask_if for question in area.questions if question.ask_if}
        named |= area.definitions
    return named


def _size(condition: Condition, sizes: Mapping[str, int]) -> int:
    """The number of comparisons, those counted in that the names in it stand for."""
    match condition:
        case OneOf(name) | Between(name):
            return 1 + sizes.get(name, 0)
        case Defined(name):
            return sizes.get(name, 0)
        case Not(of):
            return _size(of, sizes)
        case AllOf(of) | AnyOf(of) | AtLeast(_, of):
            return sum(_size(part, sizes) for part in of)
        case _:
            assert_never(condition)


def _waiting(needs: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """What cannot be reached in a few steps from what needs nothing, and what it waits for."""
    waiting = {name: others & needs.keys() for name, others in needs.items()}
    for _ in range(MOST_STEPS):
        left = {name: others & waiting.keys() for name, others in waiting.items()}
        waiting = {name: others for name, others in left.items() if others}
    return {name: others & waiting.keys() for name, others in waiting.items()}


def _circles(waiting: Mapping[str, set[str]]) -> list[list[str]]:
    """The names on each circle, in order.

    Walks from each name to one that it waits for, until a name comes again.
    """
    circles: list[list[str]] = []
    seen: set[str] = set()
    for name in waiting:
        path: list[str] = []
        while name not in seen and waiting[name]:
            seen.add(name)
            path.append(name)
            name = min(waiting[name])
        if name in path:
            circles.append(path[path.index(name) :])
    return circles
