"""Job -> the output, the rejects and a summary, batch by batch.

files -> a batch of columns -> planes of what they count as -> what is decided -> rows of the
output, and rejects
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pyarrow as pa

from backtriage.errors import FileError, Issue
from backtriage.interrupts import Interrupts
from backtriage.strict_json import write_json
from backtriage.tables import Job, Summary
from backtriage.tables.assessor import Assessor
from backtriage.tables.batches import RowSource
from backtriage.tables.csv_rows import CsvRows
from backtriage.tables.fhir_lines import FhirLines, is_fhir_lines
from backtriage.tables.files import JSON_LINES, PARQUET, find_kind
from backtriage.tables.json_lines import JsonLines
from backtriage.tables.notation import Notation
from backtriage.tables.parquet_rows import ParquetRows
from backtriage.tables.pool import Pool
from backtriage.tables.results import build_schema
from backtriage.tables.totals import JobTotals
from backtriage.tables.unfinished import Unfinished, hold_place, tell_output
from backtriage.tables.unread import check_read
from backtriage.tables.wanted import check_names, find_columns
from backtriage.tables.writers import open_writer

ROWS = 65_536
"""So many rows are a batch; text is read in blocks of as many bytes as such rows may have."""

_START, _EACH = 130_000_000, 4_000
"""Bytes that a process has in any case, and for each row in hand; measured."""

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
    """Do the job; raises FileError. `rows` are in hand at once; no result depends on how many."""
    source = _open_table(job, rows)
    names = None if source.is_json else source.list_names()
    check_names(job, names)
    if names is not None:
        check_read(job, names)
    columns = {
        question: name
        for question, name in find_columns(job).items()
        if names is None or name in names
    }
    raw_keys = job.keys if source.is_json and find_kind(job.output) in JSON_LINES else ()
    file = {"file": pa.string()} if len(job.inputs) > 1 else {}
    keys = {key: source.find_type(key) for key in job.keys}
    schema = build_schema({**file, "row": pa.int64()}, keys)
    assessor = Assessor(job, schema, is_json=source.is_json, keeps_json=bool(raw_keys))
    pool = Pool(threads, interrupts or Interrupts())
    totals = JobTotals()
    with Unfinished.opened(job.output) as output, Unfinished.opened(job.rejects) as rejects:
        with open_writer(job.output, output.stream, schema, raw_keys) as writer:
            reading = source.read(list(columns.values()), job.keys)
            for share, part in pool.run(assessor.assess, reading):
                with tell_output(job.output):
                    writer.write(part.table)
                lines = (f"{write_json(reject)}\n".encode() for reject in part.rejects)
                with tell_output(job.rejects):
                    rejects.stream.writelines(lines)
                totals.add(part)
                progress(share)
        if source.is_json and source.list_names():  # else no line is an object, as is told of each
            check_names(job, source.list_names())
            check_read(job, source.list_names())
        _publish(job, output, rejects, has_rejects=totals.rejected > 0)
    return totals.summarize(job, source.list_names())


def _open_table(job: Job, rows: int) -> RowSource:
    """What reads the inputs: FHIR, if the first line says that it is, or else a table."""
    if find_kind(job.inputs[0]) in JSON_LINES and is_fhir_lines(job.inputs[0]):
        return FhirLines(job.rule_set, job.inputs, rows, job.find_words)
    return open_source(job.inputs, rows, job.notation)


def choose_rows(memory_limit: str) -> int:
    """How many rows may be in hand at once with so much memory, about; raises FileError."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMG]I?B)\s*", memory_limit.upper())
    if found is None:
        message = "this is no size of memory; write one such as 500MB"
        raise FileError([Issue(code="wrong-value", message=message, file=memory_limit)])
    limit = float(found[1]) * _UNITS[found[2]]
    return int(min(max((limit - _START) / _EACH, _FEWEST_ROWS), ROWS))


def open_source(files: Sequence[Path], rows: int, notation: Notation) -> RowSource:
    """What reads files that are one table; raises FileError."""
    kind = find_kind(files[0])
    if kind in PARQUET:
        return ParquetRows(files, rows)
    if kind in JSON_LINES:
        return JsonLines(files, rows)
    return CsvRows(files, rows, notation)


def _publish(job: Job, output: Unfinished, rejects: Unfinished, *, has_rejects: bool) -> None:
    """Put both where they are wanted, so that there is never an output without its rejects, or
    beside those of another job.
    """
    rejects.finish()
    output.finish()
    with hold_place(job.output):
        if has_rejects:
            rejects.publish()
        output.publish()
        if not has_rejects:
            job.rejects.unlink(missing_ok=True)
