"""A Parquet file -> the fields of each patient, not understood yet."""

from decimal import Decimal
from pathlib import Path

import duckdb

from backtriage.model import RuleSet
from backtriage.study.evaluate.fields import Columns, NumberedFields, build_fields, check_header
from backtriage.tables.arrow_types import check_arrow_types
from backtriage.tables.files import build_file_error
from backtriage.tables.on_duckdb.column_types import write_plain
from backtriage.tables.on_duckdb.session import read_parquet


def read_parquet_fields(
    rule_set: RuleSet, file: Path, columns: Columns, ignored: list[str]
) -> NumberedFields:
    """The fields, as out of a table of texts, but what has a type keeps it.

    `ignored` gets the columns that are neither a question nor a label. Raises AnswersError for
    columns that cannot be used, and FileError for a file that cannot be read.
    """
    source = read_parquet([file])
    try:
        with duckdb.connect() as database:
            table = database.sql(f"FROM {source}")
            types = dict(zip(table.columns, map(str, table.types), strict=True))
            ignored += check_header(rule_set, list(types), columns)
            check_arrow_types([file], {*rule_set.questions, *columns.names})
            plain = ", ".join(write_plain(name, type_) for name, type_ in types.items())
            cursor = database.execute(f"SELECT {plain} FROM {source}")
            for number, row in enumerate(iter(cursor.fetchone, None), 1):
                values = dict(zip(types, map(_plain_value, row), strict=True))
                yield number, build_fields(rule_set, values)
    except duckdb.Error as error:
        raise build_file_error(str(file), error) from None


def _plain_value(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value
