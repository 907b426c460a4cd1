"""`rules list`: every red flag by area, and counts that can be trusted."""

import json
import re

import pytest

from backtriage import load
from backtriage.authoring.overview import build_overview, render_json, render_text
from backtriage.loader.cases import load_cases
from helpers import SHIPPED, SMALL, invoked

RULES = load(SMALL)
FOUND = build_overview(RULES, load_cases(SMALL, RULES))

TEXT = """\
A small rule set for tests (small 1.0.0)
========================================

Nerves (nerves)
---------------
numb
  Seek care now; nerve; 1 source, 1 case
weak_worse
  Seek care now; nerve; 1 source, 2 cases
weak_new
  See a doctor soon: within 2 days; nerve; 1 source, 3 cases

Past and course (past)
----------------------
fall_and_weak_bones
  See a doctor soon: within 1 day; break; 1 source, 1 case
two_of_three
  See a doctor soon: within 2 weeks; break; 1 source, 1 case

In total
--------
2  areas
8  questions
5  red flags
2  suspicions
1  sources
6  cases

Red flags by advice
-------------------
2  Seek care now
1  See a doctor soon: within 1 day
1  See a doctor soon: within 2 days
1  See a doctor soon: within 2 weeks
"""


def test_the_small_rule_set_is_listed_whole() -> None:
    """In the order of the files;
    a case counts where it names the red flag, whatever it expects of it.
    """
    assert render_text(FOUND, 60) == TEXT


def test_json_has_the_same_and_can_be_read_by_scripts() -> None:
    """The ids and numbers of the text, and the advice as scripts know it."""
    data = json.loads(render_json(FOUND))
    flag = data["areas"][0]["red_flags"][2]

    assert flag == {
        "id": "weak_new",
        "advice": "see_doctor_soon",
        "within_days": 2,
        "urgency": "See a doctor soon: within 2 days",
        "suspect": "nerve",
        "sources": 1,
        "cases": 3,
    }
    assert data["totals"] == {
        "areas": 2, "questions": 8, "red_flags": 5, "suspicions": 2, "sources": 1, "cases": 6,
    }  # fmt: skip


@pytest.mark.parametrize("width", [60, 80])
def test_the_shipped_rule_set_fits_the_terminal_and_nothing_is_missing(width: int) -> None:
    """Every red flag stands on a line of its own, and the counts by advice add up."""
    rules = load(SHIPPED)
    overview = build_overview(rules, load_cases(SHIPPED, rules))
    lines = render_text(overview, width).splitlines()

    assert [line for line in lines if len(line) > width] == []
    assert [line for line in lines if line in rules.red_flags] == list(rules.red_flags)
    assert (
        sum(count.red_flags for count in overview.urgencies)
        == overview.totals.red_flags
        == len(rules.red_flags)
    )


def test_the_command_lists_the_rule_set_of_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    """The result on stdout, as wide as the terminal."""
    monkeypatch.setenv("COLUMNS", "60")

    assert invoked("rules", "list", SMALL) == (0, TEXT, "")
    assert invoked("rules", "list", SMALL, "--format", "json") == (0, render_json(FOUND), "")


def test_without_a_folder_the_shipped_rule_set_is_listed() -> None:
    """As with every other command."""
    _, listed, _ = invoked("rules", "list")

    assert re.search(rf"^ *{len(load().red_flags)}  red flags$", listed, re.MULTILINE)
