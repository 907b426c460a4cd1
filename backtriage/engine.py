"""(RuleSet, Answers) -> Assessment: the reference implementation, simple before fast.

Red flags are combined in one way only: the most urgent wins, then the shortest deadline. Nothing
lowers urgency.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import chain

from backtriage._version import __version__
from backtriage.answers import parse_answers
from backtriage.changes import find_changes, judge_changes
from backtriage.conditions import Facts, find_awaited, take_last
from backtriage.model import (
    NOT_SURE,
    AdviceId,
    Answers,
    Assessment,
    Finding,
    RedFlag,
    RuleSet,
    RuleSetVersion,
    Unresolved,
)
from backtriage.planes import hold_answers
from backtriage.reasons import find_reasons
from backtriage.status import Status, choose_how, rank, read_call, read_status


def assess(rule_set: RuleSet, answers: Answers | Mapping[str, object]) -> Assessment:
    """Say what the answers show.

    `answers` may be raw (see `answers.parse_answers`, which raises AnswersError). A question that
    is missing from them is not known, never "no": what it could still change stays open in the
    assessment.
    """
    parsed = answers if isinstance(answers, Answers) else parse_answers(rule_set, answers)
    facts = Facts.of(rule_set, parsed.values)
    outcome = judge_changes(rule_set, hold_answers(rule_set, parsed.values))
    status = read_status(rule_set, outcome)
    called = read_call(rule_set, outcome)
    return Assessment(
        advice=status.advice,
        within_days=status.within_days,
        complete=status.complete,
        at_least=status.at_least,
        at_most=status.at_most,
        how=choose_how(status.at_least.advice, needs_ambulance=called is True),
        findings=tuple(_finding(flag, facts) for flag in status.present),
        unresolved=_unresolved(status, facts),
        what_would_change_it=tuple(find_changes(facts, status, called, outcome)),
        answers={
            question: parsed.values[question]
            for question in rule_set.questions
            if question in parsed.values
        },
        rule_set=RuleSetVersion(id=rule_set.id, version=rule_set.version, hash=rule_set.hash),
        engine_version=__version__,
    )


def _finding(flag: RedFlag, facts: Facts) -> Finding:
    """A red flag that is present, with the answers that raised it."""
    given = facts.answers.values
    answers = {question: given[question] for question in find_reasons(flag.when, facts)}
    not_sure = (question for question, answer in answers.items() if take_last(answer) is NOT_SURE)
    return Finding(
        id=flag.id,
        advice=flag.advice,
        within_days=flag.within_days,
        suspect=flag.suspect,
        because=flag.because,
        answers=answers,
        counted_from_not_sure=tuple(not_sure),
        sources=flag.sources,
    )


def _unresolved(status: Status, facts: Facts) -> tuple[Unresolved, ...]:
    waits_for = [(flag, find_awaited(flag.id, facts)) for flag in status.open]
    order = _by_decisiveness(waits_for)
    return tuple(
        _make_unresolved(
            flag.id,
            flag.advice,
            flag.within_days,
            flag.suspect,
            tuple(sorted(questions, key=order.__getitem__)),
        )
        for flag, questions in waits_for
    )


@lru_cache(maxsize=20_000)  # many patients have the same ones, and a lot of each
def _make_unresolved(
    flag_id: str, advice: AdviceId, within_days: int, suspect: str, questions: tuple[str, ...]
) -> Unresolved:
    return Unresolved(
        id=flag_id, advice=advice, within_days=within_days, suspect=suspect, questions=questions
    )


def _by_decisiveness(waits_for: Sequence[tuple[RedFlag, Sequence[str]]]) -> dict[str, int]:
    """The place of each open question, the most decisive first.

    That is the one in the most urgent red flag; of several there, the one in most red flags. The
    red flags come in with the most urgent first.
    """
    count = Counter(chain.from_iterable(questions for _, questions in waits_for))
    urgency: dict[str, tuple[int, int]] = {}
    for flag, questions in waits_for:
        for question in questions:
            if question not in urgency:
                urgency[question] = rank(flag)
    weights = {question: (urgency[question], times) for question, times in count.items()}
    ordered = sorted(weights, key=weights.__getitem__, reverse=True)
    return {question: place for place, question in enumerate(ordered)}
