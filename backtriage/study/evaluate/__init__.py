"""(RuleSet, patients whose right advice is known) -> how well it does, beside others."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from backtriage.model import RuleSet
from backtriage.study.decisions import Decision, decide
from backtriage.study.evaluate import score
from backtriage.study.evaluate.fields import Columns
from backtriage.study.evaluate.patients import (
    Labelled,
    LabelledPatient,
    read_labelled,
    read_labelled_file,
    translate_answers,
)
from backtriage.study.evaluate.results import Evaluated, Score
from backtriage.study.evaluate.score import PatientOutcome

__all__ = ["Columns", "Evaluated", "Labelled", "evaluate", "read_labelled", "read_labelled_file"]

BASELINE = "any red flag: seek care now"


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to decide: what it makes of each patient, and how well that fits."""

    outcomes: Sequence[PatientOutcome]
    score: Score


def evaluate(
    rule_set: RuleSet,
    labelled: Labelled,
    *,
    any_red_flag: bool = False,
    versus: tuple[str, RuleSet] | None = None,
) -> Evaluated:
    """Decide on all patients by the rule set, and compare that with what is right.

    With `any_red_flag` also compare with the plainest rule, by which whoever has any red flag is an
    emergency; with `versus`, a name and another rule set, also with that.
    """
    patients = labelled.patients
    decisions = list(decide(rule_set, (patient.answers for patient in patients)))
    own = _by_rules(f"{rule_set.id} {rule_set.version}", rule_set, patients, decisions)
    others: list[_Way] = []
    if any_red_flag:
        others.append(_by_any_red_flag(rule_set, patients, decisions))
    if versus is not None:
        name, other_rule_set = versus
        others.append(_by_other_rules(name, other_rule_set, patients))
    return Evaluated(
        rule_set=rule_set,
        patients=len(patients),
        simulated=sum(patient.simulated for patient in patients),
        scores=tuple(way.score for way in (own, *others)),
        moves=tuple(
            score.count_moves(other.score.name, own.outcomes, other.outcomes) for other in others
        ),
        missed=tuple(score.find_missed(rule_set, own.outcomes, decisions)),
        unsettled=tuple(outcome.patient for outcome in own.outcomes if outcome.advice is None),
        unanswered=tuple(_unanswered(rule_set, patients)),
        malformed=tuple(labelled.malformed),
        diagnoses=Counter(patient.diagnosis for patient in patients if patient.diagnosis),
    )


def _by_rules(
    name: str,
    rule_set: RuleSet,
    patients: Sequence[LabelledPatient],
    decisions: Sequence[Decision],
) -> _Way:
    outcomes = [
        score.decide_by_rules(rule_set, patient, decision)
        for patient, decision in zip(patients, decisions, strict=True)
    ]
    return _Way(outcomes, score.score_outcomes(name, rule_set, outcomes))


def _by_any_red_flag(
    rule_set: RuleSet, patients: Sequence[LabelledPatient], decisions: Sequence[Decision]
) -> _Way:
    outcomes = [
        score.decide_by_any_red_flag(rule_set, patient, decision)
        for patient, decision in zip(patients, decisions, strict=True)
    ]
    scored = score.score_outcomes(BASELINE, rule_set, outcomes)
    # The red flags are the same, and so are the suspicions that they raise: once is enough.
    return _Way(outcomes, replace(scored, by_suspicion={}))


def _by_other_rules(name: str, rule_set: RuleSet, patients: Sequence[LabelledPatient]) -> _Way:
    answers = (translate_answers(rule_set, patient.raw) for patient in patients)
    return _by_rules(name, rule_set, patients, list(decide(rule_set, answers)))


def _unanswered(rule_set: RuleSet, patients: Sequence[LabelledPatient]) -> Iterator[str]:
    """The questions that nobody has an answer to."""
    for question in rule_set.questions:
        if not any(question in patient.answers.values for patient in patients):
            yield question
