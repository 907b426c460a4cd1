"""Files -> Spark -> a folder of files. What depends on Spark is here and in `spark_session`.

Each file is read, decided and written by the very same code as without Spark, wherever Spark does
that; the package is sent along. So a file is as much as one of its workers does at a time.
"""

from collections.abc import Iterator, Sequence
from contextlib import chdir, contextmanager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pyspark import SparkContext

from backtriage.errors import FileError, Issue
from backtriage.fhir.coding import Words
from backtriage.interrupts import check_interrupts
from backtriage.tables import Job, Summary
from backtriage.tables.fhir_lines import FhirLines
from backtriage.tables.files import build_file_error, find_kind, tell_file
from backtriage.tables.spark_session import open_spark, tell_spark, wait_for
from backtriage.tables.totals import Totals
from backtriage.tables.work import (
    assess_rows,
    check_seen,
    find_schema,
    open_new,
    open_table,
    publish,
)
from backtriage.unfinished import open_unfinished_folder

_OUTPUT, _REJECTS = "output", "rejects"
"""Folders of the parts, of a file each, until they are published."""


class Spark:
    """A Spark that is there while a job runs."""

    def __init__(self, context: SparkContext) -> None:
        self._context = context

    @classmethod
    @contextmanager
    def opened(cls, master: str | None) -> Iterator["Spark"]:
        """A Spark on this machine, or on the cluster `master`; raises FileError, MissingExtra."""
        with open_spark(master) as context:
            yield cls(context)

    def run_job(self, job: Job) -> Summary:
        """Do the job; raises FileError, and MissingExtra for what a worker has not."""
        source = open_table(job, job.inputs)
        schema = find_schema(job, source)
        # a worker has neither the files of languages nor what reads them
        words = job.find_words() if isinstance(source, FhirLines) else {}
        sent = replace(job, find_words=partial(_get_words, words))
        try:
            with open_unfinished_folder(job.output) as folder, open_new(job.rejects) as rejects:
                totals, seen = self._assess(sent, schema, folder)
                names = seen if source.is_json else source.list_names()
                check_seen(job, names, is_json=source.is_json)
                for part in sorted((folder / _REJECTS).iterdir()):
                    check_interrupts()
                    with part.open("rb") as lines:
                        rejects.stream.writelines(lines)
                check_interrupts()
                publish(job, folder / _OUTPUT, rejects, has_rejects=totals.rejected > 0)
                return totals.summarize(job, names)
        except OSError as error:
            raise build_file_error(str(job.output), error) from None

    def _assess(self, job: Job, schema: Any, folder: Path) -> tuple[Totals, list[str]]:
        """What is counted of all files, and the columns that were seen in them."""
        for name in (_OUTPUT, _REJECTS):
            (folder / name).mkdir(mode=0o700)
        files = list(enumerate(job.inputs))
        assess = partial(_assess_file, job, schema, folder, Path.cwd())
        with tell_spark():
            done = wait_for(
                lambda: self._context.parallelize(files, len(files)).map(assess).collect()
            )
        if issues := [issue for _, _, of_file in done for issue in of_file]:
            raise FileError(issues)
        totals, seen = Totals(), set[str]()
        for counted, names, _ in done:
            totals.add(counted)
            seen.update(names)
        return totals, sorted(seen)


def _assess_file(
    job: Job, schema: Any, folder: Path, base: Path, numbered: tuple[int, Path]
) -> tuple[Totals, list[str], Sequence[Issue]]:
    """What is counted of a file, its columns, and what is wrong with it; wherever this runs.

    Its name is as it was typed, in the folder `base`.
    """
    number, file = numbered
    ending = find_kind(job.output) + (".gz" if job.output.suffix == ".gz" else "")
    name = f"part-{number:05}{ending}"
    try:
        with tell_file(file), nullcontext() if file.is_absolute() else chdir(base):
            source = open_table(job, [file])
            with (
                tell_file(job.output),
                (folder / _OUTPUT / name).open("xb") as rows,
                (folder / _REJECTS / name).open("xb") as rejects,
            ):
                totals = assess_rows(job, schema, source, rows, rejects, threads=1)
        return totals, source.list_names(), ()
    except FileError as error:
        return Totals(), [], error.issues


def _get_words(words: Words) -> Words:
    """The words themselves, as a function that can be sent."""
    return words
