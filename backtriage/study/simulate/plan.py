"""(RuleSet, Population, setting, cause) -> how the people with the cause are asked, made ready."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from backtriage.answers import get_check
from backtriage.condition_parts import find_dependencies
from backtriage.model import Question, RuleSet
from backtriage.plane_code import Slot
from backtriage.planes import Run, compile_conditions
from backtriage.study.simulate.chances import DOUBT, TRAITS, Chance
from backtriage.study.simulate.population import (
    AnswerModel,
    Cause,
    Distribution,
    Figure,
    Population,
    list_figures,
)


@dataclass(frozen=True, slots=True)
class Option:
    """A distribution with the figures that it is made of."""

    distribution: Distribution
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as people with a cause are asked it.

    `whens` has the conditions of all of `options` but the last; the first that holds counts.
    `waits_for` are the questions that these rest on, and `figures` the ids of those of all options.
    `doubts` are the figures whose product says how often "not sure" is said, and stays said.
    """

    question: str
    slot: Slot
    chance: Chance
    doubt: Chance
    doubts: tuple[Figure, ...]
    can_doubt: bool
    whens: Run | None
    options: tuple[Option, ...]
    waits_for: frozenset[str]
    figures: frozenset[str]

    def list_figures(self) -> Iterator[str]:
        """The ids of all figures that bear on what is answered."""
        yield from self.figures
        yield from (figure.id for figure in self.doubts)


@dataclass(frozen=True, slots=True)
class Plan:
    """How people with a cause are asked, each question once, in the order of drawing.

    `signs` says who has a sign of the cause. `bearing` are the ids of the figures that bear on what
    they answer.
    """

    cause: Cause
    asked: tuple[Asked, ...]
    signs: Run | None
    bearing: frozenset[str]


def make_plans(
    rule_set: RuleSet, population: Population, setting: str, slots: Mapping[str, Slot]
) -> dict[str, Plan]:
    """By id of the cause how people with it are asked; `slots` is where the planes stand.

    All are asked the same questions in the same order, and what is asked alike is the same object.
    """
    made: dict[int, Asked] = {}
    plans = {}
    for cause in population.list_causes(setting):
        models = population.list_models(setting, cause)
        for place, model in enumerate(models):
            if id(model) not in made:
                made[id(model)] = _plan_question(rule_set, population, model, slots, place)
        asked = tuple(made[id(model)] for model in models)
        plans[cause.id] = Plan(
            cause=cause,
            asked=asked,
            signs=compile_conditions(rule_set, [cause.signs], slots) if cause.signs else None,
            bearing=frozenset(name for one in asked for name in one.list_figures()),
        )
    return plans


def _list_doubts(
    question: Question, population: Population, model: AnswerModel
) -> tuple[Figure, ...]:
    """What says how often "not sure" is said; after a check the others answer as who was sure."""
    unsure = population.get_unsure(model)
    after_check = population.after_check if get_check(question) else None
    return (unsure,) if after_check is None else (unsure, after_check)


def _plan_question(
    rule_set: RuleSet,
    population: Population,
    model: AnswerModel,
    slots: Mapping[str, Slot],
    place: int,
) -> Asked:
    """How one question is asked; `place` is its own among all."""
    question = rule_set.questions[model.question]
    whens = [when for when, _ in model.where]
    waits_for = [name for when in whens for name in find_dependencies(when, rule_set)]
    return Asked(
        question=model.question,
        slot=slots[model.question],
        chance=Chance(TRAITS + 2 * place, model.severity),
        doubt=Chance(TRAITS + 2 * place + 1, population.clustering, DOUBT),
        doubts=_list_doubts(question, population, model),
        can_doubt=question.not_sure is not None,
        whens=compile_conditions(rule_set, whens, slots) if whens else None,
        options=tuple(Option(one, tuple(list_figures(one))) for one in model.distributions),
        waits_for=frozenset(waits_for),
        figures=frozenset(figure.id for figure in model.list_figures()),
    )
