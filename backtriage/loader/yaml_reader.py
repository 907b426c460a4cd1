"""Text of a YAML file -> a tree of nodes that know their place.

The syntax is libyaml's. What plain words mean is YAML 1.2's core schema, so that `no` stays the
word "no": PyYAML's own loader would make it False, and of two equal keys it would keep the last.
Duplicate keys, tags, more than one document, deep nesting and aliases that grow without bound are
refused.
"""

import re
from collections.abc import Iterator
from typing import NoReturn

import yaml

from backtriage.errors import Issue, shorten
from backtriage.loader.folder import MOST_BYTES
from backtriage.loader.yaml_nodes import (
    Leaf,
    MappingNode,
    Node,
    Place,
    Scalar,
    SequenceNode,
    get_children,
)

MOST_NODES = 50_000
MOST_DEPTH = 40
_TOO_DEEP = f"the nesting is deeper than {MOST_DEPTH} levels"

# Only its parser is used; PyYAML can be built without the one in C, which takes half the time.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULL = re.compile(r"null|Null|NULL|~|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,2})?")
_UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
"""Control characters, what cannot be seen, and what turns the direction of the text."""


def read(data: bytes, file: str, issues: list[Issue]) -> Node | None:
    """Read one document; an empty one gives a Leaf of None.

    What is wrong is added to the issues. None: so wrong that the rest of the file says nothing.
    """
    reader = _EventReader(file, issues)
    try:
        return reader.read_document(yaml.parse(_decode(data, file), Loader=_PARSER))
    except yaml.MarkedYAMLError as error:
        issues.append(_explain_syntax(error, file))
    except _Abandoned as abandoned:
        issues.append(abandoned.issue)
    return None


def _decode(data: bytes, file: str) -> str:
    """The text of a file; raises _Abandoned where it is too long or has what cannot be shown."""
    if len(data) > MOST_BYTES:
        message = f"the file has more than {MOST_BYTES:,} bytes"
        place = Place(file, 1, 1)
        raise _Abandoned(place.build_issue("too-large", message, "split it into two files"))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # the object of the error is what stands behind a byte order mark
        place = _place_after(error.object[: error.start].decode(), file)
        message = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
        raise _Abandoned(place.build_issue("not-utf8", message, "save the file as UTF-8")) from None
    text = text.replace("\r\n", "\n")
    unprintable = _UNPRINTABLE.search(text)
    if unprintable is not None:
        place = _place_after(text[: unprintable.start()], file)
        raise _Abandoned(_build_unprintable(unprintable[0], place))
    return text


def _place_after(text: str, file: str) -> Place:
    """The place of what follows the text."""
    return Place(file, text.count("\n") + 1, len(text) - text.rfind("\n"))


def _build_unprintable(character: str, place: Place) -> Issue:
    if character == "\t":
        return place.build_issue("yaml-syntax", "a tab stands here", "use spaces")
    message = f"the character U+{ord(character):04X} cannot be shown"
    return place.build_issue("control-character", message, "remove it")


_ASTRAY = "this does not fit what stands before it"
_NO_TEXT = ("a text cannot begin like this", "put the text in quotes")
_UNCLOSED = ", or a comma is missing behind it"
_IN_WORDS = {
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
"""What libyaml says, and what it means: what is wrong, and what to do."""

_TOLD_AT_THE_BEGINNING = (
    "could not find expected ':'",
    "found unexpected end of stream",
    "did not find expected ','",
)
"""Where libyaml stops says little of these: the mistake is where the thing begins (its context)."""


def _explain_syntax(error: yaml.MarkedYAMLError, file: str) -> Issue:
    """The issue for what the parser could not read; in its own words where there are no better."""
    problem = error.problem or ""
    place = _place_of_mistake(error, problem, file)
    # libyaml reads ahead, and has had a limit of its own since 0.2.6
    if problem == "exceeded maximum nesting depth":
        return place.build_issue("too-deep", _TOO_DEEP)
    said = ", ".join(part for part in (error.context, problem) if part)
    message, suggestion = _IN_WORDS.get(problem, (said or "this is not YAML", None))
    return place.build_issue("yaml-syntax", message, suggestion)


def _place_of_mistake(error: yaml.MarkedYAMLError, problem: str, file: str) -> Place:
    marks = [error.problem_mark, error.context_mark]
    if problem.startswith(_TOLD_AT_THE_BEGINNING):
        marks.reverse()
    mark = next((mark for mark in marks if mark), None)
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)


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
        """The root of the only document, or a Leaf of None where there is none."""
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, events, depth=0)
            elif isinstance(event, yaml.DocumentStartEvent) and root is not None:
                message, suggestion = "a second document begins here", "make it a file of its own"
                self._abandon(event, "two-documents", message, suggestion)
        return root if root is not None else Leaf(Place(self.file, 1, 1), None)

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self.file, mark.line + 1, mark.column + 1) if mark else Place(self.file, 1, 1)

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
            suggestion = "split it into two files, or use fewer aliases"
            self._abandon(event, "too-large", message, suggestion)

    def _alias(self, event: yaml.AliasEvent, depth: int) -> Node:
        node = self.anchors.get(event.anchor or "")
        if node is None:
            message = f"nothing before this is marked &{event.anchor}"
            self._abandon(event, "yaml-syntax", message, "put a text that begins with * in quotes")
        self._count_copy(event, node, depth)
        return node

    def _count_copy(self, event: yaml.Event, node: Node, depth: int) -> None:
        """What an alias stands for counts as if it were written out, which `build_data` will do.

        Or else a few lines of aliases to aliases would fill every memory.
        """
        parts = node.entries.values() if isinstance(node, MappingNode) else get_children(node)
        for part in parts:
            self._count(event, depth + 1)
            self._count_copy(event, part, depth + 1)

    def _sequence(
        self, start: yaml.Event, events: Iterator[yaml.Event], depth: int
    ) -> SequenceNode:
        node = SequenceNode(self._place(start))
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            node.items.append(self._node(_of_node(event), events, depth + 1))
        return node

    def _mapping(self, start: yaml.Event, events: Iterator[yaml.Event], depth: int) -> MappingNode:
        node = MappingNode(self._place(start))
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._key(_of_node(event), events, depth + 1)
            value = self._node(_of_node(next(events)), events, depth + 1)
            if key in node.entries:
                first = f"first in line {node.keys[key].line}"
                message = f'the key "{shorten(key)}" stands here twice, {first}'
                self.issues.append(self._place(event).build_issue("duplicate-key", message))
            else:
                node.entries[key], node.keys[key] = value, self._place(event)
        return node

    def _key(self, event: yaml.NodeEvent, events: Iterator[yaml.Event], depth: int) -> str:
        """A key is the word that stands there, even if it would be a number elsewhere."""
        node = self._node(event, events, depth)
        if not isinstance(node, Leaf):
            suggestion = "is there a { or [ too many?"
            self._abandon(event, "wrong-type", "a key must be a word", suggestion)
        return event.value if isinstance(event, yaml.ScalarEvent) else str(node.value)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        text: str = event.value
        if _UNPRINTABLE.search(text):
            message = "the text has a character that cannot be shown"
            self._abandon(event, "control-character", message, "remove it")
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
