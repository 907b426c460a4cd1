"""CSV files -> batches, in which all values are texts.

A row has one value for each column of the header, and its quotes are where they belong; any other
line is broken. Where a quote is not closed, or has text behind it, the line alone is broken, and
reading goes on with the next one. A row of empty values is no patient, but has a number; a blank
line has none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from backtriage.errors import FileError, Issue
from backtriage.strict_json import MOST_BYTES
from backtriage.tables.batches import Batch, Blocks, Broken, Reading, read_files, shorten_line
from backtriage.tables.blocks import CODED, cut_block, has_strange_lines, is_text, read_blocks
from backtriage.tables.csv_header import Header, read_header
from backtriage.tables.notation import Notation

_NO_TEXT = "it has bytes that are no UTF-8; save the table as UTF-8"
_QUOTES = "a quote is not closed, or has text behind it; it may have taken in the lines that follow"
_RETURN = "it has a carriage return (CR) within it, as if it were several lines"
_TOO_LONG = "the line is too long to be a patient"


class CsvRows:
    """Files of CSV that all have the same header; raises FileError for those that have another."""

    is_json = False

    def __init__(self, files: Sequence[Path], rows: int, notation: Notation | None = None) -> None:
        self._rows = rows
        self._headers = {file: read_header(file, notation or Notation()) for file in files}
        first = self._headers[files[0]]
        message = f"the columns are not those of {files[0]}, in the same order"
        other = [
            Issue(code="bad-header", message=message, file=str(file))
            for file, header in self._headers.items()
            if (header.names, header.separator) != (first.names, first.separator)
        ]
        if other:
            raise FileError(other)
        self._names = list(first.names)

    def list_names(self) -> list[str]:
        """The columns of the header."""
        return self._names

    def find_type(self, _: str) -> Any:
        """All values are texts."""
        return pa.string()

    def read(self, questions: Sequence[str], keys: Sequence[str]) -> Reading:
        """Read these columns, if they are there."""
        types = {name: pa.string() if name in keys else CODED for name in self._names}
        wanted = [name for name in self._names if name in {*questions, *keys}] or self._names[:1]
        return read_files(list(self._headers), partial(self._read_file, types, wanted))

    def _read_file(self, types: Mapping[str, Any], wanted: Sequence[str], file: Path) -> Blocks:
        """Blocks of whole rows, without the header. A row may have ends of lines in quotes."""
        header = self._headers[file]
        make = partial(_make_batch, file, header, types, wanted)
        rest = b""
        cutter = _Cutter(header)
        blocks = read_blocks(file, self._rows, start=header.size, ends_old=header.ends_old)
        for block, _, share in blocks:
            rows, rest = cutter.cut(rest + block)
            yield share, rows.count, partial(make, rows)
        if rest:
            rows, _ = cutter.cut(rest, is_end=True)
            yield 1.0, rows.count, partial(make, rows)


def _make_batch(
    file: Path,
    header: Header,
    types: Mapping[str, Any],
    wanted: Sequence[str],
    rows: "_Rows",
    first: int,
) -> Batch:
    broken = [
        (place, line, Issue(code="not-a-row", message=why)) for place, line, why in rows.broken
    ]
    places = rows.places
    columns: dict[str, Any] = {}
    if len(places):
        columns, others = cut_block(
            rows.text, header.separator, types, wanted=wanted, quote=header.quote
        )
        for place, line, size in others:
            broken.append((int(places[place]), line.encode(), _tell_length(header, size)))
        places = np.delete(places, [place for place, _, _ in others])
    found = [
        Broken(first + place, shorten_line(line), (issue,))
        for place, line, issue in sorted(broken, key=itemgetter(0))
    ]
    return Batch(str(file), first + places, columns, found)


def _tell_length(header: Header, size: int) -> Issue:
    wanted = len(header.names)
    more_or_fewer = "fewer" if size < wanted else "more"
    mark = "a tab" if header.separator == "\t" else f'"{header.separator}"'
    return Issue(
        code="not-a-row",
        message=f"there are {more_or_fewer} values than columns: {size:,} and {wanted:,}",
        suggestion=f"values are taken to have {mark} between them; else say --separator",
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows whose quotes are sound, their places among all rows, broken lines with theirs, and how
    many rows have a place.
    """

    text: bytes
    places: Any
    broken: Sequence[tuple[int, bytes, str]]
    count: int


class _Cutter:
    """Cuts texts into rows."""

    def __init__(self, header: Header) -> None:
        self._row = header.build_row_pattern()
        self._empty = header.build_empty_pattern()
        self._delimiter = ord(header.separator)
        self._quote = ord(header.quote) if header.quote else None
        self._has_one_column = len(header.names) == 1
        # the first bytes of all blanks there are
        blanks = [*b" \t\r\n\v\f\x1c\x1d\x1e\x1f\xc2\xe1\xe2\xe3", self._delimiter]
        self._begins_empty = np.isin(np.arange(256), blanks)
        self._goes_on_empty = np.isin(np.arange(256), [*blanks, self._quote or 0])

    def cut(self, text: bytes, *, is_end: bool = False) -> tuple[_Rows, bytes]:
        """The whole rows of a text that begins with one, and the rest, a part of the next row."""
        is_strange = has_strange_lines(text) or not is_text(text)
        ends = None if is_strange else self._find_ends(text, is_end=is_end)
        if ends is None:
            return self._cut_one_by_one(text, is_end=is_end)
        edges = np.concatenate([[0], ends + 1])
        if is_end and edges[-1] < len(text):
            edges = np.append(edges, len(text))
        end = int(edges[-1])
        return self._leave_out_empty(text[:end], edges), text[end:]

    def _leave_out_empty(self, text: bytes, edges: Any) -> _Rows:
        """The rows between these edges, without those in which nothing stands."""
        count = len(edges) - 1
        is_counted, is_row = np.ones(count, np.bool_), np.ones(count, np.bool_)
        for place in self._find_maybe_empty(text, edges).tolist():
            row = text[edges[place] : edges[place + 1]]
            if self._is_empty(row):
                is_row[place] = False
                is_counted[place] = self._is_counted(row)
        places = (np.cumsum(is_counted) - 1)[is_row]
        if len(places) < count:
            letters = np.frombuffer(text, np.uint8)
            text = letters[np.repeat(is_row, np.diff(edges))].tobytes()
        return _Rows(text, places, (), int(is_counted.sum()))

    def _find_maybe_empty(self, text: bytes, edges: Any) -> Any:
        """The rows that may have nothing in them, by their first two letters."""
        if len(edges) == 1:
            return edges[:0]
        letters = np.frombuffer(text, np.uint8)
        begins = self._begins_empty[letters[edges[:-1]]]
        if self._quote is not None:
            second = letters[np.minimum(edges[:-1] + 1, len(letters) - 1)]
            is_quote = letters[edges[:-1]] == self._quote
            begins |= is_quote & self._goes_on_empty[second]
        return np.flatnonzero(begins)

    def _is_empty(self, row: bytes) -> bool:
        return self._empty.fullmatch(row.decode(errors="replace")) is not None

    def _is_counted(self, row: bytes) -> bool:
        """Whether an empty row has a number: a blank line has one where it is all of a row."""
        return self._has_one_column or self._delimiter in row or bool(row.strip())

    def _find_ends(self, text: bytes, *, is_end: bool) -> Any:
        """Where rows end; None if a quote is not where it belongs, or a row is too long."""
        letters = np.frombuffer(text, np.uint8)
        quotes = np.flatnonzero(letters == self._quote) if self._quote else np.arange(0)
        ends = np.flatnonzero(letters == ord("\n"))
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        if np.diff(ends, prepend=-1, append=len(text)).max() > MOST_BYTES:
            return None
        if not is_end:
            quotes = quotes[: np.searchsorted(quotes, ends[-1] if len(ends) else 0)]
        begins, closes = quotes[::2], quotes[1::2]
        around = (self._delimiter, ord("\n"), self._quote or 0)
        before = np.isin(letters[begins - 1], around) | (begins == 0)
        behind = np.isin(letters[(closes + 1) % len(text)], (*around, ord("\r")))
        behind |= closes == len(text) - 1
        return ends if len(begins) == len(closes) and before.all() and behind.all() else None

    def _cut_one_by_one(self, text: bytes, *, is_end: bool) -> tuple[_Rows, bytes]:
        rows: list[bytes] = []
        places: list[int] = []
        broken: list[tuple[int, bytes, str]] = []
        start = count = 0
        while start < len(text):
            end, why = self._find_end(text, start, is_end=is_end)
            if end is None:
                break  # more of it may come
            row = text[start:end]
            start = end
            if why:
                broken.append((count, row, why))
            elif not self._is_empty(row):
                places.append(count)
                rows.append(row)
            elif not self._is_counted(row):
                continue
            count += 1
        return _Rows(b"".join(rows), np.array(places, np.int64), broken, count), text[start:]

    def _find_end(self, text: bytes, start: int, *, is_end: bool) -> tuple[int | None, str | None]:
        """Where the row ends that begins there, and why it is none; no end if more may come."""
        found = self._row.match(text, start)
        end = found.end() if found else 0
        is_whole = text.endswith(b"\n", start, end)
        if not is_whole and not is_end and len(text) - start <= MOST_BYTES:
            return None, None
        if not found or end - start > MOST_BYTES:
            end = text.find(b"\n", start) + 1 or len(text)
            return end, self._find_reason(text[start:end])
        return end, None if is_text(text[start:end]) else _NO_TEXT

    def _find_reason(self, line: bytes) -> str:
        """Why a line is no row whose quotes are sound."""
        if len(line) > MOST_BYTES:
            return _TOO_LONG
        return _QUOTES if self._quote and self._quote in line else _RETURN
