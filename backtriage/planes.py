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
from types import CodeType
from weakref import WeakKeyDictionary

from backtriage.model import Answer, Condition, Rules, Value
from backtriage.plane_code import Slot, place_slots, write_code

Planes = Sequence[int]
"""Those of all questions: where each has an answer, and then where it has each of its marks."""


Outcome = tuple[int, ...]
"""For each condition two planes: where it is True, and where it is False."""

Run = Callable[[int, Planes], Outcome]
"""Conditions as a function of all worlds as one plane, and the planes of all questions in place."""


@dataclass(frozen=True, slots=True)
class Kernel:
    """The rules as a function of planes, and where the planes of each question stand.

    `run` gives for each red flag, in the order of the rule set, where it is present, and where it
    is absent; and at last who needs an ambulance and who does not, if the rule set says that.
    """

    slots: Mapping[str, Slot]
    size: int
    run: Run


_ready_made: WeakKeyDictionary[Rules, CodeType] = WeakKeyDictionary()
"""By rules as an object, so that no others, and no changed copy of them, can have their code."""


def keep_code(rule_set: Rules, code: CodeType) -> None:
    """Keep code that `compile_code` made of the very same rules in an earlier process."""
    _ready_made[rule_set] = code


def keep_same_code(given: Rules, other: Rules) -> None:
    """Keep the code of some rules for others with the very same conditions, if there is any."""
    if given in _ready_made:
        keep_code(other, _ready_made[given])


def compile_code(rule_set: Rules) -> CodeType:
    """The code that defines `run` of the kernel."""
    return _compile(rule_set, list_decided(rule_set), place_slots(rule_set))


def list_decided(rule_set: Rules) -> list[Condition]:
    """What the kernel decides, in the order in which it does."""
    called = [] if rule_set.ambulance is None else [rule_set.ambulance]
    return [*(flag.when for flag in rule_set.red_flags.values()), *called]


def _compile(
    rule_set: Rules, conditions: Iterable[Condition], slots: Mapping[str, Slot]
) -> CodeType:
    return compile(write_code(rule_set, conditions, slots), "<kernel>", "exec")


@lru_cache(maxsize=8)
def compile_kernel(rule_set: Rules) -> Kernel:
    """The kernel of a rule set, made on first use."""
    slots = place_slots(rule_set)
    code = _ready_made.get(rule_set) or _compile(rule_set, list_decided(rule_set), slots)
    size = sum(slot.size for slot in slots.values())
    return Kernel(slots, size, _define(code))


def compile_conditions(
    rule_set: Rules, conditions: Iterable[Condition], slots: Mapping[str, Slot]
) -> Run:
    """Conditions as a function of planes that stand as `slots` has them."""
    return _define(_compile(rule_set, conditions, slots))


def _define(code: CodeType) -> Run:
    names: dict[str, Run] = {}
    exec(code, names)  # noqa: S102  it is made of numbers alone
    return names["run"]


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

    A change names a question and the value that it has. World 0 has no change, and world 1 the
    first of them.
    """
    every, changed = (2 << len(changes)) - 1, []
    for name, slot in compile_kernel(rule_set).slots.items():
        own = [
            (1 << world, slot.hold(value))
            for world, (of, value) in enumerate(changes, 1)
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
