"""A value for every question -> the patient who would answer so, and what the engine gives them."""

from collections.abc import Mapping

from backtriage.conditions import Facts
from backtriage.model import Answer, Answers, RuleSet, Urgency
from backtriage.status import Status


def build_patient(
    rule_set: RuleSet, values: Mapping[str, Answer], also: str | None = None
) -> Answers:
    """Who answers every question that applies with its value, and none that does not but `also`.

    An `ask_if` waits for earlier questions alone, so one pass in the order of asking is enough.
    """
    answers: dict[str, Answer] = {}
    for question in rule_set.questions:
        applies = Facts(rule_set, Answers(answers)).check_applies(question)
        if applies is not False or question == also:
            answers[question] = values[question]
    return Answers(answers)


def find_urgency(rule_set: RuleSet, patient: Answers) -> Urgency:
    """What the engine gives a patient.

    Nothing is open, since a patient has answered all that applies.
    """
    status = Status.of(rule_set.red_flags.values(), Facts(rule_set, patient))
    assert not status.open
    return status.at_least
