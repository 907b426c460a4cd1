"""Tables in, tables out: the same as the engine for every row, and nothing lost."""

import csv
import gzip
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pexpect
import pyarrow
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from backtriage import AnswersError, load
from backtriage.answers import parse_answers, read_cell
from backtriage.interview import Interview
from backtriage.json_io.stream import assess_record
from backtriage.model import Answer, Question
from backtriage.steps import Step
from backtriage.tables.sql.coding import code_column
from backtriage.terminal.prompt import ask
from backtriage.terminal.screen import NotUnderstood, Screen
from backtriage.unfinished import name_unfinished, open_unfinished
from helpers import SHIPPED, SMALL, called, edited, small_with
from strategies import examples
from tables import TYPES, as_held, outcome, people_at_the_edges, row_by_engine, write_table

RULES = load(SMALL)
QUESTIONS = tuple(RULES.questions)


@pytest.fixture
def call(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Any:
    """Run the command in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def cohort(*words: str, rules: Path = SMALL) -> tuple[int, str]:
        code, out, err = called(capsys, monkeypatch, "cohort", *words, "--rules", rules)
        assert out == ""
        return code, err

    return cohort


def read(file: Path) -> list[dict[str, Any]]:
    """The rows of an output, in order."""
    with duckdb.connect() as database:
        found = database.execute(f"SELECT * FROM '{file}'")
        names = [column[0] for column in found.description or []]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


VALUES: st.SearchStrategy[object] = st.sampled_from(
    [None, True, False, "yes", "no", "Y", "not sure", "dunno", "maybe so", "worse", "new_stable",
     "It gets worse", 0, 47, 47.5, 120, 121, -1, "47", "47 years", "6 weeks", "42 days", "6", 42,
     "1e1", "NaN", "", " ", [], {"a": 1}, 10**30, "ÿ\u2028"]
)  # fmt: skip


@given(rows=st.lists(st.dictionaries(st.sampled_from(QUESTIONS), VALUES), min_size=1, max_size=30))
@settings(examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_line_of_json_is_assessed_or_rejected_as_the_engine_would(
    call: Any, rows: list[dict[str, object]]
) -> None:
    """Whatever stands in it: the same outcome, or the same issues, at its line."""
    Path("in.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    expected: dict[int, object] = {}
    wrong: dict[int, set[tuple[str, str]]] = {}
    for line, row in enumerate(rows, 1):
        try:
            expected[line] = row_by_engine(RULES, row)
        except AnswersError as error:
            wrong[line] = {(issue.code, issue.path or "") for issue in error.issues}

    code, _ = call("in.jsonl", "--output", "out.jsonl")

    found = {
        row["row"]: outcome(row)
        for row in (json.loads(line) for line in Path("out.jsonl").read_text().splitlines())
    }
    file = Path("out.jsonl.rejects.jsonl")
    rejects = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    assert found == expected
    assert {
        reject["row"]: {(one["code"], one["path"]) for one in reject["errors"]}
        for reject in rejects
    } == wrong
    assert code == (3 if wrong else 0)


@pytest.mark.parametrize(
    "file",
    ["in.jsonl", "in.jsonl.gz", "in.csv", "in.csv.gz", "in.tsv", "in.parquet", "types.parquet"],
)
@pytest.mark.parametrize(
    "folder", [SMALL, pytest.param(SHIPPED, marks=pytest.mark.slow)], ids=["small", "shipped"]
)
def test_in_every_format_each_bound_comes_out_as_in_the_engine(
    call: Any, folder: Path, file: str
) -> None:
    """Each threshold at, just under and just over; each option; not sure; not answered; in the
    order of the rows.
    """
    rule_set = load(folder)
    people = list(people_at_the_edges(rule_set))
    types = TYPES["types" if file.startswith("types") else "texts"]
    write_table(rule_set, people, file, types)

    code, err = call(file, "--output", "out.parquet", "--id", "nr", rules=folder)

    found = read(Path("out.parquet"))
    assert code == 0, err
    assert [int(row["nr"]) for row in found] == list(range(len(people)))
    for row, person in zip(found, people, strict=True):
        assert outcome(row) == row_by_engine(rule_set, as_held(rule_set, person, types)), person


def test_lines_that_are_no_rows_are_told_with_their_number(call: Any) -> None:
    """Blank lines are passed over but counted, and bytes that are no text do not stop the work."""
    lines = [
        b'{"nr": 1, "numb": "yes"}',
        b"not json",
        b"",
        b"[1]",
        b'{"numb": "no", "numb": "yes"}',
        b'{"nr": "\xff"}',
        b'{"numb": NaN}',
        b"{}",
    ]
    Path("in.jsonl").write_bytes(b"\n".join(lines))

    code, err = call("in.jsonl", "--output", "out.jsonl", "--id", "nr")

    rejects = [
        json.loads(line) for line in Path("out.jsonl.rejects.jsonl").read_text().splitlines()
    ]
    assert code == 3
    assert "7 rows, 5 rejected" in err
    assert {reject["row"]: reject["errors"][0]["code"] for reject in rejects} == {
        2: "not-json",
        4: "not-an-object",
        5: "duplicate-key",
        6: "not-utf8",
        7: "not-a-number",
    }
    assert [json.loads(line)["row"] for line in Path("out.jsonl").read_text().splitlines()] == [
        1,
        8,
    ]


FAULTY_LINES = [
    '{"age": 200, "age": 300, "numb": "perhaps so", "weak": [1]}',
    '{"age": NaN, "numb": "perhaps so"}',
    '{"age": Infinity, "x": {"b": 1, "b": 2}, "numb": {"a": NaN}}',
    '{"numb": "yes", "numb": "no"}',
]


@pytest.mark.parametrize("many", [1, 300])
def test_every_reason_is_told_of_a_line_that_is_not_strict(call: Any, many: int) -> None:
    """All that `assess` tells of it, and its key; also where lines are read many at once."""
    rules = load(SMALL)
    Path("in.jsonl").write_text(
        "".join(f'{line[:-1]}, "nr": 7}}\n' for line in FAULTY_LINES * many)
    )

    assert call("in.jsonl", "--output", "out.jsonl", "--id", "nr")[0] == 3

    rejects = [json.loads(one) for one in Path("out.jsonl.rejects.jsonl").read_text().splitlines()]
    assert [reject["nr"] for reject in rejects] == [7] * len(FAULTY_LINES) * many
    for reject, line in zip(rejects, FAULTY_LINES * many, strict=True):
        result = assess_record(rules, (1, line.encode())).result
        assert isinstance(result, AnswersError)
        told = {(one.code, one.message) for one in result.issues if one.code != "unknown-question"}
        assert {(one["code"], one["message"]) for one in reject["errors"]} == told


def test_answers_in_an_object_are_not_passed_over(call: Any) -> None:
    """Such a line would be a patient of whom nothing is known; a column of that name is none."""
    nested = {"rule_set": {}, "answers": {"numb": "yes"}}
    lines = [{"age": 3}, nested, {"age": 3, "answers": 4}, {"age": 3, "answers": None}]
    Path("in.jsonl").write_text("".join(f"{json.dumps(line)}\n" for line in lines))

    assert call("in.jsonl", "--output", "out.jsonl")[0] == 3

    rejects = [json.loads(one) for one in Path("out.jsonl.rejects.jsonl").read_text().splitlines()]
    assert [(one["row"], one["errors"][0]["code"]) for one in rejects] == [(2, "not-answers")]


def test_lines_of_csv_with_too_few_or_too_many_values_are_told(call: Any) -> None:
    """And the rows behind them keep their numbers."""
    Path("in.csv").write_text("nr,numb,age\n1,yes,47\n2,no\n3,maybe so,5\n4,no,47,9\n5,no,200\n")

    code, _ = call("in.csv", "--output", "out.csv", "--id", "nr")

    rejects = [json.loads(line) for line in Path("out.csv.rejects.jsonl").read_text().splitlines()]
    assert code == 3
    assert [(reject["row"], reject["errors"][0]["code"]) for reject in rejects] == [
        (2, "not-a-row"),
        (3, "wrong-type"),
        (4, "not-a-row"),
        (5, "out-of-range"),
    ]
    assert "fewer values" in rejects[0]["errors"][0]["message"]
    assert "more values" in rejects[2]["errors"][0]["message"]
    assert Path("out.csv").read_text().splitlines()[1].startswith("1,1,seek_care_now,0,true,")


def typed(question: Question, line: str) -> Answer | None:
    """What a line that is typed counts as; None: it is not understood."""
    area = next(area for area in RULES.areas if question in area.questions)
    try:
        return ask(
            Interview(RULES), Step(area, (question,), None), Screen(io.StringIO(f"{line}\n"))
        )[question.id]
    except NotUnderstood:
        return None


def in_json(question: Question, text: str) -> Answer | None:
    try:
        return parse_answers(RULES, {question.id: text}).values[question.id]
    except AnswersError:
        return None


LENGTHS = [
    *(
        "6 weeks",
        "six-week",
        "half a year",
        "1½ years",
        "3 weeks and 2 days",
        "a couple of weeks",
        "1 night",
    ),
    *(
        "30 mins",
        "the past month",
        "about a week or so",
        "today",
        "not sure",
        "dont know",
        "1.500 days",
        "0.500 days",
    ),
    *(
        "over 6 weeks",
        "less than a week",
        "a few days",
        "weeks",
        "2-3 weeks",
        "6+ weeks",
        "<3 days",
        "since monday",
    ),
]
AGES = [
    *("47", "forty-five", "I'm 28", "6 months", "47 years old", "?"),
    *("over 59", "60+", "+60", "nearly 60", "40-50", "in my 40s", "6 kg"),
]
WORDS = {
    "duration": LENGTHS,
    "age": AGES,
    "numb": ["yes.", "NO!", "dont know", "nope", "idk", "a bit", "yes or no"],
    "weak_course": ["worse", "It gets worse.", "unsure", "it got worse"],
}


def test_the_same_words_mean_the_same_at_a_prompt_in_json_and_in_a_table(call: Any) -> None:
    """Each as a line that is typed, as a value of `assess`, as a cell, and as a value of JSON Lines
    in a table.
    """
    pairs = [(RULES.questions[name], word) for name, words in WORDS.items() for word in words]
    understood = {pair: in_json(*pair) for pair in pairs}
    refused = [row for row, answer in enumerate(understood.values(), 1) if answer is None]
    with Path("in.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, ["nr", *WORDS])
        table.writeheader()
        table.writerows(
            {"nr": row, question.id: word} for row, (question, word) in enumerate(pairs)
        )
    Path("in.jsonl").write_text(
        "".join(json.dumps({question.id: word}) + "\n" for question, word in pairs)
    )

    assert {pair: typed(*pair) for pair in pairs} == understood
    for name in ("in.csv", "in.jsonl"):
        assert call(name, "--output", "out.parquet")[0] == 3
        rejects = [
            json.loads(line) for line in Path("out.parquet.rejects.jsonl").read_text().splitlines()
        ]
        assert [reject["row"] for reject in rejects] == refused
        for row in read(Path("out.parquet")):
            question, word = pairs[row["row"] - 1]
            assert outcome(row) == row_by_engine(RULES, {question.id: word})


def test_the_database_by_itself_understands_plain_values_alone() -> None:
    """Words for a number come to the engine, whatever a database would take for one."""
    words = [
        *LENGTHS,
        *AGES[1:],
        "6e3",
        " 6",
        "0x1F",
        "1_000",
        "1,000",
        "+5",
        ".5",
        "5.",
        "Infinity",
        "NaN",
        "six",
    ]
    words = [word for word in words if word not in ("?", "not sure")]
    for question in (RULES.questions["duration"], RULES.questions["age"]):
        query = f"SELECT {code_column(question, 'given')} FROM words"
        with duckdb.connect() as database:
            database.execute(
                "CREATE TABLE words AS SELECT unnest(?) AS given",
                [words],
            )
            assert {value for (value,) in database.execute(query).fetchall()} == {None}


LONG = [1_200_000, 3_000_000, 9_000_000, 20_000_000]
"""Longer than a line may be, and longer than what is in hand at once."""


@pytest.mark.parametrize("length", LONG)
@pytest.mark.parametrize("rest", ["x", "\u00e4"])
def test_a_line_that_is_too_long_is_told_in_its_place(call: Any, length: int, rest: str) -> None:
    """It is neither left out nor taken for its beginning, even if all but its end is blank."""
    Path("in.csv").write_text(
        f"age,numb\n47,no\n48,no{' ' * length}{rest}\n{rest * length},no\n49,no\n"
    )
    line, blank = f'{{"age": "47{" " * length}{rest}"}}', " " * length
    Path("in.jsonl").write_text(f'{{"age": 47}}\n{line}\n{blank}{{"numb": "yes"}}\n{{"age": 49}}\n')

    for kind in ("csv", "jsonl"):
        code, _ = call(f"in.{kind}", "--output", f"out.{kind}")
        rejects = [
            json.loads(reject)["row"]
            for reject in Path(f"out.{kind}.rejects.jsonl").read_text().splitlines()
        ]
        assert (code, rejects) == (3, [2, 3])
        assert [row["row"] for row in read(Path(f"out.{kind}"))] == [1, 4]


def test_lists_in_lists_without_end_are_told(call: Any) -> None:
    """Also in a column that is only carried along."""
    deep = "[" * 100_000 + "]" * 100_000
    Path("in.jsonl").write_text(
        f'{{"nr": {deep}, "age": 200}}\n{{"nr": 2, "age": {deep}}}\n{{"nr": 3, "age": 47}}\n'
    )

    code, err = call("in.jsonl", "--output", "out.jsonl", "--id", "nr")

    assert code == 3
    assert "3 rows, 2 rejected" in err


def test_of_very_many_columns_that_are_not_used_the_first_are_told(call: Any) -> None:
    """And how many more there are."""
    Path("in.csv").write_text(
        f"age,{','.join(f'numb_{column}' for column in range(3000))}\n47{',1' * 3000}\n"
    )

    code, err = call("in.csv", "--output", "out.csv")

    assert code == 0
    assert 'numb_0 (did you mean "numb"?)' in " ".join(err.split())
    assert "and 2,900 more." in " ".join(err.split())


@pytest.mark.slow
@pytest.mark.parametrize(
    "late", ['{"nr": 9, "numb": "no", "age": 200}', "no JSON", '{"numb": "no", "numb": "yes"}', ""]
)
def test_a_line_that_is_not_like_those_before_it_is_seen(call: Any, late: str) -> None:
    """So many lines are alike that their keys are taken for all; the last one is another."""
    Path("in.jsonl").write_text('{"nr": 1, "numb": "yes"}\n' * 20_500 + f"{late}\n")

    code, err = call("in.jsonl", "--output", "out.parquet", "--id", "nr")

    assert code == (3 if late else 0)
    assert f"{20_501 if late else 20_500:,} rows, {1 if late else 0} rejected" in err
    assert len(read(Path("out.parquet"))) == 20_500
    assert "age" not in err.partition("not answered by anybody")[2] or "age" not in late


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_columns_may_have_any_name(call: Any, ending: str) -> None:
    """Also those that mean something in a path or in SQL; odd values in them are found again."""
    name = """a/b~c."d'e"""
    rows = [{name: value, "line": "x"} for value in ("yes", "I dare not say", "null", "Y")]
    if ending == "jsonl":
        Path("in.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    else:
        with Path("in.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, [name, "line"])
            writer.writeheader()
            writer.writerows(rows)
        if ending == "parquet":
            duckdb.execute("COPY (FROM read_csv('in.csv', all_varchar = true)) TO 'in.parquet'")

    code, _ = call(f"in.{ending}", "--output", "out.jsonl", "--column", f"numb={name}")

    rejects = [
        json.loads(line) for line in Path("out.jsonl.rejects.jsonl").read_text().splitlines()
    ]
    assert code == 3
    assert [(reject["row"], reject["errors"][0]["path"]) for reject in rejects] == [
        (2, "numb"),
        (3, "numb"),
    ]
    assert [json.loads(line)["advice"] for line in Path("out.jsonl").read_text().splitlines()] == [
        "seek_care_now"
    ] * 2


def test_a_table_without_any_question_is_told(call: Any) -> None:
    """Such as simulated patients, whose answers stand in an object of their own."""
    Path("in.jsonl").write_text('{"nr": 1, "answers": {"numb": "yes"}}\n')

    code, err = call("in.jsonl", "--output", "out.csv")

    assert code == 9
    assert 'not in an object "answers"' in err
    assert not Path("out.csv").exists()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "jsonl.gz", "parquet"])
def test_only_the_owner_can_read_what_is_written(call: Any, ending: str) -> None:
    """Results and rejects are about patients."""
    Path("in.csv").write_text("numb\nyes\nperhaps so\n")

    call("in.csv", "--output", f"out.{ending}")

    modes = {path.name: path.stat().st_mode & 0o777 for path in Path().glob("out.*")}
    assert modes == {f"out.{ending}": 0o600, f"out.{ending}.rejects.jsonl": 0o600}


@pytest.mark.parametrize("count", [5, 12, 60, 5_000])
def test_rows_keep_their_order_however_many_values_are_odd(call: Any, count: int) -> None:
    """Each row has an odd value of its own, few and many."""
    Path("in.csv").write_text(
        "nr,age\n" + "".join(f"{row},{20 + row / 100:.2f} years\n" for row in range(1, count + 1))
    )

    code, _ = call("in.csv", "--output", "out.csv", "--id", "nr")

    with Path("out.csv").open() as file:
        numbers = [int(row["nr"]) for row in csv.DictReader(file)]
    assert code == 0
    assert numbers == list(range(1, count + 1))


@pytest.mark.slow
def test_capital_letters_everywhere_fit_into_the_memory(call: Any) -> None:
    """All values of all questions are odd then."""
    rule_set = load(SHIPPED)
    names = [question.id for question in rule_set.questions.values() if question.kind == "yes_no"]
    people = [
        {name: "Yes" if (row + place) % 7 == 0 else "No" for place, name in enumerate(names)}
        for row in range(999)
    ]
    Path("in.jsonl").write_text("".join(f"{json.dumps(person)}\n" for person in people))

    code, _ = call("in.jsonl", "--output", "out.jsonl", rules=SHIPPED)

    rows = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert code == 0
    for place in range(14):
        assert outcome(rows[place]) == row_by_engine(rule_set, people[place])


HEADER_FAULTS = ['"nr"x,numb\n1,yes\n', 'nr,"numb\n1,yes\n', "nr\rx,numb\n1,yes\n", "\n\n"]


@pytest.mark.parametrize("content", HEADER_FAULTS)
def test_a_header_that_is_no_csv_is_told(call: Any, content: str) -> None:
    """Not a single row could be read."""
    Path("in.csv").write_text(content)

    code, err = call("in.csv", "--output", "out.csv")

    assert code == 5
    assert "bad-header" in err


def test_marks_within_quotes_of_a_header_separate_nothing(call: Any) -> None:
    """Five semicolons in one name are fewer than one comma between two."""
    Path("in.csv").write_text('"a;b;c;d;e;f",numb\nx,yes\n')

    code, err = call("in.csv", "--output", "out.csv")

    assert code == 0
    assert "seek_care_now" in err


@pytest.mark.parametrize(
    ("files", "words", "message"),
    [
        ({"in.csv": "Findings,numb\nx,yes\n"}, ("--id", "Findings"), "column"),
        ({"in.csv": "Not_Understood,numb\nx,yes\n"}, ("--id", "Not_Understood"), "column"),
        ({"in.csv": "_file,numb\nx,yes\n"}, (), "rename"),
        ({"in.jsonl": '{"Age": 1, "age": 2}\n'}, ("--id", "Age"), "case"),
        ({"in.jsonl": '{"a": 1, "A": 2}\n'}, ("--id", "A", "--id", "a"), "twice"),
        ({"in.jsonl": "{}\n"}, ("in.jsonl",), "twice"),
        ({"in.jsonl": '{"": 1, "numb": "no"}\n'}, ("--id", ""), "no column"),
    ],
)
def test_names_that_cannot_be_told_apart_are_refused(
    call: Any, files: dict[str, str], words: tuple[str, ...], message: str
) -> None:
    """Else one column would be taken for the other."""
    for name, content in files.items():
        Path(name).write_text(content)

    code, err = call(*files, *words, "--output", "out.jsonl")

    assert code == 5
    assert message in err
    assert not Path("out.jsonl").exists()


def test_parquet_files_may_have_numbers_of_several_types(call: Any) -> None:
    """Where somebody has no age, some programs write all ages otherwise; whole numbers may be long
    or short.
    """
    duckdb.execute("COPY (SELECT 1::INTEGER AS nr, 47::BIGINT AS age) TO 'a.parquet'")
    duckdb.execute("COPY (SELECT 9007199254740993 AS nr, 47.5::DOUBLE AS age) TO 'b.parquet'")

    code, _ = call("a.parquet", "b.parquet", "--output", "out.parquet", "--id", "nr")

    assert code == 0
    assert [row["nr"] for row in read(Path("out.parquet"))] == [1, 9007199254740993]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("true AS age", "1 AS age"),
        ("'yes' AS numb", "'no' AS \"NUMB\""),
        ("9007199254740993 AS nr", "0.5::DOUBLE AS nr"),
        ("38.1::FLOAT AS age", "1 AS age"),
    ],
)
def test_parquet_files_whose_columns_differ_are_refused(call: Any, first: str, second: str) -> None:
    """Else the values of one would be changed to the type of the other."""
    for name, columns in (("a", first), ("b", second)):
        duckdb.execute(f"COPY (SELECT {columns}, 'no' AS weak) TO '{name}.parquet'")

    code, err = call(
        "a.parquet",
        "b.parquet",
        "--output",
        "out.jsonl",
        *(["--id", "nr"] if "nr" in first else []),
    )

    assert code == 5
    assert "b.parquet" in err


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
@pytest.mark.parametrize("fault", ["cut", "changed", "behind"])
def test_a_damaged_gz_file_is_told(call: Any, ending: str, fault: str) -> None:
    """Half of a table would be taken for all of it."""
    text = "numb\n" + "yes\n" * 500 if ending == "csv" else '{"numb": "yes"}\n' * 500
    data = gzip.compress(text.encode())
    changed = bytearray(data)
    changed[-6] ^= 1  # within the check sum
    Path(f"in.{ending}.gz").write_bytes(
        {"cut": data[:-9], "changed": bytes(changed), "behind": data + b"x"}[fault]
    )

    code, err = call(f"in.{ending}.gz", "--output", "out.csv")

    assert code == 5
    assert f"in.{ending}.gz" in err
    assert "damaged" in err


@pytest.mark.parametrize(
    ("content", "ending", "rows"),
    [("", "jsonl", 0), ("numb\n", "csv", 0), ("numb,age\nx\n", "csv", 2)],
)
def test_several_files_without_a_single_sound_row_are_no_fault(
    call: Any, content: str, ending: str, rows: int
) -> None:
    """Rejected rows are told as ever."""
    for name in ("a", "b"):
        Path(f"{name}.{ending}").write_text(content)

    code, err = call(f"a.{ending}", f"b.{ending}", "--output", "out.csv")

    assert code == (3 if rows else 0)
    assert f"{rows} rows, {rows} rejected" in err


def test_a_key_that_comes_late_can_be_named(call: Any) -> None:
    """It is not among those of the first lines."""
    Path("in.jsonl").write_text('{"numb": "yes"}\n' * 20_001 + '{"numb": "no", "nr": 5}\n')

    code, _ = call("in.jsonl", "--output", "out.parquet", "--id", "nr")

    assert code == 0
    assert read(Path("out.parquet"))[-1]["nr"] == "5"


def test_a_line_with_a_control_character_takes_only_itself(call: Any) -> None:
    """Also the one that no other text has in it."""
    Path("in.jsonl").write_text('{"numb": "yes"}\n{"numb": "\x01"}\n{"numb": "no"}\n')

    code, err = call("in.jsonl", "--output", "out.csv")

    assert code == 3
    assert "3 rows, 1 rejected" in err


@pytest.mark.parametrize("type_", ["VARCHAR", "DECIMAL(2, 1)[]"])
def test_an_empty_text_is_no_answer_and_a_list_is_none_either(call: Any, type_: str) -> None:
    """In Parquet as in CSV."""
    value = "''" if type_ == "VARCHAR" else "[1.5]"
    duckdb.execute(f"COPY (SELECT 'yes' AS numb, {value}::{type_} AS age) TO 'in.parquet'")

    code, err = call("in.parquet", "--output", "out.csv")

    assert code == (0 if type_ == "VARCHAR" else 3), err


@pytest.mark.slow
def test_thousands_of_faults_do_not_take_minutes(call: Any) -> None:
    """They are written down all at once; each alone took 4 ms."""
    Path("in.csv").write_text(
        "numb,age\n" + "".join(f"yes,{row}.5 weeks\nno\n" for row in range(1, 20_001))
    )

    code, err = call("in.csv", "--output", "out.csv")

    assert code == 3
    assert "40,000 rows," in err


def test_progress_is_shown_at_a_terminal_alone(call: Any) -> None:
    """Elsewhere it would only be in the way."""
    Path("in.csv").write_text("numb\nyes\n")
    command = ["-m", "backtriage", "cohort", "in.csv", "--output", "out.csv", "--rules", str(SMALL)]
    at_terminal, status = pexpect.run(
        f"{sys.executable} {' '.join(command)}", withexitstatus=True, timeout=60
    )
    _, elsewhere = call("in.csv", "--output", "out.csv")

    assert status == 0
    assert b"Assessing" in at_terminal
    assert "Assessing" not in elsewhere


def test_a_missing_package_is_told_with_the_command_that_installs_it(
    call: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before any file is looked at."""
    monkeypatch.setattr("backtriage.extras.find_spec", lambda _: None)

    code, err = call("none.csv", "--output", "out.csv")

    assert code == 8
    assert "pip install 'backtriage[cohort]'" in err


def test_two_jobs_into_one_output_do_not_mix(call: Any) -> None:
    """Each writes beside it by a name of its own, and nothing is left there."""
    Path("in.csv").write_text("numb\nyes\n")
    Path(".out.csv.unfinished").write_text("of another job")

    call("in.csv", "--output", "out.csv")

    assert Path(".out.csv.unfinished").read_text() == "of another job"
    assert sorted(str(path) for path in Path().iterdir()) == [
        ".out.csv.unfinished",
        "in.csv",
        "out.csv",
    ]
    assert len({name_unfinished(Path("out.csv")) for _ in range(10)}) == 10


def test_what_a_killed_job_left_is_removed_by_the_next_and_nothing_else(call: Any) -> None:
    """Patients lie there; a file that somebody works in stays, and those of other outputs."""
    Path("in.csv").write_text("numb\nyes\n")
    with open_unfinished(Path("out.csv")) as other:
        used = {str(path) for path in Path().glob(".out.csv.*")}
        Path(".out.csv.0123abcd.unfinished").write_text("of a job that was killed")
        Path(".other.csv.0123abcd.unfinished").touch()
        call("in.csv", "--output", "out.csv")
        assert other.stream.writable()

        assert {str(path) for path in Path().iterdir()} == {
            *used,
            ".other.csv.0123abcd.unfinished",
            "in.csv",
            "out.csv",
        }


def test_texts_in_utf_16_are_refused(call: Any) -> None:
    """No line of them could be read."""
    for name in ("in.csv", "in.jsonl"):
        Path(name).write_text('numb\n{"numb": "yes"}\n', encoding="utf-16")

        code, err = call(name, "--output", "out.csv")

        assert code == 5
        assert "save it as UTF-8" in err


def test_several_files_are_one_table_with_the_place_of_each_row(call: Any) -> None:
    """In the order of their names."""
    for name in ("b", "a"):
        Path(f"part-{name}.jsonl").write_text(f'{{"numb": "yes"}}\n{{"numb": "{name}"}}\n')

    code, _ = call("part-*.jsonl", "--output", "out.jsonl")

    rows = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    rejects = [
        json.loads(line) for line in Path("out.jsonl.rejects.jsonl").read_text().splitlines()
    ]
    assert code == 3
    assert [(row["file"], row["row"]) for row in rows] == [("part-a.jsonl", 1), ("part-b.jsonl", 1)]
    assert [(reject["file"], reject["row"]) for reject in rejects] == [
        ("part-a.jsonl", 2),
        ("part-b.jsonl", 2),
    ]


def test_in_a_tsv_tabs_alone_part_the_columns(call: Any) -> None:
    """However many commas the names of columns have."""
    Path("in.tsv").write_text("numb\tx,y;z,a\nyes\t1\nno\t2,5\n")

    assert call("in.tsv", "--output", "out.csv")[0] == 0
    assert findings_of("out.csv") == ["numb", ""]


def test_columns_by_other_names_and_those_that_are_missing_or_left_are_told(call: Any) -> None:
    """A column that is misspelt is not used, which must not go unseen."""
    Path("in.csv").write_text("id,n,aeg,weak\n7,yes,80,no\n")

    code, err = call(
        "in.csv", "--output", "out.csv", "--column", "numb=n", "--column", "weak=", "--id", "id"
    )

    told = " ".join(err.split())
    assert code == 0
    assert "No column, so not answered by anybody: weak, weak_course, age," in told
    assert 'Columns that were not used: aeg (did you mean "age"?), weak' in told
    assert "numb" in Path("out.csv").read_text()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("none.csv", "--output", "out.csv"), 5, "there is no such file"),
        (("in.txt", "--output", "out.csv"), 5, "unknown-ending"),
        (("in.csv", "--output", "out.xlsx"), 5, "unknown-ending"),
        (("in.csv", "in.jsonl", "--output", "out.csv"), 5, "many-kinds"),
        (("in.csv", "--output", "in.csv"), 5, "file-exists"),
        (("in.csv", "--output", "no/out.csv"), 5, "no such folder"),
        (
            ("in.csv", "--output", "out.csv", "--id", "nrr"),
            5,
            'no-column there is no column "nrr"; did you mean "nr"?',
        ),
        (("in.csv", "--output", "out.csv", "--column", "numb=x"), 5, 'there is no column "x"'),
        (("in.csv", "--output", "out.csv", "--memory-limit", "much"), 5, "much"),
        (("in.parquet", "--output", "out.csv"), 5, "in.parquet"),
        (("in.csv", "--output", "out.csv", "--column", "nope=x"), 2, "nope"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_written(
    call: Any, words: tuple[str, ...], code: int, message: str
) -> None:
    """Also no half of an output, and no rejects."""
    Path("in.csv").write_text("nr,numb\n1,yes\n")
    Path("in.jsonl").write_text("{}\n")
    Path("in.txt").write_text("?")
    Path("in.parquet").write_text("this is not Parquet")
    before = sorted(Path().iterdir())

    found, err = call(*words)

    assert (found, message in err) == (code, True), err
    assert sorted(Path().iterdir()) == before


@pytest.mark.slow
@pytest.mark.parametrize("row", [None, 0, 2_999])
@pytest.mark.parametrize("value", ["Yes", "?", "perhaps so"])
@pytest.mark.parametrize("output", ["out.csv", "out.parquet"])
def test_wherever_a_value_is_odd_parquet_comes_out_as_csv(
    call: Any, row: int | None, value: str, output: str
) -> None:
    """The first value or the last one, or all of them."""
    values = ["no" if place != row else value for place in range(3_000)]
    Path("in.csv").write_text(
        "nr,numb\n" + "".join(f"{place},{numb}\n" for place, numb in enumerate(values))
    )
    duckdb.execute("COPY (FROM read_csv('in.csv', all_varchar = true)) TO 'in.parquet'")
    outcomes = []
    for name in ("in.csv", "in.parquet"):
        code, _ = call(name, "--output", output, "--id", "nr")
        rejects = Path(f"{output}.rejects.jsonl")
        told = rejects.read_text().replace(name, "in") if rejects.exists() else ""
        outcomes.append((code, duckdb.execute(f"FROM '{output}'").fetchall(), told))
        assert [path.name for path in Path().glob(".*")] == []

    assert outcomes[0] == outcomes[1]
    assert len(outcomes[0][1]) == (2_999 if value == "perhaps so" and row is not None else 3_000)


@pytest.mark.parametrize("numb", ["yes", "Yes"])
def test_a_damaged_parquet_file_is_told(call: Any, numb: str) -> None:
    """The end of it, where its columns stand, is sound; what the others hold is not, found in its
    time.
    """
    duckdb.execute(f"COPY (SELECT '{numb}' AS numb FROM range(100)) TO 'sound.parquet'")
    duckdb.execute("COPY (SELECT 'yes' AS numb FROM range(100)) TO 'in.parquet'")
    data = Path("in.parquet").read_bytes()
    end = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    Path("in.parquet").write_bytes(data[:4] + b"\xff" * (end - 4) + data[end:])

    code, err = call("sound.parquet", "in.parquet", "--output", "out.csv")

    assert code == 5
    assert "in.parquet" in err
    assert sorted(path.name for path in Path().iterdir()) == ["in.parquet", "sound.parquet"]


@pytest.mark.slow
@pytest.mark.parametrize("question", ["numb", "weak_course", "age"])
@pytest.mark.parametrize(
    "value", ["true", "47", "47.5::DOUBLE", "'47'", "'yes'", "'old'", "'NaN'::DOUBLE", "[1]"]
)
def test_a_column_of_any_type_comes_out_as_in_assess(call: Any, question: str, value: str) -> None:
    """A value that is no answer to the question is rejected, whatever type the column of it has."""
    duckdb.execute(f"COPY (SELECT {value} AS {question}) TO 'in.parquet'")
    ((given,),) = duckdb.execute(f"SELECT {value}").fetchall()
    try:
        wanted = [
            row_by_engine(RULES, {question: read_cell(given) if isinstance(given, str) else given})
        ]
    except AnswersError:
        wanted = []

    code, _ = call("in.parquet", "--output", "out.parquet")

    assert code == (0 if wanted else 3)
    assert [outcome(row) for row in read(Path("out.parquet"))] == wanted


def test_rejects_of_an_earlier_run_do_not_stay(call: Any) -> None:
    """They would be taken for those of this one."""
    Path("in.csv").write_text("numb\nmaybe so\n")
    assert call("in.csv", "--output", "out.csv")[0] == 3
    Path("in.csv").write_text("numb\nyes\n")

    assert call("in.csv", "--output", "out.csv")[0] == 0
    assert not Path("out.csv.rejects.jsonl").exists()


# What once went wrong
# -------------------------------------------------------------------------------------------------


def findings_of(file: str) -> list[str]:
    """The findings of each row of a CSV."""
    return [row["findings"] or "" for row in csv.DictReader(Path(file).read_text().splitlines())]


def test_a_file_with_marks_of_a_pattern_in_its_name_is_itself(call: Any) -> None:
    """Not the files that the pattern would find."""
    Path("g[1].csv").write_text("numb\nyes\n")
    Path("g1.csv").write_text("numb\nno\nno\n")

    assert call("g[1].csv", "--output", "out.csv")[0] == 0
    assert findings_of("out.csv") == ["numb"]


def test_files_with_other_columns_are_not_read_crosswise(call: Any) -> None:
    """The order of the columns is that of each file."""
    Path("a.csv").write_text("numb,weak\nyes,no\n")
    Path("b.csv").write_text("weak,numb\nyes,no\n")

    code, err = call("a.csv", "b.csv", "--output", "out.csv")

    assert code == 5
    assert "b.csv: bad-header the columns are not those of a.csv" in err


def test_the_name_of_a_folder_is_no_answer(call: Any) -> None:
    """Other programs put values of a column into names of folders."""
    Path("numb=yes").mkdir()
    with duckdb.connect() as database:
        database.execute("COPY (SELECT 'no' AS numb, 'no' AS weak) TO 'numb=yes/p.parquet'")

    assert call("numb=yes/p.parquet", "--output", "out.csv")[0] == 0
    assert findings_of("out.csv") == [""]


def test_a_short_number_is_what_is_written_of_it(call: Any, tmp_path: Path) -> None:
    """At a bound with decimals a number of 32 bits would fall below."""
    rules = small_with(
        tmp_path / "copy", edited("past.yaml", ("{age: {at_least: 70}}", "{age: {at_least: 37.8}}"))
    )
    with duckdb.connect() as database:
        others = "'no' AS numb, 'no' AS weak, 3 AS duration, 'no' AS steroids, 'no' AS osteoporosis"
        database.execute(
            f"COPY (SELECT 'yes' AS fall, 37.8::FLOAT AS age, {others}) TO 'p.parquet'"
        )

    assert call("p.parquet", "--output", "out.csv", rules=rules)[0] == 0
    assert findings_of("out.csv") == ["fall_and_weak_bones"]


@pytest.mark.parametrize("text", ["4_7", "1_0", "inf", "nan", "0x2f"])
def test_what_only_python_takes_for_a_number_is_none(call: Any, text: str) -> None:
    """As in `assess`."""
    Path("in.csv").write_text(f"age\n{text}\n", encoding="utf-8")

    assert call("in.csv", "--output", "out.csv")[0] == 3


def test_an_input_by_the_name_of_the_rejects_stays(call: Any) -> None:
    """It would be written over, or removed."""
    Path("out.csv.rejects.jsonl").write_text('{"numb": "yes"}\n')

    code, err = call("out.csv.rejects.jsonl", "--output", "out.csv")

    assert (code, "would be written over" in err) == (5, True)
    assert Path("out.csv.rejects.jsonl").exists()


@pytest.mark.parametrize("name", ["row", "file", "advice", "complete", "errors", "_file"])
def test_an_id_that_the_output_has_already_is_refused(call: Any, name: str) -> None:
    """One of the two would be lost."""
    Path("in.jsonl").write_text(f'{{"{name}": "x", "numb": "yes"}}\n')

    code, err = call("in.jsonl", "--output", "out.jsonl", "--id", name)

    assert (code, "reserved-id" in err) == (5, True)


def test_an_id_out_of_json_is_itself_everywhere(call: Any) -> None:
    """A text without quotes in CSV, a number as a number in rejects."""
    Path("in.jsonl").write_text('{"nr": "p1", "numb": "yes"}\n{"nr": 2, "numb": "perhaps so"}\n')
    call("in.jsonl", "--output", "out.csv", "--id", "nr")

    assert Path("out.csv").read_text().splitlines()[1].startswith("1,p1,")
    assert json.loads(Path("out.csv.rejects.jsonl").read_text())["nr"] == 2


@pytest.mark.parametrize(
    "lines",
    ['{"numb":"yes"}\n{"numb":"yes"}\r\n{"numb":"yes"}\n', '{"numb":"yes"}\r{"numb":"yes"}\n'],
)
def test_line_ends_of_several_kinds_do_not_stop_the_work(call: Any, lines: str) -> None:
    """Files are joined from several systems."""
    Path("in.jsonl").write_bytes(lines.encode())

    code, err = call("in.jsonl", "--output", "out.csv")

    assert code in (0, 3), err


def test_a_line_that_is_too_long_takes_only_itself(call: Any) -> None:
    """Of a million rows one must not stop the others."""
    Path("in.jsonl").write_text('{"numb":"yes"}\n{"x":"' + "a" * 1_250_000 + '"}\n{"numb":"yes"}\n')

    code, err = call("in.jsonl", "--output", "out.csv")

    assert (code, "3 rows, 1 rejected" in err) == (3, True), err
    assert findings_of("out.csv") == ["numb", "numb"]


@pytest.mark.parametrize(
    ("header", "code", "message"),
    [
        ("nr,numb,", 0, ""),
        ("numb,Numb,nr", 5, "bad-header the header has a column twice, but for case: numb"),
        (" nr , numb,x", 0, ""),
    ],
)
def test_headers_as_spreadsheets_write_them(
    call: Any, header: str, code: int, message: str
) -> None:
    """A comma too many, blanks; but not the same name twice."""
    Path("in.csv").write_text(f"{header}\n1,yes,\n")

    found, err = call("in.csv", "--output", "out.csv")

    assert (found, message in err) == (code, True), err
    assert code or findings_of("out.csv") == ["numb"]


@pytest.mark.parametrize(("twice", "code"), [("numb", 5), ("nr", 5), ("other", 0)])
def test_a_column_that_stands_twice_in_parquet_is_named(call: Any, twice: str, code: int) -> None:
    """Where it is read; which of the two would count nobody can say."""
    names = ["numb", "nr", "other", twice]
    columns = [pyarrow.array(["yes"]) for _ in names]
    parquet.write_table(pyarrow.Table.from_arrays(columns, names=names), "in.parquet")

    found, err = call("in.parquet", "--output", "out.csv", "--id", "nr")

    told = f"in.parquet: bad-header the file has a column twice: {twice}; rename one"
    assert (found, told in err) == (code, code == 5), err


@pytest.mark.parametrize(("ending", "texts"), [("csv", ["a,b", "", ""]), ("jsonl", [])])
def test_a_key_without_a_list_is_no_empty_list(call: Any, ending: str, texts: list[str]) -> None:
    """Also where the texts in the lists are held once each."""
    of_texts = pyarrow.list_(pyarrow.dictionary(pyarrow.int32(), pyarrow.string()))
    keys = [["a", "b"], None, []]
    table = pyarrow.table({"nr": pyarrow.array(keys, of_texts), "numb": ["yes"] * len(keys)})
    parquet.write_table(table, "in.parquet")

    code, err = call("in.parquet", "--output", f"out.{ending}", "--id", "nr")

    assert code == 0, err
    lines = Path(f"out.{ending}").read_text().splitlines()
    if ending == "jsonl":
        assert [json.loads(line)["nr"] for line in lines] == keys
    else:
        assert [row["nr"] for row in csv.DictReader(lines)] == texts


@pytest.mark.slow
def test_many_rows_with_much_unresolved_fit_into_the_memory(call: Any) -> None:
    """What does not fit goes to disk."""
    Path("in.csv").write_text("nr,faint\n" + "".join(f"{number},no\n" for number in range(120_000)))

    code, err = call("in.csv", "--output", "out.csv", "--id", "nr", rules=SHIPPED)

    assert code == 0, err


def test_pandas_is_not_imported_and_can_be_afterwards() -> None:
    """Arrow would do so at its first value, and take longer for that than for all the rest."""
    code = (
        "import sys; from backtriage.tables.memory import save_memory; save_memory();"
        "import pyarrow, numpy; pyarrow.array(numpy.arange(3)), pyarrow.scalar(3);"
        "print('pandas' in sys.modules, len(pyarrow.table({'a': [1]}).to_pandas()))"
    )
    pytest.importorskip("pandas")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "1"]
