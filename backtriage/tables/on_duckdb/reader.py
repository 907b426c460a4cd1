"""Files -> the source of a job in DuckDB: every row with its place, and what is no row."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TypeGuard

import duckdb
from sqlglot import exp

from backtriage.errors import FileError
from backtriage.tables.arrow_types import check_arrow_types
from backtriage.tables.files import (
    CSV,
    JSON_LINES,
    PARQUET,
    build_file_error,
    check_texts,
    find_kind,
    has_giant_line,
)
from backtriage.tables.headers import same_header
from backtriage.tables.on_duckdb.clean_copies import write_clean_copy
from backtriage.tables.on_duckdb.column_types import (
    check_same_types,
    find_column_kind,
    write_plain,
)
from backtriage.tables.on_duckdb.session import (
    Session,
    quote_name,
    quote_text,
    read_csv,
    read_parquet,
)
from backtriage.tables.sql.coding import Kind
from backtriage.tables.sql.tree import column, text
from backtriage.tables.steps import SOURCE, TABLE, Plan, Steps

_BY_LINE = "header = false, delim = '\x01', quote = '', escape = ''"
"""How a file is read line by line: as CSV of one column.

The separator is one that no JSON text can have in it.
"""

_SOUND = (
    "coalesce(json_valid(line) AND TRY(json_type(line)) = 'OBJECT' "
    "AND list_unique(TRY(json_keys(line))) = len(TRY(json_keys(line))), false)"
)
"""A line is an object, with no key twice."""

_SAMPLE = 20_000
"""So many lines tell whether their keys are the same."""

_MANY = 1000
"""So many sets of keys are no longer looked at one by one."""

_BROKEN_CSV = {
    "MISSING COLUMNS": "there are fewer values than columns",
    "TOO MANY COLUMNS": "there are more values than columns",
    "UNQUOTED VALUE": (
        "a quote is not closed, or has text behind it; it may have taken in the lines that follow"
    ),
    "INVALID ENCODING": "it has bytes that are no UTF-8; save the table as UTF-8",
    "LINE SIZE OVER MAXIMUM": "the line is too long to be a patient",
}
"""What is wrong with a line of CSV, by what DuckDB calls it."""

_SIZES = "max_line_size = 1100000, buffer_size = 8800000"
"""A line may be as long as `strict_json` allows; more would only cost memory."""


class Reading:
    """Makes the source of a job."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self._session = session
        self._plan = plan

    def read(self, files: Sequence[Path]) -> Steps:
        """Make the source of files of one kind; the steps for their columns. Raises FileError."""
        try:
            return self._read(files, {str(file): str(file) for file in files})
        except (duckdb.Error, OSError) as error:
            if find_kind(files[0]) in PARQUET or isinstance(error, OSError):
                raise build_file_error(", ".join(map(str, files)), error) from None
        folder = self._session.folder
        copies = {str(write_clean_copy(file, folder)): str(file) for file in files}
        # What DuckDB could not read it may still read out of clean copies: all begins anew.
        self._session.execute(
            f"DROP VIEW IF EXISTS {SOURCE}; "
            "DROP TABLE IF EXISTS staged; DROP TABLE IF EXISTS broken"
        )
        try:
            return self._read([Path(copy) for copy in copies], copies)
        except duckdb.Error as error:
            raise build_file_error(", ".join(map(str, files)), error) from None

    def _read(self, files: Sequence[Path], names: Mapping[str, str]) -> Steps:
        kind = find_kind(files[0])
        if kind in PARQUET:
            return self._read_parquet(files)
        check_texts(files)
        if kind in CSV and has_giant_line(files):
            raise duckdb.InvalidInputException("a line is too long")
        self._session.execute(
            "CREATE TABLE broken "
            "(_file VARCHAR, _row BIGINT, _broken VARCHAR, _why VARCHAR, above BIGINT)"
        )
        if kind in JSON_LINES:
            return self._read_lines(files, names)
        return self._read_csv(files, names)

    def _read_parquet(self, files: Sequence[Path]) -> Steps:
        """A view, since such files are read by columns, and as often as need be."""
        table = self._session.describe_query(f"SELECT * FROM {read_parquet(files)}")
        types = dict(zip(table.columns, map(str, table.types), strict=True))
        steps = self._plan({name: find_column_kind(type_) for name, type_ in types.items()})
        check_same_types(self._session, files, steps.keys)
        check_arrow_types(files, steps.columns)
        columns = "".join(
            f", {write_plain(name, types[name])} AS {quote_name(name)}" for name in steps.columns
        )
        self._session.execute(
            f"CREATE VIEW {TABLE} AS "
            f"SELECT filename AS _file, file_row_number + 1 AS _row{columns} "
            f"FROM {read_parquet(files, names_and_numbers=True)}"
        )
        return steps

    def _read_csv(self, files: Sequence[Path], names: Mapping[str, str]) -> Steps:
        """All values are texts. Lines with too few or too many of them are broken."""
        header, delimiter = same_header(files, names)
        steps = self._plan(dict.fromkeys(header, "text"))
        options = (
            f"header = true, delim = {quote_text(delimiter)}, quote = '\"', escape = '\"', "
            f"store_rejects = true, filename = '_file', {_SIZES}"
        )
        row = exp.Anonymous(
            this="json_object",
            expressions=[part for name in steps.columns for part in (text(name), column(name))],
        )
        staged = steps.write_staged(row)
        self._session.run(
            f"CREATE TABLE staged AS SELECT _file, CAST(NULL AS VARCHAR) AS _broken, {staged} "
            f"FROM {read_csv(files, header, options)}"
        )
        self._keep_broken_csv(names)
        self._number_rows(names, steps)
        return steps

    def _keep_broken_csv(self, names: Mapping[str, str]) -> None:
        """Keep the broken lines with their number, what is wrong, and how many rows are above."""
        scans = "reject_errors JOIN reject_scans USING (scan_id, file_id)"
        error = "first(CAST(error_type AS VARCHAR) ORDER BY column_idx)"
        rejected = self._session.execute(  # such tables can be seen by the connection alone
            f"SELECT file_path, line - 1, csv_line, {error} FROM {scans} GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        broken: list[tuple[str, int, str, str, int]] = []
        for file, lines in groupby(rejected, key=itemgetter(0)):
            if file not in names:  # it is of a first try to read them
                continue
            for place, (_, line, content, reason) in enumerate(lines, 1):
                why = _BROKEN_CSV.get(reason, f"this is not CSV ({reason.lower()})")
                broken.append((names[file], line, content, why, line - place))
        self._session.insert("broken", broken)

    def _read_lines(self, files: Sequence[Path], names: Mapping[str, str]) -> Steps:
        """JSON Lines, with the JSON text of each value.

        What is no JSON object, or has a key twice, is broken. Most files have the same keys in all
        lines: these are read once, by what a sample of the lines says, and others twice.
        """
        file = ", filename = '_file'" if len(files) > 1 else ""
        lines = read_csv(files, ["line"], f"{_BY_LINE}, {_SIZES}{file}")
        place = "_file" if file else f"{quote_text(str(files[0]))} AS _file"
        sets = self._sets_of_keys(lines, f" LIMIT {_SAMPLE}")
        alike = [keys for keys in sets if _is_sound(keys)]
        steps = None
        if alike and len(alike) == len(sets):
            steps = self._stage_alike(lines, place, alike)
        if steps is None:
            steps = self._stage_others(lines, place, few=bool(sets))
        self._number_rows(names, steps, where=" WHERE NOT _blank")
        return steps

    def _sets_of_keys(self, lines: str, limit: str = "") -> list[list[str] | None]:
        """Each set of keys that lines have, None for what is no JSON; nothing if they are many."""
        rows = self._session.read_rows(
            f"SELECT any_value(keys) FROM ({_select_keys(lines)}{limit}) "
            f"GROUP BY hash(keys) LIMIT {_MANY}"
        )
        sets = [keys for (keys,) in rows]
        return sets if len(sets) < _MANY else []

    def _stage_alike(self, lines: str, place: str, sets: Sequence[Sequence[str]]) -> Steps | None:
        """Read lines that all have the keys of the first ones, once.

        None as soon as one has others, or is broken.
        """
        try:
            steps = self._plan(_as_json(key for keys in sets for key in keys))
        except FileError:  # a key that is named may come later
            return None
        known = ", ".join(f"hash([{', '.join(map(quote_text, keys))}])" for keys in sets)
        check = (
            f"CASE WHEN hash(json_keys(line)) IN ({known}) THEN true ELSE error('other keys') END"
        )
        rows = (
            f"SELECT {place}, line AS _line, false AS _blank, CAST(NULL AS VARCHAR) AS _broken, "
            f"unnest(json_transform(line, {_shape(steps)})) FROM {lines} WHERE {check}"
        )
        try:
            self._stage(steps, rows)
        except duckdb.Error:
            return None
        return steps

    def _stage_others(self, lines: str, place: str, *, few: bool) -> Steps:
        """Read lines of any kind: once for their keys, and once more for their values."""
        keys, all_sound = self._all_keys(lines, few=few)
        steps = self._plan(_as_json(keys))
        is_sound = "true"
        if not all_sound:
            is_sound, lines = "sound", f"(SELECT *, {_SOUND} AS sound FROM {lines})"
        self._stage(
            steps,
            f"SELECT {place}, line AS _line, line IS NULL OR trim(line) = '' AS _blank, "
            f"CASE WHEN NOT {is_sound} THEN line END AS _broken, "
            f"unnest(json_transform(CASE WHEN {is_sound} THEN line END, {_shape(steps)})) "
            f"FROM {lines}",
        )
        return steps

    def _all_keys(self, lines: str, *, few: bool) -> tuple[list[str], bool]:
        """The keys of all lines, and whether every line is an object with keys, each once."""
        if few and (sets := self._sets_of_keys(lines)):
            return [key for keys in sets for key in keys or ()], all(map(_is_sound, sets))
        keys = _select_keys(lines)
        names = self._session.read_rows(f"SELECT DISTINCT unnest(keys) AS name FROM ({keys})")
        sound = "coalesce(len(keys) > 0 AND list_unique(keys) = len(keys), false)"
        (all_sound,) = next(self._session.read_rows(f"SELECT bool_and({sound}) FROM ({keys})"))
        return [name for (name,) in names], bool(all_sound)

    def _stage(self, steps: Steps, rows: str) -> None:
        staged = steps.write_staged(column("_line"))
        self._session.run(
            f"CREATE TABLE staged AS SELECT _file, _broken, _blank, {staged} FROM ({rows})"
        )

    def _number_rows(self, names: Mapping[str, str], steps: Steps, where: str = "") -> None:
        """Make the source of what was staged and what is broken.

        Every row has its file and its number there.
        """
        firsts = list(
            self._session.read_rows("SELECT _file, min(rowid) FROM staged GROUP BY _file")
        )
        starts = "".join(f" WHEN {quote_text(file)} THEN {first}" for file, first in firsts)
        start = f"CASE _file{starts} END" if len(names) > 1 and firsts else "0"
        files = "".join(
            f" WHEN {quote_text(copy)} THEN {quote_text(name)}" for copy, name in names.items()
        )
        (count,) = next(self._session.read_rows("SELECT count(*) FROM broken"))
        above = (
            "(SELECT count(*) FROM broken "
            "WHERE broken._file = good._file AND broken.above < good._row)"
        )
        renumbered = f"REPLACE (_row + {above} AS _row) " if count else ""
        self._session.execute(
            f"CREATE VIEW {SOURCE} AS SELECT * {renumbered}FROM ("
            f"SELECT CASE _file{files} END AS _file, _id - {start} + 1 AS _row, _broken, "
            f"{steps.write_unpacked()} "
            f"FROM (SELECT *, rowid AS _id, {steps.write_row_values()} FROM staged){where}"
            ") AS good "
            "UNION ALL BY NAME SELECT _file, _row, _broken, _why FROM broken"
        )


def _select_keys(lines: str) -> str:
    return f"SELECT CASE WHEN json_valid(line) THEN json_keys(line) END AS keys FROM {lines}"


def _is_sound(keys: Sequence[str] | None) -> TypeGuard[Sequence[str]]:
    """The line is an object with keys, none of them twice."""
    return bool(keys) and len(set(keys or ())) == len(keys or ())


def _as_json(keys: Iterable[str]) -> dict[str, Kind]:
    return dict.fromkeys(sorted(keys), "json")


def _shape(steps: Steps) -> str:
    return quote_text(json.dumps(dict.fromkeys(steps.columns or ["none"], "JSON")))
