"""Job -> the output, the rejects and a summary, batch by batch.

files -> a batch of columns -> planes of what they count as -> what is decided -> rows of the output, and rejects
"""

import os
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from backtriage.errors import FileError, Issue
from backtriage.interrupts import Interrupts
from backtriage.model import RuleSet, Urgency
from backtriage.planes import compile_kernel
from backtriage.tables import Job, Summary
from backtriage.tables.batches import Batch, Source
from backtriage.tables.csv_rows import CsvRows
from backtriage.tables.decide import decide_many, find_order, pack_truths
from backtriage.tables.files import JSON_LINES, PARQUET, find_kind
from backtriage.tables.json_lines import JsonLines
from backtriage.tables.parquet_rows import ParquetRows
from backtriage.tables.results import build_schema, build_table, count_outcomes, write_rejects
from backtriage.tables.values import Understanding
from backtriage.tables.wanted import check_names, find_columns
from backtriage.tables.writers import Unfinished, Writer, open_writer, tell_output

ROWS = 65_536
"""So many rows are in hand at once; text is read in blocks of as many bytes as such rows may have."""

MOST_THREADS = 2
"""More would each hold a batch in memory, and wait for what reads and writes."""

_START, _EACH = 130_000_000, 4_000
"""Bytes that a process has in any case, and for each row of a batch, in all that is in hand; measured."""

_FEWEST_ROWS = 1_000
_UNITS = {"KB": 1e3, "MB": 1e6, "GB": 1e9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}

Progress = Callable[[float], None]
"""Called now and then with the share that is done, 0 to 1."""


def run_job(
    job: Job,
    *,
    threads: int | None = None,
    progress: Progress = lambda _: None,
    interrupts: Interrupts | None = None,
    rows: int = ROWS,
) -> Summary:
    """Do the job; raises FileError. The result does not depend on `rows`, how many are in hand at once."""
    source = open_source(job, rows)
    check_names(job, None if source.is_json else source.list_names())
    assessor = Assessor(job, source)
    pool = _Pool(threads or min(os.cpu_count() or 1, MOST_THREADS), interrupts or Interrupts())
    totals = _Totals()
    with Unfinished.opened(job.output) as output, Unfinished.opened(job.rejects) as rejects:
        writer = open_writer(job.output, output.stream, assessor.schema, assessor.raw_keys)
        reading = source.read(list(assessor.columns.values()), job.keys)
        tasks = ((share, partial(assessor.assess, make)) for share, make in reading)
        for share, part in pool.run(tasks):
            with tell_output(job.output):
                writer.write(part.table)
            with tell_output(job.rejects):
                rejects.stream.write(part.rejects.encode())
            totals.add(part)
            progress(share)
        with tell_output(job.output):
            writer.close()
        if source.is_json:
            check_names(job, source.list_names())
        _publish(job, output, rejects, has_rejects=totals.rejected > 0)
    return totals.summarize(job, source, assessor)


def choose_rows(memory_limit: str) -> int:
    """How many rows may be in hand at once, so that the process has about so much memory; raises FileError."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMG]I?B)\s*", memory_limit.upper())
    if found is None:
        message = "this is no size of memory; write one such as 500MB"
        raise FileError([Issue(code="wrong-value", message=message, file=memory_limit)])
    limit = float(found[1]) * _UNITS[found[2]]
    return min(max(int((limit - _START) / _EACH), _FEWEST_ROWS), ROWS)


def open_source(job: Job, rows: int) -> Source:
    """What reads the files of a job; raises FileError."""
    kind = find_kind(job.inputs[0])
    if kind in PARQUET:
        return ParquetRows(job.inputs, rows)
    return JsonLines(job.inputs, rows) if kind in JSON_LINES else CsvRows(job.inputs, rows)


def _publish(job: Job, output: Unfinished, rejects: Unfinished, *, has_rejects: bool) -> None:
    """Put the output and the rejects where they are wanted, so that there is never an output without its rejects."""
    if has_rejects:
        rejects.publish()
    output.publish()
    if not has_rejects:
        job.rejects.unlink(missing_ok=True)


class _Pool:
    """Does tasks in several threads, few at once, so that memory stays bounded; the results come in order."""

    def __init__(self, threads: int, interrupts: Interrupts) -> None:
        self._threads = threads
        self._interrupts = interrupts

    def run(
        self, tasks: Iterator[tuple[float, Callable[[], "Part"]]]
    ) -> Iterator[tuple[float, "Part"]]:
        """The results of tasks, each with what stands beside it."""
        waiting: deque[tuple[float, Future[Part]]] = deque()
        with ThreadPoolExecutor(self._threads) as pool:
            try:
                for share, task in tasks:
                    self._interrupts.check()
                    waiting.append((share, pool.submit(task)))
                    if len(waiting) > self._threads:
                        share, future = waiting.popleft()
                        yield share, future.result()
                while waiting:
                    self._interrupts.check()
                    share, future = waiting.popleft()
                    yield share, future.result()
            finally:
                pool.shutdown(cancel_futures=True)


@dataclass(frozen=True, slots=True)
class Part:
    """What came of a batch."""

    table: Any
    rejects: str
    rows: int
    rejected: int
    outcomes: Mapping[Urgency | None, int]
    red_flags: Mapping[str, int]


class Assessor:
    """Assesses batches of a source, in any thread."""

    def __init__(self, job: Job, source: Source) -> None:
        self._rule_set = job.rule_set
        self._keys = job.keys
        self._is_json = source.is_json
        names = source.list_names()
        self.columns = {
            question: name
            for question, name in find_columns(job).items()
            if source.is_json or name in names
        }
        self.raw_keys = job.keys if source.is_json and find_kind(job.output) in JSON_LINES else ()
        types = {key: source.find_type(key) for key in job.keys}
        self.schema = build_schema(types, has_file=len(job.inputs) > 1)
        slots = compile_kernel(job.rule_set).slots
        self._understandings = {
            question: Understanding(job.rule_set.questions[question], slots[question])
            for question in self.columns
        }

    def assess(self, make: Callable[[], Batch]) -> Part:
        """What comes of a batch."""
        batch = make()
        planes, wrong = self._understand(batch)
        patients = len(batch.rows)
        kept = np.ones(patients, np.bool_)
        kept[list(wrong)] = False
        decided = decide_many(self._rule_set, planes, patients, pack_truths(kept))
        plain = self._is_json and not self.raw_keys
        table = build_table(self._rule_set, batch, decided, kept, self.schema, is_json=plain)
        ids = [flag.id for flag in find_order(self._rule_set).flags]
        return Part(
            table=table,
            rejects=write_rejects(batch, self._keys, wrong, is_json=self._is_json),
            rows=patients + len(batch.broken),
            rejected=len(wrong) + len(batch.broken),
            outcomes=count_outcomes(self._rule_set, decided),
            red_flags=dict(zip(ids, decided.counts, strict=True)),
        )

    def _understand(self, batch: Batch) -> tuple[list[int], dict[int, list[Issue]]]:
        """The planes of all questions, and what is wrong by row."""
        kernel = compile_kernel(self._rule_set)
        planes = [0] * kernel.size
        wrong: dict[int, list[Issue]] = {}
        for question, name in self.columns.items():
            if name in batch.columns:
                column = batch.columns[name]
                found = self._understandings[question].hold(column, is_json=self._is_json)
                start = kernel.slots[question].place
                planes[start : start + len(found.planes)] = found.planes
                for row, issue in found.wrong.items():
                    wrong.setdefault(row, []).append(issue)
        return planes, wrong


@dataclass(slots=True)
class _Totals:
    """What has been counted so far."""

    rows: int = 0
    rejected: int = 0
    outcomes: Counter[Urgency | None] = field(default_factory=Counter)
    red_flags: Counter[str] = field(default_factory=Counter)

    def add(self, part: Part) -> None:
        self.rows += part.rows
        self.rejected += part.rejected
        self.outcomes.update(part.outcomes)
        self.red_flags.update(part.red_flags)

    def summarize(self, job: Job, source: Source, assessor: Assessor) -> Summary:
        """The most frequent red flags first, those that are not settled last."""
        names = source.list_names()
        used = {*assessor.columns.values(), *job.keys}
        there = {question for question, name in assessor.columns.items() if name in names}
        flags = sorted(self.red_flags.items(), key=lambda item: (-item[1], item[0]))
        return Summary(
            rows=self.rows,
            rejected=self.rejected,
            outcomes=dict(sorted(self.outcomes.items(), key=_order_outcome)),
            red_flags={flag: count for flag, count in flags if count},
            missing=tuple(name for name in job.rule_set.questions if name not in there),
            others=tuple(name for name in names if name not in used),
        )


def _order_outcome(item: tuple[Urgency | None, int]) -> tuple[bool, str, int]:
    urgency, _ = item
    if urgency is None:
        return True, "", 0
    return False, urgency.advice, urgency.within_days or 0
