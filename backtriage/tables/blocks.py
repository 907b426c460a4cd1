"""A text file -> blocks of whole lines, and such a block -> Arrow columns, by one mark between
values.
"""

import gzip
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
from pyarrow import csv

from backtriage.errors import FileError, Issue
from backtriage.files import describe_failure
from backtriage.strict_json import MOST_BYTES, find_ends
from backtriage.tables.files import check_encoding

_BYTES_A_ROW = 256
"""A block has so many bytes at most for each row that it may have, or one line."""

CODED = pa.dictionary(pa.int32(), pa.string())
"""The type of a column that has each distinct value once."""

_WINDOW = MOST_BYTES // 2
"""A line with more than `MOST_BYTES` fills a whole window of this size."""

_AT_ONCE = 2 * MOST_BYTES
"""So many bytes are cut at once: more than the longest row, and few enough for a cache."""


def read_blocks(
    file: Path, rows: int, *, start: int = 0, ends_old: bool = False
) -> Iterator[tuple[bytes, int, float]]:
    """The file in blocks of so many whole lines at most, how many each has, and the share that was
    read; raises FileError.

    What stands before the byte `start` is left out; `ends_old` makes line ends of carriage returns.
    Of a line without end only so much is kept that one sees that it is too long, and not blank.
    """
    whole = max(file.stat().st_size, 1)
    with _opened(file) as (packed, stream):
        stream.seek(start)
        rest = b""
        while chunk := stream.read(rows * _BYTES_A_ROW):
            chunk += stream.readline(MOST_BYTES)  # so that there is mostly no rest to copy
            if ends_old:
                chunk = chunk.replace(b"\r", b"\n")
            end = chunk.rfind(b"\n") + 1
            if end:
                for block, lines in _split(rest + chunk[:end], rows):
                    yield block, lines, packed.tell() / whole
                rest = chunk[end:]
            elif len(rest) <= MOST_BYTES:
                rest += chunk
            elif rest.isspace():
                rest += chunk.strip()[:1]
        if rest:
            yield rest, 1, 1.0


def read_beginning(file: Path, most: int) -> bytes:
    """So many bytes of a file at most; raises FileError."""
    with _opened(file) as (_, stream):
        return stream.read(most)


def read_first_line(file: Path) -> bytes:
    """The first line of a file that is not blank, empty where there is none; raises FileError."""
    return next((block for block, _, _ in read_blocks(file, 1) if any(find_ends(block))), b"")


@contextmanager
def _opened(file: Path) -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """A file as it is packed, and its text; raises FileError."""
    try:
        with file.open("rb") as packed, _unpack(file, packed) as stream:
            check_encoding(file, stream)
            yield packed, stream
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        message = f"the file is damaged: {describe_failure(error)}"
        raise FileError([Issue(code="cannot-read", message=message, file=str(file))]) from None


def _split(block: bytes, most: int) -> Iterator[tuple[bytes, int]]:
    """The block in parts of so many lines at most, and how many each has."""
    is_end = np.frombuffer(block, np.uint8) == ord("\n")
    lines = int(np.count_nonzero(is_end))  # in a quarter of the time of block.count
    if lines <= most:
        yield block, lines
        return
    start = 0
    for end in [*(np.flatnonzero(is_end)[most - 1 :: most] + 1).tolist(), len(block)]:
        if end > start:
            yield block[start:end], min(lines, most)
        lines -= most
        start = end


def _unpack(file: Path, packed: BinaryIO) -> BinaryIO:
    return gzip.open(packed) if file.suffix == ".gz" else packed  # type: ignore[return-value]


def is_text(block: bytes) -> bool:
    """Whether a block is UTF-8."""
    try:
        return block.isascii() or bool(block.decode())
    except UnicodeDecodeError:
        return False


def has_strange_lines(block: bytes) -> bool:
    """Whether a line may be too long, or has a carriage return within it, which some take for its
    end.
    """
    starts = range(0, len(block) - _WINDOW, _WINDOW)
    if any(block.find(b"\n", start, start + _WINDOW) < 0 for start in starts):
        return True
    return b"\r" in block and block.count(b"\r") > block.count(b"\r\n") + block.endswith(b"\r")


def cut_block(
    block: bytes, delimiter: str, types: Mapping[str, Any], *, wanted: Sequence[str], quote: str
) -> tuple[dict[str, Any], list[tuple[int, str, int]]]:
    """Cut the rows of a block into columns of these types; values may have a `quote` around them.

    A blank line is a row. Beside the columns: the places (from 0), texts and sizes of the rows with
    more or fewer values, which do not stand in them.
    """
    others: list[tuple[int, str, int]] = []

    def keep(row: Any) -> str:
        others.append((row.number - 1, row.text, row.actual_columns))
        return "skip"

    table = csv.read_csv(
        pa.BufferReader(block),
        csv.ReadOptions(column_names=list(types), block_size=_AT_ONCE, use_threads=False),
        csv.ParseOptions(
            delimiter=delimiter,
            quote_char=quote or False,
            newlines_in_values=bool(quote),
            ignore_empty_lines=False,
            invalid_row_handler=keep,
        ),
        csv.ConvertOptions(
            column_types=types,
            include_columns=wanted,
            strings_can_be_null=False,
            check_utf8=False,  # the block was looked at as a whole
        ),
    )
    return {name: table[name].combine_chunks() for name in table.column_names}, others
