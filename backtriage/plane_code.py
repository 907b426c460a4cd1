"""Rules -> where the planes of each question stand, and the code of its rules; see `planes`."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from backtriage.condition_parts import find_comparisons, list_comparisons
from backtriage.conditions import count_as
from backtriage.model import (
    NOT_SURE,
    AllOf,
    Answer,
    AnyOf,
    AskedTwice,
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
    `kinds` has what the planes say of each answer but a number, and of None, no answer; `reached`
    has it of a number, by how many of the bounds it reaches.
    """

    place: int
    marks: tuple[Value, ...]
    kinds: Mapping[Answer | None, tuple[int, ...]]
    reached: tuple[tuple[int, ...], ...]

    @property
    def size(self) -> int:
        """How many planes there are."""
        return 1 + len(self.marks)

    def hold(self, answer: Answer | None) -> tuple[int, ...]:
        """What each plane says of an answer or of none, 0 or 1, the first among them."""
        kind = self.kinds.get(answer)
        return kind or self.reached[bisect_right(self.marks, answer)]  # type: ignore[type-var]


def _make_slot(question: Question, place: int, marks: tuple[Value, ...]) -> Slot:
    numbers = range(len(marks))
    kinds: dict[Answer | None, tuple[int, ...]] = {None: (0,) * (1 + len(marks))}
    reached: tuple[tuple[int, ...], ...] = ()
    if isinstance(question, Number):
        counts = range(len(marks) + 1)
        reached = tuple((1, *(int(number < count) for number in numbers)) for count in counts)
    else:
        kinds |= {value: (1, *(int(mark == value) for mark in marks)) for value in marks}
    slot = Slot(place, marks, kinds, reached)
    kinds[NOT_SURE] = slot.hold(count_as(question, NOT_SURE))
    if isinstance(question, YesNo):
        kinds |= {twice: slot.hold(count_as(question, twice)) for twice in AskedTwice}
    return slot


def place_slots(rule_set: Rules, others: Iterable[Condition] = ()) -> dict[str, Slot]:
    """Where the planes of each question stand, in the order of asking.

    They tell apart what the rules do, and what other conditions on the same questions do.
    """
    comparisons = {name: [*known] for name, known in find_comparisons(rule_set).items()}
    for condition in others:
        for one in list_comparisons(condition, rule_set.definitions):
            comparisons[one.question].append(one)
    slots: dict[str, Slot] = {}
    place = 0
    for name, question in rule_set.questions.items():
        marks = _list_marks(question, comparisons[name])
        slots[name] = _make_slot(question, place, marks)
        place += slots[name].size
    return slots


def _list_marks(question: Question, comparisons: Sequence[OneOf | Between]) -> tuple[Value, ...]:
    match question:
        case YesNo():
            return "yes", "no"
        case Choice(options=options):
            return tuple(option.id for option in options)
        case Number():
            ranges = [one for one in comparisons if isinstance(one, Between)]
            bounds = {bound for one in ranges for bound in (one.at_least, one.below)}
            return tuple(sorted(bound for bound in bounds if bound is not None))
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
        self._names: dict[str, str] = {}

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
                return self._one_of(question, values)
            case Between(question, at_least, below):
                return self._compared(question, self._range(question, at_least, below))
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

    def _one_of(self, question: str, values: Sequence[str]) -> _Pair:
        if not isinstance(self._rule_set.questions[question], YesNo):
            return self._compared(question, self._join(self._mark(question, one) for one in values))
        planes = {"yes": self._mark(question, "yes"), "no": self._no(question)}
        true, false = (
            self._join(plane for value, plane in planes.items() if (value in values) is fits)
            for fits in (True, False)
        )
        return _Pair(self._name(true, question), self._name(false, question))

    def _compared(self, question: str, true: str) -> _Pair:
        """True there, and False wherever else it is known what the question is."""
        known = f"p{self._slots[question].place}"
        off = self._off(question)
        if off is not None:
            known = self._name(f"{known} | {off}", question)
        true = self._name(true, question)
        return _Pair(true, self._name(f"{known} ^ {true}", question))

    def _no(self, question: str) -> str:
        """Where a yes/no question is no: one that does not apply counts as no."""
        no, off = self._mark(question, "no"), self._off(question)
        if off is None:
            return no
        return self._name(f"{no} | {off} & ~{self._mark(question, 'yes')}", question)

    def _off(self, question: str) -> str | None:
        """Where the question does not apply; None for one that always does."""
        ask_if = self._rule_set.questions[question].ask_if
        return None if ask_if is None else self._pair(ask_if).false

    def _mark(self, question: str, mark: Value) -> str:
        slot = self._slots[question]
        return f"p{slot.place + 1 + slot.marks.index(mark)}"

    @staticmethod
    def _join(planes: Iterable[str]) -> str:
        """Where one or more of the planes are set."""
        return " | ".join(planes) or "0"

    def _range(self, question: str, at_least: float | None, below: float | None) -> str:
        if at_least is None:
            above = f"p{self._slots[question].place}"
        else:
            above = self._mark(question, at_least)
        return above if below is None else f"{above} & ~{self._mark(question, below)}"

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
        if expression not in self._names:
            name = self._names[expression] = f"x{len(self._names)}"
            self._lines.append(f"{name} = {expression}" + (f"  # {comment}" if comment else ""))
        return self._names[expression]
