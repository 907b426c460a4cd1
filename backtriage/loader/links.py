"""What only makes sense across the parts of a rule set: ids given once, names that exist, no circles."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import assert_never

from backtriage.errors import Issue, did_you_mean
from backtriage.loader.check import child, children
from backtriage.loader.condition_parser import RESERVED
from backtriage.loader.drafts import AreaDraft, Draft
from backtriage.loader.shapes import YesNoShape
from backtriage.loader.yaml_nodes import Leaf, Node, Place
from backtriage.loader.yaml_nodes import Mapping as MappingNode
from backtriage.model import AllOf, AnyOf, Area, AtLeast, Between, Condition, Defined, Not, OneOf


def check_ids(draft: Draft, issues: list[Issue]) -> None:
    """No id twice, and none that is a word of the language. Questions and definitions share their names."""
    given: list[tuple[str, str, Place]] = []
    for area in draft.areas:
        for section, sort in (("questions", "question"), ("red_flags", "red flag"), ("lists", "list")):
            given += [(sort, name, item.place) for name, item in ids(child(area.node, section))]
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
        first.setdefault((sort, name), place)


def ids(section: Node | None) -> list[tuple[str, Leaf]]:
    """The ids given in a section, each with the node that gives it."""
    named = (child(item, "id") for item in children(section))
    return [(name.value, name) for name in named if isinstance(name, Leaf) and isinstance(name.value, str)]


def check_names(draft: Draft, issues: list[Issue]) -> None:
    """Every source, suspicion and list that is named must exist; every source must be one that can be found."""
    sources = child(draft.nodes["sources"], "sources")
    suspicions = child(draft.nodes["ruleset"], "suspicions")
    for area in draft.areas:
        for node, flag in area.red_flags:
            for name, item in zip(flag.sources, children(child(node, "sources")), strict=True):
                _check_name("source", name, item, _keys(sources), issues)
            _check_name("suspicion", flag.suspect, child(node, "suspect"), _keys(suspicions), issues)
        _check_lists(area, issues)
    if isinstance(sources, MappingNode):
        for name, node in sources.entries.items():
            if isinstance(node, MappingNode) and not {"doi", "pmid", "url"} & set(node.entries):
                message = f'"{name}" has no doi, pmid or url'
                issues.append(sources.keys[name].issue("missing-key", message, "give one of them"))


def _check_name(sort: str, name: str, node: Node | None, known: list[str], issues: list[Issue]) -> None:
    if name not in known and node is not None:
        issues.append(node.place.issue(f"unknown-{sort}", f'there is no {sort} "{name}"', did_you_mean(name, known)))


def _check_lists(area: AreaDraft, issues: list[Issue]) -> None:
    lists = dict(ids(child(area.node, "lists")))
    members = []
    for node, shape in area.questions:
        if isinstance(shape, YesNoShape) and shape.list is not None:
            members.append(shape.list)
            _check_name("list", shape.list, child(node, "list"), list(lists), issues)
    for name, leaf in lists.items():
        if members.count(name) < 2:
            issues.append(leaf.place.issue("empty-list", f'fewer than two questions are in the list "{name}"'))


def _keys(node: Node | None) -> list[str]:
    return list(node.entries) if isinstance(node, MappingNode) else []


# Circles --------------------------------------------------------------------------------------------------------------


def check_circles(draft: Draft, areas: tuple[Area, ...], issues: list[Issue]) -> None:
    """No definition may need itself, and no `ask_if` may wait for its own question."""
    definitions = {name: condition for area in areas for name, condition in area.definitions.items()}
    defined_at = {name: place for area in draft.areas for name, place, _ in area.definitions()}
    circles = _circles(definitions, lambda name: _names(definitions[name]) & set(definitions))
    issues += [_circle("definition", circle, defined_at) for circle in circles]
    if circles:
        return
    questions = {question.id: question for area in areas for question in area.questions}
    asked_at = {
        shape.id: (child(node, "ask_if") or node).place for area in draft.areas for node, shape in area.questions
    }

    def waits_for(question_id: str) -> set[str]:
        ask_if = questions[question_id].ask_if
        return _expand(_names(ask_if), definitions) & set(questions) if ask_if else set()

    issues += [_circle("ask_if", circle, asked_at) for circle in _circles(questions, waits_for)]


def _circle(sort: str, circle: list[str], places: Mapping[str, Place]) -> Issue:
    way = " -> ".join([*circle, circle[0]])
    return places[circle[0]].issue("circular", f"the {sort} goes round in a circle: {way}")


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


def _expand(names: set[str], definitions: Mapping[str, Condition]) -> set[str]:
    """The names with those behind the definitions among them."""
    behind = {inner for name in names if name in definitions for inner in _names(definitions[name])}
    return names | _expand(behind, definitions) if behind else names


def _circles(names: Iterable[str], follow: Callable[[str], set[str]]) -> list[list[str]]:
    """Each circle once, as the names on it in order."""
    circles: list[list[str]] = []
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> None:
        if name in path:
            circles.append(path[path.index(name) :])
        elif name not in done:
            for other in sorted(follow(name)):
                visit(other, [*path, name])
            done.add(name)

    for name in names:
        visit(name, [])
    return circles
