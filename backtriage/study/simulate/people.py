"""(Asking, who is drawn) -> single patients with their answers, for those who want to read them."""

from collections.abc import Iterator
from dataclasses import dataclass

from backtriage.model import Answers
from backtriage.report.words import describe_patient
from backtriage.study.decisions import decide
from backtriage.study.simulate.asking import Asking, Plan, Said
from backtriage.study.simulate.chances import Crowd
from backtriage.study.simulate.draw import Sample, draw, size_strata, weigh_strata
from backtriage.study.simulate.population import Cause
from backtriage.study.simulate.results import MissedPerson


@dataclass(frozen=True, slots=True)
class SimulatedPerson:
    """A simulated patient with what was answered; `weight` is for how many comers it stands."""

    number: int
    cause: Cause
    weight: float
    answers: Answers


def draw_people(asking: Asking, sample: Sample) -> Iterator[SimulatedPerson]:
    """All patients of a sample, one by one."""
    sizes = size_strata(asking.population, asking.setting, sample.patients)
    weights = weigh_strata(asking.population, asking.setting, sizes)
    number = 0
    for plan, crowd in draw(asking, sample):
        said = asking.ask(plan, crowd, {})
        for answers in asking.list_answers(plan, crowd, said, crowd.all):
            number += 1
            yield SimulatedPerson(number, plan.cause, weights[plan.cause.id], answers)


def describe_missed(
    asking: Asking, plan: Plan, crowd: Crowd, said: Said, missed: int, most: int
) -> Iterator[MissedPerson]:
    """The first `most` of the people in a plane who are not sent now, and should be."""
    first = _take_first(missed, most)
    answers = list(asking.list_answers(plan, crowd, said, first)) if first else []
    decisions = decide(asking.rule_set, answers)
    for given, decision in zip(answers, decisions, strict=True):
        yield MissedPerson(
            advice=decision.advice,
            within_days=decision.within_days,
            red_flag=next(iter(decision.findings), None),
            answers=describe_patient(asking.rule_set, given.values),
        )


def _take_first(plane: int, most: int) -> int:
    """The plane of the first so many of the people in a plane."""
    first = 0
    for _ in range(most):
        lowest = plane & -plane
        first |= lowest
        plane ^= lowest
    return first
