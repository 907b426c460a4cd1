"""(Authored, cases, id) -> Explanations of whatever has that id -> text or JSON."""

import dataclasses
import json
from collections.abc import Iterable, Iterator

from backtriage.authoring.explain import others, red_flags
from backtriage.authoring.explain.text import Explanation, render_text
from backtriage.loader.authored import Authored
from backtriage.model import Case, RuleSet

__all__ = ["Explanation", "explain", "list_known", "render_json", "render_text"]


def explain(name: str, authored: Authored, cases: Iterable[Case]) -> tuple[Explanation, ...]:
    """Explain everything with this id, since a red flag may be called like its question; nothing if it is unknown."""
    return tuple(_explanations(name, authored, cases))


def list_known(rule_set: RuleSet) -> tuple[str, ...]:
    """The ids that can be explained."""
    areas = (area.id for area in rule_set.areas)
    named = (
        rule_set.red_flags,
        rule_set.questions,
        rule_set.definitions,
        rule_set.suspicions,
        rule_set.sources,
        areas,
    )
    return tuple(dict.fromkeys(name for names in named for name in names))


def _explanations(name: str, authored: Authored, cases: Iterable[Case]) -> Iterator[Explanation]:
    rule_set = authored.rule_set
    if name in rule_set.red_flags:
        yield red_flags.explain_red_flag(rule_set.red_flags[name], authored, cases)
    if name in rule_set.questions:
        yield others.explain_question(rule_set.questions[name], authored)
    if name in rule_set.definitions:
        yield others.explain_definition(name, authored)
    if name in rule_set.suspicions:
        yield others.explain_suspicion(name, authored)
    if name in rule_set.sources:
        yield others.explain_source(name, authored)
    if name in {area.id for area in rule_set.areas}:
        yield others.explain_area(name, authored)


def render_json(explanations: Iterable[Explanation]) -> str:
    """A JSON array with one object for each part that has the id; `sort` says what it is."""
    return (
        json.dumps([dataclasses.asdict(explained) for explained in explanations], indent=2) + "\n"
    )
