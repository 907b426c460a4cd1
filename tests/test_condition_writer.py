"""Conditions as data: what `questions` prints of them could stand in YAML."""

import json

from hypothesis import given
from hypothesis import strategies as st

from backtriage import load
from backtriage.json_io.questions import render_json
from backtriage.loader.condition_parser import ConditionParser
from backtriage.loader.condition_writer import build_condition_data
from backtriage.loader.yaml_reader import read
from helpers import SHIPPED
from strategies import rule_sets


@given(st.data())
def test_a_condition_read_back_from_its_data_is_the_same(data: st.DataObject) -> None:
    """JSON is YAML, so the parser of the rule language can read what was written."""
    rule_set = data.draw(rule_sets())
    issues: list[object] = []
    parser = ConditionParser(rule_set.questions, rule_set.definitions, True, issues)
    for flag in rule_set.red_flags.values():
        node = read(json.dumps(build_condition_data(flag.when)).encode(), "x.yaml", issues)

        assert node is not None
        assert parser.parse(node) == flag.when
    assert issues == []


def test_a_form_needs_no_definitions() -> None:
    """Every `ask_if` is in terms of questions alone, with what the definitions say written out."""
    rules = load(SHIPPED)
    rows = json.loads(render_json(rules))
    issues: list[object] = []
    parser = ConditionParser(rules.questions, {}, True, issues)

    conditions = [
        read(json.dumps(row["ask_if"]).encode(), "x.yaml", issues) for row in rows if row["ask_if"]
    ]

    assert len(conditions) > 20
    assert all(parser.parse(condition) for condition in conditions)
    assert issues == []
