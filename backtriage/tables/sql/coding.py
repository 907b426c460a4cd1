"""(question, column) -> what its values count as: BOOLEAN, the id of an option, or a number; NULL for all others."""

from collections.abc import Mapping
from typing import Literal, TypeAlias, assert_never

from sqlglot import exp

from backtriage.model import NOT_SURE, Choice, Number, Question, YesNo
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


def code_column(question: Question, kind: Kind, name: str) -> exp.Expr:
    """A plain value of the column by this name as it counts; any other is NULL."""
    match question:
        case YesNo():
            return _coded_yes_no(question, kind, name)
        case Choice():
            return _coded_choice(question, kind, name)
        case Number():
            return _coded_number(question, kind, name)
        case _:
            assert_never(question)


def _coded_yes_no(question: YesNo, kind: Kind, name: str) -> exp.Expr:
    if kind == "boolean":
        return column(name)
    if kind == "number":
        return nothing("BOOLEAN")
    words = {
        "no": False,
        "yes": True,
        str(NOT_SURE): question.not_sure == "yes",
    }
    return _by_word(
        name,
        {word: boolean(value) for word, value in (words | {"false": False, "true": True}).items()},
    )


def _coded_choice(question: Choice, kind: Kind, name: str) -> exp.Expr:
    if kind in ("boolean", "number"):
        return nothing("VARCHAR")
    words = {option.id: text(option.id) for option in question.options}
    return _by_word(name, words | {str(NOT_SURE): text(question.not_sure)})


def _by_word(name: str, values: Mapping[str, exp.Expr]) -> exp.Expr:
    """One branch for each word: with several words in one, DuckDB takes longer."""
    return case(*((equal(column(name), text(word)), value) for word, value in values.items()))


def _coded_number(question: Number, kind: Kind, name: str) -> exp.Expr:
    if kind == "boolean":
        return nothing("DOUBLE")
    within = both(
        at_least(_number(kind, name), question.minimum),
        exp.LTE(this=_number(kind, name), expression=number(question.maximum)),
    )
    if kind != "number":  # what a database may take for a number is more than what people write
        within = both(exp.RegexpLike(this=column(name), expression=text(_NUMBER)), within)
    return case((within, _number(kind, name)))


def _number(kind: Kind, name: str) -> exp.Expr:
    if kind == "number":
        return cast(column(name), "DOUBLE")
    return exp.TryCast(this=column(name), to=exp.DataType.build("DOUBLE"), safe=True)


def is_answered(kind: Kind, name: str) -> exp.Expr:
    """There is a value, of whatever kind; an empty text is none."""
    given = is_given(column(name))
    if kind != "text":
        return given
    return both(given, exp.NEQ(this=column(name), expression=text("")))
