"""Condition -> what says in a form when an item is shown: whenever the condition is not False.

Plain `enableWhen` compares an item with a value, and joins that by all or any. As an item without
an answer never compares, "not known yet" has to be said too: no answer exists. Whatever cannot be
said so is a FHIRPath expression.
"""

from typing import assert_never

from backtriage.answers import get_check
from backtriage.conditions import count_as
from backtriage.fhir.coding import build_not_sure_coding, list_codings
from backtriage.fhir.fhirpath import Expressions, write_answer, write_number
from backtriage.fhir.names import CHECK_SUFFIX, SDC, Resource, quote_text
from backtriage.fhir.ucum import list_given_units
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
)

EXPRESSION = f"{SDC}/sdc-questionnaire-enableWhenExpression"


def build_enable(rule_set: RuleSet, condition: Condition | None) -> Resource:
    """What an item says of when it is shown; nothing where it always is."""
    if condition is None:
        return {}
    plain = _build_plain(rule_set, condition)
    if plain is None:
        return _as_extension(Expressions(rule_set).write_not_false(condition))
    distinct = [one for place, one in enumerate(plain) if one not in plain[:place]]
    return {"enableWhen": distinct, "enableBehavior": "any"}


def build_enable_not_sure(rule_set: RuleSet, question: Number) -> Resource:
    """The same for the item that says "not sure" of a number: while there is no number."""
    if question.ask_if is None:
        return {"enableWhen": [_missing(question.id)]}
    applies = Expressions(rule_set).write_not_false(question.ask_if)
    return _as_extension(f"{applies} and {write_number(rule_set, question)}.empty()")


def build_enable_check(rule_set: RuleSet, question: Question) -> Resource:
    """The same for the check of a question: after a "not sure", if that still applies."""
    not_sure = build_not_sure_coding()
    if question.ask_if is None:
        return {"enableWhen": [_equal(question.id, not_sure)]}
    applies = Expressions(rule_set).write_not_false(question.ask_if)
    answer = write_answer(rule_set, question)
    given = f"{answer}.where(code = {quote_text(not_sure['code'])}).exists()"
    return _as_extension(f"{applies} and {given}")


def _as_extension(expression: str) -> Resource:
    value = {"language": "text/fhirpath", "expression": expression}
    return {"extension": [{"url": EXPRESSION, "valueExpression": value}]}


def _build_plain(rule_set: RuleSet, condition: Condition) -> list[Resource] | None:
    """Comparisons any of which is enough; None where there are none that say the same."""
    match condition:
        case OneOf(name, values):
            return _build_one_of(rule_set, name, values)
        case Between(name, at_least, below):
            return _build_between(rule_set, name, at_least, below)
        case Defined(name):
            return _build_plain(rule_set, rule_set.definitions[name])
        case AnyOf(parts):
            found = [_build_plain(rule_set, part) for part in parts]
            known = [one for one in found if one is not None]
            if len(known) < len(found):
                return None
            return [comparison for one in known for comparison in one]
        case AllOf(parts):
            return _build_plain(rule_set, parts[0]) if len(parts) == 1 else None
        case Not() | AtLeast():
            return None
        case _:
            assert_never(condition)


def _build_one_of(rule_set: RuleSet, name: str, values: tuple[str, ...]) -> list[Resource] | None:
    question = rule_set.questions[name]
    if question.ask_if is not None:  # no answer may mean that it does not apply
        return None
    has_check = get_check(question) is not None
    if has_check and question.not_sure in values:  # unless the check says otherwise
        return None
    codings = [
        coding
        for answer, coding in list_codings(rule_set, question)
        if count_as(question, answer) in values
    ]
    items = (name, name + CHECK_SUFFIX) if has_check else (name,)
    return [_missing(name), *(_equal(item, coding) for item in items for coding in codings)]


def _build_between(
    rule_set: RuleSet, name: str, at_least: float | None, below: float | None
) -> list[Resource] | None:
    question = rule_set.questions[name]
    assert isinstance(question, Number)
    is_plain = question.not_sure is None and len(list_given_units(question.unit)) == 1
    if question.ask_if is not None or not is_plain or None not in (at_least, below):
        return None
    operator, bound = (">=", at_least) if below is None else ("<", below)
    return [
        _missing(name),
        {"question": name, "operator": operator, "answerDecimal": bound},
    ]


def _equal(name: str, coding: Resource) -> Resource:
    answer = {"system": coding["system"], "code": coding["code"]}
    return {"question": name, "operator": "=", "answerCoding": answer}


def _missing(name: str) -> Resource:
    return {"question": name, "operator": "exists", "answerBoolean": False}
