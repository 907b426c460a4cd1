"""JSON Lines or CSV -> the fields of each patient, not understood yet, and what is wrong with the other rows."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO, TypeAlias

from backtriage.answers import read_cell
from backtriage.errors import AnswersError, Issue, find_repeated, listed, shorten, suggest_nearest
from backtriage.model import Number, RuleSet
from backtriage.strict_json import MOST_BYTES, parse_json, read_lines
from backtriage.tables.files import find_delimiter


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where the advice that is right, the diagnosis and the name of a patient stand."""

    expected: str = "expected"
    diagnosis: str = "diagnosis"
    id: str = "id"

    @property
    def names(self) -> tuple[str, str, str]:
        """All of them."""
        return self.expected, self.diagnosis, self.id


@dataclass(frozen=True, slots=True)
class Malformed:
    """A row that cannot be used, with all that is wrong with it."""

    line: int
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The fields of one patient, before they are understood."""

    labels: Mapping[str, Any]
    answers: Any


Records: TypeAlias = Iterator[tuple[int, Record | Malformed]]
"""Each with the number of its line, or of its row."""


def read_line_fields(stream: BinaryIO, columns: Columns) -> Records:
    """The answers are an object under "answers" with anything beside it, or all that the object has besides labels."""
    for number, line in read_lines(stream):
        issues: list[Issue] = []
        try:
            value = parse_json(line, issues)
        except AnswersError as error:
            issues += error.issues
            value = None
        if issues or not isinstance(value, dict):
            no_object = Issue(code="not-an-object", message="a line must be one object")
            yield number, Malformed(number, tuple(issues) or (no_object,))
        elif isinstance(value.get("answers"), dict):
            yield number, Record(value, value["answers"])
        else:
            yield (
                number,
                Record(
                    value, {key: part for key, part in value.items() if key not in columns.names}
                ),
            )


def read_csv_fields(
    rule_set: RuleSet, stream: BinaryIO, columns: Columns, ignored: list[str]
) -> Records:
    """A table with a header; `ignored` gets the columns that are neither a question nor one of the three."""
    text = _Lines(stream)
    try:
        head, reader = _begun(text)
        if text.number:
            ignored += check_head(rule_set, head, columns)
        yield from _rows(rule_set, head, reader, text)
    finally:
        text.leave()


class _Lines:
    """The lines of a stream as texts; one that is too long is a csv.Error, and the next is the one behind it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
        self.number = 0
        """How many were read."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = piece = self._piece()
        self.number += bool(line)
        while len(line) > MOST_BYTES and piece and not piece.endswith(("\r", "\n")):
            piece = self._piece()
        if len(line) > MOST_BYTES:
            raise csv.Error(f"the line has more than {MOST_BYTES:,} characters")
        if not line:
            raise StopIteration
        return line

    def _piece(self) -> str:
        try:
            return self._text.readline(MOST_BYTES + 1)
        except UnicodeDecodeError:
            raise AnswersError([Issue(code="not-utf8", message="the file is not UTF-8")]) from None

    def leave(self) -> None:
        """Leave the stream to whoever opened it, and closes it."""
        with suppress(ValueError):  # it may be closed by now
            self._text.detach()


def _begun(text: _Lines) -> tuple[list[str], Iterator[list[str]]]:
    """The header, and the rows below it; raises AnswersError."""
    try:
        first = next(text, "")
        reader = csv.reader(
            chain([first] if first else [], text), delimiter=find_delimiter(first), strict=True
        )
        return [cell.strip() for cell in next(reader, [])], reader
    except csv.Error as error:
        raise AnswersError(
            [Issue(code="not-csv", message=f"the header cannot be read: {error}")]
        ) from None


def _rows(
    rule_set: RuleSet, head: Sequence[str], reader: Iterator[list[str]], text: _Lines
) -> Records:
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield text.number, _malformed(text.number, "not-csv", f"this is not CSV: {error}")
            continue
        if cells is None:
            return
        if len(cells) != len(head) and cells:
            message = f"the row has {len(cells)} cells, and the head has {len(head)}"
            yield text.number, _malformed(text.number, "wrong-length", message)
        elif any(cell.strip() for cell in cells):
            values = (cell.strip() for cell in cells)
            yield text.number, build_record(rule_set, dict(zip(head, values, strict=True)))


def check_head(rule_set: RuleSet, head: Sequence[str], columns: Columns) -> list[str]:
    """The columns that are neither a question nor a label; raises AnswersError without the expected advice."""
    issues = listed(
        find_repeated(head),
        lambda name: Issue(
            code="duplicate-key", message=f'the column "{shorten(name)}" is there twice'
        ),
    )
    if columns.expected not in head:
        hint = suggest_nearest(columns.expected, head) or "name it with --expected"
        issues.append(
            Issue(
                code="missing-key",
                message=f'there is no column "{columns.expected}"',
                suggestion=hint,
            )
        )
    if issues:
        raise AnswersError(issues)
    return [name for name in head if name not in rule_set.questions and name not in columns.names]


def build_record(rule_set: RuleSet, values: Mapping[str, Any]) -> Record:
    """An empty value is not answered; a number without a unit counts in the unit of the question."""
    answers: dict[str, object] = {}
    for name, question in rule_set.questions.items():
        value = values.get(name)
        if value not in (None, ""):
            is_text = isinstance(value, str) and isinstance(question, Number)
            answers[name] = read_cell(value) if is_text else value
    return Record(values, answers)


def _malformed(line: int, code: str, message: str) -> Malformed:
    return Malformed(line, (Issue(code=code, message=message),))
