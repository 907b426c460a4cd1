"""A batch of columns -> what comes of its rows: planes of what values count as, what is decided,
and rejects.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np

from backtriage.tables import Job
from backtriage.tables.batches import Batch
from backtriage.tables.decide import decide_many, find_order, pack_truths
from backtriage.tables.results import build_table, count_outcomes, list_rejects
from backtriage.tables.totals import Totals, count_hints
from backtriage.tables.understandings import Understandings
from backtriage.tables.wanted import find_columns


@dataclass(frozen=True, slots=True)
class Part:
    """What came of a batch."""

    table: Any
    rejects: list[dict[str, object]]
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
        self._understandings = Understandings(job.rule_set, columns, notation, is_json=is_json)

    def assess(self, batch: Batch) -> Part:
        """What comes of a batch."""
        planes, wrong = self._understandings.hold(batch)
        patients = len(batch.rows)
        kept = np.ones(patients, np.bool_)
        kept[list(wrong)] = False
        decided = decide_many(self._rule_set, planes, patients, pack_truths(kept))
        table = build_table(
            self._rule_set, batch, decided, kept, self._schema, is_json=self._is_made_plain
        )
        rejects = list_rejects(batch, self._keys, wrong, is_json=self._is_json)
        ids = [flag.id for flag in find_order(self._rule_set).flags]
        totals = Totals(
            rows=patients + len(batch.broken),
            rejected=len(rejects),
            outcomes=count_outcomes(self._rule_set, decided),
            red_flags=Counter(dict(zip(ids, decided.counts, strict=True))),
            hints=count_hints([*wrong.values(), *(broken.issues for broken in batch.broken)]),
        )
        return Part(table, rejects, totals)
