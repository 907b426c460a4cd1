"""Authored -> what several explanations share: where a part stands, and red flags in short."""

from collections.abc import Iterable
from dataclasses import dataclass

from backtriage.loader.authored import Authored, Part
from backtriage.model import RedFlag, RuleSet
from backtriage.report.words import describe_urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The place of a part; `near` is the file as seen from the folder of the rule set."""

    file: str
    line: int
    near: str

    def __str__(self) -> str:
        return f"{self.near}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagInShort:
    """A red flag by its id, with its advice in words and why it counts."""

    id: str
    urgency: str
    because: str


def find_where(authored: Authored, part: Part) -> Where:
    """Where a part stands in the files."""
    place = authored.places[part]
    return build_where(place.file, place.line, authored)


def build_where(file: str, line: int, authored: Authored) -> Where:
    """A line of a file of the rule set, or of its cases."""
    return Where(file=file, line=line, near=file.removeprefix(str(authored.folder)).lstrip("/\\"))


def list_in_short(flags: Iterable[RedFlag], rule_set: RuleSet) -> tuple[FlagInShort, ...]:
    """The red flags in short, in the order given."""
    return tuple(
        FlagInShort(id=flag.id, urgency=describe_urgency(flag, rule_set), because=flag.because)
        for flag in flags
    )
