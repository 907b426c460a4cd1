"""Assessment -> what to say on the telephone or at the desk. Pure functions."""

from collections.abc import Iterator

from backtriage.answers import describe_answer
from backtriage.conditions import take_last
from backtriage.model import NOT_SURE, Answer, Assessment, Finding, Question, RuleSet, YesNo
from backtriage.report.words import describe_deadline, say_answer
from backtriage.status import rank


def describe_what_to_say(assessment: Assessment, rule_set: RuleSet) -> str | None:
    """The sentences to say: what is asked first there, and the answers that decided.

    None where there is nothing to say to anybody.
    """
    urgency = assessment.at_least
    opening = rule_set.advice[urgency.advice].say
    if not opening or not assessment.findings:
        return None
    if urgency.within_days is not None and urgency.advice != "seek_care_now":
        opening = f"{opening} {describe_deadline(urgency.within_days)}"
    return " ".join(f"{said}." for said in (opening, *_list_sentences(assessment, rule_set)))


def _list_sentences(assessment: Assessment, rule_set: RuleSet) -> Iterator[str]:
    """Each without its full stop: what has a sentence of its own, then labels, then doubts."""
    answers = assessment.answers
    labels, doubts = [], []
    for question in _list_questions(assessment, rule_set):
        answer = take_last(answers[question.id])
        said = say_answer(question, answer)
        if said is not None:
            yield said
        elif answer is NOT_SURE:
            doubts.append(question.label)
        else:
            labels.append(_name_answer(question, answer))
    if labels:
        yield f"It found: {'; '.join(labels)}"
    if doubts:
        yield f"I am not sure about: {'; '.join(doubts)}"


def _name_answer(question: Question, answer: Answer) -> str:
    """A yes is said by naming the thing; any other answer stands behind the label."""
    if answer == "yes" and isinstance(question, YesNo):
        return question.label
    return f"{question.label}: {describe_answer(question, answer)}"


def _list_questions(assessment: Assessment, rule_set: RuleSet) -> list[Question]:
    """What is said first, and then what decided, each once and only where it was answered."""
    answers = assessment.answers
    first = [name for name in rule_set.say_first if take_last(answers.get(name, "no")) != "no"]
    decided = [name for finding in list_decisive(assessment) for name in finding.answers]
    return [rule_set.questions[name] for name in dict.fromkeys([*first, *decided])]


def list_decisive(assessment: Assessment) -> list[Finding]:
    """The findings that alone make it as urgent as it is."""
    urgency = rank(assessment.at_least)
    return [finding for finding in assessment.findings if rank(finding) == urgency]
