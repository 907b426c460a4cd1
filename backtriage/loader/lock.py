"""A rule set folder <-> its lock: the SHA-256 of each of its files, and how much is in them.

An area file that ends early is still YAML: without a lock nobody would miss the red flags behind
the end. So whoever uses a rule set is held to its lock (`read_held`); those who write one read it
without (`build.read_folder`), and lock it again when it is as they want it.
"""

import hashlib
import json
import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backtriage.errors import AnswersError, Issue, RuleSetError, shorten
from backtriage.loader.build import read_folder
from backtriage.loader.folder import LOCK, build_unreadable, list_rule_files, read_file
from backtriage.loader.shipped import SHIPPED
from backtriage.model import RuleSet
from backtriage.strict_json import parse_json

FORMAT = 1
_CHANGED = "changed-since-lock"

Difference = tuple[Path, str]
"""A file that is not as the lock says, and in what."""


def read_held(folder: Path) -> RuleSet:
    """The rule set of a folder for those who use it.

    Raises RuleSetError with every issue, and then with what is not as it was locked.
    """
    rule_set: RuleSet | None = None
    issues: tuple[Issue, ...] = ()
    try:
        rule_set = read_folder(folder).rule_set
    except RuleSetError as error:
        issues = error.issues
    if not any(issue.code == "no-rule-set" for issue in issues):
        issues += find_differences(folder, rule_set)
    if rule_set is None or issues:
        raise RuleSetError(issues)
    return rule_set


def find_differences(folder: Path, rule_set: RuleSet | None) -> tuple[Issue, ...]:
    """What `compare_with_lock` gives, but nothing where there is no lock.

    Only the rule set that comes with backtriage must have one.
    """
    # lexists: a link to nowhere is a lock that is gone, not a folder that never had one
    if folder != SHIPPED and not os.path.lexists(folder / LOCK):
        return ()
    return compare_with_lock(folder, rule_set)


def compare_with_lock(folder: Path, rule_set: RuleSet | None) -> tuple[Issue, ...]:
    """An issue for each file that is not as the lock says, or for a lock that cannot be read.

    `rule_set` is what was read from the folder, if it could be read: what is in it is counted.
    """
    way_out, lock = _describe_way_out(folder), folder / LOCK
    try:
        differences = _compare(folder, rule_set)
    except FileNotFoundError:
        message = "there is no lock, so nobody can tell whether the rules are whole"
        issue = Issue(code="missing-file", message=message, suggestion=way_out, file=str(lock))
        return (issue,)
    except OSError as error:
        return (build_unreadable(lock, error),)
    return tuple(
        Issue(code=_CHANGED, message=message, suggestion=way_out, file=str(path))
        for path, message in differences
    )


def find_outdated(folder: Path, rule_set: RuleSet) -> tuple[Issue, ...]:
    """What `find_differences` gives, but all files that have changed in one issue.

    For authors, who edit first and lock then: to them a file that has changed is nothing to mend.
    """
    issues = find_differences(folder, rule_set)
    changed = [Path(issue.file or "").name for issue in issues if issue.code == _CHANGED]
    if not changed:
        return issues
    message = f"the rule set is not as it was locked, in {', '.join(changed)}"
    suggestion = f"when it is as you want it, run {_command('lock', folder)}"
    return (Issue(code=_CHANGED, message=message, suggestion=suggestion, file=str(folder / LOCK)),)


def render_lock(folder: Path, rule_set: RuleSet) -> str:
    """The lock of the rule set that was read from a folder."""
    try:
        files = {path.name: _hash(path) for path in list_rule_files(folder)}
    except OSError as error:  # it could be read a moment ago
        raise RuleSetError([build_unreadable(folder, error)]) from None
    return json.dumps(_head(rule_set) | {"files": files}, indent=2) + "\n"


def _head(rule_set: RuleSet) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "rule_set": rule_set.id,
        "version": rule_set.version,
        "areas": len(rule_set.areas),
        "questions": len(rule_set.questions),
        "red_flags": len(rule_set.red_flags),
    }


def _hash(path: Path) -> str:
    """SHA-256 of a file in hex; raises OSError.

    Line ends do not count, since git may write them as the system has them.
    """
    return hashlib.sha256(read_file(path).replace(b"\r\n", b"\n")).hexdigest()


def _compare(folder: Path, rule_set: RuleSet | None) -> list[Difference]:
    """What is not as the lock says; raises OSError if there is none that can be read."""
    path = folder / LOCK
    issues: list[Issue] = []
    try:
        locked = parse_json(read_file(path), issues)
    except AnswersError as error:
        issues += error.issues
    if issues:
        return [(path, issues[0].message)]
    files = locked.pop("files", None) if isinstance(locked, dict) else None
    if not isinstance(files, dict) or locked.get("format") != FORMAT:
        return [(path, f"this is no lock of format {FORMAT}")]
    differences = list(_compare_files(files, folder))
    if rule_set:
        differences += _compare_head(locked, path, rule_set)
    return differences


def _compare_files(locked: dict[str, Any], folder: Path) -> Iterator[Difference]:
    paths = {path.name: path for path in list_rule_files(folder)}
    for name in sorted(locked.keys() | paths.keys()):
        if name not in locked:
            yield folder / name, "the file was not there when the rule set was locked"
        elif name not in paths:
            yield folder / name, "the file was there when the rule set was locked, and is gone"
        elif locked[name] != _hash_if_readable(paths[name], locked[name]):
            yield folder / name, "the file has changed since the rule set was locked"


def _hash_if_readable(path: Path, otherwise: Any) -> Any:
    """What `_hash` gives; `otherwise` for a file that cannot be read, which is told already."""
    try:
        return _hash(path)
    except OSError:
        return otherwise


def _compare_head(locked: dict[str, Any], path: Path, rule_set: RuleSet) -> Iterator[Difference]:
    """What is not as it was counted, in one difference."""
    here = _head(rule_set)
    keys = [key for key in dict.fromkeys((*here, *locked)) if locked.get(key) != here.get(key)]
    if keys:
        yield path, f"locked with {_shown(locked, keys)}; here {_shown(here, keys)}"


def _shown(values: dict[str, Any], keys: list[str]) -> str:
    return ", ".join(f"{shorten(key)}: {shorten(str(values.get(key, 'nothing')))}" for key in keys)


def _describe_way_out(folder: Path) -> str:
    """What to do; rules that came along with backtriage may be damaged, and nobody's change."""
    again = "install backtriage again; or, " if folder == SHIPPED else ""
    commands = f"{_command('check', folder)} and {_command('lock', folder)}"
    return f"{again}if you changed it on purpose, run {commands}"


def _command(name: str, folder: Path) -> str:
    """A command on a folder, as it can be copied into a shell."""
    argument = "" if folder == SHIPPED else f" {shlex.quote(str(folder))}"
    return f"`backtriage rules {name}{argument}`"
