"""A stream of JSON -> the records in it, and the outcome of each, as soon as it is read."""

import select
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BufferedReader, BytesIO, RawIOBase
from itertools import chain
from typing import Any, BinaryIO, TypeAlias, TypeVar

from backtriage.answers import parse_answers
from backtriage.engine import assess
from backtriage.errors import AnswersError, Issue
from backtriage.json_io.workers import Workers
from backtriage.language import say
from backtriage.model import Answers, Assessment, RuleSet
from backtriage.strict_json import FHIR_MARK, MOST_BYTES, find_ends, parse_json, read_lines

_Made = TypeVar("_Made")

_Line: TypeAlias = tuple[int, bytes]
"""The number of a line, counted from 1, and the line."""

Record: TypeAlias = tuple[int | None, bytes]
"""The JSON text of one patient, and its line, or None where the input is one document."""

_MOST_RECORDS, _MOST_BYTES = 32, 1 << 18
"""So much is read, at most, before it is worked on."""

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
    """Assess every record of a stream; an error in one does not keep the next from being read."""
    for record in list_records(stream, json_lines=json_lines):
        yield assess_record(rule_set, record, read)


def run_on_records(
    work: Callable[[Record], _Made],
    stream: BinaryIO,
    take: Callable[[Iterator[_Made]], None],
    *,
    json_lines: bool,
) -> None:
    """Work on all records of a stream, and let `take` have what is made of each, in order.

    Whatever has been read is taken before more is waited for, so that a program can send one
    record and wait for what comes of it. Where many are there they are dealt out to `Workers`.
    """
    batch: list[Record] = []
    with Workers(work) as workers:

        def catch_up() -> None:
            take(workers.finish(tuple(batch)))
            batch.clear()

        watched = BufferedReader(_Watched(stream, catch_up), _MOST_BYTES)
        for record in list_records(watched, json_lines=json_lines):
            batch.append(record)
            if _is_full(batch):
                take(workers.run(tuple(batch)))
                batch.clear()
        catch_up()


def _is_full(batch: Sequence[Record]) -> bool:
    """Whether a batch is worth to be sent to another process, and should not grow any more."""
    size = sum(len(data) for _, data in batch)
    return len(batch) == _MOST_RECORDS or (len(batch) > 1 and size > _MOST_BYTES)


class _Watched(RawIOBase):
    """A stream, with something that is done each time before more of it must be waited for."""

    def __init__(self, stream: BinaryIO, before: Callable[[], None]) -> None:
        self._stream, self._before = stream, before

    def readable(self) -> bool:
        """It is there to be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read what is there, and wait if nothing is, even where a read would not wait."""
        if not self._is_ready(0):
            self._before()
            self._is_ready(None)
        data: bytes = self._stream.read1(len(buffer))  # type: ignore[attr-defined]
        buffer[: len(data)] = data
        return len(data)

    def _is_ready(self, seconds: float | None) -> bool:
        """Whether there is something, or the end, within so many seconds; None waits for it."""
        try:
            return bool(select.select([self._stream], [], [], seconds)[0])
        except (OSError, ValueError):  # what has no descriptor, and on Windows all but sockets
            return False


def list_records(stream: BinaryIO, *, json_lines: bool) -> Iterator[Record]:
    """The records of a stream, each as soon as it is read.

    With `json_lines` each line is a record. Without it the stream is one record if its first line
    only begins an object and no later line is a whole one, and otherwise JSON Lines too. A stream
    without any is one record, an empty one.
    """
    numbered = read_lines(stream)
    first = next(numbered, None)
    if first is None:
        yield None, b""
        return
    document = b""
    record: _Line | None = first
    if not json_lines and _goes_on(first[1]):
        document, record = _read_document(first, numbered)
    if record is None:
        above = b"\n" * min(first[0] - 1, MOST_BYTES)  # so that places in the document are right
        yield None, above + document
        return
    # what looked like the beginning of a document was JSON Lines with a broken first record
    broken = ((first[0] + number - 1, line) for number, line in read_lines(BytesIO(document)))
    yield from chain(broken, [record], numbered)


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


def assess_record(rule_set: RuleSet, record: Record, read: Reader = parse_answers) -> RecordOutcome:
    """Assess one record, or tell all that is wrong with it: as JSON, and as answers."""
    line, data = record
    if not data:
        suggestion = say("send a JSON object, at least {}")
        issue = Issue(code="no-input", message=say("the input is empty"), suggestion=suggestion)
        return RecordOutcome(AnswersError([issue]), line)
    issues: list[Issue] = []
    try:
        raw = parse_json(data, issues)
        answers = read(rule_set, raw)
    except AnswersError as error:
        return RecordOutcome(AnswersError([*issues, *error.issues]), line)
    if issues:
        return RecordOutcome(AnswersError(issues), line)
    return RecordOutcome(assess(rule_set, answers), line, raw)
