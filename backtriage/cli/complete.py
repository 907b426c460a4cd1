"""What the shell offers for a word that is being typed: ids out of the rule set that is meant."""

from collections.abc import Iterable

import typer

from backtriage.errors import BacktriageError
from backtriage.loader import load
from backtriage.model import RuleSet


def suggest_parts(context: typer.Context, incomplete: str) -> list[str]:
    """The ids that `rules explain` knows."""
    from backtriage.authoring.explain import list_known

    rule_set = _load(context)
    return _begin_with(incomplete, list_known(rule_set) if rule_set else ())


def suggest_countries(context: typer.Context, incomplete: str) -> list[str]:
    """The codes of the countries of which the emergency number is known."""
    rule_set = _load(context)
    known = rule_set.emergency_numbers.countries if rule_set else ()
    return _begin_with(incomplete, known)


def suggest_dialects(incomplete: str) -> list[str]:
    """The dialects of SQL that can be written."""
    from backtriage.extras import is_missing

    if is_missing("sqlglot"):
        return []
    from backtriage.tables.sql import DIALECTS

    return _begin_with(incomplete, DIALECTS)


def _begin_with(incomplete: str, known: Iterable[str]) -> list[str]:
    return [name for name in known if name.startswith(incomplete)]


def _load(context: typer.Context) -> RuleSet | None:
    """The rule set that --rules names before this word; None if it cannot be used.

    What is wrong with it is not for a shell to say in the middle of a line.
    """
    try:
        return load(context.params.get("rules"))
    except BacktriageError:
        return None
