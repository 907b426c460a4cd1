"""A file -> patients whose right advice is known, and what is wrong with what is no patient."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, get_args

from backtriage.answers import parse_answers
from backtriage.errors import AnswersError, Issue, shorten, suggest_nearest
from backtriage.extras import require
from backtriage.files import build_file_error
from backtriage.interrupts import check_interrupts, postpone_interrupts
from backtriage.model import ADVICES, AdviceId, Answers, RuleSet
from backtriage.study.evaluate.fields import (
    Columns,
    Malformed,
    NumberedFields,
    PatientFields,
    read_csv_fields,
    read_line_fields,
)
from backtriage.tables.files import CSV, PARQUET, check_encoding, find_kind, open_unpacked


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPatient:
    """A patient whose right advice is known.

    `line` is where it ends in the file, `raw` what stood there as answers, and `simulated` what the
    patient's own fields say.
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
    """What was read: patients, what is no patient, and columns without a use."""

    patients: list[LabelledPatient] = field(default_factory=list)
    malformed: list[Malformed] = field(default_factory=list)
    ignored: tuple[str, ...] = ()


def read_labelled(
    rule_set: RuleSet, stream: BinaryIO, columns: Columns, *, table: bool, kind: str = ""
) -> Labelled:
    """Read all patients of a stream: of CSV if it is a `table`, else of JSON Lines.

    `kind` is the ending of the file that it is from, if it is known.

    What is wrong with one patient does not keep the next from being read. Raises AnswersError if
    there is none at all, or if the columns of a table cannot be used.
    """
    ignored: list[str] = []
    if table:
        fields = read_csv_fields(rule_set, stream, columns, ignored, kind)
    else:
        fields = read_line_fields(stream, columns)
    return _understand_all(rule_set, fields, columns, ignored)


def read_labelled_file(rule_set: RuleSet, file: Path, columns: Columns) -> Labelled:
    """Read all patients of a file, by its ending: Parquet, CSV (.csv, .tsv), or else JSON Lines.

    The last two may be .gz. Raises AnswersError as `read_labelled` does, and FileError.
    """
    if find_kind(file) in PARQUET:
        require("cohort", "pyarrow")
        from backtriage.study.evaluate.parquet import read_parquet_fields

        ignored: list[str] = []
        with postpone_interrupts():
            fields = read_parquet_fields(rule_set, file, columns, ignored)
            return _understand_all(rule_set, fields, columns, ignored)
    try:
        with open_unpacked(file) as stream:
            check_encoding(file, stream)
            kind = find_kind(file)
            return read_labelled(rule_set, stream, columns, table=kind in CSV, kind=kind)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise build_file_error("cannot-read", file, error) from None


def _understand_all(
    rule_set: RuleSet, numbered: NumberedFields, columns: Columns, ignored: Sequence[str]
) -> Labelled:
    labelled = Labelled()
    for line, fields in numbered:
        check_interrupts()
        patient = _understand(rule_set, line, fields, columns)
        if isinstance(patient, Malformed):
            labelled.malformed.append(patient)
        else:
            labelled.patients.append(patient)
    if not labelled.patients and not labelled.malformed:
        raise AnswersError([Issue(code="no-input", message="the input has no patients in it")])
    labelled.ignored = tuple(ignored)  # readers fill it while they read, so only now it is whole
    return labelled


def _understand(
    rule_set: RuleSet, line: int, fields: PatientFields | Malformed, columns: Columns
) -> LabelledPatient | Malformed:
    if isinstance(fields, Malformed):
        return fields
    issues: list[Issue] = []
    expected = _expected_advice(fields.labels.get(columns.expected), columns.expected, issues)
    answers = None
    try:
        answers = parse_answers(rule_set, fields.answers)
    except AnswersError as error:
        issues += error.issues
    if issues or answers is None or expected is None:
        return Malformed(line, tuple(issues))
    return LabelledPatient(
        line=line,
        id=_text(fields.labels.get(columns.id)),
        expected=expected,
        diagnosis=_text(fields.labels.get(columns.diagnosis)),
        answers=answers,
        raw=fields.answers,
        simulated=str(fields.labels.get("simulated")).casefold() == "true",
    )


def _text(label: object) -> str | None:
    return None if label in (None, "") else str(label)


def _expected_advice(label: object, column: str, issues: list[Issue]) -> AdviceId | None:
    for advice in get_args(AdviceId):
        if label == advice:
            return advice  # type: ignore[no-any-return]
    given = "nothing" if label in (None, "") else f'"{shorten(str(label))}"'
    hint = suggest_nearest(str(label), ADVICES) or f"choose from {', '.join(ADVICES)}"
    issues.append(
        Issue(code="wrong-value", message=f"{given} is not an advice", suggestion=hint, path=column)
    )
    return None


def translate_answers(rule_set: RuleSet, raw: Mapping[str, object]) -> Answers:
    """Answers that were given to one rule set as answers to another, as far as it asks the same.

    What the other cannot take counts as not answered.
    """
    known = {name: value for name, value in raw.items() if name in rule_set.questions}
    try:
        return parse_answers(rule_set, known)
    except AnswersError as error:
        refused = {issue.path for issue in error.issues}
        taken = {name: value for name, value in known.items() if name not in refused}
        return parse_answers(rule_set, taken)
