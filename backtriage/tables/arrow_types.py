"""Parquet files -> an error where Arrow holds values as another type than they have.

Parquet has no type for a length of time: Arrow (and so pandas) writes its ticks as whole numbers,
and keeps in the head of the file what they are. Who reads the numbers alone takes 21,600 seconds
for 21,600 days.
"""

from base64 import b64decode
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import parquet, types

from backtriage.errors import FileError, Issue, shorten
from backtriage.files import describe_failure


def check_arrow_types(files: Sequence[Path], columns: Collection[str]) -> None:
    """Raise FileError for those columns whose values are not what a reader of Parquet sees."""
    issues = [issue for file in files for issue in _hidden(file, columns)]
    if issues:
        raise FileError(issues)


def _hidden(file: Path, columns: Collection[str]) -> Iterator[Issue]:
    try:
        written_by_arrow = _schema(file)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        message = f"the file is damaged: {describe_failure(error)}"
        yield Issue(code="cannot-read", message=message, file=str(file))
        return
    for field in written_by_arrow:
        # Of an extension type that pyarrow does not know, only the name is left, beside the field.
        unknown = (field.metadata or {}).get(b"ARROW:extension:name")
        if field.name in columns and (unknown or _is_hidden(field.type)):
            name = unknown.decode(errors="replace") if unknown else str(field.type)
            yield Issue(
                code="wrong-type",
                message=f'the column "{shorten(field.name)}" has the type {shorten(name)} of Arrow',
                suggestion=_way_out(field.type),
                file=str(file),
            )


def _way_out(type_: Any) -> str:
    if types.is_duration(type_):
        return 'write a text such as "6 weeks", or a number of days'
    return "write plain numbers or texts"


def _schema(file: Path) -> Any:
    """The types as Arrow wrote them down, which is more than pyarrow itself makes of a file.

    Empty if Arrow did not write the file.
    """
    written = (parquet.read_metadata(file).metadata or {}).get(b"ARROW:schema")
    if written is None:
        return []
    return pyarrow.ipc.read_schema(pyarrow.BufferReader(b64decode(written)))


def _is_hidden(type_: Any) -> bool:
    """Whether the type, or one within it, is held in Parquet as another."""
    if types.is_dictionary(type_) or types.is_run_end_encoded(type_):
        return _is_hidden(type_.value_type)
    return types.is_duration(type_) or isinstance(type_, pyarrow.BaseExtensionType)
