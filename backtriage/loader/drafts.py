"""A folder -> its files as nodes, and of each the parts that have the right shape.

A faulty part never keeps the others from being read, so that every mistake is told at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from backtriage.errors import Issue, suggest_nearest
from backtriage.loader.advice_shapes import AdviceShape, EmergencyNumbersShape
from backtriage.loader.fitting import fit, get_id
from backtriage.loader.folder import (
    POPULATION,
    build_unreadable,
    list_rule_files,
    list_visible,
    read_file,
)
from backtriage.loader.shapes import (
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
from backtriage.loader.yaml_nodes import (
    MappingNode,
    Node,
    Place,
    SequenceNode,
    get_child,
    get_children,
)
from backtriage.loader.yaml_reader import read

T = TypeVar("T")

_FIXED = ("ruleset", "advice", "sources")
_NO_AREAS = (*_FIXED, "emergency_numbers", Path(POPULATION).stem)
"""What files are called that are no areas; the last two of them may be missing."""
_SECTIONS = ("questions", "lists", "red_flags")
"""The lists of parts that an area has."""
_RULE_SET: TypeAdapter[RuleSetShape] = TypeAdapter(RuleSetShape)
_ADVICE: TypeAdapter[AdviceShape] = TypeAdapter(AdviceShape)
_SOURCES: TypeAdapter[SourcesShape] = TypeAdapter(SourcesShape)
_NUMBERS: TypeAdapter[EmergencyNumbersShape] = TypeAdapter(EmergencyNumbersShape)
_AREA: TypeAdapter[AreaShape] = TypeAdapter(AreaShape)
_QUESTION: TypeAdapter[YesNoShape | NumberShape | ChoiceShape] = TypeAdapter(AnyQuestionShape)
_LIST: TypeAdapter[ListShape] = TypeAdapter(ListShape)
_RED_FLAG: TypeAdapter[RedFlagShape] = TypeAdapter(RedFlagShape)

AnyQuestion = YesNoShape | NumberShape | ChoiceShape


@dataclass
class AreaDraft:
    """An area file: its node, and the parts of it that have the right shape, each with its node.

    `sound` is False where the frame around the parts is faulty, so that some parts may not have
    been seen.
    """

    id: str
    title: str
    node: Node
    sound: bool
    questions: list[tuple[Node, AnyQuestion]] = field(default_factory=list)
    lists: list[tuple[Node, ListShape]] = field(default_factory=list)
    red_flags: list[tuple[Node, RedFlagShape]] = field(default_factory=list)

    def list_parts(self, section: str) -> list[Node]:
        """All the questions, lists or red flags, whatever their shape."""
        return get_children(get_child(self.node, section))

    def list_misshapen(self) -> list[Node]:
        """The questions and red flags that have the wrong shape."""
        # by identity: two parts may well say the same
        fitting = {id(node) for node, _ in (*self.questions, *self.red_flags)}
        parts = (*self.list_parts("questions"), *self.list_parts("red_flags"))
        return [part for part in parts if id(part) not in fitting]

    def list_definitions(self) -> Iterator[tuple[str, Place, Node]]:
        """Name, place of the name, and condition of each definition."""
        node = get_child(self.node, "definitions")
        if isinstance(node, MappingNode):
            for name, condition in node.entries.items():
                yield name, node.keys[name], condition


@dataclass
class Draft:
    """A rule set folder as far as it could be read.

    `doubtful` has the names of the files that could not be read in full: what they name is not all
    known.
    """

    folder: Path
    nodes: dict[str, Node] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    head: RuleSetShape | None = None
    advice: AdviceShape | None = None
    sources: SourcesShape | None = None
    numbers: EmergencyNumbersShape | None = None
    areas: list[AreaDraft] = field(default_factory=list)
    unlisted: list[AreaDraft] = field(default_factory=list)
    """Files of areas that ruleset.yaml does not name, perhaps not yet."""

    @property
    def questions_known(self) -> bool:
        """Whether a name that no question or definition has is a mistake for sure."""
        return self.doubtful <= set(_NO_AREAS)


def read_draft(folder: Path, issues: list[Issue]) -> Draft:
    """Read the folder as far as it can be read; what is wrong with it is added to the issues."""
    draft = Draft(folder)
    _read_files(draft, issues)
    draft.head = _fit_whole(draft, "ruleset", _RULE_SET, issues)
    draft.advice = _fit_whole(draft, "advice", _ADVICE, issues)
    draft.sources = _fit_whole(draft, "sources", _SOURCES, issues)
    draft.numbers = _fit_whole(draft, "emergency_numbers", _NUMBERS, issues)
    names = _find_areas(draft, issues)
    draft.areas = [_fit_area(name, draft.nodes[name], issues) for name in names]
    unlisted = [name for name in draft.nodes if name not in (*names, *_NO_AREAS)]
    draft.unlisted = [
        _fit_area(name, draft.nodes[name], issues)
        for name in unlisted
        if _looks_like_area(draft.nodes[name])
    ]
    read = (*draft.areas, *draft.unlisted)
    draft.doubtful |= {area.id for area in read if not area.sound or _has_nameless(area)}
    return draft


def _read_files(draft: Draft, issues: list[Issue]) -> None:
    """Fill `nodes`; a file that is wrong in some way, or missing, is doubtful."""
    paths = list_rule_files(draft.folder)
    for path in paths:
        before = len(issues)
        node = _read_file(path, issues)
        if node is not None:
            draft.nodes[path.stem] = node
        if len(issues) > before:
            draft.doubtful.add(path.stem)
    for path in (draft.folder / f"{name}.yaml" for name in _FIXED):
        if path not in paths:
            issues.append(Issue(code="missing-file", message="the file is missing", file=str(path)))
            draft.doubtful.add(path.stem)
    issues += _list_misnamed(draft.folder)


def _list_misnamed(folder: Path) -> Iterator[Issue]:
    """The files that somebody may take for a part of the rule set, and that are not read."""
    message, suggestion = "the file is not read, because of its ending", 'rename it to ".yaml"'
    for path in list_visible(folder):
        if path.suffix.casefold() in (".yaml", ".yml") and path.suffix != ".yaml":
            yield Issue(code="unused-file", message=message, suggestion=suggestion, file=str(path))


def _read_file(path: Path, issues: list[Issue]) -> Node | None:
    try:
        data = read_file(path)
    except OSError as error:
        issues.append(build_unreadable(path, error))
        return None
    return read(data, str(path), issues)


def _fit_whole(draft: Draft, name: str, shape: TypeAdapter[T], issues: list[Issue]) -> T | None:
    node = draft.nodes.get(name)
    return fit(shape, node, issues) if node is not None else None


def _find_areas(draft: Draft, issues: list[Issue]) -> list[str]:
    """The areas that could be read, in the order in which ruleset.yaml names them.

    If it names none, all area files: what is wrong in them can be told already.
    """
    files = [path.stem for path in list_rule_files(draft.folder) if path.stem not in _NO_AREAS]
    ruleset = draft.nodes.get("ruleset")
    listed = get_children(get_child(ruleset, "areas")) if ruleset else []
    if not listed:
        return [name for name in files if name in draft.nodes]
    names: list[str] = []
    for node in listed:
        name = get_id(node)
        if name is None:
            continue  # its shape is wrong, which is told already
        if name in names:
            message = f'the area "{name}" stands here twice'
            issues.append(node.place.build_issue("duplicate-id", message))
        elif name not in files:
            issues.append(_unknown_area(name, files, node.place))
            draft.doubtful.add(name)
        names.append(name)
    # where some name has no file, a file that is left over may be the one that is meant
    if all(get_id(node) in files for node in listed):
        for name in sorted(set(files) - set(names)):
            path = draft.folder / f"{name}.yaml"
            message = "the file is not among the areas of ruleset.yaml"
            issues.append(Issue(code="unused-file", message=message, file=str(path)))
    return [name for name in dict.fromkeys(names) if name in draft.nodes and name in files]


def _unknown_area(name: str, files: list[str], place: Place) -> Issue:
    if name in _NO_AREAS:
        return place.build_issue("unknown-area", f'"{name}.yaml" is no area', "leave it out")
    message = f'there is no file "{name}.yaml"'
    return place.build_issue("unknown-area", message, suggest_nearest(name, files))


def _looks_like_area(node: Node) -> bool:
    """Whether a file that is not listed was meant for an area."""
    return any(get_child(node, key) is not None for key in _SECTIONS)


def _has_nameless(area: AreaDraft) -> bool:
    """Whether a question has no id that can be read: a condition may rightly name it."""
    return any(get_id(get_child(part, "id")) is None for part in area.list_parts("questions"))


def _fit_area(name: str, node: Node, issues: list[Issue]) -> AreaDraft:
    """The frame of the file is checked without its lists of parts, and then each part by itself."""
    sections: dict[str, Node] = {}
    frame = node
    if isinstance(node, MappingNode):
        entries = node.entries
        for key in _SECTIONS:
            if isinstance(entries.get(key), SequenceNode):
                sections[key] = entries[key]
        rest = {key: entry for key, entry in entries.items() if key not in sections}
        frame = MappingNode(node.place, rest, node.keys)
    head = fit(_AREA, frame, issues)
    return AreaDraft(
        id=name,
        title=head.title if head else "",
        node=node,
        sound=head is not None,
        questions=_fit_each(_QUESTION, sections.get("questions"), issues),
        lists=_fit_each(_LIST, sections.get("lists"), issues),
        red_flags=_fit_each(_RED_FLAG, sections.get("red_flags"), issues),
    )


def _fit_each(
    shape: TypeAdapter[T], section: Node | None, issues: list[Issue]
) -> list[tuple[Node, T]]:
    """The items of a section that have the shape, each with its node."""
    fitted = ((node, fit(shape, node, issues)) for node in get_children(section))
    return [(node, part) for node, part in fitted if part is not None]
