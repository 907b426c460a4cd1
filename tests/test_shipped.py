"""The rule set that comes with backtriage, read ahead:
it is used while it is whole and its files are as they were.
"""

import json
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest
from hypothesis import given

from backtriage import planes
from backtriage.loader import load, shipped
from backtriage.loader.build import build
from backtriage.loader.lock import render_lock
from backtriage.model import RuleSet
from helpers import SHIPPED, SMALL, small_with
from strategies import rule_sets

RULES = load(SMALL)


@pytest.fixture
def ship(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The small rule set, locked, as the one that is shipped,
    with what the installation writes down.
    """
    folder = small_with(tmp_path, {})
    (folder / "rules.lock").write_text(render_lock(folder, RULES))
    written = tmp_path / "_shipped.json"
    written.write_text(shipped.write_ready_made(RULES, folder))
    for module in ("backtriage.loader.shipped", "backtriage.loader.lock", "backtriage.loader"):
        monkeypatch.setattr(f"{module}.SHIPPED", folder)
    monkeypatch.setattr(shipped, "WRITTEN", written)
    return folder


def given_back(rule_set: RuleSet) -> RuleSet:
    """A rule set after it was written down and read."""
    *_, data = shipped.write_ready_made(rule_set, SHIPPED).splitlines()
    read: RuleSet = json.loads(data, object_hook=shipped._built)
    return read


@pytest.mark.parametrize("folder", [SMALL, SHIPPED], ids=["small", "shipped"])
def test_what_was_written_down_is_the_rule_set(folder: Path) -> None:
    """It is what the YAML gives, in every part."""
    rule_set = build(folder)

    assert repr(given_back(rule_set)) == repr(rule_set)


@given(rule_sets())
def test_what_was_written_down_is_any_rule_set(rule_set: RuleSet) -> None:
    """The same of random ones: all kinds of questions and conditions,
    with and without what may be left out.
    """
    assert repr(given_back(rule_set)) == repr(rule_set)


def test_what_was_written_down_is_used_while_it_agrees(ship: Path) -> None:
    """It stands in for the YAML that it was made from."""
    rules = shipped.load_shipped()

    assert repr(rules) == repr(RULES)
    assert repr(rules) == repr(load(ship))


@pytest.mark.parametrize("python", ["the same", "another"])
def test_the_code_that_was_written_down_is_that_of_the_rules(
    python: str, ship: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The Python that compiled it need not do so again; any other does."""
    compiled = Mock(wraps=planes._compile)
    monkeypatch.setattr(planes, "_compile", compiled)
    if python == "another":
        monkeypatch.setattr(shipped, "_PYTHON", python)
    rules = shipped.load_shipped()
    assert ship and rules
    code = planes.compile_kernel(rules).run.__code__

    assert compiled.called is (python == "another")
    assert code in planes.compile_code(rules).co_consts


def test_changed_rules_never_have_the_code_of_those_that_were_written_down(ship: Path) -> None:
    """Not even a copy that says that it is the same."""
    rules = shipped.load_shipped()
    assert ship and rules
    first, *others = rules.areas
    fewer = replace(rules, areas=(replace(first, red_flags=()), *others))

    assert fewer.hash == rules.hash
    assert planes.compile_kernel(fewer).run.__code__ != planes.compile_kernel(rules).run.__code__
    assert planes.compile_kernel(fewer).run.__code__ in planes.compile_code(fewer).co_consts


@pytest.mark.parametrize(
    "change", ["edit", "comment", "new_file", "missing_file", "renamed_file", "lock", "no_lock"]
)
def test_an_edited_rule_is_never_ignored(change: str, ship: Path) -> None:
    """Any change to the files of the rule set or its lock puts what was written down aside."""
    nerves, lock = ship / "nerves.yaml", ship / "rules.lock"
    if change == "edit":
        nerves.write_text(nerves.read_text().replace("not_sure: yes", "not_sure: no", 1))
    elif change == "comment":
        nerves.write_text(nerves.read_text() + "#")
    elif change == "new_file":
        (ship / "more.yaml").touch()
    elif change == "missing_file":
        nerves.unlink()
    elif change == "renamed_file":
        nerves.rename(ship / "nerve.yaml")
    elif change == "lock":
        lock.write_text(lock.read_text().replace('"red_flags": ', '"red_flags": 1'))
    else:
        lock.unlink()

    assert shipped.load_shipped() is None


DAMAGED = {
    **{
        f"cut_at_{part}_tenths": (lambda data, part=part: data[: len(data) * part // 10])
        for part in range(10)
    },
    "without_its_last_byte": lambda data: data[:-1],
    **{
        f"one_bit_at_{place}": (
            lambda data, place=place: data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
        )
        for place in (0, 63, 64, 65, 128, 129, 200, 2000, 4000)
    },
    "another_deadline": lambda data: data.replace(b'"within_days":0', b'"within_days":9'),
    "not_utf8": lambda data: b"\xff" + data,
    "of_another_time": lambda _: b'"""Written by the installation"""\nDIGEST = 1\n',
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_copy_gives_way_to_the_yaml(damage: str, ship: Path) -> None:
    """Whatever became of it, it is not used, and what is used is whole."""
    data = shipped.WRITTEN.read_bytes()
    damaged = DAMAGED[damage](data)
    assert damaged != data
    shipped.WRITTEN.write_bytes(damaged)

    assert ship
    assert shipped.load_shipped() is None
    assert repr(load()) == repr(RULES)


def test_without_the_copy_the_yaml_is_read(ship: Path) -> None:
    """In a checkout nothing was written down; what is not a file counts as nothing."""
    shipped.WRITTEN.unlink()
    assert shipped.load_shipped() is None

    shipped.WRITTEN.mkdir()
    assert shipped.load_shipped() is None
    assert repr(load()) == repr(load(ship))
