"""A DuckDB database that is there while a job runs, and the few texts of SQL not of sqlglot."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from backtriage.interrupts import Interrupts
from backtriage.tables.files import avoid_home, build_file_error
from backtriage.tables.work_folder import open_work_folder

Progress = Callable[[float], None]
"""Called now and then with the share of a step that is done, 0 to 1."""


_SETTINGS = """
    SET enable_external_file_cache = false; -- it would fill all memory that there may be
    SET disabled_optimizers = 'join_order,build_side_probe_side'; -- they lose the order
    SET enable_progress_bar = true; SET enable_progress_bar_print = false;
    SET python_enable_replacements = false; -- a table is never a variable of this program
    -- nothing comes from elsewhere
    SET autoinstall_known_extensions = false; SET autoload_known_extensions = false;
"""


class Session:
    """The connection, and a folder for what is needed for a time.

    The database keeps there what memory cannot hold.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        folder: Path,
        progress: Progress,
        interrupts: Interrupts,
    ) -> None:
        self.folder = folder
        self._connection = connection
        self._progress = progress
        self._interrupts = interrupts

    @classmethod
    @contextmanager
    def opened(
        cls, memory_limit: str, threads: int | None, progress: Progress, interrupts: Interrupts
    ) -> Iterator["Session"]:
        """A new database with limits; raises FileError for a limit that makes no sense."""
        with open_work_folder() as folder, duckdb.connect(f"{folder}/work.duckdb") as connection:
            connection.execute(f"SET temp_directory = {quote_text(str(folder))}; {_SETTINGS}")
            try:
                connection.execute(f"SET memory_limit = {quote_text(memory_limit)}")
            except duckdb.Error as error:
                raise build_file_error(memory_limit, error) from None
            if threads:
                connection.execute(f"SET threads = {threads:d}")
            yield cls(connection, folder, progress, interrupts)

    def execute(self, sql: str) -> duckdb.DuckDBPyConnection:
        """Run a short statement."""
        self._interrupts.check()
        return self._connection.execute(sql)

    def insert(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Put rows into a table, all at once."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        unnested = ", ".join(f"unnest(${place})" for place, _ in enumerate(columns, 1))
        if rows:
            self._connection.execute(f"INSERT INTO {table} SELECT {unnested}", columns)

    def describe_query(self, sql: str) -> duckdb.DuckDBPyRelation:
        """A query that is not run yet, for its columns and their types."""
        return self._connection.sql(sql)

    def run(self, sql: str) -> None:
        """Run a statement, telling the progress."""
        self._run(self._connection, sql)

    def read_rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query."""
        cursor = self._run(self._connection.cursor(), sql)
        while rows := cursor.fetchmany(1000):
            self._interrupts.check()
            yield from rows

    def _run(self, connection: duckdb.DuckDBPyConnection, sql: str) -> duckdb.DuckDBPyConnection:
        return self._interrupts.wait_for(
            partial(connection.execute, sql),
            stop=connection.interrupt,
            meanwhile=lambda: self._progress(max(connection.query_progress(), 0) / 100),
        )


def read_parquet(files: Sequence[Path], *, names_and_numbers: bool = False) -> str:
    """What reads Parquet files as they stand.

    Values come out of the files alone, never out of names of folders.

    With `names_and_numbers` each row also has `filename` and `file_row_number` (from 0).
    """
    more = ", filename = true, file_row_number = true" if names_and_numbers else ""
    return (
        f"read_parquet({quote_files(files)}, union_by_name = true, hive_partitioning = false{more})"
    )


def read_csv(files: Sequence[Path], columns: Sequence[str], options: str) -> str:
    """What reads texts of these columns out of CSV files as they stand; nothing is guessed."""
    types = ", ".join(f"{quote_text(name)}: 'VARCHAR'" for name in columns)
    packed = {file.suffix == ".gz" for file in files}
    compression = "gzip" if True in packed else "none"
    if len(packed) > 1:
        compression = "auto"
    return (
        f"read_csv({quote_files(files)}, columns = {{{types}}}, auto_detect = false, "
        f"hive_partitioning = false, compression = {quote_text(compression)}, {options})"
    )


def quote_text(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"


def quote_name(value: str) -> str:
    """A quoted name."""
    return '"' + value.replace('"', '""') + '"'


def quote_file(file: Path) -> str:
    """The name of a file to write."""
    return quote_text(str(avoid_home(file)))


def quote_files(files: Sequence[Path]) -> str:
    """The names of files to read as a list, each as it stands.

    DuckDB takes marks in them for patterns.
    """
    names = (re.sub(r"[*?\[]", lambda mark: f"[{mark[0]}]", quote_file(file)) for file in files)
    return f"[{', '.join(names)}]"
