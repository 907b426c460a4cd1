"""RuleSet -> the list of its questions, as JSON or text, so that a form can be built from it."""

import json
import textwrap
from collections.abc import Mapping
from typing import Any, assert_never

from backtriage.answers import describe_not_sure
from backtriage.model import (
    AllOf,
    AnyOf,
    Area,
    AtLeast,
    Between,
    Choice,
    Condition,
    Defined,
    Not,
    Number,
    OneOf,
    Question,
    RuleSet,
    YesNo,
)
from backtriage.units import describe_quantity


def render_json(rule_set: RuleSet) -> str:
    """A JSON array with one object per question, in the order of asking.

    `ask_if` is in the words of the rule language, with definitions written out, so that a form needs nothing else.
    """
    rows = [
        _row(question, area, rule_set) for area in rule_set.areas for question in area.questions
    ]
    return json.dumps(rows, indent=2) + "\n"


def render_text(rule_set: RuleSet, width: int) -> str:
    """The questions for a reader."""
    lines: list[str] = []
    for area in rule_set.areas:
        if area.questions:
            lines += [area.title, "-" * len(area.title), ""]
        for question in area.questions:
            lines += [
                question.id,
                *_indented(question.ask, width),
                *_indented(_answers(question), width),
                "",
            ]
    return "\n".join(lines)


def build_condition_data(
    condition: Condition, definitions: Mapping[str, Condition] | None = None
) -> dict[str, Any]:
    """The condition as it could stand in YAML, with these definitions written out in the place of their names."""
    match condition:
        case OneOf(question, values):
            return {question: values[0] if len(values) == 1 else list(values)}
        case Between(question, at_least, below):
            bounds = {"at_least": at_least, "below": below}
            return {question: {key: bound for key, bound in bounds.items() if bound is not None}}
        case Defined(name):
            written_out = (definitions or {}).get(name)
            return build_condition_data(written_out, definitions) if written_out else {name: "yes"}
        case Not(of):
            return {"not": build_condition_data(of, definitions)}
        case AllOf(of):
            return {"all": [build_condition_data(part, definitions) for part in of]}
        case AnyOf(of):
            return {"any": [build_condition_data(part, definitions) for part in of]}
        case AtLeast(count, of):
            return {
                "at_least": {
                    "count": count,
                    "of": [build_condition_data(part, definitions) for part in of],
                }
            }
        case _:
            assert_never(condition)


def _row(question: Question, area: Area, rule_set: RuleSet) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": question.id,
        "area": area.id,
        "area_title": area.title,
        "label": question.label,
        "ask": question.ask,
        "why": question.why,
        "kind": question.kind,
        "not_sure": question.not_sure,
        "background": question.background,
        "ask_if": build_condition_data(question.ask_if, rule_set.definitions)
        if question.ask_if
        else None,
    }
    match question:
        case YesNo():
            list_ask = rule_set.lists[question.list].ask if question.list else None
            return row | {"list": question.list, "list_ask": list_ask, "item": question.item}
        case Number():
            return row | {
                "unit": question.unit,
                "minimum": question.minimum,
                "maximum": question.maximum,
            }
        case Choice():
            return row | {
                "options": [{"id": option.id, "label": option.label} for option in question.options]
            }
        case _:
            assert_never(question)


def _answers(question: Question) -> str:
    match question:
        case YesNo():
            kind = "yes or no"
        case Number():
            kind = f"{describe_quantity(question.minimum, question.unit)} to {describe_quantity(question.maximum, question.unit)}"
        case Choice():
            kind = "; ".join(f"{option.id} ({option.label})" for option in question.options)
        case _:
            assert_never(question)
    return f"Answers: {kind}. Not sure counts as: {describe_not_sure(question)}."


def _indented(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="  ")
