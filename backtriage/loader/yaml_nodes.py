"""Text of a YAML file -> a tree of nodes that know their place.

The syntax is libyaml's. What plain words mean is YAML 1.2's core schema, so that `no` stays the
word "no". Duplicate keys, tags, more than one document, deep nesting and aliases that grow without
bound are refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

import yaml

from backtriage.errors import Issue, shorten
from backtriage.loader.folder import MOST_BYTES

MOST_NODES = 50_000
MOST_DEPTH = 40
_TOO_DEEP = f"the nesting is deeper than {MOST_DEPTH} levels"

_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULL = re.compile(r"null|Null|NULL|~|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,2})?")
_UNPRINTABLE = (
    re.compile(  # control characters, what cannot be seen, what turns the direction of the text
        "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
        "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
    )
)

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file, counted from 1."""

    file: str
    line: int
    column: int

    def build_issue(self, code: str, message: str, suggestion: str | None = None) -> Issue:
        """Something that is wrong here."""
        return Issue(
            code=code,
            message=message,
            suggestion=suggestion,
            file=self.file,
            line=self.line,
            column=self.column,
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


def read(data: bytes, file: str, issues: list[Issue]) -> Node | None:
    """Read one document; an empty one gives a Leaf of None.

    What is wrong is added to the issues. None: so wrong that the rest of the file says nothing.
    """
    reader = _EventReader(file, issues)
    try:
        return reader.read_document(yaml.parse(_decode(data, file), Loader=_PARSER))
    except yaml.MarkedYAMLError as error:
        issues.append(_syntax_issue(error, file))
    except _Abandoned as abandoned:
        issues.append(abandoned.issue)
    return None


def _decode(data: bytes, file: str) -> str:
    if len(data) > MOST_BYTES:
        message = f"the file has more than {MOST_BYTES:,} bytes"
        raise _Abandoned(
            Place(file, 1, 1).build_issue("too-large", message, "split it into two files")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = _place_after(
            error.object[: error.start].decode(), file
        )  # without the byte order mark
        message = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
        raise _Abandoned(place.build_issue("not-utf8", message, "save the file as UTF-8")) from None
    text = text.replace("\r\n", "\n")
    control = _UNPRINTABLE.search(text)
    if control is not None:
        raise _Abandoned(
            _control_character(control[0], _place_after(text[: control.start()], file))
        )
    return text


def _place_after(text: str, file: str) -> Place:
    return Place(file, text.count("\n") + 1, len(text) - text.rfind("\n"))


def _control_character(character: str, place: Place) -> Issue:
    if character == "\t":
        return place.build_issue("yaml-syntax", "a tab stands here", "use spaces")
    return place.build_issue(
        "control-character", f"the character U+{ord(character):04X} cannot be shown", "remove it"
    )


_ASTRAY = "this does not fit what stands before it"
_NO_TEXT = ("a text cannot begin like this", "put the text in quotes")
_UNCLOSED = ", or a comma is missing behind it"
_SYNTAX = {
    "mapping values are not allowed in this context": (
        '": " cannot stand here',
        'put a text with ": " in it in quotes, or mend the indentation',
    ),
    "block sequence entries are not allowed in this context": (
        '"- " cannot stand here',
        "begin a new line",
    ),
    "did not find expected key": (_ASTRAY, "mend the indentation, or put the whole text in quotes"),
    "did not find expected '-' indicator": (_ASTRAY, "mend the indentation"),
    "did not find expected node content": ("this cannot stand inside of { } or [ ]", None),
    "did not find expected <document start>": (_ASTRAY, "mend the indentation"),
    "found character that cannot start any token": _NO_TEXT,
    "did not find expected comment or line break": _NO_TEXT,
    "did not find expected alphabetic or numeric character": _NO_TEXT,
    "found unknown escape character": (
        "this \\ has no meaning",
        "use single quotes instead of double ones",
    ),
    "could not find expected ':'": (
        'a ":" is missing in this line',
        "write a key, a colon, a space and the value",
    ),
    "found unexpected end of stream": ("the quote that begins here is not closed", None),
    "did not find expected ',' or '}'": ("the { here is not closed" + _UNCLOSED, None),
    "did not find expected ',' or ']'": ("the [ here is not closed" + _UNCLOSED, None),
}
"""What libyaml says, and what it means to somebody who writes rules."""

_AT_THE_BEGINNING = (
    "could not find expected ':'",
    "found unexpected end of stream",
    "did not find expected ','",
)


def _syntax_issue(error: yaml.MarkedYAMLError, file: str) -> Issue:
    problem = error.problem or ""
    marks = [error.problem_mark, error.context_mark]
    mark = next(
        (
            mark
            for mark in (reversed(marks) if problem.startswith(_AT_THE_BEGINNING) else marks)
            if mark
        ),
        None,
    )
    place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
    if (
        problem == "exceeded maximum nesting depth"
    ):  # libyaml reads ahead, and has had a limit of its own since 0.2.6
        return place.build_issue("too-deep", _TOO_DEEP)
    said = ", ".join(part for part in (error.context, problem) if part)
    message, suggestion = _SYNTAX.get(problem, (said or "this is not YAML", None))
    return place.build_issue("yaml-syntax", message, suggestion)


class _Abandoned(Exception):
    """The file is not worth reading on; the issue says why."""

    def __init__(self, issue: Issue) -> None:
        self.issue = issue
        super().__init__()


class _EventReader:
    """Builds nodes from parser events, one file at a time."""

    def __init__(self, file: str, issues: list[Issue]) -> None:
        self.file = file
        self.issues = issues
        self.anchors: dict[str, Node] = {}
        self.nodes = 0

    def read_document(self, events: Iterator[yaml.Event]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, depth=0)
            elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self._abandon(
                    event,
                    "two-documents",
                    "a second document begins here",
                    "make it a file of its own",
                )
        return root if root is not None else Leaf(Place(self.file, 1, 1), None)

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file, 1, 1)

    def _complain(
        self, event: yaml.Event, code: str, message: str, suggestion: str | None = None
    ) -> None:
        self.issues.append(self._place(event).build_issue(code, message, suggestion))

    def _abandon(
        self, event: yaml.Event, code: str, message: str, suggestion: str | None = None
    ) -> NoReturn:
        raise _Abandoned(self._place(event).build_issue(code, message, suggestion))

    def _node(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], depth: int) -> Node:
        self._count(event, depth)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, depth)
        assert isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent)
        if event.tag is not None:
            tag = shorten(event.tag.replace("tag:yaml.org,2002:", "!!"))
            self._abandon(event, "tag", f"the tag {tag} has no meaning here", "remove it")
        node = self._contents(event, events, depth)
        if event.anchor is not None:
            self.anchors[event.anchor] = node
        return node

    def _contents(
        self,
        event: yaml.ScalarEvent | yaml.CollectionStartEvent,
        events: Iterator[yaml.Event],
        depth: int,
    ) -> Node:
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, events, depth)
        if isinstance(event, yaml.ScalarEvent):
            return Leaf(self._place(event), self._scalar(event))
        return self._mapping(event, events, depth)

    def _count(self, event: yaml.Event, depth: int) -> None:
        if depth > MOST_DEPTH:
            self._abandon(event, "too-deep", _TOO_DEEP)
        self.nodes += 1
        if self.nodes > MOST_NODES:
            message = f"the file grows to more than {MOST_NODES:,} values"
            self._abandon(
                event, "too-large", message, "split it into two files, or use fewer aliases"
            )

    def _alias(self, event: yaml.AliasEvent, depth: int) -> Node:
        node = self.anchors.get(event.anchor or "")
        if node is None:
            message = f"nothing before this is marked &{event.anchor}"
            self._abandon(event, "yaml-syntax", message, "put a text that begins with * in quotes")
        self._count_copy(event, node, depth)
        return node

    def _count_copy(self, event: yaml.Event, node: Node, depth: int) -> None:
        """What an alias stands for counts as if it were written out."""
        inside = (
            node.items
            if isinstance(node, Sequence)
            else node.entries.values()
            if isinstance(node, Mapping)
            else ()
        )
        for part in inside:
            self._count(event, depth + 1)
            self._count_copy(event, part, depth + 1)

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
            key = self._key(_of_node(event), events, depth + 1)
            value = self._node(_of_node(next(events)), events, depth + 1)
            if key in node.entries:
                message = f'the key "{shorten(key)}" stands here twice, first in line {node.keys[key].line}'
                self._complain(event, "duplicate-key", message)
            else:
                node.entries[key], node.keys[key] = value, self._place(event)
        return node

    def _key(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], depth: int) -> str:
        """A key is the word that stands there, even if it would be a number elsewhere."""
        node = self._node(event, events, depth)
        if not isinstance(node, Leaf):
            self._abandon(
                event, "wrong-type", "a key must be a word", "is there a { or [ too many?"
            )
        return event.value if isinstance(event, yaml.ScalarEvent) else str(node.value)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        text: str = event.value
        if _UNPRINTABLE.search(text):
            self._abandon(
                event,
                "control-character",
                "the text has a character that cannot be shown",
                "remove it",
            )
        return text if event.style else _plain_value(text)


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
