"""QUESTION=COLUMN, as it is typed -> the column of each question of a table."""

from typing import Annotated

import typer

from backtriage.errors import make_printable, suggest_nearest
from backtriage.model import RuleSet

ColumnPairs = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="QUESTION=COLUMN",
        help="The column of a question; QUESTION= for none.",
    ),
]


def parse_columns(
    rule_set: RuleSet, pairs: list[str], *, only_named: bool = False
) -> dict[str, str]:
    """The column of each question that has one, by question.

    It is called like the question (or there is none, with `only_named`), unless a pair says
    otherwise. Raises BadParameter for a pair that cannot be read.
    """
    columns = {name: "" if only_named else name for name in rule_set.questions}
    for pair in pairs:
        question, equals, column = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f'"{pair}": write QUESTION=COLUMN, with the id of a question')
        if question not in columns:
            hint = suggest_nearest(question, columns) or "`backtriage questions` lists them all"
            unknown = f'there is no question "{make_printable(question)}"'
            raise typer.BadParameter(f'"{pair}": {unknown}; {hint}')
        columns[question] = column
    return {question: column for question, column in columns.items() if column}


def choose_columns(
    rule_set: RuleSet, pairs: list[str] | None
) -> tuple[dict[str, str], frozenset[str]]:
    """Of a table that is read: the columns that have another name than their question, by question,
    and the questions without a column. Raises BadParameter for a pair that cannot be read.
    """
    columns = parse_columns(rule_set, pairs or [])
    renamed = {question: name for question, name in columns.items() if name != question}
    return renamed, frozenset(rule_set.questions) - frozenset(columns)
