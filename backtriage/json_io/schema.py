"""JSON Schemas of what goes in, of what comes out, and of the files of a rule set."""

from collections.abc import Mapping
from typing import Any, assert_never

from pydantic import TypeAdapter

from backtriage.loader.advice_shapes import AdviceShape, EmergencyNumbersShape
from backtriage.loader.shapes import (
    AreaShape,
    CasesShape,
    PatientsShape,
    RuleSetShape,
    Shape,
    SourcesShape,
)
from backtriage.model import NOT_SURE, Assessment, Choice, Number, Question, RuleSet, YesNo

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def build_answers_schema(rule_set: RuleSet) -> dict[str, Any]:
    """The plain form of what `assess` takes: one object, in which nothing is required.

    What is missing stays open.
    Beyond it `assess` also understands other words, such as "y", "don't know" or the label of an
    option.
    """
    return {
        "$schema": _DIALECT,
        "title": f"Answers to {rule_set.id} {rule_set.version}",
        "description": "The plain form; assess understands other words too. "
        "What is missing or null is not known.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: _of_question(question) for name, question in rule_set.questions.items()
        },
    }


def build_assessment_schema() -> dict[str, Any]:
    """What `assess` gives for each input: an assessment, or the errors in the input."""
    schema = TypeAdapter(Assessment).json_schema(mode="serialization")
    definitions = schema.pop("$defs") | {"Assessment": schema, "Errors": _ERRORS}
    for definition in definitions.values():
        definition.setdefault("additionalProperties", False)
    return {
        "$schema": _DIALECT,
        "title": "Result of assess",
        "anyOf": [{"$ref": "#/$defs/Assessment"}, {"$ref": "#/$defs/Errors"}],
        "$defs": definitions,
    }


FILES: Mapping[str, type[Shape]] = {
    "ruleset": RuleSetShape,
    "area": AreaShape,
    "advice": AdviceShape,
    "sources": SourcesShape,
    "emergency_numbers": EmergencyNumbersShape,
    "cases": CasesShape,
    "patients": PatientsShape,
}
"""What the files of a rule set are made of, by the kind of file."""


def build_file_schema(kind: str) -> dict[str, Any]:
    """A file of a rule set folder, by its kind: a key of FILES."""
    return build_shape_schema(FILES[kind])


def build_shape_schema(shape: type[Shape]) -> dict[str, Any]:
    """A file of YAML by its shape.

    In the dialect that editors know (draft 7), so that they complete keys and mark mistakes while
    somebody writes.
    """
    schema = TypeAdapter(shape).json_schema()
    definitions = schema.pop("$defs", {}) | {"Condition": _CONDITION}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        **_with_conditions(schema | {"$defs": definitions}),
    }


def _with_conditions(schema: Any) -> Any:
    """Put the schema of conditions where a shape has only a mark for it."""
    if isinstance(schema, list):
        return [_with_conditions(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("condition") is True:
        return {"$ref": "#/$defs/Condition"}
    return {key: _with_conditions(part) for key, part in schema.items()}


_ERRORS: dict[str, Any] = {
    "title": "Errors",
    "description": "Why there is no assessment. "
    "`line` is the line of the input, where it is JSON Lines.",
    "type": "object",
    "required": ["errors"],
    "properties": {
        "line": {"type": "integer", "minimum": 1},
        "errors": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["code", "message"],
                "additionalProperties": False,
                "properties": {
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "suggestion": {"type": "string"},
                    "path": {"type": "string", "description": "The question."},
                },
            },
        },
    },
}


_CONDITION: dict[str, Any] = {
    "description": "Several keys: all of them. "
    "A key is a question, a definition, or all, any, not, at_least.",
    "type": "object",
    "minProperties": 1,
    "properties": {
        "all": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Condition"}},
        "any": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Condition"}},
        "not": {"$ref": "#/$defs/Condition"},
        "at_least": {
            "type": "object",
            "required": ["count", "of"],
            "additionalProperties": False,
            "properties": {
                "count": {"type": "integer", "minimum": 1},
                "of": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/Condition"}},
            },
        },
    },
    "additionalProperties": {
        "oneOf": [
            {"type": "string"},
            {"type": "array", "minItems": 1, "items": {"type": "string"}},
            {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": False,
                "properties": {
                    "at_least": {"type": ["number", "string"]},
                    "below": {"type": ["number", "string"]},
                },
            },
        ]
    },
}
"""What `loader.condition_parser` reads, as far as a schema can say it without knowing the names."""


def _of_question(question: Question) -> dict[str, Any]:
    schema: dict[str, Any] = {"title": question.label, "description": question.ask}
    open_ended = [{"const": str(NOT_SURE)}, {"type": "null"}]
    match question:
        case YesNo():
            return schema | {"anyOf": [{"type": "boolean"}, {"enum": ["yes", "no"]}, *open_ended]}
        case Choice():
            options = [{"const": option.id, "title": option.label} for option in question.options]
            return schema | {"anyOf": [*options, *open_ended]}
        case Number():
            number = {"type": "number", "minimum": question.minimum, "maximum": question.maximum}
            text = {"type": "string", "description": "A number with its unit in words."}
            number |= {"description": f"Counted in: {question.unit}."}
            # "not sure" is refused where the question has no value for it
            unsettled = open_ended[1:] if question.not_sure is None else open_ended
            return schema | {"anyOf": [number, text, *unsettled]}
        case _:
            assert_never(question)
