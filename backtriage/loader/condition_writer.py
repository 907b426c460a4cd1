"""Condition -> the data, or the YAML, that `condition_parser` could read it from."""

from collections.abc import Mapping
from typing import Any, assert_never

from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Condition,
    Defined,
    Not,
    Number,
    OneOf,
    Question,
    RuleSet,
)
from backtriage.units import describe_quantity


def build_condition_data(
    condition: Condition, definitions: Mapping[str, Condition] | None = None
) -> dict[str, Any]:
    """The condition as it could stand in YAML, as dicts, lists, words and numbers.

    The `definitions` given are written out in the place of their names.
    """
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
            parts = [build_condition_data(part, definitions) for part in of]
            return {"at_least": {"count": count, "of": parts}}
        case _:
            assert_never(condition)


def write_condition(condition: Condition, rule_set: RuleSet) -> str:
    """The condition as it could stand in YAML, on one line: `{age: {at_least: 50}}`."""
    return _flow(build_condition_data(condition), rule_set.questions)


def _flow(data: Any, questions: Mapping[str, Question], unit: str = "") -> str:
    """JSON-like data as flow YAML; a length of time with its unit, as people write it."""
    if isinstance(data, dict):
        entries = [
            f"{key}: {_flow(value, questions, _unit(key, questions) or unit)}"
            for key, value in data.items()
        ]
        return f"{{{', '.join(entries)}}}"
    if isinstance(data, list):
        return f"[{', '.join(_flow(item, questions) for item in data)}]"
    if isinstance(data, str):
        return data
    return describe_quantity(data, unit) if unit == "day" else f"{data:.15g}"


def _unit(key: str, questions: Mapping[str, Question]) -> str:
    question = questions.get(key)
    return question.unit if isinstance(question, Number) else ""
