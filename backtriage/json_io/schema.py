"""JSON Schemas of what goes in, of what comes out, and of the files of a rule set."""

from collections.abc import Mapping
from typing import Any, assert_never

from pydantic import TypeAdapter

from backtriage.json_io.result import Told
from backtriage.loader.advice_shapes import AdviceShape, EmergencyNumbersShape
from backtriage.loader.shapes import (
    AreaShape,
    CasesShape,
    PatientsShape,
    RuleSetShape,
    Shape,
    SourcesShape,
)
from backtriage.model import (
    NOT_SURE,
    AskedTwice,
    Assessment,
    Choice,
    Number,
    Question,
    RuleSet,
    YesNo,
)

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
        "$defs": {"YesNo": _YES_NO, "YesNoWithCheck": _YES_NO_WITH_CHECK},
    }


def build_assessment_schema() -> dict[str, Any]:
    """What `assess` gives for each input: a result, or the errors in the input.

    A result is an assessment and what is told of it; with --brief, the assessment alone.
    """
    assessment, told = (
        TypeAdapter(part).json_schema(mode="serialization") for part in (Assessment, Told)
    )
    definitions = assessment.pop("$defs") | told.pop("$defs") | {"Question": _QUESTION}
    result = {
        "title": "Result",
        "description": "The assessment, and what a client needs to show and to go on.",
        "type": "object",
        "properties": assessment["properties"] | told["properties"],
        "required": assessment["required"] + told["required"],
    }
    definitions |= {"Assessment": assessment, "Result": result, "Translation": _TRANSLATION}
    for told in (result, assessment):
        told["properties"] = told["properties"] | {"translation": {"$ref": "#/$defs/Translation"}}
    for definition in definitions.values():
        definition.setdefault("additionalProperties", False)
    definitions["NextPrompt"]["properties"]["questions"]["items"] = {"$ref": "#/$defs/Question"}
    kinds = ("Result", "Assessment", "Errors")
    return {
        "$schema": _DIALECT,
        "title": "Result of assess",
        "anyOf": [{"$ref": f"#/$defs/{kind}"} for kind in kinds],
        "$defs": definitions | {"Errors": _ERRORS},
    }


def build_questions_schema() -> dict[str, Any]:
    """What `questions --format json` gives."""
    return {
        "$schema": _DIALECT,
        "title": "Questions",
        "type": "array",
        "items": {"$ref": "#/$defs/Question"},
        "$defs": {"Question": _QUESTION},
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


_TRANSLATION: dict[str, Any] = {
    "title": "Translation",
    "description": "Only where the result is told in another language: which, the SHA-256 of the "
    "catalogue, and how many texts it has no translation of that can be used.",
    "type": "object",
    "required": ["language", "hash", "missing"],
    "properties": {
        "language": {"type": "string"},
        "hash": {"type": "string"},
        "missing": {"type": "integer", "minimum": 0},
    },
}


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


_TEXT = {"type": "string"}
_TEXT_OR_NULL = {"type": ["string", "null"]}

_QUESTION: dict[str, Any] = {
    "title": "Question",
    "description": "A question with all that a form needs. `not_sure` is what "
    '"not sure" counts as; null means that it is refused. `ask_if` is a condition in the words of '
    "the rule language: the question need be asked only where it can hold; null means always.",
    "type": "object",
    "required": [
        "id", "area", "area_title", "label", "ask", "why", "kind", "not_sure", "background",
        "ask_if",
    ],
    "properties": {
        "id": _TEXT, "area": _TEXT, "area_title": _TEXT, "label": _TEXT, "ask": _TEXT,
        "why": _TEXT,
        "kind": {"enum": ["yes_no", "number", "choice"]},
        "not_sure": {"type": ["string", "number", "null"]},
        "background": {"type": "boolean"},
        "ask_if": {"type": ["object", "null"]},
        "list": _TEXT_OR_NULL | {"description": "Of yes_no: the list that asks it with others."},
        "list_ask": _TEXT_OR_NULL,
        "item": _TEXT_OR_NULL | {"description": "How it stands in the list; null: by its label."},
        "check": _TEXT_OR_NULL | {
            "description": "Of yes_no: what whoever is not sure is asked once more; null: nothing."
        },
        "unit": _TEXT | {"description": "Of number."},
        "minimum": {"type": "number"},
        "maximum": {"type": "number"},
        "options": {
            "description": "Of choice.",
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "label"],
                "properties": {"id": _TEXT, "label": _TEXT},
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}  # fmt: skip


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


_PLAIN = ["yes", "no", str(NOT_SURE), True, False, None]
_YES_NO: dict[str, Any] = {
    "description": "The answer to a yes/no question; null is not known.",
    "enum": _PLAIN,
}
"""One type for nearly all answers, so that a client made from the schema stays short."""
_YES_NO_WITH_CHECK: dict[str, Any] = {
    "description": 'The answer to a yes/no question with a check. After a "not sure" and the '
    "check, both answers stand in one text.",
    "enum": [*_PLAIN, *map(str, AskedTwice)],
}


def _of_question(question: Question) -> dict[str, Any]:
    schema: dict[str, Any] = {"title": question.label, "description": question.ask}
    open_ended = [{"const": str(NOT_SURE)}, {"type": "null"}]
    match question:
        case YesNo():
            kind = "YesNoWithCheck" if question.check else "YesNo"
            return schema | {"$ref": f"#/$defs/{kind}"}
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
