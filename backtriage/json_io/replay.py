"""A saved assessment -> whether the same answers still give the same result."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backtriage.engine import assess
from backtriage.errors import AnswersError, Issue, make_printable
from backtriage.json_io.saved import is_made_by, read_answers, read_record
from backtriage.model import RuleSet
from backtriage.report.formats import render_json as render_assessment
from backtriage.strict_json import write_json

_NOT_THE_RESULT = ("rule_set", "engine_version", "answers")
"""The keys of an assessment that say what it was made from and by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What became of a saved assessment.

    `changed` holds, by key of the assessment, what it said then and what it says now.
    """

    same_result: bool
    same_rule_set: bool
    rule_set_then: str
    rule_set_now: str
    changed: Mapping[str, tuple[Any, Any]]


def replay(path: Path, rule_set: RuleSet, record: dict[str, Any] | None = None) -> Replay:
    """Assess the answers in a file again; raises FileError or AnswersError.

    `record` is what is in the file, if that was read already.
    """
    then = read_record(path) if record is None else record
    if "advice" not in then:
        message, suggestion = "the file holds answers but no result", "use --resume"
        issue = Issue(code="no-result", message=message, suggestion=suggestion, file=str(path))
        raise AnswersError([issue])
    result = assess(rule_set, read_answers(then, rule_set, path))
    # as it would stand in a file, so that it can be compared with one
    now = json.loads(render_assessment(result))
    keys = [key for key in now if key not in _NOT_THE_RESULT and then.get(key) != now[key]]
    return Replay(
        same_result=not keys,
        same_rule_set=is_made_by(then, rule_set),
        rule_set_then=_name(then["rule_set"]),
        rule_set_now=_name(now["rule_set"]),
        changed={key: (then.get(key), now[key]) for key in keys},
    )


def find_language(record: Mapping[str, Any]) -> str | None:
    """The language in which a saved assessment was told; None for English."""
    translation = record.get("translation")
    language = translation.get("language") if isinstance(translation, dict) else None
    return language if isinstance(language, str) else None


def render_json(replayed: Replay) -> str:
    """The replay as one JSON object."""
    return write_json(replayed, indent=2) + "\n"


def render_text(replayed: Replay) -> str:
    """The replay for a reader."""
    result = "the same" if replayed.same_result else f"different in {', '.join(replayed.changed)}"
    rules = f"the same ({replayed.rule_set_now})"
    if not replayed.same_rule_set:
        rules = f"was {replayed.rule_set_then}, is {replayed.rule_set_now}"
    lines = [f"Result: {result}.", f"Rule set: {rules}."]
    lines += [
        f"{key}: {write_json(then)} -> {write_json(now)}"
        for key, (then, now) in replayed.changed.items()
    ]
    return make_printable("\n".join(lines) + "\n")


def _name(rule_set: Mapping[str, Any]) -> str:
    return f"{rule_set.get('id')} {rule_set.get('version')}, hash {str(rule_set.get('hash'))[:12]}"
