"""(condition, facts) -> the questions whose answers made it what it is."""

from collections.abc import Iterator
from typing import assert_never

from backtriage.conditions import Facts, evaluate
from backtriage.model import AllOf, AnyOf, AtLeast, Between, Condition, Defined, Not, OneOf


def find_reasons(condition: Condition, facts: Facts) -> Iterator[str]:
    """The questions whose answers made the condition what it is; the condition must not be None.

    A question that was not asked because its `ask_if` is False passes the reason on to the
    questions of that `ask_if`.
    """
    match condition:
        case OneOf(question, _) | Between(question, _, _):
            yield from _reasons_of_question(question, facts)
        case Defined(name):
            yield from find_reasons(facts.rule_set.definitions[name], facts)
        case Not(of):
            yield from find_reasons(of, facts)
        case AllOf(of) | AnyOf(of) | AtLeast(_, of):
            outcome = evaluate(condition, facts)
            for part in of:
                if evaluate(part, facts) is outcome:
                    yield from find_reasons(part, facts)
        case _:
            assert_never(condition)


def _reasons_of_question(question_id: str, facts: Facts) -> Iterator[str]:
    ask_if = facts.rule_set.questions[question_id].ask_if
    if question_id in facts.answers.values or ask_if is None:
        yield question_id
    else:
        yield from find_reasons(ask_if, facts)
