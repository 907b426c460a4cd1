"""Names, texts, numbers and conditions -> the few syntax trees that queries are made of.

Every name and every text in them is quoted. sqlglot would copy what it is given again and again;
these take what they get, so each tree must be used only once.
"""

from collections.abc import Sequence

from sqlglot import exp

_MOST_ARGUMENTS = 50
"""Some databases allow a function only so many."""


def column(name: str, table: str | None = None) -> exp.Expr:
    """A column by its name."""
    return exp.column(name, table=table, quoted=True, copy=False)


def table(name: str) -> exp.Table:
    """A table by its name alone."""
    return exp.table_(name, quoted=True)


def named(expression: exp.Expr, name: str) -> exp.Expr:
    """An expression as a column of the result."""
    return exp.alias_(expression, name, quoted=True, copy=False)


def text(value: str) -> exp.Expr:
    """A text literal."""
    return exp.Literal.string(value)


def number(value: float) -> exp.Expr:
    """A number literal."""
    return exp.Literal.number(f"{value:.15g}")


def boolean(value: bool) -> exp.Expr:
    """TRUE or FALSE."""
    return exp.true() if value else exp.false()


def nothing(type_: str) -> exp.Expr:
    """NULL of a type."""
    return cast(exp.null(), type_)


def cast(expression: exp.Expr, type_: str) -> exp.Expr:
    """An expression as a type; an error where it cannot be."""
    return exp.cast(expression, type_, copy=False)


def both(*conditions: exp.Expr) -> exp.Expr:
    """All of them."""
    return exp.and_(*conditions, copy=False)


def either(*conditions: exp.Expr) -> exp.Expr:
    """Any of them."""
    return exp.or_(*conditions, copy=False)


def negated(condition: exp.Expr) -> exp.Expr:
    """The condition is FALSE."""
    return exp.not_(exp.paren(condition, copy=False), copy=False)


def equal(one: exp.Expr, other: exp.Expr) -> exp.Expr:
    """They are the same, and not NULL."""
    return exp.EQ(this=one, expression=other)


def at_least(one: exp.Expr, bound: float) -> exp.Expr:
    """It is the bound or more."""
    return exp.GTE(this=one, expression=number(bound))


def one_of(expression: exp.Expr, values: Sequence[str]) -> exp.Expr:
    """It is one of these texts."""
    if len(values) == 1:
        return equal(expression, text(values[0]))
    return exp.In(this=expression, expressions=[text(value) for value in values])


def is_null(expression: exp.Expr) -> exp.Expr:
    """It is NULL."""
    return exp.Is(this=expression, expression=exp.null())


def is_given(expression: exp.Expr) -> exp.Expr:
    """It is not NULL."""
    return exp.Not(this=is_null(expression))


def case(
    *branches: tuple[exp.Expr, exp.Expr],
    of: exp.Expr | None = None,
    otherwise: exp.Expr | None = None,
) -> exp.Expr:
    """The value of the first branch whose condition holds; else `otherwise`, or NULL.

    With `of`, the first of each branch is no condition but a value: that which `of` is.
    """
    ifs = [exp.If(this=condition, true=value) for condition, value in branches]
    if not ifs:
        return otherwise or exp.null()
    return exp.Case(this=of, ifs=ifs, default=otherwise)


def coalesce(first: exp.Expr, *others: exp.Expr) -> exp.Expr:
    """The first that is not NULL."""
    return exp.Coalesce(this=first, expressions=list(others))


def concat(*texts: exp.Expr) -> exp.Expr:
    """Texts, none of them NULL, one behind the other."""
    joined = list(texts) or [text("")]
    while len(joined) > 1:
        starts = range(0, len(joined), _MOST_ARGUMENTS)
        joined = [_concat_few(joined[start : start + _MOST_ARGUMENTS]) for start in starts]
    return joined[0]


def _concat_few(texts: Sequence[exp.Expr]) -> exp.Expr:
    if len(texts) == 1:
        return texts[0]
    return exp.Concat(expressions=list(texts), safe=True, coalesce=True)


def written(parts: Sequence[exp.Expr], dialect: str) -> str:
    """Expressions as the list of a SELECT, or one query, in a dialect."""
    return ", ".join(part.sql(dialect=dialect, copy=False) for part in parts)
