"""What is wrong with an input -> a FHIR OperationOutcome."""

from backtriage.errors import AnswersError, Issue
from backtriage.fhir.names import Resource

_KINDS = {
    "duplicate-link-id": "duplicate",
    "missing-link-id": "required",
    "no-questionnaire": "required",
    "no-version": "required",
    "too-large": "too-long",
    "unknown-code": "code-invalid",
    "unknown-link-id": "not-found",
    "other-questionnaire": "not-supported",
    "other-version": "not-supported",
    "other-fhir-version": "not-supported",
    "cannot-ignore": "extension",
    "not-json": "structure",
    "not-fhir": "structure",
    "not-utf8": "structure",
    "unknown-element": "structure",
    "misplaced-item": "structure",
    "misplaced-reason": "structure",
    "not-r4": "structure",
    "hidden-response": "not-supported",
    "more-pages": "incomplete",
}
"""The kind of an issue in FHIR; the others are of a value."""


def build_outcome(error: AnswersError, line: int | None) -> Resource:
    """Every issue, with its FHIRPath where it is in FHIR; `line` is that of the input."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [_build_issue(issue, line) for issue in error.issues],
    }


def _build_issue(issue: Issue, line: int | None) -> Resource:
    way_out = f"; {issue.suggestion}" if issue.suggestion else ""
    where = f"line {line}: " if line else ""
    told: Resource = {
        "severity": "error",
        "code": _KINDS.get(issue.code, "value"),
        "details": {"text": f"{where}{issue.message}{way_out}"},
        "diagnostics": issue.code,
    }
    return told | ({"expression": [issue.path]} if issue.path else {})
