"""Answers <-> a file of JSON that an interview can go on from, and an assessment be replayed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from backtriage.answers import parse_answers
from backtriage.errors import AnswersError, FileError, Issue, make_printable, shorten
from backtriage.files import KeptFile, check_can_write, is_same_file, read_bytes
from backtriage.language import say
from backtriage.model import Answer, Answers, RuleSet
from backtriage.strict_json import parse_json, write_json

_IDENTITY = {"id", "version", "hash"}
"""The keys that tell one rule set from another."""


@dataclass(frozen=True, slots=True)
class Saved:
    """Answers from a file, and the day on which they were saved, where the file tells it."""

    answers: Answers
    day: date | None


def check_free(path: Path, may_replace: Path | None) -> None:
    """Raise FileError if saving there would fail, or would replace a file, or could not be told.

    The one file that may be replaced is that which the interview goes on from.
    """
    check_can_write(path)
    if make_printable(str(path)) != str(path) or "\n" in str(path):
        message = say("this name has characters that cannot be shown")
        raise FileError([Issue(code="cannot-write", message=message, file=str(path))])
    if path.exists() and (may_replace is None or not is_same_file(path, may_replace)):
        message = say("this file is there already")
        suggestion = say("choose another name, or go on with --resume")
        issue = Issue(code="file-exists", message=message, suggestion=suggestion, file=str(path))
        raise FileError([issue])


def save(file: KeptFile, rule_set: RuleSet, answers: Mapping[str, Answer], today: date) -> None:
    """Write the answers so far, with the day and the rule set that asked; raises FileError."""
    record = {
        "saved_on": today.isoformat(),
        "rule_set": build_identity(rule_set),
        "answers": dict(answers),
    }
    file.write(write_json(record, indent=2) + "\n")


def read_record(path: Path, data: bytes | None = None) -> dict[str, Any]:
    """A saved file, or an assessment in JSON: an object with `rule_set` and `answers`.

    `data` is what is in it, where that was read already. Raises FileError or AnswersError.
    """
    issues: list[Issue] = []
    try:
        record = parse_json(read_bytes(path) if data is None else data, issues)
        if issues:
            raise AnswersError(issues)
    except AnswersError as error:
        raise AnswersError(_in_file(issue, path) for issue in error.issues) from None
    if not isinstance(record, dict) or not _is_record(record):
        message = say(
            'this is no saved interview or assessment: "rule_set" and "answers" are missing'
        )
        raise AnswersError([Issue(code="not-a-record", message=message, file=str(path))])
    return record


def _is_record(record: dict[str, Any]) -> bool:
    made_by = record.get("rule_set")
    return isinstance(made_by, dict) and set(made_by) >= _IDENTITY and "answers" in record


def resume(path: Path, rule_set: RuleSet, data: bytes | None = None) -> Saved:
    """The answers in a saved file, which must come from this very rule set.

    `data` is what is in it, where that was read already. Raises FileError or AnswersError.
    """
    record = read_record(path, data)
    if not is_made_by(record, rule_set):
        theirs, ours = _name(record["rule_set"]), _name(build_identity(rule_set))
        message = say(
            "these answers were given to another rule set ({theirs}); this is {ours}, "
            "and its questions may mean something else",
            theirs=theirs,
            ours=ours,
        )
        suggestion = say("start a new interview")
        issue = Issue(code="other-rule-set", message=message, suggestion=suggestion, file=str(path))
        raise AnswersError([issue])
    return Saved(read_answers(record, rule_set, path), _day_of(record, path))


def _day_of(record: Mapping[str, Any], path: Path) -> date | None:
    """The day on which a record was saved; a result in JSON has none."""
    given = record.get("saved_on")
    if given is None:
        return None
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        issue = Issue(
            code="wrong-type",
            message=say("this is not a day"),
            suggestion=say("write it as 2026-11-23, or leave it out"),
            file=str(path),
            path="saved_on",
        )
        raise AnswersError([issue]) from None


def read_answers(record: Mapping[str, Any], rule_set: RuleSet, path: Path) -> Answers:
    """The answers of a record; raises AnswersError."""
    try:
        return parse_answers(rule_set, record["answers"])
    except AnswersError as error:
        raise AnswersError(_in_file(issue, path) for issue in error.issues) from None


def _in_file(issue: Issue, path: Path) -> Issue:
    return replace(issue, file=str(path))


def build_identity(rule_set: RuleSet) -> dict[str, str]:
    """What tells one rule set from another, as it stands in a saved file."""
    return {"id": rule_set.id, "version": rule_set.version, "hash": rule_set.hash}


def is_made_by(record: Mapping[str, Any], rule_set: RuleSet) -> bool:
    """Whether a record comes from this very rule set."""
    made_by, identity = record["rule_set"], build_identity(rule_set)
    return all(made_by.get(key) == value for key, value in identity.items())


def _name(rule_set: Mapping[str, Any]) -> str:
    """A rule set by what a file says of it, which may be anything."""
    id_and_version = f"{rule_set.get('id')} {rule_set.get('version')}"
    return shorten(f"{id_and_version}, {str(rule_set.get('hash'))[:12]}")
