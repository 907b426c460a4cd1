"""Files -> Spark -> folders of files. Everything that depends on Spark is here.

The cluster decides by the very same code: each Arrow batch goes through the assessor, and the
package is sent along. Spark keeps no order of rows and does not number them: an output has the
columns of `--id`, and rejects have their file.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import numpy as np
import pyarrow as pa
from pyarrow import compute
from pyspark import StorageLevel
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import concat_ws, input_file_name, trim
from pyspark.sql.types import (
    ArrayType,
    BooleanType,
    DataType,
    IntegerType,
    StringType,
    StructField,
    StructType,
)

import backtriage
from backtriage.errors import Issue
from backtriage.files import write_private
from backtriage.model import ADVICES, Urgency
from backtriage.strict_json import write_json
from backtriage.tables import Job, Summary
from backtriage.tables.arrow_types import check_arrow_types
from backtriage.tables.assessor import Assessor
from backtriage.tables.batches import Batch, Broken
from backtriage.tables.files import (
    CSV,
    JSON_LINES,
    PARQUET,
    build_file_error,
    find_kind,
)
from backtriage.tables.json_lines import read_block
from backtriage.tables.results import build_schema
from backtriage.tables.totals import JobTotals
from backtriage.tables.unfinished import hold_place, open_unfinished_folder
from backtriage.tables.unread import check_read
from backtriage.tables.wanted import OUTCOME, check_names, find_columns

_BROKEN, _FILE, _REJECT, _LINE = "_broken", "_file", "_reject", "value"
_WHY = "there is not one value for each column, or a quote is not closed"
_FROM_FILES: dict[str, Any] = {"recursiveFileLookup": True}
"""Values come out of the files alone, never out of names of folders."""

_TEXT, _DAYS, _LIST = StringType(), IntegerType(), ArrayType(StringType())
_TEXTS = pa.string()
_TYPES: Sequence[DataType] = (
    _TEXT, _DAYS, BooleanType(), _TEXT, _DAYS, _TEXT, _DAYS, _TEXT, _LIST, _LIST
)  # fmt: skip


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
        try:
            table, names, is_json = self._open(job)
            check_names(job, names)
            if names:
                check_read(job, names)
            with open_unfinished_folder(job.output) as folder:
                return _run(job, _assess(job, table, names, is_json=is_json), names, folder)
        except (PySparkException, OSError) as error:
            raise build_file_error(", ".join(map(str, (*job.inputs, job.output))), error) from None

    def _open(self, job: Job) -> tuple[DataFrame, list[str], bool]:
        """The files as a table, its columns, and whether it has lines of JSON instead."""
        kind = _kind_of(job.inputs[0])
        files = [str(file.resolve()) for file in job.inputs]
        if kind in PARQUET:
            table = self._session.read.options(**_FROM_FILES, mergeSchema=True).parquet(*files)
            check_arrow_types(job.inputs, {*find_columns(job).values(), *job.keys})
            return table, table.columns, False
        if kind in JSON_LINES:
            names = self._session.read.options(**_FROM_FILES).json(files).columns
            lines = self._session.read.options(**_FROM_FILES, lineSep="\n").text(files)
            return lines, [name for name in names if name != "_corrupt_record"], True
        options = _FROM_FILES | {
            "mode": "PERMISSIVE",
            "columnNameOfCorruptRecord": _BROKEN,
            "header": True,
            "enforceSchema": False,
            "delimiter": job.notation.separator or ("\t" if kind == ".tsv" else ","),
            "quote": job.notation.quote,
        }
        names = self._session.read.options(**options).csv(files).columns
        fields = [StructField(name, StringType()) for name in (*names, _BROKEN)]
        reader = self._session.read.options(**options).schema(StructType(fields))
        return _leave_out_empty(reader.csv(files), names), names, False


def _leave_out_empty(table: DataFrame, names: Sequence[str]) -> DataFrame:
    """The rows in which something stands."""
    texts = [trim(table[_quote(name)]) for name in names]
    return table.filter((concat_ws("", *texts) != "") | table[_BROKEN].isNotNull())


def _quote(name: str) -> str:
    return f"`{name.replace('`', '``')}`"


def _pack(folder: Path) -> Path:
    """The package as a file that Spark can send."""
    root = Path(backtriage.__file__).parent
    with ZipFile(folder / "backtriage.zip", "w") as packed:
        for file in root.rglob("*.py"):
            packed.write(file, file.relative_to(root.parent))
    return folder / "backtriage.zip"


# On the cluster -------------------------------------------------------------------------------


def _assess(job: Job, table: DataFrame, names: Sequence[str], *, is_json: bool) -> DataFrame:
    """The rows of the output, and rejects as JSON texts in a column of their own."""
    used = dict.fromkeys(name for name in (*find_columns(job).values(), *job.keys) if name in names)
    columns = [_LINE] if is_json else [*used, *([_BROKEN] if _BROKEN in table.columns else [])]
    selected = table.select(
        *(table[_quote(name)] for name in columns), input_file_name().alias(_FILE)
    )
    types = {name: _TEXT if is_json else table.schema[name].dataType for name in job.keys}
    fields = {**types, **dict(zip(OUTCOME, _TYPES, strict=True)), _REJECT: _TEXT}
    schema = StructType([StructField(name, type_) for name, type_ in fields.items()])
    work = partial(_assess_batches, job, list(used), is_json=is_json)
    return selected.mapInArrow(work, schema)


def _assess_batches(
    job: Job, used: Sequence[str], batches: Iterator[Any], *, is_json: bool
) -> Iterator[Any]:
    """What comes of Arrow batches, wherever this runs."""
    assessor, plain = None, None
    for given in batches:
        if assessor is None:
            types = {key: _TEXTS if is_json else given.schema.field(key).type for key in job.keys}
            assessor = Assessor(job, build_schema({}, types), is_json=is_json)
            plain = build_schema({}, types, _TEXTS).append(pa.field(_REJECT, _TEXTS))
        for batch in _split(given, used, is_json=is_json):
            part = assessor.assess(batch)
            sound = part.table.append_column(_REJECT, pa.nulls(part.table.num_rows, _TEXTS))
            yield from sound.cast(plain).to_batches()
            rejects = [write_json(one | {"row": None}) for one in part.rejects]
            yield pa.RecordBatch.from_pylist([{_REJECT: one} for one in rejects], plain)


def _split(given: Any, used: Sequence[str], *, is_json: bool) -> Iterator[Batch]:
    """A batch for each file of which there are rows."""
    start = 0
    runs = compute.run_end_encode(given.column(_FILE))
    for file, end in zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True):
        part = given.slice(start, end - start)
        start = end
        yield _read_lines(file, part, used) if is_json else _read_columns(file, part, used)


def _read_lines(file: str, part: Any, used: Sequence[str]) -> Batch:
    lines = part.column(_LINE).cast(pa.binary()).to_pylist()
    return read_block(file, 1, b"\n".join(lines), len(lines), dict.fromkeys(used), set())


def _read_columns(file: str, part: Any, used: Sequence[str]) -> Batch:
    broken: list[Broken] = []
    if _BROKEN in part.schema.names:
        issue = Issue(code="not-a-row", message=_WHY)
        texts = part.column(_BROKEN)
        broken = [Broken(0, text, (issue,)) for text in texts.drop_null().to_pylist()]
        part = part.filter(texts.is_null())
    columns = {name: part.column(name) for name in used}
    return Batch(file, np.arange(part.num_rows), columns, broken)


# Here -----------------------------------------------------------------------------------------


def _run(job: Job, assessed: DataFrame, names: Sequence[str], folder: Path) -> Summary:
    """Write what comes of a job, by way of this folder."""
    assessed = assessed.persist(StorageLevel.DISK_ONLY)
    found = assessed.filter(f"{_REJECT} IS NULL").drop(_REJECT)
    written = folder / "table"
    _write(found, job.output, written)
    rejected = assessed.filter(f"{_REJECT} IS NOT NULL").select(_REJECT)
    rejects = sorted(row[0] for row in rejected.toLocalIterator())
    summary = _count(found, len(rejects)).summarize(job, names)
    assessed.unpersist()
    with hold_place(job.output):
        _publish(job, written, rejects)
    return summary


def _count(found: DataFrame, rejected: int) -> JobTotals:
    """How many rows have which outcome, and which red flag."""
    settled = (
        "CASE WHEN complete THEN advice END AS one",
        "CASE WHEN complete THEN within_days END AS two",
    )
    totals = JobTotals(rejected=rejected)
    for advice, days, count in found.selectExpr(*settled).groupBy("one", "two").count().collect():
        known = next((known for known in ADVICES if known == advice), None)
        totals.outcomes[Urgency(advice=known, within_days=days) if known else None] += count
    for flag, count in found.selectExpr("explode(findings) AS id").groupBy("id").count().collect():
        totals.red_flags[flag] += count
    totals.rows = totals.outcomes.total() + rejected
    return totals


def _write(found: DataFrame, output: Path, written: Path) -> None:
    """Write the result to a folder beside the output."""
    writer = found.write.mode("overwrite")
    if find_kind(output) in PARQUET:
        writer.parquet(str(written))
    elif find_kind(output) in CSV:
        texts = {name: f"array_join({name}, ',') AS {name}" for name in ("findings", "unresolved")}
        columns = [texts.get(name, f"`{name}`") for name in found.columns]
        found.selectExpr(*columns).write.mode("overwrite").option("header", True).csv(str(written))
    else:
        writer.option("ignoreNullFields", False).json(str(written))


def _publish(job: Job, written: Path, rejects: Sequence[str]) -> None:
    """Move what was written to its place, where a folder may be, never without its rejects."""
    if rejects:
        write_private(job.rejects, "".join(f"{one}\n" for one in rejects))
    if job.output.is_dir():
        rmtree(job.output)
    written.replace(job.output.resolve())
    if not rejects:
        job.rejects.unlink(missing_ok=True)


def _kind_of(file: Path) -> str:
    """What a file is, or a folder of files by those in it."""
    inside = (find_kind(part) for part in sorted(file.rglob("*")) if part.is_file())
    known = (kind for kind in inside if kind in PARQUET | CSV | JSON_LINES)
    return find_kind(file) or next(known, "")
