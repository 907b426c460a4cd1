"""The database of a job on this machine: DuckDB."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from backtriage.errors import FileError
from backtriage.interrupts import Interrupts
from backtriage.tables.files import (
    CSV,
    JSON_LINES,
    PARQUET,
    build_file_error,
    find_kind,
    name_unfinished,
)
from backtriage.tables.on_duckdb.reader import Reading
from backtriage.tables.on_duckdb.session import (
    Progress,
    Session,
    quote_file,
    quote_name,
    quote_text,
    read_parquet,
)
from backtriage.tables.steps import CODED, RESULT, SOURCE, TABLE, WORDS, Plan, Steps

_ODD = "a value is not plain"
_FORMATS = {
    ".csv": "FORMAT csv, HEADER",
    ".tsv": "FORMAT csv, HEADER, DELIMITER '\t'",
    ".parquet": "FORMAT parquet",
}
"""How DuckDB writes a kind of file; any other is JSON Lines."""


class Duck:
    """Does the work in DuckDB."""

    dialect = "duckdb"

    def __init__(self, session: Session) -> None:
        self._session = session
        self._json_keys: Sequence[str] = ()
        self._tables: Sequence[Path] = ()
        self._written: Path | None = None

    @classmethod
    @contextmanager
    def opened(
        cls, memory_limit: str, threads: int | None, progress: Progress, interrupts: Interrupts
    ) -> Iterator["Duck"]:
        """A new database with limits; raises FileError for a limit that makes no sense."""
        with Session.opened(memory_limit, threads, progress, interrupts) as session:
            database = cls(session)
            try:
                yield database
            finally:
                if database._written is not None:
                    database._written.unlink(missing_ok=True)

    def places(self, files: int) -> dict[str, str]:
        """The columns of the result that say where a row is from: number, and file if several."""
        return {"file": "_file", "row": "_row"} if files > 1 else {"row": "_row"}

    def read(self, files: Sequence[Path], plan: Plan) -> Steps:
        """Read files of one kind, or only look at Parquet, which can be read as often as need be.

        What comes back are the steps for their columns.
        """
        kind = find_kind(files[0])
        self._tables = files if kind in PARQUET else ()
        steps = Reading(self._session, plan).read(files)
        self._json_keys = steps.keys if kind in JSON_LINES else ()
        return steps

    def finish_at_once(self, steps: Steps, output: Path) -> bool:
        """Finish a table as it stands in one pass.

        It is given up at the first value that is not plain.
        """
        if not self._tables:
            return False
        give_up = f"error({quote_text(_ODD)})"
        advice = f"CASE WHEN not_understood = '' THEN advice ELSE {give_up} END AS advice"
        try:
            self._write(f"SELECT * REPLACE ({advice}) FROM ({steps.write_at_once()})", output)
        except (duckdb.Error, OSError) as error:
            if _ODD in str(error):
                return False
            raise self._failed(error, output) from None
        return True

    def make_source(self, steps: Steps) -> None:
        """Make the source of a table; what has been read is one already."""
        if self._tables:
            nothing = "CAST(NULL AS VARCHAR)"
            self._session.execute(
                f"CREATE VIEW {SOURCE} AS SELECT _file, _row, {nothing} AS _broken, "
                f"{nothing} AS _why, {steps.write_source()} FROM {TABLE}"
            )

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query."""
        try:
            yield from self._session.read_rows(sql)
        except duckdb.Error as error:
            raise self._failed(error) from None

    def odd_values(self, columns: str) -> Iterator[tuple[int, str]]:
        """Every odd value of each of these columns once, behind the place of the column."""
        place = f"generate_subscripts([{columns}], 1) - 1 AS place"
        long = f"SELECT unnest([{columns}]) AS raw, {place} FROM {SOURCE}"
        yield from self.rows(
            f"SELECT DISTINCT place, raw FROM ({long} WHERE _has_odd) WHERE raw IS NOT NULL"
        )

    def keep_words(self, words: Sequence[tuple[str, str, str]]) -> None:
        """Make the table of what odd values count as: question, raw and value."""
        self._session.execute(
            f"CREATE TABLE {WORDS} (question VARCHAR, raw VARCHAR, value VARCHAR)"
        )
        self._session.insert(WORDS, words)

    def keep_coded(self, sql: str) -> None:
        """Give a name to the coded rows."""
        self._session.execute(f"CREATE VIEW {CODED} AS {sql}")

    def finish(self, sql: str, output: Path) -> None:
        """Work out the result, write it beside the output, and keep it for what counts it."""
        try:
            self._write(sql, output)
        except (duckdb.Error, OSError) as error:
            raise self._failed(error, output) from None

    def _failed(self, error: Exception, *outputs: Path) -> FileError:
        """What to tell of an error: a table may still be read when something is written."""
        files = ", ".join(map(str, (*self._tables, *outputs)))
        return build_file_error(files or "the database", error)

    def _write(self, sql: str, output: Path) -> None:
        written = self._written = self._written or name_unfinished(output)
        kept = self._session.folder / "result.parquet"  # needs less memory than a table
        written.touch(mode=0o600)  # patients are for their owner alone, from the first byte
        if find_kind(output) in PARQUET:
            self._session.run(self._copy(sql, written, output))
            kept = written
        else:
            self._session.run(f"COPY ({sql}) TO {quote_file(kept)}")
            # Several threads would each hold much of the text in memory.
            self._session.execute("SET threads = 1")
            self._session.run(self._copy(f"FROM {read_parquet([kept])}", written, output))
        ids = "findings" if kept == written else "string_split(findings, ',') AS findings"
        self._session.execute(
            f"CREATE VIEW {RESULT} AS SELECT advice, within_days, complete, {ids} "
            f"FROM {read_parquet([kept])}"
        )

    def publish(self, output: Path) -> None:
        """Move what was written to where it is wanted, in one move."""
        assert self._written is not None  # as it is finished
        try:
            self._written.replace(output)
        except OSError as error:
            raise self._failed(error, output) from None

    def outcomes(self) -> Iterator[tuple[str | None, int | None, int]]:
        """How many rows of the result have which advice and deadline; None, None: not settled."""
        settled = "CASE WHEN complete THEN advice END, CASE WHEN complete THEN within_days END"
        yield from self.rows(f"SELECT {settled}, count(*) FROM {RESULT} GROUP BY ALL ORDER BY ALL")

    def findings(self) -> Iterator[tuple[str, int]]:
        """How many rows of the result have which red flag."""
        ids = f"SELECT unnest(findings) AS id FROM {RESULT}"
        yield from self.rows(
            f"SELECT id, count(*) FROM ({ids}) WHERE id <> '' "
            "GROUP BY id ORDER BY count(*) DESC, id"
        )

    # Writing --------------------------------------------------------------------------------------

    def _copy(self, result: str, file: Path, output: Path) -> str:
        """Writes the result to a file in the format of the output, which may have lists."""
        kind = find_kind(output)
        replaced: list[str] = []
        if kind not in JSON_LINES:
            keys = map(quote_name, self._json_keys)
            replaced += [f"{key} ->> '$' AS {key}" for key in keys]
        if kind not in CSV:
            replaced += [
                f"CASE WHEN {name} = '' THEN [] ELSE string_split({name}, ',') END AS {name}"
                for name in ("findings", "unresolved")
            ]
        replacing = f"REPLACE ({', '.join(replaced)})" if replaced else ""
        options = _FORMATS.get(kind, "FORMAT json")
        if output.suffix == ".gz":
            options += ", COMPRESSION gzip"
        selected = f"SELECT * EXCLUDE (not_understood) {replacing} FROM ({result})"
        return f"COPY ({selected}) TO {quote_file(file)} ({options}, USE_TMP_FILE false)"


def choose_memory_limit(inputs: Sequence[Path]) -> str:
    """How much memory keeps the whole process below 500 MB at any size; measured.

    Tables made of text fill all that they may; Parquet needs some room, or it is written by one
    thread at a time.
    """
    return "500MB" if find_kind(inputs[0]) in PARQUET else "350MB"
