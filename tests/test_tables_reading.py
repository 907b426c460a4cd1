"""What tables are made of, each part held to what it stands for: readers, values, decisions."""

import csv
import gzip
import io
import json
import tracemalloc
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyarrow import parquet

from backtriage import AnswersError, load
from backtriage.conditions import Facts
from backtriage.errors import Issue
from backtriage.model import Answers
from backtriage.planes import compile_kernel
from backtriage.status import Status
from backtriage.strict_json import parse_json, read_lines
from backtriage.tables import Job
from backtriage.tables.batches import Batch
from backtriage.tables.csv_rows import CsvRows
from backtriage.tables.decide import decide_many, find_order
from backtriage.tables.json_lines import JsonLines
from backtriage.tables.values import Understanding, understand_value
from backtriage.tables.work import choose_rows, run_job
from helpers import SHIPPED, SMALL
from reference import hold_worlds
from strategies import examples, partial_answers, rule_sets

RULES = load(SMALL)
NAMES = ["a", "b", "numb"]

# JSON Lines -----------------------------------------------------------------------------------

PLAIN = st.sampled_from(
    ['"yes"', '"no"', "47", "-0.50", "1e400", "007", "+1", ".5", "1.", "true", "nul", "null", '""',
     '"a,b"', '"\\u0061"', '"\\ud800"', '"\\n"', '"\x01"', '"\t"', "NaN", "-Infinity", "[1, 2]",
     "[]", '{"a": 1}', "{}", '"ÿ"', '"}"', '"{"', "", " 5\t", "'yes'", '"yes" "no"', "9" * 5000,
     "0" * 400 + "1", "-" + "0" * 400, "1." + "0" * 60, "1_000", "0x1f", "\u0661", "True", "None",
     '"\\udc00\\ud800"', '"\x1f"', '"\\x41"', '"a\\', "[1,]", "[NaN]", '{"x": NaN}', "[" * 25,
     '{"a": 1, "a": 2}', "/* c */ 1", "1 // c", "1 # c", "\ufeff1", "\u00a01", "1\x0b"]
)  # fmt: skip
KEYS = st.sampled_from(
    ['"a"', '"b"', '"numb"', ' "a" ', '"\\u0061"', '"a:b"', '"\x00"', "a", "", "'a'", "1", '"z"',
     '"z,z"', '"\\ud800"', '"k{"', '"' + "k" * 600 + '"']
)  # fmt: skip
MARKS = st.sampled_from([":", ": ", " :", "", "::", "=", ":\x0b"])
MEMBERS = st.tuples(KEYS, MARKS, PLAIN).map("".join)
OBJECTS = st.builds(
    lambda members, begin, end: f"{begin}{','.join(members)}{end}",
    st.lists(MEMBERS, max_size=4),
    st.sampled_from(["{", "{ ", " {", "", "{{", "[", "\ufeff{", "\ufeff\ufeff{", "{,", "/**/{"]),
    st.sampled_from(
        ["}", " }", "} ", "", "}}", ",}", "]", "}\r", "\r}", "},", "} //", "} {}", ",,}"]
    ),
)
SOUND = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["yes", "no", 47, 1.5, None, True]))
LINES = st.lists(OBJECTS | SOUND.map(json.dumps) | st.sampled_from(["", "  ", "x", "\r"]))


def by_lines(data: bytes) -> dict[int, Any]:
    """By number: the object of each line, or the codes of what is wrong with it."""
    found: dict[int, Any] = {}
    for number, line in read_lines(io.BytesIO(data)):
        issues: list[Issue] = []
        try:
            value = parse_json(line, issues)
        except AnswersError as error:
            issues += error.issues
            value = {}
        if not isinstance(value, dict):
            issues = [*issues, Issue(code="not-an-object", message="")]
        found[number] = sorted({issue.code for issue in issues}) or value
    return found


def batches_of(source: Any, names: list[str]) -> list[Batch]:
    return [make() for _, make in source.read(names, [])]


def by_batches(batches: list[Batch], *, is_json: bool) -> dict[int, Any]:
    """The same as by lines, of what a reader gives; a value that is missing is None."""
    found: dict[int, Any] = {}
    for batch in batches:
        for place, row in enumerate(batch.rows.tolist()):
            given = {name: column[place].as_py() for name, column in batch.columns.items()}
            there = {name: value for name, value in given.items() if value is not None}
            found[row] = {key: json.loads(one) if is_json else one for key, one in there.items()}
        wrong = [(batch.rows[row], issues) for row, issues in batch.wrong.items()]
        for row, issues in [*wrong, *((one.row, one.issues) for one in batch.broken)]:
            found[row] = sorted({issue.code for issue in issues})
    return found


@given(
    lines=LINES,
    rows=st.sampled_from([1, 3, 1000]),
    few=st.sampled_from([0, 1000]),
    cells=st.sampled_from([5, 10**6]),
)
@examples(300)
@example(lines=['{"a":1,"b":2}', '{"b":1,"a":2}', '{"a":1,"a":2}'], rows=1000, few=0, cells=100)
@example(lines=['{"a":"x', '{"a":"x,"b":"y"}', '{"a":{"b":1}}'], rows=1000, few=0, cells=100)
@example(lines=['{"a":1}', '{"a":1,"b":2}', '{"b":1}', "x"], rows=1000, few=0, cells=100)
@example(lines=['{"a":1}', '{"b":1,"a":1,"b":2}'], rows=1000, few=0, cells=100)
@example(lines=['{"a":"x,y","b":"\\\\"}', '{"b":"\\",","a":1}'], rows=1000, few=0, cells=100)
def test_a_line_of_json_is_what_assess_would_read(
    lines: list[str], rows: int, few: int, cells: int
) -> None:
    """Cut at its commas or parsed by itself; with the same codes where it is none."""
    data = "\n".join(lines).encode()
    with TemporaryDirectory() as folder, chdir(folder), pytest.MonkeyPatch.context() as patch:
        patch.setattr("backtriage.tables.json_lines._MOST_CELLS", cells)
        patch.setattr("backtriage.tables.json_lines._FEW", few)
        Path("in.jsonl").write_bytes(data)
        found = by_batches(batches_of(JsonLines([Path("in.jsonl")], rows), NAMES), is_json=True)

    wanted = by_lines(data)
    assert repr(_sorted(found)) == repr(_sorted(wanted))


def _sorted(found: dict[int, Any]) -> list[Any]:
    """By row, with the members that are wanted in order; null is no member."""
    return [
        (row, one if isinstance(one, list) else _members(one)) for row, one in sorted(found.items())
    ]


def _members(one: dict[str, Any]) -> list[tuple[str, Any]]:
    return sorted((key, value) for key, value in one.items() if value is not None and key in NAMES)


# CSV ------------------------------------------------------------------------------------------

CELLS = st.sampled_from(
    ["", "yes", '"no"', '"a,b"', '"a\nb"', '"a\r\n\nb"', '"say ""x"""', '""', " ", "ä", "1\x00"]
)  # fmt: skip
FAULTS = st.sampled_from(['x"y', 'x"y"', 'x""', '"x"y', '"x', '"x""', "x\ry", '"x" '])
PAIRS = st.lists(CELLS, min_size=2, max_size=2).map(",".join)
ROWS_OF_CSV = st.lists(PAIRS | st.sampled_from(["", "x", "a,b,c", ",,,"]))


@given(rows=ROWS_OF_CSV, size=st.sampled_from([1, 2, 1000]), end=st.sampled_from(["\n", "\r\n"]))
@examples(200)
def test_a_row_of_csv_is_what_python_reads(rows: list[str], size: int, end: str) -> None:
    """Where quotes are sound; a row with more or fewer values is broken, an empty one is none."""
    text = end.join(["a,b", *rows, ""])
    table = list(csv.reader(io.StringIO(text, newline=""), strict=True))[1:]
    wanted = [
        (number, cells if len(cells) == 2 else ["not-a-row"])
        for number, cells in enumerate(filter(is_no_blank_line, table), 1)
        if any(cell.strip() for cell in cells)
    ]

    found = read_csv(text, size)

    assert [
        (row, one if isinstance(one, list) else list(one.values())) for row, one in found
    ] == wanted


def is_no_blank_line(cells: list[str]) -> bool:
    return len(cells) > 1 or bool(cells and cells[0].strip())


@given(
    rows=st.lists(st.lists(CELLS | FAULTS, min_size=2, max_size=2).map(",".join)),
    sizes=st.tuples(st.just(1000), st.integers(1, 5)),
)
@examples(200)
def test_faults_in_quotes_are_told_and_do_not_depend_on_the_batch(
    rows: list[str], sizes: tuple[int, int]
) -> None:
    """Every line is told of, and a sound one behind a broken one is read."""
    text = "\n".join(["a,b", *rows, "sound,sound", ""])
    many, few = (read_csv(text, size) for size in sizes)

    assert many == few
    told = [row for row, _ in many]
    assert told == sorted(set(told))
    assert len(told) >= told[-1] - sum(not row.strip('," ') for row in rows)


def read_csv(text: str, size: int) -> list[tuple[int, Any]]:
    with TemporaryDirectory() as folder, chdir(folder):
        Path("in.csv").write_text(text, newline="")
        source = CsvRows([Path("in.csv")], size)
        return sorted(by_batches(batches_of(source, ["a", "b"]), is_json=False).items())


def test_where_a_block_is_cut_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row keeps its number and its values, also behind one that has too many."""
    rows = ["yes,no", '"a\nb","a,b"', "x", '"a\r\n\nb",no', "a,b,c", "no,yes"]
    text = "\n".join(["a,b", *(rows * 20), ""])
    at_once = read_csv(text, 1000)
    monkeypatch.setattr("backtriage.tables.blocks._AT_ONCE", 40)

    assert read_csv(text, 1000) == at_once
    assert [row for row, one in at_once] == [*range(1, 121)]


# Values ---------------------------------------------------------------------------------------

NUMBERS = st.floats(-1000, 1000) | st.integers(-200, 200) | st.sampled_from([float("nan"), 1e300])
WRITTEN = NUMBERS.map(str) | st.sampled_from(["047", "-0", "1.", "6 weeks", "forty", "", "1e1"])


@given(values=st.lists(NUMBERS, max_size=30) | st.lists(WRITTEN, max_size=30))
@examples(100)
def test_many_distinct_numbers_mean_what_each_of_them_means(values: list[Any]) -> None:
    """All at once or one by one: the same planes, and the same issues."""
    question = RULES.questions["age"]
    slot = compile_kernel(RULES).slots["age"]
    is_text = any(isinstance(value, str) for value in values)
    column = pa.array(values, pa.string() if is_text else pa.float64())
    one_by_one = Understanding(question, slot).hold(column, is_json=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("backtriage.tables.values._MANY", 0)
        at_once = Understanding(question, slot).hold(column, is_json=False)

    assert at_once == one_by_one


def test_what_is_no_answer_is_an_issue_and_nothing_is_none() -> None:
    """With the question that it is about."""
    issue = understand_value(RULES.questions["numb"], "perhaps so")

    assert isinstance(issue, Issue)
    assert (issue.code, issue.path) == ("wrong-type", "numb")
    assert understand_value(RULES.questions["numb"], None) is None


# The size of a batch --------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
@pytest.mark.parametrize("output", ["out.csv", "out.jsonl", "out.parquet", "out.jsonl.gz"])
def test_the_result_does_not_depend_on_how_many_rows_are_in_hand(
    kind: str, output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One, seven or all at once: output, rejects and summary are the same."""
    monkeypatch.chdir(tmp_path)
    people = [
        {"nr": f"p{nr}", "numb": ("yes", "no", "perhaps so", "Y")[nr % 4], "age": str(nr)}
        for nr in range(100, 140)
    ]
    table = pa.Table.from_pylist(people)
    if kind == "parquet":
        parquet.write_table(table, "in.parquet")
    elif kind == "jsonl":
        Path("in.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in [*people, {"nr": 7}]))
    else:
        rows = "".join(f"{','.join(one.values())}\n" for one in people)
        Path("in.csv").write_text(f"nr,numb,age\n{rows}x\n")
    job = Job(rule_set=RULES, inputs=(Path(f"in.{kind}"),), output=Path(output), keys=("nr",))
    found = []
    for rows in (1, 7, 1000):
        summary = run_job(job, rows=rows)
        read = parquet.read_table(output).to_pylist() if "parquet" in output else output_of(output)
        found.append((summary, read, job.rejects.read_text()))

    assert found[0] == found[1] == found[2]
    assert summary.rejected == summary.rows - len(found[0][1]) + ("csv" in output)


def test_lines_that_have_no_key_in_common_take_little_memory(tmp_path: Path) -> None:
    """A table of all lines and all keys would take the square of their number."""
    lines = "".join(f'{{"k{number}": 1, "numb": "no"}}\n' for number in range(8_000))
    (tmp_path / "in.jsonl").write_text(lines)
    job = Job(rule_set=RULES, inputs=(tmp_path / "in.jsonl",), output=tmp_path / "out.csv")
    tracemalloc.start()
    summary = run_job(job)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (summary.rows, summary.rejected) == (8_000, 0)
    assert peak < 100_000_000


@pytest.mark.parametrize("output", ["out.csv", "out.jsonl"])
def test_a_table_in_which_all_is_wrong_takes_little_memory(tmp_path: Path, output: str) -> None:
    """Its rejects are many times as long as the table."""
    shipped = load(SHIPPED)
    row = ",".join("x" for _ in shipped.questions)
    table = tmp_path / "in.csv"
    table.write_text("\n".join([",".join(shipped.questions), *[row] * 2_000, ""]))
    job = Job(rule_set=shipped, inputs=(table,), output=tmp_path / output)
    tracemalloc.start()
    summary = run_job(job)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (summary.rows, summary.rejected) == (2_000, 2_000)
    assert job.rejects.stat().st_size > 20_000_000
    assert peak < 20_000_000


def output_of(file: str) -> list[bytes]:
    data = Path(file).read_bytes()
    return (gzip.decompress(data) if file.endswith(".gz") else data).splitlines()


@pytest.mark.parametrize(
    ("limit", "least", "most"),
    [("1GB", 65_536, 65_536), ("200 mb", 10_000, 30_000), ("1KB", 1, 1_000)],
)
def test_less_memory_means_fewer_rows_in_hand(limit: str, least: int, most: int) -> None:
    """But never none."""
    assert least <= choose_rows(limit) <= most


# What is decided ------------------------------------------------------------------------------


@given(data=st.data())
@examples(60)
def test_what_is_decided_of_many_is_what_the_engine_decides_of_each(data: st.DataObject) -> None:
    """Also where some of them are left out."""
    rule_set = data.draw(rule_sets())
    people = data.draw(st.lists(partial_answers(rule_set), min_size=1, max_size=20))
    kept = data.draw(st.lists(st.booleans(), min_size=len(people), max_size=len(people)))
    sound = sum(1 << place for place, is_kept in enumerate(kept) if is_kept)

    found = decide_many(rule_set, hold_worlds(rule_set, people), len(people), sound)

    order = find_order(rule_set)
    wanted = [
        Status.of(rule_set.red_flags.values(), Facts(rule_set, Answers(person)))
        for person, is_kept in zip(people, kept, strict=True)
        if is_kept
    ]
    levels = [(one.at_least, one.at_most) for one in wanted]
    assert [
        (order.levels[low], order.levels[high])
        for low, high in zip(found.at_least, found.at_most, strict=True)
    ] == levels
    for members, flags in (
        (found.findings, [one.present for one in wanted]),
        (found.unresolved, [one.open for one in wanted]),
    ):
        ends = zip(members.starts, members.starts[1:], strict=False)
        assert [
            tuple(order.flags[flag] for flag in members.flags[start:end]) for start, end in ends
        ] == flags
    assert found.counts == [sum(flag in one.present for one in wanted) for flag in order.flags]
