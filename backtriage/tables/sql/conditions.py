"""Condition -> SQL expression with the same three-valued meaning: NULL is "not known yet".

What is known of a question stands in a column of its own. For a yes/no question it is a BOOLEAN, in
which "not sure" and a question that does not apply have become what they count as; for a choice it
is the id of an option, or '' where the question does not apply; for a number it is the number.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import assert_never

from sqlglot import exp

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
    RuleSet,
    YesNo,
)
from backtriage.tables.sql.tree import (
    at_least,
    both,
    case,
    coalesce,
    either,
    negated,
    number,
    one_of,
    text,
)

Reference = Callable[[str], exp.Expr]
"""The column of a question or definition, by its name."""


class Conditions:
    """Writes conditions of a rule set.

    `known` and `defined` say how questions and definitions are referred to; without `defined`, the
    condition of a definition is written wherever it is used.
    """

    def __init__(
        self, rule_set: RuleSet, known: Reference, defined: Reference | None = None
    ) -> None:
        self.rule_set = rule_set
        self.known = known
        self.defined = defined

    def write(self, condition: Condition) -> exp.Expr:
        """The expression: TRUE, FALSE or NULL as the condition is."""
        match condition:
            case OneOf(question, values):
                return self._one_of(question, values)
            case Between(question, at_least, below):
                return self._between(question, at_least, below)
            case Defined(name):
                return self._defined(name)
            case Not(inner):
                return negated(self.write(inner))
            case AllOf(parts):
                return both(*map(self.write, parts))
            case AnyOf(parts):
                return either(*map(self.write, parts))
            case AtLeast(count, parts):
                return _at_least(count, lambda: map(self.write, parts))
            case _:
                assert_never(condition)

    def _defined(self, name: str) -> exp.Expr:
        if self.defined is not None:
            return self.defined(name)
        return self.write(self.rule_set.definitions[name])

    def _one_of(self, question_id: str, values: tuple[str, ...]) -> exp.Expr:
        known = self.known(question_id)
        if isinstance(self.rule_set.questions[question_id], YesNo):
            return known if "yes" in values else negated(known)
        return one_of(known, values)

    def _between(self, question_id: str, lowest: float | None, below: float | None) -> exp.Expr:
        """The bounds; where the question does not apply, no number is within them."""
        bounds: list[exp.Expr] = []
        if lowest is not None:
            bounds.append(at_least(self.known(question_id), lowest))
        if below is not None:
            bounds.append(exp.LT(this=self.known(question_id), expression=number(below)))
        within = both(*bounds)
        ask_if = self.rule_set.questions[question_id].ask_if
        if ask_if is None:
            return within
        return coalesce(within, self.write_where_not(ask_if, exp.false()))

    def write_where_not(self, ask_if: Condition, value: exp.Expr) -> exp.Expr:
        """The value where a condition is False, and NULL elsewhere."""
        return case((negated(self.write(ask_if)), value))


def write_known(rule_set: RuleSet, question_id: str, answer: Reference) -> exp.Expr:
    """What is known of a question, from the answers to it and to those that it waits for.

    `answer` is the column with the answers to a question. Of a number it is the answer alone: where
    the question does not apply there is no number that says so, and the comparison looks itself.
    """
    question = rule_set.questions[question_id]
    if question.ask_if is None or isinstance(question, Number):
        return answer(question_id)
    earlier = Conditions(rule_set, lambda name: write_known(rule_set, name, answer))
    otherwise = text("") if isinstance(question, Choice) else exp.false()
    return coalesce(answer(question_id), earlier.write_where_not(question.ask_if, otherwise))


def _at_least(count: int, write_parts: Callable[[], Iterable[exp.Expr]]) -> exp.Expr:
    """TRUE if enough of the parts are, FALSE if too many are not, else NULL.

    Each tree can be used only once, so the parts are written anew for each of the two.
    """
    true = list(write_parts())
    false = [negated(part) for part in write_parts()]
    return case(
        (at_least(_count_true(true), count), exp.true()),
        (at_least(_count_true(false), len(false) - count + 1), exp.false()),
    )


def _count_true(parts: Sequence[exp.Expr]) -> exp.Expr:
    first, *others = (case((part, number(1)), otherwise=number(0)) for part in parts)
    return reduce(lambda total, other: exp.Add(this=total, expression=other), others, first)
