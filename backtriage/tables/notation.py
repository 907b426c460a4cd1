"""How somebody writes tables: what stands between values, and what codes mean."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from backtriage.answers import read_cell
from backtriage.errors import shorten
from backtriage.model import Question, YesNo

Code: TypeAlias = str | float
"""A number counts by its value, whatever it is written like; a word whatever its case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Codes:
    """The codes of one question: those for no answer, for yes and for no."""

    missing: frozenset[Code] = frozenset()
    yes: frozenset[Code] = frozenset()
    no: frozenset[Code] = frozenset()

    def read(self, given: object) -> object:
        """What a value stands for: None, "yes" or "no" if it is such a code, else itself."""
        code = read_code(given)
        if code is None:
            return given
        if code in self.missing:
            return None
        return "yes" if code in self.yes else "no" if code in self.no else given


NO_CODES = Codes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """What is said of a table beside its columns.

    `separator` stands between the values of CSV, None for what its header suggests; `quote` around
    them, empty for nothing. `missing` has the codes for no answer by question, and `yes` and `no`
    those of all yes/no questions.
    """

    separator: str | None = None
    quote: str = '"'
    missing: Mapping[str, frozenset[Code]] = field(default_factory=dict)
    yes: frozenset[Code] = frozenset()
    no: frozenset[Code] = frozenset()

    def find_codes(self, question: Question) -> Codes:
        """The codes that a question has."""
        missing = self.missing.get(question.id, frozenset())
        if isinstance(question, YesNo):
            return Codes(missing=missing, yes=self.yes, no=self.no)
        return Codes(missing=missing)


def read_code(given: object) -> Code | None:
    """The code that a value may be; None for what cannot be one."""
    if isinstance(given, str):
        cell = read_cell(given.strip())
        return cell.casefold() if isinstance(cell, str) else cell
    if isinstance(given, bool) or not isinstance(given, int | float):
        return None
    return given if given == given else "nan"  # which equals not even itself


_FOR_MISSING = frozenset(
    {
        "na", "n/a", "#n/a", "<na>", "nan", "null", "none", "nil", "missing", ".", "..", "-", "--",
        "n.a.", "blank", "empty", "\\n", "#null!",
        *(sign * number for sign in (1, -1) for number in (9, 99, 999, 9999, 8, 88, 888, 7, 77)),
        777, -1,
    }
)  # fmt: skip
"""What others write where nothing is known; a number among them may be an answer elsewhere."""

_FOR_YES_AND_NO = frozenset({0, 1, 2})


def suggest_codes(question: Question, given: object, codes: Codes) -> str | None:
    """How to say what a value means that is no answer, if it looks like a code beside these."""
    code = read_code(given)
    if isinstance(question, YesNo) and code in _FOR_YES_AND_NO:
        if codes.yes or codes.no:
            return "if this is a code for yes or no too, name it with --yes or --no"
        return "if numbers are codes for yes and no, say so, such as with --yes 1 --no 0"
    if code in _FOR_MISSING:
        word = shorten(str(given).strip())
        return f"if nothing is known there, leave it empty, or say --missing={word}"
    return None
