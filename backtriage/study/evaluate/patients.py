"""Files -> patients whose right advice is known, and what is wrong with the other rows."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, get_args

from backtriage.answers import parse_answers
from backtriage.errors import AnswersError, Issue, shorten, suggest_nearest
from backtriage.extras import require
from backtriage.files import build_file_error
from backtriage.model import ADVICES, AdviceId, Answers, RuleSet
from backtriage.study.evaluate.fields import (
    Columns,
    Malformed,
    Record,
    Records,
    read_csv_fields,
    read_line_fields,
)
from backtriage.tables.files import CSV, PARQUET, check_encoding, find_kind, open_unpacked


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A patient; `line` is where it ends in the file, and `raw` what stood there as answers.

    `simulated` is what the row says of itself.
    """

    line: int
    id: str | None
    expected: AdviceId
    diagnosis: str | None
    answers: Answers
    raw: Mapping[str, object]
    simulated: bool = False


@dataclass(slots=True)
class Labelled:
    """What was read; `ignored` are columns of a table that are neither a question nor one of the three."""

    rows: list[Row] = field(default_factory=list)
    malformed: list[Malformed] = field(default_factory=list)
    ignored: tuple[str, ...] = ()


def read_labelled(
    rule_set: RuleSet, stream: BinaryIO, columns: Columns, *, table: bool
) -> Labelled:
    """Read all of it; `table` says that it is CSV. A fault in one row does not keep the next from being read."""
    ignored: list[str] = []
    records = (
        read_csv_fields(rule_set, stream, columns, ignored)
        if table
        else read_line_fields(stream, columns)
    )
    return _understood(rule_set, records, columns, ignored)


def read_labelled_file(rule_set: RuleSet, file: Path, columns: Columns) -> Labelled:
    """Read a file by its ending: .parquet, .csv, .tsv, or JSON Lines by any other; also .gz. Raises FileError."""
    if find_kind(file) in PARQUET:
        require("cohort", "pyarrow")
        from backtriage.study.evaluate.parquet import read_parquet_fields

        ignored: list[str] = []
        return _understood(
            rule_set, read_parquet_fields(rule_set, file, columns, ignored), columns, ignored
        )
    try:
        with open_unpacked(file) as stream:
            check_encoding(file, stream)
            return read_labelled(rule_set, stream, columns, table=find_kind(file) in CSV)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise build_file_error("cannot-read", file, error) from None


def _understood(
    rule_set: RuleSet, records: Records, columns: Columns, ignored: Sequence[str]
) -> Labelled:
    found = Labelled()
    for line, record in records:
        outcome = record if isinstance(record, Malformed) else _row(rule_set, line, record, columns)
        if isinstance(outcome, Malformed):
            found.malformed.append(outcome)
        else:
            found.rows.append(outcome)
    if not found.rows and not found.malformed:
        raise AnswersError([Issue(code="no-input", message="the input has no patients in it")])
    found.ignored = tuple(ignored)
    return found


def _row(rule_set: RuleSet, line: int, record: Record, columns: Columns) -> Row | Malformed:
    issues: list[Issue] = []
    expected = _expected(record.labels.get(columns.expected), columns.expected, issues)
    answers = None
    try:
        answers = parse_answers(rule_set, record.answers)
    except AnswersError as error:
        issues += error.issues
    if issues or answers is None or expected is None:
        return Malformed(line, tuple(issues))
    name, diagnosis = record.labels.get(columns.id), record.labels.get(columns.diagnosis)
    return Row(
        line=line,
        id=None if name in (None, "") else str(name),
        expected=expected,
        diagnosis=None if diagnosis in (None, "") else str(diagnosis),
        answers=answers,
        raw=record.answers,
        simulated=str(record.labels.get("simulated")).casefold() == "true",
    )


def _expected(value: object, column: str, issues: list[Issue]) -> AdviceId | None:
    for advice in get_args(AdviceId):
        if value == advice:
            return advice  # type: ignore[no-any-return]
    given = "nothing" if value in (None, "") else f'"{shorten(str(value))}"'
    hint = suggest_nearest(str(value), ADVICES) or f"choose from {', '.join(ADVICES)}"
    issues.append(
        Issue(code="wrong-value", message=f"{given} is not an advice", suggestion=hint, path=column)
    )
    return None


def translate_answers(rule_set: RuleSet, raw: Mapping[str, object]) -> Answers:
    """The same answers for another rule set, as far as it asks the same; what it cannot take is not answered."""
    known = {name: value for name, value in raw.items() if name in rule_set.questions}
    try:
        return parse_answers(rule_set, known)
    except AnswersError as error:
        refused = {issue.path for issue in error.issues}
        return parse_answers(
            rule_set, {name: value for name, value in known.items() if name not in refused}
        )
