"""(id, Authored, cases) -> Explanations of whatever has that id -> text or JSON.

One module for each sort of part says what is told of it: `red_flags`, `questions`, `definitions`,
`suspicions`, `sources`, `areas`.
"""

from collections.abc import Iterable, Iterator

from backtriage.authoring.explain.areas import explain_area
from backtriage.authoring.explain.definitions import explain_definition
from backtriage.authoring.explain.questions import explain_question
from backtriage.authoring.explain.red_flags import explain_red_flag
from backtriage.authoring.explain.sources import explain_source
from backtriage.authoring.explain.suspicions import explain_suspicion
from backtriage.authoring.explain.text import Explanation, render_text
from backtriage.loader.authored import Authored
from backtriage.model import Case, RuleSet
from backtriage.strict_json import write_json

__all__ = ["Explanation", "explain", "list_known", "render_json", "render_text"]


def explain(name: str, authored: Authored, cases: Iterable[Case]) -> tuple[Explanation, ...]:
    """Explain everything with this id, since a red flag may be called like its question.

    Nothing if there is nothing with it.
    """
    return tuple(_explanations(name, authored, cases))


def list_known(rule_set: RuleSet) -> tuple[str, ...]:
    """The ids that can be explained, each once."""
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
        yield explain_red_flag(rule_set.red_flags[name], authored, cases)
    if name in rule_set.questions:
        yield explain_question(rule_set.questions[name], authored)
    if name in rule_set.definitions:
        yield explain_definition(name, authored)
    if name in rule_set.suspicions:
        yield explain_suspicion(name, rule_set)
    if name in rule_set.sources:
        yield explain_source(name, authored)
    if name in {area.id for area in rule_set.areas}:
        yield explain_area(name, authored)


def render_json(explanations: Iterable[Explanation]) -> str:
    """A JSON array with one object for each part that has the id; `sort` says what it is."""
    return write_json(list(explanations), indent=2) + "\n"
