"""Condition -> plain English in nested phrases.

The words are the labels that the questions and options have, so that a rule can be read without
knowing its ids.
"""

from typing import assert_never

from backtriage.answers import describe_answer
from backtriage.language import say
from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Choice,
    Condition,
    Defined,
    Not,
    Number,
    OneOf,
    Question,
    RuleSet,
)
from backtriage.report.layout import Phrase
from backtriage.report.wording import Wording
from backtriage.report.words import uncapitalize_first
from backtriage.units import describe_quantity


def describe_condition(
    condition: Condition, rule_set: RuleSet, *, write_out: bool = False
) -> Phrase:
    """What the condition says, in phrases one below the other.

    With `write_out` also what the definitions in it say, one level below their names.
    """

    def phrases(of: tuple[Condition, ...]) -> tuple[Phrase, ...]:
        return tuple(describe_condition(part, rule_set, write_out=write_out) for part in of)

    match condition:
        case OneOf(question, values):
            return Phrase(_comparison(rule_set.questions[question], values))
        case Between(question, at_least, below):
            asked = rule_set.questions[question]
            bounds = describe_bounds(asked, at_least, below)
            return Phrase(say(Wording.LABELLED, label=asked.label, answer=bounds))
        case Defined(name):
            meaning = phrases((rule_set.definitions[name],)) if write_out else ()
            return _with_meaning(name, meaning)
        case Not(of):
            return Phrase(say("Not:"), phrases((of,)))
        case AllOf(of):
            return Phrase(say("All of:"), phrases(of))
        case AnyOf(of):
            return Phrase(say("Any of:"), phrases(of))
        case AtLeast(count, of):
            return Phrase(say("At least {count} of:", count=count), phrases(of))
        case _:
            assert_never(condition)


def _comparison(question: Question, values: tuple[str, ...]) -> str:
    """A question with the values that count.

    The labels of options are quoted, since they may be whole sentences.
    """
    shown = [describe_answer(question, value) for value in values]
    if isinstance(question, Choice):
        shown = [f'"{label}"' for label in shown]
    answers = say(" or ").join(shown)
    return say(Wording.LABELLED, label=question.label, answer=answers)


def describe_bounds(question: Question, at_least: float | None, below: float | None) -> str:
    """Bounds in the unit of the question: "6 weeks or more", "1 day or more, but below 1 week"."""
    assert isinstance(question, Number)
    least = None if at_least is None else describe_quantity(at_least, question.unit)
    less = None if below is None else describe_quantity(below, question.unit)
    if least is not None and less is not None:
        return say("{least} or more, but below {less}", least=least, less=less)
    if least is not None:
        return say("{least} or more", least=least)
    return say("any number") if less is None else say("below {less}", less=less)


def _with_meaning(name: str, meaning: tuple[Phrase, ...]) -> Phrase:
    """A definition; where it combines conditions, these stand right below its name."""
    if len(meaning) == 1 and meaning[0].parts:
        return Phrase(
            f"{name}, which means {uncapitalize_first(meaning[0].text)}", meaning[0].parts
        )
    return Phrase(f"{name}, which means:", meaning) if meaning else Phrase(name)
