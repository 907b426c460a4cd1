"""Assessment -> the JSON of a result: the record, what to tell the person, and what to ask next."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from backtriage.conditions import Facts
from backtriage.interview import Interview
from backtriage.json_io.questions import build_row
from backtriage.language import say
from backtriage.model import (
    EMERGENCY_NUMBER,
    NOT_SURE,
    Answer,
    Assessment,
    Country,
    How,
    RuleSet,
)
from backtriage.report.advice import (
    choose_dates,
    describe_result,
    is_told,
    name_emergency_number,
)
from backtriage.report.safety_net import group_events, list_events
from backtriage.report.say import describe_what_to_say
from backtriage.report.wording import Wording
from backtriage.strict_json import write_json


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing to do: its place among the steps of the advice, and by when, as an ISO date."""

    id: str
    text: str
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFor:
    """What would make it more urgent: if one of the events happens, how to get care, and by when.

    `within_days` counts from the event.
    """

    how: How
    within_days: int
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAgain:
    """A day to look again, as an ISO date, and what to do then."""

    on: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextPrompt:
    """What the interview would ask now: one question, or those of a list in one prompt.

    `questions` are as `backtriage questions --format json` has them. With `again` the question was
    answered "not sure", and is asked once more: `ask` is its check, and what is answered now is to
    be given as "not sure, then yes", "not sure, then no" or "not sure, twice".
    """

    area: str
    area_title: str
    ask: str
    again: bool
    questions: tuple[Mapping[str, Any], ...]
    at_most_more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a client needs to show, and to go on.

    `suspicions` and `labels` have the words for the ids in the assessment. `next` is None where no
    answer can change the advice any more, and no check of a "not sure" either. `warnings` tell of
    answers that count, though the question would not have been asked, and of old forms.
    """

    headline: str
    steps: tuple[Step, ...]
    say: str | None
    watch_for: tuple[WatchFor, ...]
    look_again: tuple[LookAgain, ...]
    suspicions: Mapping[str, str]
    labels: Mapping[str, str]
    next: NextPrompt | None
    warnings: tuple[str, ...]


def render_result(
    assessment: Assessment,
    rule_set: RuleSet,
    today: date,
    country: Country | None = None,
    *,
    indent: int | None = None,
    warnings: Iterable[str] = (),
) -> str:
    """The assessment and what is told of it, as one JSON object; on one line without `indent`.

    `warnings` are those about how the answers came. `translation` stands there only where it is
    told in another language than that of the rules.
    """
    told = build_told(assessment, rule_set, today, country, warnings=warnings)
    return _merge(rule_set, indent, assessment, told)


def render_record(assessment: Assessment, rule_set: RuleSet) -> str:
    """The assessment alone as one JSON object, on one line; with `translation` as above."""
    return _merge(rule_set, None, assessment)


def _merge(rule_set: RuleSet, indent: int | None, *parts: Assessment | Told) -> str:
    merged = {field.name: getattr(part, field.name) for part in parts for field in fields(part)}
    if rule_set.translation is not None:
        merged["translation"] = rule_set.translation.build_record()
    return write_json(merged, indent) if indent else _write_line(merged)


_KEPT = "unresolved", "what_would_change_it"
"""Lists that are most of a record, and whose parts many records have in common."""

_write_part = lru_cache(maxsize=20_000)(write_json)


def _write_line(merged: Mapping[str, Any]) -> str:
    """The same as `write_json` of it, with the texts of what it has in common with others kept."""
    names = list(merged)
    begin = names.index(_KEPT[0])
    before, after = names[:begin], names[begin + len(_KEPT) :]
    kept = (f'"{name}": [{", ".join(map(_write_part, merged[name]))}]' for name in _KEPT)
    first, last = (write_json({name: merged[name] for name in part}) for part in (before, after))
    return ", ".join((first[:-1], *kept, last[1:]))


def build_told(
    assessment: Assessment,
    rule_set: RuleSet,
    today: date,
    country: Country | None = None,
    *,
    warnings: Iterable[str] = (),
) -> Told:
    """What is told of an assessment made on the day `today`; `warnings` come before its own."""
    groups = group_events(list_events(assessment, rule_set))
    dates = choose_dates(assessment, rule_set, today) if assessment.complete else []
    return Told(
        headline=describe_result(assessment, rule_set, today),
        steps=tuple(_list_steps(assessment, rule_set, today, country)),
        say=describe_what_to_say(assessment, rule_set),
        watch_for=tuple(
            WatchFor(how=how, within_days=days, events=tuple(events))
            for (how, days), events in groups.items()
        ),
        look_again=tuple(LookAgain(on=day.isoformat(), text=text) for day, text in dates),
        suspicions={name: rule_set.suspicions[name] for name in _list_suspicions(assessment)},
        labels={name: rule_set.questions[name].label for name in _list_named(assessment)},
        next=_find_next(assessment, rule_set),
        warnings=(*warnings, *list_warnings(assessment.answers, rule_set)),
    )


def _list_steps(
    assessment: Assessment, rule_set: RuleSet, today: date, country: Country | None
) -> Iterator[Step]:
    """The steps to tell this person; none while home care is only what is left."""
    urgency = assessment.at_least
    if not assessment.complete and urgency.advice == "home_care":
        return
    facts = Facts.of(rule_set, assessment.answers)
    by = None
    if urgency.within_days is not None:
        by = (today + timedelta(days=urgency.within_days)).isoformat()
    for place, step in enumerate(rule_set.advice[urgency.advice].steps, 1):
        if is_told(step, facts):
            text = step.text.replace(EMERGENCY_NUMBER, name_emergency_number(country))
            yield Step(id=f"{urgency.advice}.{place}", text=text, by=by)


def _list_suspicions(assessment: Assessment) -> Iterable[str]:
    """What the red flags that are present or open make one think of."""
    present = [finding.suspect for finding in assessment.findings]
    return dict.fromkeys([*present, *(flag.suspect for flag in assessment.unresolved)])


def _list_named(assessment: Assessment) -> Iterable[str]:
    """The questions that the assessment names."""
    named = [name for finding in assessment.findings for name in finding.answers]
    named += [name for flag in assessment.unresolved for name in flag.questions]
    named += [change.question for change in assessment.what_would_change_it]
    return dict.fromkeys([*assessment.answers, *named])


def _find_next(assessment: Assessment, rule_set: RuleSet) -> NextPrompt | None:
    """What the interview would ask after these answers, in whatever order they came."""
    if assessment.complete and NOT_SURE not in assessment.answers.values():
        return None
    interview = Interview.after(rule_set, assessment)
    step = interview.step
    if step is None:
        return None
    return NextPrompt(
        area=step.area.id,
        area_title=step.area.title,
        ask=step.ask,
        again=step.again,
        questions=tuple(build_row(question, step.area, rule_set) for question in step.questions),
        at_most_more=interview.at_most_more,
    )


def list_warnings(answers: Mapping[str, Answer], rule_set: RuleSet) -> Iterator[str]:
    """Answers to questions that would not have been asked; they count as they were given."""
    for name in Facts.of(rule_set, answers).not_asked:
        yield say(Wording.NOT_ASKED, id=name, label=rule_set.questions[name].label)
