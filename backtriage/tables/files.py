"""Names of files -> the files of a job, and what they are by their endings."""

import codecs
import csv
import gzip
import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from backtriage.errors import FileError, Issue, find_repeated
from backtriage.files import describe_failure

REJECTS = ".rejects.jsonl"
"""What is put behind the name of an output, for the rows that cannot be understood."""

JSON_LINES, CSV, PARQUET = (
    frozenset({".jsonl", ".ndjson"}),
    frozenset({".csv", ".tsv"}),
    frozenset({".parquet"}),
)


def check_files(inputs: Sequence[Path], output: Path) -> tuple[Path, ...]:
    """The files, patterns such as `part-*.csv` written out; raises FileError with all that is wrong
    with them.
    """
    files = [avoid_home(file) for name in inputs for file in _matching(name)]
    issues = [
        _issue(file, "cannot-read", "there is no such file")
        for file in files
        if not _is_there(file)
    ]
    known = JSON_LINES | CSV | PARQUET
    endings = ", ".join(sorted(known))
    issues += [
        _issue(file, "unknown-ending", f"the ending is none of {endings}")
        for file in (*files, output)
        if find_kind(file) not in known and not file.is_dir()
    ]
    groups = {
        next((group for group in (JSON_LINES, CSV, PARQUET) if find_kind(file) in group), None)
        for file in files
    }
    if len(groups) > 1:
        issues.append(_issue(files[0], "many-kinds", "the input files are not all of one kind"))
    written = (output, output.with_name(f"{output.name}{REJECTS}"))
    issues += [
        _issue(file, "file-exists", "this is an input file too, and would be written over")
        for file in written
        if file.resolve() in [one.resolve() for one in files]
    ]
    issues += [
        _issue(file, "duplicate-key", "this file is given twice")
        for file in find_repeated(file.resolve() for file in files)
    ]
    if issues:
        raise FileError(issues)
    return tuple(files)


def avoid_home(file: Path) -> Path:
    """The same file by a name that does not begin with ~, which Arrow takes for the home folder."""
    return file.absolute() if str(file).startswith("~") else file


def _matching(name: Path) -> list[Path]:
    if name.exists() or not any(mark in name.name for mark in "*?["):
        return [name]
    return sorted(name.parent.glob(name.name)) or [name]


def _is_there(file: Path) -> bool:
    """A folder is a table too, as Spark writes it."""
    return file.is_file() or (file.is_dir() and any(file.iterdir()))


def _issue(file: Path, code: str, message: str) -> Issue:
    return Issue(code=code, message=message, file=str(file))


def build_file_error(file: str, error: Exception) -> FileError:
    """What a library or the system said of a file."""
    issue = Issue(code="cannot-read-or-write", message=describe_failure(error), file=file)
    return FileError([issue])


_CSV = {
    "NUL": "there is a NUL character (U+0000) in it",
    "unexpected end": "a quote is not closed",
    "expected after": "text stands behind a quote that is closed",
    "field limit": f"a value has more than {csv.field_size_limit():,} characters",
    "new-line": "there is a carriage return in it that ends no line",
}
"""What Python says of CSV, by a piece of it, and what it means."""


def explain_csv(error: csv.Error) -> str:
    """Why a line is not CSV."""
    said = str(error)
    return next((words for piece, words in _CSV.items() if piece in said), said)


def find_kind(file: Path) -> str:
    """The ending that says what a file is, a compression left aside."""
    return Path(file.name.removesuffix(".gz")).suffix.lower()


def open_unpacked(file: Path) -> BinaryIO:
    """A file opened for reading its bytes, unpacked."""
    return gzip.open(file) if file.suffix == ".gz" else file.open("rb")  # type: ignore[return-value]


def check_encoding(file: Path, stream: BinaryIO) -> None:
    """Raise FileError at the beginning of a text in UTF-16, as some spreadsheets write it; none of
    it could be read.
    """
    if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise FileError([_issue(file, "not-utf8", "this is UTF-16; save it as UTF-8")])
    stream.seek(0)


def name_unfinished(output: Path) -> Path:
    """Where an output is written, beside it, until it is whole: another place for each job."""
    return output.with_name(f".{output.name}.{secrets.token_hex(4)}.unfinished")


def is_unfinished(file: Path, output: Path) -> bool:
    """Whether a file is such a place, of a job with this output."""
    pattern = rf"\.{re.escape(output.name)}\.[0-9a-f]{{8}}\.unfinished"
    return re.fullmatch(pattern, file.name) is not None


def find_delimiter(header: str, kind: str = "") -> str:
    """What stands between the values of a table, by its first line and the ending of its file."""
    unquoted = re.sub('"[^"]*"', "", header)
    if kind == ".tsv" and "\t" in unquoted:  # names of columns may well have commas in them
        return "\t"
    return max((",", ";", "\t"), key=unquoted.count)
