"""How conditions name one another: not in a circle, not too deep, not too large, and never a later question."""

from collections.abc import Mapping
from typing import assert_never

from backtriage.conditions import list_comparisons, list_names
from backtriage.errors import Issue, shorten
from backtriage.loader.drafts import Draft
from backtriage.loader.fitting import get_child
from backtriage.loader.yaml_nodes import Place
from backtriage.model import (
    AllOf,
    AnyOf,
    Area,
    AtLeast,
    Between,
    Condition,
    Defined,
    Not,
    OneOf,
    YesNo,
)

MOST_STEPS = 10
"""How many definitions may be named one inside the other, or questions wait for one another."""

MOST_COMPARISONS = 1000
"""To how many comparisons a condition may grow when its definitions, and each `ask_if`, are written out."""


def check_circles(draft: Draft, areas: tuple[Area, ...], issues: list[Issue]) -> None:
    """No definition may need itself, no `ask_if` may wait for its own question, and neither in too many steps."""
    needs = {name: list_names(condition) for name, condition in _conditions_by_name(areas).items()}
    places = _places(draft)
    waiting = _waiting(needs)
    circles = _circles(waiting)
    for circle in circles:
        way = shorten(" -> ".join([*circle, circle[0]]), 200)
        issues.append(
            places[circle[0]].build_issue("circular", f"this goes round in a circle: {way}")
        )
    if waiting and not circles:
        message = f"this needs other questions or definitions, and these others, in more than {MOST_STEPS} steps"
        issues.append(places[next(iter(waiting))].build_issue("too-deep", message))


def check_sizes(draft: Draft, areas: tuple[Area, ...], issues: list[Issue]) -> None:
    """Definitions that name others twice and more can grow beyond all bounds when they are written out.

    Told of the first condition that is too large, not of those that name it.
    """
    named = _conditions_by_name(areas)
    sizes: dict[str, int] = {}
    for _ in range(
        MOST_STEPS + 1
    ):  # by then every size is right, since nothing is named in more steps
        sizes = {name: _size(condition, sizes) for name, condition in named.items()}
    flags = {
        f"when {flag.id}": flag.when for area in areas for flag in area.red_flags
    }  # no name has a space in it
    places = _places(draft)
    for name, condition in (named | flags).items():
        size = _size(condition, sizes)
        if size > MOST_COMPARISONS and all(
            sizes.get(other, 0) <= MOST_COMPARISONS for other in list_names(condition)
        ):
            message = f"this grows to {size:,} comparisons with its definitions written out; {MOST_COMPARISONS:,} may be"
            issues.append(places[name].build_issue("too-large", message))


def _places(draft: Draft) -> dict[str, Place]:
    """Where each condition stands: of definitions, of questions by their id, of red flags behind "when "."""
    places: dict[str, Place] = {}
    for area in draft.areas:
        places |= {
            shape.id: (get_child(node, "ask_if") or node).place for node, shape in area.questions
        }
        places |= {name: place for name, place, _ in area.list_definitions()}
        places |= {
            f"when {shape.id}": (get_child(node, "when") or node).place
            for node, shape in area.red_flags
        }
    return places


def _conditions_by_name(areas: tuple[Area, ...]) -> dict[str, Condition]:
    """When each question is asked, and what each definition says; they share their names."""
    named: dict[str, Condition] = {}
    for area in areas:
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


def check_order(draft: Draft, areas: tuple[Area, ...], issues: list[Issue]) -> None:
    """An `ask_if` may only wait for questions asked before: a later answer must not unmake one that was given."""
    definitions = {
        name: condition for area in areas for name, condition in area.definitions.items()
    }
    places = {
        shape.id: get_child(node, "ask_if")
        for found in draft.areas
        for node, shape in found.questions
    }
    asked: set[str] = set()
    asked_before_list: dict[str, set[str]] = {}
    for question in (question for area in areas for question in area.questions):
        name = question.list if isinstance(question, YesNo) else None
        before = (
            asked_before_list.setdefault(name, set(asked)) if name else asked
        )  # a list is asked at its first item
        later = (
            {atom.question for atom in list_comparisons(question.ask_if, definitions)} - before
            if question.ask_if
            else set()
        )
        place = places[question.id]
        if later and place is not None:
            message = f"this waits for a question that is asked later: {', '.join(sorted(later))}"
            issues.append(
                place.place.build_issue("waits-for-later", message, "move it behind that question")
            )
        asked.add(question.id)


def _waiting(needs: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """What cannot be reached in a few steps from that which needs nothing, and what it waits for."""
    waiting = {name: others & needs.keys() for name, others in needs.items()}
    for _ in range(MOST_STEPS):
        waiting = {
            name: others & waiting.keys()
            for name, others in waiting.items()
            if others & waiting.keys()
        }
    return {name: others & waiting.keys() for name, others in waiting.items()}


def _circles(waiting: Mapping[str, set[str]]) -> list[list[str]]:
    """Names on a circle, in order: walk from each name to one that it waits for until a name comes again."""
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
