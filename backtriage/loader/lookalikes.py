"""A line of YAML -> the sign in it that only looks like one of YAML.

Such a sign stands where only one of YAML can stand: in the middle of a sentence it is at home.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from backtriage.errors import Issue, RuleSetError
from backtriage.loader.folder import read_file
from backtriage.odd_characters import describe_odd, list_lookalikes

_QUOTES, _COLONS, _COMMAS, _DASHES, _BRACKETS = (
    re.escape("".join(map(list_lookalikes, signs))) for signs in ("\"'", ":", ",", "-", "{}[]")
)
_VALUE = rf"(?:^|(?<=[:,\[{{{_COLONS}])|(?<=\s-))\s*"
_KEY = r"(?:^\s*(?:-\s+)?|[\[{,]\s*)\w+\s*"
_SIGN = re.compile(
    rf"{_VALUE}(?P<begin>[{_QUOTES}{_BRACKETS}])"
    rf"|^\s*(?P<item>[{_DASHES}])\s"
    rf"|{_KEY}(?P<colon>[{_COLONS}])"
    rf"|[\[{{][^\]}}]*?(?P<comma>[{_COMMAS}{_BRACKETS}])"
)
_MAY_COME_FROM_IT = ("unknown-", "wrong-", "bad-")
"""How the codes of issues begin that such a sign leads to."""


def find_lookalike(line: str, begin: int = 0) -> tuple[int, str, str] | None:
    """The column of the first such sign (from 1), what is wrong with it, and what to do.

    None if there is none in the line, from `begin` on.
    """
    for found in _SIGN.finditer(line):
        place = found.start(found.lastgroup or 0)
        if place >= begin and (odd := describe_odd(line[place])):
            return place + 1, *odd
    return None


def build_error(issues: Iterable[Issue]) -> RuleSetError:
    """The error with all issues of a rule set, each once, sorted by place.

    What stands behind an alias is checked wherever the alias stands, but need be told once. For an
    issue that comes from such a sign the way out is to write the right one.
    """
    told = _explain_lookalikes(dict.fromkeys(issues))
    return RuleSetError(sorted(told, key=Issue.get_sort_key))


def _explain_lookalikes(issues: Iterable[Issue]) -> Iterator[Issue]:
    lines: dict[str, list[str]] = {}
    for issue in issues:
        if issue.file and issue.line and issue.code.startswith(_MAY_COME_FROM_IT):
            if issue.file not in lines:
                lines[issue.file] = _read_lines(issue.file)
            yield _explain(issue, lines[issue.file][issue.line - 1 : issue.line])
        else:
            yield issue


def _read_lines(file: str) -> list[str]:
    try:
        return read_file(Path(file)).decode("utf-8-sig", errors="replace").split("\n")
    except OSError:
        return []


def _explain(issue: Issue, line: list[str]) -> Issue:
    """The issue, with another way out if such a sign stands in the word that it is about."""
    begin = (issue.column or 1) - 1
    found = find_lookalike(line[0], begin) if line else None
    if found is None or not {",", ":"}.isdisjoint(line[0][begin : found[0] - 1]):
        return issue
    _, message, suggestion = found
    return replace(issue, suggestion=f"{message}; {suggestion}")
