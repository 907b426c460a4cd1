"""Files -> Spark -> a folder of files. Everything that depends on Spark is here.

Each file is read, decided and written by the very same code as without Spark, wherever Spark does
that; the package is sent along. So a file is as much as one of its workers does at a time.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

import backtriage
from backtriage.errors import FileError, Issue
from backtriage.tables import Job, Summary
from backtriage.tables.files import build_file_error, find_kind, tell_file
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
    """A session that is there while a job runs."""

    def __init__(self, session: SparkSession) -> None:
        self._session = session

    @classmethod
    @contextmanager
    def opened(cls, master: str | None) -> Iterator["Spark"]:
        """A session on this machine, or on the cluster `master`; the package is sent there."""
        if master is None or master.startswith("local"):
            os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # what is installed here
        builder = SparkSession.builder.appName("backtriage").config("spark.ui.enabled", "false")
        session = builder.master(master or "local[*]").getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        with TemporaryDirectory() as folder:
            session.sparkContext.addPyFile(str(_pack(Path(folder))))
            try:
                yield cls(session)
            finally:
                session.stop()

    def run_job(self, job: Job) -> Summary:
        """Do the job; raises FileError."""
        inputs = tuple(file.absolute() for file in job.inputs)  # as a worker finds them
        job = replace(job, inputs=inputs, output=job.output.absolute())
        source = open_table(job, inputs)
        schema = find_schema(job, source)
        try:
            with open_unfinished_folder(job.output) as folder, open_new(job.rejects) as rejects:
                totals, seen = self._assess(job, schema, folder)
                names = seen if source.is_json else source.list_names()
                check_seen(job, names, is_json=source.is_json)
                for part in sorted((folder / _REJECTS).iterdir()):
                    with part.open("rb") as lines:
                        rejects.stream.writelines(lines)
                publish(job, folder / _OUTPUT, rejects, has_rejects=totals.rejected > 0)
                return totals.summarize(job, names)
        except (PySparkException, OSError) as error:
            raise build_file_error(", ".join(map(str, (*inputs, job.output))), error) from None

    def _assess(self, job: Job, schema: Any, folder: Path) -> tuple[Totals, list[str]]:
        """What is counted of all files, and the columns that were seen in them."""
        for name in (_OUTPUT, _REJECTS):
            (folder / name).mkdir(mode=0o700)
        files = list(enumerate(job.inputs))
        tasks = self._session.sparkContext.parallelize(files, len(files))
        done = tasks.map(partial(_assess_file, job, schema, folder)).collect()
        if issues := [issue for _, _, of_file in done for issue in of_file]:
            raise FileError(issues)
        totals, seen = Totals(), set[str]()
        for counted, names, _ in done:
            totals.add(counted)
            seen.update(names)
        return totals, sorted(seen)


def _assess_file(
    job: Job, schema: Any, folder: Path, numbered: tuple[int, Path]
) -> tuple[Totals, list[str], Sequence[Issue]]:
    """What is counted of a file, its columns, and what is wrong with it; wherever this runs."""
    number, file = numbered
    ending = find_kind(job.output) + (".gz" if job.output.suffix == ".gz" else "")
    name = f"part-{number:05}{ending}"
    try:
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


def _pack(folder: Path) -> Path:
    """The package as a file that Spark can send."""
    root = Path(backtriage.__file__).parent
    with ZipFile(folder / "backtriage.zip", "w") as packed:
        for file in root.rglob("*.py"):
            packed.write(file, file.relative_to(root.parent))
    return folder / "backtriage.zip"
