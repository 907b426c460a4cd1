"""A stream of JSON -> one outcome for each record in it, as soon as it is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from backtriage.engine import assess
from backtriage.errors import AnswersError, Issue
from backtriage.jsonio import MOST_BYTES, lines, opens_a_document, parse_json
from backtriage.model import Assessment, RuleSet


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one record: an assessment, or the error in it; `line` where the input is JSON Lines."""

    result: Assessment | AnswersError
    line: int | None


def outcomes(rule_set: RuleSet, stream: BinaryIO, *, json_lines: bool) -> Iterator[Outcome]:
    """Assess every record of a stream; an error in one does not keep the next from being read.

    If the first line is only the beginning of an object, the whole stream is one record;
    otherwise, and always with `json_lines`, each line is one. No record at all is one outcome, an error.
    """
    numbered = lines(stream)
    first = next(numbered, None)
    if first is None:
        message = "the input is empty"
        issue = Issue(code="no-input", message=message, suggestion="send a JSON object, at least {}")
        yield Outcome(AnswersError([issue]), None)
        return
    if not json_lines and opens_a_document(first[1]):
        yield Outcome(_assess(rule_set, first[1] + stream.read(MOST_BYTES)), None)
        return
    for number, line in chain([first], numbered):
        yield Outcome(_assess(rule_set, line), number)


def _assess(rule_set: RuleSet, data: bytes) -> Assessment | AnswersError:
    try:
        return assess(rule_set, parse_json(data))
    except AnswersError as error:
        return error
