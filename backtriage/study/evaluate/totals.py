"""What comes of each batch -> what comes out of an evaluation, in bounded memory."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from backtriage.model import RuleSet
from backtriage.study.evaluate.counting import Part, WayCounts
from backtriage.study.evaluate.missed import Picker
from backtriage.study.evaluate.results import Evaluated, Malformed
from backtriage.study.evaluate.score import count_moves, score_counts
from backtriage.tables.totals import list_hints

_MOST_DIAGNOSES = 1000
"""So many diagnoses that are no suspicion are counted by name."""

Tell: TypeAlias = Callable[[Sequence[Malformed], int], None]
"""Told of each batch: the first rows that cannot be used, in order, and how many there are."""

Way = tuple[str, RuleSet]
"""The name of a way to decide, and the rule set whose suspicions it raises."""


class Totals:
    """What has been counted so far."""

    def __init__(self, ways: Sequence[Way], picker: Picker, most: int, tell: Tell) -> None:
        """`most` rows that are malformed are kept; `tell` is given the first of each batch."""
        self._ways = ways
        self._rule_set = ways[0][1]
        self._picker = picker
        self._most = most
        self._tell = tell
        self._counts = Part([WayCounts() for _ in ways])
        self._malformed: list[Malformed] = []
        self._diagnoses: Counter[str] = Counter()
        self._more_diagnoses = 0

    def add(self, part: Part) -> None:
        """Add what comes of the next batch."""
        self._counts.add(part)
        self._picker.keep(part.picked)
        self._malformed += part.malformed[: self._most - len(self._malformed)]
        self._tell(part.malformed, part.malformed_rows)
        for name, patients in part.diagnoses.items():
            self._add_diagnosis(name, patients)

    def _add_diagnosis(self, name: str, patients: int) -> None:
        is_known = name in self._diagnoses or name in self._rule_set.suspicions
        if is_known or len(self._diagnoses) < _MOST_DIAGNOSES:
            self._diagnoses[name] += patients
        else:
            self._more_diagnoses += patients

    @property
    def patients(self) -> int:
        """How many patients could be used."""
        return self._counts.patients

    @property
    def is_empty(self) -> bool:
        """Whether there was nothing at all, not even a row that cannot be used."""
        return not self._counts.patients and not self._counts.malformed_rows

    def summarize(self, ignored: Sequence[str], *, has_weights: bool) -> Evaluated:
        """All of it; `ignored` are the columns without a use, `has_weights` says that there is a
        column called weight.
        """
        counts = self._counts
        ways = list(zip(self._ways, counts.ways, strict=True))
        return Evaluated(
            rule_set=self._rule_set,
            patients=counts.patients,
            simulated=counts.simulated,
            by_weight=counts.by_weight,
            scores=tuple(score_counts(name, rules, way) for (name, rules), way in ways),
            moves=tuple(count_moves(name, way.changes) for (name, _), way in ways[1:]),
            missed=self._picker.list_missed(),
            missed_patients=counts.missed.total(),
            missed_by_diagnosis=dict(counts.missed),
            unsettled=self._picker.list_unsettled(),
            unsettled_patients=sum(_count_unsettled(counts.ways[0])),
            unanswered=tuple(self._list_unanswered()),
            ignored=tuple(ignored),
            has_unused_weights=has_weights and not counts.by_weight,
            malformed=tuple(self._malformed),
            malformed_rows=counts.malformed_rows,
            hints=list_hints(counts.hints),
            diagnoses=self._diagnoses,
            more_diagnoses=self._more_diagnoses,
        )

    def _list_unanswered(self) -> Iterator[str]:
        """The questions to which none of the patients has an answer; none without patients."""
        for name in self._rule_set.questions if self.patients else ():
            if name not in self._counts.answered:
                yield name


def _count_unsettled(counts: WayCounts) -> Iterator[int]:
    return (tally.people for (_, advice), tally in counts.matrix.items() if advice is None)
