"""A type of a DuckDB column -> how its values stand there, how they are read, what it goes with."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from backtriage.errors import FileError, Issue
from backtriage.tables.on_duckdb.session import Session, quote_name, read_parquet
from backtriage.tables.sql.coding import Kind

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_NUMBERS = (*_INTEGERS, *(f"U{name}" for name in _INTEGERS), "FLOAT", "DOUBLE", "DECIMAL")


def find_column_kind(type_: str) -> Kind:
    """How the values of a column of this type stand there."""
    if type_ == "BOOLEAN":
        return "boolean"
    is_list = type_.endswith("]")
    return "number" if type_.partition("(")[0] in _NUMBERS and not is_list else "text"


def check_same_types(session: Session, files: Sequence[Path], keys: Sequence[str]) -> None:
    """Raise FileError where Parquet files have columns that do not go together.

    A column may have another type in another file, if its values stay what they are; its name must
    have the same case.
    """
    if issues := list(_differing_columns(session, files, keys)):
        raise FileError(issues)


def _differing_columns(
    session: Session, files: Sequence[Path], keys: Sequence[str]
) -> Iterator[Issue]:
    seen: dict[str, tuple[str, str]] = {}
    for file in files:
        table = session.describe_query(f"FROM {read_parquet([file])}")
        for name, type_ in zip(table.columns, map(str, table.types), strict=True):
            first_name, first_type = seen.setdefault(name.casefold(), (name, type_))
            fits = _can_share_column(first_type, type_, is_key=name in keys)
            if name in ("filename", "file_row_number"):  # DuckDB has its own by these names
                message = f'rename the column "{name}"'
                yield Issue(code="bad-header", message=message, file=str(file))
            elif name != first_name or not fits:
                before = f'"{first_name}" ({first_type}) in a file before'
                message = f'the column "{name}" ({type_}) is {before}'
                yield Issue(code="bad-header", message=message, file=str(file))


def _can_share_column(one: str, other: str, *, is_key: bool) -> bool:
    """Whether values of two types stay what they are in one column.

    Whole numbers and DOUBLE do where they are answers, which are small; keys may be large.
    """
    whole = {one, other} <= set(_INTEGERS)
    small = {one, other} <= {*_INTEGERS, "DOUBLE"} and not is_key
    return one == other or whole or small


def write_plain(name: str, type_: str) -> str:
    """A column of a Parquet file as one of our kinds, in SQL."""
    if type_ == "FLOAT":  # by what is written of it: as a DOUBLE, 0.1 would be 0.10000000149
        return f"CAST(CAST({quote_name(name)} AS VARCHAR) AS DOUBLE)"
    is_plain = find_column_kind(type_) != "text" or type_ == "VARCHAR"
    return quote_name(name) if is_plain else f"CAST({quote_name(name)} AS VARCHAR)"
