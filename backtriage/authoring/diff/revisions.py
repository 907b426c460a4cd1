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
from backtriage.files import describe_failure

_GIT = "git:"
_DEFAULT = Path("rules", "low_back_pain")


@contextmanager
def find_folder(name: str, other: str) -> Iterator[Path]:
    """The folder that a name stands for.

    `git:REV` is the folder `other` as it was at that revision, or rules/low_back_pain if `other` is
    a revision too; `git:REV:PATH` is another path of the repository that the working directory is
    in. A folder of a revision is there only within the `with` block. Raises FileError if git cannot
    give it.
    """
    if not name.startswith(_GIT):
        yield Path(name)
        return
    revision, _, path = name.removeprefix(_GIT).partition(":")
    here = _DEFAULT if other.startswith(_GIT) else Path(other)
    top = _top_of(here if not path and here.is_dir() and _is_in_repository(here) else Path())
    inside = path or _inside(here, top)
    _check_there(name, revision, inside, top)
    with TemporaryDirectory() as folder:
        archive = _git("archive", "--format=tar", f"{revision}:{inside}", cwd=top)
        _unpack(archive, Path(folder))
        try:
            yield Path(folder)
        except RuleSetError as error:  # of a folder that will be gone when it is read
            raise RuleSetError(
                _renamed(issue, folder, f"{_GIT}{revision}:{inside}") for issue in error.issues
            ) from None


def _unpack(archive: bytes, folder: Path) -> None:
    """Write the files of an archive into a folder. Links are left out: they may lead anywhere."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        for member in files:
            content = files.extractfile(member) if member.isreg() else None
            if content is not None:
                path = folder / member.name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content.read())


def _top_of(folder: Path) -> Path:
    return Path(_git("rev-parse", "--show-toplevel", cwd=folder).decode().strip())


def _is_in_repository(folder: Path) -> bool:
    try:
        _top_of(folder)
    except FileError:
        return False
    return True


def _inside(folder: Path, top: Path) -> str:
    """The path of a folder in its repository."""
    there = folder if folder.is_dir() else top / folder
    try:
        return there.resolve().relative_to(top.resolve()).as_posix()
    except ValueError:
        raise _cannot(
            f'the folder "{folder}" is not in the repository', "name its path there: git:REV:PATH"
        ) from None


def _check_there(name: str, revision: str, inside: str, top: Path) -> None:
    """Say in plain words that a revision, or the folder in it, is not there.

    A name that begins with a dash is none, so that git never takes it for an option.
    """
    if not revision or revision.startswith("-") or not _is_there(f"{revision}^{{commit}}", top):
        raise _cannot(
            f'"{name}": there is no branch, tag or commit "{revision}"',
            "write git:REV or git:REV:PATH",
        )
    if not _is_there(f"{revision}:{inside}", top):
        raise _cannot(
            f'at the revision "{revision}" there is no folder "{inside}"',
            f"name the one to compare with, for example git:{revision}:{_DEFAULT.as_posix()}",
        )


def _is_there(revision: str, top: Path) -> bool:
    try:
        _git("rev-parse", "--verify", "--quiet", "--end-of-options", revision, cwd=top)
    except FileError:
        return False
    return True


def _renamed(issue: Issue, folder: str, name: str) -> Issue:
    return replace(issue, file=name + issue.file.removeprefix(folder)) if issue.file else issue


def _git(*words: str, cwd: Path) -> bytes:
    """What git prints; raises FileError with the words of git where it fails."""
    try:
        done = subprocess.run(["git", *words], cwd=cwd, capture_output=True, check=False)
    except OSError as error:
        raise _cannot(f"git cannot be run: {describe_failure(error)}") from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip().removeprefix("fatal: ")
        raise _cannot(f"git: {reason}")
    return done.stdout


def _cannot(message: str, suggestion: str | None = None) -> FileError:
    return FileError([Issue(code="no-revision", message=message, suggestion=suggestion)])
