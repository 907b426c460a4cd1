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
        """The columns of the result that say where a row is from: its number, and its file if there are several."""
        return {"file": "_file", "row": "_row"} if files > 1 else {"row": "_row"}

    def read(self, files: Sequence[Path], plan: Plan) -> None:
        """Read files of one kind, or only look at them if they can be read as a table, as often as need be."""
        self._tables = files if find_kind(files[0]) in PARQUET else ()
        self._json_keys = Reading(self._session, plan).read(files)

    def finish_at_once(self, steps: Steps, output: Path) -> bool:
        """Finish a table as it stands in one pass, which is given up at the first value that is not plain."""
        if not self._tables:
            return False
        advice = f"CASE WHEN not_understood = '' THEN advice ELSE error({quote_text(_ODD)}) END AS advice"
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
                f"CREATE VIEW {SOURCE} AS SELECT _file, _row, {nothing} AS _broken, {nothing} AS _why, "
                f"{steps.write_source()} FROM {TABLE}"
            )

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query."""
        try:
            yield from self._session.read_rows(sql)
        except duckdb.Error as error:
            raise self._failed(error) from None

    def odd_values(self, columns: str) -> Iterator[tuple[int, str]]:
        """Every odd value of each of these columns of the source once, behind the place of the column, from 0."""
        long = f"SELECT unnest([{columns}]) AS raw, generate_subscripts([{columns}], 1) - 1 AS place FROM {SOURCE}"
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
        """Work out the result, write it to a file beside the output, and keep it for what counts it."""
        try:
            self._write(sql, output)
        except (duckdb.Error, OSError) as error:
            raise self._failed(error, output) from None

    def _failed(self, error: Exception, *outputs: Path) -> FileError:
        """What to tell of an error: a table may still be read when something is written."""
        return build_file_error(
            ", ".join(map(str, (*self._tables, *outputs))) or "the database", error
        )

    def _write(self, sql: str, output: Path) -> None:
        written = self._written = self._written or name_unfinished(output)
        kept = self._session.folder / "result.parquet"  # needs less memory than a table
        written.touch(mode=0o600)  # patients are for their owner alone, from the first byte
        if find_kind(output) in PARQUET:
            self._session.run(self._copy(sql, written, output))
            kept = written
        else:
            self._session.run(f"COPY ({sql}) TO {quote_file(kept)}")
            self._session.execute(
                "SET threads = 1"
            )  # several would each hold much of the text in memory
            self._session.run(self._copy(f"FROM {read_parquet([kept])}", written, output))
        ids = "findings" if kept == written else "string_split(findings, ',') AS findings"
        self._session.execute(
            f"CREATE VIEW {RESULT} AS SELECT advice, within_days, complete, {ids} FROM {read_parquet([kept])}"
        )

    def publish(self, output: Path) -> None:
        """Move what was written to where it is wanted, in one move."""
        assert self._written is not None  # as it is finished
        try:
            self._written.replace(output)
        except OSError as error:
            raise self._failed(error, output) from None

    def outcomes(self) -> Iterator[tuple[str | None, int | None, int]]:
        """How many rows of the result have which advice and deadline; None, None for those that are not settled."""
        settled = "CASE WHEN complete THEN advice END, CASE WHEN complete THEN within_days END"
        yield from self.rows(f"SELECT {settled}, count(*) FROM {RESULT} GROUP BY ALL ORDER BY ALL")

    def findings(self) -> Iterator[tuple[str, int]]:
        """How many rows of the result have which red flag."""
        ids = f"SELECT unnest(findings) AS id FROM {RESULT}"
        yield from self.rows(
            f"SELECT id, count(*) FROM ({ids}) WHERE id <> '' GROUP BY id ORDER BY count(*) DESC, id"
        )

    # Writing ----------------------------------------------------------------------------------------------------------

    def _copy(self, result: str, file: Path, output: Path) -> str:
        """Writes the result to a file in the format of the output, with lists where the format has lists."""
        kind = find_kind(output)
        replaced = (
            []
            if kind in JSON_LINES
            else [f"{quote_name(key)} ->> '$' AS {quote_name(key)}" for key in self._json_keys]
        )
        if kind not in CSV:
            replaced += [
                f"CASE WHEN {name} = '' THEN [] ELSE string_split({name}, ',') END AS {name}"
                for name in ("findings", "unresolved")
            ]
        replacing = f"REPLACE ({', '.join(replaced)})" if replaced else ""
        form = {
            ".csv": "FORMAT csv, HEADER",
            ".tsv": "FORMAT csv, HEADER, DELIMITER '\t'",
            ".parquet": "FORMAT parquet",
        }
        options = f"{form.get(kind, 'FORMAT json')}{', COMPRESSION gzip' if output.suffix == '.gz' else ''}"
        selected = f"SELECT * EXCLUDE (not_understood) {replacing} FROM ({result})"
        return f"COPY ({selected}) TO {quote_file(file)} ({options}, USE_TMP_FILE false)"


def choose_memory_limit(inputs: Sequence[Path]) -> str:
    """How much memory keeps the whole process below 500 MB at any size; measured.

    Tables made of text fill all that they may; Parquet needs some room, or it is written by one thread at a time.
    """
    return "500MB" if find_kind(inputs[0]) in PARQUET else "350MB"
