"""Batches -> some patients of them to be told by name: the missed, and those who are not settled.

Of any number of patients few are held, always the same: the missed by two levels before those by
one, and then the first in the file.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from backtriage.model import ADVICES, AdviceId, Answer, RuleSet
from backtriage.report.words import describe_patient
from backtriage.study.evaluate.labels import LabelReader
from backtriage.study.evaluate.results import LabelledPatient, MissedPatient
from backtriage.study.evaluate.ways import Given
from backtriage.tables.batches import Batch
from backtriage.tables.decide import Flags, find_order, unpack_plane
from backtriage.tables.understandings import Understandings


@dataclass(frozen=True, slots=True)
class DecidedBatch:
    """A batch, the plane of those for whom each advice is right, and what the rule set says.

    `file` is the name of its file, where there are several.
    """

    batch: Batch
    file: str | None
    by_expected: Mapping[AdviceId, int]
    given: Given
    flags: Flags

    def list_missed(self) -> Iterator[tuple[AdviceId, AdviceId, int]]:
        """The planes of those who got too little urgency, by the right advice and the one given."""
        for right, expected in enumerate(ADVICES):
            for advice in ADVICES[:right]:
                yield expected, advice, self.by_expected[expected] & self.given[advice]


@dataclass(frozen=True, slots=True)
class PickedPatient:
    """A missed patient as it was read: the answers by question, and the red flags by id."""

    patient: LabelledPatient
    advice: AdviceId
    answers: Mapping[str, Answer]
    present: Sequence[str]
    open: Sequence[str]

    @property
    def levels(self) -> int:
        """By how many levels the patient is missed."""
        return count_levels(self.patient.expected, self.advice)


@dataclass(slots=True)
class Picked:
    """Those of some patients who may be told of, in the order of the file."""

    missed: list[PickedPatient] = field(default_factory=list)
    unsettled: list[LabelledPatient] = field(default_factory=list)

    def add(self, more: "Picked") -> None:
        """Add those of other rows of the same batch."""
        self.missed += more.missed
        self.missed.sort(key=lambda picked: picked.patient.row)
        self.unsettled += more.unsettled
        self.unsettled.sort(key=lambda patient: patient.row)


class Picker:
    """Picks those who may be told of, and keeps the first of them."""

    def __init__(
        self, rule_set: RuleSet, understandings: Understandings, labels: LabelReader, most: int
    ) -> None:
        """`understandings` are those by which it is decided; `most` patients are kept."""
        self._rule_set = rule_set
        self._understandings = understandings
        self._labels = labels
        self._kept = Picked()
        self._rooms = {1: most, 2: most}
        self._most = most

    def choose(self, decided: DecidedBatch) -> Picked:
        """Those of a batch for whom there is room, in any thread.

        What has been kept by now comes from earlier batches, so that whoever finds no room here
        could not be kept at the end.
        """
        patients, picked = len(decided.batch.rows), Picked()
        for expected, advice, plane in decided.list_missed():
            rows = _list_first(plane, patients, self._rooms[count_levels(expected, advice)])
            more = self._pick_missed(decided, rows, expected, advice) if len(rows) else []
            picked.add(Picked(missed=more))
        room = self._most - len(self._kept.unsettled)
        for expected, right in decided.by_expected.items():
            rows = _list_first(right & decided.given[None], patients, room)
            more_open = self._list_patients(decided, rows, expected)
            picked.add(Picked(unsettled=list(more_open)))
        return picked

    def keep(self, picked: Picked) -> None:
        """Keep those of the next batch, as long as there is room; its rows may count from 1 again,
        as another file begins.
        """
        for missed in picked.missed:
            if self._rooms[missed.levels] > 0:
                self._rooms[missed.levels] -= 1
                self._kept.missed.append(missed)
        self._kept.unsettled += picked.unsettled
        del self._kept.unsettled[self._most :]

    def list_unsettled(self) -> tuple[LabelledPatient, ...]:
        """The first of those who are not settled."""
        return tuple(self._kept.unsettled)

    def list_missed(self) -> tuple[MissedPatient, ...]:
        """The missed, in the order of the file: all by two levels for whom there is room, and as
        many by one level as there is room beside them.
        """
        return tuple(map(self._describe, self._list_kept()))

    def _list_kept(self) -> Iterator[PickedPatient]:
        room = self._rooms[2]
        for picked in self._kept.missed:
            if picked.levels == 1:
                room -= 1
            if picked.levels > 1 or room >= 0:
                yield picked

    def _list_patients(
        self, decided: DecidedBatch, rows: Any, expected: AdviceId
    ) -> Iterator[LabelledPatient]:
        batch = decided.batch
        ids, diagnoses = (
            read(batch, rows) for read in (self._labels.read_ids, self._labels.read_diagnoses)
        )
        for row, name, diagnosis in zip(batch.rows[rows].tolist(), ids, diagnoses, strict=True):
            yield LabelledPatient(
                file=decided.file, row=row, id=name, expected=expected, diagnosis=diagnosis
            )

    def _pick_missed(
        self, decided: DecidedBatch, rows: Any, expected: AdviceId, advice: AdviceId
    ) -> list[PickedPatient]:
        batch = decided.batch
        answers = self._understandings.list_answers(batch, rows)
        ids = [flag.id for flag in find_order(self._rule_set).flags]
        present, open_ = (
            _list_members(ids, planes, len(batch.rows), rows)
            for planes in (decided.flags.present, decided.flags.open)
        )
        return [
            PickedPatient(
                patient=patient,
                advice=advice,
                answers=answers[place],
                present=present[place],
                open=open_[place],
            )
            for place, patient in enumerate(self._list_patients(decided, rows, expected))
        ]

    def _describe(self, picked: PickedPatient) -> MissedPatient:
        return MissedPatient(
            patient=picked.patient,
            given=picked.advice,
            levels=picked.levels,
            present=tuple(picked.present),
            absent=tuple(_list_absent_but_enough(self._rule_set, picked)),
            answers=picked.answers,
            in_words=describe_patient(self._rule_set, picked.answers),
        )


def count_levels(expected: AdviceId, advice: AdviceId) -> int:
    """By how many levels an advice is less urgent than is right; below 0 if it is more."""
    return ADVICES.index(expected) - ADVICES.index(advice)


def _list_first(plane: int, patients: int, most: int) -> Any:
    """The places of the first patients in a plane."""
    if not plane or most <= 0:
        return np.zeros(0, np.int64)
    return np.flatnonzero(unpack_plane(plane, patients))[:most]


def _list_members(
    ids: Sequence[str], planes: Iterable[int], patients: int, rows: Any
) -> list[list[str]]:
    """The ids of the planes that have each of these rows."""
    members: list[list[str]] = [[] for _ in rows]
    for name, plane in zip(ids, planes, strict=True):
        if plane:
            for place in np.flatnonzero(unpack_plane(plane, patients)[rows]).tolist():
                members[place].append(name)
    return members


def _list_absent_but_enough(rule_set: RuleSet, picked: PickedPatient) -> Iterator[str]:
    """The absent red flags for the patient's diagnosis that would have been urgent enough."""
    not_absent = {*picked.present, *picked.open}
    for flag in rule_set.red_flags.values():
        is_enough = count_levels(picked.patient.expected, flag.advice) <= 0
        if flag.suspect == picked.patient.diagnosis and is_enough and flag.id not in not_absent:
            yield flag.id
