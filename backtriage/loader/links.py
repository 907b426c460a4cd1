"""What only makes sense across the parts of a rule set: ids given once, names that exist, labels that differ."""

import re
from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from backtriage.answer_words import is_reserved, normalize
from backtriage.errors import Issue, shorten, suggest_nearest
from backtriage.loader.condition_parser import RESERVED
from backtriage.loader.drafts import AnyQuestion, AreaDraft, Draft
from backtriage.loader.fitting import get_child, get_children, get_id
from backtriage.loader.shapes import ID_PATTERN, ChoiceShape, SourceShape, YesNoShape
from backtriage.loader.yaml_nodes import Leaf, Node, Place
from backtriage.loader.yaml_nodes import Mapping as MappingNode


def check_ids(draft: Draft, issues: list[Issue]) -> None:
    """No id twice, and none that is a word of the language. Questions and definitions share their names."""
    given: list[tuple[str, str, Place]] = []
    for area in draft.areas:
        for section, sort in (
            ("questions", "question"),
            ("red_flags", "red flag"),
            ("lists", "list"),
        ):
            given += [(sort, name, place) for name, place in list_ids(area.list_parts(section))]
        given += [("question", name, place) for name, place, _ in area.list_definitions()]
    first: dict[tuple[str, str], Place] = {}
    for sort, name, place in given:
        if sort == "question" and name in RESERVED:
            issues.append(
                place.build_issue("reserved-id", f'"{name}" is a word of the rule language')
            )
        if (sort, name) in first:
            where = first[sort, name]
            kind = "question or definition" if sort == "question" else sort
            message = f'there is a {kind} "{name}" already, in {Path(where.file).name}:{where.line}'
            issues.append(place.build_issue("duplicate-id", message))
            if sort == "question":  # the name that it should have is not known
                draft.doubtful.add(Path(place.file).stem)
        first.setdefault((sort, name), place)


def list_ids(parts: Iterable[Node]) -> list[tuple[str, Place]]:
    """The ids that the parts of a section give themselves, each with its place."""
    nodes = [node for part in parts if (node := get_child(part, "id")) is not None]
    return [(name, node.place) for node in nodes if (name := get_id(node)) is not None]


def check_names(draft: Draft, issues: list[Issue]) -> None:
    """Every source, suspicion and list that is named must exist; every source must be one that can be found."""
    sources, suspicions = (
        _names_in(draft, "sources", "sources"),
        _names_in(draft, "ruleset", "suspicions"),
    )
    for area in draft.areas:
        for flag in area.list_parts("red_flags"):
            for item in get_children(get_child(flag, "sources")):
                _check_name("source", item, sources, issues)
            _check_name("suspicion", get_child(flag, "suspect"), suspicions, issues)
        _check_lists(area, issues)
    for item in (
        get_children(get_child(draft.nodes["emergency_numbers"], "sources"))
        if draft.numbers
        else ()
    ):
        _check_name("source", item, sources, issues)
    _check_findable(draft, issues)


def _names_in(draft: Draft, file: str, section: str) -> list[str] | None:
    """The names that a section of a file gives; None if they are not all known."""
    node = (
        get_child(draft.nodes[file], section)
        if file in draft.nodes and file not in draft.doubtful
        else None
    )
    known = isinstance(node, MappingNode) and all(
        re.fullmatch(ID_PATTERN, name) for name in node.entries
    )
    return list(node.entries) if isinstance(node, MappingNode) and known else None


def _check_name(sort: str, node: Node | None, known: list[str] | None, issues: list[Issue]) -> None:
    name = get_id(node)
    if node is not None and name is not None and known is not None and name not in known:
        issues.append(
            node.place.build_issue(
                f"unknown-{sort}", f'there is no {sort} "{name}"', suggest_nearest(name, known)
            )
        )


def _check_lists(area: AreaDraft, issues: list[Issue]) -> None:
    lists = dict(list_ids(area.list_parts("lists")))
    if not area.sound or len(lists) < len(area.list_parts("lists")):
        return
    before, members = len(issues), []
    for node, shape in area.questions:
        if isinstance(shape, YesNoShape) and shape.list is not None:
            members.append(shape.list)
            _check_name("list", get_child(node, "list"), list(lists), issues)
        elif (item := get_child(node, "item")) is not None:
            issues.append(
                item.place.build_issue(
                    "unknown-key", 'the key "item" does not belong here', "it goes with a list"
                )
            )
    if len(issues) > before or len(area.questions) < len(area.list_parts("questions")):
        return
    runs = [name for name, _ in groupby(_list_of(shape) for _, shape in area.questions)]
    for name, place in lists.items():
        if runs.count(name) > 1:
            message = f'the questions of the list "{name}" do not stand one after the other'
            issues.append(place.build_issue("list-apart", message, "move them together"))
        if members.count(name) < 2:
            issues.append(
                place.build_issue(
                    "empty-list", f'fewer than two questions are in the list "{name}"'
                )
            )


def _list_of(shape: AnyQuestion) -> str | None:
    return shape.list if isinstance(shape, YesNoShape) else None


def check_labels(draft: Draft, issues: list[Issue]) -> None:
    """No two questions and no two options of a question may look alike: people tell them apart by their labels."""
    questions = [pair for area in draft.areas for pair in area.questions]
    _check_alike(
        [(shape.label, get_child(node, "label")) for node, shape in questions], "a question", issues
    )
    for node, shape in questions:
        if isinstance(shape, ChoiceShape):
            nodes = [
                get_child(option, "label") for option in get_children(get_child(node, "options"))
            ]
            labels = [option.label for option in shape.options]
            _check_alike(list(zip(labels, nodes, strict=True)), "an option", issues)
            for label, place in zip(labels, nodes, strict=True):
                if place is not None and is_reserved(label):
                    message = f'"{shorten(label)}" means something else when it is typed'
                    issues.append(
                        place.place.build_issue("reserved-label", message, "say it in more words")
                    )


def _check_alike(labels: list[tuple[str, Node | None]], sort: str, issues: list[Issue]) -> None:
    first: dict[str, Place] = {}
    for label, node in labels:
        if node is not None:
            place = first.setdefault(normalize(label), node.place)
            if place != node.place:
                where = f"{Path(place.file).name}:{place.line}"
                message = f'there is {sort} with the label "{shorten(label)}" already, in {where}'
                issues.append(node.place.build_issue("duplicate-label", message))


def _check_findable(draft: Draft, issues: list[Issue]) -> None:
    sources = get_child(draft.nodes["sources"], "sources") if "sources" in draft.nodes else None
    if not isinstance(sources, MappingNode):
        return
    for name, node in sources.entries.items():
        if isinstance(node, MappingNode) and set(node.entries) <= set(SourceShape.model_fields):
            given = [get_child(node, key) for key in ("doi", "pmid", "url")]
            if not any(isinstance(leaf, Leaf) and leaf.value is not None for leaf in given):
                message = f'"{shorten(name)}" has no doi, pmid or url'
                issues.append(
                    sources.keys[name].build_issue("missing-key", message, "give one of them")
                )
