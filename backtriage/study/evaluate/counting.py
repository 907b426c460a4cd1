"""A batch of patients with labels -> what is counted of them, batch by batch in any thread."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any, TypeAlias

import numpy as np

from backtriage.model import ADVICES, AdviceId, RuleSet
from backtriage.planes import compile_kernel
from backtriage.study.evaluate.labels import LabelReader, Labels, WrongLabels
from backtriage.study.evaluate.missed import DecidedBatch, Picked, Picker
from backtriage.study.evaluate.reading import LabelledFile
from backtriage.study.evaluate.results import Malformed
from backtriage.study.evaluate.tallies import Scales, Tally, add_tallies
from backtriage.study.evaluate.ways import Given, Told, decide_by_any_red_flag, decide_by_rules
from backtriage.tables.batches import Batch
from backtriage.tables.decide import Flags, pack_truths
from backtriage.tables.totals import count_hints
from backtriage.tables.understandings import Understandings

Matrix: TypeAlias = dict[tuple[AdviceId, AdviceId | None], Tally]
"""By the right advice and the advice given, which is None where it is not settled."""

Suspected: TypeAlias = dict[tuple[str, bool, bool | None], Tally]
"""By suspicion, whether it is the diagnosis, and whether it is raised; None while that is open.

Of those whose diagnosis is known.
"""

Changes: TypeAlias = Counter[tuple[AdviceId, AdviceId | None, AdviceId | None]]
"""Patients by the right advice, the one given by the rule set, and the one in another way."""


@dataclass(slots=True)
class WayCounts:
    """What is counted of one way to decide; `changes` is in comparison with the rule set itself."""

    matrix: Matrix = field(default_factory=dict)
    suspected: Suspected = field(default_factory=dict)
    changes: Changes = field(default_factory=Counter)

    def add(self, more: "WayCounts") -> None:
        """Add what is counted of others."""
        add_tallies(self.matrix, more.matrix)
        add_tallies(self.suspected, more.suspected)
        self.changes.update(more.changes)


@dataclass(slots=True)
class Part:
    """What comes of a batch; `missed` counts the patients who got too little by their diagnosis,
    and `hints` the malformed rows that each way out would help. `malformed` has the first of these.
    """

    ways: list[WayCounts]
    patients: int = 0
    simulated: int = 0
    by_weight: int = 0
    answered: set[str] = field(default_factory=set)
    diagnoses: Counter[str] = field(default_factory=Counter)
    missed: Counter[str | None] = field(default_factory=Counter)
    hints: Counter[str] = field(default_factory=Counter)
    malformed_rows: int = 0
    malformed: list[Malformed] = field(default_factory=list)
    picked: Picked = field(default_factory=Picked)

    def add(self, more: "Part") -> None:
        """Add the counts of other patients."""
        for own, other in zip(self.ways, more.ways, strict=True):
            own.add(other)
        self.patients += more.patients
        self.simulated += more.simulated
        self.by_weight += more.by_weight
        self.answered |= more.answered
        self.missed.update(more.missed)
        self.hints.update(more.hints)
        self.malformed_rows += more.malformed_rows


class PatientCounter:
    """Counts the patients of batches by how each way decides on them."""

    def __init__(
        self,
        rule_set: RuleSet,
        file: LabelledFile,
        understandings: Understandings,
        labels: LabelReader,
        picker: Picker,
        most: int,
        *,
        any_red_flag: bool,
        versus: RuleSet | None,
    ) -> None:
        """The ways are the rule set, then any red flag, then the other rule set; `understandings`
        are those of the first. Of each batch `most` malformed rows are kept.
        """
        self._rule_set = rule_set
        self._file = file
        self._labels = labels
        self._picker = picker
        self._most = most
        self._any_red_flag = any_red_flag
        self._versus = versus
        self._suspicions = {*rule_set.suspicions, *(versus.suspicions if versus else ())}
        self._own = understandings
        self._other = file.build_understandings(versus) if versus else None

    @property
    def ways(self) -> int:
        """How many ways to decide there are."""
        return 1 + self._any_red_flag + (self._versus is not None)

    def count(self, batch: Batch) -> Part:
        """What comes of a batch."""
        whole = Part([WayCounts() for _ in range(self.ways)])
        for one in self._file.cut_batch(batch):
            part = self._count(one)
            whole.add(part)
            whole.diagnoses.update(part.diagnoses)
            whole.malformed += part.malformed
            whole.picked.add(part.picked)
        whole.malformed = sorted(whole.malformed, key=lambda bad: bad.row)[: self._most]
        return whole

    def _count(self, batch: Batch) -> Part:
        patients = len(batch.rows)
        labels, wrong_labels = self._labels.read(batch)
        planes, wrong = self._own.hold(batch)
        for row, issues in wrong_labels.items():
            wrong[row] = [*issues, *wrong.get(row, ())]
        is_sound = np.ones(patients, np.bool_)
        is_sound[list(wrong)] = False
        sound = pack_truths(is_sound)
        told, flags = decide_by_rules(self._rule_set, planes, patients, sound)
        by_expected = {
            advice: sound & pack_truths(labels.expected[advice]) for advice in reversed(ADVICES)
        }
        people = _People(by_expected, _find_diagnoses(self._suspicions, labels, sound), labels)
        others = self._decide_otherwise(batch, flags, sound)
        name = self._file.name_file(batch)
        part = Part(
            ways=[
                _count_way(people, told, None),
                *(_count_way(people, other, told.given) for other in others),
            ],
            patients=sound.bit_count(),
            simulated=(sound & pack_truths(labels.simulated)).bit_count(),
            by_weight=(sound & pack_truths(labels.by_weight)).bit_count(),
            answered=self._find_answered(planes, sound),
            diagnoses=_count_diagnoses(labels, is_sound),
            hints=count_hints([*wrong.values(), *(broken.issues for broken in batch.broken)]),
            malformed_rows=len(wrong) + len(batch.broken),
            malformed=self._list_malformed(batch, wrong, name),
        )
        decided = DecidedBatch(batch, name, by_expected, told.given, flags)
        missed = reduce(or_, (plane for _, _, plane in decided.list_missed()))
        part.missed = people.count_by_diagnosis(missed)
        part.picked = self._picker.choose(decided)
        return part

    def _list_malformed(
        self, batch: Batch, wrong: WrongLabels, name: str | None
    ) -> list[Malformed]:
        """The first rows that are broken, and the first that are wrong."""
        broken = [Malformed(one.row, one.issues, name) for one in batch.broken[: self._most]]
        others = [
            Malformed(int(batch.rows[row]), tuple(wrong[row]), name)
            for row in sorted(wrong)[: self._most]
        ]
        return broken + others

    def _decide_otherwise(self, batch: Batch, flags: Flags, sound: int) -> list[Told]:
        others = []
        if self._any_red_flag:
            others.append(decide_by_any_red_flag(flags, sound))
        if self._versus and self._other:
            planes, _ = self._other.hold(batch)  # what it cannot take counts as not answered
            told, _ = decide_by_rules(self._versus, planes, len(batch.rows), sound)
            others.append(told)
        return others

    def _find_answered(self, planes: Sequence[int], sound: int) -> set[str]:
        """The questions that somebody has an answer to."""
        slots = compile_kernel(self._rule_set).slots
        return {name for name, slot in slots.items() if planes[slot.place] & sound}


@dataclass(frozen=True, slots=True)
class _People:
    """Who the patients of a batch are: planes by right advice and by diagnosis, and all labels.

    `diagnoses` has the suspicions among the diagnoses, and by None all whose diagnosis is known.
    """

    by_expected: Mapping[AdviceId, int]
    diagnoses: Mapping[str | None, int]
    labels: Labels

    def count_by_diagnosis(self, plane: int) -> Counter[str | None]:
        """How many in a plane have which suspicion as diagnosis, None for no such."""
        counts: Counter[str | None] = Counter(
            {
                name: number
                for name, has in self.diagnoses.items()
                if name is not None and (number := (plane & has).bit_count())
            }
        )
        counts[None] = plane.bit_count() - counts.total()
        return counts


def _find_diagnoses(suspicions: set[str], labels: Labels, sound: int) -> dict[str | None, int]:
    found = labels.diagnoses
    planes: dict[str | None, int] = {None: sound & pack_truths(found.codes >= 0)}
    if planes[None]:
        for name in suspicions.intersection(found.names):
            planes[name] = sound & pack_truths(found.find(name))
    return planes


def _count_diagnoses(labels: Labels, is_sound: Any) -> Counter[str]:
    found = labels.diagnoses
    codes = found.codes[is_sound]
    numbers = np.bincount(codes[codes >= 0], minlength=len(found.names)).tolist()
    counts: Counter[str] = Counter()
    for name, number in zip(found.names, numbers, strict=True):
        if number:
            counts[name] += number
    return counts


def _count_way(people: _People, told: Told, before: Given | None) -> WayCounts:
    """What is counted of one way; `before` is what the rule set itself gives."""
    count: Callable[[int], Tally] = Scales(people.labels.weights).count
    matrix = {
        (expected, advice): count(right & plane)
        for expected, right in people.by_expected.items()
        for advice, plane in told.given.items()
    }
    changes: Changes = Counter()
    for advice, old in (before or {}).items():
        for other, new in told.given.items():
            both = old & new
            for expected, right in people.by_expected.items() if both else ():
                changes[expected, advice, other] = (right & both).bit_count()
    return WayCounts(matrix, _count_suspicions(people, told, count), changes)


def _count_suspicions(people: _People, told: Told, count: Callable[[int], Tally]) -> Suspected:
    known = people.diagnoses[None]
    if not known:
        return {}
    suspected: Suspected = {}
    for suspicion, raised in told.raised.items():
        has = people.diagnoses.get(suspicion, 0)
        open_ = told.open[suspicion]
        for is_diagnosis, who in ((True, has), (False, known & ~has)):
            suspected[suspicion, is_diagnosis, True] = count(who & raised)
            suspected[suspicion, is_diagnosis, None] = count(who & open_)
            suspected[suspicion, is_diagnosis, False] = count(who & ~raised & ~open_)
    return suspected
