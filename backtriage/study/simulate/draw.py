"""(Population, setting, seed) -> patients, each with chances; (patient, figures) -> their answers.

A patient is a cause and a row of chances, drawn once. What a patient answers follows from these and
from the figures, so the same people can be asked again with other figures: only those change whom
the other figures make change.
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
"""How near to 0 and 1 a chance may come: the normal score of 0 or 1 itself would be infinite."""
LEAST = 400
"""With fewer patients some causes would have hardly any."""


@dataclass(frozen=True, slots=True)
class Patient:
    """A simulated person: a cause, and chances from 0 up to 1.

    There is one for the answer to each question and one for "not sure" to it, both in the order of
    the models of the answers; and one for each flag of the study.
    """

    number: int
    cause: Cause
    chances: Sequence[float]
    doubts: Sequence[float]
    flags: Sequence[float]


@dataclass(frozen=True, slots=True)
class Said:
    """What is true of a patient (an answer to every question), and what was asked and answered."""

    truth: Mapping[str, Value]
    answers: Answers


def size_strata(population: Population, setting: str, patients: int) -> dict[str, int]:
    """How many patients are drawn of each cause, by id: a stratified sample.

    Half of all have the one cause that the rest have, and the others share the other half evenly:
    by their frequency hardly anybody would have the causes that must be caught.
    """
    causes = population.list_causes(setting)
    others = [cause for cause in causes if cause.shares]
    each = patients // 2 // len(others) if others else 0
    return {cause.id: each if cause.shares else patients - each * len(others) for cause in causes}


def draw(population: Population, setting: str, patients: int, seed: int) -> Iterator[Patient]:
    """Draw the patients, cause by cause.

    Each has a source of chance of its own, by seed, cause and place in it. So whoever stands there
    is the same for every number of patients.
    """
    number = 0
    for name, size in size_strata(population, setting, patients).items():
        cause = population.causes[name]
        models = population.list_models(setting, cause)
        for place in range(size):
            number += 1
            source = random.Random(f"{seed}/{name}/{place}")  # noqa: S311 - nothing here is secret
            yield _draw_patient(number, cause, models, population, source)


def _draw_patient(
    number: int,
    cause: Cause,
    models: Sequence[AnswerModel],
    population: Population,
    source: random.Random,
) -> Patient:
    # The two traits of a patient: how bad the complaint is, and how readily "not sure" is said.
    severity, doubt = _normal_score(source.random()), _normal_score(source.random())
    flags = population.calibration.flags

    def draw_chance(correlation: float, trait: float) -> float:
        return _correlate(source.random(), correlation, trait)

    return Patient(
        number=number,
        cause=cause,
        chances=array("d", [draw_chance(model.severity, severity) for model in models]),
        doubts=array("d", [draw_chance(population.clustering, doubt) for _ in models]),
        flags=array("d", [draw_chance(flag.severity, severity) for flag in flags]),
    )


def _normal_score(chance: float) -> float:
    """The number below which a standard normal one lies with this chance."""
    return _NORMAL.inv_cdf(min(max(chance, _EDGE), 1 - _EDGE))


def _correlate(chance: float, correlation: float, trait: float) -> float:
    """A chance as it is for somebody with a trait: a one-factor Gaussian copula.

    `trait` is standard normal, and the factor that a person's chances have in common. Over all
    people the new chance is as evenly spread from 0 to 1 as `chance` was, so that every answer is
    as frequent as its figure says; but its normal score has this correlation with the trait, so
    that answers come together in the same people.
    """
    if not correlation:
        return chance
    own = sqrt(1 - correlation * correlation) * _normal_score(chance)
    return min(_NORMAL.cdf(correlation * trait + own), 1 - _EDGE)  # far out it is rounded to 1


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
        """What is true of a patient, and what they answer if the figures have these values."""
        truth: dict[str, Value] = {}
        facts = Facts(self.rule_set, Answers(truth))
        for model, chance in zip(self.models[patient.cause.id], patient.chances, strict=True):
            truth[model.question] = find_answer(choose_distribution(model, facts), chance, values)
        return Said(truth, Answers(self._answers(patient, truth, values)))

    def _answers(
        self, patient: Patient, truth: Mapping[str, Value], values: Values
    ) -> dict[str, Answer]:
        """The answers to the questions that apply, some of them "not sure"."""
        in_doubt = self._questions_in_doubt(patient, values)
        answers: dict[str, Answer] = {}
        facts = Facts(self.rule_set, Answers(answers))  # an `ask_if` needs earlier answers only
        for name, question in self.rule_set.questions.items():
            if facts.check_applies(name) is not False:
                unsure = name in in_doubt and question.not_sure is not None
                answers[name] = NOT_SURE if unsure else truth[name]
        return answers

    def _questions_in_doubt(self, patient: Patient, values: Values) -> set[str]:
        models = self.models[patient.cause.id]
        return {
            model.question
            for model, doubt in zip(models, patient.doubts, strict=True)
            if doubt >= 1 - self.population.get_unsure(model).get_share(values)
        }


def choose_distribution(model: AnswerModel, facts: Facts) -> Distribution:
    """The distribution of a patient's answer, by what was drawn before."""
    for when, distribution in model.where:
        if evaluate(when, facts):
            return distribution
    return model.otherwise
