"""Reading files whole, and writing them so that they are there whole or not at all."""

import errno
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from io import UnsupportedOperation
from pathlib import Path
from typing import BinaryIO

from backtriage.errors import FileError, Issue
from backtriage.interrupts import check_interrupts, postpone_interrupts
from backtriage.language import say
from backtriage.streams import OUTPUTS, find_stream
from backtriage.strict_json import MOST_BYTES
from backtriage.unfinished import Unfinished, name_unfinished, open_unfinished

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
_ERRORS = (
    errno.EACCES,
    errno.EBUSY,
    errno.EFBIG,
    errno.EINVAL,
    errno.EIO,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENAMETOOLONG,
    errno.ENODEV,
    errno.ENOENT,
    errno.ENOSPC,
    errno.ENOTDIR,
    errno.ENXIO,
    errno.EPERM,
    errno.EROFS,
)
"""Those of the system that people meet."""


def read_bytes(path: Path) -> bytes:
    """What is in a file of JSON; raises FileError.

    Of one that is too long only so much that `parse_json` sees that it is.
    """
    try:
        with open_to_read(path) as file:
            return file.read(MOST_BYTES + 1)
    except _FAILURES as error:
        raise build_file_error("cannot-read", path, error) from None


def open_to_read(path: Path) -> BinaryIO:
    """A file opened for reading; raises FileError."""
    try:
        file = path.open("rb")
        _check_not_written(file.fileno())
    except _FAILURES as error:
        raise build_file_error("cannot-read", path, error) from None
    return file


def open_stdin() -> BinaryIO:
    """Standard input for reading; raises FileError."""
    try:
        _check_not_written(sys.stdin.fileno())
    except UnsupportedOperation:
        pass  # what stands in for it is no file
    except OSError as error:
        raise build_file_error("cannot-read", Path("-"), error) from None
    return sys.stdin.buffer


def _check_not_written(descriptor: int) -> None:
    """Raise OSError for a file that the result goes to: it would be read again, without end."""
    if stream := find_stream(os.fstat(descriptor), OUTPUTS):
        raise OSError(errno.EINVAL, say("this is the file of {stream} too", stream=stream))


def check_can_write(path: Path) -> None:
    """Raise FileError if a file cannot, or must not, be written there.

    Asked before the work, so that nobody answers thirty questions for nothing.
    """
    try:
        status = _find_status(path)
        if status is not None and not stat.S_ISREG(status.st_mode):
            _check_special(path, status)
            return
        folder = path.resolve().parent
        if not folder.is_dir():
            raise FileNotFoundError(errno.ENOENT, say("there is no such folder"))
        if not os.access(folder, os.W_OK):
            raise PermissionError(errno.EACCES, say("the folder is not yours to write to"))
        if status is not None and not os.access(path, os.W_OK):
            raise PermissionError(errno.EACCES, say("the file is protected against writing"))
        _find_status(name_unfinished(path.resolve()))  # this name can be too long, too
        if status is not None and (stream := find_stream(status)):
            raise OSError(errno.EINVAL, say("this is the file of {stream} too", stream=stream))
    except _FAILURES as error:
        raise build_file_error("cannot-write", path, error) from None


def _check_special(path: Path, status: os.stat_result) -> None:
    """Raise OSError for what is there and is no file, unless a text can be written into it.

    That are pipes, and devices such as a terminal, but no disks.
    """
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, say("this is a folder"))
    if not (stat.S_ISFIFO(status.st_mode) or stat.S_ISCHR(status.st_mode)):
        raise OSError(errno.EINVAL, say("this is neither a file nor a pipe"))
    if not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, say("it is not yours to write to"))


def _find_status(path: Path) -> os.stat_result | None:
    """What the system says of a file; None if there is none. Raises OSError for a bad name."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two names lead to one file, also to one that is not there yet."""
    try:
        return one.samefile(other)
    except _FAILURES:  # one of them is not there
        return os.path.realpath(one) == os.path.realpath(other)


def write_public(path: Path, text: str) -> None:
    """Write a file that everybody can read (mode 0644), in one move; raises FileError."""
    _write(path, [text], 0o644)


def write_part(path: Path, text: str) -> None:
    """The same for a part of a rule set: what is there and is no regular file is an error."""
    if path.exists() and not path.is_file():
        error = OSError(errno.EINVAL, say("this is not a regular file"))
        raise build_file_error("cannot-write", path, error)
    write_public(path, text)


def write_private(path: Path, text: str) -> None:
    """Write a file that its owner alone can read (mode 0600), in one move; raises FileError."""
    _write(path, [text], 0o600)


def write_private_lines(path: Path, lines: Iterable[str]) -> None:
    """The same with text that is made while it is written, as it is too long to be held."""
    _write(path, lines, 0o600)


class KeptFile:
    """A private file that is written again and again, by this program alone.

    What is there at first may be replaced. What somebody else puts there later may not.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ours = self._read()

    def write(self, text: str) -> None:
        """Write the file anew, in one move; raises FileError, also if it is no longer ours."""
        found = self._read()
        if found not in (None, self._ours):
            raise _build_taken(self.path)
        _write(self.path, [text], 0o600, is_new=found is None)
        self._ours = text.encode()

    def _read(self) -> bytes | None:
        """What is there; None where nothing is."""
        return read_bytes(self.path) if self.path.is_file() else None


def _build_taken(path: Path) -> FileError:
    message = say("another program has written this file meanwhile")
    suggestion = say("choose another name")
    issue = Issue(code="file-exists", message=message, suggestion=suggestion, file=str(path))
    return FileError([issue])


def _write(path: Path, texts: Iterable[str], mode: int, *, is_new: bool = False) -> None:
    """Write a file in one move; `is_new` if nothing may be replaced, not even what just came there.

    What is there and is no regular file, such as a device or a pipe, is written to, not replaced.
    """
    check_can_write(path)
    try:
        status = _find_status(path)
        if status is not None and not stat.S_ISREG(status.st_mode):
            with path.open("w", encoding="utf-8") as special:
                special.writelines(texts)
            return
        # a signal would leave the half of it beside the file, and there are patients in it
        with postpone_interrupts(kills=True), open_unfinished(path) as unfinished:
            for text in texts:
                check_interrupts()
                unfinished.stream.write(text.encode())
            unfinished.path.chmod(mode)
            unfinished.finish()
            if not (is_new and _link(unfinished)):
                unfinished.publish()
    except FileExistsError:
        raise _build_taken(path) from None
    except _FAILURES as error:
        raise build_file_error("cannot-write", path, error) from None


def _link(unfinished: Unfinished) -> bool:
    """Give a file its place without replacing any; whether that could be done."""
    try:
        unfinished.place.hardlink_to(unfinished.path)
    except FileExistsError:
        raise
    except OSError:  # of a disk that knows no links
        return False
    return True


def build_file_error(code: str, path: Path, error: Exception) -> FileError:
    """What went wrong with a file, in the words of the system."""
    is_in_the_way = code == "cannot-write" and isinstance(error, IsADirectoryError)
    way_out = say("name another, or remove this one first") if is_in_the_way else None
    message = describe_failure(error)
    return FileError([Issue(code=code, message=message, suggestion=way_out, file=str(path))])


def describe_failure(error: Exception) -> str:
    """Why a file could not be read or written, in the words of the system where it has some.

    What a library said, and is not known here, is its first line.
    """
    if isinstance(error, OSError) and error.strerror:
        return say(error.strerror)
    said = (str(error).strip() or type(error).__name__).splitlines()[0]
    return say(next((words for piece, words in _IN_WORDS.items() if piece in said), said))


def list_failures() -> Iterator[str]:
    """What `describe_failure` most often has to say, in English."""
    for code in _ERRORS:
        yield os.strerror(code)
    yield from dict.fromkeys(_IN_WORDS.values())


# What is made ahead ------------------------------------------------------------------------------


def compute_digest(files: Iterable[tuple[str, bytes]]) -> str:
    """SHA-256 over names and contents."""
    total = sha256()
    for name, data in files:
        total.update(f"{name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()


def build_sealed(made_from: str, content: str) -> str:
    """Content behind two lines: the SHA-256 of all that follows, and what it was made from.

    The latter is a digest; `read_sealed` reads both.
    """
    rest = f"{made_from}\n{content}"
    return f"{sha256(rest.encode()).hexdigest()}\n{rest}"


def read_sealed(path: Path, find_made_from: Callable[[], str]) -> bytes | None:
    """The content, if it is as it was written and made from what is there now; else None."""
    try:
        whole, _, rest = path.read_bytes().partition(b"\n")
        made_from, _, content = rest.partition(b"\n")
        is_whole = whole.decode() == sha256(rest).hexdigest()
        return content if is_whole and made_from.decode() == find_made_from() else None
    except (OSError, UnicodeDecodeError):
        return None
