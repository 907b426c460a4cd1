"""Condition -> SQL expression with the same three-valued meaning: NULL is "not known yet".

What is known of a question stands in a column of its own. For a yes/no question it is a BOOLEAN, in which "not sure"
and a question that does not apply have become what they count as; for a choice it is the id of an option, or ''
where the question does not apply; for a number it is the number.
"""

from collections.abc import Callable
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

Reference = Callable[[str], exp.Expr]
"""The column of a question or definition, by its name."""


_MOST_ARGUMENTS = 50
"""Some databases allow a function only so many."""


class Conditions:
    """Writes conditions of a rule set; `known` and `defined` say how questions and definitions are referred to."""

    def __init__(self, rule_set: RuleSet, known: Reference, defined: Reference | None = None) -> None:
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
                return self.defined(name) if self.defined else self.write(self.rule_set.definitions[name])
            case Not(of):
                return exp.not_(exp.paren(self.write(of)))
            case AllOf(of):
                return exp.and_(*map(self.write, of))
            case AnyOf(of):
                return exp.or_(*map(self.write, of))
            case AtLeast(count, of):
                return _at_least(count, [self.write(part) for part in of])
            case _:
                assert_never(condition)

    def _one_of(self, question_id: str, values: tuple[str, ...]) -> exp.Expr:
        known = self.known(question_id)
        if isinstance(self.rule_set.questions[question_id], YesNo):
            return known if "yes" in values else exp.not_(known)
        if len(values) == 1:
            return known.eq(text(values[0]))
        return known.isin(*map(text, values))

    def _between(self, question_id: str, at_least: float | None, below: float | None) -> exp.Expr:
        """The bounds; where the question does not apply, no number is within them."""
        bounds: list[exp.Expr] = []
        if at_least is not None:
            bounds.append(exp.GTE(this=self.known(question_id), expression=number(at_least)))
        if below is not None:
            bounds.append(exp.LT(this=self.known(question_id), expression=number(below)))
        within = exp.and_(*bounds)
        ask_if = self.rule_set.questions[question_id].ask_if
        return within if ask_if is None else coalesce(exp.paren(within), self.where_not(ask_if, exp.false()))

    def where_not(self, ask_if: Condition, value: exp.Expr) -> exp.Expr:
        """The value where a condition is False, and NULL elsewhere."""
        return exp.case().when(exp.not_(exp.paren(self.write(ask_if))), value)


def known_of(rule_set: RuleSet, question_id: str, answer: Reference) -> exp.Expr:
    """What is known of a question, from the columns with the answers to it and to those that it waits for."""
    question = rule_set.questions[question_id]
    if question.ask_if is None or isinstance(question, Number):
        return answer(question_id)
    earlier = Conditions(rule_set, lambda name: known_of(rule_set, name, answer))
    otherwise = text("") if isinstance(question, Choice) else exp.false()
    return coalesce(answer(question_id), earlier.where_not(question.ask_if, otherwise))


def _at_least(count: int, parts: list[exp.Expr]) -> exp.Expr:
    """TRUE if enough of the parts are, FALSE if too many are not, else NULL."""
    true = _number_of(parts)
    false = _number_of([exp.not_(exp.paren(part)) for part in parts])
    enough = exp.GTE(this=true, expression=number(count))
    too_many = exp.GT(this=false, expression=number(len(parts) - count))
    return exp.case().when(enough, exp.true()).when(too_many, exp.false())


def _number_of(parts: list[exp.Expr]) -> exp.Expr:
    counted = [exp.case().when(part.copy(), number(1)).else_(number(0)) for part in parts]
    total: exp.Expr = counted[0]
    for other in counted[1:]:
        total = exp.Add(this=total, expression=other)
    return exp.paren(total)


def coalesce(*expressions: exp.Expr) -> exp.Expr:
    """The first that is not NULL."""
    return exp.func("COALESCE", *expressions)


def concat(*texts: exp.Expr) -> exp.Expr:
    """Texts, none of them NULL, one behind the other."""
    joined = list(texts)
    while len(joined) > 1:
        groups = [joined[place : place + _MOST_ARGUMENTS] for place in range(0, len(joined), _MOST_ARGUMENTS)]
        joined = [
            exp.Concat(expressions=group, safe=True, coalesce=True) if len(group) > 1 else group[0] for group in groups
        ]
    return joined[0]


def text(value: str) -> exp.Expr:
    """A text literal."""
    return exp.Literal.string(value)


def number(value: float) -> exp.Expr:
    """A number literal."""
    return exp.Literal.number(f"{value:.15g}")
