"""A batch of columns -> what comes of its rows: planes of what values count as, what is decided,
and rejects.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from backtriage.errors import Issue
from backtriage.tables import Job
from backtriage.tables.batches import Batch
from backtriage.tables.decide import decide_many, find_order, pack_truths
from backtriage.tables.json_lines import ANSWERS, find_begun
from backtriage.tables.rejects import write_rejects
from backtriage.tables.results import build_table, count_outcomes
from backtriage.tables.totals import Totals, count_hints
from backtriage.tables.understandings import Understandings
from backtriage.tables.wanted import find_columns

_NESTED = Issue(
    code="not-answers",
    message=f'the answers stand in an object "{ANSWERS}"',
    suggestion="write them beside each other",
)


@dataclass(frozen=True, slots=True)
class Part:
    """What came of a batch; the lines of the rejects are made when they are asked for."""

    table: Any
    rejects: Iterator[bytes]
    totals: Totals


class Assessor:
    """Assesses batches of a source, in any thread."""

    def __init__(self, job: Job, schema: Any, *, is_json: bool, keeps_json: bool) -> None:
        """`is_json` says that values are JSON texts, `keeps_json` that keys are so in the output
        too.
        """
        self._rule_set = job.rule_set
        self._keys = job.keys
        self._schema = schema
        self._is_json = is_json
        self._is_made_plain = is_json and not keeps_json
        columns, notation = find_columns(job), job.notation
        self._own = {*columns.values(), *job.keys}
        self._understandings = Understandings(job.rule_set, columns, notation, is_json=is_json)

    def assess(self, batch: Batch) -> Part:
        """What comes of a batch."""
        planes, wrong = self._understandings.hold(batch)
        for row in self._find_nested(batch):
            wrong.setdefault(row, []).append(_NESTED)
        patients = len(batch.rows)
        kept = np.ones(patients, np.bool_)
        kept[list(wrong)] = False
        decided = decide_many(self._rule_set, planes, patients, pack_truths(kept))
        table = build_table(
            self._rule_set, batch, decided, kept, self._schema, is_json=self._is_made_plain
        )
        rejects = write_rejects(batch, self._keys, wrong, is_json=self._is_json)
        ids = [flag.id for flag in find_order(self._rule_set).flags]
        totals = Totals(
            rows=patients + len(batch.broken),
            rejected=len(wrong) + len(batch.broken),
            outcomes=count_outcomes(self._rule_set, decided),
            red_flags=Counter(dict(zip(ids, decided.counts, strict=True))),
            hints=count_hints([*wrong.values(), *(broken.issues for broken in batch.broken)]),
        )
        return Part(table, rejects, totals)

    def _find_nested(self, batch: Batch) -> list[int]:
        """The rows whose answers stand in an object, so that none of them would be read."""
        column = batch.columns.get(ANSWERS)
        if not self._is_json or column is None or ANSWERS in self._own:
            return []
        rows: list[int] = np.flatnonzero(find_begun(column, "{")).tolist()
        return rows
