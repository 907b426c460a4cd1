"""A result on paper: a sheet for the person, in letters that can be read, and one for the doctor.

`tests/fetch.sh` fetches what drives a browser; what is not there is skipped, and said so.
"""

from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from backtriage import assess, load
from backtriage.interview import Interview
from backtriage.json_io.saved import build_identity
from backtriage.model import Answer
from backtriage.report.html import render_html
from backtriage.strict_json import write_json
from backtriage.web.page import render_page
from javascript import TODAY, draw_answer, in_browser, run_browser
from strategies import harmless_answer

RULES = load()
COMPLAINS = (0, 0.02, 0.05, 0.1, 0.2, 0.4)
PEOPLE = 30


def draw_answers(seed: int) -> Mapping[str, Answer]:
    """The answers of somebody who was asked to the end, and complains more or less."""
    draw, complains = Random(seed), COMPLAINS[seed % len(COMPLAINS)]
    interview = Interview(RULES, also_ask=RULES.say_first if draw.random() < 0.5 else ())
    while interview.step is not None:
        given = {
            question.id: draw_answer(question, draw, twice=False)
            if draw.random() < complains
            else harmless_answer(question)
            for question in interview.step.questions
        }
        interview = interview.take_answers(given)
        while interview.doubtful:
            interview = interview.settle(interview.doubtful[0], keep=True)
    return interview.answers


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder: Path = tmp_path_factory.mktemp("paper")
    (folder / "page.html").write_text(render_page(RULES, TODAY))
    country = RULES.emergency_numbers.countries["GB"]
    saved, results, kinds = [], [], set()
    for seed in range(PEOPLE):
        answers = draw_answers(seed)
        result = assess(RULES, answers)
        kinds.add(result.at_least.advice)
        results.append(str(folder / f"{seed}.html"))
        Path(results[-1]).write_text(render_html(result, RULES, TODAY, country))
        saved.append(write_json({"rule_set": build_identity(RULES), "answers": dict(answers)}))
    assert kinds == {"home_care", "see_doctor_soon", "seek_care_now"}
    job = {"page": str(folder / "page.html"), "saved": saved, "results": results}
    return run_browser("web/paper.mjs", job)


@in_browser
@pytest.mark.parametrize("made_by", ["page", "results"])
def test_it_prints_on_two_sheets_whatever_comes_out(made_by: str, printed: Any) -> None:
    """The person's letters have at least 10 points; if something is left out, the sheet says so."""
    assert len(printed[made_by]) == PEOPLE
    for seed, seen in enumerate(printed[made_by]):
        assert (seen["pages"], seen["least"] > 9.99) == (2, True), seed
        assert seen["isTold"] == bool(seen["leftOut"]), seed


@in_browser
def test_the_page_and_the_report_leave_out_the_same(printed: Any) -> None:
    left_out = [seen["leftOut"] for seen in printed["page"]]

    assert left_out == [seen["leftOut"] for seen in printed["results"]]
    assert any(left_out)
    assert not all(left_out)
