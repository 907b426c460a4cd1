"""Evaluated -> text, JSON. Pure functions."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from backtriage.errors import shorten
from backtriage.model import ADVICES, AdviceId
from backtriage.report.layout import lay_out
from backtriage.strict_json import write_json
from backtriage.study.evaluate.results import (
    Accuracy,
    Evaluated,
    LabelledPatient,
    Malformed,
    MissedPatient,
    Score,
)
from backtriage.study.intervals import Share, build_share_data

MOST_MISSED = 20
"""How many of the missed are told in text; JSON has more."""

MOST_NAMED = 20
"""How many other diagnoses are told by name; JSON has more."""

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
    if not evaluated.patients:
        return lay_out([(patients, list(list_notes(evaluated)))], width)
    sections = [(patients, [HOW, *list_notes(evaluated)])]
    sections += [(score.name, list(_score(score))) for score in evaluated.scores]
    if evaluated.moves:
        sections.append(("The same patients, one by one", list(_moves(evaluated))))
    sections.append((f"Too little urgency: {evaluated.missed_patients:,}", [*_missed(evaluated)]))
    return lay_out(sections, width)


def list_notes(evaluated: Evaluated) -> Iterator[str]:
    """What a reader has to know about the patients, so as not to take the shares for more."""
    if not evaluated.patients:
        rows = f"{evaluated.malformed_rows:,}"
        yield f"No row could be used, of {rows}, so nothing can be said of the rules."
        return
    if evaluated.simulated:
        yield f"{evaluated.simulated:,} of them are simulated, not real."
    if evaluated.simulated > evaluated.by_weight:
        yield (
            "Some are simulated, and count as one. If rare causes were drawn more often than they "
            "are, shares of all patients are not those of all comers."
        )
    if evaluated.by_weight:
        yield (
            f"{evaluated.by_weight:,} of them count by their weights in every share. The number "
            'behind "of" at a share is then no count of patients, but of as many people as count '
            "alike (Kish's effective sample size), on whom its interval rests. All other numbers "
            "count patients."
        )
    if evaluated.malformed_rows:
        yield f"Rows that could not be used, and are not counted: {evaluated.malformed_rows:,}."
    if evaluated.other_diagnoses:
        yield f"Diagnoses that are no suspicion of the rule set: {_list_others(evaluated)}."
    if evaluated.unsettled_patients:
        yield (
            f"Not settled, as answers are missing: {evaluated.unsettled_patients:,}. "
            "A red flag settles a patient even so, while those without one stay open: "
            "what is told of the others looks better than it is."
        )
    if evaluated.unanswered:
        unanswered = ", ".join(evaluated.unanswered)
        yield f"Questions that none of these patients has an answer to: {unanswered}."


def _list_others(evaluated: Evaluated) -> str:
    """Diagnoses that are no suspicions, of very many the first."""
    names = evaluated.other_diagnoses
    more = evaluated.more_diagnoses or len(names) > MOST_NAMED
    return ", ".join([*map(shorten, names[:MOST_NAMED]), *(["and others"] if more else [])])


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
        yield describe_none_missed(evaluated)
    told = list_worst(evaluated, MOST_MISSED)
    for missed in told:
        patient = missed.patient
        diagnosis = f", {patient.diagnosis}" if patient.diagnosis else ""
        who = f"{name_patient(patient)}{diagnosis}"
        yield f"- {who}: {missed.given}, but {patient.expected} is right"
        yield f"  Red flags present: {', '.join(missed.present) or 'none'}"
        if missed.absent:
            yield f"  Absent, but would have been enough: {', '.join(missed.absent)}"
        yield f"  {missed.in_words}"
    if more := evaluated.missed_patients - len(told):
        yield f"And {more:,} more; --format json has {len(evaluated.missed):,} (--most-listed)."


def describe_none_missed(evaluated: Evaluated) -> str:
    """What is told where no missed patient is listed."""
    if evaluated.missed_patients:
        return "None is listed."
    settled = evaluated.patients - evaluated.unsettled_patients
    return (
        f"Nobody of the {settled:,} who are settled."
        if settled < evaluated.patients
        else ("Nobody.")
    )


def list_worst(evaluated: Evaluated, most: int) -> list[MissedPatient]:
    """So many of the missed at most, those by two levels first."""
    return sorted(evaluated.missed, key=lambda missed: -missed.levels)[:most]


def name_patient(patient: LabelledPatient) -> str:
    """How to find a patient again: by id, if there is one, and by row."""
    row = name_row(patient.file, patient.row)
    return f"patient {patient.id} ({row})" if patient.id else row


def name_row(file: str | None, row: int) -> str:
    """How to find a row again; `file` where there are several."""
    return f"row {row:,} of {file}" if file else f"row {row:,}"


# JSON ---------------------------------------------------------------------------------------------


def render_json(evaluated: Evaluated) -> str:
    """All of it as one JSON object, with every number."""
    rules = evaluated.rule_set
    data = {
        "rule_set": {"id": rules.id, "version": rules.version, "hash": rules.hash},
        "patients": evaluated.patients,
        "simulated": evaluated.simulated,
        "by_weight": evaluated.by_weight,
        "scores": [_score_as_data(score) for score in evaluated.scores],
        "moves": [asdict(moves) for moves in evaluated.moves],
        "missed_patients": evaluated.missed_patients,
        "missed": [_missed_as_data(missed) for missed in evaluated.missed],
        "unanswered": list(evaluated.unanswered),
        "unsettled_patients": evaluated.unsettled_patients,
        "unsettled": [_patient_as_data(patient) for patient in evaluated.unsettled],
        "malformed_rows": evaluated.malformed_rows,
        "malformed": [
            _row_as_data(malformed) | {"errors": [issue.build_json() for issue in malformed.issues]}
            for malformed in evaluated.malformed
        ],
        "diagnoses": dict(evaluated.diagnoses),
        "other_diagnoses": list(evaluated.other_diagnoses),
        "more_diagnoses": evaluated.more_diagnoses,
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
        "matrix": _matrix_as_data(score.matrix),
        "weights": _matrix_as_data(score.weights),
        **shares,
        "by_advice": by_advice,
        "by_suspicion": by_suspicion,
    }


def _matrix_as_data(
    matrix: Mapping[tuple[AdviceId, AdviceId | None], float],
) -> dict[str, dict[str, float]]:
    """By right advice and advice given; every pair is there."""
    return {
        expected: {
            advice or "unsettled": matrix.get((expected, advice), 0) for advice in list_columns()
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


def _row_as_data(one: LabelledPatient | Malformed) -> dict[str, Any]:
    """Where a row is from, with several files also `file`, as `cohort` has it."""
    return {"file": one.file, "row": one.row} if one.file is not None else {"row": one.row}


def _patient_as_data(patient: LabelledPatient) -> dict[str, Any]:
    return _row_as_data(patient) | {
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
        "answers": dict(missed.answers),
        "in_words": missed.in_words,
    }
