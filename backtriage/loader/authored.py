"""(Draft, RuleSet) -> the rule set with what its authors need: places of parts, and excuses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from backtriage.errors import Issue
from backtriage.loader.drafts import AreaDraft, Draft
from backtriage.loader.yaml_nodes import (
    MappingNode,
    Node,
    Place,
    build_data,
    get_child,
    get_deepest,
    get_place,
)
from backtriage.model import ADVICES, Answers, AskedTwice, NotSure, RuleSet, Value

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
    """A rule set with what only its authors need.

    `places` says where each part stands; `nodes` are the parts as they stand in the files, to find
    the place of what is inside of them. `excuses` are those written in a part, by code of the
    issue; `excused_words` are those of the head, each with the reason.
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
        node = self.nodes.get(part)
        inside = get_deepest(node, at) if node else None
        # the place of a part is that of its id or name, which is not where its node begins
        return self.places[part] if inside is None or inside is node else inside.place


def _as_given(patient: Answers) -> tuple[tuple[str, Value], ...]:
    """The answers as somebody could have given them."""
    return tuple(
        (question, str(answer) if isinstance(answer, NotSure | AskedTwice) else answer)
        for question, answer in patient.values.items()
    )


def build_authored(draft: Draft, rule_set: RuleSet) -> Authored:
    """What the files say of a rule set that was read from them without a mistake."""
    assert draft.head is not None
    parts = list(_list_parts(draft, rule_set))
    excuses = {
        part: _read_excuses(_find_excusing_node(part, node, draft)) for part, _, node in parts
    }
    return Authored(
        folder=draft.folder,
        rule_set=rule_set,
        places={part: place for part, place, _ in parts},
        nodes={part: node for part, _, node in parts},
        excuses={part: excused for part, excused in excuses.items() if excused},
        excused_words=draft.head.excused_words,
    )


def _list_parts(draft: Draft, rule_set: RuleSet) -> Iterator[tuple[Part, Place, Node]]:
    """Every part, where its id or name stands, and its node."""
    head = draft.nodes["ruleset"]
    yield ("rule set", rule_set.id), head.place, head
    for area in draft.areas:
        yield from _list_parts_of_area(area)
    sources = get_child(draft.nodes["sources"], "sources")
    assert isinstance(sources, MappingNode)
    for name, node in sources.entries.items():
        yield ("source", name), sources.keys[name], node
    if draft.numbers is not None:
        countries = get_child(draft.nodes["emergency_numbers"], "countries")
        assert isinstance(countries, MappingNode)
        for code, node in countries.entries.items():
            yield ("country", code), countries.keys[code], node
    for advice in ADVICES:
        text = get_child(draft.nodes["advice"], advice)
        assert text is not None
        yield ("advice", advice), text.place, text
    watched = get_child(draft.nodes["advice"], "also_watch_for")
    if watched is not None:
        yield ("advice", "also_watch_for"), watched.place, watched


def _list_parts_of_area(area: AreaDraft) -> Iterator[tuple[Part, Place, Node]]:
    yield ("area", area.id), area.node.place, area.node
    for node, question in area.questions:
        yield ("question", question.id), get_place(node, "id"), node
    for node, entry in area.lists:
        yield ("list", entry.id), get_place(node, "id"), node
    for node, flag in area.red_flags:
        yield ("red flag", flag.id), get_place(node, "id"), node
    for name, place, condition in area.list_definitions():
        yield ("definition", name), place, condition


def _find_excusing_node(part: Part, node: Node, draft: Draft) -> Node:
    """Where the excuses of a part stand: in the part itself.

    Only a definition is a condition, which has no room for them, so they stand in its area.
    """
    sort, name = part
    if sort == "definition":
        for area in draft.areas:
            if any(name == defined for defined, _, _ in area.list_definitions()):
                return area.node
    return node


def _read_excuses(node: Node) -> dict[str, Excuse]:
    """What is excused in a part, by code of the issue."""
    excuse = get_child(node, "excuse")
    if not isinstance(excuse, MappingNode):
        return {}
    return {
        code: Excuse(build_data(reason), excuse.keys[code])
        for code, reason in excuse.entries.items()
    }
