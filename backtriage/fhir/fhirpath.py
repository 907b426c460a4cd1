"""Condition -> FHIRPath with the same three-valued meaning: the empty collection is "not known".

FHIRPath's `and`, `or` and `not()` are those of Kleene, as ours are. An expression looks at the
answers in `%resource`, the form as it is filled in so far. Each can stand wherever one is wanted:
it is a call, or in brackets.
"""

from collections.abc import Sequence
from typing import assert_never

from backtriage.answers import get_check
from backtriage.conditions import count_as, is_in_range
from backtriage.fhir.coding import list_codings
from backtriage.fhir.layout import find_places
from backtriage.fhir.names import CHECK_SUFFIX, NOT_SURE_SUFFIX, quote_text
from backtriage.fhir.ucum import CODES, list_given_units
from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Condition,
    Defined,
    Not,
    Number,
    OneOf,
    Question,
    RuleSet,
    YesNo,
)
from backtriage.unit_sizes import COUNTED_WHOLE, find_factor

_DUST = "0.00000001"
"""What may be missing of a whole number; FHIRPath has eight decimals."""


class Expressions:
    """Writes conditions of a rule set."""

    def __init__(self, rule_set: RuleSet) -> None:
        self.rule_set = rule_set

    def write(self, condition: Condition) -> str:
        """The expression: true, false or empty as the condition is."""
        match condition:
            case OneOf(question, values):
                return self._one_of(question, values)
            case Between(question, at_least, below):
                return self._between(question, at_least, below)
            case Defined(name):
                return self.write(self.rule_set.definitions[name])
            case Not(inner):
                return f"{self.write(inner)}.not()"
            case AllOf(parts):
                return _join(" and ", [self.write(part) for part in parts])
            case AnyOf(parts):
                return _join(" or ", [self.write(part) for part in parts])
            case AtLeast(count, parts):
                return _at_least(count, [self.write(part) for part in parts])
            case _:
                assert_never(condition)

    def write_not_false(self, condition: Condition) -> str:
        """True unless the condition is False: what is not known must be asked."""
        return f"iif({self.write(condition)}.not(), false, true)"

    def _one_of(self, name: str, values: tuple[str, ...]) -> str:
        question = self.rule_set.questions[name]
        codes = [
            coding["code"]
            for answer, coding in list_codings(self.rule_set, question)
            if count_as(question, answer) in values
        ]
        answer = write_answer(self.rule_set, question)
        counted = f"code in {_join(' | ', list(map(quote_text, codes)))}"
        holds = f"({answer}.{counted})"
        if get_check(question) is not None:  # what was said last counts
            second = write_answer(self.rule_set, question, CHECK_SUFFIX)
            holds = f"iif({second}.exists(), ({second}.{counted}), {holds})"
        if question.ask_if is None:
            return holds
        otherwise = isinstance(question, YesNo) and "no" in values
        return f"iif({answer}.exists(), {holds}, {self._if_not_asked(question, otherwise)})"

    def _between(self, name: str, at_least: float | None, below: float | None) -> str:
        question = self.rule_set.questions[name]
        assert isinstance(question, Number)
        number = write_number(self.rule_set, question)
        holds = _within(number, at_least, below)
        otherwise = self._if_not_asked(question, False) if question.ask_if else ""
        if question.not_sure is not None:
            given = write_answer(self.rule_set, question, NOT_SURE_SUFFIX)
            counted = _boolean(is_in_range(question.not_sure, at_least, below) is True)
            behind = f", {otherwise}" if otherwise else ""
            otherwise = f"iif({given}.exists(), {counted}{behind})"
        return f"iif({number}.exists(), {holds}, {otherwise})" if otherwise else holds

    def _if_not_asked(self, question: Question, value: bool) -> str:
        """The value where the question has no answer because it does not apply; else empty."""
        assert question.ask_if is not None
        return f"iif({self.write(question.ask_if)}.not(), {_boolean(value)})"


def write_path(rule_set: RuleSet, question: Question, suffix: str = "") -> str:
    """The way from the top of a response to the item of a question, or to the one beside it."""
    steps = (*find_places(rule_set)[question.id], question.id + suffix)
    return ".".join(f"item.where(linkId = {quote_text(step)})" for step in steps)


def write_answer(rule_set: RuleSet, question: Question, suffix: str = "") -> str:
    """What was answered to the item; to look for it all over the form would take far longer."""
    return f"%resource.{write_path(rule_set, question, suffix)}.answer.value"


def write_number(rule_set: RuleSet, question: Number) -> str:
    """The number that was answered, in the unit of the question; empty where there is none."""
    answer = write_answer(rule_set, question)
    own, *others = list_given_units(question.unit)
    if not others:
        return answer
    given = [f"{answer}.where(code = {quote_text(CODES[own])}).value"]
    given += [_convert(answer, unit, own) for unit in others]
    return _join(" | ", given)


def _convert(answer: str, unit: str, wanted: str) -> str:
    """The number of an answer that is given in another unit, as `units` reckons."""
    number = f"{answer}.where(code = {quote_text(CODES[unit])}).value"
    factor = find_factor(unit, wanted)
    if factor is None:  # degrees, which have different zeros
        rate = "* 9 / 5 + 32" if wanted == "F" else "- 32) * 5 / 9"
        opened = "" if wanted == "F" else "("
        return f"({opened}{number} {rate}).round(6)"
    product = f"{number} * {_number(round(factor, 8))}"
    if wanted in COUNTED_WHOLE:
        return f"({product} + {_DUST}).floor()"
    return f"({product}).round(6)"


def _within(number: str, at_least: float | None, below: float | None) -> str:
    bounds = []
    if at_least is not None:
        bounds.append(f"($this >= {_number(at_least)})")
    if below is not None:
        bounds.append(f"($this < {_number(below)})")
    return f"{number}.select({_join(' and ', bounds)})"


def _at_least(count: int, parts: Sequence[str]) -> str:
    """True if enough of the parts are, false if too many are not, else empty."""
    true = _join(" + ", [f"iif({part}, 1, 0)" for part in parts])
    false = _join(" + ", [f"iif({part}.not(), 1, 0)" for part in parts])
    return f"iif({true} >= {count}, true, iif({false} > {len(parts) - count}, false))"


def _join(operator: str, parts: Sequence[str]) -> str:
    return f"({operator.join(parts)})"


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _number(value: float) -> str:
    """A number without exponent, which FHIRPath does not read."""
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return text or "0"
