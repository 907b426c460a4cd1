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

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from backtriage.model import Answer, Rules, Value
from backtriage.plane_code import Slot, place_slots, write_code

Planes = Sequence[int]
"""Those of all questions: where each has an answer, and then where it has each of its marks."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """The rules as a function of planes, and where the planes of each question stand.

    `run` takes all worlds as one plane, and the planes of all questions in their places. It gives
    for each red flag, in the order of the rule set, two planes: where it is present, and where it
    is absent.
    """

    slots: Mapping[str, Slot]
    size: int
    source: str
    run: Callable[[int, Planes], tuple[int, ...]]


@lru_cache(maxsize=8)
def compile_kernel(rule_set: Rules) -> Kernel:
    """The kernel of a rule set, made on first use."""
    slots = place_slots(rule_set)
    size = sum(slot.size for slot in slots.values())
    source = write_code(rule_set, slots)
    names: dict[str, Callable[[int, Planes], tuple[int, ...]]] = {}
    exec(compile(source, "<kernel>", "exec"), names)  # noqa: S102  it is made of numbers alone
    return Kernel(slots, size, source, names["run"])


def hold_answers(rule_set: Rules, answers: Mapping[str, Answer]) -> list[int]:
    """The planes of all questions in the one world of somebody's answers."""
    planes: list[int] = []
    for name, slot in compile_kernel(rule_set).slots.items():
        planes += slot.hold(answers.get(name))
    return planes


Changed = Sequence[tuple[int, int]]
"""For each plane: where a change sets it, and the same with all the worlds that leave it alone."""


def place_changes(rule_set: Rules, changes: Sequence[tuple[str, Value]]) -> Changed:
    """The planes of worlds that have all answers of one but one: each change is one of its own.

    A change names a question and the value that it has.
    """
    every, changed = (1 << len(changes)) - 1, []
    for name, slot in compile_kernel(rule_set).slots.items():
        own = [
            (1 << world, slot.hold(value))
            for world, (of, value) in enumerate(changes)
            if of == name
        ]
        others = every - sum(bit for bit, _ in own)
        for place in range(slot.size):
            is_set = sum(bit for bit, says in own if says[place])
            changed.append((is_set, is_set | others))
    return changed


def hold_changes(changed: Changed, held: Planes) -> list[int]:
    """The planes of these worlds where `held` are the planes of all the other answers."""
    return [others if bit else own for (own, others), bit in zip(changed, held, strict=True)]
