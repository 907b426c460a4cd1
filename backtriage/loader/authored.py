"""A rule set together with what only its author needs: where each part stands, and what is excused there."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backtriage.errors import Issue
from backtriage.loader.drafts import Draft
from backtriage.loader.fitting import build_data, get_child, get_children
from backtriage.loader.yaml_nodes import Mapping as MappingNode
from backtriage.loader.yaml_nodes import Node, Place
from backtriage.model import ADVICES, Answers, NotSure, RuleSet, Value

Part = tuple[str, str]
"""A part of a rule set: its sort and its id.

The sorts are "rule set", "area", "question", "list", "definition", "red flag", "source", "advice"
and "country" (by its code, with an emergency number).
"""


@dataclass(frozen=True, slots=True)
class Excuse:
    """Why an issue of some code is as it should be here."""

    reason: str
    place: Place


@dataclass(frozen=True)
class Authored:
    """A rule set, the place of each of its parts, and the excuses written there, by code of the issue.

    `nodes` are the parts as they stand in the files, to find the place of what is inside of them.
    """

    folder: Path
    rule_set: RuleSet
    places: Mapping[Part, Place]
    nodes: Mapping[Part, Node] = field(default_factory=dict)
    excuses: Mapping[Part, Mapping[str, Excuse]] = field(default_factory=dict)
    excused_words: Mapping[str, str] = field(default_factory=dict)

    def build_issue(
        self,
        part: Part,
        code: str,
        message: str,
        suggestion: str | None = None,
        patient: Answers | None = None,
        at: Sequence[str | int] = (),
    ) -> Issue:
        """Something that is wrong with a part, or with what the keys in `at` lead to from there.

        `patient` has the answers of somebody in whom it shows.
        """
        place = self.find_place(part, at)
        return Issue(
            code=code,
            message=message,
            suggestion=suggestion,
            file=place.file,
            line=place.line,
            column=place.column,
            part=part,
            patient=_as_given(patient) if patient is not None else None,
        )

    def find_place(self, part: Part, at: Sequence[str | int] = ()) -> Place:
        """Where a part stands, or what the keys lead to from there, as far as they do."""
        place, node = self.places[part], self.nodes.get(part)
        for key in at:
            items = get_children(node)
            node = (
                get_child(node, key)
                if isinstance(key, str) and node
                else items[int(key)]
                if items
                else None
            )
            place = node.place if node else place
        return place


def _as_given(patient: Answers) -> tuple[tuple[str, Value], ...]:
    """The answers as somebody could have given them."""
    return tuple(
        (question, str(answer) if isinstance(answer, NotSure) else answer)
        for question, answer in patient.values.items()
    )


def build_authored(found: Draft, rule_set: RuleSet) -> Authored:
    """What the files say of a rule set that was read from them without a mistake."""
    assert found.head is not None
    parts = list(_parts(found, rule_set))
    return Authored(
        folder=found.folder,
        rule_set=rule_set,
        places={part: place for part, place, _ in parts},
        nodes={part: node for part, _, node in parts},
        excuses={
            part: excuses
            for part, _, node in parts
            if (excuses := _excuses(_excused_in(part, node, found)))
        },
        excused_words=found.head.excused_words,
    )


def _parts(found: Draft, rule_set: RuleSet) -> Iterator[tuple[Part, Place, Node]]:
    head = found.nodes["ruleset"]
    yield ("rule set", rule_set.id), head.place, head
    for area in found.areas:
        yield ("area", area.id), area.node.place, area.node
        for sort, section in (
            ("question", area.questions),
            ("list", area.lists),
            ("red flag", area.red_flags),
        ):
            yield from (((sort, shape.id), _place(node, "id"), node) for node, shape in section)
        yield from (
            (("definition", name), place, node) for name, place, node in area.list_definitions()
        )
    sources = get_child(found.nodes["sources"], "sources")
    assert isinstance(sources, MappingNode)
    yield from (
        (("source", name), sources.keys[name], node) for name, node in sources.entries.items()
    )
    countries = get_child(found.nodes["emergency_numbers"], "countries") if found.numbers else None
    if isinstance(countries, MappingNode):
        yield from (
            (("country", code), countries.keys[code], node)
            for code, node in countries.entries.items()
        )
    for name in ADVICES:
        node = get_child(found.nodes["advice"], name)
        assert node is not None
        yield ("advice", name), node.place, node


def _place(node: Node, key: str) -> Place:
    return (get_child(node, key) or node).place


def _excused_in(part: Part, node: Node, found: Draft) -> Node:
    """Where the excuses of a part stand; a definition is a condition, which has no room for them, so in its area."""
    areas = (
        area.node
        for area in found.areas
        for name, _, _ in area.list_definitions()
        if ("definition", name) == part
    )
    return next(areas, node)


def _excuses(node: Node) -> dict[str, Excuse]:
    """What is excused in a part."""
    excuse = get_child(node, "excuse")
    if not isinstance(excuse, MappingNode):
        return {}
    return {
        code: Excuse(build_data(reason), excuse.keys[code])
        for code, reason in excuse.entries.items()
    }
