"""What a YAML file says as a tree of nodes that know their place, and ways to walk in it.

`yaml_reader` makes them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from backtriage.errors import Issue

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
class SequenceNode:
    """A list of nodes."""

    place: Place
    items: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MappingNode:
    """Keys, each with its place, and their nodes."""

    place: Place
    entries: dict[str, "Node"] = field(default_factory=dict)
    keys: dict[str, Place] = field(default_factory=dict)


Node = Leaf | SequenceNode | MappingNode


def build_data(node: Node) -> Any:
    """The node without its places: dicts, lists and single values."""
    match node:
        case Leaf(_, value):
            return value
        case SequenceNode(_, items):
            return [build_data(item) for item in items]
        case MappingNode(_, entries):
            return {key: build_data(value) for key, value in entries.items()}


def get_child(node: Node, key: str) -> Node | None:
    """What stands under a key, if the node is a mapping that has it."""
    return node.entries.get(key) if isinstance(node, MappingNode) else None


def get_children(node: Node | None) -> list[Node]:
    """The items of a sequence; none of anything else."""
    return node.items if isinstance(node, SequenceNode) else []


def get_deepest(node: Node, keys: Iterable[str | int]) -> Node:
    """What the keys and the numbers of items lead to from a node, as far as they do."""
    for key in keys:
        inside = _get_inside(node, key)
        if inside is None:
            return node
        node = inside
    return node


def _get_inside(node: Node, key: str | int) -> Node | None:
    if isinstance(key, str):
        return get_child(node, key)
    items = get_children(node)
    return items[key] if key < len(items) else None


def get_place(node: Node, *keys: str | int) -> Place:
    """Where that stands which the keys lead to, or else the last thing on the way to it."""
    return get_deepest(node, keys).place


def get_place_of_key(node: Node, *keys: str | int) -> Place:
    """Where the last of the keys itself stands, or else what it should stand in."""
    *way, last = keys
    parent = get_deepest(node, way)
    known = parent.keys if isinstance(parent, MappingNode) else {}
    return known.get(str(last), parent.place)
