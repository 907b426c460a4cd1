"""The same code on Spark: what it says of every row is what the engine says. Needs pyspark and
Java.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from backtriage import load
from backtriage.tables import Job
from backtriage.tables.files import check_files
from helpers import SHIPPED, SMALL, Done, run_process
from strategies import partial_answers, rule_sets
from tables import TYPES, as_held, outcome, people_at_the_edges, row_by_engine, write_table

if TYPE_CHECKING:
    from backtriage.tables.on_spark import Spark

pytestmark = pytest.mark.slow
pytest.importorskip("pyspark", reason="the extra spark brings it")
if shutil.which("java") is None:
    pytest.skip("there is no Java, which Spark needs", allow_module_level=True)


@pytest.fixture(scope="module")
def spark() -> Iterator["Spark"]:
    """One session on two cores for all tests."""
    from backtriage.tables.on_spark import Spark

    with Spark.opened("local[2]") as session:
        yield session


def rows_of(folder: Path) -> list[dict[str, object]]:
    """The rows of a folder that Spark wrote, by their number."""
    with duckdb.connect() as database:
        found = database.execute(f"SELECT * FROM '{folder}/*.parquet' ORDER BY CAST(nr AS INTEGER)")
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("types", TYPES)
@pytest.mark.parametrize("folder", [SMALL, SHIPPED], ids=["small", "shipped"])
def test_on_partitioned_parquet_each_bound_comes_out_as_in_the_engine(
    spark: "Spark", folder: Path, types: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each threshold at, just under and just over; each option; not sure; not answered."""
    monkeypatch.chdir(tmp_path)
    rule_set = load(folder)
    people = list(people_at_the_edges(rule_set))
    write_table(rule_set, people, "all.parquet", TYPES[types])
    with duckdb.connect() as database:
        split = "(SELECT *, nr % 3 AS part FROM 'all.parquet')"
        database.execute(f"COPY {split} TO 'parts' (FORMAT parquet, PARTITION_BY (part))")

    summary = spark.run_job(
        Job(
            rule_set=rule_set,
            inputs=check_files([Path("parts")]),
            output=Path("out.parquet"),
            keys=("nr",),
        )
    )

    found = rows_of(Path("out.parquet"))
    assert (summary.rows, summary.rejected) == (len(people), 0)
    for row, person in zip(found, people, strict=True):
        assert outcome(row) == row_by_engine(rule_set, as_held(rule_set, person, TYPES[types])), (
            person
        )


@pytest.mark.filterwarnings("ignore")
@given(data=st.data())
@settings(max_examples=8, phases=[Phase.generate])
def test_on_random_rule_sets_and_answers_both_say_the_same(
    spark: "Spark", data: st.DataObject
) -> None:
    """Whatever is missing; few, since each is a job of its own."""
    rule_set = data.draw(rule_sets())
    people = data.draw(st.lists(partial_answers(rule_set), min_size=5, max_size=40))
    with TemporaryDirectory() as name, chdir(name):
        source, output = Path("in.parquet"), Path("out.parquet")
        write_table(rule_set, people, str(source), TYPES["types"])

        spark.run_job(Job(rule_set=rule_set, inputs=(source,), output=output, keys=("nr",)))

        for row, person in zip(rows_of(output), people, strict=True):
            assert outcome(row) == row_by_engine(
                rule_set, as_held(rule_set, person, TYPES["types"])
            ), person


@pytest.mark.filterwarnings("ignore")
def test_odd_values_are_understood_and_broken_rows_are_told(
    spark: "Spark", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As by DuckDB, but for the number of the row, which Spark does not know."""
    monkeypatch.chdir(tmp_path)
    understood = '{"nr": 1, "numb": "no", "duration": "6 weeks", "age": "47 years"}'
    Path("in.jsonl").write_text(
        "\n".join([understood, "not json", '{"nr": 2, "numb": "perhaps so"}'])
    )
    rule_set = load(SMALL)

    summary = spark.run_job(
        Job(rule_set=rule_set, inputs=(Path("in.jsonl"),), output=Path("out.parquet"), keys=("nr",))
    )

    rejects = [
        json.loads(line) for line in Path("out.parquet.rejects.jsonl").read_text().splitlines()
    ]
    (row,) = rows_of(Path("out.parquet"))
    assert (summary.rows, summary.rejected) == (3, 2)
    assert outcome(row) == row_by_engine(
        rule_set, {"numb": "no", "duration": "6 weeks", "age": "47 years"}
    )
    assert sorted(reject["errors"][0]["code"] for reject in rejects) == ["not-json", "wrong-type"]


# As a command -------------------------------------------------------------------------------------


@pytest.fixture
def two_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two files of patients, of which some are rejected, that a command works in."""
    monkeypatch.chdir(tmp_path)
    for variable in ("HADOOP_CONF_DIR", "YARN_CONF_DIR"):
        monkeypatch.delenv(variable, raising=False)
    for name in ("one", "two"):
        rows = ({"numb": ("yes", "no", "perhaps so")[number % 3]} for number in range(9))
        Path(f"{name}.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    return tmp_path


def cohort(*words: str, **environment: str) -> Done:
    files = ("one.jsonl", "two.jsonl", "--rules", str(SMALL))
    return run_process("cohort", *files, *words, **environment)


def test_both_engines_give_and_say_the_same(two_files: Path) -> None:
    """Names of files as they were typed, and on stderr nothing of what libraries say."""
    here = cohort("--output", "here.jsonl")
    there = cohort("--output", "there.jsonl", "--engine", "spark", "--master", "local[1]")

    assert (there.returncode, there.stdout) == (here.returncode, here.stdout) == (3, "")
    assert there.stderr == here.stderr.replace("here.jsonl", "there.jsonl")
    parts = sorted((two_files / "there.jsonl").iterdir())
    assert "".join(part.read_text() for part in parts) == Path("here.jsonl").read_text()
    rejects = [Path(f"{name}.jsonl.rejects.jsonl").read_text() for name in ("here", "there")]
    assert rejects[0] == rejects[1]

    again = cohort("--output", "there.jsonl", "--engine", "spark")

    assert again.returncode == 5
    assert "this is a folder; name another, or remove this one first" in again.stderr


def python_with(folder: Path, *packages: str) -> str:
    """A Python that has only these of what is installed here."""
    for package in packages:
        for name in (package, f"{package}.libs"):
            installed = Path(pytest.importorskip(package).__file__).parents[1] / name
            (folder / name).symlink_to(installed)
    python = folder / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={folder}:$PYTHONPATH exec {sys.executable} -S "$@"\n')
    python.chmod(0o700)
    return str(python)


BROKEN: dict[str, tuple[list[str], dict[str, str], int, str]] = {
    "no Java": ([], {"JAVA_HOME": "/nowhere"}, 8, "missing-java Spark needs Java 17 or later"),
    "no master": (["--master", "spark://localhost:1"], {}, 5, "cannot-reach no master of Spark"),
    "no name": (["--master", "spark://nowhere.invalid:1"], {}, 5, "cannot-reach no master of"),
    "two masters": (["--master", "spark://localhost:1,localhost:2"], {}, 5, "localhost:2: cannot"),
    "bad master": (["--master", "nonsense"], {}, 2, '"nonsense" is no master of Spark; write one'),
    "no port": (["--master", "spark://localhost"], {}, 2, "is no master of Spark; write one"),
    "no threads": (["--master", "local[0]"], {}, 2, "is no master of Spark; write one"),
    "other engine": (["--threads", "2"], {}, 2, "--threads says nothing to --engine spark"),
    "no Hadoop": (["--master", "yarn"], {}, 5, "Spark could not do it: When"),
    "no Python": ([], {"PYSPARK_PYTHON": "/nowhere/python"}, 8, "cannot run the Python /nowhere/"),
    "bare Python": ([], {"PYSPARK_PYTHON": "bare"}, 8, "a worker of Spark has no pyarrow; install"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_spark_has_not_is_told_with_a_way_out(name: str, two_files: Path) -> None:
    """And never as an error of ours, nor with anything left."""
    words, environment, code, told = BROKEN[name]
    bare = {"PYSPARK_PYTHON": python_with(two_files)} if "bare" in environment.values() else {}
    before = set(two_files.iterdir())
    done = cohort(
        "--output", "out.jsonl", "--engine", "spark", *words, **environment | bare, COLUMNS="999"
    )

    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr
    assert code == 2 or len(done.stderr.splitlines()) <= 2
    assert set(two_files.iterdir()) == before


@pytest.mark.usefixtures("two_files")
def test_a_master_is_nothing_for_this_engine() -> None:
    """What is given is used, or refused."""
    done = cohort("--output", "out.jsonl", "--master", "local", COLUMNS="999")

    assert done.returncode == 2
    assert "--master says nothing to --engine local" in done.stderr


@pytest.mark.parametrize("is_fhir", [False, True])
def test_a_worker_needs_only_what_is_said(is_fhir: bool, two_files: Path) -> None:
    """Numpy and pyarrow; not what reads commands, rules or languages."""
    if is_fhir:
        for name in ("one", "two"):
            Path(f"{name}.jsonl").write_text('{"resourceType": "QuestionnaireResponse"}\n')
    python = python_with(two_files, "numpy", "pyarrow")
    words = ("--output", "out.jsonl", "--engine", "spark", "--master", "local[1]")
    done = cohort(*words, PYSPARK_PYTHON=python)

    assert done.returncode == 3, done.stderr
    assert "2 rows, 2 rejected" in done.stderr if is_fhir else "18 rows" in done.stderr


def test_lost_connections_are_not_told() -> None:
    """py4j tells of those that we have cut by no name, some time after it."""
    code = """
import logging
from backtriage.tables.spark_session import open_spark
from py4j.java_gateway import GatewayClient
from py4j.protocol import Py4JNetworkError
with open_spark("local[1]"):
    pass
class Lost:
    def send_command(self, command):
        raise Py4JNetworkError("gone")
    def close(self, reset):
        pass
client = GatewayClient()
client._get_connection = Lost
print(client.send_command("x", retry=False))
logging.error("ours")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    assert done.stderr == "ERROR:root:ours\n"


@pytest.mark.parametrize(
    ("whom", "wait"),
    [
        *(("process", wait) for wait in (2, 8)),
        *(("group", wait) for wait in (0.8, 5, 9.5)),
        *(("group, again and again", wait) for wait in (3.5, 6.5)),
    ],
)
def test_ctrl_c_ends_it_at_any_moment(whom: str, wait: float, two_files: Path) -> None:
    """With 130 and without a word; there is all of the output with its rejects, or nothing."""
    for name in ("one", "two"):
        file = Path(f"{name}.jsonl")
        file.write_text(file.read_text() * 20_000)
    words = ["cohort", "one.jsonl", "two.jsonl", "--rules", str(SMALL), "--output", "out.jsonl"]
    command = [sys.executable, "-m", "backtriage", *words, "--engine", "spark", "--master", "local"]
    before = set(two_files.iterdir())
    with subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True) as process:
        try:
            process.wait(wait)
        except subprocess.TimeoutExpired:
            for _ in range(5 if "again" in whom else 1):
                if process.poll() is None:
                    (os.kill if whom == "process" else os.killpg)(process.pid, signal.SIGINT)
                    time.sleep(0.2)
        try:
            _, told = process.communicate(timeout=30)
        finally:
            process.kill()

    left = {path.name for path in set(two_files.iterdir()) - before}
    early = -signal.SIGINT  # before Python listened: a shell calls it 130
    assert process.returncode in (130, 3, early)
    assert process.returncode == 3 or told == b""
    assert b"Traceback" not in told
    assert left in (set(), {"out.jsonl", "out.jsonl.rejects.jsonl"})
    assert process.returncode != 3 or left
