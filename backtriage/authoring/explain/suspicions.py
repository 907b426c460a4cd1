"""(name, RuleSet) -> what an author wants to know of a suspicion: its words and its red flags."""

from dataclasses import dataclass
from typing import Literal

from backtriage.authoring.explain.in_short import FlagInShort, list_in_short
from backtriage.model import RuleSet
from backtriage.status import rank


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspicionExplained:
    """A suspicion with its red flags, the most urgent first."""

    sort: Literal["suspicion"] = "suspicion"
    id: str
    name: str
    red_flags: tuple[FlagInShort, ...]


def explain_suspicion(name: str, rule_set: RuleSet) -> SuspicionExplained:
    """Explain a suspicion of the rule set."""
    flags = [flag for flag in rule_set.red_flags.values() if flag.suspect == name]
    urgent_first = sorted(flags, key=rank, reverse=True)
    return SuspicionExplained(
        id=name,
        name=rule_set.suspicions[name],
        red_flags=list_in_short(urgent_first, rule_set),
    )
