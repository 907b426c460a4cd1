"""Files -> Spark -> folders of files. Everything that depends on Spark is here.

Spark keeps no order of rows and does not number them: an output has the columns of `--id`, and
rejects have their file.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any

from pyspark import StorageLevel
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StringType, StructField, StructType

from backtriage.tables.arrow_types import check_arrow_types
from backtriage.tables.files import (
    CSV,
    JSON_LINES,
    PARQUET,
    build_file_error,
    find_kind,
    name_unfinished,
)
from backtriage.tables.sql.coding import Kind
from backtriage.tables.steps import CODED, RESULT, SOURCE, TABLE, WORDS, Plan, Steps

_BROKEN = "_broken"
_BROKEN_CSV = "'there is not one value for each column, or a quote is not closed'"
_FROM_FILES: dict[str, Any] = {"recursiveFileLookup": True}
"""Values come out of the files alone, never out of names of folders."""

_NUMBERS = ("tinyint", "smallint", "int", "bigint", "float", "double", "decimal")


class Spark:
    """A session that is there while a job runs."""

    dialect = "spark"

    def __init__(self, session: SparkSession) -> None:
        self._session = session
        self._written: Path | None = None

    @classmethod
    @contextmanager
    def opened(cls, master: str | None) -> Iterator["Spark"]:
        """A session on this machine, or on the cluster that `master` names."""
        builder = SparkSession.builder.appName("backtriage").config("spark.ui.enabled", "false")
        session = builder.master(master or "local[*]").getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        database = cls(session)
        try:
            yield database
        finally:
            if database._written is not None:
                rmtree(database._written, ignore_errors=True)
            session.stop()

    def places(self, _files: int) -> dict[str, str]:
        """None: what a row is known by are the keys alone."""
        return {}

    def read(self, files: Sequence[Path], plan: Plan) -> Steps:
        """Make a table of files of one kind, or of folders of them; the steps for its columns."""
        try:
            kind = _kind_of(files[0])
            table = self._table([str(file.resolve()) for file in files], kind)
            steps = plan({name: _kind(type_) for name, type_ in table.dtypes if name != _BROKEN})
            if kind in PARQUET:
                check_arrow_types(files, steps.columns)
            if _BROKEN not in table.columns:
                table = table.selectExpr("*", f"CAST(NULL AS STRING) AS {_BROKEN}")
            reason = _BROKEN_CSV if kind in CSV else "NULL"
            why = f"CASE WHEN {_BROKEN} IS NOT NULL THEN {reason} END AS _why"
            place = ["input_file_name() AS _file", "CAST(NULL AS BIGINT) AS _row", why]
            table.selectExpr("*", *place).createOrReplaceTempView(TABLE)
        except PySparkException as error:
            raise build_file_error(str(files[0]), error) from None
        return steps

    def _table(self, files: list[str], kind: str) -> DataFrame:
        if kind in PARQUET:
            return self._session.read.options(**_FROM_FILES, mergeSchema=True).parquet(*files)
        options = _FROM_FILES | {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": _BROKEN}
        if kind in JSON_LINES:
            strict = options | {"allowSingleQuotes": False, "allowNonNumericNumbers": False}
            names = self._session.read.options(**strict).json(files).columns
            return self._session.read.options(**strict).schema(_texts(names)).json(files)
        options |= {
            "header": True,
            "enforceSchema": False,
            "delimiter": "\t" if kind == ".tsv" else ",",
        }
        names = self._session.read.options(**options).csv(files).columns
        return self._session.read.options(**options).schema(_texts(names)).csv(files)

    def finish_at_once(self, _steps: Steps, _output: Path) -> bool:
        """Never: Spark writes while it works, and a pass that is given up costs much there."""
        return False

    def make_source(self, steps: Steps) -> None:
        """Make the source of the table."""
        place = "_file, _row, _broken, _why"
        self._session.sql(
            f"SELECT {place}, {steps.write_source()} FROM {TABLE}"
        ).createOrReplaceTempView(SOURCE)

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query."""
        yield from (tuple(row) for row in self._session.sql(sql).toLocalIterator())

    def odd_values(self, columns: str) -> Iterator[tuple[int, str]]:
        """Every odd value of each of these columns once, behind the place of the column."""
        long = f"SELECT posexplode(array({columns})) AS (place, raw) FROM {SOURCE} WHERE _has_odd"
        yield from self.rows(f"SELECT DISTINCT place, raw FROM ({long}) WHERE raw IS NOT NULL")

    def keep_words(self, words: Sequence[tuple[str, str, str]]) -> None:
        """Make the table of what odd values count as: question, raw and value."""
        schema = StructType(
            [StructField(name, StringType()) for name in ("question", "raw", "value")]
        )
        self._session.createDataFrame(list(words), schema).createOrReplaceTempView(WORDS)

    def keep_coded(self, sql: str) -> None:
        """Give a name to the coded rows."""
        self._session.sql(sql).createOrReplaceTempView(CODED)

    def outcomes(self) -> Iterator[tuple[str | None, int | None, int]]:
        """How many rows of the result have which advice and deadline; None, None: not settled."""
        advice = "CASE WHEN complete THEN advice END AS advice"
        days = "CASE WHEN complete THEN within_days END AS days"
        yield from self.rows(
            f"SELECT advice, days, count(*) FROM (SELECT {advice}, {days} FROM {RESULT}) "
            "GROUP BY advice, days ORDER BY advice, days"
        )

    def findings(self) -> Iterator[tuple[str, int]]:
        """How many rows of the result have which red flag."""
        ids = f"SELECT explode(split(findings, ',')) AS id FROM {RESULT} WHERE findings <> ''"
        yield from self.rows(
            f"SELECT id, count(*) AS n FROM ({ids}) GROUP BY id ORDER BY n DESC, id"
        )

    def finish(self, sql: str, output: Path) -> None:
        """Work out the result once, write it beside the output, and keep it for what counts it."""
        result = self._session.sql(sql).drop("not_understood").persist(StorageLevel.DISK_ONLY)
        result.createOrReplaceTempView(RESULT)
        written = self._written = name_unfinished(output.resolve())
        try:
            writer = self._outcome(output).write.mode("overwrite")
            if find_kind(output) in PARQUET:
                writer.parquet(str(written))
            elif find_kind(output) in CSV:
                writer.option("header", True).csv(str(written))
            else:
                writer.option("ignoreNullFields", False).json(str(written))
        except (PySparkException, OSError) as error:
            raise build_file_error(str(output), error) from None

    def publish(self, output: Path) -> None:
        """Move what was written to where it is wanted, in the place of a folder that is there."""
        assert self._written is not None  # as it is finished
        try:
            if output.is_dir():
                rmtree(output)
            self._written.replace(output.resolve())
        except OSError as error:
            raise build_file_error(str(output), error) from None

    def _outcome(self, output: Path) -> DataFrame:
        """The result, with lists in the place of texts with commas where the format has lists."""
        result = self._session.table(RESULT)
        if find_kind(output) in CSV:
            return result
        lists = {name: _split_ids(name) for name in ("findings", "unresolved")}
        return result.selectExpr(*[lists.get(name, f"`{name}`") for name in result.columns])


def _split_ids(name: str) -> str:
    empty = "CAST(array() AS array<string>)"
    return f"CASE WHEN {name} = '' THEN {empty} ELSE split({name}, ',') END AS {name}"


def _texts(names: Sequence[str]) -> StructType:
    """All columns as texts, and one for what is no row."""
    return StructType(
        [StructField(name, StringType()) for name in dict.fromkeys([*names, _BROKEN])]
    )


def _kind_of(file: Path) -> str:
    """What a file is, or a folder of files by those in it."""
    inside = (find_kind(part) for part in sorted(file.rglob("*")) if part.is_file())
    known = (kind for kind in inside if kind in PARQUET | CSV | JSON_LINES)
    return find_kind(file) or next(known, "")


def _kind(type_: str) -> Kind:
    if type_ == "boolean":
        return "boolean"
    return "number" if type_.partition("(")[0] in _NUMBERS else "text"
