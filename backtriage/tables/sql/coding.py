"""(question, column) -> SQL for what its values count as, NULL for every value that is not plain.

What they count as is a BOOLEAN, the id of an option, or a number, as the question is.
"""

from collections.abc import Mapping
from typing import Literal, TypeAlias, assert_never

from backtriage.conditions import count_as
from backtriage.model import NOT_SURE, AskedTwice, Choice, Number, Question, YesNo
from backtriage.tables.sql.text import write_case, write_name, write_number, write_text

Kind: TypeAlias = Literal["text", "boolean", "number"]
"""How the values of a column stand there."""

_NUMBER = r"^-?[0-9]+([.][0-9]+)?$"
"""The texts that are numbers: what a database may take for one is more than what people write."""

_TYPES: Mapping[str, str] = {"yes_no": "BOOLEAN", "number": "DOUBLE", "choice": "VARCHAR"}


def write_nothing(question: Question) -> str:
    """NULL, of the type of what a question counts as."""
    return f"CAST(NULL AS {_TYPES[question.kind]})"


def code_column(question: Question, kind: Kind, name: str) -> str:
    """A plain value of the column by this name as it counts; any other is NULL."""
    match question, kind:
        case YesNo(), "boolean":
            return write_name(name)
        case (YesNo() | Choice(), "text"):
            # one branch for each word: with several in one, DuckDB takes longer; measured
            words = _list_words(question)
            return write_case(
                (f"{write_name(name)} = {write_text(word)}", value) for word, value in words.items()
            )
        case Number(), "text":
            given = write_name(name)
            is_plain = f"REGEXP_MATCHES({given}, {write_text(_NUMBER)}) AND "
            return _code_number(question, f"TRY_CAST({given} AS DOUBLE)", is_plain)
        case Number(), "number":
            return _code_number(question, f"CAST({write_name(name)} AS DOUBLE)", "")
        case _:
            return write_nothing(question)


def _list_words(question: YesNo | Choice) -> dict[str, str]:
    """What each word counts as that is an answer."""
    match question:
        case YesNo():
            words = {"no": "FALSE", "yes": "TRUE", str(NOT_SURE): _truth(question.not_sure)}
            words |= {"false": "FALSE", "true": "TRUE"}
            if question.check:
                words |= {str(twice): _truth(count_as(question, twice)) for twice in AskedTwice}
            return words
        case Choice():
            options = {option.id: write_text(option.id) for option in question.options}
            return {**options, str(NOT_SURE): write_text(question.not_sure)}
        case _:
            assert_never(question)


def _truth(value: object) -> str:
    return "TRUE" if value == "yes" else "FALSE"


def _code_number(question: Number, read: str, is_plain: str) -> str:
    """The number that was read, if it is within what the question takes."""
    least, most = write_number(question.minimum), write_number(question.maximum)
    return write_case([(f"{is_plain}({read} >= {least} AND {read} <= {most})", read)])


def is_answered(kind: Kind, name: str) -> str:
    """There is a value in the column by this name, of whatever kind; an empty text is none."""
    given = write_name(name)
    is_given = f"NOT {given} IS NULL"
    return f"({is_given} AND {given} <> '')" if kind == "text" else is_given
