"""Two rule sets -> everybody who moves to more or less urgency, by a solver.

Both are written as formulas over the answers of one person.
"""

import math
from collections.abc import Iterator, Mapping
from typing import assert_never

import z3

from backtriage.authoring.diff import Move
from backtriage.authoring.prove.encoding import (
    TRUE,
    AnswerSymbols,
    Encoding,
    Formula,
    encode_where_asked,
)
from backtriage.authoring.prove.patients import build_patient, find_urgency
from backtriage.authoring.prove.search import Search, Somebody, choose_mildest_answers
from backtriage.model import NOT_SURE, Answer, Choice, Number, Question, RuleSet, Value, YesNo
from backtriage.status import HOME_CARE, find_all_telling_values, rank

Rank = tuple[int, int]
"""How urgent: see `engine.rank`."""


class _Side:
    """One of the two rule sets; `exactly` says when somebody gets which urgency from it."""

    def __init__(self, rule_set: RuleSet, person: AnswerSymbols) -> None:
        self.rule_set = rule_set
        self.person = person
        self.encoding = Encoding(rule_set, person, encode_where_asked)
        ranks = sorted({rank(HOME_CARE), *map(rank, rule_set.red_flags.values())})
        levels = [TRUE, *map(self.encoding.build_at_least, ranks[1:])]
        above = [*levels[1:], z3.Not(TRUE)]
        self.exactly = {
            level: z3.And(reached, z3.Not(more))
            for level, reached, more in zip(ranks, levels, above, strict=True)
        }


class Comparison:
    """The two rule sets side by side.

    `apart` are the questions in both whose answers cannot be compared. The patients that are shown
    are as much `like` somebody as can be.
    """

    def __init__(self, old: RuleSet, new: RuleSet, like: Mapping[str, Value]) -> None:
        shared = [name for name in new.questions if name in old.questions]
        self._pairs = [_Pair(old.questions[name], new.questions[name]) for name in shared]
        self.apart = tuple(pair.id for pair in self._pairs if not pair.is_comparable)
        values_old, values_new = find_all_telling_values(old), find_all_telling_values(new)
        for pair in self._pairs:
            pair.match(values_old, values_new)
        # Only a symbol of the same name means the same answer, so all others need another name.
        same = {pair.id for pair in self._pairs if pair.is_same}
        names = {name: f"{name} before" for name in old.questions if name not in same}
        self._old = _Side(old, AnswerSymbols(values_old, names))
        self._new = _Side(new, AnswerSymbols(values_new))
        links = [
            pair.link(self._old.person, self._new.person)
            for pair in self._pairs
            if pair.is_comparable and not pair.is_same
        ]
        self._search = Search(self._new.person, *self._old.person.build_is_somebody(), *links)
        self._wishes = [
            *choose_mildest_answers(new, self._new.person, like),
            *choose_mildest_answers(old, self._old.person, like),
        ]

    def find_moves(self) -> Iterator[Move]:
        """Somebody for each way to move: from, to, and the red flag that makes the difference."""
        for before, had in self._old.exactly.items():
            for after, gets in self._new.exactly.items():
                if before != after and self._search.find_anybody(had, gets) is not None:
                    yield from self._by_red_flag(before, after)

    def _by_red_flag(self, before: Rank, after: Rank) -> Iterator[Move]:
        """Somebody for each red flag that puts people at the more urgent of the two ends."""
        side, level = (self._old, before) if after < before else (self._new, after)
        both = (self._old.exactly[before], self._new.exactly[after])
        for flag in side.rule_set.red_flags.values():
            if rank(flag) == level:
                present = side.encoding.build_present(flag)
                somebody = self._search.find_mildest(self._wishes, *both, present)
                if somebody is not None:
                    yield self._move(flag.id, somebody)

    def _move(self, flag: str, somebody: Somebody) -> Move:
        """The answers of somebody as they would give them, and what the engine makes of them."""
        values_old: dict[str, Answer] = {**somebody.read_values(self._old.person)}
        values_new: dict[str, Answer] = {**somebody.read_values(self._new.person)}
        for pair in self._pairs:
            pair.say_not_sure(values_old, values_new, (self._old.person, self._new.person))
            pair.say_whole_numbers(values_old, values_new)
        old = build_patient(self._old.rule_set, values_old)
        new = build_patient(self._new.rule_set, values_new)
        before = find_urgency(self._old.rule_set, old)
        after = find_urgency(self._new.rule_set, new)
        return Move(before=before, after=after, flag=flag, old=old, new=new)


class _Pair:
    """A question of both rule sets.

    `is_comparable`: an answer to one can be the answer to the other. `is_same`: it always is.
    """

    def __init__(self, old: Question, new: Question) -> None:
        self.old, self.new = old, new
        self.id = new.id
        self.is_comparable = _are_comparable(old, new)
        alike = old.not_sure == new.not_sure and _on_offer(old) == _on_offer(new)
        self.is_same = self.is_comparable and alike

    def match(
        self, values_old: dict[str, tuple[Value, ...]], values_new: dict[str, tuple[Value, ...]]
    ) -> None:
        """Give both sides the same telling values, as far as each takes them.

        Then an answer is the same on both. Changes the two mappings.
        """
        if not self.is_comparable:
            return
        if isinstance(self.old, Number) and isinstance(self.new, Number):
            telling = (*values_old[self.id], *values_new[self.id])
            bounds = {value for value in telling if not isinstance(value, str)}
            bounds |= _edges(self.old) | _edges(self.new)
            values_old[self.id] = _within(bounds, self.old)
            values_new[self.id] = _within(bounds, self.new)
        elif self.is_same:
            values_old[self.id] = values_new[self.id]

    def link(self, old: AnswerSymbols, new: AnswerSymbols) -> Formula:
        """How the answers of a person to the two hang together.

        They are the same, or both "not sure", or one is not on offer on the other side: then that
        person may say anything there.
        """
        before, after = old.cells[self.id], new.cells[self.id]
        same = [z3.And(before[value], after[value]) for value in before if value in after]
        gone = [before[value] for value in before if value not in after]
        come = [after[value] for value in after if value not in before]
        return z3.Or([*same, *gone, *come, *self._not_sure(old, new)])

    def say_not_sure(
        self,
        old: dict[str, Answer],
        new: dict[str, Answer],
        persons: tuple[AnswerSymbols, AnswerSymbols],
    ) -> None:
        """Let somebody say "not sure" whose two answers differ only because it counts otherwise.

        Changes the two mappings.
        """
        not_sure_old, not_sure_new = self.old.not_sure, self.new.not_sure
        if not self.is_comparable or old[self.id] == new[self.id]:
            return
        if not_sure_old is None or not_sure_new is None:
            return
        is_not_sure_old = old[self.id] == persons[0].find_cell(self.id, not_sure_old)
        is_not_sure_new = new[self.id] == persons[1].find_cell(self.id, not_sure_new)
        if is_not_sure_old and is_not_sure_new:
            old[self.id] = new[self.id] = NOT_SURE

    def say_whole_numbers(self, old: dict[str, Answer], new: dict[str, Answer]) -> None:
        """Show the least number that only one of the two takes as a whole number.

        What lies just above a range is a float that nobody would say. Changes the two mappings.
        """
        for values, own, other in ((old, self.old, self.new), (new, self.new, self.old)):
            if isinstance(own, Number) and isinstance(other, Number):
                value = values[self.id]
                if value == _just_above(other):
                    assert isinstance(value, int | float)
                    values[self.id] = min(math.floor(value) + 1, own.maximum)

    def _not_sure(self, old: AnswerSymbols, new: AnswerSymbols) -> list[Formula]:
        if self.old.not_sure is None or self.new.not_sure is None:
            return []
        before = old.build_answers(self.id, self.old.not_sure)
        after = new.build_answers(self.id, self.new.not_sure)
        return [z3.And(before, after)]


def _edges(question: Number) -> set[float]:
    """Where the answers begin that it takes, and where they have ended."""
    return {question.minimum, _just_above(question)}


def _just_above(question: Number) -> float:
    """The least number above the range."""
    return math.nextafter(question.maximum, math.inf)


def _within(bounds: set[float], question: Number) -> tuple[Value, ...]:
    return tuple(sorted(bound for bound in bounds if question.minimum <= bound <= question.maximum))


def _are_comparable(old: Question, new: Question) -> bool:
    if isinstance(old, Number) and isinstance(new, Number):
        return old.unit == new.unit and old.minimum <= new.maximum and new.minimum <= old.maximum
    return old.kind == new.kind and bool(_options(old) & _options(new))


def _on_offer(question: Question) -> object:
    """What may be answered, in a form that can be compared."""
    if isinstance(question, Number):
        return question.minimum, question.maximum
    return _options(question)


def _options(question: Question) -> set[str]:
    match question:
        case YesNo():
            return {"yes", "no"}
        case Choice(options=options):
            return {option.id for option in options}
        case Number():
            return set()
        case _:
            assert_never(question)
