"""Parquet files -> batches, with the types that columns have there."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import parquet, types

from backtriage.errors import FileError, Issue, find_repeated, shorten
from backtriage.tables.arrow_types import check_arrow_types
from backtriage.tables.batches import Batch, Blocks, Reading, read_files
from backtriage.tables.files import tell_file


class ParquetRows:
    """Parquet files that are one table; values come out of the files alone, never out of names of
    folders.
    """

    is_json = False

    def __init__(self, files: Sequence[Path], rows: int) -> None:
        self._rows = rows
        self._schemas: dict[Path, Any] = {}
        for file in files:
            with tell_file(file):
                self._schemas[file] = parquet.read_schema(file)

    def list_names(self) -> list[str]:
        """The columns of all files."""
        return list(
            dict.fromkeys(name for schema in self._schemas.values() for name in schema.names)
        )

    def find_type(self, name: str) -> Any:
        """The type that holds the values of a column in all files."""
        schemas = [
            pa.schema({"one": _find_plain_type(schema.types[schema.names.index(name)])})
            for schema in self._schemas.values()
            if name in schema.names
        ]
        return pa.unify_schemas(schemas, promote_options="permissive").field(0).type

    def read(self, questions: Sequence[str], keys: Sequence[str]) -> Reading:
        """Read these columns; raises FileError where they are not the same in all files."""
        self._check_once({*questions, *keys})
        self._check_same_types(keys)
        check_arrow_types(list(self._schemas), {*questions, *keys})
        return read_files(list(self._schemas), partial(self._read_file, questions, keys))

    def _read_file(self, questions: Sequence[str], keys: Sequence[str], file: Path) -> Blocks:
        schema = self._schemas[file]
        wanted = [name for name in dict.fromkeys(schema.names) if name in {*questions, *keys}]
        texts = [one.name for one in schema if types.is_string(one.type) and one.name in questions]
        done = 0
        with parquet.ParquetFile(file, read_dictionary=texts, pre_buffer=False) as opened:
            whole = max(opened.metadata.num_rows, 1)
            for batch in opened.iter_batches(self._rows, columns=wanted, use_threads=False):
                done += len(batch)
                yield done / whole, len(batch), partial(_make_batch, file, batch)

    def _check_once(self, wanted: AbstractSet[str]) -> None:
        """Raise FileError where one of these columns stands in a file twice."""
        issues = [
            Issue(
                code="bad-header",
                message=f"the file has a column twice: {shorten(name)}",
                suggestion="rename one",
                file=str(file),
            )
            for file, schema in self._schemas.items()
            for name in find_repeated(schema.names)
            if name in wanted
        ]
        if issues:
            raise FileError(issues)

    def _check_same_types(self, keys: Sequence[str]) -> None:
        """Raise FileError where a column has another type, or another case, in another file, if
        values would change.
        """
        seen: dict[str, tuple[str, Any]] = {}
        issues = []
        for file, schema in self._schemas.items():
            for name, type_ in zip(schema.names, map(_find_plain_type, schema.types), strict=True):
                first = seen.setdefault(name.casefold(), (name, type_))
                if name != first[0] or not _goes_with(first[1], type_, is_key=name in keys):
                    before = f'is "{first[0]}" ({first[1]}) in a file before'
                    message = f'the column "{name}" ({type_}) {before}'
                    issues.append(Issue(code="bad-header", message=message, file=str(file)))
        if issues:
            raise FileError(issues)


def _make_batch(file: Path, batch: Any, first: int) -> Batch:
    columns = {name: batch.column(name) for name in batch.schema.names}
    return Batch(str(file), first + np.arange(len(batch)), columns)


def _find_plain_type(type_: Any) -> Any:
    """The type of values, however they are held; whole numbers may be long or short."""
    if types.is_dictionary(type_):
        return _find_plain_type(type_.value_type)
    if types.is_integer(type_) and type_ != pa.uint64():
        return pa.int64()
    return pa.string() if types.is_large_string(type_) or types.is_string_view(type_) else type_


def _goes_with(one: Any, other: Any, *, is_key: bool) -> bool:
    """Whether values of two types stay what they are in one column; those of answers are small
    numbers.
    """
    small = {one, other} <= {pa.int64(), pa.uint64(), pa.float64()} and not is_key
    return bool(one == other or small or pa.null() in (one, other))
