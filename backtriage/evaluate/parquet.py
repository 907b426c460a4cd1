"""Parquet -> the fields of each patient, not understood yet."""

from decimal import Decimal
from pathlib import Path

import duckdb

from backtriage.answers import from_table
from backtriage.cohort.reading import as_plain
from backtriage.cohort.session import file_error, quoted_files, quoted_name
from backtriage.evaluate.records import Columns, Record, Records, check_head
from backtriage.model import Number, RuleSet


def of_parquet(rule_set: RuleSet, file: Path, columns: Columns, ignored: list[str]) -> Records:
    """As a table of texts; but what has a type keeps it."""
    read = f"read_parquet({quoted_files([file])})"
    try:
        with duckdb.connect() as database:
            table = database.sql(f"FROM {read}")
            types = dict(zip(table.columns, map(str, table.types), strict=True))
            ignored += check_head(rule_set, list(types), columns)
            plain = ", ".join(as_plain(name, type_) or quoted_name(name) for name, type_ in types.items())
            found = database.execute(f"SELECT {plain} FROM {read}")
            number = 0
            while row := found.fetchone():
                number += 1
                yield number, _of_row(rule_set, dict(zip(types, row, strict=True)))
    except duckdb.Error as error:
        raise file_error(str(file), error) from None


def _of_row(rule_set: RuleSet, row: dict[str, object]) -> Record:
    given = {name: float(value) if isinstance(value, Decimal) else value for name, value in row.items()}
    answers = {}
    for name, question in rule_set.questions.items():
        value = given.get(name)
        if isinstance(value, str) and isinstance(question, Number):
            value = from_table(value)
        if value not in (None, ""):
            answers[name] = value
    return Record(given, answers)
