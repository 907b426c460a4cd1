"""A rule set folder -> its files, and what is in them: what is litter, what is no file, how much is too much."""

import errno
import stat
from pathlib import Path

from backtriage.errors import Issue

MOST_BYTES = 1_000_000
COHORT = "cohort.yaml"
"""The file that `simulate` alone reads: it is no part of the rule set, nor of its hash."""
LOCK = "rules.lock"


def rule_files(folder: Path) -> list[Path]:
    """The YAML files of the rule set itself, in the order of their names; raises OSError."""
    return [path for path in visible(folder) if path.suffix == ".yaml" and path.name != COHORT]


def visible(folder: Path, *, below: bool = False) -> list[Path]:
    """The files of a folder, or also of the folders below it, without litter; raises OSError.

    Names that begin with a dot are of editors and systems, not of people; folders are not files, whatever their name.
    """
    found = folder.rglob("*") if below else folder.iterdir()
    return sorted(path for path in found if not _is_hidden(path.relative_to(folder)) and not _is_folder(path))


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _is_folder(path: Path) -> bool:
    """Where one may not look it is none, and whoever reads it is told so."""
    try:
        return path.is_dir()
    except OSError:
        return False


def read_file(path: Path) -> bytes:
    """What is in a file; of one that is too large one byte more than it may have. Raises OSError.

    Pipes and devices are refused: they may keep a reader waiting, or never end.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "this is not a regular file")
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def unreadable(path: Path, error: OSError) -> Issue:
    """A file that could not be read, in the words of the system."""
    return Issue(code="unreadable-file", message=error.strerror or str(error), file=str(path))
