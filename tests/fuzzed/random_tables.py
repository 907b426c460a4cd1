"""Tables of any kind, type and name, in any folder, with any marks, line ends and codes -> each row
assessed or rejected, as `assess` would.
"""

import csv
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import pyarrow as pa
from pyarrow import parquet

from backtriage import AnswersError, load
from backtriage.answers import read_cell
from fuzzed.json_lines import VALUES
from helpers import SMALL, run_here
from tables import outcome, row_by_engine

TRIES = 1

RULES = load(SMALL)


# Values -------------------------------------------------------------------------------------------


class Years(pa.ExtensionType):
    """A type of somebody's own, held as whole numbers."""

    def __init__(self) -> None:
        super().__init__(pa.int64(), "of.somebody.years")

    def __arrow_ext_serialize__(self) -> bytes:
        return b""


TEXTS = [
    "yes", "no", "Y", "not sure", "47", "6 weeks", "worse", "new_stable", "", " ", "perhaps so",
]  # fmt: skip
CELLS = [
    *TEXTS, "47.5", "1e1", "-1", "+5", ".5", "007", "0", "1", "121", "NULL", "null", "NaN", "nan",
    "inf", "0x1f", "1,000", "true", "FALSE", " yes ", "47 ", "'", '"', '""', "x,y", "x\ty", "x;y",
    "é", "\u2028", "\u0663", "=1+1", "#", "\\", "a\nb", "\x1b[31m", "9" * 400, "2020-01-01",
]  # fmt: skip

CODES = ["NA", ".", "-9", "999", "n/a", "#N/A", "-99.0", "nan"]
"""What others write for no answer."""

Make = Callable[[Random], Any]


def _whole(random: Random) -> int:
    return random.randint(0, 120)


def _text(random: Random) -> str:
    return random.choice(TEXTS)


def _boolean(random: Random) -> bool:
    return random.random() < 0.5


def _time(random: Random) -> datetime:
    return datetime(1970, 1, 1) + timedelta(seconds=random.randint(0, 4_000_000_000))


def _day(random: Random) -> date:
    return _time(random).date()


def _time_of_day(random: Random) -> time:
    return _time(random).time()


def _length(random: Random) -> timedelta:
    return timedelta(hours=random.randint(0, 40_000))


TYPES: list[tuple[Any, Make]] = [
    (pa.bool_(), _boolean),
    *((type_, _whole) for type_ in (pa.int8(), pa.int16(), pa.int32(), pa.int64())),
    *((type_, _whole) for type_ in (pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64())),
    *((type_, lambda random: _whole(random) / 2) for type_ in (pa.float32(), pa.float64())),
    (pa.decimal128(5, 1), lambda random: Decimal(_whole(random)) / 2),
    (pa.decimal128(38, 2), lambda random: Decimal(_whole(random))),
    *((type_, _text) for type_ in (pa.string(), pa.large_string())),
    *((type_, lambda random: _text(random).encode()) for type_ in (pa.binary(), pa.large_binary())),
    (pa.binary(3), lambda _: b"yes"),
    (pa.dictionary(pa.int8(), pa.string()), _text),
    (pa.dictionary(pa.int32(), pa.int64()), _whole),
    *((type_, _day) for type_ in (pa.date32(), pa.date64())),
    *((pa.timestamp(unit), _time) for unit in ("s", "ms", "us", "ns")),
    (pa.timestamp("us", "UTC"), _time),
    (pa.time32("s"), _time_of_day),
    (pa.time64("us"), _time_of_day),
    *((pa.duration(unit), _length) for unit in ("s", "ms", "us", "ns")),
    (pa.dictionary(pa.int8(), pa.duration("s")), _length),
    (pa.list_(pa.int64()), lambda random: [_whole(random)] * random.randint(0, 2)),
    (pa.list_(pa.string()), lambda random: [_text(random)] * random.randint(0, 2)),
    (pa.struct({"a": pa.int64()}), lambda random: {"a": _whole(random)}),
    (pa.map_(pa.string(), pa.string()), lambda _: [("yes", "yes")]),
    (pa.null(), lambda _: None),
    (pa.bool8(), _boolean),
    (pa.uuid(), lambda random: UUID(int=random.getrandbits(128)).bytes),
    (Years(), _whole),
]
"""Every type of Arrow, with what makes a value of it."""

PLAIN = TYPES[:17]
"""Those that most tables have."""


# Tables -------------------------------------------------------------------------------------------

FOLDERS = [
    "a", "a", "numb=no", "nr=999", "line=%7B%7D", "_row=5", "age=5", "_file=x", "advice=home_care",
    "~", "~root", "a b'\"c", "é", "[x]", "x*", "{a,b}", "-o", "$HOME", "%20", ".hidden", "a.csv",
]  # fmt: skip
NAMES = [
    "Age (years)", "a b", 'say "no"', "it's", "x;y", "Größe", "select", "row number", "x=y", "-v",
    "*", "{}", "%s", "$1", "1", "a.b", "NULL", "a" * 70, "x,y", "two\nlines", " a  lot of\tblanks ",
]  # fmt: skip
ENDINGS = ["csv", "tsv", "jsonl", "parquet"]
TEXTS_ALONE = ("csv", "tsv")


@dataclass(frozen=True)
class Writing:
    """How a table is written: what begins a CSV and ends its lines, its marks, and the codes."""

    begin: str
    end: str
    separator: str
    quote: str
    quotes_all: bool
    missing: Sequence[str]
    yes_and_no: bool

    def typed(self, kind: str) -> list[str]:
        """What has to be said of it."""
        words = [f"--missing={code}" for code in self.missing]
        words += ["--yes", "1", "--no", "0"] if self.yes_and_no else []
        if kind in TEXTS_ALONE:
            words += [] if self.begin.endswith("\0") else ["--separator", self.separator]
            words += [] if self.quote == '"' else ["--quote", self.quote]
        return words


def draw_writing(random: Random) -> Writing:
    """A way to write a table."""
    return Writing(
        begin=random.choice(["", "", "\ufeff", "\0", "\ufeff\0"]),
        end=random.choice(["\n", "\n", "\r\n", "\r"]),
        separator=random.choice([",", ",", ";", "\t", "|", ":", "~", "^", " "]),
        quote=random.choice(['"', '"', "'", "`"]),
        quotes_all=random.random() < 0.3,
        missing=random.sample(CODES, random.choice((0, 0, 1, 4))),
        yes_and_no=random.random() < 0.3,
    )


@dataclass(frozen=True)
class Table:
    """Columns by name, each a list of as many values; for Parquet each with its type.

    `asked` has the column of each question, and `key` is the one that the output is to have.
    """

    kind: str
    folder: str
    columns: Mapping[str, Sequence[Any]]
    types: Mapping[str, Any]
    asked: Mapping[str, str]
    key: str | None
    output: str
    files: int
    writing: Writing

    def rows(self) -> list[dict[str, Any]]:
        """A mapping of columns to values for each row."""
        values = zip(*self.columns.values(), strict=True)
        return [dict(zip(self.columns, row, strict=True)) for row in values]


def draw(random: Random) -> Table:
    """A table of a few rows: some questions, perhaps by other names, and columns besides."""
    kind, length = random.choice(ENDINGS), random.choice((1, 2, 3, 5, 8))
    names = random.sample(NAMES, 8)
    asked = {
        question: question if random.random() < 0.7 else names.pop()
        for question in random.sample(list(RULES.questions), random.randint(1, 4))
    }
    key = random.choice(("nr", names.pop(), None))
    others = [*([key] if key else []), *(names.pop() for _ in range(random.randint(0, 2)))]
    others = others or ["nr"]  # of a table with one column an empty row is a blank line
    columns, types = {}, {}
    for name in random.sample([*asked.values(), *others], len(asked) + len(others)):
        type_, make = _kind_of_column(random, kind, is_key=name in others)
        columns[name] = [make(random) for _ in range(length)]
        types[name] = type_
    if kind in TEXTS_ALONE and random.random() < 0.3:
        for values in columns.values():
            values[length // 2] = random.choice(("", " ", "\t"))
    return Table(
        kind, random.choice(FOLDERS), columns, types, asked, key, random.choice(ENDINGS),
        files=random.choice((1, 1, 2)) if length > 1 else 1, writing=draw_writing(random),
    )  # fmt: skip


def _kind_of_column(random: Random, kind: str, *, is_key: bool) -> tuple[Any, Make]:
    if kind == "parquet" and not is_key:
        type_, make = random.choice(PLAIN if random.random() < 0.7 else TYPES)
        return type_, lambda random: None if random.random() < 0.2 else make(random)
    if is_key:
        texts = [cell for cell in CELLS if cell]
        return pa.string(), lambda random: random.choice(texts)
    return None, lambda random: random.choice(
        [*VALUES, *CODES] if kind == "jsonl" else [*CELLS, *CODES]
    )


def write(table: Table, folder: Path) -> list[Path]:
    """The files of a table, p0 and perhaps p1, written into this folder."""
    rows, files = table.rows(), []
    for number in range(table.files):
        part = rows[: len(rows) // 2] if number + 1 < table.files else rows[len(rows) // 2 :]
        part = rows if table.files == 1 else part
        files.append(folder / f"p{number}.{table.kind}")
        _write_file(files[-1], table, part)
    return files


def _write_file(file: Path, table: Table, rows: list[dict[str, Any]]) -> None:
    if table.kind == "jsonl":
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    elif table.kind == "parquet":
        columns = {
            name: as_arrow([row[name] for row in rows], type_)
            for name, type_ in table.types.items()
        }
        with file.open("wb") as stream:
            parquet.write_table(pa.table(columns), stream)
    else:
        how = table.writing
        with file.open("w", newline="") as stream:
            stream.write(how.begin.replace("\0", f"sep={how.separator}{how.end}"))
            quoting = csv.QUOTE_ALL if how.quotes_all or how.end == "\r" else csv.QUOTE_MINIMAL
            writer = csv.writer(
                stream,
                delimiter=how.separator,
                lineterminator=how.end,
                quotechar=how.quote,
                quoting=quoting,
            )
            writer.writerows([list(table.columns), *(list(row.values()) for row in rows)])


def as_arrow(column: Sequence[Any], type_: Any) -> Any:
    """A column of Arrow with a type, also one that Arrow does not make by itself."""
    if isinstance(type_, pa.BaseExtensionType):
        held = [int(value) if isinstance(value, bool) else value for value in column]
        return pa.ExtensionArray.from_storage(type_, pa.array(held, type_.storage_type))
    if pa.types.is_dictionary(type_):
        return pa.array(column, type_.value_type).dictionary_encode().cast(type_)
    return pa.array(column, type_)


# What must hold -----------------------------------------------------------------------------------


def check(table: Table) -> None:
    """Every row is in the output or among the rejects, once, and as `assess` has it."""
    with TemporaryDirectory() as outer:
        folder = Path(outer, table.folder)
        folder.mkdir()
        files, output = write(table, folder), folder / f"out.{table.output}"
        named = [
            word
            for question, column in table.asked.items()
            if question != column
            for word in ("--column", f"{question}={as_read(table, column)}")
        ]
        keys = ["--id", as_read(table, table.key)] if table.key else []
        keys += table.writing.typed(table.kind)
        done = run_here(
            "cohort", *map(str, files), "--output", output, *named, *keys, "--rules", SMALL
        )
        # a question with nothing but the name of the folder
        lacks = table.folder.partition("=")[0] in {*RULES.questions} - {*table.asked}
        if done.returncode == 5 and (table.kind == "parquet" or lacks):
            why = "stand in names of folders alone" if lacks else 'the column "'
            assert why in done.stderr, done.stderr
            assert {path.name for path in folder.iterdir()} == {path.name for path in files}
            return
        assert done.returncode in (0, 3), done.stderr
        assert not lacks
        rejects = read_rows(output.with_name(f"{output.name}.rejects.jsonl"))
        _compare(table, read_rows(output), rejects)
        assert done.returncode == (3 if rejects else 0)


def _compare(
    table: Table, assessed_rows: list[dict[str, Any]], rejects: list[dict[str, Any]]
) -> None:
    results, refused = ({_place(row): row for row in rows} for rows in (assessed_rows, rejects))
    empty = [is_empty(table, row) for row in table.rows()]
    count = len(results) + len(refused)
    assert count == len(assessed_rows) + len(rejects) == empty.count(False)
    first = len(table.rows()) // 2
    for number, row in enumerate(table.rows()):
        in_second = table.files == 2 and number >= first
        place = (f"p{int(in_second)}", number - first + 1 if in_second else number + 1)
        wanted = assessed(table, row)
        if empty[number]:
            assert place not in results | refused
            continue
        if isinstance(wanted, AnswersError):
            paths = {error["path"] for error in refused[place]["errors"]}
            assert paths == {issue.path for issue in wanted.issues}, row
        else:
            assert place in results, (row, refused.get(place))
            assert _outcome(results[place], table.output) == _as_written(wanted, table.output), row
        if table.key:
            held = (refused if place in refused else results)[place][as_read(table, table.key)]
            assert held == row[table.key], row


def _place(row: Mapping[str, Any]) -> tuple[str, int]:
    return Path(row.get("file") or "p0").stem, int(row["row"])


def assessed(table: Table, row: Mapping[str, Any]) -> dict[str, object] | AnswersError:
    """What the engine says of a row, or what is wrong with it."""
    raw = {
        question: decoded(table, question, as_given(table, row[column]))
        for question, column in table.asked.items()
    }
    try:
        return row_by_engine(RULES, raw)
    except AnswersError as error:
        return error


def as_given(table: Table, value: Any) -> object:
    """The value of a table as a script would have given it to `assess`."""
    if table.kind == "jsonl":
        return value
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    if isinstance(value, str):
        return read_cell(value) if value.strip() else None
    return float(value) if isinstance(value, Decimal) else value


def as_read(table: Table, name: str) -> str:
    """The name of a column as it is typed: in CSV with one blank for all that stand there."""
    return " ".join(name.split()) if table.kind in TEXTS_ALONE else name


def is_empty(table: Table, row: Mapping[str, Any]) -> bool:
    """Whether nothing stands in a row of CSV."""
    return table.kind in TEXTS_ALONE and not any(map(str.strip, row.values()))


def decoded(table: Table, question: str, value: object) -> object:
    """What a value says by the codes of its table."""
    if any(is_code(code, value) for code in table.writing.missing):
        return None
    if table.writing.yes_and_no and RULES.questions[question].kind == "yes_no":
        return "yes" if is_code("1", value) else "no" if is_code("0", value) else value
    return value


def is_code(code: str, value: object) -> bool:
    """Whether a value is that word in any case, or a number that is as large."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return False
    number, wanted = (
        read_cell(one.strip()) if isinstance(one, str) else one for one in (value, code)
    )
    if isinstance(wanted, str):
        return str(value).strip().casefold() == code.casefold()
    return number == wanted


def read_rows(file: Path) -> list[dict[str, Any]]:
    """The rows of a file of any kind; none if there is no file."""
    if not file.exists():
        return []
    if file.suffix == ".parquet":
        with file.open("rb") as stream:
            return parquet.ParquetFile(stream).read().to_pylist()  # type: ignore[no-any-return]
    if file.suffix == ".jsonl":
        return [json.loads(line) for line in file.read_text().split("\n") if line]
    with file.open(newline="") as stream:
        return list(csv.DictReader(stream, delimiter="," if file.suffix == ".csv" else "\t"))


def _outcome(row: Mapping[str, Any], ending: str) -> dict[str, object]:
    return _as_written(outcome(row), ending)


def _as_written(wanted: Mapping[str, object], ending: str) -> dict[str, object]:
    """Values as they stand in an output with this ending."""
    if ending not in ("csv", "tsv"):
        return dict(wanted)
    return {name: _as_cell(value) for name, value in wanted.items()}


def _as_cell(value: object) -> str:
    if isinstance(value, list):
        return ",".join(value)
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
