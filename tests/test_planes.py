"""Many worlds at once come out as each of them does in the engine."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import load
from backtriage.conditions import Facts, count_as, evaluate
from backtriage.model import Answer, Answers, AtLeast, Not, RuleSet
from backtriage.plane_code import place_slots, write_code
from backtriage.planes import (
    compile_kernel,
    hold_answers,
    hold_changes,
    list_decided,
    place_changes,
)
from backtriage.status import find_all_telling_values
from helpers import NOW, SHIPPED, SMALL, asks, counts, tiny, yes
from reference import hold_worlds
from strategies import examples, partial_answers, rule_sets
from tables import people_at_the_edges


def check_worlds(rule_set: RuleSet, people: list[dict[str, Answer]]) -> None:
    """Each red flag is present, absent or open in each world as `evaluate` says."""
    kernel = compile_kernel(rule_set)
    outcome = kernel.run((1 << len(people)) - 1, hold_worlds(rule_set, people))
    for number, person in enumerate(people):
        facts = Facts(rule_set, Answers(person))
        for place, flag in enumerate(rule_set.red_flags.values()):
            present, absent = (plane >> number & 1 for plane in outcome[2 * place : 2 * place + 2])
            wanted = evaluate(flag.when, facts)
            assert (present, absent) == (wanted is True, wanted is False), (flag.id, person)


@given(data=st.data())
@examples(200)
def test_random_rule_sets_come_out_as_in_the_engine(data: st.DataObject) -> None:
    """For any answers, also to questions that do not apply, and for any number of worlds."""
    rule_set = data.draw(rule_sets())
    check_worlds(rule_set, data.draw(st.lists(partial_answers(rule_set), max_size=70)))


@pytest.mark.parametrize("folder", [SMALL, SHIPPED], ids=["small", "shipped"])
def test_every_bound_comes_out_as_in_the_engine(folder: object) -> None:
    """Each value at which some condition turns, just under it and just over it."""
    rule_set = load(str(folder))
    people = [dict(person) for person in people_at_the_edges(rule_set)]
    check_worlds(rule_set, people[:: 1 if folder == SMALL else 7])


@pytest.mark.parametrize("count", range(-1, 7))
def test_counts_of_any_number_are_the_engine_s(count: int) -> None:
    """From none to more than there are."""
    names = [f"q{number}" for number in range(5)]
    conditions = tuple(Not(yes(name)) if name == "q1" else yes(name) for name in names)
    rule_set = tiny([asks(name) for name in names], {"f": (NOW, AtLeast(count, conditions))})
    values = (None, "yes", "no")
    people = [
        {name: value for name, value in zip(names, chosen, strict=True) if value is not None}
        for chosen in (
            (a, b, c, d, e)
            for a in values
            for b in values
            for c in values
            for d in values
            for e in values
        )
    ]
    check_worlds(rule_set, people)


def test_the_code_is_made_of_numbers_and_checked_ids_alone() -> None:
    """Nothing of a text goes into it, and it can be read."""
    rule_set = load(SMALL)
    source = write_code(rule_set, list_decided(rule_set), place_slots(rule_set))
    code = [line.partition("#")[0] for line in source.splitlines()]

    assert all(set(line) <= set("abcdefghijklmnopqrstuvwxyz0123456789 =()|&^~,:") for line in code)
    assert "# age" in source
    assert compile(source, "kernel", "exec")


def test_a_plane_says_from_which_bound_on_a_number_is() -> None:
    """The bounds that some condition has, in order."""
    kernel = compile_kernel(load(SMALL))
    slot = kernel.slots["age"]

    assert list(slot.marks) == sorted(slot.marks)
    assert [sum(slot.hold(age)) - 1 for age in (0, 64, 65, 66, 120)] == sorted(
        sum(bound <= age for bound in slot.marks)
        for age in (0, 64, 65, 66, 120)  # type: ignore[operator]
    )
    assert counts("n").kind == "number"
    assert count_as(load(SMALL).questions["age"], 47) == 47


@given(data=st.data())
@examples(100)
def test_each_change_is_a_world_of_its_own(data: st.DataObject) -> None:
    """All other answers are as they were; in the first world all of them are."""
    rule_set = data.draw(rule_sets())
    answers = data.draw(partial_answers(rule_set))
    changes = [
        (name, value)
        for name, values in find_all_telling_values(rule_set).items()
        for value in values
    ]

    worlds = [answers, *({**answers, name: value} for name, value in changes)]
    held = hold_answers(rule_set, answers)
    assert hold_changes(place_changes(rule_set, changes), held) == hold_worlds(rule_set, worlds)
