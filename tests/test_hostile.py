"""Names, values and texts of others: none of them reaches a log or a terminal as it stands."""

import gzip
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from backtriage.errors import make_one_line, make_printable
from helpers import SMALL, Done, edited, run, small_with

NAME = "x\n::error::pwned\x1b[31m\x9b1m\u202e##[error]\udc80"
"""A line that is a command to GitHub, escape sequences, text turned round, and half a character."""

RULES = ("--rules", str(SMALL))
TEXT = "::error::pwned and " * 8 + "more."


def assert_harmless(done: Done) -> None:
    """Each line can be shown, and none is a command to GitHub."""
    assert done.returncode != 70
    for line in (done.stdout + done.stderr).split("\n"):
        assert line.isprintable(), line
        assert "##[" not in line
        assert not line.lstrip().startswith("::")


HOSTILE_WORDS: dict[str, Sequence[str]] = {
    "command": (NAME.replace("\udc80", ""),),
    "option": ("assess", f"--{NAME}"),
    "assess": ("assess", NAME, *RULES),
    "assess_country": ("assess", "--country", NAME, *RULES),
    "assess_date": ("assess", "--date", NAME, *RULES),
    "assess_format": ("assess", "--format", NAME, *RULES),
    "assess_rules": ("assess", "--rules", NAME),
    "replay": ("replay", NAME),
    "resume": ("--resume", NAME, *RULES),
    "save": ("--save", f"{NAME}/a", *RULES),
    "output": ("--output", f"{NAME}/a", *RULES),
    "evaluate": ("evaluate", f"{NAME}.csv", *RULES),
    "evaluate_expected": ("evaluate", "t.csv", "--expected", NAME, *RULES),
    "cohort": ("cohort", f"{NAME}.csv", "--output", "o.csv", *RULES),
    "cohort_output": ("cohort", "t.csv", "--output", f"{NAME}.xyz", *RULES),
    "cohort_folder": ("cohort", "t.csv", "--output", f"{NAME}/o.csv", *RULES),
    "cohort_column": ("cohort", "t.csv", "--output", "o.csv", "--column", f"age={NAME}", *RULES),
    "cohort_question": ("cohort", "t.csv", "--output", "o.csv", "--column", f"{NAME}=age", *RULES),
    "cohort_no_pair": ("cohort", "t.csv", "--output", "o.csv", "--column", NAME, *RULES),
    "cohort_id": ("cohort", "t.csv", "--output", "o.csv", "--id", NAME, *RULES),
    "cohort_memory": ("cohort", "t.csv", "--output", "o.csv", "--memory-limit", NAME, *RULES),
    "export_dialect": ("export", "sql", "--dialect", NAME, *RULES),
    "export_table": ("export", "sql", "--dialect", "duckdb", "--table", f"{NAME}..", *RULES),
    "export_column": ("export", "sql", "--dialect", "duckdb", "--column", NAME, *RULES),
    "simulate": ("simulate", NAME, "--patients", "10"),
    "schema": ("schema", NAME),
    "check": ("rules", "check", NAME),
    "check_github": ("rules", "check", NAME, "--format", "json"),
    "diff": ("rules", "diff", NAME, str(SMALL)),
    "diff_revision": ("rules", "diff", f"git:{NAME}", str(SMALL)),
    "explain": ("rules", "explain", NAME, *RULES),
    "graph": ("rules", "graph", str(SMALL), "--area", NAME),
}


@pytest.mark.parametrize("words", HOSTILE_WORDS.values(), ids=HOSTILE_WORDS)
def test_a_word_that_is_refused_is_not_repeated_as_it_stands(
    words: Sequence[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever command it is given to."""
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text("age,expected\n47,home_care\n")

    done = run(*words)

    assert done.returncode not in (0, 70)
    assert_harmless(done)


@pytest.mark.parametrize(
    "words",
    [
        ("rules", "check", "rules"),
        ("rules", "check", "rules", "--format", "json"),
        ("rules", "check", "rules", "--format", "sarif"),
        ("rules", "list", "rules", "--format", "json"),
        ("rules", "explain", "numb", "--rules", "rules"),
        ("rules", "explain", "numb", "--rules", "rules", "--format", "json"),
        ("rules", "test", "rules"),
        ("rules", "test", "rules", "--format", "json"),
        ("rules", "lock", "rules"),
        ("rules", "lock", "rules", "--check"),
        ("rules", "diff", str(SMALL), "rules"),
    ],
)
def test_the_name_of_a_folder_is_not_repeated_as_it_stands(
    words: Sequence[str], tmp_path: Path
) -> None:
    """It is part of every place in the rule set; a case fails, and a file is misnamed."""
    folder = shutil.copytree(SMALL, tmp_path / NAME)
    case = next((folder / "cases").glob("*.yaml"))
    case.write_text(case.read_text().replace("seek_care_now", "home_care", 1))

    done = run(
        *(
            str(folder) if word == "rules" and place > 1 else word
            for place, word in enumerate(words)
        )
    )

    assert_harmless(done)
    if "json" in words or "sarif" in words:
        json.dumps(json.loads(done.stdout), ensure_ascii=False).encode()


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("command", ["cohort", "evaluate"])
def test_names_and_values_of_a_table_are_not_repeated_as_they_stand(
    command: str, ending: str, tmp_path: Path
) -> None:
    """A column that no question has, a value that is no answer, and the name of the file."""
    name = NAME.replace("\udc80", "")
    file = tmp_path / f"{NAME}.{ending}"
    row = {"age": 47, name: 1, "expected": name, "numb": name}
    as_csv = f'age,"{name}",expected,numb\n47,1,"{name}","{name}"\n'
    if ending == "parquet":
        parquet.write_table(pyarrow.Table.from_pylist([row]), tmp_path / "table")
        (tmp_path / "table").rename(file)
    else:
        file.write_text(as_csv if ending == "csv" else json.dumps(row) + "\n")
    output = ("--output", f"{tmp_path}/{NAME}.csv") if command == "cohort" else ()

    assert_harmless(run(command, str(file), *output, *RULES))


@pytest.mark.parametrize("form", ["json", "text", "markdown"])
def test_keys_and_values_of_json_are_not_repeated_as_they_stand(form: str) -> None:
    """Neither those that are refused nor those that are answers."""
    for answers in ({NAME: "yes"}, {"numb": NAME}, {"age": f"47{NAME}"}, [NAME]):
        assert_harmless(run("assess", "--format", form, *RULES, stdin=json.dumps(answers)))


def test_what_was_typed_is_not_repeated_as_it_stands() -> None:
    """An answer that is not understood, from a pipe."""
    assert_harmless(run(*RULES, stdin=NAME.replace("\udc80", "").replace("\n", "")))


@pytest.mark.parametrize(
    "words",
    [
        ("questions", "--rules", "RULES"),
        ("rules", "list", "RULES"),
        ("rules", "check", "RULES"),
        ("rules", "prove", "RULES"),
        ("rules", "explain", "weak", "--rules", "RULES"),
        ("rules", "explain", "nerves", "--rules", "RULES"),
        ("rules", "diff", str(SMALL), "RULES"),
        ("rules", "graph", "RULES", "--format", "mermaid", "--area", "nerves"),
        ("assess", "--format", "text", "--rules", "RULES"),
        ("assess", "--format", "markdown", "--rules", "RULES"),
        ("--rules", "RULES"),
    ],
)
def test_no_text_of_a_rule_set_begins_a_line_as_a_command(
    words: Sequence[str], tmp_path: Path
) -> None:
    """Who may change the rules must not steer the log in which they are looked at."""
    texts = (
        ("label: Weak leg", f"label: '{TEXT}'"),
        ("ask: Is one leg weaker than it was?", f"ask: '{TEXT}?'"),
        ("title: Nerves", f"title: '{TEXT}'"),
        ("because: New weakness needs a look.", f"because: '{TEXT}'"),
    )
    folder = small_with(
        tmp_path,
        edited("nerves.yaml", *texts)
        | edited("advice.yaml", ("title: See a doctor soon", f"title: '{TEXT}'")),
    )
    stdin = '{"weak": "yes", "weak_course": "new_stable"}' if "assess" in words else "n\ny\n"

    done = run(*(str(folder) if word == "RULES" else word for word in words), stdin=stdin)

    assert "pwned" in done.stdout + done.stderr
    assert_harmless(done)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a::b\n ::c", "a::b\n : :c"),
        ("\t::x", "\ufffd: :x"),
        ("a ##[group]", "a ## [group]"),
        ("a\x85b\u2028c\u2066d", "a\ufffdb\ufffdc\ufffdd"),
        ("plain", "plain"),
    ],
)
def test_only_what_harms_is_changed(text: str, shown: str) -> None:
    """A mark stands in its place, or a blank within it."""
    assert make_printable(text) == shown
    assert "\n" not in make_one_line(text)


PACKED = gzip.compress(b"age,expected\n47,home_care\n" * 50, mtime=0)
BROKEN_FILES = {
    "t.csv.gz": (b"age\n3\n", "it is not packed with gzip, as its ending says"),
    "short.csv.gz": (PACKED[:-12], "its end is missing"),
    "bad.csv.gz": (PACKED[:-8] + bytes(8), "it cannot be unpacked"),
    "t.parquet": (b"age,expected\n47,home_care\n", "this is not Parquet"),
    "quote.csv": (b'age,"expected\n47,home_care\n', "not closed, or has text around it"),
}


@pytest.mark.parametrize("command", ["cohort", "evaluate"])
@pytest.mark.parametrize("name", BROKEN_FILES)
def test_why_a_file_cannot_be_read_is_said_in_our_own_words(
    command: str, name: str, tmp_path: Path
) -> None:
    """Not in those of a library, which speak of its inside."""
    content, told = BROKEN_FILES[name]
    file = tmp_path / name
    file.write_bytes(content)
    output = ("--output", tmp_path / "o.csv") if command == "cohort" else ()

    done = run(command, file, *output, *RULES)

    assert done.returncode in (3, 5)
    assert told in done.stderr
