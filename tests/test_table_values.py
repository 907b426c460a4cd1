"""A value in a table means what it means to `assess`, whatever its type and its place."""

import csv
import io
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import chdir, redirect_stderr
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from backtriage import AnswersError, assess, load
from backtriage.answers import read_cell
from backtriage.cli import run
from fuzzed.random_tables import as_arrow
from helpers import SMALL, run_process
from strategies import examples

RULES = load(SMALL)


def cohort(*words: str) -> tuple[int, str]:
    """Run the command in this process: its exit code, and what it says."""
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with (
        redirect_stderr(said),
        patch("sys.argv", ["backtriage", "cohort", *words, "--rules", str(SMALL)]),
    ):
        code = run()
        said.flush()
        return code, said.buffer.getvalue().decode()  # type: ignore[attr-defined]


def rows_of(file: str) -> list[dict[str, Any]]:
    """The objects in a file of JSON Lines; none if there is no file."""
    path = Path(file)
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.fixture(autouse=True)
def here(tmp_path: Path) -> Iterator[Path]:
    """A folder of its own, to work in."""
    with chdir(tmp_path):
        yield tmp_path


# The place of a file
# --------------------------------------------------------------------------------------------------

STRANGE = [
    "nr=999",
    "line=%7B%7D",
    "_row=5",
    "age=5",
    "_file=x",
    "advice=home_care",
    "~",
    "~root",
    "a b'\"c",
]
FOLDERS = ["numb=no", *(pytest.param(name, marks=pytest.mark.slow) for name in STRANGE)]


@pytest.mark.parametrize("folder", FOLDERS)
@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
@pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
def test_the_name_of_a_folder_is_no_value(folder: str, ending: str, many: bool) -> None:
    """Also not of the folder of the output, or of several files of one table."""
    for place in ("plain", folder):
        Path(place, "more=1").mkdir(parents=True)
        for file in (f"{place}/p.{ending}", f"{place}/more=1/q.{ending}"):
            _write(Path(file), {"nr": ["1", "2"], "numb": ["yes", "no"], "age": ["47", "20"]})
        inputs = [f"{place}/p.{ending}", *([f"{place}/more=1/q.{ending}"] if many else [])]
        code, err = cohort(*inputs, "--output", f"{place}/out.{ending}", "--id", "nr")
        assert (code, err) == (0, err)
    assert "50.0 %  seek_care_now" in err

    plain, other = (_read(Path(place, f"out.{ending}"), place) for place in ("plain", folder))
    assert other == plain
    assert [row["nr"] for row in plain] == ["1", "2"] * (1 + many)


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "parquet"])
def test_a_folder_is_the_table_of_the_files_in_it(ending: str) -> None:
    """Whatever their folders are called; marks and sums that others left there are no part."""
    for nr, place in enumerate(["t/numb=no", "t/more"]):
        Path(place).mkdir(parents=True)
        _write(Path(place, f"p.{ending}"), {"nr": [str(nr)], "numb": ["yes"]})
        Path(place, f".p.{ending}.crc").write_text("sum")
        Path(place, f"_p.{ending}").write_text("mark")

    for inputs in (["t"], [f"t/more/p.{ending}", f"t/numb=no/p.{ending}"]):
        code, err = cohort(*inputs, "--output", f"{len(inputs)}.{ending}", "--id", "nr")
        assert (code, err) == (0, err)
    assert _read(Path(f"1.{ending}"), "t") == _read(Path(f"2.{ending}"), "t")
    assert cohort("t", "--output", f"t/out.{ending}")[0] == 5
    Path("none").mkdir()
    assert cohort("none", "--output", f"out.{ending}")[0] == 5


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("folder", ["numb=yes", "nr=7", "num=yes", "who=7"])
def test_a_column_that_names_of_folders_alone_have_is_not_passed_over(
    folder: str, ending: str
) -> None:
    """Spark and others write tables so; who is numb there would count as not asked."""
    Path("t", folder).mkdir(parents=True)
    labelled = {"weak": ["no"], "age": ["20"], "expected": ["home_care"]}
    _write(Path("t", folder, f"p.{ending}"), labelled)
    named = [*(["--id", "nr"] if "nr" in folder else [])]
    named += [*(["--column", "numb=num"] if "num=" in folder else [])]

    code, err = cohort("t", "--output", "out.csv", *named)

    if folder == "who=7":
        assert code == 0
        assert "Columns that were not used: expected, who" in err
    else:
        assert code == 5
        name = folder.partition("=")[0]
        assert f'no-column values of "{name}" stand in names of folders alone' in err
    if folder == "numb=yes":
        told = run_process("evaluate", f"t/{folder}/p.{ending}", "--rules", SMALL)
        assert (told.returncode, told.stdout) == (5, "")
        assert 'no-column values of "numb" stand in names of folders alone' in told.stderr


@pytest.mark.parametrize("pattern", ["t/*/p.csv", "t/?/*.csv", "t/**/p.csv", "t/*", "[t]/a/p.*"])
def test_a_pattern_may_have_folders(pattern: str) -> None:
    for place in ("a", "b"):
        Path("t", place).mkdir(parents=True)
        _write(Path("t", place, "p.csv"), {"nr": [place], "numb": ["yes"]})
    many = "ab" if pattern[0] == "t" else "a"

    for one in (pattern, str(Path(pattern).absolute())):
        assert cohort(one, "--output", "out.csv", "--id", "nr")[0] == 0
        rows = csv.DictReader(Path("out.csv").read_text().splitlines())
        assert [row["nr"] for row in rows] == [*many]


def _write(file: Path, columns: dict[str, list[str]]) -> None:
    names, rows = list(columns), list(zip(*columns.values(), strict=True))
    if file.suffix == ".parquet":
        with file.open("wb") as stream:
            parquet.write_table(pa.table(columns), stream)
    elif file.suffix == ".jsonl":
        file.write_text(
            "".join(f"{json.dumps(dict(zip(names, row, strict=True)))}\n" for row in rows)
        )
    else:
        mark = "," if file.suffix == ".csv" else "\t"
        file.write_text("".join(f"{mark.join(row)}\n" for row in [tuple(names), *rows]))


def _read(file: Path, folder: str) -> list[dict[str, Any]]:
    """The rows of an output; where its input lies is left aside."""
    if file.suffix == ".parquet":
        with file.open("rb") as stream:
            rows = parquet.ParquetFile(stream).read().to_pylist()
    elif file.suffix == ".jsonl":
        rows = rows_of(str(file))
    else:
        text = file.read_text().splitlines()
        rows = list(csv.DictReader(text, delimiter="," if file.suffix == ".csv" else "\t"))
    return [row | {"file": str(row.get("file")).partition(folder)[2]} for row in rows]


@pytest.mark.parametrize("folder", FOLDERS)
def test_labelled_parquet_is_read_as_it_stands(folder: str) -> None:
    """By `evaluate`: an emergency does not become a patient at home."""
    Path(folder).mkdir()
    _write(
        Path(folder, "p.parquet"), {"expected": ["seek_care_now"], "numb": ["yes"], "age": ["47"]}
    )
    with patch(
        "sys.argv",
        [
            "backtriage",
            "evaluate",
            f"{folder}/p.parquet",
            "--format",
            "json",
            "--rules",
            str(SMALL),
        ],
    ):
        out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        with patch("sys.stdout", out):
            assert run() == 0
            out.flush()
            found = json.loads(out.buffer.getvalue())  # type: ignore[attr-defined]

    assert found["missed"] == []
    assert found["scores"][0]["matrix"]["seek_care_now"]["seek_care_now"] == 1


# Types of Arrow -----------------------------------------------------------------------------------
# --------------------


class Years(pa.ExtensionType):
    """A type of somebody's own, held as whole numbers."""

    def __init__(self) -> None:
        super().__init__(pa.int64(), "of.somebody.years")

    def __arrow_ext_serialize__(self) -> bytes:
        return b""


WHOLE = st.integers(0, 120)
TEXTS = st.sampled_from(
    ["yes", "no", "Y", "not sure", "47", "6 weeks", "worse", "new_stable", "", " ", "perhaps so"]
)
DAYS = st.dates(date(1970, 1, 1), date(2100, 1, 1))
TIMES = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)).map(
    lambda time: time.replace(microsecond=0)
)
LENGTHS = st.integers(0, 40_000).map(lambda hours: timedelta(hours=hours))
KINDS: list[tuple[Any, st.SearchStrategy[Any]]] = [
    (pa.bool_(), st.booleans()),
    *((type_, WHOLE) for type_ in (pa.int8(), pa.int16(), pa.int32(), pa.int64())),
    *((type_, WHOLE) for type_ in (pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64())),
    *((type_, WHOLE.map(lambda n: n / 2)) for type_ in (pa.float32(), pa.float64())),
    (pa.decimal128(5, 1), WHOLE.map(lambda n: Decimal(n) / 2)),
    (pa.decimal128(38, 2), WHOLE.map(Decimal)),
    *((type_, TEXTS) for type_ in (pa.string(), pa.large_string())),
    *((type_, TEXTS.map(str.encode)) for type_ in (pa.binary(), pa.large_binary())),
    (pa.binary(3), st.just(b"yes")),
    (pa.dictionary(pa.int8(), pa.string()), TEXTS),
    (pa.dictionary(pa.int32(), pa.int64()), WHOLE),
    *((type_, DAYS) for type_ in (pa.date32(), pa.date64())),
    *((pa.timestamp(unit), TIMES) for unit in ("s", "ms", "us", "ns")),
    (pa.timestamp("us", "UTC"), TIMES),
    (pa.time32("s"), TIMES.map(datetime.time)),
    (pa.time64("us"), TIMES.map(datetime.time)),
    *((pa.duration(unit), LENGTHS) for unit in ("s", "ms", "us", "ns")),
    (pa.dictionary(pa.int8(), pa.duration("s")), LENGTHS),
    (pa.list_(pa.int64()), st.lists(WHOLE, max_size=2)),
    (pa.list_(pa.string()), st.lists(TEXTS, max_size=2)),
    (pa.struct({"a": pa.int64()}), WHOLE.map(lambda n: {"a": n})),
    (pa.map_(pa.string(), pa.string()), st.just([("yes", "yes")])),
    (pa.null(), st.none()),
    (pa.bool8(), st.booleans()),
    (pa.uuid(), st.uuids().map(lambda one: one.bytes)),
    (Years(), WHOLE),
]


@pytest.mark.parametrize(("type_", "values"), KINDS, ids=[str(type_) for type_, _ in KINDS])
@pytest.mark.slow
@given(data=st.data())
@examples(20)
def test_a_value_of_any_type_of_arrow_is_that_value_or_is_rejected_by_name(
    type_: Any, values: st.SearchStrategy[Any], data: st.DataObject
) -> None:
    """A length of time that pandas wrote is no number of days."""
    question = data.draw(st.sampled_from(["numb", "weak_course", "age", "duration"]))
    column = data.draw(st.lists(st.none() | values, min_size=1, max_size=4))
    with TemporaryDirectory() as folder, chdir(folder):
        table = pa.table({question: as_arrow(column, type_)})
        parquet.write_table(table, "in.parquet")
        code, err = cohort("in.parquet", "--output", "out.jsonl")
        found = {row["row"]: row for row in rows_of("out.jsonl")}
        rejected = {row["row"]: row for row in rows_of("out.jsonl.rejects.jsonl")}

    if code == 5:
        assert f'the column "{question}"' in err
        assert not found
        return
    for number, value in enumerate(column, 1):
        wanted = _assessed(question, value)
        if wanted is None:
            assert rejected[number]["errors"][0]["path"] == question, value
        else:
            assert number in found, (value, rejected)
            assert {name: found[number][name] for name in wanted} == wanted, value


def _assessed(question: str, value: Any) -> dict[str, object] | None:
    """What `assess` says of a value, None if it is no answer. In a table a blank text is none, as
    a missing one.
    """
    if isinstance(value, bytes):
        value = value.decode()
    if isinstance(value, str):
        value = read_cell(value) if value.strip() else None
    try:
        result = assess(RULES, {question: float(value) if isinstance(value, Decimal) else value})
    except AnswersError:
        return None
    return {
        "advice": result.advice,
        "within_days": result.within_days,
        "findings": [finding.id for finding in result.findings],
        "unresolved": [one.id for one in result.unresolved],
    }


# Ctrl-C -------------------------------------------------------------------------------------------
# --------------------


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_job_that_is_broken_off_leaves_nothing(ending: str) -> None:
    """Exit code 130, whenever it is; where the job was faster, there is all of it."""
    rows = [
        ("numb", "age"),
        *((("yes", "no", "perhaps so")[n % 3], str(n % 100)) for n in range(200_000)),
    ]
    Path("in.csv").write_text("".join(f"{one},{two}\n" for one, two in rows))
    command = [sys.executable, "-m", "backtriage", "cohort", "in.csv", "--output", f"out.{ending}"]
    codes = []
    for place in range(12):
        process = subprocess.Popen(
            [*command, "--rules", str(SMALL)], stderr=subprocess.PIPE, text=True
        )
        time.sleep(0.2 + place / 6)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        left = {path.name for path in Path().iterdir()} - {"in.csv"}
        whole = {f"out.{ending}", f"out.{ending}.rejects.jsonl"}
        if process.returncode == -signal.SIGINT:  # before Python listened: a shell calls it 130
            assert (err, left) == ("", set())
            continue
        assert process.returncode in (130, 3), err
        assert left in (set(), whole), (process.returncode, left)
        assert process.returncode == 130 or left == whole
        codes.append(process.returncode)
        for name in left:
            Path(name).unlink()
    assert 130 in codes


def test_rejects_that_cannot_be_written_keep_the_output_as_it_was() -> None:
    """There is never an output without its rejects."""
    Path("in.csv").write_text("numb\nperhaps so\n")
    Path("out.csv").write_text("old")
    Path("out.csv.rejects.jsonl").mkdir()

    code, err = cohort("in.csv", "--output", "out.csv")

    assert code == 5
    told = "cannot-write this is a folder; name another, or remove this one first"
    assert f"out.csv.rejects.jsonl: {told}" in err
    assert Path("out.csv").read_text() == "old"


@pytest.mark.parametrize("mark", [b",", b"\t"])
def test_a_line_of_a_table_that_is_no_utf_8_takes_only_itself(mark: bytes) -> None:
    """Its id would be another one; it is told as it stands, as far as it can be shown."""
    zoe = "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS}"
    lines = [b"name,numb", b"Ann,no", b"Jos\xe9,yes", f"{zoe},yes".encode()]
    name = "in.csv" if mark == b"," else "in.tsv"
    Path(name).write_bytes(b"".join(line.replace(b",", mark) + b"\n" for line in lines))

    code, _ = cohort(name, "--id", "name", "--output", "out.jsonl")

    assert code == 3
    assert [row["name"] for row in rows_of("out.jsonl")] == ["Ann", zoe]
    (reject,) = rows_of("out.jsonl.rejects.jsonl")
    assert reject["row"] == 2
    assert reject["line"] == f"Jos\\xe9{mark.decode()}yes"
    assert "no UTF-8" in reject["errors"][0]["message"]
