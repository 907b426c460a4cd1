"""(RuleSet, Population, setting, cause) -> how the people with the cause are asked, made ready."""

from collections.abc import Mapping
from dataclasses import dataclass

from backtriage.condition_parts import find_dependencies
from backtriage.model import RuleSet
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
    """

    question: str
    slot: Slot
    chance: Chance
    doubt: Chance
    unsure: Figure
    can_doubt: bool
    whens: Run | None
    options: tuple[Option, ...]
    waits_for: frozenset[str]
    figures: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """How people with a cause are asked; `flags` are the chances of the flags of the study.

    `signs` says who has a sign of the cause. `bearing` are the ids of the figures that bear on what
    they answer.
    """

    cause: Cause
    asked: tuple[Asked, ...]
    flags: tuple[Chance, ...]
    signs: Run | None
    bearing: frozenset[str]

    @property
    def width(self) -> int:
        """How many chances each person has."""
        return TRAITS + 2 * len(self.asked) + len(self.flags)


def make_plan(
    rule_set: RuleSet,
    population: Population,
    setting: str,
    cause: Cause,
    slots: Mapping[str, Slot],
) -> Plan:
    """How people with a cause are asked in a setting; `slots` is where the planes stand."""
    models = population.list_models(setting, cause)
    asked = tuple(
        _plan_question(rule_set, population, model, slots, TRAITS + 2 * number)
        for number, model in enumerate(models)
    )
    flags = enumerate(population.calibration.flags, TRAITS + 2 * len(models))
    return Plan(
        cause=cause,
        asked=asked,
        flags=tuple(Chance(place, flag.severity) for place, flag in flags),
        signs=compile_conditions(rule_set, [cause.signs], slots) if cause.signs else None,
        bearing=frozenset(name for one in asked for name in (*one.figures, one.unsure.id)),
    )


def _plan_question(
    rule_set: RuleSet,
    population: Population,
    model: AnswerModel,
    slots: Mapping[str, Slot],
    place: int,
) -> Asked:
    """How one question is asked; `place` is that of the first of its two chances."""
    whens = [when for when, _ in model.where]
    waits_for = [name for when in whens for name in find_dependencies(when, rule_set)]
    return Asked(
        question=model.question,
        slot=slots[model.question],
        chance=Chance(place, model.severity),
        doubt=Chance(place + 1, population.clustering, DOUBT),
        unsure=population.get_unsure(model),
        can_doubt=rule_set.questions[model.question].not_sure is not None,
        whens=compile_conditions(rule_set, whens, slots) if whens else None,
        options=tuple(Option(one, tuple(list_figures(one))) for one in model.distributions),
        waits_for=frozenset(waits_for),
        figures=frozenset(figure.id for figure in model.list_figures()),
    )
