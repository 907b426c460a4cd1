"""The name of a rule set, a folder or `git:REV`, -> the folder where it can be read."""

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from backtriage.errors import FileError, Issue, RuleSetError

_GIT = "git:"
_DEFAULT = Path("rules", "low_back_pain")


@contextmanager
def folder_of(name: str, other: str) -> Iterator[Path]:
    """The folder that a name stands for.

    `git:REV` is the folder `other`, or rules/low_back_pain if that is a revision too, as it was at that revision;
    `git:REV:PATH` is another path of the repository that the working directory is in. Raises FileError if git cannot
    give it.
    """
    if not name.startswith(_GIT):
        yield Path(name)
        return
    revision, _, path = name.removeprefix(_GIT).partition(":")
    here = _DEFAULT if other.startswith(_GIT) else Path(other)
    top = Path(
        _git("rev-parse", "--show-toplevel", cwd=here if not path and here.is_dir() else Path()).decode().strip()
    )
    inside = path or (here.resolve() if here.is_absolute() or here.is_dir() else top / here).relative_to(top).as_posix()
    with TemporaryDirectory() as folder:
        archive = _git("archive", "--format=tar", f"{revision}:{inside}", cwd=top)
        with tarfile.open(fileobj=io.BytesIO(archive)) as files:
            files.extractall(folder, filter="data")
        try:
            yield Path(folder)
        except RuleSetError as error:  # of a folder that will be gone when it is read
            raise RuleSetError(
                _renamed(issue, folder, f"{_GIT}{revision}:{inside}") for issue in error.issues
            ) from None


def _renamed(issue: Issue, folder: str, name: str) -> Issue:
    return replace(issue, file=name + issue.file.removeprefix(folder)) if issue.file else issue


def _git(*words: str, cwd: Path) -> bytes:
    try:
        done = subprocess.run(["git", *words], cwd=cwd, capture_output=True, check=False)
    except OSError as error:
        raise _cannot(words, f"git cannot be run: {error.strerror}") from None
    if done.returncode:
        raise _cannot(words, done.stderr.decode(errors="replace").strip().removeprefix("fatal: "))
    return done.stdout


def _cannot(words: tuple[str, ...], reason: str) -> FileError:
    return FileError([Issue(code="no-revision", message=f"`git {' '.join(words)}` failed: {reason}")])
