"""(name, Authored) -> what an author wants to know of a source: its citation, and what cites it."""

from dataclasses import dataclass
from typing import Literal

from backtriage.authoring.explain.in_short import FlagInShort, Where, find_where, list_in_short
from backtriage.loader.authored import Authored
from backtriage.model import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceExplained:
    """A source with the red flags that cite it, in the order of the files.

    `emergency_numbers` says whether these are from it too.
    """

    sort: Literal["source"] = "source"
    id: str
    where: Where
    source: Source
    red_flags: tuple[FlagInShort, ...]
    emergency_numbers: bool


def explain_source(name: str, authored: Authored) -> SourceExplained:
    """Explain a source of the rule set."""
    rule_set = authored.rule_set
    citing = [flag for flag in rule_set.red_flags.values() if name in flag.sources]
    return SourceExplained(
        id=name,
        where=find_where(authored, ("source", name)),
        source=rule_set.sources[name],
        red_flags=list_in_short(citing, rule_set),
        emergency_numbers=name in rule_set.emergency_numbers.sources,
    )
