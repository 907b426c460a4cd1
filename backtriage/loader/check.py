"""Node -> shape: every way in which a file can have the wrong shape, as issues with a place."""

from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from backtriage.errors import Issue, did_you_mean
from backtriage.loader.yaml_nodes import Leaf, Mapping, Node, Place, Sequence

T = TypeVar("T")


def to_data(node: Node) -> Any:
    """The node without its places: dicts, lists and single values."""
    match node:
        case Leaf(_, value):
            return value
        case Sequence(_, items):
            return [to_data(item) for item in items]
        case Mapping(_, entries):
            return {key: to_data(value) for key, value in entries.items()}


def fits(shape: TypeAdapter[T], node: Node, issues: list[Issue]) -> T | None:
    """The node as its shape, or None after adding to the issues what is wrong with it."""
    try:
        return shape.validate_python(to_data(node))
    except ValidationError as error:
        details = error.errors(include_url=False)
        issues += [_issue(detail, node, _known_keys(shape)) for detail in details]
        return None


def child(node: Node, key: str) -> Node | None:
    """What stands under a key, if the node is a mapping that has it."""
    return node.entries.get(key) if isinstance(node, Mapping) else None


def children(node: Node | None) -> list[Node]:
    """The items of a sequence; none of anything else."""
    return node.items if isinstance(node, Sequence) else []


def _issue(detail: ErrorDetails, node: Node, known: list[str]) -> Issue:
    path = list(detail["loc"])
    if path and path[0] in ("yes_no", "number", "choice"):  # pydantic's own note of the kind, not a key
        path = path[1:]
    key = str(path[-1]) if path else ""
    kind = detail["type"]
    if kind == "missing":
        return _missing(_place(node, path[:-1]), key)
    if kind == "extra_forbidden":
        return _place_of_key(node, path).issue("unknown-key", f'the key "{key}" is unknown', did_you_mean(key, known))
    place = _place(node, path)
    if kind == "union_tag_not_found":
        return place.issue("missing-key", '"kind" is missing', "write yes_no, number or choice")
    if kind == "union_tag_invalid":
        return _not_one_of(_place(node, ["kind"]), to_data(node)["kind"], detail["ctx"]["expected_tags"])
    if kind == "literal_error":
        return _not_one_of(place, detail["input"], detail["ctx"]["expected"].replace(" or ", ", "))
    if kind == "string_pattern_mismatch":
        return _bad_pattern(node, path, detail)
    if kind in ("string_too_short", "too_short"):
        return place.issue("empty", f'"{key}" has too little in it' if key else "this is empty")
    message = detail["msg"][0].lower() + detail["msg"][1:]
    return place.issue("wrong-type", f'"{key}": {message}' if key else message)


def _missing(place: Place, key: str) -> Issue:
    if key == "not_sure":
        return place.issue("missing-not-sure", '"not_sure" is missing', 'decide what "not sure" counts as')
    return place.issue("missing-key", f'"{key}" is missing')


def _not_one_of(place: Place, given: object, expected: str) -> Issue:
    words = [word.strip(" '") for word in expected.split(",")]
    near = did_you_mean(given, words) if isinstance(given, str) else None
    return place.issue("wrong-value", f'"{given}" is not one of {", ".join(words)}', near)


def _bad_pattern(node: Node, path: list[int | str], detail: ErrorDetails) -> Issue:
    if path and path[-1] == "version":
        return _place(node, path).issue("wrong-value", "a version has three numbers", 'write it as "1.0.0", in quotes')
    place = _place_of_key(node, path[:-1]) if path and path[-1] == "[key]" else _place(node, path)
    return place.issue("bad-id", f'"{detail["input"]}" is not an id', "use small letters, digits and _")


def _walk(node: Node, path: list[int | str]) -> tuple[Node, list[int | str]]:
    """The deepest node on the path, and what is left of the path there."""
    for depth, part in enumerate(path):
        inside = _step(node, part)
        if inside is None:
            return node, path[depth:]
        node = inside
    return node, []


def _step(node: Node, part: int | str) -> Node | None:
    if isinstance(node, Mapping) and isinstance(part, str):
        return node.entries.get(part)
    if isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
        return node.items[part]
    return None


def _place(node: Node, path: list[int | str]) -> Place:
    return _walk(node, path)[0].place


def _place_of_key(node: Node, path: list[int | str]) -> Place:
    parent = _walk(node, path[:-1])[0]
    if isinstance(parent, Mapping) and path and path[-1] in parent.keys:
        return parent.keys[str(path[-1])]
    return parent.place


def _known_keys(shape: TypeAdapter[Any]) -> list[str]:
    """Every key of the shape, at any depth: good enough for suggestions."""
    schema = shape.json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return [key for part in parts for key in part.get("properties", {})]
