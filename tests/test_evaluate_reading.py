"""`evaluate` reads a file as `cohort` does: the same rows, the same meaning, the same rejects."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import AnswersError, FileError, load
from backtriage.errors import NothingRead, name_kind
from backtriage.study.evaluate import Columns, Evaluated, Options, evaluate
from backtriage.tables import Job
from backtriage.tables.work import run_job
from helpers import SMALL
from strategies import examples

RULES = load(SMALL)
WELL = {
    "numb": "no",
    "weak": "no",
    "age": 40,
    "fall": "no",
    "duration": "5 days",
    "steroids": "no",
    "osteoporosis": "no",
}
"""Whose right advice is another than home care is missed, and so comes out as it was read."""


@pytest.fixture(autouse=True)
def here(tmp_path: Path) -> Iterator[Path]:
    """A folder of its own, to work in."""
    with chdir(tmp_path):
        yield tmp_path


def read(text: str | bytes, name: str = "t.jsonl", **columns: str) -> Evaluated:
    """What comes out for a file of this name."""
    file = Path(name)
    content = text if isinstance(text, bytes) else text.encode()
    file.write_bytes(gzip.compress(content) if name.endswith(".gz") else content)
    return evaluate(RULES, file, Options(columns=Columns(**columns)))


# JSON Lines ---------------------------------------------------------------------------------------


def test_answers_may_stand_by_themselves_or_beside_the_labels() -> None:
    """Both are the same patient; beside an object "answers" anything may stand."""
    labels = {"expected": "seek_care_now", "id": 7, "diagnosis": "nerve"}
    flat = {**WELL, **labels}
    nested = {"answers": WELL, **labels, "ward": {"numb": "yes"}, "numb": "yes", "simulated": True}
    found = read(f"{json.dumps(flat)}\n\n{json.dumps(nested)}\n")

    first, second = found.missed
    assert first.answers == second.answers
    assert (first.patient.row, second.patient.row) == (1, 3)
    assert (first.patient.id, first.patient.diagnosis) == ("7", "nerve")
    assert (second.patient.id, second.patient.diagnosis) == ("7", "nerve")
    assert (found.patients, found.simulated) == (2, 1)


def test_keys_that_no_question_has_are_told() -> None:
    """Of a line with its answers in an object those in there; what stands beside is free."""
    labels = {"expected": "seek_care_now"}
    nested = {"answers": {"num": "yes", "weak": "no"}, "ward": 3, **labels}
    flat = {"steriods": "yes", "weak": "no", **labels}

    assert read(json.dumps(nested)).ignored == ("num",)
    assert read(json.dumps(flat)).ignored == ("steriods",)
    both = read(f"{json.dumps(nested)}\n{json.dumps(flat)}\n")
    assert both.ignored == ("num", "steriods", "ward")


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([1], "not-an-object"),
        ("numb: yes", "not-an-object"),
        (5, "not-an-object"),
        (True, "not-an-object"),
        ({"age": -1}, "out-of-range"),
        ({"numb": {"numb": "yes"}}, "wrong-type"),
    ],
)
def test_an_object_of_answers_that_is_none_is_told(answers: object, code: str) -> None:
    """With its row; the rows around it are read."""
    good = json.dumps({"answers": WELL, "expected": "seek_care_now"})
    bad = json.dumps({"answers": answers, "expected": "seek_care_now"})
    found = read(f"{good}\n{bad}\n{good}\n")

    assert [(row.row, row.issues[0].code) for row in found.malformed] == [(2, code)]
    assert code != "not-an-object" or name_kind(answers) in str(found.malformed[0].issues[0])
    assert [missed.patient.row for missed in found.missed] == [1, 3]


def test_null_under_answers_is_nothing() -> None:
    """As null is everywhere."""
    found = read(json.dumps({"answers": None, **WELL, "expected": "seek_care_now"}))

    assert len(found.missed) == 1


# Labels -------------------------------------------------------------------------------------------


def test_labels_may_have_other_names() -> None:
    """As the options say."""
    text = json.dumps(WELL | {"truth": "seek_care_now", "dx": "nerve", "nr": "a"})
    (missed,) = read(text, expected="truth", diagnosis="dx", id="nr").missed

    assert (missed.patient.expected, missed.patient.diagnosis) == ("seek_care_now", "nerve")
    assert missed.patient.id == "a"


@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
@pytest.mark.parametrize("columns", [{"diagnosis": "dx"}, {"id": "nr"}, {"weight": "w"}], ids=str)
def test_a_label_that_was_named_must_be_there(name: str, columns: dict[str, str]) -> None:
    """Or else a misspelt name would leave out what it was named for."""
    text = "expected,numb\nhome_care,no\n" if name == "t.csv" else '{"expected": "home_care"}\n'

    with pytest.raises(FileError, match="no-column there is no column"):
        read(text, name, **columns)


def test_a_table_without_the_right_advice_is_refused() -> None:
    """With a hint at the column that it may be."""
    with pytest.raises(FileError, match='no-column there is no column "expected"; did you mean "e'):
        read("expectd,numb\nhome_care,no\n", "t.csv")


@pytest.mark.parametrize(
    ("label", "told"),
    [
        ("", "nothing is not an advice"),
        (" ", "nothing is not an advice"),
        ("hom_care", 'did you mean "home_care"?'),
        ("Home care", '"Home care" is not an advice'),
        ("0", "choose from home_care"),
    ],
)
@pytest.mark.parametrize("name", ["t.csv", "t.jsonl"])
def test_what_is_no_advice_is_told_with_its_row(label: str, told: str, name: str) -> None:
    """And the row is not counted."""
    rows = {"t.csv": f'numb,expected\nno,"{label}"\n', "t.jsonl": json.dumps({"expected": label})}
    found = read(rows[name], name)

    assert found.patients == 0
    ((issue,),) = (row.issues for row in found.malformed)
    assert (issue.code, issue.path) == ("wrong-value", "expected")
    assert told in str(issue)


# Files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["t.jsonl", "t.jsonl.gz"])
def test_a_file_with_nothing_in_it_is_no_result(name: str) -> None:
    """Nothing was read, so nothing can be said."""
    with pytest.raises(AnswersError, match="no-input"):
        read("", name)


@pytest.mark.parametrize("name", ["t.txt", "t", "t.json", "t.xlsx"])
def test_a_file_of_no_known_ending_is_refused(name: str) -> None:
    """As by `cohort`."""
    with pytest.raises(FileError, match="unknown-ending"):
        read('{"expected": "home_care"}', name)


TABLE = """\
id,numb,age,duration,note,expected,diagnosis
a,no,40,6 weeks,x,seek_care_now,nerve
"""
GAPS = "b,no,,,,home_care,\n"


@pytest.mark.parametrize(
    "name",
    ["t.csv", "t.tsv", "t.csv.gz", "semicolons.csv", "t.jsonl.gz", "t.parquet", "typed.parquet"],
)
def test_the_same_patients_come_out_of_every_format(name: str) -> None:
    """By the ending; what stands between the values of a table is seen in its header."""
    well = "".join(f",{one}" for one in ("weak", "fall", "steroids", "osteoporosis"))
    head, *rows = (TABLE + GAPS).splitlines()
    text = "".join(f"{row}\n" for row in [head + well, rows[0] + ",no" * 4, rows[1] + ",,,,"])
    Path("table.csv").write_text(text)
    if ".parquet" in name:
        types = "all_varchar = true"
        if "typed" in name:
            types = "types = {'numb': 'BOOLEAN', 'age': 'DECIMAL(5, 1)'}"
        duckdb.execute(f"COPY (FROM read_csv('table.csv', {types}, nullstr = '')) TO '{name}'")
        found = evaluate(RULES, Path(name))
    elif ".jsonl" in name:
        objects = csv.DictReader(io.StringIO(text))
        lines = (json.dumps({k: v for k, v in row.items() if v}) for row in objects)
        found = read("".join(f"{line}\n" for line in lines).replace('"40"', "40"), name)
    else:
        mark = ";" if "semicolons" in name else "\t" if ".tsv" in name else ","
        found = read(text.replace(",", mark), name)

    (missed,) = found.missed
    assert found.malformed == ()
    assert missed.answers == {
        "numb": "no", "weak": "no", "age": 40, "fall": "no", "duration": 42, "steroids": "no",
        "osteoporosis": "no",
    }  # fmt: skip
    assert (missed.patient.row, missed.patient.id, missed.patient.diagnosis) == (1, "a", "nerve")
    (open_,) = found.unsettled
    assert (open_.row, open_.id, open_.expected, open_.diagnosis) == (2, "b", "home_care", None)
    assert found.ignored == ("note",)


# One reader ---------------------------------------------------------------------------------------

CELLS = st.sampled_from(
    ["", " ", "yes", "no", " no ", "YES", "perhaps", "not sure", "40", "6 weeks", '"a, b"',
     '"a\nb"', '"a"b', '"', "a,b", "-1", "0", "\r", "true", "nan", "1.5", "1,5"]
)  # fmt: skip
NAMES = st.sampled_from(["numb", "age", "duration", "Age", "note", "", " "])
JSON_VALUES = st.sampled_from(
    ['"yes"', '"no"', "true", "null", "40", "1.5", '"6 weeks"', '"6"', '""', '" "', "[1]", "{}",
     "NaN", "1e400", '"\\ud800"', "01", '"a, b"', '"x']
)  # fmt: skip


@st.composite
def csv_tables(draw: st.DrawFn) -> str:
    """Tables of few columns and rows, some of which are none."""
    names = draw(st.lists(NAMES, min_size=1, max_size=4))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    rows = draw(st.lists(st.lists(CELLS, min_size=0, max_size=5), max_size=5))
    row_texts = [",".join([draw(st.just("home_care") | CELLS), *row]) for row in rows]
    return end.join([",".join(["expected", *names]), *row_texts]) + draw(st.sampled_from(["", end]))


@st.composite
def json_lines(draw: st.DrawFn) -> str:
    """Lines of objects, some of which are none."""
    keys = st.sampled_from(['"numb"', '"age"', '"duration"', '"note"', "numb"])
    lines = []
    for _ in range(draw(st.integers(0, 5))):
        members = draw(st.lists(st.tuples(keys, JSON_VALUES), max_size=4))
        pairs = ", ".join(f"{key}: {value}" for key, value in members)
        mark = ", " if members or draw(st.booleans()) else ""
        lines.append(f'{{"expected": "home_care"{mark}{pairs}}}')
    lines += draw(st.lists(st.sampled_from(["", " ", "[]", "{", '{"expected": "home_care"} x'])))
    return "\n".join(draw(st.permutations(lines)))


def told_by_cohort(name: str) -> list[Any] | str:
    """The rows that are rejected and why, or that the file is; its labels are no matter to it."""
    job = Job(rule_set=RULES, inputs=(Path(name),), output=Path("out.jsonl"), keys=("expected",))
    try:
        summary = run_job(job)
    except (FileError, NothingRead) as error:
        return error.issues[0].code
    rejects = (
        [json.loads(line) for line in job.rejects.read_text().splitlines()]
        if (summary.rejected)
        else []
    )
    told = {reject["row"]: [error["code"] for error in reject["errors"]] for reject in rejects}
    return [summary.rows, told]


def told_by_evaluate(name: str) -> list[Any] | str:
    """The same by `evaluate`, without what is wrong with the right advice."""
    try:
        found = evaluate(RULES, Path(name))
    except (FileError, NothingRead) as error:
        return error.issues[0].code
    except AnswersError:
        return [0, {}]
    of_answers = {
        row.row: [issue.code for issue in row.issues if issue.path != "expected"]
        for row in found.malformed
    }
    told = {row: codes for row, codes in of_answers.items() if codes}
    return [found.patients + found.malformed_rows, told]


@given(csv_tables())
@examples(300)
def test_cohort_and_evaluate_say_the_same_of_a_table(text: str) -> None:
    """How many rows it has, which of them cannot be used and why, or why it cannot be read."""
    Path("t.csv").write_bytes(text.encode())

    assert told_by_evaluate("t.csv") == told_by_cohort("t.csv")


@given(json_lines())
@examples(300)
def test_cohort_and_evaluate_say_the_same_of_lines(text: str) -> None:
    """The same of JSON Lines."""
    Path("t.jsonl").write_text(text)
    by_cohort = told_by_cohort("t.jsonl")

    # `cohort` was asked for a column that no line has, or knows of no label that is wrong
    if by_cohort not in ("no-column", "nothing-read"):
        assert told_by_evaluate("t.jsonl") == by_cohort
