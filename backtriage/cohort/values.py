"""(question, value as it stands in a table) -> what it counts as, or why it is no answer.

Plain values are coded inside of the database; every other value goes through `answers.parse_answer` once, however
many rows have it.
"""

import json
from dataclasses import dataclass
from typing import Literal, TypeAlias, assert_never

from sqlglot import exp

from backtriage.answers import from_table, parse_answer
from backtriage.errors import AnswersError, Issue
from backtriage.model import NOT_SURE, Choice, Number, Question, Value, YesNo
from backtriage.sql.conditions import number, text

Kind: TypeAlias = Literal["text", "json", "boolean", "number"]
"""How the values of a column stand there; "json" is the text of a JSON value, in which 6 and "6" are different."""

_NUMBER = r"^-?[0-9]+([.][0-9]+)?$"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table, and how its values stand there."""

    name: str
    kind: Kind


def coded(question: Question, column: Column, name: exp.Expr) -> exp.Expr:
    """A plain value as it counts: BOOLEAN, the id of an option, or a number; NULL for all others."""
    match question:
        case YesNo():
            return _coded_yes_no(question, column.kind, name)
        case Choice():
            return _coded_choice(question, column.kind, name)
        case Number():
            return _coded_number(question, column.kind, name)
        case _:
            assert_never(question)


def _coded_yes_no(question: YesNo, kind: Kind, name: exp.Expr) -> exp.Expr:
    if kind == "boolean":
        return name
    if kind == "number":
        return exp.cast(exp.null(), "BOOLEAN")
    words = {"yes": True, "no": False, NOT_SURE: question.not_sure == "yes"}
    found = exp.case(name)
    for word, value in words.items():
        found = found.when(_word(word, kind), _boolean(value))
    return found.when(text("true"), exp.true()).when(text("false"), exp.false())


def _coded_choice(question: Choice, kind: Kind, name: exp.Expr) -> exp.Expr:
    if kind in ("boolean", "number"):
        return exp.cast(exp.null(), "VARCHAR")
    found = exp.case(name)
    for option in question.options:
        found = found.when(_word(option.id, kind), text(option.id))
    return found.when(_word(NOT_SURE, kind), text(question.not_sure))


def _coded_number(question: Number, kind: Kind, name: exp.Expr) -> exp.Expr:
    if kind == "boolean":
        return exp.cast(exp.null(), "DOUBLE")
    value = (
        exp.cast(name, "DOUBLE")
        if kind == "number"
        else exp.TryCast(this=name, to=exp.DataType.build("DOUBLE"), safe=True)
    )
    within = exp.and_(value.copy() >= number(question.minimum), value.copy() <= number(question.maximum))
    if kind != "number":  # what a database may take for a number is more than what people write
        within = exp.and_(exp.RegexpLike(this=name.copy(), expression=text(_NUMBER)), within)
    return exp.case().when(within, value)


def _word(word: str, kind: Kind) -> exp.Expr:
    return text(json.dumps(word) if kind == "json" else word)


def _boolean(value: bool) -> exp.Expr:
    return exp.true() if value else exp.false()


def understand(question: Question, raw: str, kind: Kind) -> Value | bool | Issue:
    """What a value that is not plain counts as, or the issue with it."""
    try:
        answer = parse_answer(question, _as_given(raw, kind))
    except AnswersError as error:
        issue = error.issues[0]
        return Issue(code=issue.code, message=issue.message, suggestion=issue.suggestion, path=question.id)
    value = question.not_sure if answer == NOT_SURE and question.not_sure is not None else answer
    return value == "yes" if isinstance(question, YesNo) else value


def _as_given(raw: str, kind: Kind) -> object:
    """The value as a script would have given it to the engine; a text that is a number is one in a table of texts."""
    if kind == "boolean":
        return raw.lower() == "true"
    if kind == "json":
        return _json(raw)
    return from_table(raw)


def _json(raw: str) -> object:
    try:
        return json.loads(raw)
    except ValueError:
        return raw
