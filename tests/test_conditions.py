"""The truth tables of the rule language, with what is not known written out."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from backtriage import assess
from backtriage.conditions import Facts, evaluate, find_open_questions
from backtriage.loader import load
from backtriage.model import (
    NOT_SURE,
    AllOf,
    Answer,
    Answers,
    AnyOf,
    AtLeast,
    Between,
    Condition,
    Defined,
    Not,
    OneOf,
)
from backtriage.reasons import find_reasons
from backtriage.report.formats import render_json
from helpers import SMALL

RULES = load(SMALL)

# In the small rule set `numb`, `fall` and `weak` are yes/no;
# `weak_course` is asked only if `weak` is yes.
TRUE, FALSE, UNKNOWN = OneOf("numb", ("yes",)), OneOf("numb", ("no",)), OneOf("fall", ("yes",))
GIVEN = Answers({"numb": "yes"})
VALUES = {True: TRUE, False: FALSE, None: UNKNOWN}


def value_of(condition: Condition, **answers: Answer) -> bool | None:
    return evaluate(condition, Facts(RULES, Answers(answers)))


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, True, False, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, True, None, True),
        (None, False, False, None),
        (None, None, None, None),
    ],
)
def test_all_and_any_are_strong_kleene_logic(
    left: bool | None, right: bool | None, both: bool | None, either: bool | None
) -> None:
    """`all` and `any` stay unknown exactly where the known part does not decide."""
    parts = (VALUES[left], VALUES[right])

    assert evaluate(AllOf(parts), Facts(RULES, GIVEN)) is both
    assert evaluate(AnyOf(parts), Facts(RULES, GIVEN)) is either


@pytest.mark.parametrize(("inner", "outcome"), [(True, False), (False, True), (None, None)])
def test_not(inner: bool | None, outcome: bool | None) -> None:
    """The opposite of what is not known is not known."""
    assert evaluate(Not(VALUES[inner]), Facts(RULES, GIVEN)) is outcome


@pytest.mark.parametrize(
    ("count", "parts", "outcome"),
    [
        (1, [True, None], True),
        (2, [True, None], None),
        (2, [True, False, None], None),
        (2, [True, False, False], False),
        (2, [False, False, None], False),
        (2, [True, True, None], True),
        (3, [True, True, None], None),
        (3, [True, True, False], False),
    ],
)
def test_at_least_counts_what_may_still_come(
    count: int, parts: list[bool | None], outcome: bool | None
) -> None:
    """`at_least` is settled as soon as the open parts cannot change it."""
    condition = AtLeast(count, tuple(VALUES[part] for part in parts))

    assert evaluate(condition, Facts(RULES, GIVEN)) is outcome


@pytest.mark.parametrize(
    ("age", "outcome"),
    [(64, False), (64.999, False), (65, True), (79.999, True), (80, False), (None, None)],
)
def test_between_includes_its_lower_bound_and_not_its_upper(
    age: float | None, outcome: bool | None
) -> None:
    """`at_least: 65, below: 80` holds from 65 on and no longer at 80."""
    answers = {} if age is None else {"age": age}

    assert value_of(Between("age", 65, 80), **answers) is outcome


def test_not_sure_counts_as_the_question_says() -> None:
    """The answer "not sure" is no gap: it counts as the value that the question states."""
    assert value_of(OneOf("numb", ("yes",)), numb=NOT_SURE) is True
    assert value_of(OneOf("steroids", ("yes",)), steroids=NOT_SURE) is False
    assert value_of(Between("age", 80, None), age=NOT_SURE) is True


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({}, None),
        ({"weak": "yes"}, None),
        ({"weak": "no"}, False),
        ({"weak": "yes", "weak_course": "worse"}, True),
        ({"weak": "no", "weak_course": "worse"}, True),
        ({"weak": NOT_SURE}, None),
    ],
)
def test_a_follow_up_counts_as_no_only_where_it_does_not_apply(
    answers: dict[str, str], outcome: bool | None
) -> None:
    """A missing follow-up is no where its `ask_if` is False;
    an answer that was given always counts.
    """
    assert value_of(OneOf("weak_course", ("worse",)), **answers) is outcome


def test_reasons_name_the_answers_that_decided() -> None:
    """Of an `any` only the parts that hold are reasons, and a definition passes its reasons on."""
    facts = Facts(RULES, Answers({"numb": "no", "weak": "yes", "weak_course": "worse"}))

    assert set(find_reasons(AnyOf((TRUE, Defined("new_weakness"))), facts)) == {
        "weak",
        "weak_course",
    }


def test_the_reason_why_a_follow_up_does_not_hold_is_the_question_before_it() -> None:
    """A question that does not apply is False because of the answer that made it so."""
    facts = Facts(RULES, Answers({"weak": "no"}))

    assert list(find_reasons(OneOf("weak_course", ("worse",)), facts)) == ["weak"]


def test_open_questions_are_those_that_could_still_decide() -> None:
    """What is settled is not asked for,
    and a follow-up stands behind the question that it waits for.
    """
    facts = Facts(RULES, GIVEN)

    assert find_open_questions(AllOf((TRUE, Defined("new_weakness"))), facts) == (
        "weak",
        "weak_course",
    )
    assert find_open_questions(AnyOf((TRUE, Defined("new_weakness"))), facts) == ()


def test_facts_are_those_of_the_answers_as_they_were() -> None:
    """They are shared by who looks at the same answers, and nobody can change them afterwards."""
    given: dict[str, Answer] = {"numb": "no"}
    facts = Facts.of(RULES, given)
    assert Facts.of(RULES, {"numb": "no"}) is facts

    given["numb"] = "yes"
    assert Facts.of(RULES, given)["numb"] == "yes"
    assert facts["numb"] == "no"
    assert Facts.of(RULES, {"numb": "no"})["numb"] == "no"
    assert Facts.of(replace(RULES), {"numb": "no"}) is not facts


def test_what_somebody_does_to_a_result_changes_no_other() -> None:
    """Its answers are a plain dict."""
    result = assess(RULES, {"numb": "yes"})
    before = render_json(result)
    assert isinstance(result.answers, dict)
    result.answers["numb"] = "no"

    assert render_json(assess(RULES, {"numb": "yes"})) == before


def test_threads_do_not_disturb_each_other() -> None:
    """What is kept is kept for all of them."""
    people: list[dict[str, Answer]] = [
        {"numb": numb, "fall": fall, "weak": weak}
        for numb in ("yes", "no")
        for fall in ("yes", "no")
        for weak in ("yes", "no")
    ]
    alone = [render_json(assess(RULES, person)) for person in people]
    with ThreadPoolExecutor(8) as threads:
        together = threads.map(lambda person: render_json(assess(RULES, person)), people * 100)

    assert list(together) == alone * 100
