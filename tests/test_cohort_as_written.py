"""Tables as others write them: headers, line ends, codes; what is told where nothing is read; and
where the output goes.
"""

import fcntl
import json
import os
from collections import Counter
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import load
from backtriage.model import Number, YesNo
from backtriage.tables import Job
from backtriage.tables.csv_rows import CsvRows
from backtriage.tables.notation import Codes
from backtriage.tables.totals import list_hints
from backtriage.tables.values import understand_value
from backtriage.tables.work import run_job
from backtriage.unfinished import hold_place, open_unfinished_folder
from helpers import SMALL, called
from strategies import examples

RULES = load(SMALL)


@pytest.fixture
def call(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Any:
    """Run the command in a folder of its own, on a file with this content."""
    monkeypatch.chdir(tmp_path)

    def cohort(content: str | bytes, *words: str, name: str = "in.csv") -> tuple[int, str]:
        data = content.encode() if isinstance(content, str) else content
        Path(name).write_bytes(data)
        words = ("cohort", name, "--output", "out.jsonl", *words)
        code, _, err = called(capsys, monkeypatch, *words, "--rules", SMALL)
        return code, " ".join(err.split())

    return cohort


def findings() -> dict[int, list[str]]:
    """The findings of each row of the output."""
    rows = map(json.loads, Path("out.jsonl").read_text().splitlines())
    return {row["row"]: row["findings"] for row in rows}


def rejects() -> list[dict[str, Any]]:
    file = Path("out.jsonl.rejects.jsonl")
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


# Headers and lines ----------------------------------------------------------------------------

TABLE = [["nr", "numb", "note"], ["1", "yes", "x"], ["2", "no", ""], ["3", "yes", "y z"]]
FOUND = {1: ["numb"], 2: [], 3: ["numb"]}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quote", ['"', "'", ""])
@pytest.mark.parametrize("begin", ["", "\ufeff", "{end}{end}"])
def test_a_table_means_the_same_however_it_is_written(
    call: Any, end: str, mark: str, quote: str, begin: str
) -> None:
    """Any line end, mark, quote, and what some programs put in front."""
    lines = [mark.join(f"{quote}{cell}{quote}" for cell in row) for row in TABLE]
    typed = ["--separator", mark] if mark == "|" else []
    typed += ["--quote", quote or "none"] if quote != '"' else []

    content = begin.format(end=end) + end.join([*lines, ""])

    assert call(content, *typed)[0] == 0
    assert findings() == FOUND


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("line", ["sep=|", "SEP=|", '"sep=|"', "\ufeffsep=|"])
def test_a_first_line_that_names_the_separator_is_understood(
    call: Any, line: str, end: str
) -> None:
    """As spreadsheets write it; it is no header."""
    rows = [line, *("|".join(row) for row in TABLE)]

    assert call(end.join(rows))[0] == 0
    assert findings() == FOUND


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("written", ["pain{end}score", " pain  score ", "pain{end}{end}\tscore"])
def test_line_breaks_and_blanks_in_the_name_of_a_column_are_one_blank(
    call: Any, written: str, end: str
) -> None:
    """As it is then typed with --column."""
    name = written.format(end=end)
    content = end.join([f'nr,"{name}",age', "1,yes,47", '2,"no",48', ""])

    assert call(content, "--column", "numb=pain score")[0] == 0
    assert findings() == {1: ["numb"], 2: []}


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("numb,numb", "twice: numb (columns 1, 2)"),
        ("numb,x,NUMB", "twice, but for case: numb (columns 1, 3)"),
        ("numb\rage,x", "carriage return (CR) within it, at character 5"),
        ('"numb"x,age', "a quote in the header is not closed"),
        (b"numb,n\xe4me", "no UTF-8"),
        ("", "no header"),
    ],
)
def test_a_header_that_cannot_be_used_is_told_with_what_and_where(
    call: Any, header: str | bytes, message: str
) -> None:
    """In words of our own, and with a way out."""
    data = header.encode() if isinstance(header, str) else header
    code, err = call(data + b"\n1,2\n" if data else b"")

    assert code == 5
    assert message in err
    assert "; " in err
    assert not Path("out.jsonl").exists()


@pytest.mark.parametrize("row", [",,", " , ,\t", '"",,""', '" ",,', "\u00a0,,\u2003", ",", ",,,,,"])
@pytest.mark.parametrize("broken", ["", '7,"x"y,z\n'], ids=["sound", "broken"])
def test_a_row_of_empty_values_is_no_patient_but_has_a_number(
    call: Any, row: str, broken: str
) -> None:
    """Spreadsheets leave such rows; a blank line has none."""
    code, err = call(f"nr,numb,note\n1,yes,x\n{row}\n\n   \n3,no,\n{row}\n{row}\n{broken}")

    assert code == (3 if broken else 0)
    assert f"{3 if broken else 2} rows," in err
    assert findings() == {1: ["numb"], 3: []}
    assert [reject["row"] for reject in rejects()] == ([6] if broken else [])


@pytest.mark.parametrize("cell", [" ", "\t", "\u00a0", "   ", '" "'])
@pytest.mark.parametrize("question", RULES.questions)
def test_a_blank_cell_is_no_answer(call: Any, question: str, cell: str) -> None:
    """As an empty one."""
    assert call(f"nr,{question}\n1,{cell}\n")[0] == 0


ROWS = {
    "row": ['{n},"a\n\nb"', '{n},"a\r\nb"', '"{n}",b', "{n},é", '{n},"say ""x"""'],
    "broken": ["{n}", '{n},"x"y', "{n},b,c", '{n},"a\n",c', 'x"{n},b'],
    "empty": [",", " ,", '"",'],
    "blank": ["", "  "],
}
SORTS = st.sampled_from([(sort, row) for sort, rows in ROWS.items() for row in rows])


@given(rows=st.lists(SORTS, max_size=30), size=st.sampled_from([1, 3, 1000]))
@examples(100)
def test_rows_keep_their_numbers_and_rejects_their_lines(
    rows: list[tuple[str, str]], size: int
) -> None:
    """Whatever stands before them: broken rows, line ends in values, empty rows, blank lines."""
    lines = [(sort, row.format(n=place)) for place, (sort, row) in enumerate(rows, 100)]
    counted = [(sort, line) for sort, line in lines if sort != "blank"]
    wanted = {
        number: line if sort == "broken" else line.strip('"')[:3]
        for number, (sort, line) in enumerate(counted, 1)
        if sort != "empty"
    }
    found = {}
    with TemporaryDirectory() as folder, chdir(folder):
        text = "\n".join(["nr,note", *(line for _, line in lines), ""])
        Path("in.csv").write_text(text, newline="")
        for _, make in CsvRows([Path("in.csv")], size).read(["nr", "note"], []):
            batch = make()
            values = batch.columns["nr"].to_pylist() if len(batch.rows) else []
            found.update(zip(batch.rows.tolist(), values, strict=True))
            found.update((broken.row, broken.line) for broken in batch.broken)

    assert found == {number: line.replace("\r", "") for number, line in wanted.items()}


def test_in_a_table_with_tabs_a_line_of_tabs_has_a_number(call: Any) -> None:
    """Though nothing but blanks stands there."""
    assert call("nr\tnumb\n\t\n \t \n \n3\tyes\n", name="in.tsv")[0] == 0
    assert findings() == {3: ["numb"]}


# Codes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
@pytest.mark.parametrize("code", ["NA", "na", ".", "-9", "999", "#N/A", "-9.0", " NA "])
@pytest.mark.parametrize("question", RULES.questions)
def test_a_code_for_no_answer_is_none_if_it_is_said(
    call: Any, question: str, code: str, ending: str
) -> None:
    """To any question, whatever it would be taken for else."""
    table = f"nr,{question}\n1,{code}\n"
    line = json.dumps({"nr": 1, question: code}) + "\n"
    content = table if ending == "csv" else line

    found, _ = call(content, "--missing", "NA,.,-9", "--missing=999,#N/A", name=f"in.{ending}")

    assert found == 0
    assert rejects() == []
    assert findings() == {1: []}


@pytest.mark.parametrize("code", ["NA", ".", "-9", "-", "NULL", "None", "#N/A", "n/a", "-99"])
@pytest.mark.parametrize("question", RULES.questions)
def test_a_hint_never_steers_from_missing_to_not_sure(call: Any, question: str, code: str) -> None:
    """What looks like a code is told how to say so."""
    assert call(f"nr,{question}\n1,{code}\n")[0] == 3
    ((error,),) = [reject["errors"] for reject in rejects()]

    assert f"--missing={code}" in error["suggestion"]
    assert "leave it empty" in error["suggestion"]
    assert "not sure" not in error["suggestion"]


def test_what_would_help_many_rows_is_told_with_the_summary(call: Any) -> None:
    """Nobody reads thousands of rejects."""
    _, err = call("nr,numb,weak\n1,NA,NA\n2,1,no\n3,0,NA\n4,1,no\n5,yes\n")

    assert (
        "Of the rejected rows, 2: if nothing is known there, leave it empty, or say --missing=NA."
        in err
    )
    assert "Of the rejected rows, 3: if numbers are codes for yes and no," in err
    assert 'Of the rejected rows, 1: values are taken to have "," between them;' in err
    assert "Red flags" not in err


def test_a_way_out_is_not_one_that_was_taken(call: Any) -> None:
    """Where codes for yes and no are named, another number needs another word."""
    _, err = call("nr,numb\n1,2\n", "--yes", "1", "--no", "0")

    assert "if this is a code for yes or no too, name it with --yes or --no" in err


@pytest.mark.parametrize("name", ["in.csv", "in.tsv"])
def test_the_ending_says_what_parts_the_values_of_a_single_column(call: Any, name: str) -> None:
    code, _ = call("duration\n3 weeks, 2 days\n", name=name)

    assert code == (0 if name == "in.tsv" else 3)


def test_the_order_of_ways_out_is_always_the_same() -> None:
    """Also of those that help as many rows, which a set has in any order."""
    hints = Counter({"d --x": 1, "c --x": 2, "b --x": 2, "a --x": 2, "e --x": 3})

    assert list(list_hints(hints)) == ["e --x", "a --x", "b --x"]


@pytest.mark.parametrize("question", RULES.questions)
@pytest.mark.parametrize("value", ["perhaps so", "ND", "x", "0", "1", "2"])
def test_wherever_not_sure_is_a_way_out_so_is_no_answer(question: str, value: str) -> None:
    """Any word that is refused may mean that nothing is known."""
    issue = understand_value(RULES.questions[question], value)
    suggestion = getattr(issue, "suggestion", None) or ""

    assert "not sure" not in suggestion or "leave it empty" in suggestion


def test_codes_for_yes_and_no_hold_for_yes_no_questions_alone(call: Any) -> None:
    """A number of another question stays one; so do the words."""
    content = "nr,numb,age\n1,1,1\n2,0,0\n3,yes,47\n4,Ja,\n5,2,\n"

    assert call(content, "--yes", "1,ja", "--no=0", "--no", "2")[0] == 0
    assert findings() == {1: ["numb"], 2: [], 3: ["numb"], 4: ["numb"], 5: []}
    assert call("nr,numb\n1,1\n")[0] == 3
    assert "--yes 1 --no 0" in rejects()[0]["errors"][0]["suggestion"]


def test_a_code_may_belong_to_one_question(call: Any) -> None:
    """Elsewhere the same number is an answer."""
    content = "nr,age,duration\n1,9,9\n"
    job = ["--missing", "age=9"]

    assert call(content, *job)[0] == 0
    row = json.loads(Path("out.jsonl").read_text())
    assert call("nr,age,duration\n1,,9\n")[0] == 0
    assert row == json.loads(Path("out.jsonl").read_text())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--yes", "no"), 'means "no"'),
        (("--no", "Yes"), 'means "yes"'),
        (("--no", "unknown"), 'means "not sure"'),
        (("--missing", "yes"), "this is an answer to"),
        (("--missing", "worse"), "this is an answer to"),
        (("--yes", "1", "--no", "1"), "two meanings"),
        (("--yes", "1", "--missing", "1.0"), "two meanings"),
        (("--separator", "ab"), "one mark"),
        (("--separator", "a"), "one mark"),
        (("--separator", '"'), "one mark"),
        (("--quote", "\n"), "one mark"),
    ],
)
def test_codes_and_marks_that_cannot_be_meant_are_refused(
    call: Any, words: tuple[str, ...], message: str
) -> None:
    """Least of all is what is unknown a no."""
    code, err = call("nr,numb\n1,yes\n", *words)

    assert code == 2
    assert message in err


@given(
    given_value=st.sampled_from([None, True, False, 0, 1, 1.0, "1", " 1 ", "1.0", "yes", [], "x"]),
    codes=st.builds(
        lambda missing, yes: Codes(missing=frozenset(missing), yes=frozenset(yes)),
        st.sets(st.sampled_from([0, 1, "x"])),
        st.sets(st.sampled_from([2, "ja"])),
    ),
)
@examples(100)
def test_a_code_is_neither_true_nor_false(given_value: object, codes: Codes) -> None:
    """Though Python takes True for 1: what has the type of an answer is one."""
    found = codes.read(given_value)

    assert found is given_value or not isinstance(given_value, bool | list)
    assert (found is None) == (given_value is None or found is not given_value)


def test_many_distinct_numbers_have_their_codes_too(call: Any) -> None:
    """They are not looked at one by one."""
    (age,) = [one.id for one in RULES.questions.values() if isinstance(one, Number)][:1]
    lines = [f"{number / 100},no" for number in range(5_000)]
    content = "\n".join([f"{age},numb", *lines, "47,no", ""])

    assert call(content, "--missing", "47,3.5")[0] == 0
    rows = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert call("\n".join([f"{age},numb", ",no", ""]))[0] == 0
    nothing = json.loads(Path("out.jsonl").read_text())
    for place in (350, 4_700, 5_000):
        assert rows[place] | {"row": 1} == nothing
    assert rows[351] | {"row": 1} != nothing or isinstance(RULES.questions["numb"], YesNo)


@pytest.mark.parametrize("words", [("--separator", ";"), ("--quote", "none")])
def test_marks_are_refused_where_there_are_none(call: Any, words: tuple[str, ...]) -> None:
    """Else they would be passed over without a word."""
    code, err = call('{"numb": "yes"}\n', *words, name="in.jsonl")

    assert code == 5
    assert "only CSV" in err


# Nothing read ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("in.csv", "nr|age|numb\n1|47|yes\n", '--separator "|"'),
        ("in.csv", "nr:age:numb\n1:47:yes\n", '--separator ":"'),
        ("in.csv", "nr;numb;note (who, when, where, why)\n1;yes;x\n", '--separator ";"'),
        ("in.csv", "nr|years|pins\n1|47|yes\n", '--separator "|"'),
        ("in.csv", "NR,AGE,NUMB\n1,47,yes\n", '--column "age=AGE" --column "numb=NUMB"'),
        ("in.csv", "age,Numb,WEAK\n1,47,yes\n", 'hardly a column is a question'),
        ("in.csv", "1,47,yes\n2,48,no\n", "the first line is taken for the header"),
        ("in.csv", "Clinic 2026\nnr,numb\n1,yes\n", "the columns are: Clinic 2026; the first line"),
        ("in.csv", "nr,numbb,x\n1,yes,\n", 'did you mean "numb"?'),
        ("in.csv", "p,q\n1,2\n", "--column QUESTION=COLUMN"),
        ("in.jsonl", '{"id": 1, "values": {"numb": "yes"}}\n', 'not in an object "values"'),
        ("in.jsonl", '{"NUMB": "yes"}\n{"AGE": 1}\n', '--column "age=AGE"'),
        ("in.jsonl", '{"id": 1}\n[]\n', "the columns are: id"),
    ],
)  # fmt: skip
def test_where_no_question_has_a_column_nothing_is_written(
    call: Any, name: str, content: str, message: str
) -> None:
    """A script sees it by the exit code, and a person what there is and what to do."""
    Path("out.jsonl").write_text("of another day")

    code, err = call(content, name=name)

    assert code == 9
    assert message in err
    assert Path("out.jsonl").read_text() == "of another day"
    assert {path.name for path in Path().iterdir()} == {name, "out.jsonl"}


@pytest.mark.parametrize("words", [(), ("--id", "nr")])
def test_a_json_list_is_told_line_by_line(call: Any, words: tuple[str, ...]) -> None:
    """With the way out, and not that there is no such column."""
    code, err = call('[{"nr": 1, "numb": "yes"}]\n', *words, name="in.jsonl")

    assert code == 3
    assert "no column" not in err.lower() or "No column, so not answered" in err
    assert "one object on each line" in rejects()[0]["errors"][0]["suggestion"]


@pytest.mark.parametrize("ends", ["\r", "\r\r"])
def test_lines_of_json_that_end_as_on_old_macs_are_told_by_that(call: Any, ends: str) -> None:
    """As for `assess` they are one line."""
    assert call(ends.join(['{"numb": "yes"}', '{"numb": "no"}', ""]), name="in.jsonl")[0] == 3
    assert "carriage return (CR)" in rejects()[0]["errors"][0]["suggestion"]


def test_columns_that_were_named_are_enough(call: Any) -> None:
    """Others may be called nearly like questions then."""
    content = "n,AGE,WEAK,FALL\nyes,47,no,no\n"

    assert call(content, "--column", "numb=n")[0] == 0
    assert call(content, "--column", "age=AGE", "--column", "weak=", "--column", "fall=")[0] == 0


# Where it goes --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["pipe", "link to a device", "folder", "hard link", "soft link"])
@pytest.mark.parametrize("target", ["out.jsonl", "out.jsonl.rejects.jsonl"])
def test_only_a_file_that_is_no_input_is_written_over(call: Any, kind: str, target: str) -> None:
    """Neither by its own name, nor by that of the rejects."""
    Path("in.csv").write_text("numb\nyes\n")
    place = Path(target)
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "folder":
        place.mkdir()
    elif kind == "hard link":
        place.hardlink_to("in.csv")
    else:
        place.symlink_to("/dev/null" if kind == "link to a device" else "in.csv")

    code, _ = call("numb\nyes\n")

    assert code == 5
    assert Path("in.csv").read_text() == "numb\nyes\n"
    assert {path.name for path in Path().iterdir()} == {"in.csv", target}


def test_a_link_to_an_output_stays_one(call: Any) -> None:
    """What it leads to is replaced."""
    Path("far").mkdir()
    Path("far/real.jsonl").touch()
    Path("out.jsonl").symlink_to("far/real.jsonl")

    assert call("numb\nyes\n")[0] == 0
    assert Path("out.jsonl").is_symlink()
    assert findings() == {1: ["numb"]}
    assert [path.name for path in Path("far").iterdir()] == ["real.jsonl"]


def test_a_job_waits_while_another_publishes_beside_its_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So output and rejects are of one job, that which was the last."""
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("numb\nyes\nperhaps so\n")
    job = Job(rule_set=RULES, inputs=(Path("in.csv"),), output=Path("out.jsonl"))
    reached: list[bool] = []
    worker = Thread(target=lambda: reached.append(bool(run_job(job))))
    with hold_place(job.output):
        worker.start()
        worker.join(1)
        assert worker.is_alive()
        assert not job.output.exists()
        assert not job.rejects.exists()
    worker.join(60)

    assert reached == [True]
    assert job.output.exists()
    assert job.rejects.exists()


def test_a_folder_that_a_killed_job_left_is_removed_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that somebody writes to stays."""
    monkeypatch.chdir(tmp_path)
    left = Path(".out.jsonl.0123abcd.unfinished")
    left.mkdir()
    (left / "part").write_text("patients")
    output = Path("out.jsonl")
    with open_unfinished_folder(output) as used, open_unfinished_folder(output) as other:
        assert {path.name for path in Path().iterdir()} == {used.name, other.name}
    assert list(Path().iterdir()) == []


def test_the_lock_of_a_folder_is_let_go(tmp_path: Path) -> None:
    """Also where publishing fails."""
    with pytest.raises(RuntimeError), hold_place(tmp_path / "out.csv"):
        raise RuntimeError
    descriptor = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(descriptor)


# Half a character -----------------------------------------------------------------------------


@pytest.mark.parametrize("output", ["out.csv", "out.parquet", "out.jsonl", "out.tsv"])
@pytest.mark.parametrize("key", [r'"\ud800"', r'"\udc00x\ud83d"', r'["\ud800"]', r'"\ud83d\ude00"'])
def test_half_a_character_in_a_key_does_not_stop_the_work(call: Any, output: str, key: str) -> None:
    """It stays written as it was."""
    lines = f'{{"nr": {key}, "numb": "yes"}}\n{{"nr": {key}, "numb": {key}}}\n'
    code, err = call(lines, "--id", "nr", "--output", output, name="in.jsonl")

    assert code == 3
    assert "2 rows, 1 rejected" in err
