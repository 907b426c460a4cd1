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
    """The names of the columns of a CSV file, and what stands between its values; raises FileError."""
    with open_unpacked(file) as stream:
        first = (
            next(cut_lines(stream), (b"", True))[0]
            .decode("utf-8-sig", errors="backslashreplace")
            .rstrip("\r\n")
        )
    delimiter = find_delimiter(first)
    try:
        names = [
            name.strip() for name in next(csv.reader([first], delimiter=delimiter, strict=True), [])
        ]
    except csv.Error as error:
        message = f"the header cannot be read: {error}"
        raise FileError([Issue(code="bad-header", message=message, file=str(file))]) from None
    names = [name or f"column {place}" for place, name in enumerate(names, 1)]
    twice = find_repeated(map(str.casefold, names))
    if "_file" in names:
        raise FileError(
            [Issue(code="bad-header", message='rename the column "_file"', file=str(file))]
        )
    if twice or not first:
        reason = (
            f"the header has a column twice: {shorten(', '.join(twice))}"
            if twice
            else "the file has no header"
        )
        raise FileError([Issue(code="bad-header", message=reason, file=str(file))])
    return names, delimiter
