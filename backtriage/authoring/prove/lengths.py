"""RuleSet -> the shortest and the longest interview that a patient can have, each with a patient.

They are those of people who are sure of each answer. Whoever is not is asked some questions once
more, with their checks; so the longest with all of these is told, too.

The interview is written as formulas, step by step: which questions are needed, given what was
answered before. It asks in the order of the rule set, and what is no longer needed never is again,
so one pass over the steps tells it all.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never

import z3

from backtriage.authoring.prove.encoding import (
    FALSE,
    AnswerSymbols,
    Encoding,
    Formula,
    Given,
    TruthFormulas,
)
from backtriage.authoring.prove.search import Search, Somebody
from backtriage.condition_parts import find_dependencies
from backtriage.interview import Interview
from backtriage.model import (
    AllOf,
    Answers,
    AnyOf,
    AtLeast,
    Between,
    Condition,
    Defined,
    Not,
    OneOf,
    Question,
    RuleSet,
)
from backtriage.status import find_affected, find_all_telling_values, rank
from backtriage.steps import has_check, list_steps


@dataclass(frozen=True, slots=True)
class Length:
    """How many prompts an interview has, and the answers given in it, in the order of asking.

    `checks` is how many more there are if the person is not sure at first wherever there is a
    check, and then gives these answers.
    """

    prompts: int
    checks: int
    answers: Answers


def measure_lengths(rule_set: RuleSet) -> tuple[Length, Length, Length]:
    """The shortest, the longest and the longest with all its checks, in this order."""
    course = _Course(rule_set)
    search = Search(course.person, *course.known)
    somebody = search.find_anybody()
    assert somebody is not None  # everybody has some interview
    shortest = longest = somebody
    while shorter := search.find_anybody(course.build_shorter_than(shortest)):
        shortest = shorter
    while longer := search.find_anybody(course.build_longer_than(longest)):
        longest = longer
    most = longest
    while more := search.find_anybody(course.build_longer_with_checks_than(most)):
        most = more
    return (
        _hold_interview(course, shortest),
        _hold_interview(course, longest),
        _hold_interview(course, most),
    )


def _hold_interview(course: "_Course", somebody: Somebody) -> Length:
    """The interview as it is held; so it is beyond doubt that its length is the one computed."""
    values = somebody.read_values(course.person)
    interview = Interview(course.rule_set)
    prompts = checks = 0
    while step := interview.step:
        answers = {question.id: values[question.id] for question in step.questions}
        interview = interview.take_answers(answers)
        prompts, checks = prompts + 1, checks + has_check(step)
    assert prompts == course.count(course.prompts, somebody)
    assert prompts + checks == course.count(course.with_checks, somebody)
    return Length(prompts, checks, interview.get_answers())


class _Course:
    """The course of the interview as formulas.

    `known` is what holds of all interviews. `prompts` has a formula for each step, that it is
    asked, with the weight 1, as the solver wants it to count them; `with_checks` has the same with
    the weight 2 where it is asked once more of who is not sure.
    """

    def __init__(self, rule_set: RuleSet) -> None:
        self.rule_set = rule_set
        self.person = AnswerSymbols(find_all_telling_values(rule_set))
        self.known: list[Formula] = []
        self.prompts: list[tuple[Formula, int]] = []
        self.with_checks: list[tuple[Formula, int]] = []
        self._steps = list_steps(rule_set, set(rule_set.questions))
        self._step_of = {
            question.id: number
            for number, step in enumerate(self._steps)
            for question in step.questions
        }
        self._asked = {question: z3.Bool(f"{question} asked") for question in rule_set.questions}
        self._encodings = [
            Encoding(rule_set, self.person, self._given_before(step))
            for step in range(len(self._steps))
        ]
        self._bearing: dict[Condition, tuple[str, ...]] = {}
        self._write()

    def count(self, prompts: list[tuple[Formula, int]], somebody: Somebody) -> int:
        """How many prompts somebody meets, by their weights."""
        return sum(weight for asked, weight in prompts if somebody.check_holds(asked))

    def build_shorter_than(self, somebody: Somebody) -> Formula:
        """That the interview has fewer prompts than that of somebody."""
        return z3.PbLe(self.prompts, self.count(self.prompts, somebody) - 1)

    def build_longer_than(self, somebody: Somebody) -> Formula:
        """That the interview has more prompts than that of somebody."""
        return z3.PbGe(self.prompts, self.count(self.prompts, somebody) + 1)

    def build_longer_with_checks_than(self, somebody: Somebody) -> Formula:
        """That the interview with all its checks has more prompts than that of somebody."""
        return z3.PbGe(self.with_checks, self.count(self.with_checks, somebody) + 1)

    def _given_before(self, step: int) -> Given:
        """Before a step, those questions have answers that were asked in earlier ones."""
        return lambda _, question: (
            self._asked[question.id] if self._step_of[question.id] < step else FALSE
        )

    def _write(self) -> None:
        """Go through the steps, keeping for each urgency whether it has been reached."""
        flags = self.rule_set.red_flags.values()
        reached: dict[tuple[int, int], Formula] = dict.fromkeys(map(rank, flags), FALSE)
        for number, step in enumerate(self._steps):
            changed = [flag for flag in flags if self._last_change(flag.when, number) == number]
            for level, before in list(reached.items()):
                urgent = [flag for flag in changed if rank(flag) >= level]
                now = [self._outcome(flag.when, number).true for flag in urgent]
                reached[level] = self._name(f"{level} before {number}", z3.Or(before, *now))
            for question in step.questions:
                needed = self._is_needed(question, number, reached)
                self.known.append(self._asked[question.id] == needed)
            asked = z3.Or([self._asked[question.id] for question in step.questions])
            prompt = self._name(f"prompt {number}", asked)
            self.prompts.append((prompt, 1))
            self.with_checks.append((prompt, 1 + has_check(step)))

    def _name(self, name: str, formula: Formula) -> Formula:
        """A symbol for a formula, so that others do not repeat it."""
        self.known.append(z3.Bool(name) == formula)
        return z3.Bool(name)

    def _is_needed(
        self, question: Question, step: int, reached: Mapping[tuple[int, int], Formula]
    ) -> Formula:
        """That a decisive red flag (see `engine.Status`) waits for the question."""
        return z3.Or(
            [
                z3.And(z3.Not(reached[rank(flag)]), self._is_open(flag.when, question.id, step))
                for flag in find_affected(self.rule_set, question.id)
            ]
        )

    def _is_open(self, condition: Condition, question: str, step: int) -> Formula:
        """That the condition waits for the question, as in `conditions.find_open_questions`."""
        if question not in self._questions(condition):
            return FALSE
        match condition:
            case OneOf(asked) | Between(asked):
                return self._is_open_question(asked, question, step)
            case Defined(name):
                return self._is_open(self.rule_set.definitions[name], question, step)
            case Not(of):
                return self._is_open(of, question, step)
            case AllOf(of) | AnyOf(of) | AtLeast(_, of):
                parts = [self._is_open(part, question, step) for part in of]
                return z3.And(self._outcome(condition, step).unknown, z3.Or(parts))
            case _:
                assert_never(condition)

    def _is_open_question(self, asked: str, question: str, step: int) -> Formula:
        """That a comparison on `asked` waits for the question: for `asked` itself, or to ask it."""
        ask_if = self.rule_set.questions[asked].ask_if
        unknown = z3.Not(self._encodings[step].build_given(asked))
        if ask_if is None:
            return unknown
        unknown = z3.And(unknown, z3.Not(self._outcome(ask_if, step).false))
        if asked == question:
            return unknown
        return z3.And(unknown, self._is_open(ask_if, question, step))

    def _outcome(self, condition: Condition, step: int) -> TruthFormulas:
        """What a condition is before a step: the same as after its last change."""
        return self._encodings[self._last_change(condition, step)].build_truth(condition)

    def _last_change(self, condition: Condition, step: int) -> int:
        """The step before which the condition became what it is before the given step."""
        steps = (self._step_of[question] + 1 for question in self._questions(condition))
        return max((changed for changed in steps if changed <= step), default=0)

    def _questions(self, condition: Condition) -> tuple[str, ...]:
        if condition not in self._bearing:
            self._bearing[condition] = tuple(find_dependencies(condition, self.rule_set))
        return self._bearing[condition]
