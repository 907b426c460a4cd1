"""Names of files -> the files of a job, and what they are by their endings."""

import codecs
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from backtriage.errors import FileError, Issue, find_repeated
from backtriage.files import describe_failure

REJECTS = ".rejects.jsonl"
"""What is put behind the name of an output, for the rows that cannot be understood."""

JSON_LINES = frozenset({".jsonl", ".ndjson"})
CSV = frozenset({".csv", ".tsv"})
PARQUET = frozenset({".parquet"})

_KINDS = {ending: kind for kind in (JSON_LINES, CSV, PARQUET) for ending in kind}
"""All endings, and which of the three each is of."""


def check_files(inputs: Sequence[Path], output: Path | None = None) -> tuple[Path, ...]:
    """The files, patterns such as `part-*.csv` written out, and folders as the tables in them;
    raises FileError with all that is wrong with them, and with the output of a job that has one.
    """
    outputs = (output,) if output else ()
    files = [avoid_home(file) for name in inputs for file in _matching(name)]
    issues = [
        _issue(file, "cannot-read", "there is no such file") for file in files if not file.is_file()
    ]
    endings = ", ".join(sorted(_KINDS))
    issues += [
        _issue(file, "unknown-ending", f"the ending is none of {endings}")
        for file in (*files, *outputs)
        if find_kind(file) not in _KINDS
    ]
    if len({_KINDS.get(find_kind(file)) for file in files}) > 1:
        issues.append(_issue(files[0], "many-kinds", "the input files are not all of one kind"))
    written = [name for file in outputs for name in (file, file.with_name(f"{file.name}{REJECTS}"))]
    issues += [
        _issue(file, "file-exists", message)
        for file in written
        if (message := _find_harm(file, [*inputs, *files])) is not None
    ]
    issues += [
        _issue(file, "duplicate-key", "this file is given twice")
        for file in find_repeated(file.resolve() for file in files)
    ]
    if issues:
        raise FileError(issues)
    return tuple(files)


def _find_harm(written: Path, inputs: Sequence[Path]) -> str | None:
    """Why a file may not be written, beside these inputs."""
    if written.exists() and not written.is_file() and not written.is_dir():
        return "this is no file, but a device or a pipe; name a file"
    if any(_is_same(written, one) for one in inputs):
        return "this is an input file too, and would be written over"
    if any(one.is_dir() and one.resolve() in written.resolve().parents for one in inputs):
        return "this lies in a folder that is an input, and would be read with it"
    return None


def _is_same(one: Path, other: Path) -> bool:
    """Whether two names are those of one file, by links of any kind."""
    with suppress(OSError):
        return one.samefile(other)
    return one.resolve() == other.resolve()


def avoid_home(file: Path) -> Path:
    """The same file by a name that does not begin with ~, which Arrow takes for the home folder."""
    return file.absolute() if str(file).startswith("~") else file


def _matching(name: Path) -> list[Path]:
    if name.exists() or not any(mark in str(name) for mark in "*?["):
        return _list_parts(name)
    start = Path(name.anchor)
    found = sorted(start.glob(str(name.relative_to(start))))
    return [part for one in found for part in _list_parts(one)] or [name]


def _list_parts(name: Path) -> list[Path]:
    """The files of a folder, which is a table too, as Spark writes it; else the file."""
    if name.is_dir():
        return sorted(file for file in name.rglob("*") if _is_part(file)) or [name]
    return [name]


def _is_part(file: Path) -> bool:
    """Whether a file in a folder is of its table, and not a mark or a sum that others put there."""
    return file.is_file() and find_kind(file) in _KINDS and not file.name.startswith((".", "_"))


def _issue(file: Path | str, code: str, message: str) -> Issue:
    return Issue(code=code, message=message, file=str(file))


def build_file_error(file: str, error: Exception) -> FileError:
    """What a library or the system said of a file."""
    return FileError([_issue(file, "cannot-read-or-write", describe_failure(error))])


@contextmanager
def tell_file(file: Path) -> Iterator[None]:
    """Raise FileError for what goes wrong with a file while this lasts."""
    try:
        yield
    except (OSError, EOFError, UnicodeError, pa.ArrowException) as error:
        raise build_file_error(str(file), error) from None


def find_kind(file: Path) -> str:
    """The ending that says what a file is, a compression left aside."""
    return Path(file.name.removesuffix(".gz")).suffix.lower()


def check_encoding(file: Path, stream: BinaryIO) -> None:
    """Raise FileError at the beginning of a text in UTF-16, as some spreadsheets write it; none of
    it could be read.
    """
    if stream.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        raise FileError([_issue(file, "not-utf8", "this is UTF-16; save it as UTF-8")])
    stream.seek(0)


def find_delimiter(header: str, kind: str = "") -> str:
    """What stands between the values of a table, by its first line and the ending of its file."""
    unquoted = re.sub('"[^"]*"', "", header)
    if kind == ".tsv" and "\t" in unquoted:  # names of columns may well have commas in them
        return "\t"
    return max("\t,;" if kind == ".tsv" else ",;\t", key=unquoted.count)


def list_folder_columns(files: Iterable[Path]) -> list[str]:
    """The columns that stand in names of folders, such as `year=2026`, as Spark writes them."""
    folders = (part for file in files for part in file.parent.parts if "=" in part)
    return list(dict.fromkeys(part.partition("=")[0] for part in folders))
