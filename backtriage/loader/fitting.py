"""Node -> shape: every way in which a file can have the wrong shape, as issues with a place."""

import re
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from backtriage.errors import Issue, shorten, suggest_nearest
from backtriage.loader.shapes import COUNTRY_PATTERN, ID_PATTERN
from backtriage.loader.yaml_nodes import Leaf, Mapping, Node, Place, Sequence
from backtriage.units import list_units

T = TypeVar("T")


def build_data(node: Node) -> Any:
    """The node without its places: dicts, lists and single values."""
    match node:
        case Leaf(_, value):
            return value
        case Sequence(_, items):
            return [build_data(item) for item in items]
        case Mapping(_, entries):
            return {key: build_data(value) for key, value in entries.items()}


def fit(shape: TypeAdapter[T], node: Node, issues: list[Issue]) -> T | None:
    """The node as its shape, or None after adding to the issues what is wrong with it."""
    try:
        return shape.validate_python(build_data(node))
    except ValidationError as error:
        details, known = _without_echoes(error.errors(include_url=False)), _known_keys(shape)
        misspelt = _misspelt(details)
        issues += [
            _issue(detail, node, known, misspelt)
            for detail in details
            if _path(detail) not in misspelt.values()
        ]
        return None


def _without_echoes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """A list whose items are faulty is not also too short, although pydantic counts only the good ones."""
    faulty = [detail["loc"] for detail in details]
    return [
        detail
        for detail in details
        if detail["type"] != "too_short"
        or not any(
            loc[: len(detail["loc"])] == detail["loc"] and loc != detail["loc"] for loc in faulty
        )
    ]


def get_child(node: Node, key: str) -> Node | None:
    """What stands under a key, if the node is a mapping that has it."""
    return node.entries.get(key) if isinstance(node, Mapping) else None


def get_children(node: Node | None) -> list[Node]:
    """The items of a sequence; none of anything else."""
    return node.items if isinstance(node, Sequence) else []


def get_id(node: Node | None) -> str | None:
    """The id that a node gives, if it is one."""
    value = node.value if isinstance(node, Leaf) else None
    return value if isinstance(value, str) and re.fullmatch(ID_PATTERN, value) else None


Path = tuple[int | str, ...]

_NEEDS = {
    "string_type": ("be a text", None),
    "tuple_type": ("be a list", 'begin each line with "- "'),
    "dict_type": ('have lines of "key: value"', None),
    "model_type": ('have lines of "key: value"', None),
    "model_attributes_type": ('have lines of "key: value"', None),
    "bool_type": ("be true or false", None),
    "int_type": ("be a whole number", None),
}


def _path(detail: ErrorDetails) -> Path:
    path = detail["loc"]
    of_kind = len(path) > 1 and path[0] in (
        "yes_no",
        "number",
        "choice",
    )  # pydantic's own note of the kind, not a key
    return path[1:] if of_kind else path


def _misspelt(details: list[ErrorDetails]) -> dict[Path, Path]:
    """Unknown keys that are meant to be one that is missing beside them, with that key."""
    missing = [_path(detail) for detail in details if detail["type"] == "missing"]
    found = {}
    for path in (_path(detail) for detail in details if detail["type"] == "extra_forbidden"):
        beside = [str(other[-1]) for other in missing if other[:-1] == path[:-1]]
        near = get_close_matches(str(path[-1]), beside, n=1, cutoff=0.5)
        if near:
            found[path] = (*path[:-1], near[0])
    return found


def _issue(detail: ErrorDetails, node: Node, known: list[str], misspelt: dict[Path, Path]) -> Issue:
    path, kind = _path(detail), detail["type"]
    key = str(path[-1]) if path else ""
    if kind == "missing":
        return _missing(_place(node, path[:-1]), key)
    if kind == "extra_forbidden":
        meant = misspelt[path][-1] if path in misspelt else None
        return _unknown_key(
            _place_of_key(node, path), key, f'did you mean "{meant}"?' if meant else None, known
        )
    place = _place(node, path)
    if kind == "union_tag_not_found":
        return _no_kind(node, known)
    if kind == "union_tag_invalid":
        return _not_one_of(get_child(node, "kind") or node, "kind", detail["ctx"]["expected_tags"])
    if kind == "literal_error":
        return _not_one_of(_walk(node, path), key, detail["ctx"]["expected"].replace(" or ", ", "))
    a_number = isinstance(detail["input"], int | float)
    if kind == "string_pattern_mismatch" or key == "version" or (key == "id" and a_number):
        return _bad_pattern(node, path, detail)
    if kind in ("string_too_short", "too_short"):
        least = detail["ctx"]["min_length"]
        return _empty(place, key, f"needs at least {least}" if least > 1 else "is empty")
    return _wrong_type(place, key, detail)


def _unknown_key(place: Place, key: str, suggestion: str | None, known: list[str]) -> Issue:
    """A key that cannot stand here; `known` are those that can stand anywhere in the part."""
    if key in known and suggestion is None:
        return place.build_issue("unknown-key", f'the key "{key}" does not belong here')
    return place.build_issue(
        "unknown-key",
        f'the key "{shorten(key)}" is unknown',
        suggestion or suggest_nearest(key, known),
    )


_WHAT_TO_WRITE = {
    "worse": "write the more worrying answer: yes or no; higher or lower for a number; later for options; or neither",
    "unit": f"write one of {', '.join(list_units())}",
    "advice": "write seek_care_now or see_doctor_soon; in a case also home_care or open",
    "within_days": "write a number of days; 0 is today",
    "kind": "write yes_no, number or choice",
}
"""What stands under keys that must be there and have few values."""

_NOT_SURE = (
    'decide what "not sure" counts as: yes or no, a number, an option, or for a number refuse'
)


def _missing(place: Place, key: str) -> Issue:
    if key == "not_sure":
        return place.build_issue("missing-not-sure", '"not_sure" is missing', _NOT_SURE)
    return place.build_issue("missing-key", f'"{key}" is missing', _WHAT_TO_WRITE.get(key))


def _empty(place: Place, key: str, message: str) -> Issue:
    if key == "not_sure":
        return place.build_issue("missing-not-sure", '"not_sure" is empty', _NOT_SURE)
    if (place.line, place.column) == (1, 1):
        return place.build_issue("empty", "the file is empty")
    named = key and not key.isdigit()  # a digit is the number of an item
    return place.build_issue("empty", f'"{key}" {message}' if named else f"this {message}")


def _no_kind(node: Node, known: list[str]) -> Issue:
    unknown = [key for key in node.keys if key not in known] if isinstance(node, Mapping) else []
    near = get_close_matches("kind", unknown, n=1)
    if near:
        return _unknown_key(_place_of_key(node, (near[0],)), near[0], 'did you mean "kind"?', [])
    return node.place.build_issue(
        "missing-key", '"kind" is missing', "write yes_no, number or choice"
    )


def _not_one_of(node: Node, key: str, expected: str) -> Issue:
    words = [word.strip(" '") for word in expected.split(",")]
    given = node.value if isinstance(node, Leaf) else None
    if isinstance(given, str):
        message = f'"{shorten(given)}" is not one of {", ".join(words)}'
        return node.place.build_issue("wrong-value", message, suggest_nearest(given, words))
    if isinstance(node, Leaf) and given is None:
        return _empty(node.place, key, "is empty")
    return node.place.build_issue("wrong-value", f'"{key}" must be one of {", ".join(words)}')


def _bad_pattern(node: Node, path: Path, detail: ErrorDetails) -> Issue:
    if path and path[-1] == "version":
        return _place(node, path).build_issue(
            "wrong-value", "a version has three numbers", 'write it as "1.0.0", in quotes'
        )
    place = _place_of_key(node, path[:-1]) if path and path[-1] == "[key]" else _place(node, path)
    if detail.get("ctx", {}).get("pattern") == COUNTRY_PATTERN:
        message = f'"{_shown(detail["input"])}" is not the code of a country'
        return place.build_issue("bad-id", message, "use its two letters (ISO 3166) in capitals")
    message = f'"{_shown(detail["input"])}" is not an id'
    return place.build_issue(
        "bad-id", message, "use small letters, digits and _, and begin with a letter"
    )


def _wrong_type(place: Place, key: str, detail: ErrorDetails) -> Issue:
    kind, given = detail["type"], detail["input"]
    if given is None:
        return _empty(place, key, "is empty")
    name = f'"{key}"' if key and not key.isdigit() else "this"
    if kind in ("less_than_equal", "greater_than_equal"):
        bound = (
            f"{detail['ctx']['le']} or less"
            if "le" in detail["ctx"]
            else f"{detail['ctx']['ge']} or more"
        )
        return place.build_issue("out-of-range", f"{name} must be {bound}")
    needs, suggestion = _NEEDS.get(kind, (None, None))
    if needs is None:
        return place.build_issue("wrong-type", f"{name} cannot be {_shown(given)}", detail["msg"])
    if kind == "string_type" and isinstance(given, int | float):
        suggestion = "put it in quotes"
    return place.build_issue("wrong-type", f"{name} must {needs}", suggestion)


def _shown(given: object) -> str:
    if isinstance(given, list | dict):
        return "a list" if isinstance(given, list) else "a mapping"
    return str(given).lower() if isinstance(given, bool) else shorten(str(given))


def _walk(node: Node, path: Path) -> Node:
    """The deepest node on the path."""
    for part in path:
        inside = _step(node, part)
        if inside is None:
            return node
        node = inside
    return node


def _step(node: Node, part: int | str) -> Node | None:
    if isinstance(node, Mapping) and isinstance(part, str):
        return node.entries.get(part)
    if isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
        return node.items[part]
    return None


def _place(node: Node, path: Path) -> Place:
    return _walk(node, path).place


def _place_of_key(node: Node, path: Path) -> Place:
    parent = _walk(node, path[:-1])
    if isinstance(parent, Mapping) and path and path[-1] in parent.keys:
        return parent.keys[str(path[-1])]
    return parent.place


@cache
def _known_keys(shape: TypeAdapter[Any]) -> list[str]:
    """Every key of the shape, at any depth: good enough for suggestions."""
    schema = shape.json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return [key for part in parts for key in part.get("properties", {})]
