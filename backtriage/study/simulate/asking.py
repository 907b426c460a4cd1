"""(people with their chances, figures) -> what is true of them, and what they answer, as planes.

A patient is a cause and a column of chances, drawn once. What a patient answers follows from these
and from the figures, so the same people can be asked again with other figures: only those change
whom the other figures make change.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TypeVar

from backtriage.condition_parts import find_reasons_to_ask
from backtriage.model import Condition, RuleSet
from backtriage.plane_code import place_slots
from backtriage.planes import Run, compile_conditions
from backtriage.study.simulate.chances import TRAITS, Chance, Crowd, Span
from backtriage.study.simulate.plan import Asked, make_plans
from backtriage.study.simulate.population import Figure, Population, Values
from backtriage.study.simulate.rows import Part, find_parts

Joined = TypeVar("Joined")


@dataclass(frozen=True, slots=True)
class Said:
    """What is true of each of some people, and what was answered: the planes of all questions.

    In `doubts` and `applies` are, by question, those who say "not sure" if they are asked, after
    its check too, and those who are asked.
    """

    truth: Sequence[int]
    doubts: Mapping[str, int]
    answers: Sequence[int]
    applies: Mapping[str, int]


class Asking:
    """All that it takes to ask people of one setting, made ready.

    `slots` is where the planes of each question stand among `size`, `ask_ifs` says whom it is put
    to, and `waits_for` on which questions that depends. `run` gives the planes of all red flags by
    what is answered, `run_study` those of the conditions of the study by what is true. With the
    values `no_doubts` nobody says "not sure". Each person has as many chances as `width` says,
    those for the flags of the study among them.
    """

    def __init__(self, rule_set: RuleSet, population: Population, setting: str) -> None:
        self.rule_set = rule_set
        self.population = population
        self.setting = setting
        self.slots = place_slots(rule_set, population.list_conditions())
        self.size = sum(slot.size for slot in self.slots.values())
        ask_ifs = {
            name: question.ask_if
            for name, question in rule_set.questions.items()
            if question.ask_if is not None
        }
        self.ask_ifs = {name: self._compile([when]) for name, when in ask_ifs.items()}
        self.waits_for = find_reasons_to_ask(rule_set)
        self.run = self._compile(flag.when for flag in rule_set.red_flags.values())
        mapped = [flag.when for flag in population.calibration.flags if flag.when is not None]
        self.run_study = self._compile(mapped)
        self.plans = make_plans(rule_set, population, setting, self.slots)
        asked = [one for plan in self.plans.values() for one in plan.asked]
        self.no_doubts = dict.fromkeys((one.doubts[0].id for one in asked), 0.0)
        first, flags = TRAITS + 2 * len(population.answers), population.calibration.flags
        self.flags = [Chance(place, flag.severity) for place, flag in enumerate(flags, first)]
        self.width = first + len(flags)

    def _compile(self, conditions: Iterable[Condition]) -> Run:
        return compile_conditions(self.rule_set, conditions, self.slots)


@dataclass(frozen=True, slots=True)
class Variant:
    """A question as some people are asked it: those of `people`, who all stand within `span`.

    `kept` has what was worked out, by number of the distribution and its shares.
    """

    asked: Asked
    span: Span
    people: int
    kept: dict[tuple[int, tuple[float, ...]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class _Doubt:
    """How often "not sure" is said to a question by the same people: the product of the figures.

    Who is in doubt most readily stays so after a check. That needs no chance of its own.
    """

    chance: Chance
    figures: tuple[Figure, ...]
    span: Span
    people: int

    def get_share(self, values: Values) -> float:
        """The share of people, if the figures have these values."""
        return prod(figure.get_share(values) for figure in self.figures)


class People:
    """The people of a crowd, whom one can ask as often as there are other figures."""

    def __init__(self, asking: Asking, crowd: Crowd) -> None:
        self.asking = asking
        self.crowd = crowd
        self.variants: dict[str, list[Variant]] = {}
        self._doubts: dict[str, list[_Doubt]] = {}
        plans = [(asking.plans[cause], span) for cause, span in crowd.causes.items()]
        for place, first in enumerate(plans[0][0].asked):
            same = [(plan.asked[place], span) for plan, span in plans]
            self.variants[first.question] = [
                Variant(asked, span, people, {}) for asked, span, people in _join(same)
            ]
            unsure = [(asked.doubts[0], span) for asked, span in same if asked.can_doubt]
            after_check = first.doubts[1:]  # it is the same whatever the cause
            self._doubts[first.question] = [
                _Doubt(first.doubt, (figure, *after_check), span, people)
                for figure, span, people in _join(unsure)
            ]

    def ask(self, values: Values, before: Said | None = None) -> Said:
        """What is true of people, and what they answer if the figures have these values.

        `before` is what the same people say with the figures of the file. It saves most of the work
        where few figures are otherwise, and changes nothing of what comes out.
        """
        truth = list(before.truth) if before else [0] * self.asking.size
        doubts: dict[str, int] = {}
        changed: set[str] = set()
        for name, variants in self.variants.items():
            slot = self.asking.slots[name]
            if before is None or any(_is_touched(one.asked, values, changed) for one in variants):
                drawn = self._draw(variants, truth, values)
                if drawn != truth[slot.place : slot.place + slot.size]:
                    truth[slot.place : slot.place + slot.size] = drawn
                    changed.add(name)
            doubts[name] = 0
            for doubt in self._doubts[name]:
                share = 1 - doubt.get_share(values)
                above = self.crowd.find_above(doubt.chance, share, doubt.span)
                doubts[name] |= above & doubt.people
            if before and doubts[name] != before.doubts[name]:
                changed.add(name)
        return self._answer(truth, doubts, changed, before)

    def _draw(self, variants: Sequence[Variant], truth: Sequence[int], values: Values) -> list[int]:
        """The planes of a question by what is true of each person, given what was drawn before."""
        planes = [self.crowd.all] + [0] * len(variants[0].asked.slot.marks)
        for variant in variants:
            for number, chosen in choose_options(self.crowd, variant, truth):
                held = _hold(self.crowd, variant, number, values)
                for place, plane in enumerate(held, 1):
                    planes[place] |= plane & chosen
        return planes

    def _answer(
        self,
        truth: Sequence[int],
        doubts: Mapping[str, int],
        changed: set[str],
        before: Said | None,
    ) -> Said:
        """The answers to the questions that apply, some of them "not sure".

        `changed` are the questions with another truth or other doubts than before.
        """
        asking = self.asking
        answers = list(before.answers) if before else [0] * asking.size
        applies = dict(before.applies) if before else {}
        for name, question in asking.rule_set.questions.items():
            waits_for = asking.waits_for[name]
            if before and name not in changed and changed.isdisjoint(waits_for):
                continue
            changed.add(name)
            slot, here = asking.slots[name], self.crowd.all
            if name in asking.ask_ifs:  # it needs earlier answers only
                here &= ~asking.ask_ifs[name](self.crowd.all, answers)[1]
            unsure = here & doubts[name]
            counts = slot.hold(question.not_sure) if question.not_sure is not None else ()
            for place in range(slot.place, slot.place + slot.size):
                answers[place] = truth[place] & here & ~unsure
                if unsure and counts[place - slot.place]:
                    answers[place] |= unsure
            applies[name] = here
        return Said(truth, doubts, answers, applies)

    def keep_nothing(self) -> None:
        """Forget what was worked out: with many other figures it would fill the memory."""
        self.crowd.keep_nothing()
        for variants in self.variants.values():
            for variant in variants:
                variant.kept.clear()


def _join(parts: Iterable[tuple[Joined, Span]]) -> Iterator[tuple[Joined, Span, int]]:
    """Each object once, with the span from its first to its last, and the plane of its people."""
    spans: dict[int, tuple[Joined, list[Span]]] = {}
    for one, span in parts:
        spans.setdefault(id(one), (one, []))[1].append(span)
    for one, joined in spans.values():
        people = 0
        for span in joined:
            people |= span.plane
        yield one, Span(joined[0].start, joined[-1].end), people


def _is_touched(asked: Asked, values: Values, changed: set[str]) -> bool:
    """Whether the answer may be another one, with these values or after these changes."""
    if not changed.isdisjoint(asked.waits_for):
        return True
    return any(name in asked.figures for name in values)


def choose_options(
    crowd: Crowd, variant: Variant, truth: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """The number of each distribution that counts for somebody, and the plane of these people."""
    rest = variant.people
    if variant.asked.whens is not None:
        for number, holds in enumerate(variant.asked.whens(crowd.all, truth)[::2]):
            if holds & rest:
                yield number, holds & rest
            rest &= ~holds
    if rest:
        yield len(variant.asked.options) - 1, rest


def _hold(crowd: Crowd, variant: Variant, number: int, values: Values) -> Sequence[int]:
    """For each mark of a question, who has it if this distribution counts for them."""
    asked = variant.asked
    option = asked.options[number]
    shares = tuple(figure.get_share(values) for figure in option.figures)
    held = variant.kept.get((number, shares))
    if held is None:
        held = variant.kept[number, shares] = [
            find_people(crowd, asked.chance, parts, variant.span)
            for parts in find_parts(option.distribution, shares, asked.slot.marks)
        ]
    return held


def find_people(crowd: Crowd, chance: Chance, parts: Iterable[Part], span: Span) -> int:
    """Who of a span stands in one of the parts."""
    people = 0
    for start, end in parts:
        people |= crowd.find_above(chance, start, span) & ~crowd.find_above(chance, end, span)
    return people
