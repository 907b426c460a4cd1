"""Draft -> what is wrong across its parts: ids given twice, names of nothing, labels alike."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from backtriage.answer_words import is_reserved, normalize
from backtriage.errors import Issue, shorten, suggest_nearest
from backtriage.loader.condition_parser import RESERVED
from backtriage.loader.drafts import AnyQuestion, AreaDraft, Draft
from backtriage.loader.fitting import get_id
from backtriage.loader.shapes import ID_PATTERN, ChoiceShape, SourceShape, YesNoShape
from backtriage.loader.yaml_nodes import (
    Leaf,
    MappingNode,
    Node,
    Place,
    get_child,
    get_children,
    get_place,
)
from backtriage.model import AdviceId


def check_ids(draft: Draft, issues: list[Issue]) -> set[str]:
    """No id twice, and none that is a word of the language.

    Gives the names that two questions or definitions have, which share their names: one of them
    should have another name, which is not known.
    """
    repeated: set[str] = set()
    first: dict[tuple[str, str], Place] = {}
    for sort, name, place in _list_given(draft):
        if sort == "question" and name in RESERVED:
            message = f'"{name}" is a word of the rule language'
            issues.append(place.build_issue("reserved-id", message))
        if (sort, name) in first:
            where = first[sort, name]
            kind = "question or definition" if sort == "question" else sort
            message = f'there is a {kind} "{name}" already, in {Path(where.file).name}:{where.line}'
            issues.append(place.build_issue("duplicate-id", message))
            if sort == "question":
                repeated.add(name)
        first.setdefault((sort, name), place)
    return repeated


def _list_given(draft: Draft) -> Iterator[tuple[str, str, Place]]:
    """Sort, name and place of all that has an id; definitions are of the sort "question"."""
    sorts = {"questions": "question", "red_flags": "red flag", "lists": "list"}
    for area in draft.areas:
        for section, sort in sorts.items():
            for name, place in list_ids(area.list_parts(section)):
                yield sort, name, place
        for name, place, _ in area.list_definitions():
            yield "question", name, place


def list_ids(parts: Iterable[Node]) -> list[tuple[str, Place]]:
    """The ids that the parts of a section give themselves, each with its place."""
    nodes = [node for part in parts if (node := get_child(part, "id")) is not None]
    return [(name, node.place) for node in nodes if (name := get_id(node)) is not None]


def check_names(draft: Draft, issues: list[Issue]) -> None:
    """Every source, suspicion and list that is named must exist, and every source be findable."""
    sources = _names_in(draft, "sources", "sources")
    suspicions = _names_in(draft, "ruleset", "suspicions")
    for area in draft.areas:
        for flag in area.list_parts("red_flags"):
            for item in get_children(get_child(flag, "sources")):
                _check_name("source", item, sources, issues)
            _check_name("suspicion", get_child(flag, "suspect"), suspicions, issues)
        _check_lists(area, issues)
    if draft.numbers:
        for item in get_children(get_child(draft.nodes["emergency_numbers"], "sources")):
            _check_name("source", item, sources, issues)
    _check_findable(draft, issues)


def _names_in(draft: Draft, file: str, section: str) -> list[str] | None:
    """The names that a section of a file gives; None if they are not all known."""
    if file not in draft.nodes or file in draft.doubtful:
        return None
    node = get_child(draft.nodes[file], section)
    if not isinstance(node, MappingNode):
        return None
    names = list(node.entries)
    return names if all(re.fullmatch(ID_PATTERN, name) for name in names) else None


def _check_name(sort: str, node: Node | None, known: list[str] | None, issues: list[Issue]) -> None:
    """A name that is an id must be known; None as `known`: not all are, so nothing can be said."""
    name = get_id(node)
    if node is not None and name is not None and known is not None and name not in known:
        message, suggestion = f'there is no {sort} "{name}"', suggest_nearest(name, known)
        issues.append(node.place.build_issue(f"unknown-{sort}", message, suggestion))


def _check_lists(area: AreaDraft, issues: list[Issue]) -> None:
    """The questions of a list stand together, and are at least two."""
    lists = dict(list_ids(area.list_parts("lists")))
    if not area.sound or len(lists) < len(area.list_parts("lists")):
        return
    before = len(issues)
    for node, shape in area.questions:
        if _list_of(shape) is not None:
            _check_name("list", get_child(node, "list"), list(lists), issues)
        elif get_child(node, "item") is not None:
            message = 'the key "item" does not belong here'
            place = get_place(node, "item")
            issues.append(place.build_issue("unknown-key", message, "it goes with a list"))
    # what is in a list is known only where each question and each name of a list can be read
    if len(issues) > before or len(area.questions) < len(area.list_parts("questions")):
        return
    members = [_list_of(shape) for _, shape in area.questions]
    runs = [name for name, _ in groupby(members)]
    for name, place in lists.items():
        if runs.count(name) > 1:
            message = f'the questions of the list "{name}" do not stand one after the other'
            issues.append(place.build_issue("list-apart", message, "move them together"))
        if members.count(name) < 2:
            message = f'fewer than two questions are in the list "{name}"'
            issues.append(place.build_issue("empty-list", message))


def _list_of(shape: AnyQuestion) -> str | None:
    return shape.list if isinstance(shape, YesNoShape) else None


def check_deadline(node: Node, advice: AdviceId, within_days: int, issues: list[Issue]) -> None:
    """Whoever must seek care now has no days for it. The node has both."""
    if advice == "seek_care_now" and within_days != 0:
        message = '"within_days" must be 0 for seek_care_now'
        issues.append(get_place(node, "within_days").build_issue("out-of-range", message))


def check_labels(draft: Draft, issues: list[Issue]) -> None:
    """No two questions, and no two options of a question, may look alike.

    People tell them apart by their labels, and may type the label of an option.
    """
    questions = [pair for area in draft.areas for pair in area.questions]
    labels = [(shape.label, get_place(node, "label")) for node, shape in questions]
    _check_alike(labels, "a question", issues)
    for node, shape in questions:
        if isinstance(shape, ChoiceShape):
            options = zip(get_children(get_child(node, "options")), shape.options, strict=True)
            labels = [(option.label, get_place(item, "label")) for item, option in options]
            _check_alike(labels, "an option", issues)
            _check_reserved(labels, issues)


def _check_reserved(labels: list[tuple[str, Place]], issues: list[Issue]) -> None:
    for label, place in labels:
        if is_reserved(label):
            message = f'"{shorten(label)}" means something else when it is typed'
            issues.append(place.build_issue("reserved-label", message, "say it in more words"))


def _check_alike(labels: list[tuple[str, Place]], sort: str, issues: list[Issue]) -> None:
    """Tell each label that is like one before it; what an alias repeats is the same, not alike."""
    first: dict[str, Place] = {}
    for label, place in labels:
        same = first.setdefault(normalize(label), place)
        if same != place:
            where = f"{Path(same.file).name}:{same.line}"
            message = f'there is {sort} with the label "{shorten(label)}" already, in {where}'
            issues.append(place.build_issue("duplicate-label", message))


def _check_findable(draft: Draft, issues: list[Issue]) -> None:
    """Every source must be one that a reader can find."""
    sources = get_child(draft.nodes["sources"], "sources") if "sources" in draft.nodes else None
    if not isinstance(sources, MappingNode):
        return
    for name, node in sources.entries.items():
        # a key that is unknown may be a misspelt doi, pmid or url, and is told as such
        if isinstance(node, MappingNode) and set(node.entries) <= set(SourceShape.model_fields):
            given = [get_child(node, key) for key in ("doi", "pmid", "url")]
            if not any(isinstance(leaf, Leaf) and leaf.value is not None for leaf in given):
                message = f'"{shorten(name)}" has no doi, pmid or url'
                place = sources.keys[name]
                issues.append(place.build_issue("missing-key", message, "give one of them"))
