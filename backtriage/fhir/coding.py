"""Answer <-> Coding: the codes with which yes, no, "not sure" and options stand in a form."""

from collections.abc import Callable, Collection, Mapping
from typing import assert_never

from backtriage.fhir.names import ABSENT, NOT_SURE_CODE, YES_NO, Resource, build_coding
from backtriage.language import say
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

Words = Mapping[str, Collection[str]]
"""For each text of a form, normalized, all that stands for it in other languages."""

FindWords = Callable[[], Words]
"""Finds them when they are needed; most responses are in English."""

_YES_NO_CODES = (("Y", "yes", "Yes"), ("N", "no", "No"))

_NOT_SURE_DISPLAY = "Asked But Unknown"
"""What HL7 calls the code of "not sure". In a form it reads as people say it."""


def build_not_sure_coding() -> Resource:
    """The code of "not sure", as a form shows it."""
    return {"system": ABSENT, "code": NOT_SURE_CODE, "display": say("Not sure")}


def build_answered_coding(rule_set: RuleSet, question: Question, answer: Answer) -> Resource:
    """The code of an answer as it stands in a filled-in form."""
    if isinstance(answer, NotSure):
        return build_not_sure_coding() | {"display": _NOT_SURE_DISPLAY}
    return dict(list_codings(rule_set, question))[answer]


def normalize_text(text: str) -> str:
    """A text in small letters with single spaces, to be compared."""
    return " ".join(text.casefold().split())


def find_no_words() -> Words:
    """For a form that is in English alone."""
    return {}


def is_said_for(said: str, text: str, find_words: FindWords) -> bool:
    """Whether it stands for a text of the form in another language."""
    return normalize_text(said) in find_words().get(normalize_text(text), ())


def is_display_of(display: str, coding: Resource, find_words: FindWords) -> bool:
    """Whether a text says what a code of ours means, in our words or in HL7's."""
    known = [coding["display"]]
    if coding["code"] == NOT_SURE_CODE:
        known.append(_NOT_SURE_DISPLAY)
    if normalize_text(display) in map(normalize_text, known):
        return True
    return is_said_for(display, coding["display"], find_words)


def list_codings(rule_set: RuleSet, question: Question) -> list[tuple[Answer, Resource]]:
    """The answers that have a code, each with it, in the order of a form."""
    not_sure: list[tuple[Answer, Resource]] = [(NOT_SURE, build_not_sure_coding())]
    match question:
        case YesNo():
            return [
                (answer, {"system": YES_NO, "code": code, "display": say(display)})
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
