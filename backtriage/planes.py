"""Rules -> its red flags for many worlds at once: one bit for each world, in long integers.

A world is whatever the rules can be asked of: a patient, a patient with one other answer, a case.
For each condition two planes say in which worlds it is True and in which it is False; in the rest
it is not known. Strong Kleene logic is plain bit logic on such pairs, so the rules are written once
as straight-line Python, without a branch:

    not            (t, f)  ->  (f, t)
    all of         (t1 & t2 & ...,  f1 | f2 | ...)
    any of         (t1 | t2 | ...,  f1 & f2 & ...)
    at least k     a counter of k planes over the t's, and of n - k + 1 planes over the f's

It is one more interpreter of the condition nodes; `conditions.evaluate` stays the judge, and tests
hold this to it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from backtriage.conditions import count_as
from backtriage.model import (
    Answer,
    Condition,
    Rules,
    Value,
)
from backtriage.plane_code import Slot, place_slots, write_code

Planes = Sequence[int]
"""Those of all questions: where each has an answer, and then where it has each of its marks."""


Run = Callable[[int, Planes], tuple[int, ...]]
"""From all worlds as one plane, and the planes of all questions in their places, two planes for
each condition: where it is True, and where it is False."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """The rules as a function of planes, and where the planes of each question stand.

    `run` gives for each red flag, in the order of the rule set, where it is present, and where it
    is absent; and at last who needs an ambulance and who does not, if the rule set says that.
    """

    slots: Mapping[str, Slot]
    size: int
    source: str
    run: Run


@lru_cache(maxsize=8)
def compile_kernel(rule_set: Rules) -> Kernel:
    """The kernel of a rule set, made on first use."""
    slots = place_slots(rule_set)
    conditions = [flag.when for flag in rule_set.red_flags.values()]
    if rule_set.ambulance is not None:
        conditions.append(rule_set.ambulance)
    source = write_code(rule_set, conditions, slots)
    size = sum(slot.size for slot in slots.values())
    return Kernel(slots, size, source, _compile_code(source))


def compile_conditions(
    rule_set: Rules, conditions: Iterable[Condition], slots: Mapping[str, Slot]
) -> Run:
    """Conditions as a function of planes that stand as `slots` has them."""
    return _compile_code(write_code(rule_set, conditions, slots))


def _compile_code(source: str) -> Run:
    names: dict[str, Run] = {}
    exec(compile(source, "<kernel>", "exec"), names)  # noqa: S102  it is made of numbers alone
    return names["run"]


def hold_answers(rule_set: Rules, answers: Mapping[str, Answer]) -> list[int]:
    """The planes of all questions in the one world of somebody's answers."""
    kernel = compile_kernel(rule_set)
    planes = [0] * kernel.size
    for name, answer in answers.items():
        value = count_as(rule_set.questions[name], answer)
        if value is not None:
            slot = kernel.slots[name]
            planes[slot.place : slot.place + slot.size] = slot.hold(value)
    return planes


def hold_changes(rule_set: Rules, held: Planes, changes: Sequence[tuple[str, Value]]) -> list[int]:
    """The planes of worlds that have all answers of one but one: each change is one of its own.

    `held` are the planes of that one world. A change names a question and the value that it has.
    """
    kernel, every = compile_kernel(rule_set), (1 << len(changes)) - 1
    planes = [-bit & every for bit in held]
    for name, numbered in groupby(enumerate(changes), key=_question_of):
        slot, values = kernel.slots[name], [(1 << number, value) for number, (_, value) in numbered]
        others = every - sum(bit for bit, _ in values)
        for place in range(slot.place, slot.place + slot.size):
            planes[place] &= others
        for bit, value in values:
            for place, is_set in enumerate(slot.hold(value), slot.place):
                planes[place] |= bit * is_set
    return planes


def _question_of(numbered: tuple[int, tuple[str, Value]]) -> str:
    return numbered[1][0]
