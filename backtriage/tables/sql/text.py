"""Names, texts and conditions -> pieces of SQL, as DuckDB has it; sqlglot makes the others of that.

Every name and every text in them is quoted. A piece can stand anywhere as it is: two conditions
that are joined have brackets around them.
"""

from collections.abc import Iterable

_MOST_ARGUMENTS = 50
"""Some databases allow a function only so many."""


def write_name(name: str) -> str:
    """The name of a column or a table."""
    return '"{}"'.format(name.replace('"', '""'))


def write_text(text: str) -> str:
    """A text literal."""
    return "'{}'".format(text.replace("'", "''"))


def write_number(value: float) -> str:
    """A number literal."""
    return f"{value:.15g}"


def write_comment(text: str) -> str:
    """A comment, which nothing in the text can end."""
    return f"/* {text.replace('*/', '* /').replace('/*', '/ *')} */"


def write_all(conditions: Iterable[str]) -> str:
    """All of them."""
    return _join(" AND ", [*conditions])


def write_any(conditions: Iterable[str]) -> str:
    """Any of them."""
    return _join(" OR ", [*conditions])


def _join(mark: str, conditions: list[str]) -> str:
    return conditions[0] if len(conditions) == 1 else f"({mark.join(conditions)})"


def write_case(branches: Iterable[tuple[str, str]], otherwise: str | None = None) -> str:
    """The value of the first branch whose condition holds; else `otherwise`, or NULL."""
    written = [f"WHEN {condition} THEN {value}" for condition, value in branches]
    if not written:
        return otherwise or "NULL"
    default = [] if otherwise is None else [f"ELSE {otherwise}"]
    return " ".join(["CASE", *written, *default, "END"])


def write_concat(texts: Iterable[str]) -> str:
    """Texts, none of them NULL, one behind the other."""
    joined = [*texts]
    while len(joined) > 1:
        starts = range(0, len(joined), _MOST_ARGUMENTS)
        few = [joined[start : start + _MOST_ARGUMENTS] for start in starts]
        joined = [one[0] if len(one) == 1 else f"CONCAT({', '.join(one)})" for one in few]
    return joined[0] if joined else "''"
