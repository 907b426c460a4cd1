"""Advice -> what is said of it to this person: headline, steps, number to call, all in short.

Both the interview and the report say these. Pure functions: the date comes in, nothing is printed.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from backtriage.conditions import Facts, evaluate
from backtriage.language import say
from backtriage.model import (
    EMERGENCY_NUMBER,
    AdvicePart,
    AdviceStep,
    Answer,
    Assessment,
    Country,
    RuleSet,
    Urgency,
)
from backtriage.report.wording import Wording
from backtriage.report.words import describe_day, describe_deadline, uncapitalize_first


def summarize(
    assessment: Assessment, rule_set: RuleSet, today: date, country: Country | None = None
) -> str:
    """The advice, its deadline and the first thing to do, in a few sentences."""
    sentences = [f"{describe_result(assessment, rule_set, today)}."]
    urgency = assessment.at_least
    if assessment.complete or urgency.advice != "home_care":
        text = rule_set.advice[urgency.advice]
        sentences.append(choose_steps(text.steps, rule_set, assessment.answers, country)[0])
        if country and urgency.advice == "seek_care_now":
            sentences.append(describe_emergency_number(country))
        for day, _ in choose_dates(assessment, rule_set, today)[:1]:
            sentences.append(f"{say(Wording.LOOK_AGAIN, day=describe_day(day))}.")
    return " ".join(sentences)


def describe_result(assessment: Assessment, rule_set: RuleSet, today: date) -> str:
    """The headline of an assessment, which says also whether it is settled."""
    if assessment.complete:
        return describe_headline(assessment.at_least, rule_set, today)
    if assessment.at_least.advice == "home_care":
        least = rule_set.advice[assessment.at_least.advice].title
        most = rule_set.advice[assessment.at_most.advice].title
        return say(Wording.FROM_TO, least=uncapitalize_first(least), most=uncapitalize_first(most))
    return describe_headline(assessment.at_least, rule_set, today, or_sooner=True)


def describe_headline(
    urgency: Urgency, rule_set: RuleSet, today: date, *, or_sooner: bool = False
) -> str:
    """An advice with its deadline: "See a doctor soon: within 2 days, by Wednesday 25 November".

    `or_sooner` says that it is not settled yet.
    """
    title = rule_set.advice[urgency.advice].title
    if urgency.advice != "see_doctor_soon" or urgency.within_days is None:
        return say(Wording.TITLE_OR_SOONER, title=title) if or_sooner else title
    day = describe_day(today + timedelta(days=urgency.within_days))
    if urgency.within_days:
        words = Wording.BY_DAY_OR_SOONER if or_sooner else Wording.BY_DAY
    else:
        words = Wording.ON_DAY_OR_SOONER if or_sooner else Wording.ON_DAY
    return say(words, title=title, deadline=describe_deadline(urgency.within_days), day=day)


def choose_dates(assessment: Assessment, rule_set: RuleSet, today: date) -> list[tuple[date, str]]:
    """The days to look again that this person is told, each with what to do then."""
    facts = Facts.of(rule_set, assessment.answers)
    return [
        (today + timedelta(days=net.within_days), net.step.text)
        for net in rule_set.advice[assessment.at_least.advice].safety_net
        if is_told(net.step, facts)
    ]


def choose_steps(
    steps: Iterable[AdviceStep],
    rule_set: RuleSet,
    answers: Mapping[str, Answer],
    country: Country | None = None,
) -> tuple[str, ...]:
    """The texts of the steps to tell this person, with the number to call in the country."""
    facts = Facts.of(rule_set, answers)
    number = name_emergency_number(country)
    return tuple(
        step.text.replace(EMERGENCY_NUMBER, number) for step in steps if is_told(step, facts)
    )


def is_told(told: AdviceStep | AdvicePart, facts: Facts) -> bool:
    """Whether to tell a step or part: not if its `when` is not known to hold, or `unless` is."""
    wanted = told.when is None or evaluate(told.when, facts) is True
    return wanted and not (told.unless is not None and evaluate(told.unless, facts) is True)


def name_emergency_number(country: Country | None) -> str:
    """The number to call, as it stands behind "call"."""
    return country.call if country else say(Wording.NO_NUMBER)


def describe_emergency_number(country: Country) -> str:
    """Where the number holds; the name is told because a locale may be wrong."""
    return say(Wording.WHERE_IT_HOLDS, call=country.call, country=country.name)
