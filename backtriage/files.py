"""Reading files whole, and writing them so that they are there whole or not at all."""

import errno
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

from backtriage.errors import FileError, Issue
from backtriage.strict_json import MOST_BYTES

_FAILURES = (OSError, ValueError, RuntimeError)
"""Also a name with a NUL in it, and links that go round in a circle."""
_IN_WORDS = {
    "embedded null": "a name cannot have a NUL character in it",
    "Symlink loop": "links lead to each other in a circle",
    "surrogates not allowed": "its name is not UTF-8; give it another one",
    "Not a gzipped file": "it is not packed with gzip, as its ending says",
    "Compressed file ended": "its end is missing",
    "while decompressing": "it cannot be unpacked",
    "CRC check failed": "it cannot be unpacked",
    "Incorrect length of data": "it cannot be unpacked",
    "magic bytes not found": "this is not Parquet, whatever its ending, or its end is missing",
}
"""What Python and its libraries say of files, by a piece of it, and what it means."""


def read_bytes(path: Path) -> bytes:
    """What is in a file of JSON; raises FileError.

    Of one that is too long only so much that `parse_json` sees that it is.
    """
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except _FAILURES as error:
        raise build_file_error("cannot-read", path, error) from None


def open_to_read(path: Path) -> BinaryIO:
    """A file opened for reading; raises FileError."""
    try:
        return path.open("rb")
    except _FAILURES as error:
        raise build_file_error("cannot-read", path, error) from None


def check_can_write(path: Path) -> None:
    """Raise FileError if a file cannot be written there.

    Asked before the work, so that nobody answers thirty questions for nothing.
    """
    try:
        folder = path.resolve().parent
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "this is a folder")
        if not folder.is_dir():
            raise FileNotFoundError(errno.ENOENT, "there is no such folder")
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, "the folder is not yours to write to")
        path.exists()  # a name can be too long to be asked about
    except _FAILURES as error:
        raise build_file_error("cannot-write", path, error) from None


def write_public(path: Path, text: str) -> None:
    """Write a file that everybody can read (mode 0644), in one move; raises FileError."""
    _write(path, text, 0o644)


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read (mode 0600), in one move; raises FileError."""
    _write(path, text, 0o600)


def _write(path: Path, text: str, mode: int) -> None:
    """Write a file in one move.

    What is there and is no regular file, such as a device or a pipe, is written to, not replaced.
    """
    try:
        path = path.resolve()  # so that a link stays one, and what it leads to is replaced
        if path.exists() and not path.is_file():
            path.write_text(text, encoding="utf-8")
            return
        # in the same folder, since a file cannot be moved to another disk in one move
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except _FAILURES as error:
        raise build_file_error("cannot-write", path, error) from None
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            # or else an empty file could stand in the place of the old one when the power fails
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path)
    except _FAILURES as error:
        Path(name).unlink(missing_ok=True)
        raise build_file_error("cannot-write", path, error) from None


def build_file_error(code: str, path: Path, error: Exception) -> FileError:
    """What went wrong with a file, in the words of the system."""
    return FileError([Issue(code=code, message=describe_failure(error), file=str(path))])


def describe_failure(error: Exception) -> str:
    """Why a file could not be read or written, in the words of the system where it has some.

    What a library said, and is not known here, is its first line.
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    said = (str(error).strip() or type(error).__name__).splitlines()[0]
    return next((words for piece, words in _IN_WORDS.items() if piece in said), said)
