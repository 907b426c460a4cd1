"""Rules -> where the planes of each question stand, and the code of its rules; see `planes`."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from backtriage.condition_parts import list_comparisons, list_deciding_conditions
from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Choice,
    Condition,
    Defined,
    Not,
    Number,
    OneOf,
    Question,
    Rules,
    Value,
    YesNo,
)


@dataclass(frozen=True, slots=True)
class Slot:
    """Where the planes of a question stand among all, and what they say.

    The plane at `place` says that there is an answer. Those behind it, one for each of `marks`, say
    of a number that it is that bound or more, and of any other question that it is that value.
    `kinds` has each way in which these planes can be: by value, or by how many bounds are reached.
    """

    place: int
    marks: tuple[Value, ...]
    is_number: bool
    kinds: Mapping[Value, tuple[int, ...]]

    @property
    def size(self) -> int:
        """How many planes there are."""
        return 1 + len(self.marks)

    def hold(self, value: Value) -> tuple[int, ...]:
        """What each plane says of a value, 0 or 1, the first among them."""
        if self.is_number:
            return self.kinds[bisect_right(self.marks, value)]
        return self.kinds[value]


def _make_slot(place: int, marks: tuple[Value, ...], *, is_number: bool) -> Slot:
    kinds: dict[Value, tuple[int, ...]] = {}
    if is_number:
        for reached in range(len(marks) + 1):
            kinds[reached] = (1, *(int(number < reached) for number in range(len(marks))))
    else:
        kinds = {value: (1, *(int(mark == value) for mark in marks)) for value in marks}
    return Slot(place, marks, is_number, kinds)


def place_slots(rule_set: Rules, others: Iterable[Condition] = ()) -> dict[str, Slot]:
    """Where the planes of each question stand, in the order of asking.

    They tell apart what the rules do, and what other conditions on the same questions do.
    """
    bounds: dict[str, set[float]] = {name: set() for name in rule_set.questions}
    for condition in (*list_deciding_conditions(rule_set), *others):
        for atom in list_comparisons(condition, rule_set.definitions):
            if isinstance(atom, Between):
                bounds[atom.question] |= {atom.at_least, atom.below} - {None}  # type: ignore[arg-type]
    slots: dict[str, Slot] = {}
    place = 0
    for name, question in rule_set.questions.items():
        marks = _list_marks(question, bounds[name])
        slots[name] = _make_slot(place, marks, is_number=isinstance(question, Number))
        place += slots[name].size
    return slots


def _list_marks(question: Question, bounds: Iterable[float]) -> tuple[Value, ...]:
    match question:
        case YesNo():
            return "yes", "no"
        case Choice(options=options):
            return tuple(option.id for option in options)
        case Number():
            return tuple(sorted(bounds))
        case _:
            assert_never(question)


def write_code(rule_set: Rules, conditions: Iterable[Condition], slots: Mapping[str, Slot]) -> str:
    """The source of the function `run` of a `planes.Kernel`; of ids it has comments alone."""
    return _Writer(rule_set, slots).write(conditions)


@dataclass(frozen=True, slots=True)
class _Pair:
    """The names of two planes: in which worlds something is True, and in which it is False."""

    true: str
    false: str


class _Writer:
    """Writes the rules down as straight-line code; whatever is the same stands there once."""

    def __init__(self, rule_set: Rules, slots: Mapping[str, Slot]) -> None:
        self._rule_set = rule_set
        self._slots = slots
        self._lines: list[str] = []
        self._pairs: dict[Condition, _Pair] = {}
        self._known: dict[str, str] = {}

    def write(self, conditions: Iterable[Condition]) -> str:
        """The source of the function `run`."""
        pairs = [self._pair(condition) for condition in conditions]
        outcome = "".join(f"{pair.true}, {pair.false}, " for pair in pairs)
        size = sum(slot.size for slot in self._slots.values())
        inputs = "".join(f"p{place}, " for place in range(size))
        lines = [f"({inputs}) = planes", *self._lines, f"return ({outcome})"]
        return "\n".join(["def run(all, planes):", *(f"    {line}" for line in lines)]) + "\n"

    def _pair(self, condition: Condition) -> _Pair:
        if condition not in self._pairs:
            self._pairs[condition] = self._make(condition)
        return self._pairs[condition]

    def _make(self, condition: Condition) -> _Pair:
        match condition:
            case OneOf(question, values):
                return self._compared(question, [self._value(question, one) for one in values])
            case Between(question, at_least, below):
                return self._compared(question, [self._range(question, at_least, below)])
            case Defined(name):
                return self._pair(self._rule_set.definitions[name])
            case Not(of):
                pair = self._pair(of)
                return _Pair(pair.false, pair.true)
            case AllOf(of):
                return self._counted(len(of), of)
            case AnyOf(of):
                return self._counted(1, of)
            case AtLeast(count, of):
                return self._counted(count, of)
            case _:
                assert_never(condition)

    # Comparisons ------------------------------------------------------------------------------

    def _compared(self, question: str, planes: Sequence[str]) -> _Pair:
        """True in one of these planes, and False wherever else it is known what the question is."""
        known = self._known_of(question)
        true = self._name(" | ".join(planes) or "0", question)
        return _Pair(true, self._name(f"{known} ^ {true}", question))

    def _known_of(self, question: str) -> str:
        """Where there is an answer, or the question does not apply."""
        if question not in self._known:
            slot, ask_if = self._slots[question], self._rule_set.questions[question].ask_if
            answered = f"p{slot.place}"
            if ask_if is not None:
                off = self._pair(ask_if).false
                self._known[question] = self._name(f"{answered} | {off}", question)
            else:
                self._known[question] = answered
        return self._known[question]

    def _value(self, question: str, value: str) -> str:
        """Where the answer is this value. A yes/no question that does not apply counts as no."""
        slot = self._slots[question]
        plane = f"p{slot.place + 1 + slot.marks.index(value)}"
        known, answered = self._known_of(question), f"p{slot.place}"
        counts_as_no = value == "no" and isinstance(self._rule_set.questions[question], YesNo)
        if counts_as_no and known != answered:
            return f"{plane} | {known} ^ {answered}"
        return plane

    def _range(self, question: str, at_least: float | None, below: float | None) -> str:
        slot = self._slots[question]
        least, less = (
            None if bound is None else f"p{slot.place + 1 + slot.marks.index(bound)}"
            for bound in (at_least, below)
        )
        above = least or f"p{slot.place}"
        return f"{above} & ~{less}" if less else above

    # Combinations -----------------------------------------------------------------------------

    def _counted(self, count: int, of: Sequence[Condition]) -> _Pair:
        """True where `count` of the conditions are; False where too few of them can still be."""
        pairs = [self._pair(part) for part in of]
        return _Pair(
            self._at_least(count, [pair.true for pair in pairs]),
            self._at_least(len(of) - count + 1, [pair.false for pair in pairs]),
        )

    def _at_least(self, count: int, planes: Sequence[str]) -> str:
        if count <= 0:
            return "all"
        if count > len(planes):
            return "0"
        if count in (1, len(planes)):
            return self._name((" | " if count == 1 else " & ").join(planes))
        return self._counter(count, planes)

    def _counter(self, count: int, planes: Sequence[str]) -> str:
        """Where `count` of the planes are set, by going through them one by one."""
        reached = [""] * count  # where 1, 2, ... of the planes so far are set; nowhere at first
        for plane in planes:
            for k in reversed(range(count)):
                more = plane if k == 0 else f"{reached[k - 1]} & {plane}" if reached[k - 1] else ""
                if more:
                    reached[k] = self._name(f"{reached[k]} | {more}" if reached[k] else more)
        return reached[-1]

    def _name(self, expression: str, comment: str = "") -> str:
        """A name for what an expression gives; a name itself needs none."""
        if expression.isalnum():
            return expression
        name = f"x{len(self._lines)}"
        self._lines.append(f"{name} = {expression}" + (f"  # {comment}" if comment else ""))
        return name
