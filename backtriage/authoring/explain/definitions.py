"""(name, Authored) -> what an author wants to know of a definition: what it means, what uses it."""

from dataclasses import dataclass
from typing import Any, Literal

from backtriage.authoring.explain.in_short import Where, find_where
from backtriage.authoring.explain.users import Users, find_users
from backtriage.loader.authored import Authored
from backtriage.loader.condition_writer import build_condition_data
from backtriage.report.condition_words import describe_condition
from backtriage.report.layout import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionExplained:
    """A definition as data, as it could stand in YAML, and in words."""

    sort: Literal["definition"] = "definition"
    id: str
    area: str
    where: Where
    means: dict[str, Any]
    condition: Phrase
    users: Users


def explain_definition(name: str, authored: Authored) -> DefinitionExplained:
    """Explain a definition of the rule set."""
    rule_set = authored.rule_set
    condition = rule_set.definitions[name]
    return DefinitionExplained(
        id=name,
        area=next(area.id for area in rule_set.areas if name in area.definitions),
        where=find_where(authored, ("definition", name)),
        means=build_condition_data(condition),
        condition=describe_condition(condition, rule_set, write_out=True),
        users=find_users(("definition", name), rule_set),
    )
