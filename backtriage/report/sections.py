"""Assessment -> Report: what is told of it, in sections. Pure functions: the date comes in, nothing is printed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from backtriage.conditions import Facts, evaluate
from backtriage.model import (
    AdviceStep,
    Answer,
    Answers,
    Assessment,
    Change,
    Country,
    Finding,
    RuleSet,
    SafetyNet,
    Urgency,
    YesNo,
)
from backtriage.report.words import (
    describe_day,
    describe_deadline,
    describe_labelled_answer,
    is_plain_no,
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


def summarize(
    assessment: Assessment, rule_set: RuleSet, today: date, country: Country | None = None
) -> str:
    """The advice, its deadline and the first thing to do, in a few sentences."""
    if not assessment.complete and assessment.at_least.advice == "home_care":
        return f"{_title(assessment, rule_set, today)}."
    text = rule_set.advice[assessment.at_least.advice]
    again = f" Look again on {_net_day(text.safety_net[0], today)}." if text.safety_net else ""
    first = choose_steps(text.steps, rule_set, assessment.answers)[0]
    urgent = assessment.at_least.advice == "seek_care_now"
    number = f" {describe_emergency_number(country)}" if country and urgent else ""
    return f"{_title(assessment, rule_set, today)}. {first}{number}{again}"


def build_report(
    assessment: Assessment, rule_set: RuleSet, today: date, country: Country | None = None
) -> Report:
    """The report on an assessment made on the day `today`; `country` is where the person is, if that is known."""
    settled = assessment.complete or assessment.at_least.advice != "home_care"
    sections = [
        _what_to_do(assessment, rule_set, country),
        *(_what_to_say(assessment, rule_set) if settled else ()),
        *_why(assessment, rule_set),
        *(_parts(assessment, rule_set) if settled else ()),
        _safety_net(assessment, rule_set, today),
        *_still_open(assessment, rule_set),
        *_what_would_change_it(assessment, rule_set),
        Section("What this cannot tell", items=rule_set.limits),
        _answers(assessment, rule_set),
        *_suspicions(assessment, rule_set),
        *_sources(assessment, rule_set, country),
        _record(assessment, today),
    ]
    return Report(
        _title(assessment, rule_set, today), tuple(section for section in sections if section)
    )


def choose_steps(
    steps: Iterable[AdviceStep], rule_set: RuleSet, answers: Mapping[str, Answer]
) -> tuple[str, ...]:
    """The steps to tell this person: without those whose `when` is not known to hold, or whose `unless` is."""
    facts = Facts(rule_set, Answers(answers))
    return tuple(
        step.text
        for step in steps
        if (step.when is None or evaluate(step.when, facts))
        and not (step.unless and evaluate(step.unless, facts))
    )


def describe_headline(urgency: Urgency, rule_set: RuleSet, today: date) -> str:
    """An advice with its deadline: "See a doctor soon: within 2 days, by Wednesday 25 November 2026"."""
    title = rule_set.advice[urgency.advice].title
    if urgency.advice != "see_doctor_soon" or urgency.within_days is None:
        return title
    return f"{title}: {describe_deadline(urgency.within_days)}, {_by(urgency.within_days, today)}"


def _named(question_id: str, answer: Answer, rule_set: RuleSet) -> str:
    """A yes is said by naming the thing."""
    question = rule_set.questions[question_id]
    yes = answer == "yes" and isinstance(question, YesNo)
    return question.label if yes else describe_labelled_answer(question_id, answer, rule_set)


def _by(within_days: int, today: date) -> str:
    return (
        f"by {describe_day(today + timedelta(days=within_days))}"
        if within_days
        else describe_day(today)
    )


def _title(assessment: Assessment, rule_set: RuleSet, today: date) -> str:
    if assessment.complete:
        return describe_headline(assessment.at_least, rule_set, today)
    if assessment.at_least.advice == "home_care":
        least, most = (
            rule_set.advice[end.advice].title for end in (assessment.at_least, assessment.at_most)
        )
        return f"Not settled yet: from {_inside(least)} to {_inside(most)}"
    return f"{describe_headline(assessment.at_least, rule_set, today)}, or sooner (not settled yet)"


def _inside(title: str) -> str:
    """A title as it stands inside of a sentence."""
    return title[0].lower() + title[1:]


def _why(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    """The reasons for the advice, and apart from them those that would have been less urgent alone."""
    if not assessment.findings and not assessment.complete:
        yield Section("What your answers show", paragraphs=("Too little is known yet to say.",))
    most = [
        finding for finding in assessment.findings if rank(finding) == rank(assessment.at_least)
    ]
    less = [finding for finding in assessment.findings if finding not in most]
    for heading, findings in (("What your answers show", most), ("Also, but less urgent", less)):
        if findings:
            yield Section(heading, items=tuple(_reason(finding, rule_set) for finding in findings))


def _reason(finding: Finding, rule_set: RuleSet) -> str:
    answers = "; ".join(
        describe_labelled_answer(question, answer, rule_set)
        for question, answer in finding.answers.items()
    )
    return f"{finding.because} ({answers})"


def _what_to_do(assessment: Assessment, rule_set: RuleSet, country: Country | None) -> Section:
    text, heading = rule_set.advice[assessment.at_least.advice], "What to do"
    if not assessment.complete and assessment.at_least.advice == "home_care":
        return Section(
            heading, paragraphs=("There is no advice yet. Questions that matter are still open.",)
        )
    more = (
        ""
        if assessment.complete
        else " It may turn out to be more urgent: questions that matter are still open."
    )
    first, *others = choose_steps(text.steps, rule_set, assessment.answers)
    number = [describe_emergency_number(country)] if country else []
    return Section(
        heading, paragraphs=(text.lead + more,), items=(first, *number, *others), numbered=True
    )


def describe_emergency_number(country: Country) -> str:
    """Which number to call there; the name is told because a locale may be wrong."""
    return f"The emergency number in {country.name} is {country.call}. Elsewhere it may be another."


def _what_to_say(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    """For the telephone or the desk: the answers that decided, and what else of the past they should know."""
    text = rule_set.advice[assessment.at_least.advice]
    if text.say and assessment.findings:
        decisive = [
            finding for finding in assessment.findings if rank(finding) == rank(assessment.at_least)
        ]
        raised_by = dict.fromkeys(question for finding in decisive for question in finding.answers)
        past = [
            question for question in assessment.answers if rule_set.questions[question].background
        ]
        telling = [
            question
            for question in past
            if assessment.answers[question] != "no" and question not in raised_by
        ]
        shown, also = (
            "; ".join(
                _named(question, assessment.answers[question], rule_set) for question in questions
            )
            for questions in (raised_by, telling)
        )
        within = assessment.at_least.within_days
        by_when = (
            f" {describe_deadline(within)}"
            if within is not None and assessment.at_least.advice != "seek_care_now"
            else ""
        )
        said = [f"{text.say}{by_when}. It found: {shown}.", *([f"Also: {also}."] if also else [])]
        yield Section("What to say", paragraphs=(" ".join(said),))


def _parts(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    for part in rule_set.advice[assessment.at_least.advice].parts:
        items = choose_steps(part.steps, rule_set, assessment.answers)
        if items:
            yield Section(part.title, items=items)


def _safety_net(assessment: Assessment, rule_set: RuleSet, today: date) -> Section | None:
    nets = rule_set.advice[assessment.at_least.advice].safety_net
    if not (assessment.complete and nets):
        return None
    items = (f"{_net_day(net, today)}: {net.text}" for net in nets)
    return Section("When to look again", items=tuple(items))


def _net_day(net: SafetyNet, today: date) -> str:
    return describe_day(today + timedelta(days=net.within_days))


def _still_open(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    if not assessment.complete:
        questions = (question for flag in assessment.unresolved for question in flag.questions)
        items = tuple(rule_set.questions[question].ask for question in dict.fromkeys(questions))
        yield Section("Questions still open, the most decisive first", items=items, numbered=True)


def _what_would_change_it(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    """One section for each urgency that a single change would lead to, the most urgent first."""
    groups: dict[str, list[str]] = {}
    for change in sorted(assessment.what_would_change_it, key=_urgency_of_change):
        groups.setdefault(_heading_of_change(change, rule_set), []).append(
            _named(change.question, change.answer, rule_set)
        )
    for heading, items in groups.items():
        yield Section(heading, items=tuple(items))


def _urgency_of_change(change: Change) -> tuple[bool, int, bool]:
    now = change.at_most.advice == "seek_care_now"
    return not now, change.at_most.within_days or 0, change.at_least != change.at_most


def _heading_of_change(change: Change, rule_set: RuleSet) -> str:
    urgency = change.at_most
    what = _inside(rule_set.advice[urgency.advice].title)
    if urgency.advice == "see_doctor_soon" and urgency.within_days is not None:
        what = f"{what}, {describe_deadline(urgency.within_days)}"
    if change.at_least != change.at_most and urgency.advice == "seek_care_now":
        return f"If this happens, get help at once (it may mean: {what})"
    if change.at_least != change.at_most:
        return f"If this happens, answer the questions again (it may mean: {what})"
    return f"If this happens: {what}"


def _answers(assessment: Assessment, rule_set: RuleSet) -> Section:
    """All answers; the many plain "no" together, so that the others can be found."""
    heading, answers = "All your answers", assessment.answers
    if not answers:
        return Section(heading, paragraphs=("None yet.",))
    plain = [
        question
        for question in answers
        if is_plain_no(rule_set.questions[question], answers[question])
    ]
    items = tuple(
        describe_labelled_answer(question, answer, rule_set)
        for question, answer in answers.items()
        if question not in plain
    )
    absent = "; ".join(rule_set.questions[question].label for question in plain)
    return Section(heading, items=(*items, f"No: {absent}") if plain else items)


def _suspicions(assessment: Assessment, rule_set: RuleSet) -> Iterable[Section]:
    """What the red flags that are present make one think of: for the doctor, so it stands behind the answers."""
    raised_by: dict[str, list[str]] = {}
    for finding in assessment.findings:
        raised_by.setdefault(finding.suspect, []).append(finding.id)
    if raised_by:
        lead = "These answers ask for a check of the following. They do not show that any of it is there."
        items = (
            f"{_capital(rule_set.suspicions[name])}. Red flags: {', '.join(ids)}"
            for name, ids in raised_by.items()
        )
        yield Section("For the doctor", paragraphs=(lead,), items=tuple(items))


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _sources(
    assessment: Assessment, rule_set: RuleSet, country: Country | None
) -> Iterable[Section]:
    used = dict.fromkeys(source for finding in assessment.findings for source in finding.sources)
    used |= dict.fromkeys(rule_set.emergency_numbers.sources if country else ())
    if used:
        yield Section("Sources", items=tuple(rule_set.sources[source].citation for source in used))


def _record(assessment: Assessment, today: date) -> Section:
    rules = assessment.rule_set
    made_by = f"Rule set {rules.id} {rules.version} ({rules.hash[:12]}), backtriage {assessment.engine_version}."
    return Section("Record", paragraphs=(f"{describe_day(today)}. {made_by}",))
