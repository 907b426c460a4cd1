"""Issues of a rule set -> text, JSON, SARIF or GitHub's annotations.

Each takes what was judged, the rule set or None where it could not be read, and what else there is
to tell (told in JSON alone); it gives text that ends in a line break, or none at all.
"""

import os
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from backtriage._version import __version__
from backtriage.answers import parse_answers
from backtriage.authoring.case_writer import write_case
from backtriage.authoring.codes import ALL, CHECK, TRANSLATIONS
from backtriage.authoring.excuses import Judged
from backtriage.errors import Issue, make_printable
from backtriage.model import RuleSet
from backtriage.report.layout import wrap_text
from backtriage.report.words import describe_patient
from backtriage.strict_json import write_json


def render_text(judged: Judged, rule_set: RuleSet | None, also: Mapping[str, Any]) -> str:
    """One line for each issue, and below it the patient in whom it shows, if there is one.

    With a "width" in `also`, that of a terminal, long lines are wrapped.
    """
    width = also.get("width")
    lines: list[str] = []
    for number, issue in enumerate(judged.issues, 1):
        lines += [*_lines(issue, width), *_patient(issue, rule_set, width, number)]
    return make_printable("".join(f"{line}\n" for line in lines))


def render_json(judged: Judged, _: RuleSet | None, also: Mapping[str, Any]) -> str:
    """One JSON object: the issues, those excused with their reasons, and what else there is."""
    issues = [issue.build_json() for issue in judged.issues]
    excused = [issue.build_json() | {"reason": reason} for issue, reason in judged.excused]
    return write_json({"issues": issues, "excused": excused, **also}, indent=2) + "\n"


def render_sarif(judged: Judged, _: RuleSet | None, _also: Mapping[str, Any]) -> str:
    """A SARIF 2.1.0 log; what is excused is a suppressed result."""
    excused = [issue for issue, _ in judged.excused]
    codes = sorted({issue.code for issue in (*judged.issues, *excused)})
    rules = [{"id": code, "shortDescription": {"text": ALL.get(code, code)}} for code in codes]
    driver = {"name": "backtriage", "version": __version__, "rules": rules}
    results = [_sarif_result(issue) for issue in judged.issues]
    results += [_suppressed_result(issue, reason) for issue, reason in judged.excused]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return write_json(log, indent=2) + "\n"


def render_github(judged: Judged, _: RuleSet | None, _also: Mapping[str, Any]) -> str:
    """A workflow command for each issue, which GitHub shows beside the line."""
    return "".join(_annotation(issue) + "\n" for issue in judged.issues)


IssueFormatter = Callable[[Judged, RuleSet | None, Mapping[str, Any]], str]
FORMATS: dict[str, IssueFormatter] = {
    "text": render_text,
    "json": render_json,
    "sarif": render_sarif,
    "github": render_github,
}


def _lines(issue: Issue, width: int | None) -> list[str]:
    """The issue on one line, or wrapped at words with its place left whole."""
    return wrap_text(str(issue), width, further="  ") if width else [str(issue)]


def _patient(issue: Issue, rule_set: RuleSet | None, width: int | None, number: int) -> list[str]:
    """The patient in words and as a case, in lines that stand four characters in."""
    if issue.patient is None or rule_set is None:
        return []
    answers = parse_answers(rule_set, dict(issue.patient)).values
    room = (width or 80) - 4
    words = textwrap.wrap(f"Patient: {describe_patient(rule_set, answers)}", room)
    case = write_case(rule_set, _name_case(issue, number), answers, f"{issue.message}.", room)
    lines = [*words, "As a case, with what comes out now:", *case.splitlines()]
    return [f"    {line}" if line else "" for line in lines]


def _name_case(issue: Issue, number: int) -> str:
    """An id for the case of the issue; ids have 64 characters at most."""
    words = issue.code.split("-")
    if issue.part:
        words.append(issue.part[1])
    return f"{'_'.join(words)[:58]}_{number}"


def _level(issue: Issue) -> str:
    return "warning" if issue.code in CHECK | TRANSLATIONS else "error"


def _message(issue: Issue) -> str:
    return f"{issue.message}; {issue.suggestion}" if issue.suggestion else issue.message


def _sarif_result(issue: Issue) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": issue.code,
        "level": _level(issue),
        "message": {"text": _message(issue)},
    }
    if issue.file is not None:
        location: dict[str, Any] = {"artifactLocation": {"uri": _uri(issue.file)}}
        if issue.line is not None:
            location["region"] = {"startLine": issue.line, "startColumn": issue.column or 1}
        result["locations"] = [{"physicalLocation": location}]
    if issue.patient is not None:
        result["properties"] = {"patient": dict(issue.patient)}
    return result


def _suppressed_result(issue: Issue, reason: str) -> dict[str, Any]:
    suppressions = [{"kind": "inSource", "justification": reason}]
    return {**_sarif_result(issue), "suppressions": suppressions}


def _uri(file: str) -> str:
    path = _find_in_repository(file)
    # by its bytes: a name need not be UTF-8
    return path.as_uri() if path.is_absolute() else quote(os.fsencode(path.as_posix()))


def _find_in_repository(file: str) -> PurePath:
    """The path from the root of the git repository that a file is in, as code hosts want it.

    As it is, where there is none.
    """
    try:
        path = Path(file).parent.resolve() / Path(file).name
        roots = (folder for folder in path.parents if (folder / ".git").exists())
        root = next(roots, None)
    except (OSError, ValueError):  # a name that no file can have
        root = None
    return path.relative_to(root) if root else PurePath(file)


def _annotation(issue: Issue) -> str:
    file = issue.file and _find_in_repository(issue.file).as_posix()
    named = {"file": file, "line": issue.line, "col": issue.column, "title": issue.code}
    given = {key: str(value) for key, value in named.items() if value is not None}
    properties = ",".join(f"{key}={_escape(value, also=':,')}" for key, value in given.items())
    return f"::{_level(issue)} {properties}::{_escape(_message(issue))}"


def _escape(text: str, also: str = "") -> str:
    """Line breaks and percent signs, which end or begin something for GitHub, as numbers in hex.

    Also some others: in properties, colons and commas do so too.
    """
    special = f"%\n{also}"
    shown = make_printable(text)
    return "".join(f"%{ord(char):02X}" if char in special else char for char in shown)
