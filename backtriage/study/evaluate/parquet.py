"""Parquet -> the fields of each patient, not understood yet."""

from pathlib import Path

from backtriage.model import RuleSet
from backtriage.study.evaluate.fields import Columns, NumberedFields, build_fields, check_header
from backtriage.tables.parquet_rows import ParquetRows
from backtriage.tables.values import encode_column

_ROWS = 10_000
"""So many rows are read at once."""


def read_parquet_fields(
    rule_set: RuleSet, file: Path, columns: Columns, ignored: list[str]
) -> NumberedFields:
    """As a table of texts; but what has a type keeps it."""
    source = ParquetRows([file], _ROWS)
    names = source.list_names()
    ignored += check_header(rule_set, names, columns)
    wanted = [name for name in names if name not in ignored]
    for _, make in source.read(wanted, [*columns.names, "simulated"]):
        batch = make()
        values = {name: _list_values(column) for name, column in batch.columns.items()}
        for place, number in enumerate(batch.rows.tolist()):
            row = {name: of[place] for name, of in values.items()}
            yield number, build_fields(rule_set, row)


def _list_values(column: object) -> list[object]:
    """The value of each row, each distinct one made once."""
    codes, values = encode_column(column)
    listed = [*values.to_pylist(), None]
    return [listed[code] for code in codes.tolist()]
