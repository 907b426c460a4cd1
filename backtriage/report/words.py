"""Condition -> plain English in nested phrases, and urgencies in words; phrases -> lines of text.

The words are the labels that the questions and options have, so that a rule can be read without knowing its ids.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import assert_never

from backtriage.answers import describe_answer
from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Choice,
    Condition,
    Defined,
    Finding,
    Not,
    Number,
    OneOf,
    Question,
    RedFlag,
    RuleSet,
    Urgency,
)
from backtriage.report.layout import wrap_text
from backtriage.report.sections import describe_deadline
from backtriage.units import describe_quantity


@dataclass(frozen=True, slots=True)
class Phrase:
    """A few words, and those that stand one level below them."""

    text: str
    parts: tuple["Phrase", ...] = ()


def describe_condition(
    condition: Condition, rule_set: RuleSet, *, write_out: bool = False
) -> Phrase:
    """What the condition says; with `write_out`, also what the definitions in it say, one level below their names."""

    def phrases(of: tuple[Condition, ...]) -> tuple[Phrase, ...]:
        return tuple(describe_condition(part, rule_set, write_out=write_out) for part in of)

    match condition:
        case OneOf(question, values):
            return Phrase(_comparison(rule_set.questions[question], values))
        case Between(question, at_least, below):
            asked = rule_set.questions[question]
            return Phrase(f"{asked.label}: {describe_bounds(asked, at_least, below)}")
        case Defined(name):
            meaning = phrases((rule_set.definitions[name],)) if write_out else ()
            return _with_meaning(name, meaning)
        case Not(of):
            return Phrase("Not:", phrases((of,)))
        case AllOf(of):
            return Phrase("All of:", phrases(of))
        case AnyOf(of):
            return Phrase("Any of:", phrases(of))
        case AtLeast(count, of):
            return Phrase(f"At least {count} of:", phrases(of))
        case _:
            assert_never(condition)


def _comparison(question: Question, values: tuple[str, ...]) -> str:
    """A question with the values that count; the labels of options are quoted, since they may be whole sentences."""
    shown = [describe_answer(question, value) for value in values]
    if isinstance(question, Choice):
        shown = [f'"{label}"' for label in shown]
    return f"{question.label}: {' or '.join(shown)}"


def describe_bounds(question: Question, at_least: float | None, below: float | None) -> str:
    """Bounds in the unit of the question: "6 weeks or more", "below 80 years", "1 day or more, but below 1 week"."""
    assert isinstance(question, Number)
    least = None if at_least is None else f"{describe_quantity(at_least, question.unit)} or more"
    less = None if below is None else f"below {describe_quantity(below, question.unit)}"
    return ", but ".join(bound for bound in (least, less) if bound) or "any number"


def _with_meaning(name: str, meaning: tuple[Phrase, ...]) -> Phrase:
    """A definition; where it combines conditions, these stand right below its name."""
    if len(meaning) == 1 and meaning[0].parts:
        first = meaning[0].text
        return Phrase(f"{name}, which means {first[0].lower()}{first[1:]}", meaning[0].parts)
    return Phrase(f"{name}, which means:", meaning) if meaning else Phrase(name)


def describe_urgency(urgency: Urgency | RedFlag | Finding, rule_set: RuleSet) -> str:
    """An advice with its deadline: "Seek care now", "See a doctor soon: within 2 weeks", "Conservative home care"."""
    title = rule_set.advice[urgency.advice].title
    if urgency.within_days is None or urgency.advice == "seek_care_now":
        return title
    return f"{title}: {describe_deadline(urgency.within_days)}"


def count_noun(number: int, noun: str) -> str:
    """A number of things: "1 case", "2 cases"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def lay_out_bullets(phrases: Iterable[Phrase], width: int) -> Iterator[str]:
    """The phrases as nested items of a list, in lines of at most `width` characters where words allow that."""
    for phrase in phrases:
        yield from lay_out_item(phrase.text, width, "- ")
        yield from (f"  {line}" for line in lay_out_bullets(phrase.parts, width - 2))


def lay_out_item(text: str, width: int, mark: str) -> list[str]:
    """A text in lines, the first behind `mark`, the others as far in."""
    return wrap_text(text, max(width, len(mark) + 1), further=" " * len(mark), first=mark)


def lay_out_heading(heading: str, mark: str, width: int) -> list[str]:
    """A heading with a line of `mark` below it."""
    lines = wrap_text(heading, width)
    return [*lines, mark * max(map(len, lines))]
