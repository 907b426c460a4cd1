"""(patients with the right advice, what was decided) -> how well, in counts and shares. Pure functions."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from backtriage.model import ADVICES, AdviceId, RuleSet
from backtriage.report.words import describe_patient
from backtriage.study.decisions import Decision
from backtriage.study.evaluate.patients import Row
from backtriage.study.evaluate.results import Accuracy, MissedPatient, Moves, Score
from backtriage.study.intervals import Share, estimate_share


@dataclass(frozen=True, slots=True)
class PatientOutcome:
    """What one way to decide makes of a patient: the advice, and the suspicions that are raised and still open."""

    row: Row
    advice: AdviceId | None
    raised: frozenset[str]
    open: frozenset[str]

    @property
    def levels(self) -> int | None:
        """By how many levels the advice is more urgent than is right, below 0 if less; None if it is not settled."""
        return (
            ADVICES.index(self.advice) - ADVICES.index(self.row.expected) if self.advice else None
        )


def decide_by_rules(rule_set: RuleSet, row: Row, decision: Decision) -> PatientOutcome:
    """What a rule set makes of a patient."""
    raised, still_open = (
        frozenset(rule_set.red_flags[name].suspect for name in names)
        for names in (decision.findings, decision.unresolved)
    )
    return PatientOutcome(row, decision.advice, raised, still_open)


def decide_by_any_red_flag(rule_set: RuleSet, row: Row, decision: Decision) -> PatientOutcome:
    """What the plainest rule makes of it: whoever has any red flag at all is an emergency."""
    found = decide_by_rules(rule_set, row, decision)
    advice: AdviceId | None = (
        "seek_care_now" if decision.findings else None if decision.unresolved else "home_care"
    )
    return PatientOutcome(row, advice, found.raised, found.open)


def score_outcomes(name: str, rule_set: RuleSet, outcomes: Sequence[PatientOutcome]) -> Score:
    """How well the outcomes fit."""
    settled = [outcome for outcome in outcomes if outcome.advice]
    levels = Counter(outcome.levels for outcome in settled)
    return Score(
        name=name,
        matrix=Counter((outcome.row.expected, outcome.advice) for outcome in outcomes),
        unsettled=estimate_share(len(outcomes) - len(settled), len(outcomes)),
        exact=estimate_share(levels[0], len(settled)),
        under_by_one=estimate_share(levels[-1], len(settled)),
        under_by_two=estimate_share(levels[-2], len(settled)),
        over_by_one=estimate_share(levels[1], len(settled)),
        over_by_two=estimate_share(levels[2], len(settled)),
        by_advice={advice: _of_advice(advice, outcomes) for advice in reversed(ADVICES)},
        by_suspicion={
            name: _of_suspicion(name, outcomes) for name in _diagnosed(rule_set, outcomes)
        },
    )


def _of_advice(advice: AdviceId, outcomes: Sequence[PatientOutcome]) -> Accuracy:
    return _accuracy(
        (outcome.row.expected == advice, outcome.advice == advice if outcome.advice else None)
        for outcome in outcomes
    )


def _diagnosed(rule_set: RuleSet, outcomes: Sequence[PatientOutcome]) -> list[str]:
    """The suspicions that some patient has as diagnosis or that are raised in one whose diagnosis is known."""
    known = [outcome for outcome in outcomes if outcome.row.diagnosis]
    named = {outcome.row.diagnosis for outcome in known}.union(
        *(outcome.raised for outcome in known)
    )
    return [name for name in rule_set.suspicions if name in named]


def _of_suspicion(name: str, outcomes: Sequence[PatientOutcome]) -> Accuracy:
    """Of those whose diagnosis is known."""
    known = (outcome for outcome in outcomes if outcome.row.diagnosis)
    return _accuracy((outcome.row.diagnosis == name, _raises(name, outcome)) for outcome in known)


def _raises(name: str, outcome: PatientOutcome) -> bool | None:
    """Whether the suspicion is raised; None while that is open."""
    return True if name in outcome.raised else None if name in outcome.open else False


def _accuracy(pairs: Iterable[tuple[bool, bool | None]]) -> Accuracy:
    """From pairs of what is so and what was said, None if that is still open."""
    counts = Counter(pairs)
    return Accuracy(
        sensitivity=_share_of(counts[True, True], counts[True, False]),
        specificity=_share_of(counts[False, False], counts[False, True]),
        open_with=counts[True, None],
        open_without=counts[False, None],
    )


def _share_of(right: int, wrong: int) -> Share:
    return estimate_share(right, right + wrong)


def count_moves(
    name: str, before: Sequence[PatientOutcome], after: Sequence[PatientOutcome]
) -> Moves:
    """The same patients decided on in two ways, one by one."""
    pairs = [
        (one.levels, other.levels)
        for one, other in zip(before, after, strict=True)
        if one.levels is not None and other.levels is not None
    ]
    return Moves(
        name=name,
        more=sum(other > one for one, other in pairs),
        less=sum(other < one for one, other in pairs),
        same=sum(other == one for one, other in pairs),
        unsettled=len(before) - len(pairs),
        nearer=sum(abs(other) < abs(one) for one, other in pairs),
        farther=sum(abs(other) > abs(one) for one, other in pairs),
    )


def find_missed(
    rule_set: RuleSet, outcomes: Iterable[PatientOutcome], decisions: Iterable[Decision]
) -> Iterator[MissedPatient]:
    """The patients who got too little urgency."""
    for outcome, decision in zip(outcomes, decisions, strict=True):
        if outcome.advice and outcome.levels is not None and outcome.levels < 0:
            yield MissedPatient(
                row=outcome.row,
                given=outcome.advice,
                levels=-outcome.levels,
                present=decision.findings,
                absent=tuple(_enough(rule_set, outcome.row, decision)),
                answers=describe_patient(rule_set, outcome.row.answers.values),
            )


def _enough(rule_set: RuleSet, row: Row, decision: Decision) -> Iterator[str]:
    """The absent red flags for the diagnosis that would have been urgent enough."""
    for flag in rule_set.red_flags.values():
        urgent = ADVICES.index(flag.advice) >= ADVICES.index(row.expected)
        known = flag.id in decision.findings or flag.id in decision.unresolved
        if flag.suspect == row.diagnosis and urgent and not known:
            yield flag.id
