"""A folder -> its files as nodes, and of each the parts that have the right shape.

A faulty part never keeps the others from being read, so that every mistake is told at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from backtriage.errors import Issue, RuleSetError, did_you_mean
from backtriage.loader.check import child, children, fits
from backtriage.loader.shapes import (
    AdviceShape,
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

T = TypeVar("T")

_FIXED = ("ruleset", "advice", "sources")
_RULE_SET: TypeAdapter[RuleSetShape] = TypeAdapter(RuleSetShape)
_ADVICE: TypeAdapter[AdviceShape] = TypeAdapter(AdviceShape)
_SOURCES: TypeAdapter[SourcesShape] = TypeAdapter(SourcesShape)
_AREA: TypeAdapter[AreaShape] = TypeAdapter(AreaShape)
_QUESTION: TypeAdapter[YesNoShape | NumberShape | ChoiceShape] = TypeAdapter(AnyQuestionShape)
_LIST: TypeAdapter[ListShape] = TypeAdapter(ListShape)
_RED_FLAG: TypeAdapter[RedFlagShape] = TypeAdapter(RedFlagShape)

AnyQuestion = YesNoShape | NumberShape | ChoiceShape


@dataclass
class AreaDraft:
    """An area file: its node, and the parts of it that have the right shape with the nodes they were read from."""

    id: str
    title: str
    node: Node
    questions: list[tuple[Node, AnyQuestion]] = field(default_factory=list)
    lists: list[tuple[Node, ListShape]] = field(default_factory=list)
    red_flags: list[tuple[Node, RedFlagShape]] = field(default_factory=list)

    def definitions(self) -> Iterator[tuple[str, Place, Node]]:
        """Name, place of the name, and condition of each definition."""
        node = child(self.node, "definitions")
        if isinstance(node, Mapping):
            for name, condition in node.entries.items():
                yield name, node.keys[name], condition


@dataclass
class Draft:
    """A rule set folder as far as it could be read; `all_read` is False where a whole file is missing or unreadable."""

    folder: Path
    nodes: dict[str, Node] = field(default_factory=dict)
    all_read: bool = True
    head: RuleSetShape | None = None
    advice: AdviceShape | None = None
    sources: SourcesShape | None = None
    areas: list[AreaDraft] = field(default_factory=list)


def draft(folder: Path, issues: list[Issue]) -> Draft:
    """Read the folder; what is wrong with it is added to the issues."""
    found = Draft(folder)
    _read_files(found, issues)
    found.head = _whole(found, "ruleset", _RULE_SET, issues)
    found.advice = _whole(found, "advice", _ADVICE, issues)
    found.sources = _whole(found, "sources", _SOURCES, issues)
    found.areas = [_area(name, found.nodes[name], issues) for name in _area_names(found, issues)]
    return found


def _read_files(found: Draft, issues: list[Issue]) -> None:
    for path in sorted(found.folder.glob("*.yaml")):
        try:
            found.nodes[path.stem] = read(path.read_bytes(), str(path))
        except RuleSetError as error:
            issues += error.issues
        except OSError as error:
            issues.append(Issue(code="unreadable-file", message=error.strerror or str(error), file=str(path)))
        found.all_read &= path.stem in found.nodes
    for name in _FIXED:
        path = found.folder / f"{name}.yaml"
        if not path.exists():
            issues.append(Issue(code="missing-file", message="the file is missing", file=str(path)))
            found.all_read = False


def _whole(found: Draft, name: str, shape: TypeAdapter[T], issues: list[Issue]) -> T | None:
    node = found.nodes.get(name)
    return fits(shape, node, issues) if node is not None else None


def _area_names(found: Draft, issues: list[Issue]) -> list[str]:
    """The areas that ruleset.yaml names and that could be read; says which files are missing, and which left over."""
    if "ruleset" not in found.nodes:
        return [name for name in found.nodes if name not in _FIXED]
    files = [path.stem for path in found.folder.glob("*.yaml") if path.stem not in _FIXED]
    listed = [node for node in children(child(found.nodes["ruleset"], "areas")) if isinstance(node, Leaf)]
    names: list[str] = []
    for node in listed:
        name = str(node.value)
        if name in names:
            issues.append(node.place.issue("duplicate-id", f'the area "{name}" stands here twice'))
        elif name not in files:
            message = f'there is no file "{name}.yaml"'
            issues.append(node.place.issue("unknown-area", message, did_you_mean(name, files)))
            found.all_read = False
        else:
            names.append(name)
    if all(name in files for name in (str(node.value) for node in listed)):
        for name in sorted(set(files) - set(names)):
            message = "the file is not among the areas of ruleset.yaml"
            issues.append(Issue(code="unused-file", message=message, file=str(found.folder / f"{name}.yaml")))
    return [name for name in names if name in found.nodes]


def _area(name: str, node: Node, issues: list[Issue]) -> AreaDraft:
    """The frame of the file is checked without its lists of parts, and then each part by itself."""
    sections: dict[str, Node] = {}
    frame = node
    if isinstance(node, Mapping):
        parts = [key for key in ("questions", "lists", "red_flags") if isinstance(node.entries.get(key), Sequence)]
        sections = {key: node.entries[key] for key in parts}
        rest = {key: entry for key, entry in node.entries.items() if key not in parts}
        frame = Mapping(node.place, rest, node.keys)
    head = fits(_AREA, frame, issues)
    return AreaDraft(
        id=name,
        title=head.title if head else "",
        node=node,
        questions=_fitting(_QUESTION, sections.get("questions"), issues),
        lists=_fitting(_LIST, sections.get("lists"), issues),
        red_flags=_fitting(_RED_FLAG, sections.get("red_flags"), issues),
    )


def _fitting(shape: TypeAdapter[T], section: Node | None, issues: list[Issue]) -> list[tuple[Node, T]]:
    found = ((item, fits(shape, item, issues)) for item in children(section))
    return [(item, fitting) for item, fitting in found if fitting is not None]
