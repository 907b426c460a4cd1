"""Names of columns, within what databases make of them: cut ones, and ones that differ in capitals.

PostgreSQL and Redshift cut a name that is too long without a word, so that two can become one.
"""

from collections.abc import Iterable, Mapping

from backtriage.errors import shorten
from backtriage.model import RuleSet
from backtriage.tables.sql.table import OUTCOME, Table

MOST_BYTES: Mapping[str, int] = {"postgres": 63, "redshift": 127}
"""So many bytes of a name count, in dialects that cut what is behind them."""

_SHORTEST_LIMIT = min(MOST_BYTES.values())
_CAPITALS_COUNT = ("clickhouse", "postgres", "snowflake")
"""Dialects in which quoted names that differ in capitals alone are two."""

_OF_BIGQUERY = ("_table_", "_file_", "_partition", "_row_timestamp", "__root__", "_colidentifier")
"""How no column of a result may begin there, whatever its capitals."""


class InnerNames:
    """The names of columns within the query, each short enough for every dialect.

    That of a question, definition or red flag is its id, or has its place where that is too long.
    No id begins with a low line, so these are never the same.
    """

    def __init__(self, rule_set: RuleSet) -> None:
        ids = (*rule_set.questions, *rule_set.definitions, *rule_set.red_flags)
        self._places = {name: place for place, name in enumerate(dict.fromkeys(ids))}

    def get(self, name: str) -> str:
        """The column of a question, definition or red flag."""
        return name if len(name) <= _SHORTEST_LIMIT else f"_id_{self._places[name]}"

    def get_given(self, question: str) -> str:
        """The column with what was given to a question, as it stands in the table."""
        name = f"_given_{question}"
        return name if len(name) <= _SHORTEST_LIMIT else f"_given_{self._places[question]}"


def list_clashes(table: Table, dialect: str) -> list[str]:
    """In words, why the names of a table and of its result cannot be told apart, or not be used."""
    read = dict.fromkeys((*table.columns.values(), *table.keys.values()))
    clashes = [
        f"{_join(names)} are the same column there, as {dialect} cuts names to "
        f"{MOST_BYTES[dialect]} bytes; rename one of them, and name it with --column"
        for names in _find_same(read, dialect, capitals_count=True)
    ]
    capitals_count = dialect in _CAPITALS_COUNT
    clashes += [
        f"the result cannot have the columns {_join(names)}, which {dialect} takes for the same; "
        "rename the one that you name with --id"
        for names in _find_same((*table.keys, *OUTCOME), dialect, capitals_count=capitals_count)
    ]
    if dialect == "bigquery":
        clashes += [
            f"no column of a result may begin like {_join([name])} in bigquery; rename it"
            for name in table.keys
            if name.casefold().startswith(_OF_BIGQUERY)
        ]
    return clashes


def list_cut(table: Table, dialect: str) -> list[str]:
    """The columns of the table whose names the dialect cuts, there as well as in the query."""
    read = dict.fromkeys((*table.columns.values(), *table.keys.values()))
    return [name for name in read if _cut(name, dialect) != name.encode()]


def _find_same(names: Iterable[str], dialect: str, *, capitals_count: bool) -> list[list[str]]:
    """The names that become one, together."""
    groups: dict[bytes, list[str]] = {}
    for name in names:
        seen = _cut(name if capitals_count else name.casefold(), dialect)
        groups.setdefault(seen, []).append(name)
    return [group for group in groups.values() if len(group) > 1]


def _cut(name: str, dialect: str) -> bytes:
    return name.encode(errors="surrogateescape")[: MOST_BYTES.get(dialect)]


def _join(names: Iterable[str]) -> str:
    return " and ".join(f'"{shorten(name, 200)}"' for name in names)
