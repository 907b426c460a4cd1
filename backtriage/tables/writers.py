"""Results, batch by batch -> a stream, in the format of the output."""

import gzip
import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np
import pyarrow as pa
from pyarrow import compute, parquet, types

from backtriage.tables.files import JSON_LINES, PARQUET, find_kind, tell_file
from backtriage.tables.values import write_texts

_MOST_LISTED = 400_000
"""So many red flags in lists are made to text at once."""

_LISTS = ("findings", "unresolved")

_GROUP = 131_072
"""A group of rows of Parquet has so many rows, if there are so many."""

_PART = 32_768
"""So many rows are made to text at once."""


class Writer(Protocol):
    """Writes results behind each other."""

    def write(self, table: Any) -> None:
        """Write the rows of a table."""

    def close(self) -> None:
        """Write what belongs at the end; the stream stays open."""


@contextmanager
def open_writer(
    output: Path, stream: BinaryIO, schema: Any, as_json: Collection[str]
) -> Iterator[Writer]:
    """The writer for an output by its ending, closed at the end; raises FileError.

    `as_json` are columns that have JSON texts.
    """
    writer = _make_writer(output, stream, schema, as_json)
    try:
        yield writer
    except BaseException:
        with suppress(Exception):  # why it ends is what is told
            writer.close()
        raise
    with tell_file(output):
        writer.close()


def _make_writer(output: Path, stream: BinaryIO, schema: Any, as_json: Collection[str]) -> Writer:
    """The writer for an output by its ending; `as_json` are columns that have JSON texts."""
    kind = find_kind(output)
    if kind in PARQUET:
        return _ParquetWriter(stream, schema)
    target: Any = gzip.GzipFile("", "wb", 6, stream) if output.suffix == ".gz" else stream
    if kind in JSON_LINES:
        return _JsonWriter(target, as_json)
    return _CsvWriter(target, schema.names, "\t" if kind == ".tsv" else ",")


def _cut(table: Any) -> list[Any]:
    """The table in parts of `_PART` rows at most, and fewer where their lists are long."""
    listed = sum(len(compute.list_flatten(table[name])) for name in _LISTS)
    rows = max(1, min(_PART, table.num_rows * _MOST_LISTED // max(listed, 1)))
    return list(table.to_batches(max_chunksize=rows))


class _ParquetWriter:
    """Lists are lists, and Arrow's own types, which only say how it held values, are left out."""

    def __init__(self, stream: BinaryIO, schema: Any) -> None:
        coded = [f"{name}.list.element" for name in _LISTS]
        coded += [field.name for field in schema if types.is_dictionary(field.type)]
        # the least and the greatest of a few texts help no reader, and take a quarter of the time
        told = [name for name in schema.names if name not in {*coded, *_LISTS}]
        self._writer = parquet.ParquetWriter(
            stream, schema, store_schema=False, use_dictionary=coded, write_statistics=told
        )
        self._waiting: list[Any] = []

    def write(self, table: Any) -> None:
        self._waiting.append(table)
        if sum(part.num_rows for part in self._waiting) >= _GROUP:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def _flush(self) -> None:
        if self._waiting:
            self._writer.write_table(pa.concat_tables(self._waiting))
            self._waiting = []


class _TextWriter:
    """Writes a line for each row: something before each value, and something behind the last."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def write(self, table: Any) -> None:
        for part in _cut(table):
            self._stream.write(self._write_lines(part))

    def close(self) -> None:
        if isinstance(self._stream, gzip.GzipFile):
            self._stream.close()

    def _write_lines(self, part: Any) -> Any:
        pieces: list[Any] = []
        for place, name in enumerate(part.schema.names):
            pieces += [self._before(name, place), self._text(name, part.column(place))]
        lines = compute.binary_join_element_wise(*pieces, self._end, "")
        _, starts, texts = lines.buffers()
        return texts.slice(0, int(np.frombuffer(starts, np.int32)[len(lines)]))

    _end = "\n"

    def _before(self, name: str, place: int) -> str:
        raise NotImplementedError

    def _text(self, name: str, column: Any) -> Any:
        raise NotImplementedError


class _JsonWriter(_TextWriter):
    _end = "}\n"

    def __init__(self, stream: Any, as_json: Collection[str]) -> None:
        super().__init__(stream)
        self._as_json = as_json

    def _before(self, name: str, place: int) -> str:
        return f"{',' if place else '{'}{json.dumps(name, ensure_ascii=False)}:"

    def _text(self, name: str, column: Any) -> Any:
        type_ = column.type
        if name in self._as_json:
            text = column
        elif types.is_dictionary(type_):
            text = _map_values(column, self._quote)
        elif types.is_list(type_) and types.is_dictionary(type_.value_type):
            texts = _join_lists(column, self._quote)
            text = compute.binary_join_element_wise("[", texts, "]", "")
        elif types.is_boolean(type_) or types.is_integer(type_) or types.is_decimal(type_):
            text = column.cast(pa.string())
        elif types.is_floating(type_):
            is_number = compute.is_finite(column)
            text = compute.if_else(is_number, column.cast(pa.string()), "null")
        else:
            text = self._quote(write_texts(column))
        return compute.fill_null(text, "null")

    def _quote(self, texts: Any) -> Any:
        odd = compute.match_substring_regex(texts, r'["\\\x00-\x1f\x7f]')
        if compute.any(odd).as_py():
            quoted = [None if one is None else json.dumps(one) for one in texts.to_pylist()]
            return pa.array(quoted, pa.string())
        return compute.binary_join_element_wise('"', texts, '"', "")


class _CsvWriter(_TextWriter):
    """Texts have quotes where they need them, as an empty one does: nothing is no value."""

    def __init__(self, stream: Any, names: list[str], delimiter: str) -> None:
        super().__init__(stream)
        self._delimiter = delimiter
        self._odd = rf'^$|["\r\n{delimiter}]'
        header = self._quote(pa.array(names, pa.string())).to_pylist()
        stream.write(f"{delimiter.join(header)}\n".encode())

    def _before(self, _name: str, place: int) -> str:
        return self._delimiter if place else ""

    def _text(self, _name: str, column: Any) -> Any:
        type_ = column.type
        if types.is_dictionary(type_):
            text = _map_values(column, self._quote)
        elif types.is_list(type_) and types.is_dictionary(type_.value_type):
            text = self._quote(_join_lists(column, lambda texts: texts))
        else:
            text = self._quote(write_texts(column))
        return compute.fill_null(text, "")

    def _quote(self, texts: Any) -> Any:
        odd = compute.match_substring_regex(texts, self._odd)
        if not compute.any(odd).as_py():
            return texts
        doubled = compute.replace_substring(texts, '"', '""')
        quoted = compute.binary_join_element_wise('"', doubled, '"', "")
        return compute.if_else(odd, quoted, texts)


def _map_values(column: Any, write: Callable[[Any], Any]) -> Any:
    """The texts of a column that has each distinct one once, written in another way."""
    return write(column.dictionary).take(column.indices)


def _join_lists(column: Any, write: Callable[[Any], Any]) -> Any:
    """Each list of red flags as one text with commas."""
    texts = _map_values(column.flatten(), write)
    starts = compute.subtract(column.offsets, column.offsets[0])
    lists = pa.ListArray.from_arrays(starts, texts, mask=column.is_null())
    return compute.binary_join(lists, ",")
