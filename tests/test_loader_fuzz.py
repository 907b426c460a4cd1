"""Whatever stands in the files,
the loader gives a rule set or issues that can be read, and never anything else.
"""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage.loader.yaml_reader import MOST_DEPTH
from fuzzed.rule_files import FILES, draw, judge, write
from strategies import examples


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rules")


@examples(500)
@given(random=st.randoms())
def test_a_mutated_rule_set_loads_or_says_what_is_wrong(folder: Path, random: Random) -> None:
    """Slips of the keyboard end in a rule set or in issues with a place."""
    write(folder, draw(random))

    judge(folder)


@examples(150)
@given(name=st.sampled_from(sorted(FILES)), data=st.binary(max_size=300))
def test_bytes_load_or_say_what_is_wrong(folder: Path, name: str, data: bytes) -> None:
    """Any bytes as a file, and any bytes behind a file that is right."""
    for content in (data, FILES[name].encode() + data):
        write(folder, {name: content})

        judge(folder)


FORMS = {
    "{not: %s}": 1,
    "{all: [%s]}": 2,
    "{any: [{weak: no}, %s]}": 2,
    "{at_least: {count: 1, of: [%s]}}": 3,
}
"""How a condition can stand inside another, and how many levels of YAML deeper it then is."""

LEVELS_ABOVE = 4
"""The answer in `when: {numb: yes}` is that deep:
the file, the list of red flags, the red flag, the condition.
"""


@examples(150)
@given(forms=st.lists(st.sampled_from(sorted(FORMS)), max_size=MOST_DEPTH))
def test_conditions_nest_up_to_the_limit(folder: Path, forms: list[str]) -> None:
    """A condition loads exactly if its YAML is not nested too deeply."""
    condition = "{numb: yes}"
    for form in forms:
        condition = form % condition
    text = FILES["nerves.yaml"].replace("when: {numb: yes}", f"when: {condition}")
    write(folder, {"nerves.yaml": text.encode()})

    loaded = judge(folder)

    assert (loaded is not None) == (LEVELS_ABOVE + sum(FORMS[form] for form in forms) <= MOST_DEPTH)
