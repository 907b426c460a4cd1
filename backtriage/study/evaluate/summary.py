"""Evaluated -> text, JSON. Pure functions."""

from collections.abc import Iterator
from typing import Any

from backtriage.model import ADVICES
from backtriage.report.layout import lay_out
from backtriage.strict_json import write_json
from backtriage.study.evaluate.patients import Row
from backtriage.study.evaluate.results import Accuracy, Evaluated, MissedPatient, Score
from backtriage.study.intervals import Share

MOST_MISSED = 20
"""How many of the missed are told in text; JSON and HTML have all of them."""

AGREEMENT = {
    "exact": "Exact agreement",
    "under_by_one": "Under-triage by one level",
    "under_by_two": "Under-triage by two levels",
    "over_by_one": "Over-triage by one level",
    "over_by_two": "Over-triage by two levels",
}
"""The shares of a score by name, with what they are called."""

# Text -----------------------------------------------------------------------------------------------------------------


def render_text(found: Evaluated, width: int) -> str:
    """What came out, for a reader."""
    sections = [(f"{found.patients:,} patients whose right advice is known", list(_head(found)))]
    sections += [(score.name, list(_score(score))) for score in found.scores]
    if found.moves:
        sections.append(("The same patients, one by one", list(_moves(found))))
    sections.append((f"Too little urgency: {len(found.missed)}", list(_missed(found))))
    return lay_out(sections, width)


def _head(found: Evaluated) -> Iterator[str]:
    yield "Shares are with a 95% interval (Wilson). Patients who are not settled are counted apart, never as home care."
    yield from list_notes(found)


def list_notes(found: Evaluated) -> Iterator[str]:
    """What has to be known about the patients."""
    if found.simulated:
        yield f"{found.simulated:,} of them are simulated, not real. Each counts as one, whatever its weight."
        yield "Rare causes were drawn more often than they are, so shares of all patients are not those of all comers."
    if found.malformed:
        yield f"Rows that could not be used, and are not counted: {len(found.malformed)}."
    if found.other_diagnoses:
        yield f"Diagnoses that are no suspicion of the rule set: {', '.join(found.other_diagnoses)}."
    if found.unsettled:
        yield (
            f"Not settled, as answers are missing: {len(found.unsettled):,}. A red flag settles a patient "
            "even so, while those without one stay open: what is told of the others looks better than it is."
        )
    if found.unanswered:
        yield f"Questions that nobody has an answer to: {', '.join(found.unanswered)}."


def _score(score: Score) -> Iterator[str]:
    yield f"- Not settled: {score.unsettled}"
    yield from (f"- {label}: {getattr(score, name)}" for name, label in AGREEMENT.items())
    yield "Right advice, and the advices given:"
    for expected in reversed(ADVICES):
        given = (
            f"{advice or 'not settled'} {score.matrix.get((expected, advice), 0)}"
            for advice in list_columns()
        )
        yield f"- {expected}: {', '.join(given)}"
    yield "By advice:"
    yield from (_accuracy(name, accuracy) for name, accuracy in score.by_advice.items())
    if score.by_suspicion:
        yield "By suspicion, where the diagnosis is known:"
        yield from (_accuracy(name, accuracy) for name, accuracy in score.by_suspicion.items())


def list_columns() -> tuple[Any, ...]:
    """What may be given, the most urgent first, and None for what is not settled."""
    return (*reversed(ADVICES), None)


def _accuracy(name: str, accuracy: Accuracy) -> str:
    sensitivity = (
        f"sensitivity {accuracy.sensitivity}{_of(accuracy.sensitivity, accuracy.open_with)}"
    )
    specificity = (
        f"specificity {accuracy.specificity}{_of(accuracy.specificity, accuracy.open_without)}"
    )
    return f"- {name}: {sensitivity}, {specificity}"


def _of(share: Share, still_open: int) -> str:
    """How many the share is of, and how many are not in it."""
    left_out = f", {still_open:,} more open" if still_open else ""
    return f" of {share.of:,.0f}{left_out}"


def _moves(found: Evaluated) -> Iterator[str]:
    for moves in found.moves:
        yield (
            f"- {moves.name}: {moves.more} get more urgency, {moves.less} less, {moves.same} the same; "
            f"{moves.nearer} come nearer to what is right and {moves.farther} go farther from it; "
            f"{moves.unsettled} are not settled in one of the two."
        )


def _missed(found: Evaluated) -> Iterator[str]:
    if not found.missed:
        settled = found.patients - len(found.unsettled)
        yield f"Nobody of the {settled:,} who are settled." if found.unsettled else "Nobody."
    for missed in sorted(found.missed, key=_worst_first)[:MOST_MISSED]:
        diagnosis = f", {missed.row.diagnosis}" if missed.row.diagnosis else ""
        yield f"- {name_patient(missed.row)}{diagnosis}: {missed.given}, but {missed.row.expected} is right"
        yield f"  Red flags present: {', '.join(missed.present) or 'none'}"
        if missed.absent:
            yield f"  Absent, but would have been enough: {', '.join(missed.absent)}"
        yield f"  {missed.answers}"
    if len(found.missed) > MOST_MISSED:
        yield f"And {len(found.missed) - MOST_MISSED} more; --format json and html have all of them."


def _worst_first(missed: MissedPatient) -> tuple[int, int]:
    return -missed.levels, missed.row.line


def name_patient(row: Row) -> str:
    """How to find a patient again."""
    return f"patient {row.id} (line {row.line})" if row.id else f"line {row.line}"


# JSON -----------------------------------------------------------------------------------------------------------------


def render_json(found: Evaluated) -> str:
    """The same with every number."""
    rules = found.rule_set
    data = {
        "rule_set": {"id": rules.id, "version": rules.version, "hash": rules.hash},
        "patients": found.patients,
        "simulated": found.simulated,
        "scores": [_score_as_data(score) for score in found.scores],
        "moves": [
            {name: getattr(moves, name) for name in moves.__slots__} for moves in found.moves
        ],
        "missed": [_missed_as_data(missed) for missed in found.missed],
        "unanswered": list(found.unanswered),
        "unsettled": [_row_as_data(row) for row in found.unsettled],
        "malformed": [
            {"line": bad.line, "errors": [issue.build_json() for issue in bad.issues]}
            for bad in found.malformed
        ],
        "diagnoses": dict(found.diagnoses),
        "other_diagnoses": list(found.other_diagnoses),
    }
    return write_json(data, indent=2) + "\n"


def _score_as_data(score: Score) -> dict[str, Any]:
    matrix = {
        expected: {
            advice or "unsettled": score.matrix.get((expected, advice), 0)
            for advice in list_columns()
        }
        for expected in reversed(ADVICES)
    }
    shares = {name: _share(getattr(score, name)) for name in ("unsettled", *AGREEMENT)}
    return (
        {"name": score.name, "matrix": matrix}
        | shares
        | {
            "by_advice": {name: _both(accuracy) for name, accuracy in score.by_advice.items()},
            "by_suspicion": {
                name: _both(accuracy) for name, accuracy in score.by_suspicion.items()
            },
        }
    )


def _both(accuracy: Accuracy) -> dict[str, Any]:
    return {
        "sensitivity": _share(accuracy.sensitivity),
        "specificity": _share(accuracy.specificity),
        "open_with": accuracy.open_with,
        "open_without": accuracy.open_without,
    }


def _share(share: Share) -> dict[str, Any]:
    return {"value": share.value, "low": share.low, "high": share.high, "of": share.of}


def _row_as_data(row: Row) -> dict[str, Any]:
    return {"line": row.line, "id": row.id, "expected": row.expected, "diagnosis": row.diagnosis}


def _missed_as_data(missed: MissedPatient) -> dict[str, Any]:
    return _row_as_data(missed.row) | {
        "given": missed.given,
        "levels": missed.levels,
        "present": list(missed.present),
        "absent": list(missed.absent),
        "answers": dict(missed.row.answers.values),
        "in_words": missed.answers,
    }
