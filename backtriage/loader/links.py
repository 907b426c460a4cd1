"""What only makes sense across the parts of a rule set: ids given once, names that exist, no circles."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import assert_never

from backtriage.conditions import atoms
from backtriage.errors import Issue, did_you_mean, shorten
from backtriage.loader.check import child, children, id_of
from backtriage.loader.condition_parser import RESERVED
from backtriage.loader.drafts import AreaDraft, Draft
from backtriage.loader.shapes import ID_PATTERN, SourceShape, YesNoShape
from backtriage.loader.yaml_nodes import Leaf, Node, Place
from backtriage.loader.yaml_nodes import Mapping as MappingNode
from backtriage.model import AllOf, AnyOf, Area, AtLeast, Between, Condition, Defined, Not, OneOf

MOST_STEPS = 10
"""How many definitions may be named one inside the other, or questions wait for one another."""


def check_ids(draft: Draft, issues: list[Issue]) -> None:
    """No id twice, and none that is a word of the language. Questions and definitions share their names."""
    given: list[tuple[str, str, Place]] = []
    for area in draft.areas:
        for section, sort in (("questions", "question"), ("red_flags", "red flag"), ("lists", "list")):
            given += [(sort, name, place) for name, place in ids(area.parts(section))]
        given += [("question", name, place) for name, place, _ in area.definitions()]
    first: dict[tuple[str, str], Place] = {}
    for sort, name, place in given:
        if sort == "question" and name in RESERVED:
            issues.append(place.issue("reserved-id", f'"{name}" is a word of the rule language'))
        if (sort, name) in first:
            where = first[sort, name]
            kind = "question or definition" if sort == "question" else sort
            message = f'there is a {kind} "{name}" already, in {Path(where.file).name}:{where.line}'
            issues.append(place.issue("duplicate-id", message))
            if sort == "question":  # the name that it should have is not known
                draft.doubtful.add(Path(place.file).stem)
        first.setdefault((sort, name), place)


def ids(parts: Iterable[Node]) -> list[tuple[str, Place]]:
    """The ids that the parts of a section give themselves, each with its place."""
    nodes = [node for part in parts if (node := child(part, "id")) is not None]
    return [(name, node.place) for node in nodes if (name := id_of(node)) is not None]


def check_names(draft: Draft, issues: list[Issue]) -> None:
    """Every source, suspicion and list that is named must exist; every source must be one that can be found."""
    sources, suspicions = _names_in(draft, "sources", "sources"), _names_in(draft, "ruleset", "suspicions")
    for area in draft.areas:
        for flag in area.parts("red_flags"):
            for item in children(child(flag, "sources")):
                _check_name("source", item, sources, issues)
            _check_name("suspicion", child(flag, "suspect"), suspicions, issues)
        _check_lists(area, issues)
    _check_findable(draft, issues)


def _names_in(draft: Draft, file: str, section: str) -> list[str] | None:
    """The names that a section of a file gives; None if they are not all known."""
    node = child(draft.nodes[file], section) if file in draft.nodes and file not in draft.doubtful else None
    known = isinstance(node, MappingNode) and all(re.fullmatch(ID_PATTERN, name) for name in node.entries)
    return list(node.entries) if isinstance(node, MappingNode) and known else None


def _check_name(sort: str, node: Node | None, known: list[str] | None, issues: list[Issue]) -> None:
    name = id_of(node)
    if node is not None and name is not None and known is not None and name not in known:
        issues.append(node.place.issue(f"unknown-{sort}", f'there is no {sort} "{name}"', did_you_mean(name, known)))


def _check_lists(area: AreaDraft, issues: list[Issue]) -> None:
    lists = dict(ids(area.parts("lists")))
    if not area.sound or len(lists) < len(area.parts("lists")):
        return
    before, members = len(issues), []
    for node, shape in area.questions:
        if isinstance(shape, YesNoShape) and shape.list is not None:
            members.append(shape.list)
            _check_name("list", child(node, "list"), list(lists), issues)
    if len(issues) > before or len(area.questions) < len(area.parts("questions")):
        return
    for name, place in lists.items():
        if members.count(name) < 2:
            issues.append(place.issue("empty-list", f'fewer than two questions are in the list "{name}"'))


def _check_findable(draft: Draft, issues: list[Issue]) -> None:
    sources = child(draft.nodes["sources"], "sources") if "sources" in draft.nodes else None
    if not isinstance(sources, MappingNode):
        return
    for name, node in sources.entries.items():
        if isinstance(node, MappingNode) and set(node.entries) <= set(SourceShape.model_fields):
            given = [child(node, key) for key in ("doi", "pmid", "url")]
            if not any(isinstance(leaf, Leaf) and leaf.value is not None for leaf in given):
                message = f'"{shorten(name)}" has no doi, pmid or url'
                issues.append(sources.keys[name].issue("missing-key", message, "give one of them"))


# Circles --------------------------------------------------------------------------------------------------------------


def check_circles(draft: Draft, areas: tuple[Area, ...], issues: list[Issue]) -> None:
    """No definition may need itself, no `ask_if` may wait for its own question, and neither in too many steps."""
    needs: dict[str, set[str]] = {}
    places: dict[str, Place] = {}
    for area in areas:
        needs |= {question.id: _names(question.ask_if) if question.ask_if else set() for question in area.questions}
        needs |= {name: _names(condition) for name, condition in area.definitions.items()}
    for found in draft.areas:
        places |= {shape.id: (child(node, "ask_if") or node).place for node, shape in found.questions}
        places |= {name: place for name, place, _ in found.definitions()}
    waiting = _waiting(needs)
    circles = _circles(waiting)
    for circle in circles:
        way = shorten(" -> ".join([*circle, circle[0]]), 200)
        issues.append(places[circle[0]].issue("circular", f"this goes round in a circle: {way}"))
    if waiting and not circles:
        message = f"this needs other questions or definitions, and these others, in more than {MOST_STEPS} steps"
        issues.append(places[next(iter(waiting))].issue("too-deep", message))


def check_order(draft: Draft, areas: tuple[Area, ...], issues: list[Issue]) -> None:
    """An `ask_if` may only wait for questions asked before: a later answer must not unmake one that was given."""
    if issues:
        return
    definitions = {name: condition for area in areas for name, condition in area.definitions.items()}
    places = {shape.id: child(node, "ask_if") for found in draft.areas for node, shape in found.questions}
    asked: set[str] = set()
    for question in (question for area in areas for question in area.questions):
        later = {atom.question for atom in atoms(question.ask_if, definitions)} - asked if question.ask_if else set()
        place = places[question.id]
        if later and place is not None:
            message = f"this waits for a question that is asked later: {', '.join(sorted(later))}"
            issues.append(place.place.issue("waits-for-later", message, "move it behind that question"))
        asked.add(question.id)


def _waiting(needs: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """What cannot be reached in a few steps from that which needs nothing, and what it waits for."""
    waiting = {name: others & needs.keys() for name, others in needs.items()}
    for _ in range(MOST_STEPS):
        waiting = {name: others & waiting.keys() for name, others in waiting.items() if others & waiting.keys()}
    return {name: others & waiting.keys() for name, others in waiting.items()}


def _names(condition: Condition) -> set[str]:
    """The questions and definitions that a condition names itself."""
    match condition:
        case OneOf(name) | Between(name) | Defined(name):
            return {name}
        case Not(of):
            return _names(of)
        case AllOf(of) | AnyOf(of) | AtLeast(_, of):
            return {name for part in of for name in _names(part)}
        case _:
            assert_never(condition)


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
