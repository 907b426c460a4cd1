"""Advice -> what is said of it to this person: headline, steps, number to call, all in short.

Both the interview and the report say these. Pure functions: the date comes in, nothing is printed.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from backtriage.conditions import Facts, evaluate
from backtriage.model import (
    AdviceStep,
    Answer,
    Answers,
    Assessment,
    Country,
    RuleSet,
    Urgency,
)
from backtriage.report.words import describe_day, describe_deadline, uncapitalize_first


def summarize(
    assessment: Assessment, rule_set: RuleSet, today: date, country: Country | None = None
) -> str:
    """The advice, its deadline and the first thing to do, in a few sentences."""
    sentences = [f"{describe_result(assessment, rule_set, today)}."]
    urgency = assessment.at_least
    if assessment.complete or urgency.advice != "home_care":
        text = rule_set.advice[urgency.advice]
        sentences.append(choose_steps(text.steps, rule_set, assessment.answers)[0])
        if country and urgency.advice == "seek_care_now":
            sentences.append(describe_emergency_number(country))
        if text.safety_net:
            again = today + timedelta(days=text.safety_net[0].within_days)
            sentences.append(f"Look again on {describe_day(again)}.")
    return " ".join(sentences)


def describe_result(assessment: Assessment, rule_set: RuleSet, today: date) -> str:
    """The headline of an assessment, which says also whether it is settled."""
    if assessment.complete:
        return describe_headline(assessment.at_least, rule_set, today)
    if assessment.at_least.advice == "home_care":
        least = rule_set.advice[assessment.at_least.advice].title
        most = rule_set.advice[assessment.at_most.advice].title
        return f"Not settled yet: from {uncapitalize_first(least)} to {uncapitalize_first(most)}"
    return f"{describe_headline(assessment.at_least, rule_set, today)}, or sooner (not settled yet)"


def describe_headline(urgency: Urgency, rule_set: RuleSet, today: date) -> str:
    """An advice with its deadline: "See a doctor soon: within 2 days, by Wednesday 25 November"."""
    title = rule_set.advice[urgency.advice].title
    if urgency.advice != "see_doctor_soon" or urgency.within_days is None:
        return title
    day = describe_day(today + timedelta(days=urgency.within_days))
    by_day = f"by {day}" if urgency.within_days else day
    return f"{title}: {describe_deadline(urgency.within_days)}, {by_day}"


def choose_steps(
    steps: Iterable[AdviceStep], rule_set: RuleSet, answers: Mapping[str, Answer]
) -> tuple[str, ...]:
    """The texts of the steps to tell this person.

    Left out are those whose `when` is not known to hold, and those whose `unless` is.
    """
    facts = Facts(rule_set, Answers(answers))
    return tuple(
        step.text
        for step in steps
        if (step.when is None or evaluate(step.when, facts))
        and not (step.unless and evaluate(step.unless, facts))
    )


def describe_emergency_number(country: Country) -> str:
    """Which number to call there; the name is told because a locale may be wrong."""
    return f"The emergency number in {country.name} is {country.call}. Elsewhere it may be another."
