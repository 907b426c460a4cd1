"""Urgencies, days, answers and patients -> a few words. Pure functions."""

from collections.abc import Iterable, Mapping
from datetime import date

from backtriage.answers import describe_answer, describe_not_sure
from backtriage.conditions import Facts, take_last
from backtriage.language import get_language, say, say_number
from backtriage.model import (
    ANSWER,
    NOT_SURE,
    Answer,
    Assessment,
    Choice,
    Finding,
    Number,
    Question,
    RedFlag,
    Rules,
    RuleSet,
    Urgency,
    YesNo,
)
from backtriage.report.wording import Wording


def describe_urgency(urgency: Urgency | RedFlag | Finding, rule_set: RuleSet) -> str:
    """An advice with its deadline: "Seek care now", "See a doctor soon: within 2 weeks"."""
    title = rule_set.advice[urgency.advice].title
    if urgency.within_days is None or urgency.advice == "seek_care_now":
        return title
    deadline = describe_deadline(urgency.within_days)
    return say(Wording.WITH_DEADLINE, title=title, deadline=deadline)


def describe_urgency_in_brief(urgency: Urgency) -> str:
    """An advice with its deadline for those who write rules: "see_doctor_soon within 2 weeks"."""
    if urgency.advice != "see_doctor_soon" or urgency.within_days is None:
        return urgency.advice
    return f"{urgency.advice} {describe_deadline(urgency.within_days)}"


def describe_deadline(within_days: int) -> str:
    """A deadline in words: "today", "within 1 day", "within 3 days", "within 2 weeks"."""
    weeks, rest = divmod(within_days, 7)
    if within_days == 0:
        return say(Wording.TODAY)
    if rest:
        return say_number(Wording.WITHIN_DAY, Wording.WITHIN_DAYS, within_days)
    return say_number(Wording.WITHIN_WEEK, Wording.WITHIN_WEEKS, weeks)


def describe_day(day: date) -> str:
    """A day as people write it: "Wednesday 25 November 2026"."""
    language = get_language()
    return language.day.format(
        weekday=language.weekdays[day.weekday()],
        day=day.day,
        month=language.months[day.month - 1],
        year=day.year,
    )


def describe_labelled_answer(question_id: str, answer: Answer, rule_set: Rules) -> str:
    """An answer behind the label of its question: "Fever: not sure (counted as yes)"."""
    question = rule_set.questions[question_id]
    words = Wording.COUNTED if take_last(answer) is NOT_SURE else Wording.LABELLED
    return say(
        words,
        label=question.label,
        answer=describe_answer(question, answer),
        counted=describe_not_sure(question),
    )


def say_answer(question: Question, answer: Answer) -> str | None:
    """An answer as a person tells it, without a full stop: "I am 54 years old".

    None where the rule set has no sentence for it.
    """
    last = take_last(answer)
    match question:
        case YesNo(say=say) if last == "yes":
            return say
        case Number(say=say) if say is not None and last is not NOT_SURE:
            return say.replace(ANSWER, describe_answer(question, last))
        case Choice(options=options):
            return next((option.say for option in options if option.id == last), None)
        case _:
            return None


def list_notices(rule_set: RuleSet) -> list[str]:
    """What has to be said of a translation: who has not seen it, and that it is not whole."""
    if rule_set.translation is None:
        return []
    spoken = get_language()
    is_whole = not rule_set.translation.missing and spoken.sentences and not spoken.has_gaps
    return [say(Wording.NO_NATIVE), *([] if is_whole else [say(Wording.PARTLY_ENGLISH)])]


def describe_translation(rule_set: RuleSet) -> str | None:
    """Which translation it is, for the record; None for rules as they were written."""
    if rule_set.translation is None:
        return None
    of = rule_set.translation
    return say(Wording.TRANSLATION, language=of.language, hash=of.hash[:12])


def describe_because(finding: Finding, assessment: Assessment, rule_set: RuleSet) -> str:
    """Why a red flag counts; who was not sure has never said that it is so."""
    doubtful = find_doubtful(finding.answers, assessment, rule_set)
    if not finding.counted_from_not_sure and not doubtful:
        return finding.because
    return say(Wording.SAFE_SIDE, because=finding.because)


def find_doubtful(ids: Iterable[str], assessment: Assessment, rule_set: RuleSet) -> set[str]:
    """Those questions that were put only because "not sure" counted as yes to the one in front."""
    answers = assessment.answers
    sure = {name: given for name, given in answers.items() if take_last(given) is not NOT_SURE}
    if len(sure) == len(answers):
        return set()
    facts, of_sure = Facts.of(rule_set, answers), Facts.of(rule_set, sure)
    return {name for name in ids if facts.check_applies(name) and not of_sure.check_applies(name)}


def is_plain_no(question: Question, answer: Answer) -> bool:
    """Whether an answer is a no that worries nobody; many of these are shown together."""
    return isinstance(question, YesNo) and answer == "no" and question.worse != "no"


def describe_patient(rule_set: RuleSet, answers: Mapping[str, Answer]) -> str:
    """A patient on one line: "Age: 75 years; Fever: yes; no to 57 other questions"."""
    telling = [
        f"{question.label}: {describe_answer(question, answers[name])}"
        for name, question in rule_set.questions.items()
        if name in answers and not is_plain_no(question, answers[name])
    ]
    plain = len(answers) - len(telling)
    others = "other question" if telling else "question"
    rest = [f"no to {count_noun(plain, others)}"] if plain else []
    return "; ".join([*telling, *rest]) or "no answers"


def count_noun(number: int, noun: str) -> str:
    """A number of things: "1 case", "2 cases"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def uncapitalize_first(title: str) -> str:
    """A title as it stands inside of a sentence; a noun may keep its capital there."""
    if get_language().keeps_capitals:
        return title
    return title[0].lower() + title[1:]


def make_sentence(text: str) -> str:
    """A text as a sentence of its own, with its capital and a full stop if it ends with no mark."""
    return capitalize_first(text) if text.endswith(("?", ".")) else f"{capitalize_first(text)}."


def capitalize_first(text: str) -> str:
    """A text as it stands at the beginning of a sentence; Spanish may begin with "¿"."""
    begin = text.startswith(("¿", "¡"))
    return text[:begin] + text[begin].upper() + text[begin + 1 :]
