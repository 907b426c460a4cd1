"""What came of each batch -> what came of the job."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from backtriage.errors import Issue
from backtriage.model import Urgency
from backtriage.tables import Job, Summary
from backtriage.tables.files import list_folder_columns
from backtriage.tables.wanted import find_columns

MOST_HINTS = 3
"""So many ways out are told in the summary; rejects have those of each row."""


@dataclass(slots=True)
class Totals:
    """What is counted of some rows: as in `Summary`, in any order."""

    rows: int = 0
    rejected: int = 0
    outcomes: Counter[Urgency | None] = field(default_factory=Counter)
    red_flags: Counter[str] = field(default_factory=Counter)
    hints: Counter[str] = field(default_factory=Counter)

    def add(self, more: "Totals") -> None:
        """Count other rows too."""
        self.rows += more.rows
        self.rejected += more.rejected
        self.outcomes.update(more.outcomes)
        self.red_flags.update(more.red_flags)
        self.hints.update(more.hints)

    def summarize(self, job: Job, names: Sequence[str]) -> Summary:
        """The most frequent red flags first, those that are not settled last; `names` are all
        columns.
        """
        there = {question: name for question, name in find_columns(job).items() if name in names}
        used = {*there.values(), *job.keys}
        flags = sorted(self.red_flags.items(), key=lambda item: (-item[1], item[0]))
        return Summary(
            rows=self.rows,
            rejected=self.rejected,
            outcomes=dict(sorted(self.outcomes.items(), key=_order_outcome)),
            red_flags={flag: count for flag, count in flags if count},
            missing=tuple(name for name in job.rule_set.questions if name not in there),
            hints=list_hints(self.hints),
            others=tuple(
                name
                for name in dict.fromkeys([*names, *list_folder_columns(job.inputs)])
                if name not in used
            ),
        )


def count_hints(rejected: Iterable[Sequence[Issue]]) -> Counter[str]:
    """The ways out that are options of the command, with how many rows each would help."""
    return Counter(
        hint
        for issues in rejected
        for hint in {issue.suggestion for issue in issues if issue.suggestion}
        if "--" in hint
    )


def list_hints(hints: Counter[str]) -> dict[str, int]:
    """Those that would help most rows first, and of as many in the order of their words."""
    return dict(sorted(hints.items(), key=lambda item: (-item[1], item[0]))[:MOST_HINTS])


def _order_outcome(item: tuple[Urgency | None, int]) -> tuple[bool, str, int]:
    urgency, _ = item
    if urgency is None:
        return True, "", 0
    return False, urgency.advice, urgency.within_days or 0
