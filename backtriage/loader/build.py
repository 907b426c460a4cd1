"""A folder of YAML files -> RuleSet, or every mistake in them at once."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter

from backtriage.errors import Issue, RuleSetError, did_you_mean
from backtriage.loader.check import child, children, fits, to_data
from backtriage.loader.condition_parser import RESERVED, ConditionParser
from backtriage.loader.shapes import (
    AdviceShape,
    AdviceTextShape,
    AnyQuestionShape,
    AreaShape,
    ChoiceShape,
    ListShape,
    NumberShape,
    RedFlagShape,
    RuleSetShape,
    SourcesShape,
    YesNoShape,
)
from backtriage.loader.yaml_nodes import Leaf, Mapping, Node, Place, Sequence, read
from backtriage.model import (
    AdviceText,
    AllOf,
    AnyOf,
    Area,
    AtLeast,
    Choice,
    Condition,
    Defined,
    Not,
    Number,
    Option,
    Question,
    QuestionList,
    RedFlag,
    RuleSet,
    SafetyNet,
    Source,
    YesNo,
)
from backtriage.units import QuantityError, parse_quantity

T = TypeVar("T")

_FIXED_FILES = ("ruleset", "advice", "sources")
_RULE_SET: TypeAdapter[RuleSetShape] = TypeAdapter(RuleSetShape)
_ADVICE: TypeAdapter[AdviceShape] = TypeAdapter(AdviceShape)
_SOURCES: TypeAdapter[SourcesShape] = TypeAdapter(SourcesShape)
_AREA: TypeAdapter[AreaShape] = TypeAdapter(AreaShape)
_QUESTION: TypeAdapter[YesNoShape | NumberShape | ChoiceShape] = TypeAdapter(AnyQuestionShape)
_LIST: TypeAdapter[ListShape] = TypeAdapter(ListShape)
_RED_FLAG: TypeAdapter[RedFlagShape] = TypeAdapter(RedFlagShape)


def build(folder: Path) -> RuleSet:
    """Read and check a rule set folder; raises RuleSetError with every issue, sorted by place."""
    return _Builder(folder).build()


@dataclass
class _Names:
    """Ids of one sort, each with the place where it was first given."""

    sort: str
    places: dict[str, Place] = field(default_factory=dict)


@dataclass
class _AreaDraft:
    """An area file: its node, and what of it has the right shape, by the node it was read from."""

    id: str
    title: str
    node: Mapping
    questions: list[tuple[Node, YesNoShape | NumberShape | ChoiceShape]] = field(default_factory=list)
    lists: list[tuple[Node, ListShape]] = field(default_factory=list)
    red_flags: list[tuple[Node, RedFlagShape]] = field(default_factory=list)

    def definitions(self) -> Iterator[tuple[str, Place, Node]]:
        node = child(self.node, "definitions")
        if isinstance(node, Mapping):
            for name, condition in node.entries.items():
                yield name, node.keys[name], condition


class _Builder:
    """One run over one folder; every step adds to `issues` and goes on as far as it can."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.issues: list[Issue] = []
        self.nodes: dict[str, Node] = {}
        self.all_read = True

    def build(self) -> RuleSet:
        if not (self.folder / "ruleset.yaml").is_file():
            message = f"no rule set here: {self.folder} has no ruleset.yaml"
            raise RuleSetError([Issue(code="no-rule-set", message=message, file=str(self.folder))])
        self._read_files()
        head = self._whole_file("ruleset", _RULE_SET)
        advice = self._whole_file("advice", _ADVICE)
        sources = self._whole_file("sources", _SOURCES)
        drafts = [draft for draft in (self._draft(name) for name in self._area_names()) if draft]
        self._check_names(drafts)
        areas = self._areas(drafts)
        self._check_references(drafts, areas)
        if self.issues or head is None or advice is None or sources is None:
            raise RuleSetError(sorted(self.issues, key=Issue.sort_key))
        return RuleSet(
            id=head.id,
            version=head.version,
            title=head.title,
            scope=head.scope,
            limits=head.limits,
            suspicions=dict(head.suspicions),
            areas=areas,
            advice={name: _advice_text(getattr(advice, name)) for name in AdviceShape.model_fields},  # type: ignore[misc]
            sources={name: Source(id=name, **shape.model_dump()) for name, shape in sources.sources.items()},
            hash=self._hash(),
        )

    # Files -----------------------------------------------------------------------------------------------------------

    def _read_files(self) -> None:
        for path in sorted(self.folder.glob("*.yaml")):
            try:
                self.nodes[path.stem] = read(path.read_bytes(), str(path))
            except RuleSetError as error:
                self.issues += error.issues
                self.all_read = False
            except OSError as error:
                self.all_read = False
                reason = error.strerror or str(error)
                self.issues.append(Issue(code="unreadable-file", message=reason, file=str(path)))
        for name in _FIXED_FILES:
            self._require(name, Issue(code="missing-file", message="is missing", file=str(self.folder / f"{name}.yaml")))

    def _require(self, name: str, issue: Issue) -> None:
        if name not in self.nodes:
            if not (self.folder / f"{name}.yaml").exists():
                self.issues.append(issue)
            self.all_read = False

    def _whole_file(self, name: str, shape: TypeAdapter[T]) -> T | None:
        node = self.nodes.get(name)
        return fits(shape, node, self.issues) if node is not None else None

    def _area_names(self) -> list[str]:
        """The areas that ruleset.yaml names and that can be read; says which files are missing or left over."""
        listed = children(child(self.nodes.get("ruleset", Leaf(Place("", 1, 1), None)), "areas"))
        names: list[str] = []
        for node in listed:
            if isinstance(node, Leaf) and isinstance(node.value, str):
                if node.value in names:
                    self.issues.append(node.place.issue("duplicate-id", f'the area "{node.value}" stands here twice'))
                    continue
                names.append(node.value)
                stems = [path.stem for path in self.folder.glob("*.yaml") if path.stem not in _FIXED_FILES]
                message = f'there is no file "{node.value}.yaml"'
                self._require(node.value, node.place.issue("unknown-area", message, did_you_mean(node.value, stems)))
        for stem in self.nodes:
            if listed and stem not in (*_FIXED_FILES, *names):
                message = "the file is not among the areas of ruleset.yaml"
                self.issues.append(Issue(code="unused-file", message=message, file=str(self.folder / f"{stem}.yaml")))
        return [name for name in names if name in self.nodes]

    def _hash(self) -> str:
        """SHA-256 of what the files say: comments, quotes and layout do not count."""
        content = {name: to_data(node) for name, node in self.nodes.items()}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    # Shapes ----------------------------------------------------------------------------------------------------------

    def _draft(self, name: str) -> _AreaDraft | None:
        """The area with each part that has the right shape; a faulty part does not keep the others from being read."""
        node = self.nodes[name]
        sections: dict[str, Node] = {}
        frame = node
        if isinstance(node, Mapping):
            lists = ("questions", "lists", "red_flags")
            sections = {key: node.entries[key] for key in lists if isinstance(node.entries.get(key), Sequence)}
            frame = Mapping(node.place, {key: node.entries[key] for key in node.entries if key not in sections}, node.keys)
        head = fits(_AREA, frame, self.issues)
        if not isinstance(node, Mapping):
            return None
        draft = _AreaDraft(name, head.title if head else "", node)
        draft.questions = self._fitting(_QUESTION, sections.get("questions"))
        draft.lists = self._fitting(_LIST, sections.get("lists"))
        draft.red_flags = self._fitting(_RED_FLAG, sections.get("red_flags"))
        return draft

    def _fitting(self, shape: TypeAdapter[T], section: Node | None) -> list[tuple[Node, T]]:
        found = ((item, fits(shape, item, self.issues)) for item in children(section))
        return [(item, fitting) for item, fitting in found if fitting is not None]

    # Names -----------------------------------------------------------------------------------------------------------

    def _check_names(self, drafts: list[_AreaDraft]) -> None:
        """No id twice, and none that is a word of the language. Questions and definitions share their names."""
        questions, flags, lists = _Names("question or definition"), _Names("red flag"), _Names("list")
        for draft in drafts:
            for section, names in (("questions", questions), ("red_flags", flags), ("lists", lists)):
                for item in children(child(draft.node, section)):
                    name = child(item, "id")
                    if isinstance(name, Leaf) and isinstance(name.value, str):
                        self._register(names, name.value, name.place)
            for name_of, place, _ in draft.definitions():
                self._register(questions, name_of, place)

    def _register(self, names: _Names, name: str, place: Place) -> None:
        if name in names.places:
            first = names.places[name]
            message = f'there is a {names.sort} "{name}" already, in {Path(first.file).name}:{first.line}'
            self.issues.append(place.issue("duplicate-id", message))
        elif name in RESERVED and names.sort.startswith("question"):
            self.issues.append(place.issue("reserved-id", f'"{name}" is a word of the rule language'))
        names.places.setdefault(name, place)

    # Parts -----------------------------------------------------------------------------------------------------------

    def _areas(self, drafts: list[_AreaDraft]) -> tuple[Area, ...]:
        parser = self._parser(drafts)
        areas = [self._area(draft, parser) for draft in drafts]
        return tuple(areas)

    def _parser(self, drafts: list[_AreaDraft]) -> ConditionParser:
        """A parser that knows the questions; where one is faulty, only its name."""
        known: dict[str, Question | None] = {}
        for draft in drafts:
            for item in children(child(draft.node, "questions")):
                name = child(item, "id")
                if isinstance(name, Leaf):
                    known.setdefault(str(name.value), None)
            for node, shape in draft.questions:
                known[shape.id] = self._question(node, shape, None)
        definitions = {name for draft in drafts for name, _, _ in draft.definitions()}
        return ConditionParser(known, definitions, self.all_read, self.issues)

    def _area(self, draft: _AreaDraft, parser: ConditionParser) -> Area:
        questions = [
            _with_ask_if(known, self._optional(child(node, "ask_if"), parser))
            for node, shape in draft.questions
            if (known := parser.questions.get(shape.id)) is not None
        ]
        definitions = {name: parser.parse(node) for name, _, node in draft.definitions()}
        flags = [self._red_flag(node, shape, parser) for node, shape in draft.red_flags]
        return Area(
            id=draft.id,
            title=draft.title,
            questions=tuple(questions),
            lists=tuple(QuestionList(id=shape.id, ask=shape.ask, why=shape.why) for _, shape in draft.lists),
            definitions={name: condition for name, condition in definitions.items() if condition},
            red_flags=tuple(flag for flag in flags if flag),
        )

    def _optional(self, node: Node | None, parser: ConditionParser) -> Condition | None:
        return parser.parse(node) if node is not None else None

    def _question(self, node: Node, shape: YesNoShape | NumberShape | ChoiceShape, ask_if: None) -> Question | None:
        common: dict[str, Any] = {
            key: getattr(shape, key) for key in ("id", "label", "ask", "why", "background", "not_sure")
        }
        common["worse"] = None if shape.worse == "neither" else shape.worse
        if isinstance(shape, YesNoShape):
            return YesNo(**common, list=shape.list)
        if isinstance(shape, ChoiceShape):
            return self._choice(node, shape, common)
        return self._number(node, shape, common)

    def _choice(self, node: Node, shape: ChoiceShape, common: dict[str, Any]) -> Choice:
        seen: set[str] = set()
        for item, option in zip(children(child(node, "options")), shape.options, strict=True):
            if option.id in seen:
                self.issues.append(item.place.issue("duplicate-id", f'there is an option "{option.id}" already'))
            seen.add(option.id)
        if shape.not_sure not in seen:
            place = _place(node, "not_sure")
            message = f'"{shape.not_sure}" is not one of the options'
            self.issues.append(place.issue("unknown-option", message, did_you_mean(shape.not_sure, seen)))
        options = tuple(Option(id=option.id, label=option.label) for option in shape.options)
        return Choice(**common, options=options)

    def _number(self, node: Node, shape: NumberShape, common: dict[str, Any]) -> Number | None:
        keys = ("minimum", "maximum", "not_sure")
        found = {key: self._quantity(getattr(shape, key), shape.unit, _place(node, key)) for key in keys}
        minimum, maximum, not_sure = (found[key] for key in keys)
        if minimum is None or maximum is None or not_sure is None:
            return None
        if minimum >= maximum:
            self.issues.append(_place(node, "maximum").issue("out-of-range", '"maximum" must be more than "minimum"'))
        elif not minimum <= not_sure <= maximum:
            message = f'"not_sure" is {not_sure}, outside the range {minimum} to {maximum}'
            self.issues.append(_place(node, "not_sure").issue("out-of-range", message))
        return Number(**(common | found), unit=shape.unit)

    def _quantity(self, value: float | str, unit: str, place: Place) -> float | None:
        if not isinstance(value, str):
            return value
        try:
            return parse_quantity(value, unit)
        except QuantityError as error:
            self.issues.append(place.issue("wrong-type", str(error)))
            return None

    def _red_flag(self, node: Node, shape: RedFlagShape, parser: ConditionParser) -> RedFlag | None:
        if shape.advice == "seek_care_now" and shape.within_days != 0:
            place = _place(node, "within_days")
            self.issues.append(place.issue("out-of-range", '"within_days" must be 0 for seek_care_now'))
        when = child(node, "when")
        condition = parser.parse(when) if when is not None else None
        return RedFlag(**(shape.model_dump() | {"when": condition})) if condition else None

    # References ------------------------------------------------------------------------------------------------------

    def _check_references(self, drafts: list[_AreaDraft], areas: tuple[Area, ...]) -> None:
        self._check_circles(drafts, areas)
        if not self.all_read:
            return
        sources = _keys(child(self.nodes["sources"], "sources"))
        suspicions = _keys(child(self.nodes["ruleset"], "suspicions"))
        for draft in drafts:
            for node, flag in draft.red_flags:
                self._known("source", zip(flag.sources, children(child(node, "sources")), strict=True), sources)
                self._known("suspicion", [(flag.suspect, child(node, "suspect"))], suspicions)
            self._check_lists(draft)
        named = child(self.nodes["sources"], "sources")
        for name, node in named.entries.items() if isinstance(named, Mapping) else ():
            if isinstance(node, Mapping) and not {"doi", "pmid", "url"} & set(node.entries):
                place = named.keys[name] if isinstance(named, Mapping) else node.place
                self.issues.append(place.issue("missing-key", f'"{name}" has no doi, pmid or url', "give one of them"))

    def _known(self, sort: str, given: Iterable[tuple[str, Node | None]], known: list[str]) -> None:
        for name, node in given:
            if name not in known and node is not None:
                issue = node.place.issue(f"unknown-{sort}", f'there is no {sort} "{name}"', did_you_mean(name, known))
                self.issues.append(issue)

    def _check_lists(self, draft: _AreaDraft) -> None:
        used = [(shape.list, child(node, "list")) for node, shape in draft.questions if isinstance(shape, YesNoShape)]
        members = [(name, node) for name, node in used if name is not None]
        ids = _ids(child(draft.node, "lists"))
        self._known("list", members, list(ids))
        for name, node in ids.items():
            if [member for member, _ in members].count(name) < 2:
                self.issues.append(node.place.issue("empty-list", f'fewer than two questions are in the list "{name}"'))

    def _check_circles(self, drafts: list[_AreaDraft], areas: tuple[Area, ...]) -> None:
        definitions = {name: condition for area in areas for name, condition in area.definitions.items()}
        places = {name: place for draft in drafts for name, place, _ in draft.definitions()}
        circles = _circles(definitions, lambda name: _names(definitions[name]) & set(definitions))
        for circle in circles:
            self._complain_of_circle("definition", circle, places)
        if circles:
            return
        questions = {question.id: question for area in areas for question in area.questions}
        asked = {question.id: _place(node, "ask_if") for draft in drafts for node, question in draft.questions}

        def waits_for(question_id: str) -> set[str]:
            ask_if = questions[question_id].ask_if
            return _expand(_names(ask_if), definitions) & set(questions) if ask_if else set()

        for circle in _circles(questions, waits_for):
            self._complain_of_circle("ask_if", circle, asked)

    def _complain_of_circle(self, sort: str, circle: list[str], places: dict[str, Place]) -> None:
        way = " -> ".join([*circle, circle[0]])
        self.issues.append(places[circle[0]].issue("circular", f"the {sort} goes round in a circle: {way}"))


def _place(node: Node, key: str) -> Place:
    return (child(node, key) or node).place


def _keys(node: Node | None) -> list[str]:
    return list(node.entries) if isinstance(node, Mapping) else []


def _ids(section: Node | None) -> dict[str, Node]:
    """The ids given in a section, with the items that bear them."""
    named = ((child(item, "id"), item) for item in children(section))
    return {str(name.value): item for name, item in named if isinstance(name, Leaf)}


def _with_ask_if(question: Question, ask_if: Condition | None) -> Question:
    from dataclasses import replace

    return replace(question, ask_if=ask_if)


def _advice_text(shape: AdviceTextShape) -> AdviceText:
    nets = tuple(SafetyNet(within_days=net.within_days, text=net.text) for net in shape.safety_net)
    return AdviceText(title=shape.title, lead=shape.lead, steps=shape.steps, safety_net=nets)


def _names(condition: Condition) -> set[str]:
    """The questions and definitions that a condition names itself."""
    match condition:
        case Defined(name):
            return {name}
        case Not(of):
            return _names(of)
        case AllOf(of) | AnyOf(of) | AtLeast(_, of):
            return {name for part in of for name in _names(part)}
        case _:
            return {condition.question}


def _expand(names: set[str], definitions: dict[str, Condition]) -> set[str]:
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
