"""Assessment -> what would make it more urgent, as events and what to do then. Pure functions."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import assert_never

from backtriage.conditions import Facts, count_as, take_last
from backtriage.language import say
from backtriage.model import (
    Answer,
    Assessment,
    Choice,
    How,
    NotSure,
    Number,
    Question,
    RuleSet,
    Urgency,
    Value,
    YesNo,
)
from backtriage.report.advice import is_told
from backtriage.report.wording import Wording
from backtriage.status import choose_how, rank
from backtriage.units import describe_quantity

Action = tuple[How, int]
"""What to do if something happens: the way to get care, and within how many days."""

MOST_WORDS = 30
"""A line of events is not made longer than that, so that it can be read in one go."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that may happen, to stand behind "if", and how urgent it would be.

    `area` is that of the question which asks about it, or None where none does.
    """

    text: str
    area: str | None
    urgency: Urgency
    how: How


def list_events(assessment: Assessment, rule_set: RuleSet) -> tuple[Event, ...]:
    """All that would make it more urgent, the most urgent first.

    An event is as urgent as it can turn out to be, since the questions that would follow are not
    asked any more. Of two answers to one question that lead to the same, the milder is told: the
    other one goes further on the same way.
    """
    events = [*_list_asked(assessment, rule_set), *_list_unasked(assessment, rule_set)]
    return tuple(sorted(events, key=_sort_key))


def _sort_key(event: Event) -> tuple[bool, int, int]:
    """Sorts the most urgent first."""
    advice, deadline = rank(event.urgency)
    return event.how != "ambulance", -advice, -deadline


def _list_asked(assessment: Assessment, rule_set: RuleSet) -> Iterator[Event]:
    told: set[tuple[str, Urgency, How]] = set()
    for change in assessment.what_would_change_it:
        question = rule_set.questions[change.question]
        text = _describe_event(question, change.answer, assessment.answers[question.id])
        key = (question.id, change.at_most, change.how)
        if text is not None and key not in told:
            told.add(key)
            yield Event(text, rule_set.area_of[question.id].id, change.at_most, change.how)


def _describe_event(question: Question, answer: Answer, before: Answer) -> str | None:
    """An answer as something that happens, or None where it is no event, as nothing gets worse."""
    match question:
        case Choice(options=options):
            return next(option.event for option in options if option.id == answer)
        case YesNo(event=event, worse=worse):
            return event if answer == worse else None
        case Number():
            counts = count_as(question, before)
            return _describe_number(question, take_last(answer), counts)
        case _:
            assert_never(question)


def _describe_number(question: Number, answer: Value | NotSure, before: Value | None) -> str | None:
    if question.event is None or isinstance(answer, str | NotSure) or isinstance(before, str):
        return None
    is_more = before is None or answer > before
    if question.worse != ("higher" if is_more else "lower"):
        return None
    words = Wording.OR_MORE if is_more else Wording.OR_LESS
    quantity = describe_quantity(answer, question.unit)
    return say(words, event=question.event, quantity=quantity)


def _list_unasked(assessment: Assessment, rule_set: RuleSet) -> Iterator[Event]:
    facts = Facts.of(rule_set, assessment.answers)
    for step in rule_set.also_watch_for:
        assert step.watch is not None  # as the shape demands
        then = step.watch.then
        if rank(then) > rank(assessment.at_least) and is_told(step, facts):
            yield Event(step.text, None, then, choose_how(then.advice, needs_ambulance=False))


def group_events(events: Iterable[Event]) -> dict[Action, list[str]]:
    """The events by what to do if they happen, the worst first."""
    return {action: [event.text for event in found] for action, found in _group(events).items()}


def list_lines(events: Iterable[Event]) -> dict[Action, list[str]]:
    """Lines to read by what to do, the worst first: events that belong together, or are short.

    Whatever a doctor should see by the same day stands on one line, behind that day.
    """
    return {action: _build_lines(action, found) for action, found in _group(events).items()}


def _group(events: Iterable[Event]) -> dict[Action, list[Event]]:
    groups: dict[Action, list[Event]] = {}
    for event in events:
        groups.setdefault((event.how, event.urgency.within_days or 0), []).append(event)
    return groups


def _build_lines(action: Action, events: list[Event]) -> list[str]:
    """Events of one area stay together, and neighbours join them while the line stays short."""
    _, within_days = action
    lines: list[str] = []
    for _, of_area in groupby(events, key=lambda event: event.area):
        line = _join(event.text for event in of_area)
        joined = _join((*lines[-1:], line))
        if lines and (within_days or len(joined.split()) <= MOST_WORDS):
            lines[-1] = joined
        else:
            lines.append(line)
    return lines


def _join(texts: Iterable[str]) -> str:
    """Events as one line: "you faint; or you get a fever"."""
    return say(Wording.OR_EVENT).join(dict.fromkeys(texts))
