"""Where a file or a folder is written until it is whole, and how it takes its place.

It lies beside its place, since nothing can be moved to another disk in one move, and is locked
while it is written. The system lets go of the lock in any case, so what a killed program left is
known by that: patients lie there, and who writes to the same place next removes it.
"""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree
from typing import BinaryIO

if sys.platform != "win32":  # it has no such locks; what was left there stays
    import fcntl


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A file for its owner alone, where it lies, and the place that it is for."""

    stream: BinaryIO
    path: Path
    place: Path

    def finish(self) -> None:
        """Bring all of it to the disk, which may take a while; raises OSError."""
        # or else an empty file could stand in the place of the old one when the power fails
        self.stream.flush()
        os.fsync(self.stream.fileno())

    def publish(self) -> None:
        """Move it to its place, in one move; raises OSError."""
        self.path.replace(self.place)


@contextmanager
def open_unfinished(place: Path) -> Iterator[Unfinished]:
    """A new file, that is gone at the end if it was not published; raises OSError.

    Where a link stands in its place, what this leads to is replaced.
    """
    place = place.resolve()
    with hold_place(place):  # so that nobody takes it for a left one before it is locked
        _remove_left_ones(place)
        path = name_unfinished(place)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        _take(descriptor)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield Unfinished(stream, path, place)
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def open_unfinished_folder(place: Path) -> Iterator[Path]:
    """A new folder, that is gone at the end with all that was not moved out of it."""
    place = place.resolve()
    with hold_place(place):
        _remove_left_ones(place)
        folder = name_unfinished(place)
        folder.mkdir(mode=0o700)
        descriptor = _open_folder(folder)
        if descriptor is not None:
            _take(descriptor)
    try:
        yield folder
    finally:
        with suppress(OSError):  # who still writes there, by its name, comes too late
            gone = name_unfinished(place)
            folder.rename(gone)
            folder = gone
        rmtree(folder, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


@contextmanager
def hold_place(place: Path) -> Iterator[None]:
    """While this lasts nobody else publishes in the same folder, or begins to: they wait.

    So what belongs together, such as an output and its rejects, is of one job.
    """
    descriptor = _open_folder(place.resolve().parent)
    if descriptor is None:
        yield
        return
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def name_unfinished(place: Path) -> Path:
    """Where something is written until it is whole: another name each time."""
    return place.with_name(f".{place.name}.{os.urandom(4).hex()}.unfinished")


def _open_folder(folder: Path) -> int | None:
    """A folder opened so that it can be locked; None where it, or the system, does not allow it."""
    if sys.platform == "win32":
        return None
    with suppress(OSError):
        return os.open(folder, os.O_RDONLY)
    return None


def _remove_left_ones(place: Path) -> None:
    pattern = re.compile(rf"\.{re.escape(place.name)}\.[0-9a-f]{{8}}\.unfinished")
    with suppress(OSError):  # a folder may be written to and not be listed
        for left in place.parent.iterdir():
            if pattern.fullmatch(left.name):
                _remove_left(left)


def _remove_left(left: Path) -> None:
    """Remove it, unless somebody is still writing it, or it is not ours to remove."""
    with suppress(OSError):
        descriptor = os.open(left, os.O_RDONLY)
        try:
            if _take(descriptor):
                rmtree(left) if left.is_dir() else left.unlink()
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
