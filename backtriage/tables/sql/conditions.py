"""Condition -> SQL expression with the same three-valued meaning: NULL is "not known yet".

What is known of a question stands in a column of its own. For a yes/no question it is a BOOLEAN, in
which "not sure" and a question that does not apply have become what they count as; for a choice it
is the id of an option, or '' where the question does not apply; for a number it is the number.
"""

from collections.abc import Callable
from typing import assert_never

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
from backtriage.tables.sql.text import write_all, write_any, write_case, write_number, write_text

Reference = Callable[[str], str]
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
        self.defined = defined or (lambda name: self.write(rule_set.definitions[name]))

    def write(self, condition: Condition) -> str:
        """The expression: TRUE, FALSE or NULL as the condition is."""
        match condition:
            case OneOf(question, values):
                return self._one_of(question, values)
            case Between():
                return self._between(condition)
            case Defined(name):
                return self.defined(name)
            case Not(inner):
                return f"NOT {self.write(inner)}"
            case AllOf(parts):
                return write_all(map(self.write, parts))
            case AnyOf(parts):
                return write_any(map(self.write, parts))
            case AtLeast(count, parts):
                return _at_least(count, [*map(self.write, parts)])
            case _:
                assert_never(condition)

    def _one_of(self, question_id: str, values: tuple[str, ...]) -> str:
        known = self.known(question_id)
        if isinstance(self.rule_set.questions[question_id], YesNo):
            return known if "yes" in values else f"NOT {known}"
        texts = [*map(write_text, values)]
        return f"{known} = {texts[0]}" if len(texts) == 1 else f"{known} IN ({', '.join(texts)})"

    def _between(self, condition: Between) -> str:
        """The bounds; where the question does not apply, no number is within them."""
        known = self.known(condition.question)
        bounds = ((">=", condition.at_least), ("<", condition.below))
        within = write_all(
            f"{known} {sign} {write_number(bound)}" for sign, bound in bounds if bound is not None
        )
        ask_if = self.rule_set.questions[condition.question].ask_if
        return within if ask_if is None else self.write_with_default(within, ask_if, "FALSE")

    def write_with_default(self, value: str, ask_if: Condition, default: str) -> str:
        """The value; where there is none, and the condition is False, the default."""
        return f"COALESCE({value}, {write_case([(f'NOT {self.write(ask_if)}', default)])})"


def write_known(rule_set: RuleSet, question_id: str, answer: Reference) -> str:
    """What is known of a question, from the answers to it and to those that it waits for.

    `answer` is the column with the answers to a question. Of a number it is the answer alone: where
    the question does not apply there is no number that says so, and the comparison looks itself.
    """
    question = rule_set.questions[question_id]
    if question.ask_if is None or isinstance(question, Number):
        return answer(question_id)
    earlier = Conditions(rule_set, lambda name: write_known(rule_set, name, answer))
    default = "''" if isinstance(question, Choice) else "FALSE"
    return earlier.write_with_default(answer(question_id), question.ask_if, default)


def _at_least(count: int, parts: list[str]) -> str:
    """TRUE if enough of the parts are, FALSE if too many are not, else NULL."""
    true = " + ".join(write_case([(part, "1")], "0") for part in parts)
    false = " + ".join(write_case([(f"NOT {part}", "1")], "0") for part in parts)
    too_many = len(parts) - count + 1
    return write_case([(f"{true} >= {count}", "TRUE"), (f"{false} >= {too_many}", "FALSE")])
