"""`evaluate` takes a file as somebody writes it (codes, names of columns, several files), with each
way to tell it: what was decided upon is what is told of the missed.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from helpers import Done, run, small_with, with_checks

FORMATS = ("t.csv", "t.tsv", "t.jsonl", "nested.jsonl", "t.parquet")
Row = Mapping[str, str | None]


@pytest.fixture(autouse=True)
def here(tmp_path: Path) -> Iterator[Path]:
    """A folder of its own to work in, with a rule set that asks once more in "rules"."""
    small_with(tmp_path, with_checks())
    with chdir(tmp_path):
        yield tmp_path


def write(name: str, rows: Sequence[Row], *, labels: Sequence[str] = ("expected", "id")) -> None:
    """A table of texts in the format of its ending; "nested" has the answers in an object."""
    names = list(rows[0])
    if name.endswith(".parquet"):
        parquet.write_table(pa.table({key: [row[key] for row in rows] for key in names}), name)
    elif name.endswith(".jsonl"):
        with Path(name).open("w") as stream:
            for row in rows:
                beside = {key: row[key] for key in labels if key in row}
                inside = {key: value for key, value in row.items() if key not in beside}
                data = {"answers": inside, **beside} if "nested" in name else row
                stream.write(f"{json.dumps(data)}\n")
    else:
        with Path(name).open("w", newline="") as stream:
            table = csv.DictWriter(stream, names, delimiter="\t" if ".tsv" in name else ",")
            table.writeheader()
            table.writerows(rows)


def call(*words: str | Path) -> Done:
    return run("evaluate", "--rules", "rules", *words)


# Codes --------------------------------------------------------------------------------------------

CODED = {
    "numb": "0",
    "weak": "1",
    "weak_course": "old",
    "age": "40",
    "fall": "not sure, then no",
    "duration": "3 days",
    "steroids": "NA",
    "osteoporosis": "no",
}
MEANT = {
    "numb": "no",
    "weak": "yes",
    "weak_course": "old",
    "age": 40,
    "fall": "not sure, then no",
    "duration": 3,
    "osteoporosis": "no",
}
CODES = ("--yes", "1", "--no", "0", "--missing", "NA,-9")
FALLS = {**CODED, "age": "-9", "duration": "?", "steroids": "0", "fall": "1"}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("more", [(), ("--versus", "rules", "--baseline", "any-red-flag")])
def test_a_missed_patient_is_told_as_it_was_decided_upon(name: str, more: Sequence[str]) -> None:
    """Codes are what they are everywhere, and both answers of who was asked twice are kept."""
    write(name, [{**CODED, "expected": "seek_care_now", "id": "a"}])
    done = call(name, *CODES, *more, "--format", "json")

    assert (done.returncode, done.stderr) == (0, "")
    (missed,) = json.loads(done.stdout)["missed"]
    assert (missed["id"], missed["answers"]) == ("a", MEANT)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    "words", [(), ("--most-listed", "0"), ("--format", "json"), ("--format", "html")], ids=str
)
def test_every_way_to_tell_the_missed_takes_codes(name: str, words: Sequence[str]) -> None:
    """Also where few or none are listed, and where "not sure" and nothing stand beside codes."""
    rows = [{**row, "expected": "seek_care_now", "id": "a"} for row in (CODED, FALLS, CODED)]
    write(name, rows)
    done = call(name, *CODES, *words)

    assert (done.returncode, done.stderr) == (0, "")
    assert "3" in done.stdout
