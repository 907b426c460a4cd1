"""What is decided of each of many patients, without the reasons: to hold studies to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backtriage.model import AdviceId, Answers, RuleSet
from backtriage.planes import hold_answers
from backtriage.status import find_status


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided of one patient.

    `advice` is None while it is open; `within_days` too, and for home care. `findings` has the ids
    of the red flags that are present, and `unresolved` of those that are still open.
    """

    advice: AdviceId | None
    within_days: int | None
    complete: bool
    findings: tuple[str, ...]
    unresolved: tuple[str, ...]


def decide(rule_set: RuleSet, answers: Iterable[Answers]) -> Iterator[Decision]:
    """Decide on each patient, in the order given."""
    for given in answers:
        status = find_status(rule_set, hold_answers(rule_set, given.values))
        yield Decision(
            advice=status.advice,
            within_days=status.within_days,
            complete=status.complete,
            findings=tuple(flag.id for flag in status.present),
            unresolved=tuple(flag.id for flag in status.open),
        )
