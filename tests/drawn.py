"""Patients who are drawn, and what each is told: by the page, and by the program."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from random import Random
from typing import Any

from backtriage import assess
from backtriage.json_io.result import render_result
from backtriage.model import Answer, Country, RuleSet
from backtriage.report.card import build_card
from backtriage.report.sections import Report, build_report
from backtriage.report.wording import list_wording
from backtriage.strict_json import write_json
from backtriage.web.data import build_data
from javascript import TODAY, draw_answer, run_node
from strategies import harmless_answer

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
        "report": json.loads(
            write_json(_name_kinds(build_report(result, rule_set, TODAY, country)))
        ),
    }


NAMES = {sentence: name for name, sentence in list_wording().items()}


def _name_kinds(report: Report) -> dict[str, Any]:
    """The report as the page has it, which calls the kind of a section by its name."""
    told = asdict(report)
    for section, part in zip(report.sections, told["sections"], strict=True):
        part["kind"] = NAMES.get(section.kind or "")
    return told


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
