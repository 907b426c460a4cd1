"""CSV files -> the columns that all of them have, and what stands between their values."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from backtriage.errors import FileError, Issue, find_repeated, shorten
from backtriage.strict_json import cut_lines
from backtriage.tables.files import find_delimiter, open_unpacked


def same_header(files: Sequence[Path], names: Mapping[str, str]) -> tuple[list[str], str]:
    """The header that all files have; raises FileError for those that have another one."""
    header = _header(files[0])
    other = [file for file in files if _header(file) != header]
    if other:
        message = f"the columns are not those of {names[str(files[0])]}, in the same order"
        raise FileError(
            Issue(code="bad-header", message=message, file=names[str(file)]) for file in other
        )
    return header


def _header(file: Path) -> tuple[list[str], str]:
    """The columns of a CSV file by name, and what stands between its values; raises FileError."""
    first = _first_line(file)
    delimiter = find_delimiter(first)
    try:
        cells = next(csv.reader([first], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise _bad_header(file, f"the header cannot be read: {error}") from None
    names = [cell.strip() or f"column {place}" for place, cell in enumerate(cells, 1)]
    if "_file" in names:  # DuckDB gets the name of the file by this one
        raise _bad_header(file, 'rename the column "_file"')
    if twice := find_repeated(map(str.casefold, names)):
        raise _bad_header(file, f"the header has a column twice: {shorten(', '.join(twice))}")
    if not first:
        raise _bad_header(file, "the file has no header")
    return names, delimiter


def _first_line(file: Path) -> str:
    with open_unpacked(file) as stream:
        line, _ = next(cut_lines(stream), (b"", True))
    return line.decode("utf-8-sig", errors="backslashreplace").rstrip("\r\n")


def _bad_header(file: Path, message: str) -> FileError:
    return FileError([Issue(code="bad-header", message=message, file=str(file))])
