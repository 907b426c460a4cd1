"""A DuckDB database that is there while a job runs, and the few texts of its SQL that are not made by sqlglot."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb

from backtriage.cohort.files import file_error
from backtriage.cohort.work_folder import work_folder

Progress = Callable[[float], None]
"""Called now and then with the share of a step that is done, 0 to 1."""


class Session:
    """The connection, and a folder for what is needed for a time; the database keeps there what memory cannot hold."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, progress: Progress) -> None:
        self.folder = folder
        self._connection = connection
        self._progress = progress

    @classmethod
    @contextmanager
    def opened(cls, memory_limit: str, threads: int | None, progress: Progress) -> Iterator["Session"]:
        """A new database with limits; raises FileError for a limit that makes no sense."""
        with work_folder() as folder, duckdb.connect(f"{folder}/work.duckdb") as connection:
            connection.execute(f"SET temp_directory = {quoted_text(str(folder))}")
            connection.execute("SET enable_external_file_cache = false")  # it would fill all memory that there may be
            connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")  # they lose the order
            connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
            try:
                connection.execute(f"SET memory_limit = {quoted_text(memory_limit)}")
            except duckdb.Error as error:
                raise file_error(memory_limit, error) from None
            if threads:
                connection.execute(f"SET threads = {threads:d}")
            yield cls(connection, folder, progress)

    def execute(self, sql: str) -> duckdb.DuckDBPyConnection:
        """Run a short statement."""
        return self._connection.execute(sql)

    def insert(self, table: str, rows: Sequence[Sequence[object]]) -> None:
        """Put rows into a table, all at once."""
        columns = [list(column) for column in zip(*rows, strict=True)]
        unnested = ", ".join(f"unnest(${place})" for place, _ in enumerate(columns, 1))
        if rows:
            self._connection.execute(f"INSERT INTO {table} SELECT {unnested}", columns)

    def relation(self, sql: str) -> duckdb.DuckDBPyRelation:
        """A query that is not run yet, for its columns and their types."""
        return self._connection.sql(sql)

    def run(self, sql: str) -> None:
        """Run a statement, telling the progress."""
        failed: list[duckdb.Error] = []

        def work() -> None:
            try:
                self._connection.execute(sql)
            except duckdb.Error as error:
                failed.append(error)

        worker = Thread(target=work)
        worker.start()
        try:
            while worker.is_alive():
                worker.join(0.5)
                self._progress(max(self._connection.query_progress(), 0) / 100)
        except BaseException:  # somebody breaks it off; the connection can be closed only when it is idle
            self._connection.interrupt()
            worker.join()
            raise
        if failed:
            raise failed[0]

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query."""
        cursor = self._connection.cursor().execute(sql)
        while rows := cursor.fetchmany(1000):
            yield from rows


def quoted_text(value: str) -> str:
    """A text literal."""
    return "'" + value.replace("'", "''") + "'"


def quoted_name(value: str) -> str:
    """A quoted name."""
    return '"' + value.replace('"', '""') + '"'


def quoted_files(files: Sequence[Path]) -> str:
    """The names of files as a list, each as it stands: DuckDB would take marks in them for patterns."""
    names = (re.sub(r"[*?\[]", lambda mark: f"[{mark[0]}]", str(file)) for file in files)
    return f"[{', '.join(map(quoted_text, names))}]"
