"""Condition -> what it is made of: comparisons, names, questions it rests on, telling values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import assert_never

from backtriage.model import (
    AdvicePart,
    AdviceStep,
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
    Rules,
    RuleSet,
    Value,
    YesNo,
)


def list_comparisons(
    condition: Condition, definitions: Mapping[str, Condition]
) -> Iterator[OneOf | Between]:
    """The comparisons that the condition is made of, those of its definitions included."""
    match condition:
        case OneOf() | Between():
            yield condition
        case Defined(name):
            yield from list_comparisons(definitions[name], definitions)
        case Not(of):
            yield from list_comparisons(of, definitions)
        case AllOf(of) | AnyOf(of) | AtLeast(_, of):
            for part in of:
                yield from list_comparisons(part, definitions)
        case _:
            assert_never(condition)


@lru_cache(maxsize=8)
def find_comparisons(rule_set: Rules) -> Mapping[str, Sequence[OneOf | Between]]:
    """By question: what the deciding conditions compare it with; made on first use."""
    by_question: dict[str, list[OneOf | Between]] = {name: [] for name in rule_set.questions}
    for condition in list_deciding_conditions(rule_set):
        for comparison in list_comparisons(condition, rule_set.definitions):
            by_question[comparison.question].append(comparison)
    return by_question


def list_names(condition: Condition) -> set[str]:
    """The questions and definitions that a condition itself names."""
    match condition:
        case OneOf(name) | Between(name) | Defined(name):
            return {name}
        case Not(of):
            return list_names(of)
        case AllOf(of) | AnyOf(of) | AtLeast(_, of):
            return {name for part in of for name in list_names(part)}
        case _:
            assert_never(condition)


def list_deciding_conditions(rule_set: Rules) -> Iterator[Condition]:
    """The conditions that decide: of the red flags, what is asked, and who needs an ambulance."""
    yield from (flag.when for flag in rule_set.red_flags.values())
    yield from (question.ask_if for question in rule_set.questions.values() if question.ask_if)
    if rule_set.ambulance is not None:
        yield rule_set.ambulance


def list_told(rule_set: RuleSet) -> Iterator[AdvicePart | AdviceStep]:
    """Everything that may be told only to some."""
    for text in rule_set.advice.values():
        yield from text.steps
        for part in text.parts:
            yield part
            yield from part.steps
        yield from (net.step for net in text.safety_net)
    yield from rule_set.also_watch_for


def list_advice_conditions(rule_set: RuleSet) -> Iterator[Condition]:
    """The conditions on which it depends what the advices say, and the way to get care."""
    for told in list_told(rule_set):
        yield from (condition for condition in (told.when, told.unless) if condition)
    if rule_set.ambulance is not None:
        yield rule_set.ambulance


def list_promises(rule_set: RuleSet) -> Iterator[Condition]:
    """For whom something is never told, whatever its own conditions."""
    yield from (told.never_if for told in list_told(rule_set) if told.never_if is not None)


def find_dependencies(condition: Condition, rule_set: Rules) -> set[str]:
    """Every question that can bear on the condition, also through the `ask_if` of another."""
    questions: set[str] = set()
    conditions: list[Condition] = [condition]
    while conditions:
        for comparison in list_comparisons(conditions.pop(), rule_set.definitions):
            if comparison.question not in questions:
                questions.add(comparison.question)
                ask_if = rule_set.questions[comparison.question].ask_if
                if ask_if is not None:
                    conditions.append(ask_if)
    return questions


@lru_cache(maxsize=8)
def find_reasons_to_ask(rule_set: Rules) -> Mapping[str, frozenset[str]]:
    """By question: those on which it depends whether it is asked; made on first use."""
    return {
        question.id: frozenset(
            find_dependencies(question.ask_if, rule_set) if question.ask_if else ()
        )
        for question in rule_set.questions.values()
    }


@lru_cache(maxsize=8)
def find_followers(rule_set: Rules) -> Mapping[str, set[str]]:
    """By question: those on whose being asked it bears; made on first use."""
    followers: dict[str, set[str]] = {name: set() for name in rule_set.questions}
    for name, others in find_reasons_to_ask(rule_set).items():
        for other in others:
            followers[other].add(name)
    return followers


def find_telling_values(
    question: Question, comparisons: Iterable[OneOf | Between]
) -> tuple[Value, ...]:
    """One value for each way in which comparisons of the question can come out, "not sure" aside.

    For a number these are the least value of its range and every bound, since `at_least` includes
    its bound and `below` does not: all values from one to the next are alike.
    """
    match question:
        case YesNo():
            return ("no", "yes")
        case Choice(options=options):
            return tuple(option.id for option in options)
        case Number(minimum=minimum, maximum=maximum):
            bounds = {minimum}
            for comparison in comparisons:
                if isinstance(comparison, Between):
                    ends = (comparison.at_least, comparison.below)
                    bounds |= {end for end in ends if end is not None}
            return tuple(sorted(bound for bound in bounds if minimum <= bound <= maximum))
        case _:
            assert_never(question)
