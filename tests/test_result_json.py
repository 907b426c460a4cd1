"""The JSON of a result: a client can run a whole interview over `assess` alone."""

import json
import random
from datetime import date
from typing import Any

import jsonschema
import pytest

from backtriage import Interview, assess, load
from backtriage.json_io.questions import build_row
from backtriage.json_io.result import render_record, render_result
from backtriage.json_io.schema import build_assessment_schema, build_questions_schema
from backtriage.loader.cases import load_cases
from backtriage.model import NOT_SURE, Answer, Choice, Number, Question
from backtriage.steps import Step
from backtriage.strict_json import write_json
from backtriage.translation import translate
from helpers import SHIPPED, run
from strategies import IN_CI
from translations import catalogue_of

RULES = load(SHIPPED)
CASES = load_cases(SHIPPED, RULES)
TODAY = date(2026, 11, 23)
PEOPLE = 500 if IN_CI else 60
DOUBT = 0.08
"""So often somebody is not sure."""
SCHEMA = jsonschema.Draft202012Validator(build_assessment_schema())


def result_of(answers: dict[str, Any]) -> dict[str, Any]:
    """What `assess` gives for these answers, as JSON."""
    told: dict[str, Any] = json.loads(render_result(assess(RULES, answers), RULES, TODAY))
    return told


def answer(chance: random.Random, question: Question) -> Answer:
    """What somebody may answer: mostly that all is well, so that the interview goes on."""
    if question.not_sure is not None and chance.random() < DOUBT:
        return NOT_SURE
    match question:
        case Number():
            return (
                chance.choice([20, 40, 55, 72]) if question.id == "age" else chance.randint(0, 90)
            )
        case Choice():
            return chance.choice(question.options[:2]).id
        case _:
            return "yes" if chance.random() < 0.06 else "no"


def as_text(answer: Answer, *, again: bool) -> str | float:
    """What a client sends: behind a check, both answers in one text."""
    if again:
        return "not sure, twice" if answer is NOT_SURE else f"not sure, then {answer}"
    return answer if isinstance(answer, int | float) else str(answer)


def same_prompt(told: dict[str, Any] | None, step: Step | None) -> bool:
    if told is None or step is None:
        return told is None and step is None
    ids = [question["id"] for question in told["questions"]]
    asked = (told["area"], told["ask"], told["again"])
    return ids == [one.id for one in step.questions] and asked == (
        step.area.id,
        step.ask,
        step.again,
    )


@pytest.mark.parametrize("seed", range(PEOPLE))
def test_a_client_is_told_what_the_interview_would_ask(seed: int) -> None:
    """`next` is the prompt of the terminal, step by step to the end, with its checks."""
    chance = random.Random(seed)
    interview, answers = Interview(RULES), dict[str, Any]()
    while True:
        told = result_of(answers)
        assert same_prompt(told["next"], interview.step)
        if interview.step is None:
            break
        given = {question.id: answer(chance, question) for question in interview.step.questions}
        interview = interview.take_answers(given)
        assert not interview.doubtful
        again = bool(told["next"]["again"])
        answers |= {name: as_text(value, again=again) for name, value in given.items()}


@pytest.mark.parametrize("case", CASES[::7], ids=[case.id for case in CASES[::7]])
def test_a_result_fits_its_schema_and_has_words_for_every_id(case: Any) -> None:
    told = json.loads(render_result(assess(RULES, case.answers), RULES, TODAY))
    SCHEMA.validate(told)
    for finding in told["findings"]:
        assert told["suspicions"][finding["suspect"]]
        assert all(told["labels"][question] for question in finding["answers"])
    asked = {question for flag in told["unresolved"] for question in flag["questions"]}
    assert asked <= told["labels"].keys()


@pytest.mark.parametrize("code", ["en", "es"])
@pytest.mark.parametrize("case", CASES[::50], ids=[case.id for case in CASES[::50]])
def test_on_one_line_it_is_the_same_json_as_on_many(case: Any, code: str) -> None:
    """Though a line is put together of texts that were written for others before."""
    rules = RULES if code == "en" else translate(RULES, catalogue_of(RULES, code))
    half = dict(list(case.answers.values.items())[::2])
    for result in (assess(rules, case.answers), assess(rules, half)):
        line, record = render_result(result, rules, TODAY), render_record(result, rules)
        told = json.loads(render_result(result, rules, TODAY, indent=2))

        assert json.loads(line) == told
        assert json.loads(record).items() <= told.items()
        assert [write_json(json.loads(text)) for text in (line, record)] == [line, record]


def test_the_questions_fit_their_schema() -> None:
    schema = jsonschema.Draft202012Validator(build_questions_schema())
    rows = [build_row(question, area, RULES) for area in RULES.areas for question in area.questions]
    schema.validate(json.loads(json.dumps(rows)))


def test_an_answer_to_a_question_that_does_not_apply_is_told_and_counts() -> None:
    """On stderr and in the JSON; the urgency is as it always was."""
    given = '{"sudden_start": "no", "sudden_strength": "tear"}'
    done = run("assess", "-", stdin=given)
    told = json.loads(done.stdout)
    assert told["advice"] == "seek_care_now"
    assert [warning for warning in told["warnings"] if warning.startswith('"sudden_strength"')]
    assert 'warning: "sudden_strength"' in done.stderr


def test_brief_is_the_assessment_alone() -> None:
    whole = json.loads(run("assess", "-", stdin='{"fever": "yes"}').stdout)
    brief = json.loads(run("assess", "-", "--brief", stdin='{"fever": "yes"}').stdout)
    assert brief.items() <= whole.items()
    assert "headline" in whole.keys() - brief.keys()
    SCHEMA.validate(brief)
