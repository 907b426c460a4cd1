"""JSON Lines or CSV -> the fields of each patient, not understood yet, and what is no patient."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO, TypeAlias

from backtriage.answers import read_cell
from backtriage.errors import (
    AnswersError,
    Issue,
    find_repeated,
    limit_issues,
    shorten,
    suggest_nearest,
)
from backtriage.model import Number, RuleSet
from backtriage.strict_json import MOST_BYTES, parse_json, read_lines
from backtriage.tables.files import explain_csv, find_delimiter


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The three labels of a patient: in which field or column each of them stands."""

    expected: str = "expected"
    diagnosis: str = "diagnosis"
    id: str = "id"

    @property
    def names(self) -> tuple[str, str, str]:
        """All of them."""
        return self.expected, self.diagnosis, self.id


@dataclass(frozen=True, slots=True)
class Malformed:
    """A line or row that cannot be used, with all that is wrong with it."""

    line: int
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class PatientFields:
    """The fields of one patient, before they are understood.

    The labels are looked up in `labels`, which may have more than them; `answers` is a mapping by
    id of the question.
    """

    labels: Mapping[str, Any]
    answers: Any


NumberedFields: TypeAlias = Iterator[tuple[int, PatientFields | Malformed]]
"""The fields of each patient behind the number of its line, or of its row."""


def read_line_fields(stream: BinaryIO, columns: Columns) -> NumberedFields:
    """The fields of JSON Lines, one patient on each line.

    The answers are an object under "answers", with anything beside it, or all that the line has
    besides the labels.
    """
    for number, line in read_lines(stream):
        yield number, _read_line(number, line, columns)


def _read_line(number: int, line: bytes, columns: Columns) -> PatientFields | Malformed:
    issues: list[Issue] = []
    try:
        fields = parse_json(line, issues)
    except AnswersError as error:
        return Malformed(number, (*issues, *error.issues))
    if issues:
        return Malformed(number, tuple(issues))
    if not isinstance(fields, dict):
        return _malformed(number, "not-an-object", "a line must be one object")
    answers = fields.get("answers")
    if not isinstance(answers, dict):
        answers = {name: value for name, value in fields.items() if name not in columns.names}
    return PatientFields(fields, answers)


def read_csv_fields(
    rule_set: RuleSet, stream: BinaryIO, columns: Columns, ignored: list[str], kind: str = ""
) -> NumberedFields:
    """The fields of a CSV table with a header; raises AnswersError for one that cannot be used.

    `ignored` gets the columns that are neither a question nor a label.
    """
    lines = _Lines(stream)
    try:
        header, rows = _read_header(lines, kind)
        if lines.number:
            ignored += check_header(rule_set, header, columns)
        yield from _read_rows(rule_set, header, rows, lines)
    finally:
        lines.leave()


class _Lines:
    """The lines of a stream as texts; one that is too long is a csv.Error, and the next follows it.

    The reader of csv by itself would take a line of any length into memory. This is a class, since
    a generator that has raised an error cannot go on.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._text = io.TextIOWrapper(stream, "utf-8-sig", newline="")
        self.number = 0
        """How many were read."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = piece = self._read_piece()
        self.number += bool(line)
        while len(line) > MOST_BYTES and piece and not piece.endswith(("\r", "\n")):
            piece = self._read_piece()
        if len(line) > MOST_BYTES:
            raise csv.Error(f"the line has more than {MOST_BYTES:,} characters")
        if not line:
            raise StopIteration
        return line

    def _read_piece(self) -> str:
        """The next line, or as much of it as may be in memory."""
        try:
            return self._text.readline(MOST_BYTES + 1)
        except UnicodeDecodeError:
            raise AnswersError([Issue(code="not-utf8", message="the file is not UTF-8")]) from None

    def leave(self) -> None:
        """Leave the stream to whoever opened it, and closes it."""
        with suppress(ValueError):  # it may be closed by now
            self._text.detach()


def _read_header(lines: _Lines, kind: str) -> tuple[list[str], Iterator[list[str]]]:
    """The header, and the rows below it; raises AnswersError."""
    try:
        first = next(lines, "")
        # The first line is looked at for the delimiter, so it is put in front again.
        again = chain([first] if first else [], lines)
        rows = csv.reader(again, delimiter=find_delimiter(first, kind), strict=True)
        return [cell.strip() for cell in next(rows, [])], rows
    except csv.Error as error:
        message = f"the header cannot be read: {explain_csv(error)}"
        raise AnswersError([Issue(code="not-csv", message=message)]) from None


def _read_rows(
    rule_set: RuleSet, header: Sequence[str], rows: Iterator[list[str]], lines: _Lines
) -> NumberedFields:
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:  # of this row alone: `rows` goes on with the next
            yield (
                lines.number,
                _malformed(lines.number, "not-csv", f"this is not CSV: {explain_csv(error)}"),
            )
            continue
        if cells is None:
            return
        if len(cells) != len(header) and cells:
            message = f"the row has {len(cells)} cells, and the head has {len(header)}"
            yield lines.number, _malformed(lines.number, "wrong-length", message)
        elif any(cell.strip() for cell in cells):
            values = (cell.strip() for cell in cells)
            yield lines.number, build_fields(rule_set, dict(zip(header, values, strict=True)))


def check_header(rule_set: RuleSet, header: Sequence[str], columns: Columns) -> list[str]:
    """The columns that are neither a question nor a label.

    Raises AnswersError if a column is there twice, or that of the right advice is not there.
    """
    issues = limit_issues(
        find_repeated(header),
        lambda name: Issue(
            code="duplicate-key", message=f'the column "{shorten(name)}" is there twice'
        ),
    )
    if columns.expected not in header:
        message = f'there is no column "{columns.expected}"'
        hint = suggest_nearest(columns.expected, header) or "name it with --expected"
        issues.append(Issue(code="missing-key", message=message, suggestion=hint))
    if issues:
        raise AnswersError(issues)
    known = {*rule_set.questions, *columns.names}
    return [name for name in header if name not in known]


def build_fields(rule_set: RuleSet, values: Mapping[str, Any]) -> PatientFields:
    """The fields out of the values of a row by column.

    An empty value is not answered; a number without a unit counts in the unit of the question.
    """
    answers: dict[str, object] = {}
    for name, question in rule_set.questions.items():
        value = values.get(name)
        if value not in (None, ""):
            is_text = isinstance(value, str) and isinstance(question, Number)
            answers[name] = read_cell(value) if is_text else value
    return PatientFields(values, answers)


def _malformed(line: int, code: str, message: str) -> Malformed:
    return Malformed(line, (Issue(code=code, message=message),))
