"""Assessment -> the care card: what to do, by when and why, in a few lines. Pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from backtriage.model import AdviceId, Assessment, Country, RuleSet
from backtriage.report.advice import choose_dates, choose_steps
from backtriage.report.layout import wrap_text
from backtriage.report.words import describe_day, describe_deadline, uncapitalize_first
from backtriage.status import rank

_MOST_STEPS = 3
_MOST_REASONS = 2


@dataclass(frozen=True, slots=True)
class Card:
    """What stands last on the screen: few enough lines that none of it scrolls away.

    `advice` is None where there is none yet. `number` is whom to call in an emergency.
    """

    advice: AdviceId | None
    title: str
    by_when: str | None
    steps: tuple[str, ...]
    why: tuple[str, ...]
    number: str | None


def build_card(
    assessment: Assessment,
    rule_set: RuleSet,
    today: date,
    country: Country | None = None,
    most_steps: int | None = _MOST_STEPS,
) -> Card:
    """The card of an assessment made on the day `today`; `country` is where the person is.

    It has the first steps alone, or all of them where `most_steps` is None.
    """
    urgency = assessment.at_least
    number = f"Emergency number: {country.call} ({country.name})" if country else None
    if not assessment.complete and urgency.advice == "home_care":
        most = uncapitalize_first(rule_set.advice[assessment.at_most.advice].title)
        return Card(
            advice=None,
            title="No advice yet",
            by_when=None,
            steps=("Answer the questions that are still open.",),
            why=(f"Too little is known yet. It may turn out to be: {most}.",),
            number=number,
        )
    text = rule_set.advice[urgency.advice]
    return Card(
        advice=urgency.advice,
        title=text.title,
        by_when=_describe_by_when(assessment, rule_set, today),
        steps=choose_steps(text.steps, rule_set, assessment.answers, country)[:most_steps],
        why=tuple(_list_reasons(assessment)) or (text.lead,),
        number=number,
    )


def _describe_by_when(assessment: Assessment, rule_set: RuleSet, today: date) -> str | None:
    """By when to be seen, or the first day to look again."""
    urgency = assessment.at_least
    match urgency.advice, urgency.within_days:
        case "seek_care_now", _:
            return None
        case "see_doctor_soon", int(days) if days:
            day = describe_day(today + timedelta(days=days))
            when = f"By {day} ({describe_deadline(days)})"
        case "see_doctor_soon", _:
            when = f"Today, {describe_day(today)}"
        case _:
            dates = choose_dates(assessment, rule_set, today)
            return f"Look again on {describe_day(dates[0][0])}" if dates else None
    return when if assessment.complete else f"{when}, or sooner: not all questions are answered"


def _list_reasons(assessment: Assessment) -> Iterator[str]:
    """The reasons of the red flags that decide, and how many more there are."""
    urgency = rank(assessment.at_least)
    reasons = [finding.because for finding in assessment.findings if rank(finding) == urgency]
    yield from reasons[:_MOST_REASONS]
    more = len(reasons) - _MOST_REASONS
    if more > 0:
        yield f"And {more} more warning sign{'s' if more > 1 else ''}."


def lay_out_card(card: Card, width: int) -> list[str]:
    """The words of the card as lines, without a frame."""
    lines = wrap_text(card.title, width)
    if card.by_when:
        lines += wrap_text(card.by_when, width)
    lines.append("")
    for place, step in enumerate(card.steps, 1):
        lines += wrap_text(step, width, further="   ", first=f"{place}. ")
    lines.append("")
    lines += wrap_text(" ".join(("Why:", *card.why)), width)
    if card.number:
        lines += wrap_text(card.number, width)
    return lines
