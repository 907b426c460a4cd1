"""A job -> a folder for it that is gone behind it: at the end, or, if it was killed, by the next.

What lies there are patients. A job holds a lock on a file in its folder, and the system lets go of
it in any case.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir
from typing import IO

if sys.platform != "win32":  # it has no such locks; what was left there stays
    import fcntl

_PREFIX = "backtriage-"
_LOCK = "lock"


@contextmanager
def open_work_folder() -> Iterator[Path]:
    """A new folder, which its owner alone can read, until the work in it is done."""
    _remove_left_ones()
    with TemporaryDirectory(prefix=_PREFIX) as folder, (Path(folder) / _LOCK).open("w") as lock:
        _take(lock)
        yield Path(folder)


def _remove_left_ones() -> None:
    """Remove the folders of this user's jobs that nobody works in."""
    if sys.platform == "win32":
        return
    for folder in Path(gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):  # it belongs to somebody else, or is gone by now
            if folder.stat().st_uid == os.getuid() and not folder.is_symlink():
                with (folder / _LOCK).open("r+") as lock:
                    if _take(lock):
                        rmtree(folder, ignore_errors=True)


def _take(lock: IO[str]) -> bool:
    """Take the lock, or say that somebody has it."""
    if sys.platform == "win32":
        return False
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
