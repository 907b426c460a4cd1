"""(people with their chances, figures) -> what is true of them, and what they answer, as planes.

A patient is a cause and a column of chances, drawn once. What a patient answers follows from these
and from the figures, so the same people can be asked again with other figures: only those change
whom the other figures make change.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Any

import numpy as np

from backtriage.condition_parts import find_dependencies
from backtriage.model import NOT_SURE, Answer, Answers, Condition, Number, RuleSet
from backtriage.plane_code import Slot, place_slots
from backtriage.planes import Run, compile_conditions
from backtriage.study.simulate.chances import DOUBT, TRAITS, Chance, Crowd
from backtriage.study.simulate.population import (
    AnswerModel,
    Bands,
    Cause,
    Distribution,
    Figure,
    Part,
    Population,
    Values,
    find_parts,
    find_starts,
    list_figures,
    place_number,
)
from backtriage.tables.decide import unpack_plane


@dataclass(frozen=True, slots=True)
class Said:
    """What is true of each of some people, and what was answered: the planes of all questions.

    In `doubts` and `applies` are, by question, those who say "not sure" if they are asked, and
    those who are.
    """

    truth: Sequence[int]
    doubts: Mapping[str, int]
    answers: Sequence[int]
    applies: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Option:
    """A distribution with the figures that it is made of."""

    distribution: Distribution
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    """One question as people with a cause are asked it.

    `whens` has the conditions of all of `options` but the last; the first that holds counts.
    `waits_for` are the questions that these rest on, and `figures` the ids of those of all options.
    """

    question: str
    slot: Slot
    chance: Chance
    doubt: Chance
    unsure: Figure
    can_doubt: bool
    whens: Run | None
    options: tuple[_Option, ...]
    waits_for: frozenset[str]
    figures: frozenset[str]


@dataclass(frozen=True, slots=True)
class Plan:
    """How people with a cause are asked; `flags` are the chances of the flags of the study.

    `signs` says who has a sign of the cause. `bearing` are the ids of the figures that bear on what
    they answer.
    """

    cause: Cause
    asked: tuple[_Asked, ...]
    flags: tuple[Chance, ...]
    signs: Run | None
    bearing: frozenset[str]

    @property
    def width(self) -> int:
        """How many chances each person has."""
        return TRAITS + 2 * len(self.asked) + len(self.flags)


class Asking:
    """Asks the people of one setting.

    With the values `no_doubts` nobody says "not sure". `run` gives the planes of all red flags by
    what is answered, `run_study` those of the conditions of the study by what is true.
    """

    def __init__(self, rule_set: RuleSet, population: Population, setting: str) -> None:
        self.rule_set = rule_set
        self.population = population
        self.setting = setting
        slots = place_slots(rule_set, population.list_conditions())
        self.size = sum(slot.size for slot in slots.values())
        self._slots = slots
        ask_ifs = {
            name: question.ask_if
            for name, question in rule_set.questions.items()
            if question.ask_if is not None
        }
        self._ask_ifs = {name: self._compile([when]) for name, when in ask_ifs.items()}
        self._waits_for = {
            name: find_dependencies(ask_ifs[name], rule_set) if name in ask_ifs else set()
            for name in rule_set.questions
        }
        whens = [flag.when for flag in rule_set.red_flags.values()]
        self.run = self._compile(whens)
        mapped = [flag.when for flag in population.calibration.flags if flag.when is not None]
        self.run_study = self._compile(mapped)
        unsure = [
            model.unsure
            for cause in population.list_causes(setting)
            for model in population.list_models(setting, cause)
        ]
        self.no_doubts = {one.id: 0.0 for one in (population.unsure, *unsure) if one}
        self.plans = {cause.id: self._plan(cause) for cause in population.list_causes(setting)}

    def _compile(self, conditions: Iterable[Condition]) -> Run:
        return compile_conditions(self.rule_set, conditions, self._slots)

    def _plan(self, cause: Cause) -> Plan:
        models = self.population.list_models(self.setting, cause)
        asked = tuple(
            self._plan_question(model, TRAITS + 2 * number) for number, model in enumerate(models)
        )
        behind = TRAITS + 2 * len(models)
        flags = self.population.calibration.flags
        return Plan(
            cause=cause,
            asked=asked,
            flags=tuple(Chance(place, flag.severity) for place, flag in enumerate(flags, behind)),
            signs=self._compile([cause.signs]) if cause.signs else None,
            bearing=frozenset(name for one in asked for name in (*one.figures, one.unsure.id)),
        )

    def _plan_question(self, model: AnswerModel, place: int) -> _Asked:
        whens = [when for when, _ in model.where]
        unsure = self.population.get_unsure(model)
        options = [_Option(one, tuple(list_figures(one))) for one in model.distributions]
        return _Asked(
            question=model.question,
            slot=self._slots[model.question],
            chance=Chance(place, model.severity),
            doubt=Chance(place + 1, self.population.clustering, DOUBT),
            unsure=unsure,
            can_doubt=self.rule_set.questions[model.question].not_sure is not None,
            whens=self._compile(whens) if whens else None,
            options=tuple(options),
            waits_for=frozenset(
                name for when in whens for name in find_dependencies(when, self.rule_set)
            ),
            figures=frozenset(figure.id for figure in model.list_figures()),
        )

    # Asking ---------------------------------------------------------------------------------------

    def ask(self, plan: Plan, crowd: Crowd, values: Values, before: Said | None = None) -> Said:
        """What is true of people, and what they answer if the figures have these values.

        `before` is what the same people say with the figures of the file. It saves most of the work
        where few figures are otherwise, and changes nothing of what comes out.
        """
        truth = list(before.truth) if before else [0] * self.size
        doubts: dict[str, int] = {}
        changed: set[str] = set()
        for asked in plan.asked:
            name, slot = asked.question, asked.slot
            if before is None or _is_touched(asked, values, changed):
                drawn = _draw(crowd, asked, truth, values)
                if drawn != truth[slot.place : slot.place + slot.size]:
                    truth[slot.place : slot.place + slot.size] = drawn
                    changed.add(name)
            unsure = asked.unsure.get_share(values) if asked.can_doubt else 0.0
            doubts[name] = crowd.find_above(asked.doubt, 1 - unsure)
            if before and doubts[name] != before.doubts[name]:
                changed.add(name)
        return self._answer(crowd, truth, doubts, changed, before)

    def _answer(
        self,
        crowd: Crowd,
        truth: Sequence[int],
        doubts: Mapping[str, int],
        changed: set[str],
        before: Said | None,
    ) -> Said:
        """The answers to the questions that apply, some of them "not sure".

        `changed` are the questions with another truth or other doubts than before.
        """
        answers = list(before.answers) if before else [0] * self.size
        applies = dict(before.applies) if before else {}
        for name, question in self.rule_set.questions.items():
            waits_for = self._waits_for[name]
            if before and name not in changed and changed.isdisjoint(waits_for):
                continue
            changed.add(name)
            slot, here = self._slots[name], crowd.all
            if name in self._ask_ifs:  # it needs earlier answers only
                here &= ~self._ask_ifs[name](crowd.all, answers)[1]
            unsure = here & doubts[name]
            counts = slot.hold(question.not_sure) if question.not_sure is not None else ()
            for place in range(slot.place, slot.place + slot.size):
                answers[place] = truth[place] & here & ~unsure
                if unsure and counts[place - slot.place]:
                    answers[place] |= unsure
            applies[name] = here
        return Said(truth, doubts, answers, applies)

    # What one person says -------------------------------------------------------------------------

    def list_answers(self, plan: Plan, crowd: Crowd, said: Said, people: int) -> Iterator[Answers]:
        """The answers of each of the people in a plane; the figures are those of the file."""
        asked = {one.question: one for one in plan.asked}
        columns: list[tuple[str, list[Answer | None]]] = []
        for name, question in self.rule_set.questions.items():
            column = np.full(crowd.people, None, object)
            if isinstance(question, Number):
                numbers = _find_numbers(crowd, asked[name], said.truth)
                column[:] = numbers.tolist()
            else:
                slot = self._slots[name]
                for place, mark in enumerate(slot.marks, slot.place + 1):
                    column[unpack_plane(said.truth[place], crowd.people)] = mark
            column[unpack_plane(said.doubts[name], crowd.people)] = NOT_SURE
            column[~unpack_plane(said.applies[name], crowd.people)] = None
            columns.append((name, column[unpack_plane(people, crowd.people)].tolist()))
        names = [name for name, _ in columns]
        for row in zip(*(column for _, column in columns), strict=True):
            pairs = zip(names, row, strict=True)
            yield Answers({name: answer for name, answer in pairs if answer is not None})


def _is_touched(asked: _Asked, values: Values, changed: set[str]) -> bool:
    """Whether the answer may be another one, with these values or after these changes."""
    if not changed.isdisjoint(asked.waits_for):
        return True
    return any(name in asked.figures for name in values)


def _choose(crowd: Crowd, asked: _Asked, truth: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The number of each distribution that counts for somebody, and the plane of these people."""
    rest = crowd.all
    if asked.whens is not None:
        for number, holds in enumerate(asked.whens(crowd.all, truth)[::2]):
            if holds & rest:
                yield number, holds & rest
            rest &= ~holds
    if rest:
        yield len(asked.options) - 1, rest


def _draw(crowd: Crowd, asked: _Asked, truth: Sequence[int], values: Values) -> list[int]:
    """The planes of a question by what is true of each person, given what was drawn before."""
    planes = [crowd.all] + [0] * len(asked.slot.marks)
    for number, chosen in _choose(crowd, asked, truth):
        held = _hold(crowd, asked, number, values)
        for place, plane in enumerate(held, 1):
            planes[place] |= plane & chosen
    return planes


def _hold(crowd: Crowd, asked: _Asked, number: int, values: Values) -> Sequence[int]:
    """For each mark of a question, who has it if this distribution counts for them."""
    option = asked.options[number]
    shares = tuple(figure.get_share(values) for figure in option.figures)
    key = asked.chance.place, number, shares
    held = crowd.kept.get(key)
    if held is None:
        held = crowd.kept[key] = [
            _find_people(crowd, asked.chance, parts)
            for parts in find_parts(option.distribution, shares, asked.slot.marks)
        ]
    return held


def _find_people(crowd: Crowd, chance: Chance, parts: Iterable[Part]) -> int:
    """Who stands in one of the parts."""
    people = 0
    for start, end in parts:
        people |= crowd.find_above(chance, start) & ~crowd.find_above(chance, end)
    return people


def _find_numbers(crowd: Crowd, asked: _Asked, truth: Sequence[int]) -> Any:
    """The number that is true of each person, with the figures of the file."""
    numbers = np.zeros(crowd.people, np.int64)
    for place, chosen in _choose(crowd, asked, truth):
        distribution = asked.options[place].distribution
        assert isinstance(distribution, Bands)
        shares = [figure.share for _, _, figure in distribution.bands]
        parts = pairwise(find_starts(distribution, shares))
        for (low, high, _), part in zip(distribution.bands, parts, strict=True):
            people = chosen & _find_people(crowd, asked.chance, [part])
            here = np.flatnonzero(unpack_plane(people, crowd.people))
            numbers[here] = _search_band(crowd, asked.chance, here, (low, high), part)
    return numbers


def _search_band(
    crowd: Crowd, chance: Chance, people: Any, band: tuple[float, float], part: Part
) -> Any:
    """The number of each person in a band: the highest from which on the person stands."""
    low, high = band
    least = np.full(len(people), int(low))
    most = np.full(len(people), ceil(high) - 1)
    while (least < most).any():
        middle = (least + most + 1) // 2
        is_above = crowd.check_above(chance, people, place_number(low, high, *part, middle))
        least = np.where(is_above, middle, least)
        most = np.where(is_above, most, middle - 1)
    return least
