"""Parquet -> the fields of each patient, not understood yet."""

from decimal import Decimal
from pathlib import Path

import duckdb

from backtriage.model import RuleSet
from backtriage.study.evaluate.fields import Columns, Records, build_record, check_head
from backtriage.tables.arrow_types import check_arrow_types
from backtriage.tables.files import build_file_error
from backtriage.tables.on_duckdb.reader import write_plain
from backtriage.tables.on_duckdb.session import read_parquet


def read_parquet_fields(
    rule_set: RuleSet, file: Path, columns: Columns, ignored: list[str]
) -> Records:
    """As a table of texts; but what has a type keeps it."""
    read = read_parquet([file])
    try:
        with duckdb.connect() as database:
            table = database.sql(f"FROM {read}")
            types = dict(zip(table.columns, map(str, table.types), strict=True))
            ignored += check_head(rule_set, list(types), columns)
            check_arrow_types([file], {*rule_set.questions, *columns.names})
            plain = ", ".join(write_plain(name, type_) for name, type_ in types.items())
            found = database.execute(f"SELECT {plain} FROM {read}")
            number = 0
            while row := found.fetchone():
                number += 1
                yield (
                    number,
                    build_record(rule_set, dict(zip(types, map(_plain, row), strict=True))),
                )
    except duckdb.Error as error:
        raise build_file_error(str(file), error) from None


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value
