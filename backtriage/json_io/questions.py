"""RuleSet -> the list of its questions, as JSON or text, so that a form can be built from it."""

import json
import textwrap
from typing import Any, assert_never

from backtriage.answers import describe_not_sure
from backtriage.loader.condition_writer import build_condition_data
from backtriage.model import (
    Area,
    Choice,
    Number,
    Question,
    RuleSet,
    YesNo,
)
from backtriage.units import describe_quantity


def render_json(rule_set: RuleSet) -> str:
    """A JSON array with one object per question, in the order of asking.

    `ask_if` is in the words of the rule language, with definitions written out, so that a form
    needs nothing else.
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
