"""A rule set folder -> its files, and what is in them.

Says what is litter, what is no file, and how much is too much.
"""

import errno
import os
import stat
from pathlib import Path
from typing import NoReturn

from backtriage.errors import Issue
from backtriage.files import describe_failure

MOST_BYTES = 1_000_000
"""So much a file of a rule set may have: it is read whole."""
POPULATION = "population.yaml"
"""The file that `simulate` alone reads: it is no part of the rule set, nor of its hash."""
OLD_POPULATION = "cohort.yaml"
"""What that file was called once: older rule sets, and revisions in git, have it so."""
LOCK = "rules.lock"
"""The file that `loader.lock` writes and compares with."""


def list_rule_files(folder: Path) -> list[Path]:
    """The YAML files of the rule set itself, in the order of their names; raises OSError."""
    files = [path for path in list_visible(folder) if path.suffix == ".yaml"]
    return [path for path in files if path.name not in (POPULATION, OLD_POPULATION)]


def list_visible(folder: Path, *, below: bool = False) -> list[Path]:
    """The files of a folder, or also of the folders below it, without litter; raises OSError.

    Names that begin with a dot are of editors and systems, not of people; folders are not files,
    whatever their name.
    """
    paths: list[Path] = []
    for where, folders, files in os.walk(folder, onerror=_raise):
        paths += [Path(where, name) for name in files if not name.startswith(".")]
        # os.walk goes on into the folders that are left in its own list
        folders[:] = [name for name in folders if below and not name.startswith(".")]
    return sorted(paths)


def is_in_rule_set(path: Path, folder: Path) -> bool:
    """Whether a file is one of a rule set, or would be taken for one if it were there."""
    is_rule_file = path.name == LOCK or path.suffix == ".yaml"
    return is_rule_file and path.resolve().is_relative_to(folder.resolve())


def _raise(error: OSError) -> NoReturn:
    raise error


def read_file(path: Path) -> bytes:
    """What is in a file; of one that is too large one byte more than it may have. Raises OSError.

    Pipes and devices are refused: they may keep a reader waiting, or never end.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "this is not a regular file")
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1 if status.st_size > MOST_BYTES else -1)


def build_unreadable(path: Path, error: OSError) -> Issue:
    """A file that could not be read, in the words of the system."""
    return Issue(code="unreadable-file", message=describe_failure(error), file=str(path))
