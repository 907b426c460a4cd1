"""Assessment -> what to say on the telephone or at the desk. Pure functions."""

from collections.abc import Iterable, Iterator

from backtriage.answers import describe_answer
from backtriage.condition_parts import find_reasons_to_ask
from backtriage.conditions import take_last
from backtriage.language import say
from backtriage.model import NOT_SURE, Answer, Assessment, Finding, Question, RuleSet, YesNo
from backtriage.report.wording import Wording
from backtriage.report.words import describe_deadline, find_doubtful, say_answer
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
        deadline = describe_deadline(urgency.within_days)
        opening = say(Wording.TO_SAY_BY, opening=opening, deadline=deadline)
    return " ".join(f"{said}." for said in (opening, *_list_sentences(assessment, rule_set)))


def _list_sentences(assessment: Assessment, rule_set: RuleSet) -> Iterator[str]:
    """Each without its full stop: what has a sentence of its own, then labels, then doubts.

    A label is left out where a sentence says more: that of a question asked because of its answer.
    So is a doubt, if the sign has no sentence of its own: the sentence of its follow-up has it.
    """
    answers = assessment.answers
    questions = _list_questions(assessment, rule_set)
    said = {
        question.id: say_answer(question, take_last(answers[question.id])) for question in questions
    }
    doubtful = find_doubtful(said, assessment, rule_set)
    for name, sentence in said.items():
        if sentence is not None:
            yield say(Wording.UNSURE, said=sentence) if name in doubtful else sentence
    reasons = find_reasons_to_ask(rule_set)
    behind = (reasons[name] for name in said if said[name] is not None)
    told = _list_nameless(rule_set, frozenset().union(*behind))
    labels, doubts = [], []
    for question in questions:
        answer = take_last(answers[question.id])
        if said[question.id] is not None or question.id in told:
            continue
        if answer is NOT_SURE:
            doubts.append(question.label)
        else:
            labels.append(_name_answer(question, answer))
    if labels:
        yield say(Wording.FOUND, labels="; ".join(labels))
    if doubts:
        yield say(Wording.DOUBTS, labels="; ".join(doubts))


def _list_nameless(rule_set: RuleSet, names: Iterable[str]) -> set[str]:
    """Those questions whose yes has no sentence of its own: what is asked then says it."""
    return {name for name in names if say_answer(rule_set.questions[name], "yes") is None}


def _name_answer(question: Question, answer: Answer) -> str:
    """A yes is said by naming the thing; any other answer stands behind the label."""
    if answer == "yes" and isinstance(question, YesNo):
        return question.label
    return say(Wording.LABELLED, label=question.label, answer=describe_answer(question, answer))


def _list_questions(assessment: Assessment, rule_set: RuleSet) -> list[Question]:
    """What is said first, and then what decided, each once and only where it was answered.

    With what decided comes what was asked because of it and has a sentence of its own.
    """
    answers = assessment.answers
    first = [name for name in rule_set.say_first if take_last(answers.get(name, "no")) != "no"]
    decided = dict.fromkeys(
        name for finding in list_decisive(assessment) for name in finding.answers
    )
    nameless = _list_nameless(rule_set, decided)
    asked = [
        name
        for name, reasons in find_reasons_to_ask(rule_set).items()
        if not nameless.isdisjoint(reasons)
        and name in answers
        and say_answer(rule_set.questions[name], answers[name]) is not None
    ]
    return [rule_set.questions[name] for name in dict.fromkeys([*first, *decided, *asked])]


def list_decisive(assessment: Assessment) -> list[Finding]:
    """The findings that alone make it as urgent as it is."""
    urgency = rank(assessment.at_least)
    return [finding for finding in assessment.findings if rank(finding) == urgency]
