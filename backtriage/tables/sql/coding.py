"""(question, column) -> SQL for what its values count as, NULL for every value that is not plain.

What they count as is a BOOLEAN, the id of an option, or a number, as the question is.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias, assert_never

from sqlglot import exp

from backtriage.conditions import count_as
from backtriage.model import NOT_SURE, AskedTwice, Choice, Number, Question, YesNo
from backtriage.tables.sql.tree import (
    at_least,
    boolean,
    both,
    case,
    cast,
    column,
    equal,
    is_given,
    nothing,
    number,
    text,
)

Kind: TypeAlias = Literal["text", "boolean", "number"]
"""How the values of a column stand there."""

_NUMBER = r"^-?[0-9]+([.][0-9]+)?$"
"""The texts that are numbers: what a database may take for one is more than what people write."""


def find_type(question: Question) -> str:
    """The SQL type of what a question counts as."""
    return {"yes_no": "BOOLEAN", "number": "DOUBLE", "choice": "VARCHAR"}[question.kind]


def code_column(question: Question, kind: Kind, name: str) -> exp.Expr:
    """A plain value of the column by this name as it counts; any other is NULL."""
    match question:
        case YesNo():
            return _code_yes_no(question, kind, name)
        case Choice():
            return _code_choice(question, kind, name)
        case Number():
            return _code_number(question, kind, name)
        case _:
            assert_never(question)


def _code_yes_no(question: YesNo, kind: Kind, name: str) -> exp.Expr:
    if kind == "boolean":
        return column(name)
    if kind == "number":
        return nothing(find_type(question))
    words = {
        "no": False,
        "yes": True,
        str(NOT_SURE): question.not_sure == "yes",
        "false": False,
        "true": True,
    }
    if question.check:
        words |= {str(twice): count_as(question, twice) == "yes" for twice in AskedTwice}
    return _code_words(name, {word: boolean(value) for word, value in words.items()})


def _code_choice(question: Choice, kind: Kind, name: str) -> exp.Expr:
    if kind in ("boolean", "number"):
        return nothing(find_type(question))
    values = {option.id: text(option.id) for option in question.options}
    values[str(NOT_SURE)] = text(question.not_sure)
    return _code_words(name, values)


def _code_words(name: str, values: Mapping[str, exp.Expr]) -> exp.Expr:
    """One branch for each word: with several words in one, DuckDB takes longer; measured."""
    return case(*((equal(column(name), text(word)), value) for word, value in values.items()))


def _code_number(question: Number, kind: Kind, name: str) -> exp.Expr:
    if kind == "boolean":
        return nothing(find_type(question))
    most = exp.LTE(this=_read_number(kind, name), expression=number(question.maximum))
    plain = both(at_least(_read_number(kind, name), question.minimum), most)
    if kind != "number":
        plain = both(exp.RegexpLike(this=column(name), expression=text(_NUMBER)), plain)
    return case((plain, _read_number(kind, name)))


def _read_number(kind: Kind, name: str) -> exp.Expr:
    if kind == "number":
        return cast(column(name), "DOUBLE")
    return exp.TryCast(this=column(name), to=exp.DataType.build("DOUBLE"), safe=True)


def is_answered(kind: Kind, name: str) -> exp.Expr:
    """There is a value in the column by this name, of whatever kind; an empty text is none."""
    if kind != "text":
        return is_given(column(name))
    return both(is_given(column(name)), exp.NEQ(this=column(name), expression=text("")))
