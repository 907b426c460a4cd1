"""Where an output is written until it is whole, and how it takes its place beside its rejects.

What is written lies beside the output and is locked while its job runs. The system lets go of the
lock in any case, so what a killed job left is known by that, and the next job removes it.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from typing import BinaryIO

import pyarrow as pa

from backtriage.tables.files import build_file_error, is_unfinished, name_unfinished

if sys.platform != "win32":  # it has no such locks; what was left there stays
    import fcntl


class Unfinished:
    """A file beside an output, for its owner alone, that takes its place when it is whole.

    Where the output is a link, what it leads to is replaced.
    """

    def __init__(self, output: Path) -> None:
        self._output = output.resolve()
        self._path = name_unfinished(self._output)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self.stream: BinaryIO = os.fdopen(descriptor, "wb")
        _take(descriptor)

    @classmethod
    @contextmanager
    def opened(cls, output: Path) -> Iterator["Unfinished"]:
        """A new file, that is gone at the end if it was not published; raises FileError."""
        # held, so that nobody takes the new file for a left one before it is locked
        with tell_output(output), hold_place(output):
            _remove_left_ones(output.resolve())
            unfinished = cls(output)
        try:
            yield unfinished
        finally:
            unfinished.stream.close()
            unfinished._path.unlink(missing_ok=True)

    def finish(self) -> None:
        """Bring all of it to the disk, which may take a while; raises FileError."""
        with tell_output(self._output):
            self.stream.flush()
            os.fsync(self.stream.fileno())

    def publish(self) -> None:
        """Move it to where it is wanted, in one move; raises FileError."""
        with tell_output(self._output):
            self._path.replace(self._output)


@contextmanager
def open_unfinished_folder(output: Path) -> Iterator[Path]:
    """A folder beside an output, which is gone at the end with all that was not moved out of it."""
    place = output.resolve()
    with tell_output(output), hold_place(output):
        _remove_left_ones(place)
        folder = name_unfinished(place)
        folder.mkdir(mode=0o700)
        descriptor = _open_folder(folder)
        if descriptor is not None:
            _take(descriptor)
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


@contextmanager
def hold_place(output: Path) -> Iterator[None]:
    """While this lasts no other job publishes beside this output, or begins to: it waits.

    So an output and its rejects are of one job.
    """
    descriptor = _open_folder(output.resolve().parent)
    if descriptor is None:
        yield
        return
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _open_folder(folder: Path) -> int | None:
    """A folder opened so that it can be locked; None where the system cannot do that."""
    if sys.platform == "win32":
        return None
    return os.open(folder, os.O_RDONLY)


def _remove_left_ones(output: Path) -> None:
    """Remove what jobs with this output left that were killed: patients lie there."""
    for path in output.parent.glob(".*.unfinished"):
        if is_unfinished(path, output):
            with suppress(OSError):  # it may be somebody else's
                _remove_left(path)


def _remove_left(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        if _take(descriptor):
            if path.is_dir():
                rmtree(path)
            else:
                path.unlink()
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    """Take the lock of a file, or say that somebody has it."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def tell_output(output: Path) -> Iterator[None]:
    """Raise FileError for what goes wrong with an output while this lasts."""
    try:
        yield
    except (OSError, UnicodeError, pa.ArrowException) as error:
        raise build_file_error(str(output), error) from None
