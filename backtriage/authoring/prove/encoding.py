"""RuleSet -> its conditions as formulas for a solver, exactly as `conditions.evaluate` has it.

A question has a cell for each of its telling values. Of a number, all values from one telling value
to the next are alike in every condition. So everything is a matter of yes and no, and a solver
decides it for all the answers that there are.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TypeAlias, assert_never

import z3

from backtriage.conditions import is_in_range
from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Condition,
    Defined,
    Not,
    OneOf,
    Question,
    RedFlag,
    RuleSet,
    Value,
    YesNo,
)
from backtriage.status import rank

Formula: TypeAlias = z3.BoolRef
Cells: TypeAlias = Mapping[Value, Formula]
"""What a question may be answered with, each with the formula that says so; exactly one holds."""

TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)


@dataclass(frozen=True, slots=True)
class TruthFormulas:
    """When a condition is True, and when it is False; where neither holds it is not known."""

    true: Formula
    false: Formula

    @property
    def unknown(self) -> Formula:
        """When it is not known."""
        return z3.Not(z3.Or(self.true, self.false))


class AnswerSymbols:
    """Symbols for what somebody would answer to each question, whether or not it is asked.

    `values` has the telling values of each question. The symbols are called after the question, or
    after its name in `names`: the same name means the same answer.
    """

    def __init__(
        self, values: Mapping[str, Iterable[Value]], names: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.cells: dict[str, Cells] = {
            question: _build_cells(names.get(question, question), tuple(telling))
            for question, telling in values.items()
        }

    def build_is_somebody(self) -> list[Formula]:
        """That every question has exactly one answer; two cells or one say so by themselves."""
        several = [cells for cells in self.cells.values() if len(cells) > 2]
        return [_build_exactly_one(list(cells.values())) for cells in several]

    def build_answers(self, question: str, value: Value) -> Formula:
        """That the answer to the question is this value, or a number that is like it."""
        return self.cells[question][self.find_cell(question, value)]

    def find_cell(self, question: str, value: Value) -> Value:
        """The telling value that stands for all that are like this one.

        For a number below all of them, the least.
        """
        cells = self.cells[question]
        if value in cells or isinstance(value, str):
            return value
        numbers = [cell for cell in cells if not isinstance(cell, str)]
        return max((cell for cell in numbers if cell <= value), default=min(numbers))

    def list_symbols(self, question: str, value: Value) -> list[tuple[Formula, Formula]]:
        """Each symbol of a question, and what it is if the answer is this value.

        For `z3.substitute`, which replaces symbols but no formulas of them.
        """
        answered = self.build_answers(question, value)
        pairs = []
        for cell in self.cells[question].values():
            holds = cell is answered
            if z3.is_not(cell):  # the first of two cells: that the second is not so
                pairs.append((cell.arg(0), z3.BoolVal(not holds)))
            elif not z3.is_true(cell):
                pairs.append((cell, z3.BoolVal(holds)))
        return pairs


def _build_cells(name: str, values: tuple[Value, ...]) -> Cells:
    """A formula for each value; one symbol is enough for two values, and none for one."""
    if len(values) == 1:
        return {values[0]: TRUE}
    if len(values) == 2:
        second = z3.Bool(f"{name}={values[1]}")
        return {values[0]: z3.Not(second), values[1]: second}
    return {value: z3.Bool(f"{name}={value}") for value in values}


def _build_exactly_one(formulas: list[Formula]) -> Formula:
    return z3.PbEq([(formula, 1) for formula in formulas], 1)


Given: TypeAlias = Callable[["Encoding", Question], Formula]
"""When a question has an answer."""


def encode_where_asked(encoding: "Encoding", question: Question) -> Formula:
    """Patients: those who have answered every question that applies, and no other."""
    return z3.Not(encoding.build_truth(question.ask_if).false) if question.ask_if else TRUE


def encode_freely(_: "Encoding", question: Question) -> Formula:
    """Any answers, also where some are missing or do not apply: what a case may have."""
    return z3.Bool(f"{question.id} given")


class Encoding:
    """The conditions of a rule set as formulas over a person's answers.

    `given` says when a question has an answer, such as `encode_where_asked`.
    """

    def __init__(self, rule_set: RuleSet, person: AnswerSymbols, given: Given) -> None:
        self.rule_set = rule_set
        self.person = person
        self._given_if = given
        self._given: dict[str, Formula] = {}
        # By `id`; the condition is kept beside, so that no other one can get its id.
        self._truths: dict[int, tuple[Condition, TruthFormulas]] = {}

    def build_given(self, question_id: str) -> Formula:
        """When the question has an answer."""
        if question_id not in self._given:
            self._given[question_id] = self._given_if(self, self.rule_set.questions[question_id])
        return self._given[question_id]

    def build_truth(self, condition: Condition) -> TruthFormulas:
        """When the condition is True, and when it is False."""
        if id(condition) not in self._truths:
            self._truths[id(condition)] = (condition, self._encode(condition))
        return self._truths[id(condition)][1]

    def build_present(self, flag: RedFlag) -> Formula:
        """When the red flag is present."""
        return self.build_truth(flag.when).true

    def build_any_present(self, flags: Iterable[RedFlag]) -> Formula:
        """When one of the red flags is present."""
        return z3.Or([self.build_present(flag) for flag in flags])

    def build_at_least(self, level: tuple[int, int], without: RedFlag | None = None) -> Formula:
        """When some red flag of this rank (see `engine.rank`) or above is present.

        One of them may be left aside.
        """
        flags = [flag for flag in self._list_from(level) if flag is not without]
        return self.build_any_present(flags)

    def build_at_most(self, level: tuple[int, int]) -> Formula:
        """When some red flag of this rank or above is present, or still open."""
        return z3.Or([z3.Not(self.build_truth(flag.when).false) for flag in self._list_from(level)])

    def _list_from(self, level: tuple[int, int]) -> list[RedFlag]:
        """The red flags of this rank or above."""
        return [flag for flag in self.rule_set.red_flags.values() if rank(flag) >= level]

    def _encode(self, condition: Condition) -> TruthFormulas:
        match condition:
            case OneOf(question, values):
                return self._compare(question, lambda value: value in values)
            case Between(question, at_least, below):
                return self._compare(
                    question, lambda value: is_in_range(value, at_least, below) is True
                )
            case Defined(name):
                return self.build_truth(self.rule_set.definitions[name])
            case Not(of):
                inner = self.build_truth(of)
                return TruthFormulas(inner.false, inner.true)
            case AllOf(of):
                return self._count_true(len(of), of)
            case AnyOf(of):
                return self._count_true(1, of)
            case AtLeast(count, of):
                return self._count_true(count, of)
            case _:
                assert_never(condition)

    def _compare(self, question_id: str, fits: Callable[[Value], bool]) -> TruthFormulas:
        """An answer decides; what is not asked, because it does not apply, is no."""
        question = self.rule_set.questions[question_id]
        given = self.build_given(question_id)
        cells = self.person.cells[question_id]
        fitting = z3.Or([cell for value, cell in cells.items() if fits(value)])
        outcome = TruthFormulas(z3.And(given, fitting), z3.And(given, z3.Not(fitting)))
        if question.ask_if is None:
            return outcome
        hidden = z3.And(z3.Not(given), self.build_truth(question.ask_if).false)
        if isinstance(question, YesNo) and fits("no"):
            return TruthFormulas(z3.Or(outcome.true, hidden), outcome.false)
        return TruthFormulas(outcome.true, z3.Or(outcome.false, hidden))

    def _count_true(self, count: int, parts: tuple[Condition, ...]) -> TruthFormulas:
        """That `count` or more of them are True; False is that too many are False for that."""
        truths = [self.build_truth(part) for part in parts]
        return TruthFormulas(
            _build_count([truth.true for truth in truths], count),
            _build_count([truth.false for truth in truths], len(parts) - count + 1),
        )


def _build_count(formulas: list[Formula], count: int) -> Formula:
    """That `count` or more of the formulas hold."""
    if count == 1:
        return z3.Or(formulas)
    if count == len(formulas):
        return z3.And(formulas)
    return z3.PbGe([(formula, 1) for formula in formulas], count)
