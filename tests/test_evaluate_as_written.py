"""`evaluate` takes a file as somebody writes it (codes, names of columns, several files), with each
way to tell it: what was decided upon is what is told of the missed.
"""

import csv
import json
import re
import shlex
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


# Names of columns ---------------------------------------------------------------------------------

PATIENT = {**CODED, "expected": "seek_care_now", "id": "a"}
OTHERWISE = {"numb": "Taub", "age": "years", "fall": "A fall"}
PAIRS = ("--column", "numb=Taub", "--column", "age=years", "--column", "fall=A fall")


def rename(row: Row, names: Mapping[str, str]) -> Row:
    return {names.get(key, key): value for key, value in row.items()}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("more", [(), ("--versus", "rules")])
def test_questions_may_have_columns_by_other_names(name: str, more: Sequence[str]) -> None:
    """As for `cohort`; one without a column is answered by nobody, and its own is told."""
    write(name, [{**rename(PATIENT, OTHERWISE), "steroids": "yes"}])
    done = call(name, *CODES, *PAIRS, "--column", "steroids=", *more, "--format", "json")
    found = json.loads(done.stdout)

    assert done.returncode == 0
    assert (
        done.stderr == "backtriage: columns that no question has: steroids"
        ' (did you mean "steroids"?)\n'
    )
    assert [missed["answers"] for missed in found["missed"]] == [MEANT]
    assert found["unanswered"] == ["steroids"]


@pytest.mark.parametrize("name", FORMATS)
def test_what_is_said_of_columns_that_are_no_question_helps(name: str) -> None:
    """Whoever does as they are told has a result."""
    names = {"numb": "NUMB", "weak": "Weak", "age": "Age"}
    well = {key: PATIENT[key] for key in (*names, "expected", "id")}
    write(name, [rename(well, names)])
    refused = call(name, *CODES)
    pairs = re.search(r'(--column "[^"]+" ?)+', refused.stderr)

    assert refused.returncode == 9
    assert pairs is not None
    done = call(name, *CODES, *shlex.split(pairs[0]), "--format", "json")
    assert (done.returncode, json.loads(done.stdout)["patients"]) == (0, 1)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--column", "numb=none"), 5, 'no-column there is no column "none"'),
        (("--column", "num=numb"), 2, 'did you mean "numb"?'),
        (("--column", "numb"), 2, "write QUESTION=COLUMN"),
        (("--column", "numb=_n"), 5, 'a column "_n" cannot be used'),
    ],
)
def test_a_column_that_cannot_be_is_told(
    name: str, words: Sequence[str], code: int, told: str
) -> None:
    """As by `cohort`."""
    write(name, [PATIENT])
    done = call(name, *CODES, *words)

    assert (done.returncode, done.stdout) == (code, "")
    assert told in " ".join(done.stderr.split())


@pytest.mark.parametrize("name", [one for one in FORMATS if "sv" not in one])
def test_marks_of_csv_are_refused_elsewhere(name: str) -> None:
    """As by `cohort`; they would have been lost silently."""
    write(name, [PATIENT])

    assert "no-csv" in call(name, *CODES, "--separator", ";").stderr


# Very many rows that cannot be used ---------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("rows", [1, 5, 3000])
def test_what_is_told_of_malformed_rows_is_bounded_and_complete(name: str, rows: int) -> None:
    """The first are told whole, the others are counted, and so are the rows that an option helps;
    JSON has as many as are asked for.
    """
    write(name, [PATIENT] * rows)
    done = call(name, "--format", "json", "--most-listed", "7")
    lines = done.stderr.splitlines()
    told = [int(found[1].replace(",", "")) for one in lines if (found := ROW.search(one))]
    more = re.search(
        r"backtriage: ([\d,]+) more rows cannot be used; --format json has", done.stderr
    )
    left_out = int(more[1].replace(",", "")) if more else 0

    assert done.returncode == 3
    assert len(lines) < 120
    assert set(told) == {*range(1, rows - left_out + 1)}
    assert {told.count(row) for row in told} == {3}
    assert (
        f"of the rows that cannot be used, {rows:,}: if numbers are codes for yes and no"
        in done.stderr
    )
    assert f"of the rows that cannot be used, {rows:,}: if nothing is known" in done.stderr
    found = json.loads(done.stdout)
    assert (found["malformed_rows"], len(found["malformed"])) == (rows, min(rows, 7))


ROW = re.compile(r"^backtriage: row ([\d,]+): ")


def test_rows_left_out_are_counted_also_where_there_is_no_result() -> None:
    """As a label that was named is missing, which of JSON is known at the end."""
    write("t.jsonl", [PATIENT] * 500)
    done = call("t.jsonl", "--diagnosis", "dx")

    assert (done.returncode, done.stdout) == (5, "")
    assert "more rows cannot be used" in done.stderr


# Several files ------------------------------------------------------------------------------------

SPREAD = ("d/a.csv", "d/b.csv"), ("d/a.jsonl", "d/b.jsonl"), ("d/a.parquet", "d/b.parquet")


@pytest.mark.parametrize("names", SPREAD, ids=str)
@pytest.mark.parametrize("given", ["d", "d/*"])
def test_a_row_of_several_files_is_told_with_its_file(names: Sequence[str], given: str) -> None:
    """On stderr, in text, on the page and in JSON; of the first file come the first patients."""
    Path("d").mkdir()
    bad, fine = {**PATIENT, "age": "999"}, {**PATIENT, "expected": "home_care"}
    write(names[0], [fine, fine, PATIENT, bad])
    write(names[1], [PATIENT, bad])
    (Path("d") / "_SUCCESS").touch()
    given = f"{given}.{names[0].partition('.')[2]}" if "*" in given else given
    text, page, data = (
        call(given, *CODES, *words) for words in ((), ("--format", "html"), ("--format", "json"))
    )

    for name, row in zip(names, (4, 2), strict=True):
        assert f"backtriage: row {row} of {name}: age: out-of-range " in text.stderr
        assert f"<li>Row {row} of {name}: age: " in page.stdout
    for place in (f"row 3 of {names[0]}", f"row 1 of {names[1]}"):
        assert f"patient a ({place}), " not in page.stdout
        assert place in text.stdout
        assert f"patient a ({place})" in page.stdout
    found = json.loads(data.stdout)
    assert [(one["file"], one["row"]) for one in found["missed"]] == [(names[0], 3), (names[1], 1)]
    assert [(one["file"], one["row"]) for one in found["malformed"]] == [
        (names[0], 4),
        (names[1], 2),
    ]
    few = json.loads(call(given, *CODES, "--most-listed", "1", "--format", "json").stdout)
    assert [(one["file"], one["row"]) for one in few["missed"]] == [(names[0], 3)]


def test_of_one_file_no_name_is_told() -> None:
    """It is known."""
    write("t.csv", [PATIENT])

    assert "file" not in json.loads(call("t.csv", *CODES, "--format", "json").stdout)["missed"][0]


def test_no_file_that_is_read_is_written_over() -> None:
    """Neither by its name nor as one of a pattern or a folder."""
    Path("d").mkdir()
    write("d/a.csv", [PATIENT])
    before = Path("d/a.csv").read_text()
    for given in ("d/a.csv", "d/*.csv", "d"):
        done = call(given, *CODES, "--output", "d/a.csv")
        assert (done.returncode, Path("d/a.csv").read_text()) == (5, before)


# Weights ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FORMATS)
def test_a_weight_that_is_none_is_shown(name: str) -> None:
    """In each format, as it stands there."""
    rows = [{**PATIENT, "w": weight} for weight in ("2", "much", "")]
    write(name, rows, labels=("expected", "id", "w"))
    done = call(name, *CODES, "--weight", "w")

    assert 'row 2: w: wrong-value "much" is no weight' in done.stderr
    assert "row 3: w: wrong-value" in done.stderr


@pytest.mark.parametrize("form", ["text", "html"])
def test_what_a_number_behind_a_share_by_weight_is_stands_there(form: str) -> None:
    """It counts nobody; without weights it counts patients, and needs no word."""
    write("t.csv", [{**PATIENT, "w": weight} for weight in ("1", "9")])
    plain, weighed = (
        " ".join(call("t.csv", *CODES, *words, "--format", form).stdout.split())
        for words in ((), ("--weight", "w"))
    )

    assert "Kish" not in plain
    assert "is then no count of patients, but of as many people as count alike" in weighed
