"""Formulas -> somebody for whom they hold, as free of complaints as can be, or None for nobody."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

import z3

from backtriage.authoring.prove.encoding import AnswerSymbols, Formula
from backtriage.interrupts import check_interrupts
from backtriage.model import RuleSet, Value
from backtriage.steps import choose_mildest


class Undecided(RuntimeError):
    """The solver gave up; never seen with formulas of yes and no alone."""


@dataclass(frozen=True)
class Somebody:
    """A person that the solver found: what each of its symbols is for them."""

    model: z3.ModelRef

    def check_holds(self, formula: Formula) -> bool:
        """Whether a formula holds for them."""
        holds: bool = z3.is_true(self.model.eval(formula, model_completion=True))
        return holds

    def read_values(self, person: AnswerSymbols) -> dict[str, Value]:
        """What they would answer to each question, asked or not."""
        return {
            question: next(value for value, cell in cells.items() if self.check_holds(cell))
            for question, cells in person.cells.items()
        }


class Search:
    """Looks for people. What is `known` of all of them is told to the solver once."""

    def __init__(self, person: AnswerSymbols, *known: Formula) -> None:
        self._solver = z3.Solver()
        # its own handler of Ctrl-C may wait for ever for what it has interrupted
        self._solver.set(ctrl_c=False)
        self._solver.add(*person.build_is_somebody(), *known)

    def find_anybody(self, *formulas: Formula) -> Somebody | None:
        """Somebody for whom all the formulas hold, or None if that can be nobody."""
        with self._supposing(*formulas):
            return Somebody(self._solver.model()) if self._is_possible() else None

    def find_mildest(self, wishes: list[Formula], *formulas: Formula) -> Somebody | None:
        """Somebody for whom all the formulas hold, and of the wishes as many as can be.

        A wish is dropped only where it contradicts the formulas and the wishes before it.
        """
        with self._supposing(*formulas):
            if not self._is_possible():
                return None
            somebody = Somebody(self._solver.model())
            for wish in wishes:
                if somebody.check_holds(wish):  # so the solver need not be asked
                    self._solver.add(wish)
                else:
                    somebody = self._find_with(wish) or somebody
            return somebody

    def _find_with(self, wish: Formula) -> Somebody | None:
        """Somebody for whom the wish holds too, which then stays, or None where there is nobody."""
        self._solver.push()
        self._solver.add(wish)
        if self._is_possible():
            return Somebody(self._solver.model())
        self._solver.pop()
        return None

    def _is_possible(self) -> bool:
        check_interrupts()
        outcome = self._solver.check()
        if outcome == z3.unknown:
            raise Undecided(self._solver.reason_unknown())
        possible: bool = outcome == z3.sat
        return possible

    @contextmanager
    def _supposing(self, *formulas: Formula) -> Iterator[None]:
        """Suppose the formulas for a while; wishes that stay may add levels, which go with them."""
        levels = self._solver.num_scopes()
        self._solver.push()
        try:
            self._solver.add(*formulas)
            yield
        finally:
            self._solver.pop(self._solver.num_scopes() - levels)


def choose_mildest_answers(
    rule_set: RuleSet, person: AnswerSymbols, like: Mapping[str, Value] = MappingProxyType({})
) -> list[Formula]:
    """Wishes for `find_mildest`: the least worrying answer to every question.

    Or that of somebody who is well and whom they should be `like`, where it is among these. The
    last question comes first: where not all wishes can be met, those to the emergencies are left
    out.
    """
    mildest = {name: choose_mildest(question) for name, question in rule_set.questions.items()}
    values = {name: like.get(name, value) for name, value in mildest.items()}
    return [person.build_answers(question, value) for question, value in reversed(values.items())]
