"""A file -> batches of patients with labels, read as `cohort` reads them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from backtriage.errors import FileError, Issue, name_kind
from backtriage.model import RuleSet
from backtriage.study.evaluate.labels import SIMULATED, WEIGHT, Columns
from backtriage.tables import Job
from backtriage.tables.batches import Batch, Broken, Reading
from backtriage.tables.json_lines import ANSWERS, find_begun, read_block
from backtriage.tables.understandings import Understandings
from backtriage.tables.unread import check_read
from backtriage.tables.wanted import find_absent, find_columns, find_misnamed
from backtriage.tables.work import open_source


class LabelledFile:
    """A file of patients whose right advice is known; raises FileError."""

    def __init__(self, job: Job, columns: Columns, rows: int) -> None:
        """The job says what is read, and how; it writes nothing. `rows` are in hand at once; no
        result depends on how many.
        """
        self._job = job
        self._source = open_source(job.inputs, rows, job.notation)
        self._answers = find_columns(job)
        self._columns = columns
        # what was seen while JSON Lines were read: keys of answers, and lines that have them flat
        self._seen_keys: set[str] = set()
        self._is_flat = False
        self.is_json = self._source.is_json
        """Whether values are JSON texts."""
        if self.is_json:
            self._raise(find_misnamed(job, None))
        else:
            self.check_names()
            self.check_answered()

    def build_understandings(self, rule_set: RuleSet) -> Understandings:
        """What understands the answers; another rule set is given those to the questions that it
        shares with that of the file.
        """
        shared = {name: own for name, own in self._answers.items() if name in rule_set.questions}
        return Understandings(rule_set, shared, self._job.notation, is_json=self.is_json)

    def read(self) -> Reading:
        """Read the columns that are there; see `cut_batch` for what the batches of JSON are."""
        columns = self._columns
        # What stands in few ways is asked for like the answers, so that each is held once.
        few = [columns.expected, columns.diagnosis, SIMULATED]
        keys = [columns.id, columns.weight or WEIGHT]
        answers = [ANSWERS] if self.is_json else []
        return self._source.read([*self._answers.values(), *few, *answers], keys)

    def cut_batch(self, batch: Batch) -> list[Batch]:
        """The same patients in batches whose answers stand in columns.

        Lines of JSON may have all answers in an object under "answers", with anything beside it, or
        beside the labels.
        """
        if not self.is_json or ANSWERS not in batch.columns:
            self._is_flat |= len(batch.rows) > 0
            return [batch]
        column = batch.columns[ANSWERS]
        of_object, of_other = find_begun(column, "{"), find_begun(column, '["tf-0123456789')
        rows, others = np.flatnonzero(of_object), np.flatnonzero(of_other)
        flat = np.flatnonzero(~(of_object | of_other))
        self._is_flat |= len(flat) > 0
        parts = [_take_rows(batch, flat, {*batch.columns} - {ANSWERS}, broken=batch.broken)]
        if len(others):
            refused = _refuse(batch, others, column.take(others).to_pylist())
            parts.append(Batch(batch.file, others[:0], {}, refused))
        if len(rows):
            parts.append(self._unfold(batch, rows))
        return parts

    def _unfold(self, batch: Batch, rows: Any) -> Batch:
        """The rows whose answers are an object, which is a line of its own here."""
        block = "\n".join(batch.columns[ANSWERS].take(rows).to_pylist()).encode()
        wanted = {*self._answers.values()}
        answers = read_block(batch.file, block, len(rows), wanted, self._seen_keys, 0)
        # what is an object may still be none of answers
        refused = [replace(one, row=int(batch.rows[rows[one.row]])) for one in answers.broken]
        labels = _take_rows(batch, rows[answers.rows], self._columns.names, broken=refused)
        return replace(labels, columns={**labels.columns, **answers.columns})

    def name_file(self, batch: Batch) -> str | None:
        """The file that a batch is from, where there are several."""
        return batch.get_file() if len(self._job.inputs) > 1 else None

    def list_ignored(self) -> list[str]:
        """The columns that are neither a question nor a label; of JSON when all is read."""
        known = {*self._answers.values(), *self._columns.names}
        return [name for name in self._list_names() if name not in known]

    def _list_names(self) -> Sequence[str]:
        """The columns, or keys, that are there."""
        if not self.is_json:
            return self._source.list_names()
        flat = self._source.list_names() if self._is_flat else ()
        return sorted({*self._seen_keys, *flat} - {ANSWERS})

    @property
    def has_weights(self) -> bool:
        """Whether there is a column called weight that is no question; of JSON when all is read."""
        return WEIGHT in self._source.list_names() and WEIGHT not in self._answers.values()

    def check_names(self) -> None:
        """Raise FileError for columns that must be there and are not, or cannot be told apart.

        Those of JSON are known when all is read, and each line without the right advice is told;
        where there is none no line is an object, as is told of each.
        """
        if names := self._source.list_names():
            needed = self._columns.needed[self.is_json :]
            of_answers = self._list_names() or None
            misnamed = find_misnamed(self._job, of_answers, self._columns.names)
            self._raise([*find_absent(needed, names, self._job.inputs), *misnamed])

    @staticmethod
    def _raise(issues: Sequence[Issue]) -> None:
        if issues:
            raise FileError(issues)

    def check_answered(self) -> None:
        """Raise NothingRead where no column is a question; of JSON when all is read."""
        check_read(self._job, self._list_names())


def _take_rows(
    batch: Batch, rows: Any, names: Iterable[str], broken: Sequence[Broken] = ()
) -> Batch:
    columns = {name: batch.columns[name].take(rows) for name in names if name in batch.columns}
    wrong = {
        place: batch.wrong[row] for place, row in enumerate(rows.tolist()) if row in batch.wrong
    }
    return Batch(batch.file, batch.rows[rows], columns, broken, wrong)


def _refuse(batch: Batch, rows: Any, texts: Sequence[str]) -> list[Broken]:
    """Rows whose answers are these JSON texts, which are no objects."""
    refused = []
    for row, text in zip(rows.tolist(), texts, strict=True):
        issue = Issue(
            code="not-an-object",
            message="answers must be one object of question ids and values, not "
            f"{name_kind(json.loads(text))}",
            path=ANSWERS,
        )
        refused.append(Broken(int(batch.rows[row]), "", (issue,)))
    return refused
