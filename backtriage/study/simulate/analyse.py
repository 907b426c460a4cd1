"""Simulated people -> where they are sent, who is caught, and which red flags cost most."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


def count_sent(people: Sequence[SimulatedPerson]) -> Iterator[Sent]:
    """Each outcome that there is, the most urgent first."""
    for advice, days in sorted({_outcome(person) for person in people}, key=_by_urgency):
        yield Sent(
            advice,
            days,
            estimate_weighted_share(
                (person.weight, _outcome(person) == (advice, days)) for person in people
            ),
        )


def _outcome(person: SimulatedPerson) -> tuple[AdviceId | None, int | None]:
    return person.decision.advice, person.decision.within_days


def _by_urgency(outcome: tuple[AdviceId | None, int | None]) -> tuple[int, int]:
    advice, days = outcome
    return -ADVICES.index(advice) if advice else 1, days or 0


def count_caught(
    population: Population, rule_set: RuleSet, setting: str, people: Sequence[SimulatedPerson]
) -> Iterator[Caught]:
    """For each cause where the people with it are sent."""
    for cause in population.list_causes(setting):
        having = [person for person in people if person.patient.cause.id == cause.id]
        reporting = [person for person in having if person.reports_sign]
        advices = [person.decision.advice for person in having]
        yield Caught(
            cause=cause,
            of_all=population.get_share(cause, setting, {}),
            people=len(having),
            now=estimate_share(advices.count("seek_care_now"), len(having)),
            doctor=estimate_share(
                advices.count("seek_care_now") + advices.count("see_doctor_soon"), len(having)
            ),
            home=estimate_share(advices.count("home_care"), len(having)),
            with_sign=estimate_share(len(reporting), len(having)),
            now_with_sign=estimate_share(sum(person.now for person in reporting), len(reporting)),
            day_with_sign=estimate_share(sum(map(_within_a_day, reporting)), len(reporting)),
            missed=tuple(_missed(cause, rule_set, reporting)),
        )


def _within_a_day(person: SimulatedPerson) -> bool:
    return person.decision.within_days is not None and person.decision.within_days <= 1


def _missed(
    cause: Cause, rule_set: RuleSet, reporting: Sequence[SimulatedPerson]
) -> Iterator[MissedPerson]:
    """Some of those who report a sign, should be told to seek care now, and are not."""
    if cause.expected != "seek_care_now":
        return
    for person in [person for person in reporting if not person.now][:MOST_MISSED]:
        yield MissedPerson(
            *_outcome(person),
            next(iter(person.decision.findings), None),
            describe_patient(rule_set, person.said.answers.values),
        )


def count_by_guidance(population: Population, people: Sequence[SimulatedPerson]) -> Share | None:
    """How many of all comers have a red flag that guidance sends now by itself; None if the population names none."""
    if population.target is None:
        return None
    named = set(population.target.by_guidance)
    return estimate_weighted_share(
        (person.weight, not named.isdisjoint(person.decision.findings)) for person in people
    )


def find_costs(rule_set: RuleSet, people: Sequence[SimulatedPerson]) -> list[Cost]:
    """Red flags that say now in people without a serious cause, those that alone decide in most of them first."""
    well = [
        _Well(person.weight, _saying_now(rule_set, person))
        for person in people
        if not person.patient.cause.serious
    ]
    names = dict.fromkeys(name for person in well for name in person.flags)
    found = [
        Cost(
            red_flag=name,
            present=estimate_weighted_share(
                (person.weight, name in person.flags) for person in well
            ),
            alone=estimate_weighted_share(
                (person.weight, person.flags == (name,)) for person in well
            ),
        )
        for name in names
    ]
    return sorted(
        found,
        key=lambda cost: (-(cost.alone.value or 0), -(cost.present.value or 0), cost.red_flag),
    )


@dataclass(frozen=True, slots=True)
class _Well:
    """Somebody without a serious cause: for how many they stand, and their red flags that say now."""

    weight: float
    flags: tuple[str, ...]


def _saying_now(rule_set: RuleSet, person: SimulatedPerson) -> tuple[str, ...]:
    return tuple(
        name
        for name in person.decision.findings
        if rule_set.red_flags[name].advice == "seek_care_now"
    )


def calibrate(
    population: Population, rule_set: RuleSet, setting: str, people: Sequence[SimulatedPerson]
) -> Calibrated:
    """How many of the study's flags people have, whether or not our questions were asked."""
    flags = population.calibration.flags
    held = [(person.weight, _flags_of(population, rule_set, person)) for person in people]
    counts = sorted((sum(having), weight) for weight, having in held)
    return Calibrated(
        setting=setting,
        any_flag=estimate_weighted_share((weight, any(having)) for weight, having in held),
        median=_quantile(counts, 0.5),
        quartiles=(_quantile(counts, 0.25), _quantile(counts, 0.75)),
        flags=tuple(
            (flag, estimate_weighted_share((weight, having[place]) for weight, having in held))
            for place, flag in enumerate(flags)
        ),
    )


def _flags_of(population: Population, rule_set: RuleSet, person: SimulatedPerson) -> list[bool]:
    facts = Facts(rule_set, Answers(person.said.truth))
    return [
        evaluate(flag.when, facts) is True
        if flag.when
        else bool(flag.figure and chance >= 1 - flag.figure.share)
        for flag, chance in zip(population.calibration.flags, person.patient.flags, strict=True)
    ]


def _quantile(counts: Sequence[tuple[int, float]], at: float) -> int:
    """The least number that a share `at` of the people, by weight, do not exceed."""
    total, below = sum(weight for _, weight in counts), 0.0
    for count, weight in counts:
        below += weight
        if below >= at * total:
            return count
    return counts[-1][0]
