"""(Cohort, setting, seed) -> simulated patients, each with their chances; (patient, figures) -> what they answer.

A patient is a cause and a row of chances, drawn once. What a patient answers follows from these and from the figures,
so the same people can be asked again with other figures: only those change whom the other figures make change.
"""

import random
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from backtriage.conditions import Facts, evaluate
from backtriage.model import NOT_SURE, Answer, Answers, RuleSet, Value
from backtriage.study.simulate.population import (
    AnswerModel,
    Cause,
    Distribution,
    Population,
    Values,
    find_answer,
)

_NORMAL = NormalDist()
_EDGE = 1e-12
"""How near to 0 and 1 a chance may come."""
LEAST = 400
"""With fewer patients some causes would have hardly any."""


@dataclass(frozen=True, slots=True)
class Patient:
    """A simulated person: by question the chance for the answer and that for "not sure"; and those for other flags."""

    number: int
    cause: Cause
    chances: Sequence[float]
    doubts: Sequence[float]
    flags: Sequence[float]


@dataclass(frozen=True, slots=True)
class Said:
    """What a patient knows (an answer to every question), and what of it was asked and answered."""

    truth: Mapping[str, Value]
    answers: Answers


def size_strata(population: Population, setting: str, patients: int) -> dict[str, int]:
    """How many patients are drawn of each cause: half of all have the common one, the others share the rest evenly."""
    present = population.list_causes(setting)
    others = [cause for cause in present if cause.shares]
    each = patients // 2 // len(others) if others else 0
    return {cause.id: each if cause.shares else patients - each * len(others) for cause in present}


def draw(population: Population, setting: str, patients: int, seed: int) -> Iterator[Patient]:
    """Draw the patients; whoever has a cause at a place in it is the same for every number of patients."""
    number = 0
    for name, size in size_strata(population, setting, patients).items():
        cause = population.causes[name]
        models = population.list_models(setting, cause)
        for place in range(size):
            number += 1
            yield _patient(
                number,
                cause,
                models,
                population,
                random.Random(f"{seed}/{name}/{place}"),  # noqa: S311
            )


def _patient(
    number: int,
    cause: Cause,
    models: Sequence[AnswerModel],
    population: Population,
    source: random.Random,
) -> Patient:
    severity, doubt = _normal(source.random()), _normal(source.random())
    return Patient(
        number=number,
        cause=cause,
        chances=array(
            "d", [_pulled(source.random(), model.severity, severity) for model in models]
        ),
        doubts=array("d", [_pulled(source.random(), population.clustering, doubt) for _ in models]),
        flags=array(
            "d",
            [
                _pulled(source.random(), flag.severity, severity)
                for flag in population.calibration.flags
            ],
        ),
    )


def _normal(chance: float) -> float:
    return _NORMAL.inv_cdf(min(max(chance, _EDGE), 1 - _EDGE))


def _pulled(chance: float, pull: float, trait: float) -> float:
    """A chance that goes with a trait: evenly spread over all people, but high where the trait is."""
    if not pull:
        return chance
    return min(_NORMAL.cdf(pull * trait + sqrt(1 - pull * pull) * _normal(chance)), 1 - _EDGE)


class Asking:
    """Asks patients of one setting."""

    def __init__(self, rule_set: RuleSet, population: Population, setting: str) -> None:
        self.rule_set = rule_set
        self.population = population
        self.models = {
            cause.id: population.list_models(setting, cause)
            for cause in population.list_causes(setting)
        }

    def ask(self, patient: Patient, values: Values) -> Said:
        """What a patient knows and answers."""
        truth: dict[str, Value] = {}
        facts = Facts(self.rule_set, Answers(truth))
        for model, chance in zip(self.models[patient.cause.id], patient.chances, strict=True):
            truth[model.question] = find_answer(choose_distribution(model, facts), chance, values)
        return Said(truth, Answers(self._answers(patient, truth, values)))

    def _answers(
        self, patient: Patient, truth: Mapping[str, Value], values: Values
    ) -> dict[str, Answer]:
        """The answers to the questions that apply, some of them "not sure"; an `ask_if` needs earlier answers only."""
        models = self.models[patient.cause.id]
        in_doubt = {
            model.question
            for model, doubt in zip(models, patient.doubts, strict=True)
            if doubt >= 1 - (model.unsure or self.population.unsure).get_share(values)
        }
        answers: dict[str, Answer] = {}
        facts = Facts(self.rule_set, Answers(answers))
        for name, question in self.rule_set.questions.items():
            if facts.check_applies(name) is not False:
                unsure = name in in_doubt and question.not_sure is not None
                answers[name] = NOT_SURE if unsure else truth[name]
        return answers


def choose_distribution(model: AnswerModel, facts: Facts) -> Distribution:
    """The distribution that fits a patient, by what was drawn before."""
    return next((part for when, part in model.where if evaluate(when, facts)), model.otherwise)
