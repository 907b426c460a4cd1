"""(RuleSet, ids) -> words: red flags, suspicions and advices for those who read a report."""

from collections.abc import Sequence

from backtriage.errors import shorten
from backtriage.model import AdviceId, RuleSet
from backtriage.report.condition_words import describe_condition
from backtriage.report.layout import Phrase
from backtriage.report.words import capitalize_first

_MOST_FLAGS = 3
_MOST_LETTERS = 120
"""So many red flags are written out in one place, and so much of each."""


def describe_advice(rule_set: RuleSet, advice: AdviceId | None) -> str:
    """The title of an advice."""
    return rule_set.advice[advice].title if advice else "Not settled"


def describe_suspicion(rule_set: RuleSet, suspicion: str) -> str:
    """A suspicion in the words of the rule set; any other diagnosis as it was given."""
    return capitalize_first(rule_set.suspicions.get(suspicion) or suspicion)


def describe_flags(rule_set: RuleSet, red_flags: Sequence[str]) -> list[str]:
    """What some red flags say, the first of them; the last text tells how many more there are."""
    told = [
        shorten(_describe_flag(rule_set, name), _MOST_LETTERS) for name in red_flags[:_MOST_FLAGS]
    ]
    more = len(red_flags) - len(told)
    return [*told, *([f"and {more} more"] if more else [])]


def _describe_flag(rule_set: RuleSet, red_flag: str) -> str:
    """When it is present, on one line; a definition by its name, which is made of words."""

    def join(phrase: Phrase) -> str:
        parts = [f"({join(part)})" if part.parts else join(part) for part in phrase.parts]
        is_name = phrase.text in rule_set.definitions
        text = phrase.text.replace("_", " ") if is_name else phrase.text
        return f"{text} {'; '.join(parts)}" if parts else text

    return join(describe_condition(rule_set.red_flags[red_flag].when, rule_set))
