"""Assessment -> Report: what is told of it, in sections. Pure functions: the date comes in."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from backtriage.conditions import Facts
from backtriage.language import say
from backtriage.model import Answer, Assessment, Country, Finding, How, RuleSet
from backtriage.report.advice import (
    choose_dates,
    choose_steps,
    describe_emergency_number,
    describe_result,
    is_told,
    name_emergency_number,
)
from backtriage.report.safety_net import list_events, list_lines
from backtriage.report.say import describe_what_to_say, list_decisive
from backtriage.report.wording import Wording
from backtriage.report.words import (
    capitalize_first,
    describe_because,
    describe_day,
    describe_deadline,
    describe_labelled_answer,
    describe_translation,
    is_plain_no,
    list_notices,
)

TO_DO, TO_SAY = Wording.TO_DO, Wording.TO_SAY
WHY = Wording.REASONS, Wording.OTHER_REASONS
"""The kinds of sections that are shown apart, too."""

_EVENT = "{event}"
"""What stands for the event in a line of the safety net."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs and then items under it; who needs it most is its reader.

    `kind` is the heading as the program has it in English; None for a part of the advice, whose
    title stands in the rule set.
    """

    heading: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    numbered: bool = False
    for_doctor: bool = False
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What both text and Markdown say."""

    title: str
    sections: tuple[Section, ...]


def build_report(
    assessment: Assessment, rule_set: RuleSet, today: date, country: Country | None = None
) -> Report:
    """The report on an assessment made on the day `today`.

    `country` is where the person is, if that is known.
    """
    sections = list(_list_sections(assessment, rule_set, today, country))
    return Report(describe_result(assessment, rule_set, today), tuple(sections))


def _list_sections(
    assessment: Assessment, rule_set: RuleSet, today: date, country: Country | None
) -> Iterator[Section]:
    """The sections in the order of reading: what to do, why, what next, and the record."""
    yield _what_to_do(assessment, rule_set, country)
    if _is_advice_given(assessment):
        yield from _what_to_say(assessment, rule_set)
    yield from _why(assessment, rule_set)
    yield from _safety_net(assessment, rule_set, country)
    yield from _dates(assessment, rule_set, today)
    if _is_advice_given(assessment):
        yield from _parts(assessment, rule_set, country)
    yield from _still_open(assessment, rule_set)
    limits = (*rule_set.limits, *list_notices(rule_set))
    yield _say_section(Wording.LIMITS, items=limits)
    yield _answers(assessment, rule_set)
    yield from _suspicions(assessment, rule_set)
    yield from _sources(assessment, rule_set, country)
    yield _record(assessment, rule_set, today)


def _say_section(
    kind: str,
    paragraphs: tuple[str, ...] = (),
    items: tuple[str, ...] = (),
    *,
    numbered: bool = False,
    for_doctor: bool = False,
) -> Section:
    return Section(say(kind), paragraphs, items, numbered, for_doctor, kind)


def _is_advice_given(assessment: Assessment) -> bool:
    """Home care is no advice while a question that matters is open: unknown is never no."""
    return assessment.complete or assessment.at_least.advice != "home_care"


# What to do --------------------------------------------------------------------------------------


def _what_to_do(assessment: Assessment, rule_set: RuleSet, country: Country | None) -> Section:
    if not _is_advice_given(assessment):
        return _say_section(TO_DO, (say(Wording.NOTHING_TO_DO),))
    text = rule_set.advice[assessment.at_least.advice]
    lead = text.lead
    if not assessment.complete:
        lead += f" {say(Wording.MAY_BE_MORE_URGENT)}"
    steps = choose_steps(text.steps, rule_set, assessment.answers, country)
    note = [describe_emergency_number(country)] if country else []
    return _say_section(TO_DO, (lead, *note), steps, numbered=True)


def _what_to_say(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    said = describe_what_to_say(assessment, rule_set)
    if said is not None:
        yield _say_section(TO_SAY, (said,))


def _parts(assessment: Assessment, rule_set: RuleSet, country: Country | None) -> Iterable[Section]:
    facts = Facts.of(rule_set, assessment.answers)
    for part in rule_set.advice[assessment.at_least.advice].parts:
        items = choose_steps(part.steps, rule_set, assessment.answers, country)
        if items and is_told(part, facts):
            yield Section(part.title, items=items)


# Why ---------------------------------------------------------------------------------------------


def _why(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    """The reasons for the advice, and apart from them those that are less urgent alone."""
    if not assessment.findings and not assessment.complete:
        yield _say_section(WHY[0], (say(Wording.TOO_LITTLE),), for_doctor=True)
    decisive = list_decisive(assessment)
    told = {question for finding in decisive for question in finding.answers}
    others = [finding for finding in assessment.findings if not _is_told(finding, told, rule_set)]
    if decisive:
        reasons = tuple(_describe_reason(finding, assessment, rule_set) for finding in decisive)
        yield _say_section(WHY[0], items=reasons, for_doctor=True)
    if others:
        reasons = tuple(_describe_reason(finding, assessment, rule_set) for finding in others)
        yield _say_section(WHY[1], items=reasons, for_doctor=True)


def _is_told(finding: Finding, told: set[str], rule_set: RuleSet) -> bool:
    """Whether it rests on what is told already, more urgently: on the same answers, or on signs of
    which each is among them, whatever else there is in the person's past.
    """
    signs = {name for name in finding.answers if not rule_set.questions[name].background}
    return (signs or finding.answers.keys()) <= told


def _describe_reason(finding: Finding, assessment: Assessment, rule_set: RuleSet) -> str:
    answers = _describe_answers(finding.answers, rule_set)
    because = describe_because(finding, assessment, rule_set)
    return say(Wording.REASON, because=because, answers=answers)


def _describe_answers(answers: Mapping[str, Answer], rule_set: RuleSet) -> str:
    return "; ".join(
        describe_labelled_answer(question, answer, rule_set) for question, answer in answers.items()
    )


# What next ---------------------------------------------------------------------------------------


def _safety_net(
    assessment: Assessment, rule_set: RuleSet, country: Country | None
) -> Iterable[Section]:
    """One section for each thing to do if something happens, the worst first."""
    lines: dict[str, list[str]] = {}
    events = list_events(assessment, rule_set)
    for (how, within_days), told in list_lines(events).items():
        kind, line = _describe_action(how, within_days)
        lines.setdefault(kind, []).extend(line.replace(_EVENT, event) for event in told)
    for kind, items in lines.items():
        heading = say(kind, number=name_emergency_number(country))
        yield Section(heading, items=tuple(items), kind=kind)
    if len(events) > 1 and any(event.urgency.advice != "seek_care_now" for event in events):
        yield _say_section(Wording.TOGETHER, (say(Wording.TOGETHER_HOW),))


def _describe_action(how: How, within_days: int) -> tuple[str, str]:
    """What to do if something happens, as a kind of section, and a line with the event in it."""
    match how:
        case "ambulance":
            return Wording.CALL_IF, _EVENT
        case "emergency_department":
            return Wording.GO_IF, _EVENT
        case "doctor" | "self_care":
            if within_days == 0:
                return Wording.DOCTOR_TODAY_IF, _EVENT
            deadline = describe_deadline(within_days)
            return Wording.DOCTOR, say(Wording.DOCTOR_IF, deadline=deadline, event=_EVENT)


def _dates(assessment: Assessment, rule_set: RuleSet, today: date) -> Iterable[Section]:
    if assessment.complete:
        dates = choose_dates(assessment, rule_set, today)
        if dates:
            items = tuple(
                say(Wording.ON_THAT_DAY, day=capitalize_first(describe_day(day)), text=text)
                for day, text in dates
            )
            yield _say_section(Wording.DATES, items=items)


def _still_open(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    if not assessment.complete:
        questions = (question for flag in assessment.unresolved for question in flag.questions)
        items = tuple(rule_set.questions[question].ask for question in dict.fromkeys(questions))
        yield _say_section(Wording.STILL_OPEN, items=items, numbered=True)


# The record --------------------------------------------------------------------------------------


def _answers(assessment: Assessment, rule_set: RuleSet) -> Section:
    """All answers; the many plain "no" together, so that the others can be found."""
    questions = rule_set.questions
    if not assessment.answers:
        return _say_section(Wording.ANSWERS, (say(Wording.NO_ANSWERS),), for_doctor=True)
    items, absent = [], []
    for question, answer in assessment.answers.items():
        if is_plain_no(questions[question], answer):
            absent.append(questions[question].label)
        else:
            items.append(describe_labelled_answer(question, answer, rule_set))
    if absent:
        items.append(say(Wording.PLAIN_NO, labels="; ".join(absent)))
    return _say_section(Wording.ANSWERS, items=tuple(items), for_doctor=True)


def _suspicions(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    """What the red flags that are present make one think of, and because of which answers.

    For the doctor, so it stands behind the answers.
    """
    raised_by: dict[str, dict[str, Answer]] = {}
    for finding in assessment.findings:
        raised_by.setdefault(finding.suspect, {}).update(finding.answers)
    if raised_by:
        items = (
            say(
                Wording.SUSPICION,
                suspicion=capitalize_first(rule_set.suspicions[name]),
                answers=_describe_answers(answers, rule_set),
            )
            for name, answers in raised_by.items()
        )
        yield _say_section(
            Wording.TO_CHECK, (say(Wording.FOR_DOCTOR),), tuple(items), for_doctor=True
        )


def _sources(
    assessment: Assessment, rule_set: RuleSet, country: Country | None
) -> Iterable[Section]:
    used = dict.fromkeys(source for finding in assessment.findings for source in finding.sources)
    used |= dict.fromkeys(rule_set.emergency_numbers.sources if country else ())
    if used:
        citations = tuple(rule_set.sources[source].citation for source in used)
        yield _say_section(Wording.SOURCES, items=citations, for_doctor=True)


def _record(assessment: Assessment, rule_set: RuleSet, today: date) -> Section:
    rules = assessment.rule_set
    made_by = say(
        Wording.MADE_BY,
        day=capitalize_first(describe_day(today)),
        id=rules.id,
        version=rules.version,
        hash=rules.hash[:12],
        engine=assessment.engine_version,
    )
    flags = ", ".join(finding.id for finding in assessment.findings)
    translated = describe_translation(rule_set)
    told = (
        made_by,
        *([translated] if translated else []),
        *([say(Wording.RED_FLAGS, red_flags=flags)] if flags else ()),
    )
    return _say_section(Wording.RECORD, told, for_doctor=True)
