"""The rule set as a FHIR form: HL7 accepts it, it says all, and shows what the interview asks."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import load
from backtriage.answers import get_check
from backtriage.conditions import Facts, evaluate
from backtriage.fhir.codes import build_code_system
from backtriage.fhir.fhirpath import Expressions
from backtriage.fhir.names import CHECK_SUFFIX, NOT_SURE_SUFFIX
from backtriage.fhir.questionnaire import build_questionnaire
from backtriage.fhir.response import build_response
from backtriage.model import (
    Answer,
    Answers,
    AskedTwice,
    AtLeast,
    Between,
    Choice,
    Condition,
    NotSure,
    Number,
    OneOf,
    Option,
    RuleSet,
)
from forms import Json, evaluate_path, list_items, mistakes, shown
from helpers import SHIPPED, SMALL, asks, counts, run, tiny, yes
from strategies import examples, partial_answers, rule_sets

DAY = date(2026, 11, 23)
FOLDERS = (SMALL, SHIPPED)


def form_of(rule_set: RuleSet) -> Json:
    return build_questionnaire(rule_set, DAY)


def response_of(rule_set: RuleSet, answers: Mapping[str, Answer]) -> Json:
    return build_response(rule_set, answers, complete=False, authored=None)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_hl7_accepts_the_form_and_the_codes(folder: object) -> None:
    rule_set = load(folder)

    assert mistakes(form_of(rule_set)) == []
    assert mistakes(build_code_system(rule_set)) == []


@given(rule_sets())
@examples(50)
def test_hl7_accepts_the_form_of_any_rule_set(rule_set: RuleSet) -> None:
    assert mistakes(form_of(rule_set)) == []


def test_the_schema_sees_mistakes() -> None:
    """Or else all of this would show nothing."""
    form = form_of(load(SMALL))

    assert mistakes(form | {"status": "perhaps"}) != []
    assert mistakes(form | {"item": [{"linkId": "a", "type": "coding"}]}) != []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_what_the_schema_does_not_see(folder: object) -> None:
    """Each linkId stands once, and nothing points to what is not there."""
    rule_set = load(folder)
    form = form_of(rule_set)
    items = list(list_items(form))
    names = [item["linkId"] for item in items]
    sets = {one["id"] for one in form["contained"]}
    asked = {one["question"] for item in items for one in item.get("enableWhen", [])}
    used = {item["answerValueSet"].removeprefix("#") for item in items if "answerValueSet" in item}

    assert len(set(names)) == len(names)
    assert set(rule_set.questions) <= set(names)
    assert asked <= set(names)
    assert used == sets
    assert all(re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", name) for name in [*sets, form["id"]])


def test_every_text_of_a_question_is_in_the_form() -> None:
    rule_set = load()
    text = json.dumps(form_of(rule_set), ensure_ascii=False)
    texts = [text for one in rule_set.questions.values() for text in (one.label, one.ask, one.why)]
    texts += [one.title for one in rule_set.areas if one.questions]
    texts += [one.why for one in rule_set.lists.values()]
    texts += [
        option.label
        for one in rule_set.questions.values()
        if isinstance(one, Choice)
        for option in one.options
    ]

    assert [one for one in texts if json.dumps(one, ensure_ascii=False) not in text] == []


def test_not_sure_is_an_answer_everywhere_it_may_be_given() -> None:
    rule_set = load()
    form = form_of(rule_set)
    sets = {f"#{one['id']}": one["expansion"]["contains"] for one in form["contained"]}
    items = {item["linkId"]: item for item in list_items(form)}

    for question in rule_set.questions.values():
        name = question.id + (NOT_SURE_SUFFIX if isinstance(question, Number) else "")
        if question.not_sure is None:
            assert name not in items
            continue
        last = sets[items[name]["answerValueSet"]][-1]
        assert (last["code"], last["display"]) == ("asked-unknown", "Not sure")


def test_the_form_says_that_no_clinician_has_reviewed_it() -> None:
    form = form_of(load())

    assert form["status"] == "draft"
    assert form["experimental"] is True
    assert "No clinician has reviewed it." in form["purpose"]


def test_other_rules_are_another_version() -> None:
    """Also where somebody forgot to count the version up."""
    rule_set = load(SMALL)
    other = replace(rule_set, hash="f" * 64)

    assert form_of(rule_set)["url"] == form_of(other)["url"]
    assert form_of(rule_set)["version"] != form_of(other)["version"]


@pytest.mark.parametrize(("worse", "first"), [("higher", "a"), ("lower", "d"), (None, "d")])
def test_a_unit_that_was_left_as_it_was_errs_towards_urgency(
    worse: Literal["higher", "lower"] | None, first: str
) -> None:
    """Renderers choose the first unit beforehand."""
    number = replace(counts("n"), unit="day", worse=worse)
    form = form_of(tiny([number], {"f": (("seek_care_now", 0), Between("n", 5, None))}))
    item = next(item for item in list_items(form) if item["linkId"] == "n")
    units = [one["valueCoding"]["code"] for one in item["extension"] if "unitOption" in one["url"]]

    assert units[0] == first
    assert sorted(units) == ["a", "d", "mo", "wk"]


# What is shown -----------------------------------------------------------------------------------


def asked_by_the_engine(rule_set: RuleSet, answers: Mapping[str, Answer]) -> set[str]:
    facts = Facts(rule_set, Answers(answers))
    return {name for name in rule_set.questions if facts.check_applies(name) is not False}


def check_shown(rule_set: RuleSet, form: Json, answers: Mapping[str, Answer]) -> None:
    response = response_of(rule_set, answers)
    names = shown(form, response)

    assert names & set(rule_set.questions) == asked_by_the_engine(rule_set, answers)
    for question in rule_set.questions.values():
        if isinstance(question, Number) and question.not_sure is not None:
            has_number = isinstance(answers.get(question.id), int | float)
            wanted = question.id in names and not has_number
            assert (question.id + NOT_SURE_SUFFIX in names) == wanted
        if get_check(question) is not None:
            was_not_sure = isinstance(answers.get(question.id), NotSure | AskedTwice)
            wanted = question.id in names and was_not_sure
            assert (question.id + CHECK_SUFFIX in names) == wanted


@given(st.data())
@examples(100, everyday=10)
def test_the_form_shows_what_the_interview_asks(data: st.DataObject) -> None:
    rule_set = load()

    check_shown(rule_set, form_of(rule_set), data.draw(partial_answers(rule_set)))


@given(st.data())
@examples(200)
def test_the_form_of_any_rule_set_shows_what_the_interview_asks(data: st.DataObject) -> None:
    rule_set = data.draw(rule_sets())

    check_shown(rule_set, form_of(rule_set), data.draw(partial_answers(rule_set)))


def conditions_of(rule_set: RuleSet) -> list[Condition]:
    return [
        *(flag.when for flag in rule_set.red_flags.values()),
        *(one.ask_if for one in rule_set.questions.values() if one.ask_if is not None),
    ]


@given(st.data())
@examples(200)
def test_fhirpath_says_what_the_engine_says(data: st.DataObject) -> None:
    """True, false, or not known."""
    rule_set = data.draw(rule_sets())
    answers = data.draw(partial_answers(rule_set))
    response = response_of(rule_set, answers)
    facts = Facts(rule_set, Answers(answers))

    for condition in conditions_of(rule_set):
        expression = Expressions(rule_set).write(condition)
        assert evaluate_path(expression, response) is evaluate(condition, facts), expression


@pytest.mark.parametrize(
    ("condition", "front", "said"),
    [
        (OneOf("b", ("no",)), "no", True),
        (yes("b"), "no", False),
        (OneOf("c", ("x",)), "no", False),
        (Between("n", 5, None), "no", False),
        (OneOf("b", ("no",)), "yes", None),
        (OneOf("c", ("x",)), "yes", None),
        (Between("n", 5, None), "yes", None),
    ],
)
def test_what_does_not_apply_is_a_no_and_no_number(
    condition: Condition, front: str, said: bool | None
) -> None:
    options = tuple(Option(id=name, label=name) for name in "xy")
    choice = Choice(
        id="c", label="c", ask="c?", why="W.", options=options, not_sure="x", worse=None,
        ask_if=yes("a"),
    )  # fmt: skip
    number = replace(counts("n"), ask_if=yes("a"))
    questions = [asks("a"), asks("b", ask_if=yes("a")), choice, number]
    rule_set = tiny(questions, {"f": (("seek_care_now", 0), condition)})
    response = response_of(rule_set, {"a": front})

    assert evaluate_path(Expressions(rule_set).write(condition), response) is said
    assert evaluate(condition, Facts(rule_set, Answers({"a": front}))) is said


UNITS = [("day", 0, 36500), ("kg", 1, 300), ("C", 30, 45), ("F", 86, 113), ("year", 0, 120)]


@pytest.mark.parametrize(("unit", "least", "most"), UNITS)
@given(st.data())
@examples(30)
def test_fhirpath_reckons_in_the_units_of_the_engine(
    unit: str, least: int, most: int, data: st.DataObject
) -> None:
    number = replace(counts("n"), unit=unit, minimum=least, maximum=most, not_sure=least)
    bound = data.draw(st.integers(least + 1, most))
    condition = Between("n", bound, None)
    rule_set = tiny([number], {"f": (("seek_care_now", 0), condition)})
    value = data.draw(st.integers(least, most) | st.just(bound) | st.floats(least, most))
    response = response_of(rule_set, {"n": value})

    said = evaluate_path(Expressions(rule_set).write(condition), response)

    assert said is (value >= bound)


def test_at_least_counts_what_is_known() -> None:
    parts = tuple(yes(name) for name in "abc")
    rule_set = tiny([asks(name) for name in "abc"], {"f": (("seek_care_now", 0), yes("a"))})
    expression = Expressions(rule_set).write(AtLeast(2, parts))

    def says(**answers: str) -> bool | None:
        return evaluate_path(expression, response_of(rule_set, answers))

    assert says(a="yes", b="yes") is True
    assert says(a="no", b="no") is False
    assert says(a="yes", b="no") is None


# The commands ------------------------------------------------------------------------------------


def test_the_commands_write_the_form_and_the_codes() -> None:
    form = run("export", "fhir-questionnaire", "--date", DAY.isoformat(), "--rules", SMALL)
    codes = run("export", "fhir-codes", "--rules", SMALL)

    assert (form.returncode, codes.returncode) == (0, 0)
    assert json.loads(form.stdout) == form_of(load(SMALL))
    assert json.loads(codes.stdout) == build_code_system(load(SMALL))


def test_the_form_names_the_number_to_call() -> None:
    form = run("export", "fhir-questionnaire", "--country", "GB")

    assert f"Call {load().emergency_numbers.countries['GB'].call} now." in form.stdout
    assert "{emergency_number}" not in form.stdout
