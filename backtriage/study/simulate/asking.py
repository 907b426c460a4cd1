"""(people with their chances, figures) -> what is true of them, and what they answer, as planes.

A patient is a cause and a column of chances, drawn once. What a patient answers follows from these
and from the figures, so the same people can be asked again with other figures: only those change
whom the other figures make change.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from backtriage.condition_parts import find_dependencies
from backtriage.model import Condition, RuleSet
from backtriage.plane_code import place_slots
from backtriage.planes import Run, compile_conditions
from backtriage.study.simulate.chances import Chance, Crowd
from backtriage.study.simulate.plan import Asked, Plan, make_plan
from backtriage.study.simulate.population import Population, Values
from backtriage.study.simulate.rows import Part, find_parts


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


class Asking:
    """Asks the people of one setting.

    With the values `no_doubts` nobody says "not sure". `run` gives the planes of all red flags by
    what is answered, `run_study` those of the conditions of the study by what is true.
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
        self._ask_ifs = {name: self._compile([when]) for name, when in ask_ifs.items()}
        self._waits_for = {
            name: find_dependencies(ask_ifs[name], rule_set) if name in ask_ifs else set()
            for name in rule_set.questions
        }
        self.run = self._compile(flag.when for flag in rule_set.red_flags.values())
        mapped = [flag.when for flag in population.calibration.flags if flag.when is not None]
        self.run_study = self._compile(mapped)
        self.plans = {
            cause.id: make_plan(rule_set, population, setting, cause, self.slots)
            for cause in population.list_causes(setting)
        }
        asked = [one for plan in self.plans.values() for one in plan.asked]
        self.no_doubts = dict.fromkeys((one.unsure.id for one in asked), 0.0)

    def _compile(self, conditions: Iterable[Condition]) -> Run:
        return compile_conditions(self.rule_set, conditions, self.slots)

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
            slot, here = self.slots[name], crowd.all
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


def _is_touched(asked: Asked, values: Values, changed: set[str]) -> bool:
    """Whether the answer may be another one, with these values or after these changes."""
    if not changed.isdisjoint(asked.waits_for):
        return True
    return any(name in asked.figures for name in values)


def choose_options(crowd: Crowd, asked: Asked, truth: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The number of each distribution that counts for somebody, and the plane of these people."""
    rest = crowd.all
    if asked.whens is not None:
        for number, holds in enumerate(asked.whens(crowd.all, truth)[::2]):
            if holds & rest:
                yield number, holds & rest
            rest &= ~holds
    if rest:
        yield len(asked.options) - 1, rest


def _draw(crowd: Crowd, asked: Asked, truth: Sequence[int], values: Values) -> list[int]:
    """The planes of a question by what is true of each person, given what was drawn before."""
    planes = [crowd.all] + [0] * len(asked.slot.marks)
    for number, chosen in choose_options(crowd, asked, truth):
        held = _hold(crowd, asked, number, values)
        for place, plane in enumerate(held, 1):
            planes[place] |= plane & chosen
    return planes


def _hold(crowd: Crowd, asked: Asked, number: int, values: Values) -> Sequence[int]:
    """For each mark of a question, who has it if this distribution counts for them."""
    option = asked.options[number]
    shares = tuple(figure.get_share(values) for figure in option.figures)
    key = asked.chance.place, number, shares
    held = crowd.kept.get(key)
    if held is None:
        held = crowd.kept[key] = [
            find_people(crowd, asked.chance, parts)
            for parts in find_parts(option.distribution, shares, asked.slot.marks)
        ]
    return held


def find_people(crowd: Crowd, chance: Chance, parts: Iterable[Part]) -> int:
    """Who stands in one of the parts."""
    people = 0
    for start, end in parts:
        people |= crowd.find_above(chance, start) & ~crowd.find_above(chance, end)
    return people
