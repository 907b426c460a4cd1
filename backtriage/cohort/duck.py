"""Files -> DuckDB -> files. Everything that depends on this database is here."""

import csv
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import duckdb

from backtriage.cohort.files import CSV, JSON_LINES, PARQUET, kind_of, opened
from backtriage.cohort.steps import CODED, RESULT, SOURCE, WORDS, Steps
from backtriage.cohort.values import Column, Kind
from backtriage.errors import FileError, Issue
from backtriage.jsonio import MOST_BYTES

Progress = Callable[[float], None]
"""Called now and then with the share of a step that is done, 0 to 1."""

Plan = Callable[[Sequence[str]], Steps]
"""From the names of all columns, what is to be done with them; raises FileError."""

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_NUMBERS = (*_INTEGERS, *(f"U{name}" for name in _INTEGERS), "FLOAT", "DOUBLE", "DECIMAL")
_BY_LINE = "columns = {'line': 'VARCHAR'}, auto_detect = false, header = false, delim = '\x01', quote = '', escape = ''"
"""How a file is read line by line: as CSV of one column, with a separator that no JSON text can have in it."""

_SAMPLE = 20_000
"""So many lines tell whether their keys are the same."""

_SIZES = "max_line_size = 1100000, buffer_size = 8800000"
"""A line may be as long as `jsonio` allows; more would only cost memory."""


class Duck:
    """A database that is there while a job runs; what does not fit into its memory it keeps on disk."""

    dialect = "duckdb"

    def places(self, files: int) -> dict[str, str]:
        """The columns of the result that say where a row is from: its number, and its file if there are several."""
        return {"file": "_file", "row": "_row"} if files > 1 else {"row": "_row"}

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path, progress: Progress) -> None:
        self._connection = connection
        self._folder = folder
        self._progress = progress
        self._json_keys: list[str] = []

    @classmethod
    @contextmanager
    def opened(cls, memory_limit: str, threads: int | None, progress: Progress) -> Iterator["Duck"]:
        """A new database with limits; raises FileError for a limit that makes no sense."""
        with TemporaryDirectory(prefix="backtriage-") as folder, duckdb.connect(f"{folder}/work.duckdb") as connection:
            connection.execute(f"SET temp_directory = {_text(folder)}")
            connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
            try:
                connection.execute(f"SET memory_limit = {_text(memory_limit)}")
            except duckdb.Error as error:
                raise _file_error(memory_limit, error) from None
            if threads:
                connection.execute(f"SET threads = {threads:d}")
            yield cls(connection, Path(folder), progress)

    # Running ----------------------------------------------------------------------------------------------------------

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

    def keep_words(self, words: Sequence[tuple[str, str, str]]) -> None:
        """Make the table of what odd values count as: question, raw and value."""
        self._connection.execute(f"CREATE TABLE {WORDS} (question VARCHAR, raw VARCHAR, value VARCHAR)")
        if words:
            self._connection.executemany(f"INSERT INTO {WORDS} VALUES (?, ?, ?)", words)

    def keep_coded(self, sql: str) -> None:
        """Give a name to the coded rows."""
        self._connection.execute(f"CREATE VIEW {CODED} AS {sql}")

    def keep_result(self, sql: str) -> None:
        """Work out the result and keep it."""
        self.run(f"CREATE TABLE {RESULT} AS {sql}")

    def outcomes(self) -> Iterator[tuple[str | None, int | None, int]]:
        """How many rows of the result have which advice and deadline; None, None for those that are not settled."""
        settled = "CASE WHEN complete THEN advice END, CASE WHEN complete THEN within_days END"
        yield from self.rows(f"SELECT {settled}, count(*) FROM {RESULT} GROUP BY ALL ORDER BY ALL")

    def findings(self) -> Iterator[tuple[str, int]]:
        """How many rows of the result have which red flag."""
        ids = f"SELECT unnest(string_split(findings, ',')) AS id FROM {RESULT} WHERE findings <> ''"
        yield from self.rows(f"SELECT id, count(*) FROM ({ids}) GROUP BY id ORDER BY count(*) DESC, id")

    # Reading ----------------------------------------------------------------------------------------------------------

    def read(self, files: Sequence[Path], plan: Plan) -> None:
        """Make the source of files of one kind."""
        try:
            self._read(files, {str(file): str(file) for file in files}, plan)
        except (duckdb.Error, OSError) as error:
            if kind_of(files[0]) in PARQUET or isinstance(error, OSError):
                raise _file_error(", ".join(map(str, files)), error) from None
        else:
            return
        copies = {str(self._readable_copy(file)): str(file) for file in files}
        self._connection.execute(
            f"DROP VIEW IF EXISTS {SOURCE}; DROP TABLE IF EXISTS staged; DROP TABLE IF EXISTS broken"
        )
        try:
            self._read([Path(copy) for copy in copies], copies, plan)
        except duckdb.Error as error:
            raise _file_error(", ".join(map(str, files)), error) from None

    def _read(self, files: Sequence[Path], names: Mapping[str, str], plan: Plan) -> None:
        kind = kind_of(files[0])
        if kind in PARQUET:
            self._read_parquet(files, plan)
            return
        self._connection.execute("CREATE TABLE broken (_file VARCHAR, _row BIGINT, _broken VARCHAR, above BIGINT)")
        if kind in JSON_LINES:
            self._read_lines(files, names, plan)
        else:
            self._read_csv(files, names, plan)

    def _read_parquet(self, files: Sequence[Path], plan: Plan) -> None:
        """A view, since such files are read by columns, and as often as need be."""
        read = f"read_parquet({_list(files)}, union_by_name = true, hive_partitioning = false"
        found = self._connection.sql(f"SELECT * FROM {read})")
        types = dict(zip(found.columns, map(str, found.types), strict=True))
        steps = plan(found.columns)
        columns = {name: Column(name, _kind(type_)) for name, type_ in types.items()}
        plain = {name: _as_plain(name, type_) for name, type_ in types.items()}
        replaced = ", ".join(f"{value} AS {_name(name)}" for name, value in plain.items() if value)
        everything = f"* REPLACE ({replaced})" if replaced else "*"
        self._connection.execute(
            f"CREATE VIEW {SOURCE} AS SELECT filename AS _file, file_row_number + 1 AS _row, "
            f"CAST(NULL AS VARCHAR) AS _broken, {steps.source(columns)} "
            f"FROM (SELECT {everything} FROM {read}, filename = true, file_row_number = true))"
        )

    def _read_csv(self, files: Sequence[Path], names: Mapping[str, str], plan: Plan) -> None:
        """All values are texts. Lines with too few or too many of them are broken."""
        found, delimiter = _same_header(files, names)
        steps = plan(found)
        columns = ", ".join(f"{_text(name)}: 'VARCHAR'" for name in found)
        options = (
            f"columns = {{{columns}}}, auto_detect = false, header = true, delim = {_text(delimiter)}, quote = '\"', "
            f"escape = '\"', store_rejects = true, filename = '_file', {_SIZES}"
        )
        staged = steps.staged({name: Column(name, "text") for name in found})
        self.run(
            f"CREATE TABLE staged AS SELECT _file, CAST(NULL AS VARCHAR) AS _broken, {staged} "
            f"FROM read_csv({_list(files)}, {options})"
        )
        self._keep_broken_csv(names)
        self._number_rows(names, steps)

    def _keep_broken_csv(self, names: Mapping[str, str]) -> None:
        """Keep the broken lines with their number, and with the number of rows above them."""
        scans = "reject_errors JOIN reject_scans USING (scan_id, file_id)"
        found = self._connection.execute(  # such tables can be seen by the connection alone
            f"SELECT DISTINCT file_path, line - 1, csv_line FROM {scans} ORDER BY ALL"
        ).fetchall()
        broken = [
            (names[file], line, text, line - place)
            for file, lines in groupby(found, key=itemgetter(0))
            for place, (_, line, text) in enumerate(lines, 1)
        ]
        if broken:
            self._connection.executemany("INSERT INTO broken VALUES (?, ?, ?, ?)", broken)

    def _read_lines(self, files: Sequence[Path], names: Mapping[str, str], plan: Plan) -> None:
        """JSON Lines, with the JSON text of each value. What is no JSON object, or has a key twice, is broken."""
        file = ", filename = '_file'" if len(files) > 1 else ""
        lines = f"read_csv({_list(files)}, {_BY_LINE}, {_SIZES}{file})"
        found, all_sound = self._look_at(lines)
        steps = plan(found)
        self._json_keys = steps.keys
        shape = _text(json.dumps(dict.fromkeys(steps.columns or ["none"], "JSON")))
        name = "_file" if file else f"{_text(str(files[0]))} AS _file"
        keys = "TRY(json_keys(line))"
        sound = f"json_valid(line) AND TRY(json_type(line)) = 'OBJECT' AND list_unique({keys}) = len({keys})"
        checked = (
            f"SELECT {name}, line IS NULL OR trim(line) = '' AS _blank, CASE WHEN NOT sound THEN line END AS _broken, "
            f"unnest(json_transform(CASE WHEN sound THEN line END, {shape})) "
            f"FROM (SELECT *, coalesce({sound}, false) AS sound FROM {lines})"
        )
        trusted = (
            f"SELECT {name}, false AS _blank, CAST(NULL AS VARCHAR) AS _broken, unnest(json_transform(line, {shape})) "
            f"FROM {lines}"
        )
        staged = steps.staged({name: Column(name, "json") for name in found})
        rows = trusted if all_sound else checked
        self.run(f"CREATE TABLE staged AS SELECT _file, _broken, _blank, {staged} FROM ({rows})")
        self._number_rows(names, steps, where=" WHERE NOT _blank")

    def _look_at(self, lines: str) -> tuple[list[str], bool]:
        """The keys of all lines, and whether every line is an object with keys, none of them twice.

        Most tables have the same keys in all lines, or in many: then each set of keys is looked at once.
        """
        keys = "CASE WHEN json_valid(line) THEN json_keys(line) END AS keys"
        few = f"SELECT count(DISTINCT keys) FROM (SELECT {keys} FROM {lines} LIMIT {_SAMPLE})"
        if next(self.rows(few))[0] <= _SAMPLE // 20:
            groups = f"SELECT any_value(keys) FROM (SELECT {keys} FROM {lines}) GROUP BY hash(keys)"
            sets = [found for (found,) in self.rows(groups)]
            names = {name for found in sets for name in found or ()}
            return sorted(names), all(found and len(set(found)) == len(found) for found in sets)
        names_of = f"SELECT DISTINCT unnest(keys) AS name FROM (SELECT {keys} FROM {lines}) ORDER BY name"
        sound = "coalesce(len(keys) > 0 AND list_unique(keys) = len(keys), false)"
        all_sound = next(self.rows(f"SELECT bool_and({sound}) FROM (SELECT {keys} FROM {lines})"))[0]
        return [name for (name,) in self.rows(names_of)], bool(all_sound)

    def _number_rows(self, names: Mapping[str, str], steps: Steps, where: str = "") -> None:
        """Make the source of what was staged and what is broken: every row with its file and its number there."""
        firsts = list(self.rows("SELECT _file, min(rowid) FROM staged GROUP BY _file"))
        starts = "".join(f" WHEN {_text(file)} THEN {first}" for file, first in firsts)
        start = f"CASE _file{starts} END" if len(names) > 1 else "0"
        files = "".join(f" WHEN {_text(copy)} THEN {_text(name)}" for copy, name in names.items())
        (count,) = next(self.rows("SELECT count(*) FROM broken"))
        above = "(SELECT count(*) FROM broken WHERE broken._file = good._file AND broken.above < good._row)"
        self._connection.execute(
            f"CREATE VIEW {SOURCE} AS SELECT * {f'REPLACE (_row + {above} AS _row) ' if count else ''}FROM ("
            f"SELECT CASE _file{files} END AS _file, rowid - {start} + 1 AS _row, _broken, {steps.unpacked()} "
            f"FROM staged{where}) AS good "
            "UNION ALL BY NAME SELECT _file, _row, _broken FROM broken"
        )

    def _readable_copy(self, file: Path) -> Path:
        """A copy that DuckDB can read, so that faulty rows are told and the others are used.

        Bytes that are no UTF-8 are written out, line ends are all the same, and of lines that are too long only the
        beginning is kept.
        """
        copy = self._folder / f"{len(list(self._folder.iterdir()))}-{file.name.removesuffix('.gz')}"
        with opened(file) as stream, copy.open("w", encoding="utf-8", newline="") as clean:
            for line in stream:
                text = line.rstrip(b"\r\n").decode(errors="backslashreplace").replace("\r", " ")
                clean.write(f"{text if len(text) <= MOST_BYTES else text[:1000]}\n")
        return copy

    # Writing ----------------------------------------------------------------------------------------------------------

    def write(self, output: Path) -> None:
        """Write the result to a file by its ending, in one move."""
        unfinished = output.with_name(f".{output.name}.unfinished")
        form = {
            ".csv": "FORMAT csv, HEADER",
            ".tsv": "FORMAT csv, HEADER, DELIMITER '\t'",
            ".parquet": "FORMAT parquet",
        }
        options = form.get(kind_of(output), "FORMAT json")
        try:
            if kind_of(output) not in PARQUET:
                self._connection.execute("SET threads = 1")  # several would each hold much of the text in memory
            self.run(f"COPY ({self._outcome(output)}) TO {_text(str(unfinished))} ({options}{_compression(output)})")
            unfinished.replace(output)
        except (duckdb.Error, OSError) as error:
            raise _file_error(str(output), error) from None
        finally:
            unfinished.unlink(missing_ok=True)

    def _outcome(self, output: Path) -> str:
        """The result, with lists in the place of texts with commas where the format has lists."""
        replaced = (
            []
            if kind_of(output) in JSON_LINES
            else [f"{_name(key)} ->> '$' AS {_name(key)}" for key in self._json_keys]
        )
        if kind_of(output) not in CSV:
            replaced += [
                f"CASE WHEN {name} = '' THEN [] ELSE string_split({name}, ',') END AS {name}"
                for name in ("findings", "unresolved")
            ]
        replacing = f"REPLACE ({', '.join(replaced)})" if replaced else ""
        return f"SELECT * EXCLUDE (not_understood) {replacing} FROM {RESULT}"


def _compression(output: Path) -> str:
    return ", COMPRESSION gzip" if output.suffix == ".gz" else ""


def _kind(type_: str) -> Kind:
    if type_ == "BOOLEAN":
        return "boolean"
    return "number" if type_.partition("(")[0] in _NUMBERS else "text"


def _as_plain(name: str, type_: str) -> str | None:
    """A column of a Parquet file as one of our kinds, if it is none; a short number is what is written of it."""
    if type_ == "FLOAT":
        return f"CAST(CAST({_name(name)} AS VARCHAR) AS DOUBLE)"
    return f"CAST({_name(name)} AS VARCHAR)" if _kind(type_) == "text" and type_ != "VARCHAR" else None


def _header(file: Path) -> tuple[list[str], str]:
    """The names of the columns of a CSV file, and what stands between its values; raises FileError."""
    with opened(file) as stream:
        first = stream.readline().decode("utf-8-sig", errors="backslashreplace").rstrip("\r\n")
    delimiter = max((",", ";", "\t"), key=first.count)
    try:
        names = [name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])]
    except csv.Error as error:
        raise _file_error(str(file), error) from None
    names = [name or f"column {place}" for place, name in enumerate(names, 1)]
    twice = [name for name, times in Counter(map(str.casefold, names)).items() if times > 1]
    if twice or not first:
        reason = f"the header has a column twice: {', '.join(twice)}" if twice else "the file has no header"
        raise FileError([Issue(code="bad-header", message=reason, file=str(file))])
    return names, delimiter


def _same_header(files: Sequence[Path], names: Mapping[str, str]) -> tuple[list[str], str]:
    """The header that all files have; raises FileError for those that have another one."""
    header = _header(files[0])
    other = [file for file in files if _header(file) != header]
    if other:
        message = f"the columns are not those of {names[str(files[0])]}, in the same order"
        raise FileError(Issue(code="bad-header", message=message, file=names[str(file)]) for file in other)
    return header


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _list(files: Sequence[Path]) -> str:
    """The names as a list, each as it stands: DuckDB would take marks in them for patterns."""
    names = (re.sub(r"[*?\[]", lambda mark: f"[{mark[0]}]", str(file)) for file in files)
    return f"[{', '.join(map(_text, names))}]"


def _file_error(file: str, error: Exception) -> FileError:
    message = str(error).strip().splitlines()[0]
    return FileError([Issue(code="cannot-read-or-write", message=message, file=file)])
