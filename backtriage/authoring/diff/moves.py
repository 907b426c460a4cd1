"""Two rule sets as formulas over the answers of one person -> everybody who moves to more or less urgency."""

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
from backtriage.authoring.prove.search import Found, Search, choose_mildest_answers
from backtriage.engine import HOME_CARE, find_all_telling_values, rank
from backtriage.model import NOT_SURE, Answer, Choice, Number, Question, RuleSet, Value, YesNo

Rank = tuple[int, int]


class _Side:
    """One of the two rule sets, and when somebody gets exactly which urgency from it."""

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
    """The two rule sets side by side; `apart` are the questions in both whose answers cannot be compared."""

    def __init__(self, old: RuleSet, new: RuleSet, like: Mapping[str, Value]) -> None:
        pairs = [
            _Pair(old.questions[name], new.questions[name])
            for name in new.questions
            if name in old.questions
        ]
        self._pairs = pairs
        values_old, values_new = find_all_telling_values(old), find_all_telling_values(new)
        for pair in pairs:
            pair.match(values_old, values_new)
        names = {
            name: f"{name} before"
            for name in old.questions
            if name not in {pair.id for pair in pairs if pair.is_same}
        }
        self.apart = tuple(pair.id for pair in pairs if not pair.is_comparable)
        self._old = _Side(old, AnswerSymbols(values_old, names))
        self._new = _Side(new, AnswerSymbols(values_new))
        links = [
            pair.link(self._old.person, self._new.person)
            for pair in pairs
            if pair.is_comparable and not pair.is_same
        ]
        self._search = Search(self._new.person, *self._old.person.build_is_somebody(), *links)
        self._wishes = [
            *choose_mildest_answers(new, self._new.person, like),
            *choose_mildest_answers(old, self._old.person, like),
        ]

    def find_moves(self) -> Iterator[Move]:
        """Everybody who moves, by what they had, what they get and the red flag that makes the difference."""
        for before, had in self._old.exactly.items():
            for after, gets in self._new.exactly.items():
                if before != after and self._search.find_anybody(had, gets) is not None:
                    yield from self._by_red_flag(before, after)

    def _by_red_flag(self, before: Rank, after: Rank) -> Iterator[Move]:
        side, level = (self._old, before) if after < before else (self._new, after)
        both = (self._old.exactly[before], self._new.exactly[after])
        for flag in side.rule_set.red_flags.values():
            if rank(flag) == level:
                found = self._search.find_mildest(
                    self._wishes, *both, side.encoding.build_present(flag)
                )
                if found is not None:
                    yield self._move(flag.id, found)

    def _move(self, flag: str, found: Found) -> Move:
        values_old: dict[str, Answer] = {**found.read_values(self._old.person)}
        values_new: dict[str, Answer] = {**found.read_values(self._new.person)}
        for pair in self._pairs:
            pair.say_not_sure(values_old, values_new, (self._old.person, self._new.person))
            pair.say_whole_numbers(values_old, values_new)
        old, new = (
            build_patient(self._old.rule_set, values_old),
            build_patient(self._new.rule_set, values_new),
        )
        before, after = find_urgency(self._old.rule_set, old), find_urgency(self._new.rule_set, new)
        return Move(before=before, after=after, flag=flag, old=old, new=new)


class _Pair:
    """A question of both rule sets."""

    def __init__(self, old: Question, new: Question) -> None:
        self.old, self.new = old, new
        self.id = new.id
        self.is_comparable = _are_comparable(old, new)
        self.is_same = (
            self.is_comparable and old.not_sure == new.not_sure and _on_offer(old) == _on_offer(new)
        )

    def match(
        self, values_old: dict[str, tuple[Value, ...]], values_new: dict[str, tuple[Value, ...]]
    ) -> None:
        """Give both sides the same values, as far as each has them, so that an answer is the same on both."""
        if not self.is_comparable:
            return
        if isinstance(self.old, Number) and isinstance(self.new, Number):
            bounds = {
                value
                for value in (*values_old[self.id], *values_new[self.id])
                if not isinstance(value, str)
            }
            bounds |= _edges(self.old) | _edges(self.new)
            values_old[self.id] = _within(bounds, self.old)
            values_new[self.id] = _within(bounds, self.new)
        elif self.is_same:
            values_old[self.id] = values_new[self.id]

    def link(self, old: AnswerSymbols, new: AnswerSymbols) -> Formula:
        """How the answers of a person to the two hang together: the same, both "not sure", or no longer on offer."""
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
        """Where somebody gives two different answers because "not sure" counts otherwise, let them say "not sure"."""
        if (
            not self.is_comparable
            or old[self.id] == new[self.id]
            or None in (self.old.not_sure, self.new.not_sure)
        ):
            return
        counts_as = zip(persons, (self.old.not_sure, self.new.not_sure), strict=True)
        if [old[self.id], new[self.id]] == [
            person.find_cell(self.id, value) for person, value in counts_as if value is not None
        ]:
            old[self.id] = new[self.id] = NOT_SURE

    def say_whole_numbers(self, old: dict[str, Answer], new: dict[str, Answer]) -> None:
        """Show the least number that only one of the two takes as a whole number."""
        for values, own, other in ((old, self.old, self.new), (new, self.new, self.old)):
            if (
                isinstance(own, Number)
                and isinstance(other, Number)
                and values[self.id] in _edges(other)
            ):
                least = values[self.id]
                assert isinstance(least, int | float)
                values[self.id] = (
                    least if least == other.minimum else min(math.floor(least) + 1, own.maximum)
                )

    def _not_sure(self, old: AnswerSymbols, new: AnswerSymbols) -> list[Formula]:
        if self.old.not_sure is None or self.new.not_sure is None:
            return []
        return [
            z3.And(
                old.build_answers(self.id, self.old.not_sure),
                new.build_answers(self.id, self.new.not_sure),
            )
        ]


def _edges(question: Number) -> set[float]:
    """The least number of a range, and the least above it: where the answers begin and end that it takes."""
    return {question.minimum, math.nextafter(question.maximum, math.inf)}


def _within(bounds: set[float], question: Number) -> tuple[Value, ...]:
    return tuple(sorted(bound for bound in bounds if question.minimum <= bound <= question.maximum))


def _are_comparable(old: Question, new: Question) -> bool:
    if isinstance(old, Number) and isinstance(new, Number):
        return old.unit == new.unit and old.minimum <= new.maximum and new.minimum <= old.maximum
    return old.kind == new.kind and bool(_options(old) & _options(new))


def _on_offer(question: Question) -> object:
    return (
        (question.minimum, question.maximum) if isinstance(question, Number) else _options(question)
    )


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
