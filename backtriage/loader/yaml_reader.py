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
from backtriage.loader.yaml_nodes import (
    Leaf,
    MappingNode,
    Node,
    Place,
    Scalar,
    SequenceNode,
    get_children,
)
from backtriage.loader.yaml_syntax import explain_syntax, place_mistake
from backtriage.loader.yaml_text import ODD, read_text
from backtriage.odd_characters import name_character

MOST_NODES = 50_000
MOST_DEPTH = 40
_TOO_DEEP = f"the nesting is deeper than {MOST_DEPTH} levels"

# Only its parser is used; PyYAML can be built without the one in C, which takes half the time.
_PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_NULL = re.compile(r"null|Null|NULL|~|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,2})?")


def read(data: bytes, file: str, issues: list[Issue]) -> Node | None:
    """Read one document; an empty one gives a Leaf of None.

    What is wrong is added to the issues. None: so wrong that the rest of the file says nothing.
    """
    text = read_text(data, file, issues)
    if text is None:
        return None
    try:
        return _EventReader(file, issues).read_document(yaml.parse(text, Loader=_PARSER))
    except yaml.MarkedYAMLError as error:
        issues.append(_explain(error, text, file))
    except _Abandoned as abandoned:
        issues.append(abandoned.issue)
    return None


def _explain(error: yaml.MarkedYAMLError, text: str, file: str) -> Issue:
    """The issue for what the parser could not read."""
    # libyaml reads ahead, and has had a limit of its own since 0.2.6
    if error.problem == "exceeded maximum nesting depth":
        return place_mistake(error, file).build_issue("too-deep", _TOO_DEEP)
    return explain_syntax(error, text, file)


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
        if odd := ODD.search(text):  # written out as \u00a0, or else `read_text` had found it
            message = f"the text has a character that cannot be shown: {name_character(odd[0])}"
            self._abandon(event, "control-character", message, "leave it out")
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
