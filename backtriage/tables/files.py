"""Names of files -> the files of a job, and what they are by their endings."""

import codecs
import gzip
import re
import secrets
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from backtriage.errors import FileError, Issue, find_repeated

REJECTS = ".rejects.jsonl"
"""What is put behind the name of an output, for the rows that cannot be understood."""

JSON_LINES = frozenset({".jsonl", ".ndjson"})
CSV = frozenset({".csv", ".tsv"})
PARQUET = frozenset({".parquet"})
_KINDS = (JSON_LINES, CSV, PARQUET)

_GIANT = 4_000_000
"""Some block of this size has no end of a line in it where a line is twice as long."""


def check_files(inputs: Sequence[Path], output: Path) -> tuple[Path, ...]:
    """The files, patterns such as `part-*.csv` written out.

    Raises FileError with all that is wrong with them.
    """
    files = [avoid_home(file) for name in inputs for file in _matching(name)]
    if issues := list(_wrong_files(files, output)):
        raise FileError(issues)
    return tuple(files)


def _wrong_files(files: Sequence[Path], output: Path) -> Iterator[Issue]:
    for file in files:
        if not _is_there(file):
            yield _issue(file, "cannot-read", "there is no such file")
    known = frozenset[str]().union(*_KINDS)
    endings = ", ".join(sorted(known))
    for file in (*files, output):
        if find_kind(file) not in known and not file.is_dir():
            yield _issue(file, "unknown-ending", f"the ending is none of {endings}")
    if len({_find_group(file) for file in files}) > 1:
        yield _issue(files[0], "many-kinds", "the input files are not all of one kind")
    resolved = [file.resolve() for file in files]
    for file in (output, output.with_name(f"{output.name}{REJECTS}")):
        if file.resolve() in resolved:
            message = "this is an input file too, and would be written over"
            yield _issue(file, "file-exists", message)
    for file in find_repeated(resolved):
        yield _issue(file, "duplicate-key", "this file is given twice")


def _find_group(file: Path) -> frozenset[str] | None:
    return next((kind for kind in _KINDS if find_kind(file) in kind), None)


def avoid_home(file: Path) -> Path:
    """The same file by a name that does not begin with ~: DuckDB takes that for the home folder."""
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
    """What a database or the system said of a file, in its first line."""
    message = str(error).strip().splitlines()[0]
    return FileError([Issue(code="cannot-read-or-write", message=message, file=file)])


def find_kind(file: Path) -> str:
    """The ending that says what a file is, a compression left aside."""
    return Path(file.name.removesuffix(".gz")).suffix.lower()


def open_unpacked(file: Path) -> BinaryIO:
    """A file opened for reading its bytes, unpacked."""
    return gzip.open(file) if file.suffix == ".gz" else file.open("rb")  # type: ignore[return-value]


def check_texts(files: Sequence[Path]) -> None:
    """Raise FileError for texts in UTF-16, as of some spreadsheets, and for damaged .gz files.

    No line of the first could be read; of the second DuckDB would read what is wrong and not see
    that it is.
    """
    issues = []
    for file in files:
        try:
            with open_unpacked(file) as stream:
                if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
                    issues.append(_issue(file, "not-utf8", "this is UTF-16; save it as UTF-8"))
                while file.suffix == ".gz" and stream.read(1_000_000):
                    pass
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            issues.append(_issue(file, "cannot-read", f"the file is damaged: {error}"))
    if issues:
        raise FileError(issues)


def has_giant_line(files: Sequence[Path]) -> bool:
    """Whether a line is longer than what DuckDB has in hand at once.

    It would leave such a line of CSV out, unsaid.
    """
    for file in files:
        with open_unpacked(file) as stream:
            while len(block := stream.read(_GIANT)) == _GIANT:
                if b"\n" not in block and b"\r" not in block:
                    return True
    return False


def name_unfinished(output: Path) -> Path:
    """Where an output is written, beside it, until it is whole: another place for each job."""
    return output.with_name(f".{output.name}.{secrets.token_hex(4)}.unfinished")


def find_delimiter(header: str) -> str:
    """What stands between the values of a table, by its first line."""
    return max((",", ";", "\t"), key=re.sub('"[^"]*"', "", header).count)
