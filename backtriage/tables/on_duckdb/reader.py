"""Files -> the source of a job in DuckDB: every row with its place, and what is no row."""

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TypeGuard

import duckdb
from sqlglot import exp

from backtriage.errors import FileError, Issue
from backtriage.strict_json import MOST_BYTES, cut_lines
from backtriage.tables.arrow_types import check_arrow_types
from backtriage.tables.files import (
    CSV,
    JSON_LINES,
    PARQUET,
    build_file_error,
    check_texts,
    find_kind,
    has_giant_line,
    open_unpacked,
)
from backtriage.tables.headers import same_header
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

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_NUMBERS = (*_INTEGERS, *(f"U{name}" for name in _INTEGERS), "FLOAT", "DOUBLE", "DECIMAL")
_BY_LINE = "header = false, delim = '\x01', quote = '', escape = ''"
"""How a file is read line by line: as CSV of one column, with a separator that no JSON text can have in it."""

_SAMPLE = 20_000
"""So many lines tell whether their keys are the same."""

_MANY = 1000
"""So many sets of keys are no longer looked at one by one."""

_BROKEN_CSV = {
    "MISSING COLUMNS": "there are fewer values than columns",
    "TOO MANY COLUMNS": "there are more values than columns",
    "UNQUOTED VALUE": "a quote is not closed, or has text behind it; it may have taken in the lines that follow",
    "INVALID ENCODING": "it has bytes that are no UTF-8; save the table as UTF-8",
    "LINE SIZE OVER MAXIMUM": "the line is too long to be a patient",
}
"""What is wrong with a line of CSV, by what DuckDB calls it."""

_SIZES = "max_line_size = 1100000, buffer_size = 8800000"
"""A line may be as long as `jsonio` allows; more would only cost memory."""


class Reading:
    """Makes the source of a job."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self._session = session
        self._plan = plan

    def read(self, files: Sequence[Path]) -> list[str]:
        """Make the source of files of one kind; the keys that stand in it as JSON. Raises FileError."""
        try:
            return self._read(files, {str(file): str(file) for file in files})
        except (duckdb.Error, OSError) as error:
            if find_kind(files[0]) in PARQUET or isinstance(error, OSError):
                raise build_file_error(", ".join(map(str, files)), error) from None
        copies = {str(self._readable_copy(file)): str(file) for file in files}
        self._session.execute(
            f"DROP VIEW IF EXISTS {SOURCE}; DROP TABLE IF EXISTS staged; DROP TABLE IF EXISTS broken"
        )
        try:
            return self._read([Path(copy) for copy in copies], copies)
        except duckdb.Error as error:
            raise build_file_error(", ".join(map(str, files)), error) from None

    def _read(self, files: Sequence[Path], names: Mapping[str, str]) -> list[str]:
        kind = find_kind(files[0])
        if kind in PARQUET:
            return self._read_parquet(files)
        check_texts(files)
        if kind in CSV and has_giant_line(files):
            raise duckdb.InvalidInputException("a line is too long")
        self._session.execute(
            "CREATE TABLE broken (_file VARCHAR, _row BIGINT, _broken VARCHAR, _why VARCHAR, above BIGINT)"
        )
        return (
            self._read_lines(files, names) if kind in JSON_LINES else self._read_csv(files, names)
        )

    def _read_parquet(self, files: Sequence[Path]) -> list[str]:
        """A view, since such files are read by columns, and as often as need be."""
        found = self._session.describe_query(f"SELECT * FROM {read_parquet(files)}")
        types = dict(zip(found.columns, map(str, found.types), strict=True))
        steps = self._plan({name: _kind(type_) for name, type_ in types.items()})
        self._check_same_types(files, steps.keys)
        check_arrow_types(files, steps.columns)
        columns = "".join(
            f", {write_plain(name, types[name])} AS {quote_name(name)}" for name in steps.columns
        )
        self._session.execute(
            f"CREATE VIEW {TABLE} AS SELECT filename AS _file, file_row_number + 1 AS _row{columns} "
            f"FROM {read_parquet(files, names_and_numbers=True)}"
        )
        return []

    def _check_same_types(self, files: Sequence[Path], keys: Sequence[str]) -> None:
        """Raise FileError where a column has another type, or another case, in another file, if values would change."""
        seen: dict[str, tuple[str, str]] = {}
        issues = []
        for file in files:
            table = self._session.describe_query(f"FROM {read_parquet([file])}")
            for name, type_ in zip(table.columns, map(str, table.types), strict=True):
                first = seen.setdefault(name.casefold(), (name, type_))
                if name in ("filename", "file_row_number"):
                    issues.append(
                        Issue(
                            code="bad-header", message=f'rename the column "{name}"', file=str(file)
                        )
                    )
                elif name != first[0] or not _goes_with(first[1], type_, is_key=name in keys):
                    message = f'the column "{name}" ({type_}) is "{first[0]}" ({first[1]}) in a file before'
                    issues.append(Issue(code="bad-header", message=message, file=str(file)))
        if issues:
            raise FileError(issues)

    def _read_csv(self, files: Sequence[Path], names: Mapping[str, str]) -> list[str]:
        """All values are texts. Lines with too few or too many of them are broken."""
        found, delimiter = same_header(files, names)
        steps = self._plan(dict.fromkeys(found, "text"))
        options = (
            f"header = true, delim = {quote_text(delimiter)}, quote = '\"', escape = '\"', store_rejects = true, "
            f"filename = '_file', {_SIZES}"
        )
        row = exp.Anonymous(
            this="json_object",
            expressions=[f(name) for name in steps.columns for f in (text, column)],
        )
        staged = steps.write_staged(row)
        self._session.run(
            f"CREATE TABLE staged AS SELECT _file, CAST(NULL AS VARCHAR) AS _broken, {staged} "
            f"FROM {read_csv(files, found, options)}"
        )
        self._keep_broken_csv(names)
        self._number_rows(names, steps)
        return []

    def _keep_broken_csv(self, names: Mapping[str, str]) -> None:
        """Keep the broken lines with their number, what is wrong, and the number of rows above them."""
        scans = "reject_errors JOIN reject_scans USING (scan_id, file_id)"
        reason = "first(CAST(error_type AS VARCHAR) ORDER BY column_idx)"
        found = self._session.execute(  # such tables can be seen by the connection alone
            f"SELECT file_path, line - 1, csv_line, {reason} FROM {scans} GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        broken = [
            (
                names[file],
                line,
                text,
                _BROKEN_CSV.get(reason, f"this is not CSV ({reason.lower()})"),
                line - place,
            )
            for file, lines in groupby(found, key=itemgetter(0))
            if file in names  # not of a first try to read them
            for place, (_, line, text, reason) in enumerate(lines, 1)
        ]
        self._session.insert("broken", broken)

    def _read_lines(self, files: Sequence[Path], names: Mapping[str, str]) -> list[str]:
        """JSON Lines, with the JSON text of each value. What is no JSON object, or has a key twice, is broken."""
        file = ", filename = '_file'" if len(files) > 1 else ""
        lines = read_csv(files, ["line"], f"{_BY_LINE}, {_SIZES}{file}")
        place = "_file" if file else f"{quote_text(str(files[0]))} AS _file"
        sets = self._sets_of_keys(lines, f" LIMIT {_SAMPLE}")
        alike = [keys for keys in sets if _is_sound(keys)]
        steps = (
            self._stage_alike(lines, place, alike) if alike and len(alike) == len(sets) else None
        )
        steps = steps or self._stage_others(lines, place, few=bool(sets))
        self._number_rows(names, steps, where=" WHERE NOT _blank")
        return steps.keys

    def _sets_of_keys(self, lines: str, limit: str = "") -> list[list[str] | None]:
        """Each set of keys that lines have, None for a line that is no JSON; an empty list if there are many."""
        keys = f"SELECT CASE WHEN json_valid(line) THEN json_keys(line) END AS keys FROM {lines}{limit}"
        found = self._session.read_rows(
            f"SELECT any_value(keys) FROM ({keys}) GROUP BY hash(keys) LIMIT {_MANY}"
        )
        sets = [one for (one,) in found]
        return sets if len(sets) < _MANY else []

    def _stage_alike(self, lines: str, place: str, sets: Sequence[Sequence[str]]) -> Steps | None:
        """Read lines that all have the keys of the first ones, once; None as soon as one has others, or is broken."""
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
        found, all_sound = self._all_keys(lines, few=few)
        steps = self._plan(_as_json(found))
        keys = "TRY(json_keys(line))"
        sound = f"json_valid(line) AND TRY(json_type(line)) = 'OBJECT' AND list_unique({keys}) = len({keys})"
        looked_at = (
            lines if all_sound else f"(SELECT *, coalesce({sound}, false) AS sound FROM {lines})"
        )
        is_sound = "true" if all_sound else "sound"
        self._stage(
            steps,
            f"SELECT {place}, line AS _line, line IS NULL OR trim(line) = '' AS _blank, "
            f"CASE WHEN NOT {is_sound} THEN line END AS _broken, "
            f"unnest(json_transform(CASE WHEN {is_sound} THEN line END, {_shape(steps)})) FROM {looked_at}",
        )
        return steps

    def _all_keys(self, lines: str, *, few: bool) -> tuple[list[str], bool]:
        """The keys of all lines, and whether every line is an object with keys, none of them twice."""
        if few and (sets := self._sets_of_keys(lines)):
            return [key for keys in sets for key in keys or ()], all(map(_is_sound, sets))
        keys = f"SELECT CASE WHEN json_valid(line) THEN json_keys(line) END AS keys FROM {lines}"
        names_of = self._session.read_rows(f"SELECT DISTINCT unnest(keys) AS name FROM ({keys})")
        sound = "coalesce(len(keys) > 0 AND list_unique(keys) = len(keys), false)"
        all_sound = next(self._session.read_rows(f"SELECT bool_and({sound}) FROM ({keys})"))[0]
        return [name for (name,) in names_of], bool(all_sound)

    def _stage(self, steps: Steps, rows: str) -> None:
        staged = steps.write_staged(column("_line"))
        self._session.run(
            f"CREATE TABLE staged AS SELECT _file, _broken, _blank, {staged} FROM ({rows})"
        )

    def _number_rows(self, names: Mapping[str, str], steps: Steps, where: str = "") -> None:
        """Make the source of what was staged and what is broken: every row with its file and its number there."""
        firsts = list(
            self._session.read_rows("SELECT _file, min(rowid) FROM staged GROUP BY _file")
        )
        starts = "".join(f" WHEN {quote_text(file)} THEN {first}" for file, first in firsts)
        start = f"CASE _file{starts} END" if len(names) > 1 and firsts else "0"
        files = "".join(
            f" WHEN {quote_text(copy)} THEN {quote_text(name)}" for copy, name in names.items()
        )
        (count,) = next(self._session.read_rows("SELECT count(*) FROM broken"))
        above = "(SELECT count(*) FROM broken WHERE broken._file = good._file AND broken.above < good._row)"
        self._session.execute(
            f"CREATE VIEW {SOURCE} AS SELECT * {f'REPLACE (_row + {above} AS _row) ' if count else ''}FROM ("
            f"SELECT CASE _file{files} END AS _file, _id - {start} + 1 AS _row, _broken, {steps.write_unpacked()} "
            f"FROM (SELECT *, rowid AS _id, {steps.write_row_values()} FROM staged){where}) AS good "
            "UNION ALL BY NAME SELECT _file, _row, _broken, _why FROM broken"
        )

    def _readable_copy(self, file: Path) -> Path:
        """A copy that DuckDB can read, so that faulty rows are told and the others are used.

        Bytes that are no UTF-8 are written out, line ends are all the same, and of lines that are too long only the
        beginning is kept, with a mark behind it that is no answer.
        """
        copy = (
            self._session.folder
            / f"{len(list(self._session.folder.iterdir()))}-{file.name.removesuffix('.gz')}"
        )
        with open_unpacked(file) as stream, copy.open("w", encoding="utf-8", newline="") as clean:
            for line, is_blank in cut_lines(stream):
                content = line.rstrip(b"\r\n")
                shown = (
                    content.decode(errors="backslashreplace")
                    .replace("\r", " ")
                    .replace("\x01", "\\x01")
                )
                is_long = not is_blank and max(len(content), len(shown)) > MOST_BYTES
                clean.write(f"{shown[:1000]}\N{HORIZONTAL ELLIPSIS}\n" if is_long else f"{shown}\n")
        return copy


def _is_sound(keys: Sequence[str] | None) -> TypeGuard[Sequence[str]]:
    """The line is an object with keys, none of them twice."""
    return bool(keys) and len(set(keys or ())) == len(keys or ())


def _as_json(keys: Iterable[str]) -> dict[str, Kind]:
    return dict.fromkeys(sorted(keys), "json")


def _shape(steps: Steps) -> str:
    return quote_text(json.dumps(dict.fromkeys(steps.columns or ["none"], "JSON")))


def _goes_with(one: str, other: str, *, is_key: bool) -> bool:
    """Whether values of two types stay what they are in one column; those of answers are small numbers."""
    whole = {one, other} <= set(_INTEGERS)
    small = {one, other} <= {*_INTEGERS, "DOUBLE"} and not is_key
    return one == other or whole or small


def _kind(type_: str) -> Kind:
    if type_ == "BOOLEAN":
        return "boolean"
    is_list = type_.endswith("]")
    return "number" if type_.partition("(")[0] in _NUMBERS and not is_list else "text"


def write_plain(name: str, type_: str) -> str:
    """A column of a Parquet file as one of our kinds; a short number is what is written of it."""
    if type_ == "FLOAT":
        return f"CAST(CAST({quote_name(name)} AS VARCHAR) AS DOUBLE)"
    is_plain = _kind(type_) != "text" or type_ == "VARCHAR"
    return quote_name(name) if is_plain else f"CAST({quote_name(name)} AS VARCHAR)"
