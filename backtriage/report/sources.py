"""Questions -> the sources of the red flags that they bear on."""

from collections.abc import Sequence

from backtriage.condition_parts import find_dependencies
from backtriage.model import Question, RuleSet
from backtriage.status import find_affected, rank

MOST_CITED = 2
"""So many sources are told to who asks why."""


def list_sources(rule_set: RuleSet, questions: Sequence[Question]) -> list[str]:
    """The sources of the red flags that the questions bear on.

    First where they do most, as few other questions do, then of the most urgent.
    """
    affected = (flag for question in questions for flag in find_affected(rule_set, question.id))
    flags = {flag.id: flag for flag in affected}
    most_urgent = sorted(flags.values(), key=rank, reverse=True)
    closest = sorted(most_urgent, key=lambda flag: len(find_dependencies(flag.when, rule_set)))
    return list(dict.fromkeys(source for flag in closest for source in flag.sources))
