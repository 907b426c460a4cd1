"""A stream of JSON -> one outcome for each record in it, as soon as it is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO

from backtriage.answers import parse
from backtriage.engine import assess
from backtriage.errors import AnswersError, Issue
from backtriage.jsonio import MOST_BYTES, ends, lines, parse_json
from backtriage.model import Assessment, RuleSet


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one record: an assessment, or the error in it; `line` where the input is JSON Lines."""

    result: Assessment | AnswersError
    line: int | None


def outcomes(rule_set: RuleSet, stream: BinaryIO, *, json_lines: bool) -> Iterator[Outcome]:
    """Assess every record of a stream; an error in one does not keep the next from being read.

    With `json_lines` each line is a record. Without it the stream is one record if its first line only begins an
    object and no later line is a whole one, and otherwise JSON Lines too. No record at all is one outcome, an error.
    """
    numbered = lines(stream)
    head, is_document = ([], False) if json_lines else _head(numbered)
    if is_document:
        yield Outcome(_assess(rule_set, _joined(head)), None)
        return
    number = 0
    for number, line in chain(head, numbered):
        yield Outcome(_assess(rule_set, line), number)
    if not number:
        message = "the input is empty"
        issue = Issue(code="no-input", message=message, suggestion="send a JSON object, at least {}")
        yield Outcome(AnswersError([issue]), None)


def _head(numbered: Iterator[tuple[int, bytes]]) -> tuple[list[tuple[int, bytes]], bool]:
    """As many lines as it takes to see whether the stream is one document, and whether it is."""
    head = list(islice(numbered, 1))
    if not head or not _goes_on(head[0][1]):
        return head, False
    in_object, size = ends(head[0][1])[0] == b"{", len(head[0][1])
    for number, line in numbered:
        head.append((number, line))
        size += len(line)
        if in_object and ends(line) == (b"{", b"}"):  # never a line of a flat object: the first was a broken record
            return head, False
        if size > MOST_BYTES:
            break
    return head, True


def _goes_on(first: bytes) -> bool:
    """Whether a first line only begins a JSON text."""
    begin, end = ends(first)
    return begin in (b"{", b"[") and end not in (b"}", b"]") and len(first) <= MOST_BYTES


def _joined(head: list[tuple[int, bytes]]) -> bytes:
    """The lines as they stood, so that places in them are right."""
    text, last = b"", 0
    for number, line in head:
        text += b"\n" * (number - last - 1) + line
        last = number
    return text


def _assess(rule_set: RuleSet, data: bytes) -> Assessment | AnswersError:
    """Assess one JSON text, or tell all that is wrong with it: as JSON, and as answers."""
    issues: list[Issue] = []
    try:
        answers = parse(rule_set, parse_json(data, issues))
    except AnswersError as error:
        return AnswersError([*issues, *error.issues])
    return AnswersError(issues) if issues else assess(rule_set, answers)
