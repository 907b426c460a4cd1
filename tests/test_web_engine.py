"""The interpreter in JavaScript is held to the engine: each patient gets the same of both.

It runs in Node; where that is not there, this is skipped, and said so.
"""

from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from backtriage import load
from backtriage.model import Answer, RuleSet
from drawn import Patient, draw_patients, told_in_javascript, told_in_python
from helpers import SMALL
from javascript import in_node, with_source
from strategies import IN_CI, examples, partial_answers, rule_sets

DRAWN, AT_ONCE = 20_000 if IN_CI else 1_000, 1_000
"""So many patients are drawn, and so many of them told in one run of Node."""

pytestmark = in_node


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
