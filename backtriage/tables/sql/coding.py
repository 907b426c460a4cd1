"""(question, column) -> SQL for what its values count as, NULL for every value that is not plain.

What they count as is a BOOLEAN, the id of an option, or a number, as the question is. A column is
looked at as a text, whatever its type: where a database makes a value of another type of a text by
itself, one that is none ends the query, or counts as 0, which is an answer.
"""

from collections.abc import Mapping
from typing import assert_never

from backtriage.conditions import count_as
from backtriage.model import NOT_SURE, AskedTwice, Choice, Number, Question, YesNo
from backtriage.tables.sql.text import write_case, write_name, write_number, write_text

_DIGITS = "[0-9]{1,40}"
_TINY = f"[1-9]([.]{_DIGITS})?[Ee]-([12][0-9]{{2}}|3[01][0-9]|32[0-3])|[3-9]([.]{_DIGITS})?[Ee]-324"
_PLAIN = f"{_DIGITS}([.]{_DIGITS}(E-?[0-9]{{1,2}})?|([.]{_DIGITS})?e-[0-9]{{1,2}})?"
_NUMBER = f"^-?({_PLAIN}|{_TINY})$"
"""The texts that are numbers: as people write them, and as databases write a DOUBLE of theirs, such
as 4.7E1 (Trino) and 1e-05.

None of them is too large for a DOUBLE, or so small that it becomes 0. What a database may take for
a number is more, such as 6e3.
"""

_TYPES: Mapping[str, str] = {"yes_no": "BOOLEAN", "number": "DOUBLE", "choice": "VARCHAR"}


def write_nothing(question: Question) -> str:
    """NULL, of the type of what a question counts as."""
    return f"CAST(NULL AS {_TYPES[question.kind]})"


def code_column(question: Question, name: str) -> str:
    """A plain value of the column by this name as it counts; any other is NULL."""
    given = write_given(name)
    if isinstance(question, Number):
        is_plain = f"REGEXP_MATCHES({given}, {write_text(_NUMBER)})"
        # within a branch of its own: elsewhere a database may read the number before it looks
        return write_case(
            [(is_plain, _code_number(question, f"CAST({write_name(name)} AS DOUBLE)"))]
        )
    # one branch for each word: with several in one, DuckDB takes longer; measured
    words = _list_words(question)
    return write_case((f"{given} = {write_text(word)}", value) for word, value in words.items())


def write_given(name: str) -> str:
    """What stands in the column by this name, as a text."""
    return f"CAST({write_name(name)} AS VARCHAR)"


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


def _code_number(question: Number, read: str) -> str:
    """The number that was read, if it is within what the question takes."""
    least, most = write_number(question.minimum), write_number(question.maximum)
    return write_case([(f"({read} >= {least} AND {read} <= {most})", read)])
