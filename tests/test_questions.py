"""Conditions as data: what `questions` prints of them could stand in YAML."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from backtriage.loader.condition_parser import ConditionParser
from backtriage.loader.yaml_nodes import read
from backtriage.questions import condition_as_data
from strategies import rule_sets


@given(st.data())
@settings(deadline=None)
def test_a_condition_read_back_from_its_data_is_the_same(data: st.DataObject) -> None:
    """JSON is YAML, so the parser of the rule language can read what was written."""
    rule_set = data.draw(rule_sets())
    issues: list[object] = []
    parser = ConditionParser(rule_set.questions, rule_set.definitions, True, issues)
    for flag in rule_set.red_flags.values():
        node = read(json.dumps(condition_as_data(flag.when)).encode(), "x.yaml", issues)

        assert node is not None
        assert parser.parse(node) == flag.when
    assert issues == []
