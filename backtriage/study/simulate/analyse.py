"""Simulated people -> where they are sent, who is caught, and which red flags cost most."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from backtriage.conditions import Facts, evaluate
from backtriage.model import ADVICES, AdviceId, Answers, RuleSet
from backtriage.report.words import describe_patient
from backtriage.study.intervals import Share, estimate_share, estimate_weighted_share
from backtriage.study.simulate.population import Cause, Population
from backtriage.study.simulate.results import (
    Calibrated,
    Caught,
    Cost,
    MissedPerson,
    Sent,
    SimulatedPerson,
)

MOST_MISSED = 3
"""How many of the missed of one cause are told in words."""

_Told: TypeAlias = tuple[AdviceId | None, int | None]
"""An advice and its deadline in days, None for what is open; home care has no deadline."""


def count_sent(people: Sequence[SimulatedPerson]) -> Iterator[Sent]:
    """The share of all comers by advice and deadline, the most urgent first."""
    for told in sorted({_told(person) for person in people}, key=_by_urgency):
        advice, days = told
        share = estimate_weighted_share((person.weight, _told(person) == told) for person in people)
        yield Sent(advice, days, share)


def _told(person: SimulatedPerson) -> _Told:
    return person.decision.advice, person.decision.within_days


def _by_urgency(told: _Told) -> tuple[int, int]:
    advice, days = told
    return -ADVICES.index(advice) if advice else 1, days or 0


def count_caught(
    population: Population, rule_set: RuleSet, setting: str, people: Sequence[SimulatedPerson]
) -> Iterator[Caught]:
    """For each cause that there is in the setting, where the people with it are sent."""
    for cause in population.list_causes(setting):
        having = [person for person in people if person.patient.cause.id == cause.id]
        reporting = [person for person in having if person.reports_sign]
        advices = [person.decision.advice for person in having]
        now, soon = advices.count("seek_care_now"), advices.count("see_doctor_soon")
        # Everybody with one cause counts alike, so these shares need no weights.
        yield Caught(
            cause=cause,
            of_all=population.get_share(cause, setting, {}),
            people=len(having),
            now=estimate_share(now, len(having)),
            doctor=estimate_share(now + soon, len(having)),
            home=estimate_share(advices.count("home_care"), len(having)),
            with_sign=estimate_share(len(reporting), len(having)),
            now_with_sign=estimate_share(sum(person.now for person in reporting), len(reporting)),
            day_with_sign=estimate_share(sum(map(_is_within_a_day, reporting)), len(reporting)),
            missed=tuple(_missed(cause, rule_set, reporting)),
        )


def _is_within_a_day(person: SimulatedPerson) -> bool:
    return person.decision.within_days is not None and person.decision.within_days <= 1


def _missed(
    cause: Cause, rule_set: RuleSet, reporting: Sequence[SimulatedPerson]
) -> Iterator[MissedPerson]:
    """Some of those who report a sign, should be told to seek care now, and are not."""
    if cause.expected != "seek_care_now":
        return
    not_now = [person for person in reporting if not person.now]
    for person in not_now[:MOST_MISSED]:
        yield MissedPerson(
            advice=person.decision.advice,
            within_days=person.decision.within_days,
            red_flag=next(iter(person.decision.findings), None),
            answers=describe_patient(rule_set, person.said.answers.values),
        )


def count_by_guidance(population: Population, people: Sequence[SimulatedPerson]) -> Share | None:
    """The share of all comers that has a red flag which guidance sends now by itself.

    None if the population names no such red flags.
    """
    if population.target is None:
        return None
    named = set(population.target.by_guidance)
    return estimate_weighted_share(
        (person.weight, not named.isdisjoint(person.decision.findings)) for person in people
    )


def find_costs(rule_set: RuleSet, people: Sequence[SimulatedPerson]) -> list[Cost]:
    """Red flags that say now in people without a serious cause.

    Those that alone decide in most of these people come first.
    """
    well = [
        _Well(person.weight, _flags_that_say_now(rule_set, person))
        for person in people
        if not person.patient.cause.serious
    ]
    names = dict.fromkeys(name for person in well for name in person.flags)
    return sorted((_cost(name, well) for name in names), key=_most_costly_first)


@dataclass(frozen=True, slots=True)
class _Well:
    """Somebody without a serious cause: the weight, and the red flags that say now."""

    weight: float
    flags: tuple[str, ...]


def _flags_that_say_now(rule_set: RuleSet, person: SimulatedPerson) -> tuple[str, ...]:
    return tuple(
        name
        for name in person.decision.findings
        if rule_set.red_flags[name].advice == "seek_care_now"
    )


def _cost(name: str, well: Sequence[_Well]) -> Cost:
    return Cost(
        red_flag=name,
        present=estimate_weighted_share((person.weight, name in person.flags) for person in well),
        alone=estimate_weighted_share((person.weight, person.flags == (name,)) for person in well),
    )


def _most_costly_first(cost: Cost) -> tuple[float, float, str]:
    return -(cost.alone.value or 0), -(cost.present.value or 0), cost.red_flag


def calibrate(
    population: Population, rule_set: RuleSet, setting: str, people: Sequence[SimulatedPerson]
) -> Calibrated:
    """How many of the study's flags people have, whether or not our questions were asked."""
    held = [(person.weight, _has_each_flag(population, rule_set, person)) for person in people]
    counts = sorted((sum(has_flag), weight) for weight, has_flag in held)
    shares = [
        estimate_weighted_share((weight, has_flag[place]) for weight, has_flag in held)
        for place, _ in enumerate(population.calibration.flags)
    ]
    return Calibrated(
        setting=setting,
        any_flag=estimate_weighted_share((weight, any(has_flag)) for weight, has_flag in held),
        median=_weighted_quantile(counts, 0.5),
        quartiles=(_weighted_quantile(counts, 0.25), _weighted_quantile(counts, 0.75)),
        flags=tuple(zip(population.calibration.flags, shares, strict=True)),
    )


def _has_each_flag(
    population: Population, rule_set: RuleSet, person: SimulatedPerson
) -> list[bool]:
    """Whether a person has each flag of the study: by what is true of them, or else by chance."""
    facts = Facts(rule_set, Answers(person.said.truth))
    has_flag = []
    for flag, chance in zip(population.calibration.flags, person.patient.flags, strict=True):
        if flag.when:
            has_flag.append(evaluate(flag.when, facts) is True)
        else:
            has_flag.append(flag.figure is not None and chance >= 1 - flag.figure.share)
    return has_flag


def _weighted_quantile(counts: Sequence[tuple[int, float]], share: float) -> int:
    """The least number that this share of the people, by weight, do not exceed.

    `counts` has the number and the weight of each person, the least number first.
    """
    total, below = sum(weight for _, weight in counts), 0.0
    for count, weight in counts:
        below += weight
        if below >= share * total:
            return count
    return counts[-1][0]
