"""JSON Lines or CSV -> patients whose right advice is known, and what is wrong with the other rows."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, get_args

from backtriage.answers import from_table, parse
from backtriage.errors import AnswersError, Issue, did_you_mean, shorten
from backtriage.jsonio import lines, parse_json
from backtriage.model import ADVICES, AdviceId, Answers, Number, RuleSet


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


@dataclass(frozen=True, slots=True)
class Malformed:
    """A row that cannot be used, with all that is wrong with it."""

    line: int
    issues: tuple[Issue, ...]


@dataclass(slots=True)
class Labelled:
    """What was read; `ignored` are columns of a table that are neither a question nor one of the three."""

    rows: list[Row] = field(default_factory=list)
    malformed: list[Malformed] = field(default_factory=list)
    ignored: tuple[str, ...] = ()


def read_labelled(rule_set: RuleSet, stream: BinaryIO, columns: Columns, *, table: bool) -> Labelled:
    """Read all of it; `table` says that it is CSV. A fault in one row does not keep the next from being read."""
    found = Labelled()
    records = _of_table(rule_set, stream, columns, found) if table else _of_lines(stream, columns)
    for line, record in records:
        outcome = record if isinstance(record, Malformed) else _row(rule_set, line, record, columns)
        if isinstance(outcome, Malformed):
            found.malformed.append(outcome)
        else:
            found.rows.append(outcome)
    if not found.rows and not found.malformed:
        raise AnswersError([Issue(code="no-input", message="the input has no patients in it")])
    return found


@dataclass(frozen=True, slots=True)
class _Record:
    """The fields of one patient, before they are understood."""

    labels: Mapping[str, Any]
    answers: Any


def _of_lines(stream: BinaryIO, columns: Columns) -> Iterator[tuple[int, _Record | Malformed]]:
    """The answers are an object under "answers" with anything beside it, or all that the object has besides labels."""
    for number, line in lines(stream):
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
            yield number, _Record(value, value["answers"])
        else:
            yield number, _Record(value, {key: part for key, part in value.items() if key not in columns.names})


def _of_table(
    rule_set: RuleSet, stream: BinaryIO, columns: Columns, found: Labelled
) -> Iterator[tuple[int, _Record | Malformed]]:
    reader = csv.reader(io.TextIOWrapper(stream, "utf-8-sig", newline=""), strict=True)
    head: list[str] = []
    while True:
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield reader.line_num, _malformed(reader.line_num, "not-csv", f"this is not CSV: {error}")
            continue
        except UnicodeDecodeError:
            raise AnswersError([Issue(code="not-utf8", message="the file is not UTF-8")]) from None
        if cells is None:
            return
        if not head:
            head = [cell.strip() for cell in cells]
            _check_head(rule_set, head, columns, found)
        elif len(cells) != len(head) and cells:
            message = f"the row has {len(cells)} cells, and the head has {len(head)}"
            yield reader.line_num, _malformed(reader.line_num, "wrong-length", message)
        elif any(cell.strip() for cell in cells):
            yield reader.line_num, _of_cells(rule_set, dict(zip(head, cells, strict=True)))


def _check_head(rule_set: RuleSet, head: list[str], columns: Columns, found: Labelled) -> None:
    twice = [name for name in dict.fromkeys(head) if head.count(name) > 1]
    issues = [Issue(code="duplicate-key", message=f'the column "{shorten(name)}" is there twice') for name in twice]
    if columns.expected not in head:
        hint = did_you_mean(columns.expected, head) or "name it with --expected"
        issues.append(Issue(code="missing-key", message=f'there is no column "{columns.expected}"', suggestion=hint))
    if issues:
        raise AnswersError(issues)
    found.ignored = tuple(name for name in head if name not in rule_set.questions and name not in columns.names)


def _of_cells(rule_set: RuleSet, cells: Mapping[str, str]) -> _Record:
    """An empty cell is not answered; a number without a unit counts in the unit of the question."""
    answers: dict[str, object] = {}
    for name, question in rule_set.questions.items():
        cell = cells.get(name, "").strip()
        if cell:
            answers[name] = from_table(cell) if isinstance(question, Number) else cell
    return _Record({name: cell.strip() for name, cell in cells.items()}, answers)


def _row(rule_set: RuleSet, line: int, record: _Record, columns: Columns) -> Row | Malformed:
    issues: list[Issue] = []
    expected = _expected(record.labels.get(columns.expected), columns.expected, issues)
    answers = None
    try:
        answers = parse(rule_set, record.answers)
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
    hint = did_you_mean(str(value), ADVICES) or f"choose from {', '.join(ADVICES)}"
    issues.append(Issue(code="wrong-value", message=f"{given} is not an advice", suggestion=hint, path=column))
    return None


def _malformed(line: int, code: str, message: str) -> Malformed:
    return Malformed(line, (Issue(code=code, message=message),))


def answers_to_other(rule_set: RuleSet, raw: Mapping[str, object]) -> Answers:
    """The same answers for another rule set, as far as it asks the same; what it cannot take is not answered."""
    known = {name: value for name, value in raw.items() if name in rule_set.questions}
    try:
        return parse(rule_set, known)
    except AnswersError as error:
        refused = {issue.path for issue in error.issues}
        return parse(rule_set, {name: value for name, value in known.items() if name not in refused})
