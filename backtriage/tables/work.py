"""Job -> the output, the rejects and a summary, batch by batch.

files -> a batch of columns -> planes of what they count as -> what is decided -> rows of the
output, and rejects
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from backtriage.errors import FileError, Issue
from backtriage.tables import Job, Summary
from backtriage.tables.assessor import Assessor
from backtriage.tables.batches import RowSource
from backtriage.tables.csv_rows import CsvRows
from backtriage.tables.fhir_lines import FhirLines, is_fhir_lines
from backtriage.tables.files import JSON_LINES, PARQUET, find_kind, tell_file
from backtriage.tables.json_lines import ANSWERS, JsonLines
from backtriage.tables.notation import Notation
from backtriage.tables.parquet_rows import ParquetRows
from backtriage.tables.pool import run_in_threads
from backtriage.tables.results import build_schema
from backtriage.tables.totals import Totals
from backtriage.tables.unread import check_read
from backtriage.tables.wanted import check_names, find_columns
from backtriage.tables.writers import open_writer
from backtriage.unfinished import Unfinished, hold_place, open_unfinished

ROWS = 65_536
"""So many rows are a batch; text is read in blocks of as many bytes as such rows may have."""

_START, _EACH = 130_000_000, 4_000
"""Bytes that a process has in any case, and for each row in hand; measured."""

_FEWEST_ROWS = 1_000
_UNITS = {"KB": 1e3, "MB": 1e6, "GB": 1e9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}

Progress = Callable[[float], None]
"""Called now and then with the share that is done, 0 to 1."""


def run_job(
    job: Job, *, threads: int | None = None, progress: Progress = lambda _: None, rows: int = ROWS
) -> Summary:
    """Do the job; raises FileError. `rows` are in hand at once; no result depends on how many."""
    source = open_table(job, job.inputs, rows)
    schema = find_schema(job, source)
    with open_new(job.output) as output, open_new(job.rejects) as rejects:
        totals = assess_rows(job, schema, source, output.stream, rejects.stream, threads, progress)
        check_seen(job, source.list_names(), is_json=source.is_json)
        with tell_file(job.output):
            output.finish()
        publish(job, output.path, rejects, has_rejects=totals.rejected > 0)
    return totals.summarize(job, source.list_names())


def open_table(job: Job, files: Sequence[Path], rows: int = ROWS) -> RowSource:
    """What reads some files of a job: FHIR, if the first line of all says so, or else a table."""
    if find_kind(job.inputs[0]) in JSON_LINES and is_fhir_lines(job.inputs[0]):
        return FhirLines(job.rule_set, files, rows, job.find_words)
    return open_source(files, rows, job.notation)


def open_source(files: Sequence[Path], rows: int, notation: Notation) -> RowSource:
    """What reads files that are one table; raises FileError."""
    kind = find_kind(files[0])
    if kind in PARQUET:
        return ParquetRows(files, rows)
    if kind in JSON_LINES:
        return JsonLines(files, rows)
    return CsvRows(files, rows, notation)


def find_schema(job: Job, source: RowSource) -> Any:
    """The columns of the output of a job; raises FileError where its files are not fit for it."""
    names = None if source.is_json else source.list_names()
    check_names(job, names)
    if names is not None:
        check_read(job, names)
    file = {"file": pa.string()} if len(job.inputs) > 1 else {}
    keys = {key: source.find_type(key) for key in job.keys}
    return build_schema({**file, "row": pa.int64()}, keys)


def assess_rows(
    job: Job,
    schema: Any,
    source: RowSource,
    output: BinaryIO,
    rejects: BinaryIO,
    threads: int | None = None,
    progress: Progress = lambda _: None,
) -> Totals:
    """Write what comes of all rows of a source; raises FileError."""
    keeps_json = source.is_json and find_kind(job.output) in JSON_LINES
    assessor = Assessor(job, schema, is_json=source.is_json, keeps_json=keeps_json)
    totals = Totals()
    with open_writer(job.output, output, schema, job.keys if keeps_json else ()) as writer:
        wanted = [*find_columns(job).values(), *([ANSWERS] if source.is_json else [])]
        reading = source.read(wanted, job.keys)
        for share, part in run_in_threads(assessor.assess, reading, threads):
            with tell_file(job.output):
                writer.write(part.table)
            with tell_file(job.rejects):
                rejects.writelines(part.rejects)
            totals.add(part.totals)
            progress(share)
    return totals


def check_seen(job: Job, names: Sequence[str], *, is_json: bool) -> None:
    """Raise FileError, or NothingRead, for the columns of JSON, which are known when all is read.

    Where there is none no line is an object, as is told of each.
    """
    if is_json and names:
        check_names(job, names)
        check_read(job, names)


def choose_rows(memory_limit: str) -> int:
    """How many rows may be in hand at once with so much memory, about; raises FileError."""
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMG]I?B)\s*", memory_limit.upper())
    if found is None:
        message = "this is no size of memory; write one such as 500MB"
        raise FileError([Issue(code="wrong-value", message=message, file=memory_limit)])
    limit = float(found[1]) * _UNITS[found[2]]
    return int(min(max((limit - _START) / _EACH, _FEWEST_ROWS), ROWS))


@contextmanager
def open_new(place: Path) -> Iterator[Unfinished]:
    """A file that takes this place when it is whole; raises FileError where it cannot be opened."""
    with ExitStack() as stack:
        with tell_file(place):
            unfinished = stack.enter_context(open_unfinished(place))
        yield unfinished


def publish(job: Job, output: Path, rejects: Unfinished, *, has_rejects: bool) -> None:
    """Put both where they are wanted, so that there is never an output without its rejects, or
    beside those of another job; raises FileError.
    """
    with tell_file(job.rejects):
        rejects.finish()
    with hold_place(job.output), tell_file(job.output):
        if has_rejects:
            rejects.publish()
        output.replace(job.output.resolve())
        if not has_rejects:
            job.rejects.unlink(missing_ok=True)
