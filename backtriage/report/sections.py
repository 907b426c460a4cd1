"""Assessment -> Report: what is told of it, in sections. Pure functions: the date comes in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from backtriage.model import (
    Answer,
    Assessment,
    Change,
    Country,
    Finding,
    RuleSet,
    YesNo,
)
from backtriage.report.advice import choose_steps, describe_emergency_number, describe_result
from backtriage.report.words import (
    capitalize_first,
    describe_day,
    describe_deadline,
    describe_labelled_answer,
    is_plain_no,
    uncapitalize_first,
)
from backtriage.status import rank


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with paragraphs and then items under it."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    numbered: bool = False


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
    if _is_advice_given(assessment):
        yield from _parts(assessment, rule_set)
    yield from _safety_net(assessment, rule_set, today)
    yield from _still_open(assessment, rule_set)
    yield from _what_would_change_it(assessment, rule_set)
    yield Section("What this cannot tell", items=rule_set.limits)
    yield _answers(assessment, rule_set)
    yield from _suspicions(assessment, rule_set)
    yield from _sources(assessment, rule_set, country)
    yield _record(assessment, today)


def _is_advice_given(assessment: Assessment) -> bool:
    """Home care is no advice while a question that matters is open: unknown is never no."""
    return assessment.complete or assessment.at_least.advice != "home_care"


# What to do --------------------------------------------------------------------------------------


def _what_to_do(assessment: Assessment, rule_set: RuleSet, country: Country | None) -> Section:
    heading = "What to do"
    if not _is_advice_given(assessment):
        paragraph = "There is no advice yet. Questions that matter are still open."
        return Section(heading, paragraphs=(paragraph,))
    text = rule_set.advice[assessment.at_least.advice]
    lead = text.lead
    if not assessment.complete:
        lead += " It may turn out to be more urgent: questions that matter are still open."
    first, *others = choose_steps(text.steps, rule_set, assessment.answers)
    number = [describe_emergency_number(country)] if country else []
    return Section(heading, paragraphs=(lead,), items=(first, *number, *others), numbered=True)


def _what_to_say(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    """For the telephone or the desk: the answers that decided, and what else of the past counts."""
    urgency, answers = assessment.at_least, assessment.answers
    opening = rule_set.advice[urgency.advice].say
    if opening and assessment.findings:
        if urgency.within_days is not None and urgency.advice != "seek_care_now":
            opening = f"{opening} {describe_deadline(urgency.within_days)}"
        decisive = _list_decisive(assessment)
        raised_by = dict.fromkeys(question for finding in decisive for question in finding.answers)
        past = [
            question
            for question, answer in answers.items()
            if rule_set.questions[question].background
            and answer != "no"
            and question not in raised_by
        ]
        said = f"{opening}. It found: {_name_answers(raised_by, assessment, rule_set)}."
        if past:
            said = f"{said} Also: {_name_answers(past, assessment, rule_set)}."
        yield Section("What to say", paragraphs=(said,))


def _list_decisive(assessment: Assessment) -> list[Finding]:
    """The findings that alone make it as urgent as it is."""
    urgency = rank(assessment.at_least)
    return [finding for finding in assessment.findings if rank(finding) == urgency]


def _name_answers(questions: Iterable[str], assessment: Assessment, rule_set: RuleSet) -> str:
    answers = assessment.answers
    return "; ".join(_name_answer(question, answers[question], rule_set) for question in questions)


def _name_answer(question_id: str, answer: Answer, rule_set: RuleSet) -> str:
    """A yes is said by naming the thing; any other answer stands behind the label."""
    question = rule_set.questions[question_id]
    if answer == "yes" and isinstance(question, YesNo):
        return question.label
    return describe_labelled_answer(question_id, answer, rule_set)


def _parts(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    for part in rule_set.advice[assessment.at_least.advice].parts:
        items = choose_steps(part.steps, rule_set, assessment.answers)
        if items:
            yield Section(part.title, items=items)


# Why ---------------------------------------------------------------------------------------------


def _why(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    """The reasons for the advice, and apart from them those that are less urgent alone."""
    if not assessment.findings and not assessment.complete:
        yield Section("What your answers show", paragraphs=("Too little is known yet to say.",))
    decisive = _list_decisive(assessment)
    others = [finding for finding in assessment.findings if finding not in decisive]
    if decisive:
        reasons = tuple(_describe_reason(finding, rule_set) for finding in decisive)
        yield Section("What your answers show", items=reasons)
    if others:
        reasons = tuple(_describe_reason(finding, rule_set) for finding in others)
        yield Section("Also, but less urgent", items=reasons)


def _describe_reason(finding: Finding, rule_set: RuleSet) -> str:
    answers = "; ".join(
        describe_labelled_answer(question, answer, rule_set)
        for question, answer in finding.answers.items()
    )
    return f"{finding.because} ({answers})"


# What next ---------------------------------------------------------------------------------------


def _safety_net(assessment: Assessment, rule_set: RuleSet, today: date) -> Iterable[Section]:
    nets = rule_set.advice[assessment.at_least.advice].safety_net
    if assessment.complete and nets:
        items = (
            f"{describe_day(today + timedelta(days=net.within_days))}: {net.text}" for net in nets
        )
        yield Section("When to look again", items=tuple(items))


def _still_open(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    if not assessment.complete:
        questions = (question for flag in assessment.unresolved for question in flag.questions)
        items = tuple(rule_set.questions[question].ask for question in dict.fromkeys(questions))
        yield Section("Questions still open, the most decisive first", items=items, numbered=True)


def _what_would_change_it(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    """One section for each urgency that a single change would lead to, the most urgent first."""
    groups: dict[str, list[str]] = {}
    for change in sorted(assessment.what_would_change_it, key=_sort_key_of_change):
        answer = _name_answer(change.question, change.answer, rule_set)
        groups.setdefault(_heading_of_change(change, rule_set), []).append(answer)
    for heading, answers in groups.items():
        yield Section(heading, items=tuple(answers))


def _sort_key_of_change(change: Change) -> tuple[bool, int, bool]:
    """Sorts the most urgent first, and what is certain before what may be."""
    now = change.at_most.advice == "seek_care_now"
    return not now, change.at_most.within_days or 0, change.at_least != change.at_most


def _heading_of_change(change: Change, rule_set: RuleSet) -> str:
    urgency = change.at_most
    what = uncapitalize_first(rule_set.advice[urgency.advice].title)
    if urgency.advice == "see_doctor_soon" and urgency.within_days is not None:
        what = f"{what}, {describe_deadline(urgency.within_days)}"
    if change.at_least == change.at_most:
        return f"If this happens: {what}"
    if urgency.advice == "seek_care_now":
        return f"If this happens, get help at once (it may mean: {what})"
    return f"If this happens, answer the questions again (it may mean: {what})"


# The record --------------------------------------------------------------------------------------


def _answers(assessment: Assessment, rule_set: RuleSet) -> Section:
    """All answers; the many plain "no" together, so that the others can be found."""
    heading, questions = "All your answers", rule_set.questions
    if not assessment.answers:
        return Section(heading, paragraphs=("None yet.",))
    items, absent = [], []
    for question, answer in assessment.answers.items():
        if is_plain_no(questions[question], answer):
            absent.append(questions[question].label)
        else:
            items.append(describe_labelled_answer(question, answer, rule_set))
    if absent:
        items.append(f"No: {'; '.join(absent)}")
    return Section(heading, items=tuple(items))


def _suspicions(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    """What the red flags that are present make one think of.

    For the doctor, so it stands behind the answers.
    """
    raised_by: dict[str, list[str]] = {}
    for finding in assessment.findings:
        raised_by.setdefault(finding.suspect, []).append(finding.id)
    if raised_by:
        lead = (
            "These answers ask for a check of the following. "
            "They do not show that any of it is there."
        )
        items = (
            f"{capitalize_first(rule_set.suspicions[name])}. Red flags: {', '.join(flags)}"
            for name, flags in raised_by.items()
        )
        yield Section("For the doctor", paragraphs=(lead,), items=tuple(items))


def _sources(
    assessment: Assessment, rule_set: RuleSet, country: Country | None
) -> Iterable[Section]:
    used = dict.fromkeys(source for finding in assessment.findings for source in finding.sources)
    used |= dict.fromkeys(rule_set.emergency_numbers.sources if country else ())
    if used:
        yield Section("Sources", items=tuple(rule_set.sources[source].citation for source in used))


def _record(assessment: Assessment, today: date) -> Section:
    rules = assessment.rule_set
    made_by = (
        f"Rule set {rules.id} {rules.version} ({rules.hash[:12]}), "
        f"backtriage {assessment.engine_version}."
    )
    return Section("Record", paragraphs=(f"{describe_day(today)}. {made_by}",))
