"""Answer <-> Coding: the codes with which yes, no, "not sure" and options stand in a form."""

from typing import assert_never

from backtriage.fhir.names import ABSENT, NOT_SURE_CODE, YES_NO, Resource, build_coding
from backtriage.model import (
    NOT_SURE,
    Answer,
    Choice,
    NotSure,
    Number,
    Question,
    RuleSet,
    YesNo,
)

_YES_NO_CODES = (("Y", "yes", "Yes"), ("N", "no", "No"))


_NOT_SURE_DISPLAY = "Asked But Unknown"
"""What HL7 calls the code of "not sure". In a form it reads as people say it."""


def build_not_sure_coding() -> Resource:
    """The code of "not sure", as a form shows it."""
    return {"system": ABSENT, "code": NOT_SURE_CODE, "display": "Not sure"}


def build_answered_coding(rule_set: RuleSet, question: Question, answer: Answer) -> Resource:
    """The code of an answer as it stands in a filled-in form."""
    if isinstance(answer, NotSure):
        return build_not_sure_coding() | {"display": _NOT_SURE_DISPLAY}
    return dict(list_codings(rule_set, question))[answer]


def is_display_of(display: str, coding: Resource) -> bool:
    """Whether a text says what a code of ours means, in our words or in HL7's."""
    known = [coding["display"]]
    if coding["code"] == NOT_SURE_CODE:
        known.append(_NOT_SURE_DISPLAY)
    return display.casefold().split() in [one.casefold().split() for one in known]


def list_codings(rule_set: RuleSet, question: Question) -> list[tuple[Answer, Resource]]:
    """The answers that have a code, each with it, in the order of a form."""
    not_sure: list[tuple[Answer, Resource]] = [(NOT_SURE, build_not_sure_coding())]
    match question:
        case YesNo():
            return [
                (answer, {"system": YES_NO, "code": code, "display": display})
                for code, answer, display in _YES_NO_CODES
            ] + not_sure
        case Choice():
            options = [
                (option.id, build_coding(rule_set, question.id, option.id, option.label))
                for option in question.options
            ]
            return [*options, *not_sure]
        case Number():
            return not_sure if question.not_sure is not None else []
        case _:
            assert_never(question)
