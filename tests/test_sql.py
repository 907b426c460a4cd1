"""The compiled SELECT says of every row what the engine says."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import duckdb
import pytest
import sqlglot
from hypothesis import given
from hypothesis import strategies as st

from backtriage import load
from backtriage.model import Answer, RuleSet
from backtriage.tables.sql import (
    DIALECTS,
    OUTCOME,
    Table,
    build_select,
    render_sql,
)
from helpers import NOW, SHIPPED, SMALL, asks, called, tiny, yes
from strategies import examples, partial_answers, rule_sets
from tables import GIVEN, by_engine, check_given, in_table, people_at_the_edges


def by_sql(
    rule_set: RuleSet, people: Sequence[Mapping[str, Answer]], *, booleans: bool = False
) -> list[tuple[object, ...]]:
    """What the SELECT says in DuckDB, in the order of the people."""
    questions = rule_set.questions.values()
    kinds = {
        "number": "DOUBLE",
        "yes_no": "BOOLEAN" if booleans else "VARCHAR",
        "choice": "VARCHAR",
    }
    columns = ", ".join(f'"{question.id}" {kinds[question.kind]}' for question in questions)
    table = Table(
        name="people",
        columns={name: name for name in rule_set.questions},
        keys={"row": "row"},
        booleans=booleans,
    )
    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE people (row INTEGER, {columns})")
        rows = [
            [
                place,
                *(in_table(question, person.get(question.id), booleans) for question in questions),
            ]
            for place, person in enumerate(people)
        ]
        marks = ", ".join("?" for _ in rows[0])
        database.execute("BEGIN")
        database.executemany(f"INSERT INTO people VALUES ({marks})", rows)
        result = database.execute(
            f"{build_select(rule_set, table).sql('duckdb')} ORDER BY row"
        ).fetchall()
    return [row[1:] for row in result]


def assert_agree(
    rule_set: RuleSet, people: Iterable[Mapping[str, Answer]], *, booleans: bool = False
) -> None:
    everybody = list(people)

    rows = by_sql(rule_set, everybody, booleans=booleans)

    for person, row in zip(everybody, rows, strict=True):
        assert row == by_engine(rule_set, person), person


@given(st.data())
@examples(60)
def test_on_random_rule_sets_and_answers_both_say_the_same(data: st.DataObject) -> None:
    """Advice, deadline, range, findings and what is unresolved, whatever is missing."""
    rule_set = data.draw(rule_sets())
    people = data.draw(st.lists(partial_answers(rule_set), min_size=1, max_size=12))

    assert_agree(rule_set, people, booleans=data.draw(st.booleans()))


@pytest.mark.parametrize(
    "folder", [SMALL, pytest.param(SHIPPED, marks=pytest.mark.slow)], ids=["small", "shipped"]
)
@pytest.mark.parametrize("booleans", [False, True], ids=["words", "booleans"])
def test_at_every_bound_both_say_the_same(folder: object, booleans: bool) -> None:
    """Each threshold at, just under and just over; each option; not sure; not answered."""
    rule_set = load(folder)  # type: ignore[arg-type]

    assert_agree(rule_set, people_at_the_edges(rule_set), booleans=booleans)


def test_what_is_no_answer_is_not_answered_and_named() -> None:
    """It is never a no."""
    rule_set = load(SMALL)
    with duckdb.connect() as database:
        database.execute(
            "CREATE TABLE t AS "
            "SELECT 'maybe so' AS numb, 'worst' AS weak_course, 130 AS age, 'no' AS fall"
        )
        columns = {name: name for name in ("numb", "weak_course", "age", "fall")}
        rows = database.execute(
            build_select(rule_set, Table(name="t", columns=columns)).sql("duckdb")
        ).fetchall()

    assert rows[0][-1] == "numb,weak_course,age"
    assert rows[0][0] is None


@pytest.mark.parametrize(("question", "kind", "given"), GIVEN)
def test_a_value_is_an_answer_or_named_whatever_the_type_of_its_column(
    question: str, kind: str, given: Sequence[tuple[object, Answer | None]]
) -> None:
    """None of them ends the query, or is taken for another."""
    rule_set = load(SMALL)
    table = Table(name="t", columns={question: "x"}, keys={"nr": "nr"})
    with duckdb.connect() as database:
        database.execute(
            f"CREATE TABLE t (nr INTEGER, x {'VARCHAR' if kind == 'text' else 'DOUBLE'})"
        )
        database.executemany(
            "INSERT INTO t VALUES (?, ?)",
            [[place, value] for place, (value, _) in enumerate(given)],
        )
        rows = database.execute(build_select(rule_set, table).sql("duckdb")).fetchall()

    check_given(rule_set, question, given, rows)


def test_every_name_and_text_is_quoted() -> None:
    """Names of columns and tables are those of the user, and may be anything."""
    fever = tiny([asks("fever")], {"fever": (NOW, yes("fever"))})
    flag = replace(fever.red_flags["fever"], because="*/ SELECT 1 /* it's -- so")
    rule_set = replace(fever, areas=(replace(fever.areas[0], red_flags=(flag,)),))
    odd = "a\"b'c; DROP TABLE x; -- /* \\ \n"
    table = Table(name=f"main.{odd}", columns={"fever": odd}, keys={"so": "advice or so"})
    with duckdb.connect() as database:
        quoted = odd.replace('"', '""')
        database.execute(
            f'CREATE TABLE "{quoted}" AS SELECT \'yes\' AS "{quoted}", 7 AS "advice or so"'
        )
        rows = database.execute(build_select(rule_set, table).sql("duckdb")).fetchall()

    assert rows[0][:3] == (7, "seek_care_now", 0)


@pytest.mark.parametrize(
    "dialect", ["duckdb", "spark", "postgres", "bigquery", "snowflake", "mysql", "trino"]
)
def test_what_is_written_can_be_read_by_its_dialect(dialect: str) -> None:
    """One column for each red flag, with its reason as a comment."""
    rule_set = load(SMALL)
    text = render_sql(
        build_select(
            rule_set, Table(name="t", columns={name: name for name in rule_set.questions})
        ),
        dialect,
        rule_set,
    )
    (query,) = sqlglot.parse(text, dialect=dialect)

    assert query is not None
    assert query.named_selects == list(OUTCOME)
    assert "Numb skin between the legs can mean pressed nerves." in text
    assert dialect in DIALECTS


LONG = "numb_between_the_legs_and_around_the_private_parts_since_the_mor"
"""As long as an id may be, but for the last letter."""


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("length", [20, 56, 57, 62, 63])
def test_ids_that_differ_at_their_end_stay_apart(length: int, dialect: str) -> None:
    """PostgreSQL knows 63 bytes of a name; whatever stands in the query is that short."""
    names = [f"{LONG[:length]}{letter}" for letter in "ab"]
    flags = {
        f"{LONG[:length]}{letter}": (NOW, yes(name))
        for letter, name in zip("xy", names, strict=True)
    }
    rule_set = tiny([asks(name) for name in names], flags)
    table = Table(name="t", columns=dict(zip(names, "ab", strict=True)))
    query = build_select(rule_set, table)
    (parsed,) = sqlglot.parse(render_sql(query, dialect, rule_set), dialect=dialect)
    with duckdb.connect() as database:
        database.execute("CREATE TABLE t AS SELECT 'no' AS a, 'what' AS b")
        (row,) = database.execute(query.sql("duckdb")).fetchall()

    assert parsed is not None
    inner = {found.name for found in parsed.find_all(sqlglot.exp.Identifier)}
    assert max(len(name.encode()) for name in inner) <= 63
    assert row[-2:] == (f"{LONG[:length]}y", names[1])


@given(st.data())
@examples(20)
def test_on_long_ids_both_say_the_same(data: st.DataObject) -> None:
    """Definitions, questions and red flags, all of them longer than the shortest limit."""
    rule_set = data.draw(rule_sets())
    people = data.draw(st.lists(partial_answers(rule_set), min_size=1, max_size=5))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("backtriage.tables.sql.names._SHORTEST_LIMIT", 0)
        assert_agree(rule_set, people)


# From the command line ----------------------------------------------------------------------------


def test_the_command_writes_sql_and_tells_of_missing_columns(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question without a column is not answered by anybody, and that is told."""
    words = (
        "--dialect",
        "duckdb",
        "--rules",
        str(SMALL),
        "--table",
        "people",
        "--id",
        "nr",
        "--column",
        "numb=n",
        "--column",
        "fall=",
    )
    code, out, err = called(capsys, monkeypatch, "export", "sql", *words)
    with duckdb.connect() as database:
        others = "'no' AS weak, NULL::VARCHAR AS weak_course, 30 AS age, 3 AS duration"
        others += ", 'no' AS steroids, 'no' AS osteoporosis"
        database.execute(f"CREATE TABLE people AS SELECT 5 AS nr, 'no' AS n, {others}")
        rows = database.execute(out).fetchall()

    assert code == 0
    assert "there is no column: fall" in err
    assert rows[0][0] == 5
    assert rows[0][9] == "fall_and_weak_bones" or rows[0][9] == ""


def test_a_table_with_few_columns_needs_only_those_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it must have one for each question, which is told."""
    words = (
        "--dialect",
        "duckdb",
        "--rules",
        str(SMALL),
        "--table",
        "people",
        "--column",
        "numb=n",
    )
    code, out, err = called(capsys, monkeypatch, "export", "sql", *words, "--only-named")
    with duckdb.connect() as database:
        database.execute("CREATE TABLE people AS SELECT 'yes' AS n")
        rows = database.execute(out).fetchall()

    assert code == 0
    assert "no column: weak," in err
    assert rows[0][0] == "seek_care_now"
    assert "--only-named" in called(capsys, monkeypatch, "export", "sql", *words)[2]


@pytest.mark.parametrize(
    "words",
    [
        ("--dialect", "nope"),
        ("--dialect", "duckdb", "--column", "nope=x"),
        ("--dialect", "duckdb", "--column", "age"),
    ],
)
def test_wrong_usage_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """Which word is wrong, and what it should be."""
    code, out, err = called(capsys, monkeypatch, "export", "sql", *words)

    assert (code, out) == (2, "")
    assert "nope" in err or "QUESTION=COLUMN" in err


BYTES_63 = "x" * 63


@pytest.mark.parametrize(
    ("dialect", "words", "told"),
    [
        ("postgres", ("--column", f"numb={BYTES_63}a", "--column", f"weak={BYTES_63}b"), "to 63"),
        ("postgres", ("--id", f"{BYTES_63}a", "--id", f"{BYTES_63}b"), "to 63 bytes"),
        ("postgres", ("--id", f"{'é' * 31}ab", "--id", f"{'é' * 31}ac"), "to 63 bytes"),
        ("redshift", ("--id", f"{'y' * 127}a", "--id", f"{'y' * 127}b"), "to 127 bytes"),
        ("bigquery", ("--id", "Advice"), '"Advice" and "advice"'),
        ("duckdb", ("--id", "NR", "--id", "nr"), '"NR" and "nr"'),
        ("bigquery", ("--id", "_PARTITIONTIME"), "_PARTITIONTIME"),
    ],
)
def test_names_that_a_database_cannot_tell_apart_are_refused(
    dialect: str,
    words: tuple[str, ...],
    told: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Both are named; nothing is written that would read one column for the other."""
    common = ("export", "sql", "--rules", str(SMALL), "--dialect")
    code, out, err = called(capsys, monkeypatch, *common, dialect, *words)

    assert (code, out) == (2, "")
    assert told in err
    assert called(capsys, monkeypatch, *common, "clickhouse", *words)[0] == 0


def test_what_a_database_makes_of_names_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names that are cut, and Snowflake's capitals."""
    common = ("export", "sql", "--rules", str(SMALL), "--id", f"{BYTES_63}a", "--dialect")

    cut = called(capsys, monkeypatch, *common, "postgres")
    folded = called(capsys, monkeypatch, *common, "snowflake")

    assert (cut[0], folded[0]) == (0, 0)
    assert f"postgres knows 63 bytes of a name, and cuts: {BYTES_63}a" in cut[2]
    assert "QUOTED_IDENTIFIERS_IGNORE_CASE" in folded[2]
    assert "QUOTED_IDENTIFIERS" not in cut[2]
