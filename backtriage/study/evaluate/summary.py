"""Evaluated -> text, JSON. Pure functions."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from backtriage.model import ADVICES, AdviceId
from backtriage.report.layout import lay_out
from backtriage.strict_json import write_json
from backtriage.study.evaluate.patients import LabelledPatient
from backtriage.study.evaluate.results import Accuracy, Evaluated, MissedPatient, Score
from backtriage.study.intervals import Share, build_share_data

MOST_MISSED = 20
"""How many of the missed are told in text; JSON and HTML have all of them."""

HOW = (
    "Shares are with a 95% interval (Wilson). "
    "Patients who are not settled are counted apart, never as home care."
)

AGREEMENT = {
    "exact": "Exact agreement",
    "under_by_one": "Under-triage by one level",
    "under_by_two": "Under-triage by two levels",
    "over_by_one": "Over-triage by one level",
    "over_by_two": "Over-triage by two levels",
}
"""The shares of a score by name, with what they are called."""

# Text ---------------------------------------------------------------------------------------------


def render_text(evaluated: Evaluated, width: int) -> str:
    """All of it for a reader, in lines of at most `width` characters."""
    patients = f"{evaluated.patients:,} patients whose right advice is known"
    sections = [(patients, [HOW, *list_notes(evaluated)])]
    sections += [(score.name, list(_score(score))) for score in evaluated.scores]
    if evaluated.moves:
        sections.append(("The same patients, one by one", list(_moves(evaluated))))
    sections.append((f"Too little urgency: {len(evaluated.missed)}", list(_missed(evaluated))))
    return lay_out(sections, width)


def list_notes(evaluated: Evaluated) -> Iterator[str]:
    """What a reader has to know about the patients, so as not to take the shares for more."""
    if evaluated.simulated:
        yield (
            f"{evaluated.simulated:,} of them are simulated, not real. "
            "Each counts as one, whatever its weight."
        )
        yield (
            "Rare causes were drawn more often than they are, so shares of all patients are not "
            "those of all comers."
        )
    if evaluated.malformed:
        yield f"Rows that could not be used, and are not counted: {len(evaluated.malformed)}."
    if evaluated.other_diagnoses:
        names = ", ".join(evaluated.other_diagnoses)
        yield f"Diagnoses that are no suspicion of the rule set: {names}."
    if evaluated.unsettled:
        yield (
            f"Not settled, as answers are missing: {len(evaluated.unsettled):,}. "
            "A red flag settles a patient even so, while those without one stay open: "
            "what is told of the others looks better than it is."
        )
    if evaluated.unanswered:
        yield f"Questions that nobody has an answer to: {', '.join(evaluated.unanswered)}."


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


def list_columns() -> tuple[AdviceId | None, ...]:
    """What may be given, the most urgent first, and None for what is not settled."""
    return (*reversed(ADVICES), None)


def _accuracy(name: str, accuracy: Accuracy) -> str:
    sensitivity = _share_and_base(accuracy.sensitivity, accuracy.open_with)
    specificity = _share_and_base(accuracy.specificity, accuracy.open_without)
    return f"- {name}: sensitivity {sensitivity}, specificity {specificity}"


def _share_and_base(share: Share, still_open: int) -> str:
    """The share, how many people it is of, and how many are not in it."""
    return f"{share} of {share.of:,.0f}{describe_left_out(still_open)}"


def describe_left_out(still_open: int) -> str:
    """How many people are in no share, as it is open what they are told: to put behind a share."""
    return f", {still_open:,} more open" if still_open else ""


def _moves(evaluated: Evaluated) -> Iterator[str]:
    for moves in evaluated.moves:
        yield (
            f"- {moves.name}: {moves.more} get more urgency, {moves.less} less, "
            f"{moves.same} the same; {moves.nearer} come nearer to what is right and "
            f"{moves.farther} go farther from it; "
            f"{moves.unsettled} are not settled in one of the two."
        )


def _missed(evaluated: Evaluated) -> Iterator[str]:
    if not evaluated.missed:
        settled = evaluated.patients - len(evaluated.unsettled)
        yield f"Nobody of the {settled:,} who are settled." if evaluated.unsettled else "Nobody."
    for missed in sorted(evaluated.missed, key=_worst_first)[:MOST_MISSED]:
        patient = missed.patient
        diagnosis = f", {patient.diagnosis}" if patient.diagnosis else ""
        who = f"{name_patient(patient)}{diagnosis}"
        yield f"- {who}: {missed.given}, but {patient.expected} is right"
        yield f"  Red flags present: {', '.join(missed.present) or 'none'}"
        if missed.absent:
            yield f"  Absent, but would have been enough: {', '.join(missed.absent)}"
        yield f"  {missed.answers}"
    if len(evaluated.missed) > MOST_MISSED:
        more = len(evaluated.missed) - MOST_MISSED
        yield f"And {more} more; --format json and html have all of them."


def _worst_first(missed: MissedPatient) -> tuple[int, int]:
    return -missed.levels, missed.patient.line


def name_patient(patient: LabelledPatient) -> str:
    """How to find a patient again: by id, if there is one, and by line."""
    line = f"line {patient.line}"
    return f"patient {patient.id} ({line})" if patient.id else line


# JSON ---------------------------------------------------------------------------------------------


def render_json(evaluated: Evaluated) -> str:
    """All of it as one JSON object, with every number."""
    rules = evaluated.rule_set
    data = {
        "rule_set": {"id": rules.id, "version": rules.version, "hash": rules.hash},
        "patients": evaluated.patients,
        "simulated": evaluated.simulated,
        "scores": [_score_as_data(score) for score in evaluated.scores],
        "moves": [asdict(moves) for moves in evaluated.moves],
        "missed": [_missed_as_data(missed) for missed in evaluated.missed],
        "unanswered": list(evaluated.unanswered),
        "unsettled": [_patient_as_data(patient) for patient in evaluated.unsettled],
        "malformed": [
            {"line": malformed.line, "errors": [issue.build_json() for issue in malformed.issues]}
            for malformed in evaluated.malformed
        ],
        "diagnoses": dict(evaluated.diagnoses),
        "other_diagnoses": list(evaluated.other_diagnoses),
    }
    return write_json(data, indent=2) + "\n"


def _score_as_data(score: Score) -> dict[str, Any]:
    shares = {name: build_share_data(getattr(score, name)) for name in ("unsettled", *AGREEMENT)}
    by_advice = {name: _accuracy_as_data(accuracy) for name, accuracy in score.by_advice.items()}
    by_suspicion = {
        name: _accuracy_as_data(accuracy) for name, accuracy in score.by_suspicion.items()
    }
    return {
        "name": score.name,
        "matrix": _matrix_as_data(score),
        **shares,
        "by_advice": by_advice,
        "by_suspicion": by_suspicion,
    }


def _matrix_as_data(score: Score) -> dict[str, dict[str, int]]:
    """By right advice and advice given; every pair is there."""
    return {
        expected: {
            advice or "unsettled": score.matrix.get((expected, advice), 0)
            for advice in list_columns()
        }
        for expected in reversed(ADVICES)
    }


def _accuracy_as_data(accuracy: Accuracy) -> dict[str, Any]:
    return {
        "sensitivity": build_share_data(accuracy.sensitivity),
        "specificity": build_share_data(accuracy.specificity),
        "open_with": accuracy.open_with,
        "open_without": accuracy.open_without,
    }


def _patient_as_data(patient: LabelledPatient) -> dict[str, Any]:
    return {
        "line": patient.line,
        "id": patient.id,
        "expected": patient.expected,
        "diagnosis": patient.diagnosis,
    }


def _missed_as_data(missed: MissedPatient) -> dict[str, Any]:
    return _patient_as_data(missed.patient) | {
        "given": missed.given,
        "levels": missed.levels,
        "present": list(missed.present),
        "absent": list(missed.absent),
        "answers": dict(missed.patient.answers.values),
        "in_words": missed.answers,
    }
