"""A stream of JSON -> one outcome for each record in it, as soon as it is read."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from typing import BinaryIO, TypeAlias

from backtriage.answers import parse_answers
from backtriage.engine import assess
from backtriage.errors import AnswersError, Issue
from backtriage.model import Answers, Assessment, RuleSet
from backtriage.strict_json import FHIR_MARK, MOST_BYTES, find_ends, parse_json, read_lines

_Line: TypeAlias = tuple[int, bytes]
"""The number of a line, counted from 1, and the line."""

Reader: TypeAlias = Callable[[RuleSet, object], Answers]
"""What makes answers of a JSON value; raises AnswersError."""


@dataclass(frozen=True, slots=True)
class RecordOutcome:
    """What came of one record: an assessment, or the error in it.

    `line` is the line of the input, counted from 1, or None where the input is one document. `raw`
    is what was read as JSON, where it could be assessed.
    """

    result: Assessment | AnswersError
    line: int | None
    raw: object = None


def assess_stream(
    rule_set: RuleSet, stream: BinaryIO, *, json_lines: bool, read: Reader = parse_answers
) -> Iterator[RecordOutcome]:
    """Assess every record of a stream; an error in one does not keep the next from being read.

    With `json_lines` each line is a record. Without it the stream is one record if its first line
    only begins an object and no later line is a whole one, and otherwise JSON Lines too. No record
    at all is one outcome, an error.
    """
    numbered = read_lines(stream)
    first = next(numbered, None)
    if first is None:
        suggestion = "send a JSON object, at least {}"
        issue = Issue(code="no-input", message="the input is empty", suggestion=suggestion)
        yield RecordOutcome(AnswersError([issue]), None)
        return
    document = b""
    record: _Line | None = first
    if not json_lines and _goes_on(first[1]):
        document, record = _read_document(first, numbered)
    if record is None:
        above = b"\n" * min(first[0] - 1, MOST_BYTES)  # so that places in the document are right
        yield _assess(rule_set, above + document, None, read)
        return
    # what looked like the beginning of a document was JSON Lines with a broken first record
    broken = ((first[0] + number - 1, line) for number, line in read_lines(BytesIO(document)))
    for number, line in chain(broken, [record], numbered):
        yield _assess(rule_set, line, number, read)


def _goes_on(first: bytes) -> bool:
    """Whether a first line only begins a JSON text."""
    begin, end = find_ends(first)
    return begin in (b"{", b"[") and end not in (b"}", b"]") and len(first) <= MOST_BYTES


def _read_document(first: _Line, numbered: Iterator[_Line]) -> tuple[bytes, _Line | None]:
    """The lines from the first on, as they stood, up to one that is a record by itself; and that.

    Where there is none, as in one document that has many lines, it reads no more than shows that
    it is too large.
    """
    last, line = first
    text, in_object = bytearray(line), find_ends(line)[0] == b"{"
    for number, line in numbered:
        # no line of a flat object is an object itself, so the first was a broken record; FHIR is
        # not flat, and says early what it is
        is_record = in_object and find_ends(line) == (b"{", b"}")
        if is_record and FHIR_MARK not in text:
            return bytes(text), (number, line)
        text += b"\n" * min(number - last - 1, MOST_BYTES) + line
        last = number
        if len(text) > MOST_BYTES:
            break
    return bytes(text), None


def _assess(rule_set: RuleSet, data: bytes, line: int | None, read: Reader) -> RecordOutcome:
    """Assess one JSON text, or tell all that is wrong with it: as JSON, and as answers."""
    issues: list[Issue] = []
    try:
        raw = parse_json(data, issues)
        answers = read(rule_set, raw)
    except AnswersError as error:
        return RecordOutcome(AnswersError([*issues, *error.issues]), line)
    if issues:
        return RecordOutcome(AnswersError(issues), line)
    return RecordOutcome(assess(rule_set, answers), line, raw)
