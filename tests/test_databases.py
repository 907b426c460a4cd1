"""The SQL that is written for a database says in that database what the engine says.

Needs PostgreSQL and MariaDB, and the packages psycopg, pymysql and chdb, which `.ci/run` installs;
and Spark.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from backtriage import load
from backtriage.model import RuleSet
from backtriage.tables.sql import Table, build_select, render_sql
from databases import DATABASES, Missing, Run
from helpers import SHIPPED, SMALL
from tables import GIVEN, by_engine, check_given, in_table, people_at_the_edges

pytestmark = pytest.mark.slow

TEXTS = {
    "postgres": "TEXT",
    "mysql": "VARCHAR(50)",
    "clickhouse": "Nullable(String)",
    "spark": "STRING",
}
NUMBERS = {
    "postgres": "DOUBLE PRECISION",
    "mysql": "DOUBLE",
    "clickhouse": "Nullable(Float64)",
    "spark": "DOUBLE",
}
BOOLEANS = {
    "postgres": "BOOLEAN",
    "mysql": "BOOLEAN",
    "clickhouse": "Nullable(Bool)",
    "spark": "BOOLEAN",
}


def fill(rule_set: RuleSet, dialect: str, run: Run, *, booleans: bool) -> None:
    """Make the table of the people at every bound."""
    types = {"number": NUMBERS, "choice": TEXTS, "yes_no": BOOLEANS if booleans else TEXTS}
    quote = "`" if dialect in ("mysql", "spark") else '"'
    columns = (
        f"{quote}{question.id}{quote} {types[question.kind][dialect]}"
        for question in rule_set.questions.values()
    )
    engine = " ENGINE = Memory" if dialect == "clickhouse" else ""
    run("DROP TABLE IF EXISTS people")
    run(f"CREATE TABLE people (nr INTEGER, {', '.join(columns)}){engine}")
    people = enumerate(people_at_the_edges(rule_set))
    rows = [
        [
            number,
            *(in_table(one, person.get(one.id), booleans) for one in rule_set.questions.values()),
        ]
        for number, person in people
    ]
    values = ", ".join(f"({', '.join(map(literal, row))})" for row in rows)
    run(f"INSERT INTO people VALUES {values}")


def literal(value: object) -> str:
    """A value in SQL; none of these texts has a quote in it."""
    return "NULL" if value is None else f"'{value}'" if isinstance(value, str) else str(value)


@pytest.mark.parametrize("dialect", DATABASES)
def test_at_every_bound_the_database_says_what_the_engine_says(dialect: str) -> None:
    """For the small and the shipped rule set, in words and as BOOLEAN; and of odd values."""
    start: Callable[[Path], AbstractContextManager[Run]] = DATABASES[dialect]
    with TemporaryDirectory() as folder:
        try:
            with start(Path(folder)) as run:
                # for all those columns in one INSERT Spark takes a minute
                for rule_set in map(load, (SMALL,) if dialect == "spark" else (SMALL, SHIPPED)):
                    for booleans in (False, True):
                        fill(rule_set, dialect, run, booleans=booleans)
                        assert_agrees(rule_set, dialect, run, booleans=booleans)
                assert_all_is_answered_or_named(dialect, run)
        except Missing as reason:
            pytest.skip(str(reason))


def assert_agrees(rule_set: RuleSet, dialect: str, run: Run, *, booleans: bool) -> None:
    columns = {name: name for name in rule_set.questions}
    table = Table(
        name="people",
        columns=columns,
        keys={"nr": "nr"},
        booleans=booleans,
    )
    rows = {
        number: row
        for number, *row in run(
            render_sql(build_select(rule_set, table), dialect, rule_set).rstrip(";")
        )
    }

    for number, person in enumerate(people_at_the_edges(rule_set)):
        row = rows.pop(number)
        row[2] = bool(row[2])  # MySQL has no other truth than 1 and 0
        assert tuple(row) == by_engine(rule_set, person), person
    assert not rows


def assert_all_is_answered_or_named(dialect: str, run: Run) -> None:
    """A value of any type, also one that the database would not take for a number."""
    rule_set = load(SMALL)
    engine = " ENGINE = Memory" if dialect == "clickhouse" else ""
    types = {"text": {**TEXTS, "mysql": "VARCHAR(500)"}, "number": NUMBERS}
    for question, kind, given in GIVEN:
        table = Table(name="given", columns={question: "x"}, keys={"nr": "nr"})
        run("DROP TABLE IF EXISTS given")
        run(f"CREATE TABLE given (nr INTEGER, x {types[kind][dialect]}){engine}")
        values = (f"({place}, {literal(value)})" for place, (value, _) in enumerate(given))
        run(f"INSERT INTO given VALUES {', '.join(values)}")
        rows = run(render_sql(build_select(rule_set, table), dialect, rule_set).rstrip(";"))
        # MySQL has no other truth than 1 and 0
        read = [[*row[:3], bool(row[3]), *row[4:]] for row in rows]
        check_given(rule_set, question, given, read)
