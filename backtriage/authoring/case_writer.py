"""(RuleSet, answers) -> the YAML of a case, to paste into a file of the folder cases/."""

import textwrap
from collections.abc import Mapping

from backtriage.conditions import Facts
from backtriage.model import Answer, Answers, AskedTwice, NotSure, RuleSet
from backtriage.status import Status


def write_case(
    rule_set: RuleSet, name: str, answers: Mapping[str, Answer], note: str, width: int = 110
) -> str:
    """A case that holds now: what comes out is what it expects.

    `name` becomes its id, and lines have `width` characters at most, where words allow that.
    """
    status = Status.of(rule_set.red_flags.values(), Facts(rule_set, Answers(answers)))
    lines = [
        f"- id: {name}",
        "  note: >-",
        *textwrap.wrap(note, width, initial_indent="    ", subsequent_indent="    "),
        *_write_answers(answers, width),
        f"  expect: {_write_outcome(status)}",
    ]
    return "\n".join(lines) + "\n"


def _write_answers(answers: Mapping[str, Answer], width: int) -> list[str]:
    pairs = ", ".join(
        f"{question}: {_write_answer(answer)}" for question, answer in answers.items()
    )
    return textwrap.wrap(
        f"{{{pairs}}}",
        width,
        initial_indent="  answers: ",
        subsequent_indent="    ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _write_answer(answer: Answer) -> str:
    if isinstance(answer, NotSure | AskedTwice):
        return f'"{answer}"'
    return f"{answer:.15g}" if isinstance(answer, int | float) else answer


def _write_outcome(status: Status) -> str:
    low, high = status.at_least, status.at_most
    if low.advice != high.advice:
        return "{advice: open}"
    days = "" if low != high or low.within_days is None else f", within_days: {low.within_days}"
    return f"{{advice: {low.advice}{days}}}"
