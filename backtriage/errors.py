"""What can go wrong, and how it is said: one small family of exceptions.

    BacktriageError
    ├── AnswersError    the answers cannot be used as given        exit code 3
    ├── RuleSetError    the rule set cannot be used as written     exit code 4
    ├── FileError       a file cannot be read or written           exit code 5
    ├── MissingExtra    a package is not installed                 exit code 8
    └── NothingRead     a table has no column that is a question   exit code 9

Every exception carries *all* the issues found, each with a code, a place and, where there is one,
a way out.
"""

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from backtriage.exit_codes import ExitCode
from backtriage.language import say

_Value = TypeVar("_Value", bound=Hashable)
_Fault = TypeVar("_Fault")

MOST_ISSUES = 100
"""So many issues of one input are told; who reads more of them has one mistake many times."""

_COMMAND = re.compile(r"^[^\S\n]*::|##\[", re.MULTILINE)
"""What GitHub's runner takes for a command in a log: the first at the beginning of a line."""

_LONGEST_WORD = 200
"""A word with more characters comes near nothing that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One thing that is wrong.

    `code` is stable and meant for scripts; `message` is for people. The place is `file`, `line`
    and `column` (counted from 1) for a rule set or a file, or `path` (a question id or a JSON
    path) for answers. For a rule set that could be read, `part` is the sort and the id of what it
    is about, and `patient` may have the answers of somebody in whom it shows.
    """

    code: str
    message: str
    suggestion: str | None = None
    file: str | None = None
    line: int | None = None
    column: int | None = None
    path: str | None = None
    part: tuple[str, str] | None = None
    patient: tuple[tuple[str, str | int | float], ...] | None = None

    def __str__(self) -> str:
        return make_one_line(self._text())

    def _text(self) -> str:
        known = [part for part in (self.file, self.line, self.column) if part is not None]
        place = ":".join(map(str, known))
        where = ": ".join(part for part in (place, self.path) if part)
        text = f"{where}: {self.code} {self.message}" if where else f"{self.code} {self.message}"
        return f"{text}; {self.suggestion}" if self.suggestion else text

    def build_json(self) -> dict[str, object]:
        """The issue as a JSON object; what is not known is left out."""
        pairs: tuple[tuple[str, object], ...] = (
            ("code", self.code),
            ("message", self.message),
            ("suggestion", self.suggestion),
            ("file", self.file),
            ("line", self.line),
            ("column", self.column),
            ("path", self.path),
            ("part", self.part and {"sort": self.part[0], "id": self.part[1]}),
            ("patient", dict(self.patient) if self.patient is not None else None),
        )
        return {key: value for key, value in pairs if value is not None}

    def get_sort_key(self) -> tuple[str, int, int, str, str]:
        """A key that sorts issues by their place: file, line, column, then path and code."""
        return (self.file or "", self.line or 0, self.column or 0, self.path or "", self.code)


class BacktriageError(Exception):
    """Something that the caller can mend; shown to people without a traceback.

    Only its kinds below are raised: each says with which code a command ends.
    """

    exit_code: ClassVar[ExitCode]

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(issues)
        super().__init__("\n".join(str(issue) for issue in self.issues))


class AnswersError(BacktriageError):
    """The answers cannot be used as given."""

    exit_code = ExitCode.BAD_ANSWERS


class RuleSetError(BacktriageError):
    """The rule set cannot be used as written."""

    exit_code = ExitCode.BAD_RULE_SET


class FileError(BacktriageError):
    """A file cannot be read or written."""

    exit_code = ExitCode.FILE


class MissingExtra(BacktriageError):
    """A command needs a package that is not installed."""

    exit_code = ExitCode.EXTRA_MISSING


class NothingRead(BacktriageError):
    """A table could be read, but hardly a question has a column in it."""

    exit_code = ExitCode.NOTHING_READ


def make_printable(text: str) -> str:
    """The text with a mark in the place of control characters and of what turns its direction.

    Whatever others wrote comes through here before it is shown: an escape sequence in it could draw
    over the advice in a terminal, and a line that begins with "::" is a command to GitHub's logs.
    """
    text = _COMMAND.sub(lambda found: f"{found[0][:-1]} {found[0][-1]}", text)
    if text.replace("\n", "").isprintable():
        return text
    return "".join(
        character if character.isprintable() or character == "\n" else "\ufffd"
        for character in text
    )


def make_one_line(text: str) -> str:
    """The text as `make_printable` has it, and with the same mark in the place of line breaks.

    A name can have a line break in it, and what follows would pass for a line of our own.
    """
    return make_printable(text.replace("\n", "\r"))


def limit_issues(faults: Sequence[_Fault], issue_of: Callable[[_Fault], Issue]) -> list[Issue]:
    """The issue of each fault, at most `MOST_ISSUES`; a last one says how many more there are."""
    issues = [issue_of(fault) for fault in faults[:MOST_ISSUES]]
    more = len(faults) - len(issues)
    if more:
        message = say("there are {more} more issues, which are not listed", more=f"{more:,}")
        issues.append(Issue(code="more-issues", message=message))
    return issues


def shorten(text: str, most: int = 60) -> str:
    """The text on one printable line, cut where it is too long to be read."""
    shown = make_printable(text[: most + 1].replace("\n", " "))
    return shown if len(shown) <= most else f"{shown[: most - 3]}..."


_LITERALS: dict[object, str] = {True: "true", False: "false", None: "null"}


def quote_value(given: object) -> str:
    """A value as it would stand in JSON, shortened."""
    if isinstance(given, str):
        return f'"{shorten(given)}"'
    if isinstance(given, bool) or given is None:
        return _LITERALS[given]
    return shorten(_as_text(given)) if isinstance(given, int | float) else name_kind(given)


def _as_text(number: float) -> str:
    try:
        return str(number)
    except ValueError:  # Python refuses to print integers of thousands of digits
        return say("a number with too many digits")


_KINDS: tuple[tuple[Callable[[object], bool], str], ...] = (
    (lambda raw: raw is None, "null"),
    (lambda raw: isinstance(raw, bool), "true or false"),
    (lambda raw: isinstance(raw, int | float), "a number"),
    (lambda raw: isinstance(raw, str), "a text"),
    (lambda raw: isinstance(raw, Mapping), "an object"),
    (lambda raw: isinstance(raw, list | tuple), "a list"),
)
"""The first that fits: a bool is an int too."""


def list_kinds() -> Iterator[str]:
    """What `name_kind` may say of JSON, in English."""
    return (name for _, name in _KINDS)


def name_kind(raw: object) -> str:
    """What a value is, with its article: "a text", "an object"."""
    name = next((name for fits, name in _KINDS if fits(raw)), None)
    return say(name) if name else f"a Python {type(raw).__name__}"


def find_repeated(values: Iterable[_Value]) -> list[_Value]:
    """The values that stand more than once, each once, in their order."""
    return [value for value, times in Counter(values).items() if times > 1]


def suggest_nearest(word: str, known: Iterable[str]) -> str | None:
    """The nearest of the known words as a question, or None if nothing comes near."""
    if len(word) > _LONGEST_WORD:
        return None
    from difflib import get_close_matches  # most input is right

    near = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return say('did you mean "{near}"?', near=near[0]) if near else None
