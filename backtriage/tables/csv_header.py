"""The beginning of a CSV file -> its columns, and how its rows stand there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from backtriage.errors import FileError, Issue, shorten
from backtriage.strict_json import MOST_BYTES
from backtriage.tables.blocks import is_text, read_beginning
from backtriage.tables.files import find_delimiter, find_kind, tell_file
from backtriage.tables.notation import Notation

_BOM = b"\xef\xbb\xbf"
_SEPARATOR_LINE = re.compile(rb'"?sep=([\t !#-/:-@\[-`{-~])"?(?:\r?\n|\Z)', re.IGNORECASE)
"""A first line by which spreadsheets say what stands between the values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The names of the columns, the marks between values and around them, and where rows begin.

    `ends_old` says that lines end with a carriage return alone, as in files of old Macs.
    """

    names: tuple[str, ...]
    separator: str
    quote: str
    size: int
    ends_old: bool

    def build_row_pattern(self) -> re.Pattern[bytes]:
        """What a row with its end is like whose quotes are where they belong."""
        value = _build_value_pattern(self.separator, self.quote)
        mark = re.escape(self.separator)
        return re.compile(rf"{value}(?:{mark}{value})*+(?:\r?\n|\r?\Z)".encode())

    def build_empty_pattern(self) -> re.Pattern[str]:
        """What a row is like in which all values are empty or blank, however many these are."""
        mark, around = re.escape(self.separator), re.escape(self.quote)
        quoted = rf"{around}\s*+{around}|" if self.quote else ""
        value = rf"(?:{quoted}(?:(?!{mark})\s)*+)"
        return re.compile(rf"{value}(?:{mark}{value})*\r?\n?")


def read_header(file: Path, notation: Notation) -> Header:
    """The header of a file; raises FileError."""
    with tell_file(file):
        beginning = read_beginning(file, MOST_BYTES)
    ends_old = _ends_old(beginning, notation.quote)
    text = beginning.replace(b"\r", b"\n") if ends_old else beginning
    start = len(text) - len(text.removeprefix(_BOM))
    told = _SEPARATOR_LINE.match(text, start)
    start = told.end() if told else start
    start += len(text) - start - len(text[start:].lstrip(b"\r\n"))  # blank lines in front of it
    separator = notation.separator or (told[1].decode() if told else None)
    line = _find_line(text, start, notation.quote)
    shown = line.decode(errors="backslashreplace").rstrip("\r\n")
    separator = separator or find_delimiter(shown, find_kind(file))
    names = _split(shown, separator, notation.quote) if is_text(line) else None
    issues = list(_find_faults(shown, names, len(line)))
    if issues or names is None:
        raise FileError(
            Issue(code="bad-header", message=message, suggestion=way_out, file=str(file))
            for message, way_out in issues
        )
    size = start + len(line)
    return Header(
        names=names, separator=separator, quote=notation.quote, size=size, ends_old=ends_old
    )


def _build_value_pattern(separator: str, quote: str) -> str:
    mark, around = re.escape(separator), re.escape(quote)
    if not quote:
        return rf"[^{mark}\r\n]*+"
    return (
        rf"(?:{around}[^{around}]*+(?:{around}{around}[^{around}]*+)*+{around}"
        rf"|[^{around}{mark}\r\n]*+)"
    )


def _ends_old(beginning: bytes, quote: str) -> bool:
    """Whether lines end with a carriage return alone, values in quotes aside."""
    around = re.escape(quote).encode()
    quoted = rb"%b[^%b]*+(?:%b|\Z)" % (around, around, around)
    bare = re.sub(quoted, b"", beginning) if quote else beginning
    return b"\r" in bare.rstrip(b"\r") and b"\n" not in bare


def _find_line(text: bytes, start: int, quote: str) -> bytes:
    """The first row with its end, which may have line breaks in quotes, or else the first line."""
    around = re.escape(quote).encode()
    whole = rb"(?:[^\n%b]|%b[^%b]*+%b)*+(?:\n|\Z)" % (around, around, around, around)
    found = re.compile(whole if quote else rb"[^\n]*+\n?").match(text, start)
    return found[0] if found else text[start:].partition(b"\n")[0]


def _split(line: str, separator: str, quote: str) -> tuple[str, ...] | None:
    """The names in a header, with one blank for each line break; None if a quote is misplaced."""
    value = re.compile(f"({_build_value_pattern(separator, quote)})({re.escape(separator)}|\\Z)")
    names: list[str] = []
    place = 0
    while found := value.match(line, place):
        cell = found[1]
        if quote and cell.startswith(quote):
            cell = cell[1:-1].replace(quote * 2, quote)
        names.append(" ".join(cell.split()) or f"column {len(names) + 1}")
        if not found[2]:
            return tuple(names)
        place = found.end()
    return None


def _find_faults(
    line: str, names: tuple[str, ...] | None, size: int
) -> Iterator[tuple[str, str | None]]:
    """What is wrong with a header, and the way out."""
    if not line:
        yield "the file has no header", "its first line must have the names of the columns"
    elif size >= MOST_BYTES:
        yield "the header is too long", "its first line must have the names of the columns"
    elif names is None:
        yield from _find_misplaced(line)
    else:
        yield from _find_twice(names)
        if "_file" in names:
            yield 'rename the column "_file"', None


def _find_misplaced(line: str) -> Iterator[tuple[str, str | None]]:
    shown = shorten(line)
    if "\r" in line:
        place = line.index("\r") + 1
        message = f"the header has a carriage return (CR) within it, at character {place}: {shown}"
        yield message, "end all lines of the file alike"
    elif "\\x" in line:
        yield f"the header has bytes that are no UTF-8: {shown}", "save the table as UTF-8"
    else:
        message = f"a quote in the header is not closed, or has text around it: {shown}"
        yield message, "mend the first line, or say with --quote what stands around values"


def _find_twice(names: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    """Names that cannot be told apart, with the places where they stand."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        places.setdefault(name.casefold(), []).append(place)
    for name, where in places.items():
        if len(where) > 1:
            numbers = ", ".join(str(place + 1) for place in where)
            alike = {names[place] for place in where}
            case = "" if len(alike) == 1 else ", but for case"
            message = f"the header has a column twice{case}: {shorten(name)} (columns {numbers})"
            yield message, "rename one"
