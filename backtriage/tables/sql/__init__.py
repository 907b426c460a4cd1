"""(RuleSet, Table) -> one SELECT that assesses every row, with the engine's three-valued meaning.

It is written as DuckDB's SQL, in which every name and every text is quoted; sqlglot reads that, and
writes it in the dialect of a database.
"""

from sqlglot import exp, parse_one

from backtriage.model import RuleSet
from backtriage.tables.sql.names import MOST_BYTES, list_clashes, list_cut
from backtriage.tables.sql.query import Query
from backtriage.tables.sql.table import OUTCOME, Table

__all__ = [
    "DIALECTS",
    "MOST_BYTES",
    "OUTCOME",
    "Table",
    "build_select",
    "list_clashes",
    "list_cut",
    "render_sql",
]

DIALECTS = (
    "bigquery", "clickhouse", "databricks", "duckdb", "mysql", "postgres", "redshift", "snowflake",
    "spark", "trino",
)  # fmt: skip
"""The dialects that can be written."""


def build_select(rule_set: RuleSet, table: Table) -> exp.Select:
    """The query. Its columns are the keys of the table and those of OUTCOME.

    `advice` is NULL while it is open, `within_days` while the deadline is. `findings` and
    `unresolved` have the ids of red flags, the most urgent first, with commas between, and
    `not_understood` those of questions with a value that is no answer: it counts as not answered.
    """
    query = parse_one(Query(rule_set, table).write(), read="duckdb")
    assert isinstance(query, exp.Select)
    return query


def render_sql(query: exp.Select, dialect: str, rule_set: RuleSet) -> str:
    """The query in one of DIALECTS, below a comment that says of what; ends in a semicolon."""
    fitted = query.transform(_find_place) if dialect == "mysql" else query.copy()
    if dialect == "clickhouse":
        # It would take a column for the result of the same name that is made beside it.
        fitted.set("settings", [parse_one("prefer_column_name_to_alias = 1")])
    if dialect == "postgres":
        # It would put every step into the next, and plan for minutes what takes a second then.
        for step in fitted.find_all(exp.CTE):
            step.set("materialized", True)
    comment = f"-- {rule_set.id} {rule_set.version}, {rule_set.hash}"
    return f"{comment}\n{fitted.sql(dialect=dialect, pretty=True)};"


def _find_place(node: exp.Expression) -> exp.Expression:
    """MariaDB has no REGEXP_LIKE: what it looks for from the start is at the first place there."""
    if not isinstance(node, exp.RegexpLike):
        return node
    return exp.RegexpInstr(this=node.this, expression=node.expression).eq(1)
