"""FHIR forms as a renderer reads them: HL7's schema, which items are shown, FHIRPath."""

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
from fhirpathpy import compile as compile_path
from fhirpathpy.models import models

from backtriage.fhir.enable_when import EXPRESSION

Json = dict[str, Any]

SCHEMA = json.loads((Path(__file__).parent / "fhir" / "r4.schema.json").read_text())


@cache
def validator(kind: str) -> Any:
    schema = {**SCHEMA, "$ref": f"#/definitions/{kind}"}
    return jsonschema.validators.validator_for(schema)(schema)


def mistakes(resource: Json) -> list[str]:
    """What HL7's JSON Schema of R4 has against a resource, and against those within it."""
    inner = [one["resource"] for one in resource.get("entry", [])] + resource.get("contained", [])
    found = [
        f"{list(error.path)}: {error.message[:200]}"
        for error in validator(resource["resourceType"]).iter_errors(resource)
    ]
    return found + [mistake for one in inner for mistake in mistakes(one)]


def list_items(part: Json) -> Iterator[Json]:
    """All items of a form or response, in their order."""
    for item in part.get("item", []):
        yield item
        yield from list_items(item)


@cache
def path(expression: str) -> Callable[[Json], list[Any]]:
    """A FHIRPath expression as a function of the resource."""
    compiled = compile_path(expression, models["r4"])
    return lambda resource: list(compiled(resource, {"resource": resource}))


def evaluate_path(expression: str, resource: Json) -> bool | None:
    """What an expression says: true, false, or None where it is empty."""
    result = path(expression)(resource)
    assert result in ([], [True], [False]), result
    return result[0] if result else None


def shown(form: Json, response: Json) -> set[str]:
    """The linkIds of the items that a renderer shows, given the answers so far."""
    answers = {item["linkId"]: item["answer"] for item in list_items(response) if "answer" in item}
    return {item["linkId"] for item in _shown_in(form, answers, response)}


def _shown_in(part: Json, answers: Mapping[str, list[Json]], response: Json) -> Iterator[Json]:
    for item in part.get("item", []):
        if _is_enabled(item, answers, response):
            yield item
            yield from _shown_in(item, answers, response)


def _is_enabled(item: Json, answers: Mapping[str, list[Json]], response: Json) -> bool:
    for extension in item.get("extension", []):
        if extension["url"] == EXPRESSION:
            return evaluate_path(extension["valueExpression"]["expression"], response) is True
    conditions = [
        _holds(one, answers.get(one["question"], [])) for one in item.get("enableWhen", [])
    ]
    return not conditions or (any if item.get("enableBehavior") == "any" else all)(conditions)


def _holds(condition: Json, answers: list[Json]) -> bool:
    """A comparison as R4 words it: what is not there never compares."""
    operator = condition["operator"]
    if operator == "exists":
        return bool(answers) == condition["answerBoolean"]
    (wanted,) = (value for key, value in condition.items() if key.startswith("answer"))
    return any(_compares(operator, _value(answer), wanted) for answer in answers)


def _value(answer: Json) -> Any:
    (value,) = (value for key, value in answer.items() if key.startswith("value"))
    return value


def _compares(operator: str, given: Any, wanted: Any) -> bool:
    if operator == ">=":
        return bool(given >= wanted)
    if operator == "<":
        return bool(given < wanted)
    assert operator == "="
    return all(given[key] == wanted[key] for key in ("system", "code"))
