"""(RuleSet, patients whose right advice is known) -> how well the rule set does, beside other ways to decide."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from backtriage.model import RuleSet
from backtriage.study.decisions import decide
from backtriage.study.evaluate import score
from backtriage.study.evaluate.fields import Columns
from backtriage.study.evaluate.patients import (
    Labelled,
    read_labelled,
    read_labelled_file,
    translate_answers,
)
from backtriage.study.evaluate.results import Evaluated, Score
from backtriage.study.evaluate.score import PatientOutcome

__all__ = ["Columns", "Evaluated", "Labelled", "evaluate", "read_labelled", "read_labelled_file"]

BASELINE = "any red flag: seek care now"


def evaluate(
    rule_set: RuleSet,
    labelled: Labelled,
    *,
    any_red_flag: bool = False,
    versus: tuple[str, RuleSet] | None = None,
) -> Evaluated:
    """Decide on all patients, and compare with what is right; also as any red flag, or another rule set, would."""
    rows = labelled.rows
    decisions = list(decide(rule_set, (row.answers for row in rows)))
    own = [
        score.decide_by_rules(rule_set, row, decision)
        for row, decision in zip(rows, decisions, strict=True)
    ]
    scores = [score.score_outcomes(f"{rule_set.id} {rule_set.version}", rule_set, own)]
    others: list[tuple[Score, Sequence[PatientOutcome]]] = []
    if any_red_flag:
        plain = [
            score.decide_by_any_red_flag(rule_set, row, found)
            for row, found in zip(rows, decisions, strict=True)
        ]
        others.append(
            (replace(score.score_outcomes(BASELINE, rule_set, plain), by_suspicion={}), plain)
        )  # they are the same
    if versus is not None:
        name, other = versus
        outcomes = _by_other(other, labelled)
        others.append((score.score_outcomes(name, other, outcomes), outcomes))
    return Evaluated(
        rule_set=rule_set,
        patients=len(rows),
        simulated=sum(row.simulated for row in rows),
        scores=(*scores, *(scored for scored, _ in others)),
        moves=tuple(score.count_moves(scored.name, own, outcomes) for scored, outcomes in others),
        missed=tuple(score.find_missed(rule_set, own, decisions)),
        unsettled=tuple(outcome.row for outcome in own if outcome.advice is None),
        unanswered=tuple(
            name
            for name in rule_set.questions
            if not any(name in row.answers.values for row in rows)
        ),
        malformed=tuple(labelled.malformed),
        diagnoses=Counter(row.diagnosis for row in rows if row.diagnosis),
    )


def _by_other(rule_set: RuleSet, labelled: Labelled) -> list[PatientOutcome]:
    decisions = decide(rule_set, (translate_answers(rule_set, row.raw) for row in labelled.rows))
    return [
        score.decide_by_rules(rule_set, row, decision)
        for row, decision in zip(labelled.rows, decisions, strict=True)
    ]
