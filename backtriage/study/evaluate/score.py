"""(patients with the right advice, what was decided) -> how well that fits: counts, shares."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from backtriage.model import ADVICES, AdviceId, RuleSet
from backtriage.report.words import describe_patient
from backtriage.study.decisions import Decision
from backtriage.study.evaluate.patients import LabelledPatient
from backtriage.study.evaluate.results import Accuracy, MissedPatient, Moves, Score
from backtriage.study.intervals import estimate_share


@dataclass(frozen=True, slots=True)
class PatientOutcome:
    """What one way to decide makes of a patient.

    `advice` is None while it is not settled; `raised` and `open` are suspicions.
    """

    patient: LabelledPatient
    advice: AdviceId | None
    raised: frozenset[str]
    open: frozenset[str]

    @property
    def levels(self) -> int | None:
        """By how many levels the advice is more urgent than is right; below 0 if it is less.

        None if it is not settled.
        """
        if self.advice is None:
            return None
        return ADVICES.index(self.advice) - ADVICES.index(self.patient.expected)


def decide_by_rules(
    rule_set: RuleSet, patient: LabelledPatient, decision: Decision
) -> PatientOutcome:
    """What a rule set makes of a patient, by what it decided."""
    return PatientOutcome(
        patient,
        decision.advice,
        raised=_suspicions(rule_set, decision.findings),
        open=_suspicions(rule_set, decision.unresolved),
    )


def decide_by_any_red_flag(
    rule_set: RuleSet, patient: LabelledPatient, decision: Decision
) -> PatientOutcome:
    """What the plainest rule makes of a patient: any red flag at all is an emergency."""
    by_rules = decide_by_rules(rule_set, patient, decision)
    return replace(by_rules, advice=_advice_by_any_red_flag(decision))


def _suspicions(rule_set: RuleSet, red_flags: Iterable[str]) -> frozenset[str]:
    return frozenset(rule_set.red_flags[name].suspect for name in red_flags)


def _advice_by_any_red_flag(decision: Decision) -> AdviceId | None:
    if decision.findings:
        return "seek_care_now"
    return None if decision.unresolved else "home_care"


def score_outcomes(name: str, rule_set: RuleSet, outcomes: Sequence[PatientOutcome]) -> Score:
    """How well the outcomes of one way to decide fit what is right; `name` is that of the way."""
    settled = [outcome for outcome in outcomes if outcome.advice]
    levels = Counter(outcome.levels for outcome in settled)
    return Score(
        name=name,
        matrix=Counter((outcome.patient.expected, outcome.advice) for outcome in outcomes),
        unsettled=estimate_share(len(outcomes) - len(settled), len(outcomes)),
        exact=estimate_share(levels[0], len(settled)),
        under_by_one=estimate_share(levels[-1], len(settled)),
        under_by_two=estimate_share(levels[-2], len(settled)),
        over_by_one=estimate_share(levels[1], len(settled)),
        over_by_two=estimate_share(levels[2], len(settled)),
        by_advice={advice: _accuracy_of_advice(advice, outcomes) for advice in reversed(ADVICES)},
        by_suspicion={
            suspicion: _accuracy_of_suspicion(suspicion, outcomes)
            for suspicion in _scored_suspicions(rule_set, outcomes)
        },
    )


def _accuracy_of_advice(advice: AdviceId, outcomes: Sequence[PatientOutcome]) -> Accuracy:
    return _count_accuracy(
        (
            outcome.patient.expected == advice,
            None if outcome.advice is None else outcome.advice == advice,
        )
        for outcome in outcomes
    )


def _scored_suspicions(rule_set: RuleSet, outcomes: Sequence[PatientOutcome]) -> list[str]:
    """Those that some patient has as diagnosis, or that are raised where a diagnosis is known."""
    known = [outcome for outcome in outcomes if outcome.patient.diagnosis]
    diagnoses = {outcome.patient.diagnosis for outcome in known}
    named = diagnoses.union(*(outcome.raised for outcome in known))
    return [suspicion for suspicion in rule_set.suspicions if suspicion in named]


def _accuracy_of_suspicion(suspicion: str, outcomes: Sequence[PatientOutcome]) -> Accuracy:
    """Of those whose diagnosis is known."""
    known = (outcome for outcome in outcomes if outcome.patient.diagnosis)
    return _count_accuracy(
        (outcome.patient.diagnosis == suspicion, _is_raised(suspicion, outcome))
        for outcome in known
    )


def _is_raised(suspicion: str, outcome: PatientOutcome) -> bool | None:
    """Whether the suspicion is raised; None while that is open."""
    if suspicion in outcome.raised:
        return True
    return None if suspicion in outcome.open else False


def _count_accuracy(pairs: Iterable[tuple[bool, bool | None]]) -> Accuracy:
    """From pairs of what is so and what was said, which is None if it is still open."""
    counts = Counter(pairs)
    having = counts[True, True] + counts[True, False]
    not_having = counts[False, False] + counts[False, True]
    return Accuracy(
        sensitivity=estimate_share(counts[True, True], having),
        specificity=estimate_share(counts[False, False], not_having),
        open_with=counts[True, None],
        open_without=counts[False, None],
    )


def count_moves(
    name: str, before: Sequence[PatientOutcome], after: Sequence[PatientOutcome]
) -> Moves:
    """What changes for the same patients from one way to decide to another, which has the name."""
    pairs = [
        (old.levels, new.levels)
        for old, new in zip(before, after, strict=True)
        if old.levels is not None and new.levels is not None
    ]
    return Moves(
        name=name,
        more=sum(new > old for old, new in pairs),
        less=sum(new < old for old, new in pairs),
        same=sum(new == old for old, new in pairs),
        unsettled=len(before) - len(pairs),
        nearer=sum(abs(new) < abs(old) for old, new in pairs),
        farther=sum(abs(new) > abs(old) for old, new in pairs),
    )


def find_missed(
    rule_set: RuleSet, outcomes: Iterable[PatientOutcome], decisions: Iterable[Decision]
) -> Iterator[MissedPatient]:
    """The patients who got too little urgency, with what the rule set decided of each."""
    for outcome, decision in zip(outcomes, decisions, strict=True):
        if outcome.advice and outcome.levels is not None and outcome.levels < 0:
            yield MissedPatient(
                patient=outcome.patient,
                given=outcome.advice,
                levels=-outcome.levels,
                present=decision.findings,
                absent=tuple(_absent_but_enough(rule_set, outcome.patient, decision)),
                answers=describe_patient(rule_set, outcome.patient.answers.values),
            )


def _absent_but_enough(
    rule_set: RuleSet, patient: LabelledPatient, decision: Decision
) -> Iterator[str]:
    """The absent red flags for the patient's diagnosis that would have been urgent enough."""
    not_absent = {*decision.findings, *decision.unresolved}
    least = ADVICES.index(patient.expected)
    for flag in rule_set.red_flags.values():
        is_enough = ADVICES.index(flag.advice) >= least
        if flag.suspect == patient.diagnosis and is_enough and flag.id not in not_absent:
            yield flag.id
