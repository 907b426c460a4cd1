"""A part of a resource -> where it is not as R4 has it, by HL7's JSON Schema.

`r4_types.json` is what that says of a response, a Patient and a Bundle. Whatever is given back as
it was sent is held to it, so that what is written is R4 too.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from backtriage.errors import Issue, shorten, suggest_nearest
from backtriage.fhir.shape import At

_CHANGES_MEANING = ("modifierExtension", "implicitRules")

_NOTHING = object()

_Schema = Mapping[str, Any]

_REQUIRED: Mapping[str, tuple[str, ...]] = {"Extension": ("url",), "Narrative": ("status",)}
"""What R4 asks for beyond what its schema says."""

_PYTHON: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
}


def list_elements(kind: str) -> Collection[str]:
    """The elements that R4 has in a resource or in a part of one."""
    elements: Mapping[str, _Schema] = _load_types()[kind]["properties"]
    return elements.keys()


def list_odd_elements(
    part: Mapping[str, Any], kind: str, at: At, *, besides: Collection[str] = ()
) -> Iterator[Issue]:
    """What is wrong with the elements of a resource or of a part of one, besides those with these
    names: R4 does not have it there, or not so, or it may change what the rest means.

    Nothing is passed over: what it says would be lost.
    """
    known = _load_types()[kind]["properties"]
    for name, value in part.items():
        if name in _CHANGES_MEANING:
            message = f"{name} may change what all of this means, and is not understood"
            yield at.build_issue("cannot-ignore", message, "send it without, if it holds without")
        elif name == "group" and name not in known:
            yield at.build_issue("other-fhir-version", "this is a response of DSTU2", "send R4")
        elif name in besides:
            pass
        elif name in known:
            yield from _check(value, known[name], at.move_to(name), name)
        else:
            message = f'R4 has no "{shorten(name)}" here'
            way_out = suggest_nearest(name, known) or "leave it out, or put it into an extension"
            yield at.build_issue("unknown-element", message, way_out)


def list_resource_issues(resource: object, at: At) -> Iterator[Issue]:
    """What is wrong with a resource; of most kinds only whether it is one."""
    kind = resource.get("resourceType") if isinstance(resource, Mapping) else None
    if not isinstance(kind, str) or not kind.isalpha():
        yield at.build_issue("not-r4", "this is no resource: it has no resourceType")
    elif kind in _load_types():
        yield from _check(resource, _load_types()[kind], at, kind)


@cache
def _load_types() -> Mapping[str, _Schema]:
    text = files("backtriage.fhir").joinpath("r4_types.json").read_text(encoding="utf-8")
    types: Mapping[str, _Schema] = json.loads(text)
    return types


def _check(value: object, schema: _Schema, at: At, name: str) -> Iterator[Issue]:
    """`name` is how the type, or else the element, is called."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = _load_types()[name]
    if name == "ResourceList":
        yield from list_resource_issues(value, at)
    elif "properties" in schema:
        yield from _check_object(value, schema, at, name)
    elif schema.get("type") == "array":
        yield from _check_list(value, schema["items"], at, name)
    elif not _is_primitive(value, schema):
        yield at.build_issue("not-r4", f"{_show(value)} is no {name}")


def _check_object(value: object, schema: _Schema, at: At, name: str) -> Iterator[Issue]:
    if not isinstance(value, Mapping) or not value:
        yield at.build_issue("not-r4", f"{_show(value)} is no {name}")
        return
    known = schema["properties"]
    for element in value:
        if element in known:
            yield from _check(
                _leave_out_nulls(value, element), known[element], at.move_to(element), element
            )
        else:
            message = f'R4 has no "{shorten(element)}" in a {name}'
            yield at.build_issue("unknown-element", message, suggest_nearest(element, known))
    for element in (*schema.get("required", ()), *_REQUIRED.get(name, ())):
        if element not in value and f"_{element}" not in value:
            yield at.build_issue("not-r4", f'a {name} must have "{element}"')


def _check_list(value: object, schema: _Schema, at: At, name: str) -> Iterator[Issue]:
    if not isinstance(value, list) or not value:
        yield at.build_issue("not-r4", f"{name} must be a list, and not empty")
        return
    for place, one in enumerate(value):
        if one is not _NOTHING:
            yield from _check(one, schema, at.move_to(f"[{place}]"), name)


def _leave_out_nulls(part: Mapping[str, Any], element: str) -> object:
    """The value of an element, with `_NOTHING` where null stands in a list and may: the values of
    primitives and their extensions stand in two lists.
    """
    value = part[element]
    other = element.removeprefix("_") if element.startswith("_") else f"_{element}"
    if not isinstance(value, list) or not isinstance(part.get(other), list):
        return value
    return [_NOTHING if one is None else one for one in value]


def _is_primitive(value: object, schema: _Schema) -> bool:
    if "enum" in schema:
        return value in schema["enum"]
    if "const" in schema:
        return bool(value == schema["const"])
    wanted = schema.get("type", "string")
    # bool is an int to Python
    if not isinstance(value, _PYTHON[wanted]) or (isinstance(value, bool) != (wanted == "boolean")):
        return False
    pattern = schema.get("pattern")
    return pattern is None or not isinstance(value, str) or bool(re.fullmatch(pattern, value))


def _show(value: object) -> str:
    if isinstance(value, str):
        return f'"{shorten(value)}"'
    if isinstance(value, int | float) or value is None:
        return shorten(json.dumps(value))
    return "this"
