"""The interpreter in JavaScript is held to the engine: each patient gets the same of both.

It runs in Node; where that is not there, this is skipped, and said so.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from backtriage import assess, load
from backtriage.json_io.result import render_result
from backtriage.model import Answer, Country, RuleSet
from backtriage.report.card import build_card
from backtriage.report.sections import build_report
from backtriage.strict_json import write_json
from backtriage.web.data import build_data
from helpers import SMALL
from javascript import TODAY, draw_answer, in_node, run_node, with_source
from strategies import IN_CI, examples, harmless_answer, partial_answers, rule_sets

DRAWN, AT_ONCE = 20_000 if IN_CI else 1_000, 1_000
"""So many patients are drawn, and so many of them told in one run of Node."""

pytestmark = in_node

Patient = tuple[Mapping[str, Answer], str | None]
"""Answers, and the code of the country."""


def told_in_javascript(groups: Iterable[tuple[RuleSet, list[Patient]]]) -> list[Any]:
    lines: list[str] = []
    for rule_set, patients in groups:
        lines.append(write_json({"data": build_data(rule_set, TODAY), "today": str(TODAY)}))
        for answers, code in patients:
            country = rule_set.emergency_numbers.countries.get(code or "")
            named = country and {"name": country.name, "call": country.call}
            lines.append(write_json({"answers": list(answers.items()), "country": named}))
    return [json.loads(line) for line in run_node("web/assess.mjs", "\n".join(lines)).splitlines()]


def told_in_python(rule_set: RuleSet, answers: Mapping[str, Answer], code: str | None) -> Any:
    country: Country | None = rule_set.emergency_numbers.countries.get(code or "")
    result = assess(rule_set, dict(answers))
    return {
        "result": json.loads(render_result(result, rule_set, TODAY, country)),
        "card": json.loads(write_json(asdict(build_card(result, rule_set, TODAY, country)))),
        "report": json.loads(write_json(asdict(build_report(result, rule_set, TODAY, country)))),
    }


def check_alike(groups: list[tuple[RuleSet, list[Patient]]]) -> None:
    """Each patient is told the same, letter by letter."""
    patients = [(rule_set, *patient) for rule_set, some in groups for patient in some]
    for patient, theirs in zip(patients, told_in_javascript(groups), strict=True):
        assert theirs == told_in_python(*patient), patient[1:]


def as_typed(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Nobody types 1e-300."""
    return {
        name: round(answer, 3) if isinstance(answer, float) else answer
        for name, answer in answers.items()
    }


def draw_patients(rule_set: RuleSet, number: int, draw: Random) -> Iterator[Patient]:
    """Some with few complaints, some with many; some have answered little, some all."""
    countries = [None, *rule_set.emergency_numbers.countries]
    for _ in range(number):
        complains, answered = draw.choice([0.02, 0.1, 0.5, 1]), draw.choice([0.1, 0.7, 0.95, 1])
        answers = {
            name: draw_answer(question, draw)
            if draw.random() < complains
            else harmless_answer(question)
            for name, question in rule_set.questions.items()
            if draw.random() < answered
        }
        yield answers, draw.choice(countries)


@pytest.mark.parametrize(("rules", "drawn"), [(None, DRAWN), (SMALL, DRAWN // 10)])
def test_each_patient_is_told_the_same(rules: Path | None, drawn: int) -> None:
    """Status, findings, what is open, next question, what would change it, and all the texts."""
    rule_set = load(rules)
    for seed in range(-(-drawn // AT_ONCE)):
        check_alike([(rule_set, list(draw_patients(rule_set, min(drawn, AT_ONCE), Random(seed))))])


# to find the least example would start Node a thousand times
@settings(examples(50, everyday=3), phases=(Phase.reuse, Phase.generate))
@given(st.data())
def test_so_it_is_with_random_rule_sets(data: st.DataObject) -> None:
    """Many at once, since it takes Node a while to start."""
    groups: list[tuple[RuleSet, list[Patient]]] = []
    for _ in range(10):
        rule_set = with_source(data.draw(rule_sets()))
        seed = data.draw(st.integers(0, 2**32))
        some = [(as_typed(data.draw(partial_answers(rule_set))), None)]
        groups.append((rule_set, [*some, *draw_patients(rule_set, 10, Random(seed))]))
    check_alike(groups)
