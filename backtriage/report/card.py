"""Assessment -> the care card: what to do, by when and why, in a few lines. Pure functions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate

from backtriage.language import say, say_number
from backtriage.model import AdviceId, Assessment, Country, RuleSet
from backtriage.report.advice import choose_dates, choose_steps
from backtriage.report.layout import wrap_text
from backtriage.report.safety_net import list_events
from backtriage.report.say import list_decisive
from backtriage.report.wording import Wording
from backtriage.report.words import (
    describe_because,
    describe_day,
    describe_deadline,
    uncapitalize_first,
)

_MOST_STEPS = 3
_MOST_REASONS = 2
_MOST_LETTERS = 150
"""So long may all warnings be together."""


@dataclass(frozen=True, slots=True)
class Card:
    """What stands last on the screen: few enough lines that none of it scrolls away.

    `advice` is None where there is none yet. `warnings` are events that would make it an emergency,
    or the first of them if `has_more`. `number` is whom to call then.
    """

    advice: AdviceId | None
    title: str
    by_when: str | None
    steps: tuple[str, ...]
    why: tuple[str, ...]
    warnings: tuple[str, ...]
    has_more: bool
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
    number = _describe_number(country) if country else None
    if not assessment.complete and urgency.advice == "home_care":
        most = uncapitalize_first(rule_set.advice[assessment.at_most.advice].title)
        return Card(
            advice=None,
            title=say(Wording.NO_ADVICE),
            by_when=None,
            steps=(say(Wording.GO_ON),),
            why=(say(Wording.MAY_BE, most=most),),
            warnings=(),
            has_more=False,
            number=number,
        )
    text = rule_set.advice[urgency.advice]
    warnings, has_more = _choose_warnings(assessment, rule_set)
    return Card(
        advice=urgency.advice,
        title=text.title,
        by_when=_describe_by_when(assessment, rule_set, today),
        steps=choose_steps(text.steps, rule_set, assessment.answers, country)[:most_steps],
        why=tuple(_list_reasons(assessment, rule_set)) or (text.lead,),
        warnings=warnings,
        has_more=has_more,
        number=number,
    )


def _describe_number(country: Country) -> str:
    return say(Wording.CARD_NUMBER, call=country.call, country=country.name)


def _describe_by_when(assessment: Assessment, rule_set: RuleSet, today: date) -> str | None:
    """By when to be seen, or the first day to look again."""
    urgency, complete = assessment.at_least, assessment.complete
    match urgency.advice, urgency.within_days:
        case "seek_care_now", _:
            return None
        case "see_doctor_soon", int(days) if days:
            day = describe_day(today + timedelta(days=days))
            words = Wording.CARD_BY_DAY if complete else Wording.CARD_BY_DAY_OR_SOONER
            return say(words, day=day, deadline=describe_deadline(days))
        case "see_doctor_soon", _:
            words = Wording.CARD_TODAY if complete else Wording.CARD_TODAY_OR_SOONER
            return say(words, day=describe_day(today))
        case _:
            dates = choose_dates(assessment, rule_set, today)
            return say(Wording.LOOK_AGAIN, day=describe_day(dates[0][0])) if dates else None


def _list_reasons(assessment: Assessment, rule_set: RuleSet) -> Iterator[str]:
    """The reasons of the red flags that decide, and how many more there are."""
    reasons = [
        describe_because(finding, assessment, rule_set) for finding in list_decisive(assessment)
    ]
    yield from reasons[:_MOST_REASONS]
    more = len(reasons) - _MOST_REASONS
    if more > 0:
        yield say_number(Wording.ONE_MORE, Wording.MORE, more)


def _choose_warnings(assessment: Assessment, rule_set: RuleSet) -> tuple[tuple[str, ...], bool]:
    """Events for which to go to hospital, as many as a card has room for, and if there are more.

    Who has an emergency already is on the way. A faint or chest pain send people there by
    themselves; what people overlook comes first.
    """
    if assessment.at_least.advice == "seek_care_now":
        return (), False
    events = [
        event
        for event in list_events(assessment, rule_set)
        if event.urgency.advice == "seek_care_now"
    ]
    texts = [event.text for event in sorted(events, key=lambda one: one.how == "ambulance")]
    ends = list(accumulate(map(len, texts)))
    fitting = tuple(text for text, end in zip(texts, ends, strict=True) if end <= _MOST_LETTERS)
    return fitting, len(fitting) < len(texts)


def _describe_warnings(card: Card) -> str:
    events = say(Wording.EVENTS, events=say(Wording.OR_EVENT).join(card.warnings))
    return f"{events} {say(Wording.MORE_EVENTS)}" if card.has_more else events


def lay_out_card(card: Card, width: int) -> list[str]:
    """The words of the card as lines, without a frame."""
    lines = wrap_text(card.title, width)
    if card.by_when:
        lines += wrap_text(card.by_when, width)
    lines.append("")
    for place, step in enumerate(card.steps, 1):
        lines += wrap_text(step, width, further="   ", first=f"{place}. ")
    lines.append("")
    lines += wrap_text(" ".join((say(Wording.WHY), *card.why)), width)
    if card.warnings:
        lines += ["", *wrap_text(_describe_warnings(card), width)]
    if card.number:
        lines += wrap_text(card.number, width)
    return lines
