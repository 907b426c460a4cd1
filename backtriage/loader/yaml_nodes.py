"""Text of a YAML file -> a tree of nodes that know their place.

The syntax is libyaml's. What plain words mean is YAML 1.2's core schema, so that `no` stays the word "no".
Duplicate keys, tags, more than one document, deep nesting and aliases that grow without bound are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from backtriage.errors import Issue, RuleSetError

MOST_BYTES = 1_000_000
MOST_NODES = 50_000
MOST_DEPTH = 40

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULL = re.compile(r"null|Null|NULL|~|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,2})?")
_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file, counted from 1."""

    file: str
    line: int
    column: int

    def issue(self, code: str, message: str, suggestion: str | None = None) -> Issue:
        """Something that is wrong here."""
        return Issue(
            code=code, message=message, suggestion=suggestion, file=self.file, line=self.line, column=self.column
        )


@dataclass(frozen=True, slots=True)
class Leaf:
    """A single value."""

    place: Place
    value: Scalar


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of nodes."""

    place: Place
    items: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys, each with its place, and their nodes."""

    place: Place
    entries: dict[str, "Node"] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)


Node = Leaf | Sequence | Mapping


def read(data: bytes, file: str) -> Node:
    """Read one document; an empty one gives a Leaf of None. Raises RuleSetError with every issue that can be told."""
    text = _decode(data, file)
    reader = _Reader(file)
    try:
        root = reader.document(yaml.parse(text, Loader=_PARSER))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
        raise RuleSetError([*reader.issues, place.issue("yaml-syntax", _syntax_message(error))]) from None
    except _Abandoned:
        raise RuleSetError(reader.issues) from None
    if reader.issues:
        raise RuleSetError(reader.issues)
    return root


def _decode(data: bytes, file: str) -> str:
    if len(data) > MOST_BYTES:
        message = f"the file has {len(data):,} bytes, and {MOST_BYTES:,} is the most"
        raise RuleSetError([Place(file, 1, 1).issue("too-large", message, "split the area into two files")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        place = Place(file, before.count(b"\n") + 1, error.start - (before.rfind(b"\n") + 1) + 1)
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise RuleSetError([place.issue("not-utf8", message, "save the file as UTF-8")]) from None
    text = text.replace("\r\n", "\n")
    control = _UNPRINTABLE.search(text)
    if control is not None:
        raise RuleSetError([_control_character(text, control.start(), file)])
    return text


def _control_character(text: str, position: int, file: str) -> Issue:
    before = text[:position]
    place = Place(file, before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1)
    if text[position] == "\t":
        return place.issue("yaml-syntax", "a tab stands here", "use spaces")
    return place.issue("control-character", f"the character U+{ord(text[position]):04X} cannot be shown", "remove it")


def _syntax_message(error: yaml.MarkedYAMLError) -> str:
    parts = [part for part in (error.context, error.problem) if part]
    return ", ".join(parts) or "this is not YAML"


class _Abandoned(Exception):
    """The file is not worth reading on; the issues say why."""


class _Reader:
    """Builds nodes from parser events, one file at a time."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.issues: list[Issue] = []
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.nodes = 0

    def document(self, events: Iterator[yaml.Event]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, depth=0)
            elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self._abandon(event, "two-documents", "a second document begins here", "make it a file of its own")
        return root if root is not None else Leaf(Place(self.file, 1, 1), None)

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file, 1, 1)

    def _complain(self, event: yaml.Event, code: str, message: str, suggestion: str | None = None) -> None:
        self.issues.append(self._place(event).issue(code, message, suggestion))

    def _abandon(self, event: yaml.Event, code: str, message: str, suggestion: str | None = None) -> None:
        self._complain(event, code, message, suggestion)
        raise _Abandoned

    def _node(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], depth: int) -> Node:
        if depth > MOST_DEPTH:
            self._abandon(event, "too-deep", f"the nesting is deeper than {MOST_DEPTH} levels")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)
        before = self.nodes
        self._count(event, 1)
        if event.tag is not None:
            self._complain(event, "tag", f"the tag {event.tag} has no meaning here", "remove it")
        node = self._contents(event, events, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = (node, self.nodes - before)
        return node

    def _contents(
        self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, events: Iterator[yaml.Event], depth: int
    ) -> Node:
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, events, depth)
        if isinstance(event, yaml.ScalarEvent):
            return Leaf(self._place(event), self._scalar(event))
        return self._mapping(event, events, depth)

    def _count(self, event: yaml.Event, number: int) -> None:
        self.nodes += number
        if self.nodes > MOST_NODES:
            message = f"the file grows to more than {MOST_NODES:,} values"
            self._abandon(event, "too-large", message, "use fewer aliases")

    def _alias(self, event: yaml.AliasEvent) -> Node:
        if event.anchor not in self.anchors:
            self._complain(event, "yaml-syntax", f"the alias *{event.anchor} has no anchor before it")
            return Leaf(self._place(event), None)
        node, size = self.anchors[event.anchor]
        self._count(event, size)
        return node

    def _sequence(self, start: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Sequence:
        node = Sequence(self._place(start))
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            node.items.append(self._node(_of_node(event), events, depth + 1))
        return node

    def _mapping(self, start: yaml.Event, events: Iterator[yaml.Event], depth: int) -> Mapping:
        node = Mapping(self._place(start))
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(self._node(_of_node(event), events, depth + 1))
            value = self._node(_of_node(next(events)), events, depth + 1)
            if key is not None and key in node.entries:
                first = node.keys[key].line
                self._complain(event, "duplicate-key", f'the key "{key}" stands here twice, first in line {first}')
            elif key is not None:
                node.entries[key], node.keys[key] = value, self._place(event)
        return node

    def _key(self, node: Node) -> str | None:
        if isinstance(node, Leaf) and isinstance(node.value, str):
            return node.value
        self.issues.append(node.place.issue("wrong-type", "a key must be a word"))
        return None

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        text: str = event.value
        if _UNPRINTABLE.search(text):
            self._complain(event, "control-character", "the text has a character that cannot be shown", "remove it")
            return ""
        return _plain_value(text) if event.implicit[0] else text


def _of_node(event: yaml.Event) -> yaml.NodeEvent:
    """Inside of a collection the parser gives nothing but nodes."""
    assert isinstance(event, yaml.NodeEvent)
    return event


def _plain_value(text: str) -> Scalar:
    """What an unquoted word means in YAML 1.2's core schema."""
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text[0] in "tT"
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
