"""The form in real parts: shown by LHC-Forms in a browser, its FHIRPath run by another engine.

`tests/fetch.sh` fetches them; what is not there is skipped, and said so.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from random import Random

import pytest

from backtriage import assess, load
from backtriage.answers import get_check
from backtriage.conditions import Facts, evaluate, take_last
from backtriage.fhir.coding import list_codings
from backtriage.fhir.fhirpath import Expressions
from backtriage.fhir.names import CHECK_SUFFIX, NOT_SURE_SUFFIX
from backtriage.fhir.reading import read_fhir
from backtriage.fhir.response import build_response
from backtriage.fhir.translated import build_translated
from backtriage.fhir.ucum import list_given_units
from backtriage.languages.of_program import load_language
from backtriage.loader.cases import load_cases
from backtriage.model import (
    NOT_SURE,
    Answer,
    Answers,
    AskedTwice,
    Choice,
    Condition,
    NotSure,
    Number,
    Question,
    RuleSet,
    YesNo,
)
from backtriage.strict_json import write_json
from backtriage.unit_sizes import describe_unit
from fhir.cut_schema import CUT, TYPES, cut, cut_types, written
from forms import Json, mistakes
from helpers import SHIPPED
from javascript import PARTS, in_browser, in_parts, run_browser, run_node
from strategies import harmless_answer


@in_parts
def test_our_cut_is_of_the_schema_that_hl7_publishes() -> None:
    schema = json.loads((PARTS / "fhir-json-schema-validator" / "fhir.schema.json").read_text())

    assert CUT.read_text() == written(cut(schema))


def test_what_is_held_to_r4_is_held_to_the_same_schema() -> None:
    assert TYPES.read_text() == written(cut_types(json.loads(CUT.read_text())))


# FHIRPath ----------------------------------------------------------------------------------------


@cache
def a_thousand_patients() -> list[dict[str, Answer]]:
    """Random partial answers to the shipped rules, the same each time; half have few complaints."""
    draw = Random(20261128)
    return [draw_answers(load(), draw) for _ in range(1000)]


def draw_answers(rule_set: RuleSet, draw: Random) -> dict[str, Answer]:
    share_given, share_odd = draw.choice([0.3, 0.7, 1]), draw.choice([0.1, 1])
    return {
        name: draw_answer(question, draw)
        if draw.random() < share_odd
        else harmless_answer(question)
        for name, question in rule_set.questions.items()
        if draw.random() < share_given
    }


def draw_answer(question: Question, draw: Random) -> Answer:
    if question.not_sure is not None and draw.random() < 0.2:
        return draw.choice([NOT_SURE, *AskedTwice]) if get_check(question) else NOT_SURE
    match question:
        case YesNo():
            return draw.choice(["yes", "no"])
        case Choice(options=options):
            return draw.choice(options).id
        case Number(minimum=minimum, maximum=maximum):
            # most bounds of rules are low
            return draw.randint(int(minimum), int(min(draw.choice([100, 1000, maximum]), maximum)))


def conditions_of(rule_set: RuleSet, of: str) -> list[Condition]:
    if of == "red flags":
        return [flag.when for flag in rule_set.red_flags.values()]
    return [one.ask_if for one in rule_set.questions.values() if one.ask_if is not None]


@in_parts
# a form has no red flags in it, so these are only tried out too
@pytest.mark.parametrize(("of", "patients"), [("ask_if", 1000), ("red flags", 100)])
def test_fhirpath_says_what_the_engine_says(of: str, patients: int) -> None:
    """True, false, or not known."""
    rule_set = load()
    conditions = conditions_of(rule_set, of)
    expressions = Expressions(rule_set)
    people = a_thousand_patients()[:patients]
    job = {
        "expressions": [expressions.write(condition) for condition in conditions],
        "responses": [
            build_response(rule_set, answers, complete=False, authored=None) for answers in people
        ],
    }

    said = json.loads(run_node("fhir/fhirpath.mjs", write_json(job)))

    assert len(people) == len(said) == patients
    for answers, results in zip(people, said, strict=True):
        facts = Facts(rule_set, Answers(answers))
        wanted = [evaluate(condition, facts) for condition in conditions]
        assert [result[0] if result else None for result in results] == wanted, answers


# LHC-Forms ---------------------------------------------------------------------------------------

CASES = 20


def cases_to_fill_in() -> dict[str, Mapping[str, Answer]]:
    """Cases of the shipped rules from all over, in which every question applies that is answered.

    No form can be filled in otherwise.
    """
    rule_set = load()
    fitting = {}
    for case in load_cases(SHIPPED, rule_set):
        facts = Facts(rule_set, case.answers)
        if all(facts.check_applies(name) is not False for name in case.answers.values):
            fitting[case.id] = case.answers.values
    doubtful = [name for name, answers in fitting.items() if answers.get("duration") is NOT_SURE]
    twice = [
        name
        for name, answers in fitting.items()
        if any(isinstance(answer, AskedTwice) for answer in answers.values())
    ]
    step = len(fitting) // (CASES - 1)
    chosen = dict.fromkeys([*doubtful[:1], *twice[:2], *list(fitting)[::step], *fitting])
    return {name: fitting[name] for name in list(chosen)[:CASES]}


def list_shown(rule_set: RuleSet, answers: Mapping[str, Answer]) -> list[str]:
    """The items that are to be shown, as the engine says, in the order of the form."""
    facts = Facts(rule_set, Answers(answers))
    shown = []
    for question in rule_set.questions.values():
        if facts.check_applies(question.id) is not False:
            shown.append(question.id)
            has_number = answers.get(question.id) not in (None, NOT_SURE)
            if isinstance(question, Number) and question.not_sure is not None and not has_number:
                shown.append(question.id + NOT_SURE_SUFFIX)
            if get_check(question) and isinstance(answers.get(question.id), NotSure | AskedTwice):
                shown.append(question.id + CHECK_SUFFIX)
    return shown


def step_of(rule_set: RuleSet, name: str, answer: Answer) -> Json:
    """How a person enters an answer."""
    question = rule_set.questions[name]
    if isinstance(question, Number):
        if answer is NOT_SURE:
            return {"linkId": name + NOT_SURE_SUFFIX, "choice": 0}
        units = list_given_units(question.unit)
        assert isinstance(answer, int | float)
        if len(units) == 1:
            return {"linkId": name, "text": str(answer)}
        if question.unit == "day" and answer % 7 == 0:
            return {"linkId": name, "text": str(answer // 7), "unit": describe_unit("week")}
        return {"linkId": name, "text": str(answer), "unit": describe_unit(question.unit)}
    places = [one for one, _ in list_codings(rule_set, question)]
    return {"linkId": name, "choice": places.index(answer)}


def steps_of(rule_set: RuleSet, answers: Mapping[str, Answer]) -> list[Json]:
    """A case filled in from the top down, with what is to be shown at the beginning and then."""
    given: dict[str, Answer] = {}
    steps: list[Json] = [{"shown": list_shown(rule_set, given)}]
    for name in (name for name in rule_set.questions if name in answers):
        answer = answers[name]
        entered: list[tuple[str, Answer]] = [(name, answer)]
        if isinstance(answer, AskedTwice):
            entered = [(name, NOT_SURE), (name + CHECK_SUFFIX, take_last(answer))]
        for link_id, one in entered:
            given[name] = one if link_id == name else answer
            step = step_of(rule_set, name, one) | {"shown": list_shown(rule_set, given)}
            steps.append(step | ({"linkId": link_id} if link_id != name else {}))
    return steps


@in_browser
def test_lhc_forms_shows_the_form_and_what_it_gives_back_is_assessed_alike() -> None:
    """Texts in other languages stand in it too, and change nothing of that."""
    rule_set = load()
    spoken = [(load_language(code), load(language=code)) for code in ("de", "es")]
    cases = cases_to_fill_in()
    assert len(cases) == CASES
    items = list_shown(rule_set, {})
    suffixes = ("", NOT_SURE_SUFFIX, CHECK_SUFFIX)
    every = [one + suffix for one in rule_set.questions for suffix in suffixes]
    assert set(items) <= set(every)
    job = {
        "form": build_translated(rule_set, spoken, date(2026, 11, 23)),
        "questions": every,
        "cases": [
            {"id": name, "steps": steps_of(rule_set, answers)} for name, answers in cases.items()
        ],
    }

    outcomes = run_browser("fhir/lhc_forms.mjs", job)

    assert {outcome["id"] for outcome in outcomes} == set(cases)
    for outcome in outcomes:
        answers = cases[outcome["id"]]
        assert outcome["wrong"] == [], outcome["id"]
        assert mistakes(outcome["response"]) == []
        read = read_fhir(rule_set, outcome["response"])
        assert dict(read.values) == dict(answers)
        assert assess(rule_set, read) == assess(rule_set, Answers(answers))
