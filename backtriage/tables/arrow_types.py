"""Parquet files -> an error where Arrow holds values as another type than they have.

Parquet has no type for a length of time: Arrow (and so pandas) writes its ticks as whole numbers, and keeps in the
head of the file what they are. Who reads the numbers alone takes 21,600 seconds for 21,600 days.
"""

from base64 import b64decode
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow
from pyarrow import parquet, types

from backtriage.errors import FileError, Issue, shorten

_WAYS_OUT = ((types.is_duration, 'write a text such as "6 weeks", or a number of days'),)


def check_arrow_types(files: Sequence[Path], columns: Collection[str]) -> None:
    """Raise FileError for each of these columns whose values are not what a reader of Parquet sees; folders count."""
    issues = [issue for file in files for part in _parts(file) for issue in _hidden(part, columns)]
    if issues:
        raise FileError(issues)


def _parts(file: Path) -> list[Path]:
    return (
        sorted(part for part in file.rglob("*.parquet") if part.is_file())
        if file.is_dir()
        else [file]
    )


def _hidden(file: Path, columns: Collection[str]) -> Iterator[Issue]:
    try:
        written_by_arrow = _schema(file)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        message = f"the file is damaged: {shorten(str(error))}"
        yield Issue(code="cannot-read", message=message, file=str(file))
        return
    for field in written_by_arrow:
        unknown = (field.metadata or {}).get(
            b"ARROW:extension:name"
        )  # of a type that is not known here
        if field.name in columns and (unknown or _is_hidden(field.type)):
            name = unknown.decode(errors="replace") if unknown else str(field.type)
            yield Issue(
                code="wrong-type",
                message=f'the column "{shorten(field.name)}" has the type {shorten(name)} of Arrow',
                suggestion=next(
                    (way for fits, way in _WAYS_OUT if fits(field.type)),
                    "write plain numbers or texts",
                ),
                file=str(file),
            )


def _schema(file: Path) -> Any:
    """The types as Arrow wrote them down, which is more than pyarrow itself makes of a file; empty if it did not."""
    with file.open("rb") as stream:
        written = (parquet.read_metadata(stream).metadata or {}).get(b"ARROW:schema")
    return (
        [] if written is None else pyarrow.ipc.read_schema(pyarrow.BufferReader(b64decode(written)))
    )


def _is_hidden(type_: Any) -> bool:
    """Whether the type, or one within it, is held in Parquet as another."""
    if types.is_dictionary(type_) or types.is_run_end_encoded(type_):
        return _is_hidden(type_.value_type)
    return types.is_duration(type_) or isinstance(type_, pyarrow.BaseExtensionType)
