"""Node -> shape: every way in which a file can have the wrong shape, as issues with a place."""

import re
from difflib import get_close_matches
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from backtriage.errors import Issue, shorten, suggest_nearest
from backtriage.loader.advice_shapes import COUNTRY_PATTERN
from backtriage.loader.shapes import ID_PATTERN
from backtriage.loader.yaml_nodes import (
    Leaf,
    MappingNode,
    Node,
    Place,
    build_data,
    get_child,
    get_deepest,
    get_place,
    get_place_of_key,
)
from backtriage.units import list_units

T = TypeVar("T")


def fit(shape: TypeAdapter[T], node: Node, issues: list[Issue]) -> T | None:
    """The node as its shape, or None after adding to the issues what is wrong with it."""
    try:
        return shape.validate_python(build_data(node))
    except ValidationError as error:
        details = _without_echoes(error.errors(include_url=False))
        known, meant = _list_keys(shape), _find_misspelt(details)
        # a key that is missing because it is misspelt is told where it is misspelt
        to_tell = [detail for detail in details if _keys(detail) not in meant.values()]
        issues += [_issue(detail, node, known, meant) for detail in to_tell]
        return None


def _without_echoes(details: list[ErrorDetails]) -> list[ErrorDetails]:
    """The errors of pydantic, without those of lists that are too short because of faulty items.

    pydantic counts only the good items; somebody who has written two, one of them wrong, would be
    told to write another.
    """
    faulty = [detail["loc"] for detail in details]

    def is_echo(detail: ErrorDetails) -> bool:
        where, size = detail["loc"], len(detail["loc"])
        inside = any(len(other) > size and other[:size] == where for other in faulty)
        return inside and detail["type"] == "too_short"

    return [detail for detail in details if not is_echo(detail)]


def get_id(node: Node | None) -> str | None:
    """The id that a node gives, if it is one."""
    value = node.value if isinstance(node, Leaf) else None
    return value if isinstance(value, str) and re.fullmatch(ID_PATTERN, value) else None


Keys = tuple[int | str, ...]
"""What leads from a node to another inside of it: keys, and the numbers of items."""

_NEEDS = {
    "string_type": ("be a text", None),
    "tuple_type": ("be a list", 'begin each line with "- "'),
    "dict_type": ('have lines of "key: value"', None),
    "model_type": ('have lines of "key: value"', None),
    "model_attributes_type": ('have lines of "key: value"', None),
    "bool_type": ("be true or false", None),
    "int_type": ("be a whole number", None),
}


def _keys(detail: ErrorDetails) -> Keys:
    keys = detail["loc"]
    # pydantic notes the kind of a question in front, which is no key
    of_kind = len(keys) > 1 and keys[0] in ("yes_no", "number", "choice")
    return keys[1:] if of_kind else keys


def _find_misspelt(details: list[ErrorDetails]) -> dict[Keys, Keys]:
    """For each unknown key that is near to one that is missing beside it: what is meant."""
    missing = [_keys(detail) for detail in details if detail["type"] == "missing"]
    unknown = [_keys(detail) for detail in details if detail["type"] == "extra_forbidden"]
    meant = {}
    for keys in unknown:
        beside = [str(other[-1]) for other in missing if other[:-1] == keys[:-1]]
        near = get_close_matches(str(keys[-1]), beside, n=1, cutoff=0.5)
        if near:
            meant[keys] = (*keys[:-1], near[0])
    return meant


def _issue(detail: ErrorDetails, node: Node, known: list[str], meant: dict[Keys, Keys]) -> Issue:
    """An error of pydantic in the words of people who write rules, at its place in the file."""
    keys, kind = _keys(detail), detail["type"]
    key = str(keys[-1]) if keys else ""
    if kind == "missing":
        return _missing(get_place(node, *keys[:-1]), key)
    if kind == "extra_forbidden":
        hint = f'did you mean "{meant[keys][-1]}"?' if keys in meant else None
        return _unknown_key(get_place_of_key(node, *keys), key, hint, known)
    if kind == "union_tag_not_found":
        return _no_kind(node, known)
    if kind == "union_tag_invalid":
        return _not_one_of(get_child(node, "kind") or node, "kind", detail["ctx"]["expected_tags"])
    if kind == "literal_error":
        expected = detail["ctx"]["expected"].replace(" or ", ", ")
        return _not_one_of(get_deepest(node, keys), key, expected)
    a_number = isinstance(detail["input"], int | float)
    if kind == "string_pattern_mismatch" or key == "version" or (key == "id" and a_number):
        return _bad_pattern(node, keys, detail)
    place = get_place(node, *keys)
    if kind in ("string_too_short", "too_short"):
        least = detail["ctx"]["min_length"]
        return _empty(place, key, f"needs at least {least}" if least > 1 else "is empty")
    return _wrong_type(place, key, detail)


def _unknown_key(place: Place, key: str, suggestion: str | None, known: list[str]) -> Issue:
    """A key that cannot stand here; `known` are those that can stand anywhere in the part."""
    if key in known and suggestion is None:
        return place.build_issue("unknown-key", f'the key "{key}" does not belong here')
    message = f'the key "{shorten(key)}" is unknown'
    return place.build_issue("unknown-key", message, suggestion or suggest_nearest(key, known))


_WHAT_TO_WRITE = {
    "worse": (
        "write the more worrying answer: yes or no; higher or lower for a number; "
        "later for options; or neither"
    ),
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
    """A question that does not say of which kind it is, perhaps because the key is misspelt."""
    keys = node.keys if isinstance(node, MappingNode) else {}
    near = get_close_matches("kind", [key for key in keys if key not in known], n=1)
    if near:
        return _unknown_key(keys[near[0]], near[0], 'did you mean "kind"?', [])
    return _missing(node.place, "kind")


def _not_one_of(node: Node, key: str, expected: str) -> Issue:
    words = [word.strip(" '") for word in expected.split(",")]
    given = node.value if isinstance(node, Leaf) else None
    if isinstance(given, str):
        message = f'"{shorten(given)}" is not one of {", ".join(words)}'
        return node.place.build_issue("wrong-value", message, suggest_nearest(given, words))
    if isinstance(node, Leaf) and given is None:
        return _empty(node.place, key, "is empty")
    return node.place.build_issue("wrong-value", f'"{key}" must be one of {", ".join(words)}')


def _bad_pattern(node: Node, keys: Keys, detail: ErrorDetails) -> Issue:
    place = get_place(node, *keys)
    if keys and keys[-1] == "version":
        message = "a version has three numbers"
        return place.build_issue("wrong-value", message, 'write it as "1.0.0", in quotes')
    if keys and keys[-1] == "[key]":  # pydantic's mark for the key before it
        place = get_place_of_key(node, *keys[:-1])
    given = _shown(detail["input"])
    if detail.get("ctx", {}).get("pattern") == COUNTRY_PATTERN:
        message = f'"{given}" is not the code of a country'
        return place.build_issue("bad-id", message, "use its two letters (ISO 3166) in capitals")
    suggestion = "use small letters, digits and _, and begin with a letter"
    return place.build_issue("bad-id", f'"{given}" is not an id', suggestion)


def _wrong_type(place: Place, key: str, detail: ErrorDetails) -> Issue:
    kind, given = detail["type"], detail["input"]
    if given is None:
        return _empty(place, key, "is empty")
    name = f'"{key}"' if key and not key.isdigit() else "this"
    if kind in ("less_than_equal", "greater_than_equal"):
        bounds = detail["ctx"]
        bound = f"{bounds['le']} or less" if "le" in bounds else f"{bounds['ge']} or more"
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


@cache
def _list_keys(shape: TypeAdapter[Any]) -> list[str]:
    """Every key of the shape, at any depth: good enough for suggestions."""
    schema = shape.json_schema()
    parts = [schema, *schema.get("$defs", {}).values()]
    return [key for part in parts for key in part.get("properties", {})]
