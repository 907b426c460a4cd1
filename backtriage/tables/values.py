"""(question, odd value as it stands in a table) -> what it counts as, or why it is no answer.

Plain values are coded inside of the database; every other value comes here once, however many rows
have it.
"""

import json
from dataclasses import replace

from backtriage.answers import parse_answer, read_cell
from backtriage.conditions import count_as
from backtriage.errors import AnswersError, Issue
from backtriage.model import Question, Value, YesNo
from backtriage.tables.sql.coding import Kind


def understand_value(question: Question, raw: str, kind: Kind) -> Value | bool | Issue:
    """What a value that is not plain counts as, or the issue with it."""
    try:
        answer = parse_answer(question, _as_given(raw, kind))
    except AnswersError as error:
        return replace(error.issues[0], path=question.id)
    value = count_as(question, answer)
    assert value is not None  # a "not sure" that is refused is an error
    return value == "yes" if isinstance(question, YesNo) else value


def _as_given(raw: str, kind: Kind) -> object:
    """The value as a script would have given it to the engine.

    In a table of texts, a text that is a number is one.
    """
    if kind == "boolean":
        return raw.lower() == "true"
    if kind == "json":
        return _json(raw)
    return read_cell(raw)


def _json(raw: str) -> object:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return raw  # a number of thousands of digits, or lists in lists without end
