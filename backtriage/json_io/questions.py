"""RuleSet -> the list of its questions, as JSON or text, so that a form can be built from it."""

import textwrap
from collections.abc import Iterator
from typing import Any, assert_never

from backtriage.answers import describe_not_sure, get_check
from backtriage.errors import make_printable
from backtriage.language import say
from backtriage.loader.condition_writer import build_condition_data
from backtriage.model import Area, Choice, Number, Question, RuleSet, YesNo
from backtriage.report.condition_words import describe_condition
from backtriage.report.layout import lay_out_bullets
from backtriage.strict_json import write_json
from backtriage.units import describe_quantity


def render_json(rule_set: RuleSet) -> str:
    """A JSON array with one object per question, in the order of asking.

    `ask_if` is in the words of the rule language, with definitions written out, so that a form
    needs nothing else.
    """
    rows = [
        build_row(question, area, rule_set)
        for area in rule_set.areas
        for question in area.questions
    ]
    return write_json(rows, indent=2) + "\n"


def render_text(rule_set: RuleSet, width: int) -> str:
    """The questions for a reader."""
    lines: list[str] = []
    for area in rule_set.areas:
        if area.questions:
            lines += [area.title, "-" * len(area.title), ""]
        for question in area.questions:
            asked = _indent(question.ask, width)
            lines += [question.id, *asked, *_indent(_describe_answers(question), width)]
            lines += _indent(_describe_check(question), width)
            lines += [f"  {line}" for line in _describe_when(question, rule_set, width)] + [""]
    return make_printable("\n".join(lines))


def build_row(question: Question, area: Area, rule_set: RuleSet) -> dict[str, Any]:
    """What a form needs of one question."""
    ask_if = question.ask_if
    row: dict[str, Any] = {
        "id": question.id,
        "area": area.id,
        "area_title": area.title,
        "label": question.label,
        "ask": question.ask,
        "why": question.why,
        "kind": question.kind,
        "not_sure": question.not_sure,
        "background": question.background,
        "ask_if": build_condition_data(ask_if, rule_set.definitions) if ask_if else None,
    }
    match question:
        case YesNo():
            list_ask = rule_set.lists[question.list].ask if question.list else None
            in_list = {"list": question.list, "list_ask": list_ask, "item": question.item}
            return row | in_list | {"check": question.check}
        case Number():
            bounds = {"minimum": question.minimum, "maximum": question.maximum}
            return row | {"unit": question.unit} | bounds
        case Choice():
            options = [{"id": option.id, "label": option.label} for option in question.options]
            return row | {"options": options}
        case _:
            assert_never(question)


def _describe_answers(question: Question) -> str:
    """What can be answered, and what "not sure" counts as, in one line."""
    match question:
        case YesNo():
            answers = say("yes or no")
        case Number():
            least = describe_quantity(question.minimum, question.unit)
            most = describe_quantity(question.maximum, question.unit)
            answers = say("{least} to {most}", least=least, most=most)
        case Choice():
            answers = "; ".join(f"{option.id} ({option.label})" for option in question.options)
        case _:
            assert_never(question)
    if question.not_sure is None:
        return say('Answers: {answers}. "Not sure" is refused.', answers=answers)
    return say(
        "Answers: {answers}. Not sure counts as: {counted}.",
        answers=answers,
        counted=describe_not_sure(question),
    )


def _describe_check(question: Question) -> str:
    """What whoever is not sure is asked once more; nothing where the question is asked once."""
    check = get_check(question)
    return say("Not sure at first: {check}", check=check) if check else ""


def _describe_when(question: Question, rule_set: RuleSet, width: int) -> Iterator[str]:
    """When a question applies, as an indented tree of words; nothing where it always does."""
    if question.ask_if is not None:
        yield say("Asked only if:")
        phrase = describe_condition(question.ask_if, rule_set, write_out=True)
        yield from lay_out_bullets([phrase], max(width - 2, 20))


def _indent(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="  ")
