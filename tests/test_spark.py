"""The same code on Spark: what it says of every row is what the engine says. Needs pyspark and
Java.
"""

import json
import shutil
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
from helpers import SHIPPED, SMALL
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
