"""CSV files -> batches, in which all values are texts.

A row has one value for each column of the header, and its quotes are where they belong; any other
line is broken. Where a quote is not closed, or has text behind it, the line alone is broken, and
reading goes on with the next one.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from backtriage.errors import FileError, Issue, find_repeated, shorten
from backtriage.strict_json import MOST_BYTES
from backtriage.tables.batches import Batch, Broken, Reading, shorten_line, tell_file
from backtriage.tables.blocks import (
    CODED,
    cut_block,
    has_strange_lines,
    is_text,
    read_blocks,
)
from backtriage.tables.files import explain_csv, find_delimiter, find_kind

_BOM = b"\xef\xbb\xbf"
_NO_TEXT = "it has bytes that are no UTF-8; save the table as UTF-8"
_FEWER = "there are fewer values than columns"
_MORE = "there are more values than columns"
_QUOTES = "a quote is not closed, or has text behind it; it may have taken in the lines that follow"
_RETURN = "it has a carriage return within it, as if it were several lines"
_TOO_LONG = "the line is too long to be a patient"


class CsvRows:
    """Files of CSV that all have the same header; raises FileError for those that have another."""

    is_json = False

    def __init__(self, files: Sequence[Path], rows: int) -> None:
        self._files = files
        self._rows = rows
        self._header, self._delimiter = _read_header(files[0])
        other = [file for file in files if _read_header(file) != (self._header, self._delimiter)]
        if other:
            message = f"the columns are not those of {files[0]}, in the same order"
            raise FileError(
                Issue(code="bad-header", message=message, file=str(file)) for file in other
            )

    def list_names(self) -> list[str]:
        """The columns of the header."""
        return self._header

    def find_type(self, _: str) -> Any:
        """All values are texts."""
        return pa.string()

    def read(self, questions: Sequence[str], keys: Sequence[str]) -> Reading:
        """Read these columns."""
        types = dict.fromkeys(self._header, CODED) | dict.fromkeys(keys, pa.string())
        wanted = list(dict.fromkeys([*questions, *keys])) or self._header[:1]
        for place, file in enumerate(self._files):
            first = 1
            with tell_file(file):
                for rows, share in self._read_rows(file):
                    done = (place + share) / len(self._files)
                    yield done, partial(self._batch, file, first, rows, types, wanted)
                    first += rows.count

    def _read_rows(self, file: Path) -> Iterator[tuple["_Rows", float]]:
        """Blocks of whole rows, without the header. A row may have ends of lines in quotes."""
        rest, is_header = b"", True
        is_blank_row = len(self._header) == 1
        cutter = _Cutter(self._delimiter, is_blank_row=is_blank_row)
        for block, share in read_blocks(file, self._rows):
            text = rest + block
            if is_header:
                text, is_header = text.partition(b"\n")[2], False
            rows, rest = cutter.cut(text)
            yield rows, share
        if rest:
            yield cutter.cut(rest, is_end=True)[0], 1.0

    def _batch(
        self, file: Path, first: int, rows: "_Rows", types: dict[str, Any], wanted: list[str]
    ) -> Batch:
        broken = list(rows.broken)
        numbers, columns = first + rows.places, {}
        if len(rows.places):
            cut = cut_block(rows.text, self._delimiter, types, wanted=wanted, quoted=True)
            for place, line, size in cut.others:
                why = _FEWER if size < len(self._header) else _MORE
                broken.append((int(rows.places[place]), line.encode(), why))
            numbers, columns = first + rows.places[cut.rows], dict(cut.columns)
        found = [
            Broken(first + place, shorten_line(line), (Issue(code="not-a-row", message=why),))
            for place, line, why in sorted(broken)
        ]
        return Batch(str(file), numbers, columns, found)


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows whose quotes are sound, their places among all rows, and broken lines with theirs."""

    text: bytes
    places: Any
    broken: Sequence[tuple[int, bytes, str]]

    @property
    def count(self) -> int:
        """How many rows there are, those that are broken among them."""
        return len(self.places) + len(self.broken)


class _Cutter:
    """Cuts texts into rows."""

    def __init__(self, delimiter: str, *, is_blank_row: bool) -> None:
        mark = re.escape(delimiter)
        value = f'(?:"[^"]*+(?:""[^"]*+)*+"|[^"{mark}\r\n]*+)'
        self._row = re.compile(rf"{value}(?:{mark}{value})*+(?:\r?\n|\r?\Z)".encode())
        self._delimiter = ord(delimiter)
        self._is_blank_row = is_blank_row

    def cut(self, text: bytes, *, is_end: bool = False) -> tuple[_Rows, bytes]:
        """The whole rows of a text that begins with one, and the rest, a part of the next row."""
        is_strange = has_strange_lines(text) or not is_text(text)
        ends = None if is_strange else self._find_ends(text, is_end=is_end)
        if ends is None:
            return self._cut_one_by_one(text, is_end=is_end)
        end = len(text) if is_end else int(ends[-1]) + 1 if len(ends) else 0
        is_open = is_end and not text.endswith(b"\n")
        blank = 0 if self._is_blank_row else _count_blank(text, ends)
        return _Rows(text[:end], np.arange(len(ends) + is_open - blank), ()), text[end:]

    def _find_ends(self, text: bytes, *, is_end: bool) -> Any:
        """Where rows end; None if a quote is not where it belongs, or a row is too long."""
        letters = np.frombuffer(text, np.uint8)
        quotes = np.flatnonzero(letters == ord('"'))
        ends = np.flatnonzero(letters == ord("\n"))
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        if np.diff(ends, prepend=-1, append=len(text)).max() > MOST_BYTES:
            return None
        if not is_end:
            quotes = quotes[: np.searchsorted(quotes, ends[-1] if len(ends) else 0)]
        begins, closes = quotes[::2], quotes[1::2]
        around = (self._delimiter, ord("\n"), ord('"'))
        before = np.isin(letters[begins - 1], around) | (begins == 0)
        behind = np.isin(letters[(closes + 1) % len(text)], (*around, ord("\r")))
        behind |= closes == len(text) - 1
        return ends if len(begins) == len(closes) and before.all() and behind.all() else None

    def _cut_one_by_one(self, text: bytes, *, is_end: bool) -> tuple[_Rows, bytes]:
        rows: list[bytes] = []
        places: list[int] = []
        broken: list[tuple[int, bytes, str]] = []
        start = 0
        while start < len(text):
            found = self._row.match(text, start)
            end = found.end() if found else 0
            is_whole = text.endswith(b"\n", start, end)
            if not is_whole and not is_end and len(text) - start <= MOST_BYTES:
                break  # more of it may come
            if not found or end - start > MOST_BYTES:
                end = text.find(b"\n", start) + 1 or len(text)
                line = text[start:end]
                broken.append((len(places) + len(broken), line, _find_reason(line)))
            elif not is_text(text[start:end]):
                broken.append((len(places) + len(broken), text[start:end], _NO_TEXT))
            elif self._is_blank_row or text[start:end].strip(b"\r\n"):
                places.append(len(places) + len(broken))
                rows.append(text[start:end])
            start = end
        return _Rows(b"".join(rows), np.array(places, np.int64), broken), text[start:]


def _count_blank(text: bytes, ends: Any) -> int:
    """How many rows have nothing in them but their end."""
    lengths = np.diff(ends, prepend=-1)
    is_blank = lengths == 1
    is_blank[lengths == 2] = np.frombuffer(text, np.uint8)[ends[lengths == 2] - 1] == ord("\r")
    return int(is_blank.sum())


def _find_reason(line: bytes) -> str:
    """Why a line is no row whose quotes are sound."""
    if len(line) > MOST_BYTES:
        return _TOO_LONG
    return _QUOTES if b'"' in line else _RETURN


def _read_header(file: Path) -> tuple[list[str], str]:
    """The names of the columns, and what stands between values; raises FileError."""
    with tell_file(file):
        first, _ = next(read_blocks(file, 1), (b"", 1.0))
    line = first.removeprefix(_BOM).split(b"\n")[0][:MOST_BYTES]
    text = line.decode(errors="backslashreplace").rstrip("\r")
    delimiter = find_delimiter(text, find_kind(file))
    try:
        names = [
            name.strip() for name in next(csv.reader([text], delimiter=delimiter, strict=True), [])
        ]
    except csv.Error as error:
        message = f"the header cannot be read: {explain_csv(error)}"
        raise FileError([Issue(code="bad-header", message=message, file=str(file))]) from None
    names = [name or f"column {place}" for place, name in enumerate(names, 1)]
    twice = find_repeated(map(str.casefold, names))
    faults = {
        "the file has no header": not text,
        f"the header has a column twice: {shorten(', '.join(twice))}": text and twice,
        'rename the column "_file"': "_file" in names,
    }
    issues = [
        Issue(code="bad-header", message=message, file=str(file))
        for message, is_so in faults.items()
        if is_so
    ]
    if issues:
        raise FileError(issues)
    return names, delimiter
