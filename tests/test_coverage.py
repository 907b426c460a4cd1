"""Which legs of the conditions decide in a case, held against forcing each of them."""

from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage.authoring.dependencies import Leg
from backtriage.authoring.testing.coverage import (
    Truth,
    find_decisive_legs,
    list_all_legs,
    measure_coverage,
)
from backtriage.conditions import Facts, evaluate
from backtriage.loader.authored import Part
from backtriage.loader.condition_writer import write_condition
from backtriage.model import (
    AllOf,
    Answer,
    Answers,
    AnyOf,
    AtLeast,
    Between,
    Case,
    Condition,
    Defined,
    Expected,
    Not,
    OneOf,
    RuleSet,
    YesNo,
)
from helpers import NOW, SOON, asks, counts, tiny, yes
from strategies import partial_answers, rule_sets

Trail = tuple[int | str, ...]
"""Where a leg is met on the way from a red flag:
places of conditions, and names of definitions and questions.
"""


def met(
    condition: Condition,
    rule_set: RuleSet,
    part: Part,
    path: tuple[int, ...] = (),
    trail: Trail = (),
) -> Iterator[tuple[Trail, Leg]]:
    """Every leg on the way from a condition,
    which stands at `path` in `part`, as often as it is met.
    """
    if isinstance(condition, Defined):
        yield trail, Leg(part, path, condition)
        name = condition.definition
        yield from met(
            rule_set.definitions[name], rule_set, ("definition", name), (), (*trail, "definition")
        )
    elif isinstance(condition, OneOf | Between):
        yield trail, Leg(part, path, condition)
        ask_if = rule_set.questions[condition.question].ask_if
        if ask_if:
            yield from met(
                ask_if, rule_set, ("question", condition.question), (), (*trail, "ask_if")
            )
    else:
        for place, inner in enumerate(_within(condition)):
            yield from met(inner, rule_set, part, (*path, place), (*trail, place))


def _within(condition: AllOf | AnyOf | AtLeast | Not) -> tuple[Condition, ...]:
    return (condition.of,) if isinstance(condition, Not) else condition.of


def forced(condition: Condition, facts: Facts, leg: Trail, value: bool, trail: Trail = ()) -> Truth:
    """How the condition comes out if the leg met at a place is `value`,
    by trying all that the unknown may be.
    """
    if trail == leg:
        return value
    if isinstance(condition, Defined):
        return forced(
            facts.rule_set.definitions[condition.definition],
            facts,
            leg,
            value,
            (*trail, "definition"),
        )
    if isinstance(condition, OneOf | Between):
        return _forced_comparison(condition, facts, leg, value, trail)
    outcomes = [
        forced(part, facts, leg, value, (*trail, place))
        for place, part in enumerate(_within(condition))
    ]
    completions = product(
        *([True, False] if outcome is None else [outcome] for outcome in outcomes)
    )
    possible = {_of_known(condition, known) for known in completions}
    return possible.pop() if len(possible) == 1 else None


def _of_known(condition: Condition, parts: Sequence[bool]) -> bool:
    match condition:
        case Not():
            return not parts[0]
        case AllOf():
            return all(parts)
        case AnyOf():
            return any(parts)
        case AtLeast(count):
            return sum(parts) >= count
    raise AssertionError(condition)


def _forced_comparison(
    comparison: OneOf | Between, facts: Facts, leg: Trail, value: bool, trail: Trail
) -> Truth:
    question = facts.rule_set.questions[comparison.question]
    if question.ask_if is None or question.id in facts.answers.values:
        return evaluate(comparison, facts)
    if forced(question.ask_if, facts, leg, value, (*trail, "ask_if")) is not False:
        return None
    return (
        isinstance(question, YesNo) and isinstance(comparison, OneOf) and "no" in comparison.values
    )


@given(st.data())
def test_a_leg_is_decisive_where_forcing_it_changes_the_red_flag(data: st.DataObject) -> None:
    """One walk finds the very legs that are found by forcing each to True and to False."""
    rule_set = data.draw(rule_sets())
    facts = Facts(rule_set, Answers(data.draw(partial_answers(rule_set))))
    for flag in rule_set.red_flags.values():
        legs = met(flag.when, rule_set, ("red flag", flag.id))
        wanted = {
            leg
            for trail, leg in legs
            if forced(flag.when, facts, trail, True) is not forced(flag.when, facts, trail, False)
        }

        assert set(find_decisive_legs(flag, facts)) == wanted
        assert wanted <= set(list_all_legs(rule_set))


QUESTIONS = [asks("a"), asks("b"), asks("follow_up", ask_if=yes("a")), counts("kilos")]
HEAVY = Between("kilos", 50, None)


def case(answers: dict[str, Answer], *findings: str, absent: tuple[str, ...] = ()) -> Case:
    """A case of which only the answers and the red flags named matter here."""
    expected = Expected(advice=None, within_days=None, findings=findings, absent=absent)
    return Case(id="c", note="N.", file="f", line=1, answers=Answers(answers), expected=expected)


@pytest.mark.parametrize(
    ("condition", "answers", "idle"),
    [
        (AllOf((yes("a"), yes("b"))), {"a": "yes", "b": "yes"}, []),
        (AllOf((yes("a"), yes("b"))), {"a": "no", "b": "yes"}, ["{b: yes}"]),
        (AllOf((yes("a"), yes("b"))), {"a": "no", "b": "no"}, ["{a: yes}", "{b: yes}"]),
        (AllOf((yes("a"), yes("b"))), {"a": "yes"}, []),
        (AnyOf((yes("a"), Not(yes("b")))), {"a": "yes", "b": "yes"}, ["{b: yes}"]),
        (AnyOf((yes("b"), Not(AllOf((yes("a"), HEAVY))))), {"a": "no"},
         ["{b: yes}", "{kilos: {at_least: 50}}"]),
        (AtLeast(2, (yes("a"), yes("b"), HEAVY)), {"a": "yes", "b": "no", "kilos": 7},
         ["{a: yes}"]),
        (yes("follow_up"), {"a": "yes", "follow_up": "yes"}, ["{a: yes}"]),
        (yes("follow_up"), {"a": "no"}, []),
        (OneOf("follow_up", ("no",)), {"a": "no"}, []),
    ],
)  # fmt: skip
def test_legs_that_never_decide_are_told(
    condition: Condition, answers: dict[str, Answer], idle: list[str]
) -> None:
    """Each leg must have made the difference somewhere;
    that of an `ask_if` can do so only without an answer.
    """
    rule_set = tiny(QUESTIONS, {"flag": (NOW, condition)})
    coverage = measure_coverage(rule_set, [case(answers, "flag")])

    assert [write_condition(leg.condition, rule_set) for leg in coverage.never_decisive] == idle


def test_only_the_red_flags_that_a_case_names_count() -> None:
    """What a case says nothing about it does not test,
    and only a finding shows that a red flag can be raised.
    """
    flags = {"one": (NOW, yes("a")), "two": (SOON, yes("b")), "three": (SOON, Not(yes("b")))}
    rule_set = tiny(QUESTIONS, flags)
    coverage = measure_coverage(rule_set, [case({"a": "yes", "b": "no"}, "one", absent=("two",))])

    assert coverage.never_named == ("two", "three")
    assert [leg.part for leg in coverage.never_decisive] == [("red flag", "three")]
