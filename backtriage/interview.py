"""(RuleSet, Answers) -> the next question, or none; how many more; going back. No prompting here.

An `Interview` is frozen: every move gives a new one, so that each can be tested without a terminal.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from backtriage.condition_parts import find_dependencies
from backtriage.conditions import Facts, find_open_questions, find_reasons
from backtriage.model import (
    Answer,
    Answers,
    Area,
    Choice,
    Number,
    Question,
    QuestionList,
    RuleSet,
    Value,
    YesNo,
)
from backtriage.planes import hold_answers
from backtriage.status import Status, find_status


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked in one prompt: one question, or several of one list."""

    area: Area
    questions: tuple[Question, ...]
    list: QuestionList | None


@dataclass(frozen=True)
class Interview:
    """Where an interview stands.

    `history` holds the ids of the questions of each step taken, in order. `cursor` is the place in
    the history of a step that is being asked again, or None at the front; the answers after it are
    kept. `dropped` names the answers which the last move made stale. `doubtful` names answers that
    it made stale too, but that a red flag rests on: they count until the person says what becomes
    of them (`settle`). With `complete`, every question that applies is asked, whether or not it
    can still change the advice; with `also_ask`, each of these questions that does.
    """

    rule_set: RuleSet
    complete: bool = False
    answers: Mapping[str, Answer] = field(default_factory=dict)
    history: tuple[tuple[str, ...], ...] = ()
    cursor: int | None = None
    dropped: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    also_ask: tuple[str, ...] = ()

    @classmethod
    def resumed(cls, rule_set: RuleSet, answers: Answers, *, complete: bool = False) -> "Interview":
        """An interview that goes on from answers given earlier."""
        history: list[tuple[str, ...]] = []
        for question_id in answers.values:
            if history and _same_list(rule_set, history[-1][-1], question_id):
                history[-1] += (question_id,)
            else:
                history.append((question_id,))
        return cls(rule_set, complete, dict(answers.values), tuple(history))

    @cached_property
    def step(self) -> Step | None:
        """The next step, or None when nothing is left to ask."""
        if self.cursor is not None:
            return list_steps(self.rule_set, self.history[self.cursor])[0]
        return next(iter(list_steps(self.rule_set, self._needed)), None)

    @cached_property
    def at_most_more(self) -> int:
        """How many prompts may follow the present step at most."""
        asked = {question.id for question in self.step.questions} if self.step else set()
        if any(self._facts.check_applies(question) is False for question in asked):
            # One of them was kept though it does not apply, and is asked again.
            return len(list_steps(self.rule_set, set(self.rule_set.questions) - asked))
        needed = self._without(self._resting_on(asked))._needed
        return len(list_steps(self.rule_set, needed - asked))

    @cached_property
    def usual_more(self) -> int:
        """How many prompts follow the present step if all else is well, as it mostly is.

        A real path, so never more than can be.
        """
        count, at = -1, self
        while at.step is not None:
            given = {question.id: choose_mildest(question) for question in at.step.questions}
            at, count = replace(at.take_answers(given), doubtful=()), count + 1
        return max(count, 0)

    @cached_property
    def status(self) -> Status:
        """The red flags present and open, given the answers so far."""
        return find_status(self.rule_set, hold_answers(self.rule_set, self.answers))

    def get_answers(self) -> Answers:
        """The answers so far, as `assess` takes them."""
        return Answers(self.answers)

    @cached_property
    def _facts(self) -> Facts:
        return Facts(self.rule_set, self.get_answers())

    @cached_property
    def _needed(self) -> frozenset[str]:
        """The questions without answer that could still have to be asked."""
        wanted = tuple(self.rule_set.questions) if self.complete else self.also_ask
        needed = {
            question
            for question in wanted
            if question not in self.answers and self._facts.check_applies(question) is not False
        }
        if not self.complete:
            for flag in self.status.decisive:
                needed.update(find_open_questions(flag.when, self._facts))
        return frozenset(needed)

    def take_answers(self, given: Mapping[str, Answer]) -> "Interview":
        """Take the answers to the questions of the present step, and go to the next."""
        assert self.step is not None
        ids = tuple(question.id for question in self.step.questions)
        history = self.history if self.cursor is not None else (*self.history, ids)
        moved = replace(
            self,
            answers={**self.answers, **given},
            history=history,
            cursor=None,
            dropped=(),
            doubtful=(),
        )
        return moved._without_stale(self)

    def go_back(self) -> "Interview":
        """Ask the step before the present one again; at the first step, stay."""
        cursor = (len(self.history) if self.cursor is None else self.cursor) - 1
        return self if cursor < 0 else replace(self, cursor=cursor, dropped=())

    def reopen(self, question_id: str) -> "Interview":
        """Ask the step of a question again that was answered before."""
        cursor = next(place for place, ids in enumerate(self.history) if question_id in ids)
        return replace(self, cursor=cursor, dropped=())

    def settle(self, question_id: str, *, keep: bool) -> "Interview":
        """Say what becomes of a doubtful answer: keep it, or drop it."""
        doubtful = tuple(other for other in self.doubtful if other != question_id)
        settled = self if keep else self._without((question_id,))
        return replace(settled, doubtful=doubtful, dropped=())

    def _without_stale(self, before: "Interview") -> "Interview":
        """Drop the answers that have become stale, but none that a red flag rests on.

        Those become doubtful: to drop them would lower the urgency without a word of the person.
        """
        stale = self._stale(before)
        if not stale:
            return replace(self, dropped=(), doubtful=())
        dropped = stale
        while needed := self._needed_by_red_flags(dropped):
            dropped = tuple(question for question in dropped if question not in needed)
        doubtful = tuple(question for question in stale if question not in dropped)
        return replace(self._without(dropped), dropped=dropped, doubtful=doubtful)

    def _needed_by_red_flags(self, dropped: tuple[str, ...]) -> set[str]:
        """Those of the answers to be dropped without which a red flag would be less than it is.

        That is one that is present and would not be any more, or one that is open and would be
        absent. All of them, where a red flag would be less and it cannot be told which makes it so.
        """
        left = self._without(dropped).status
        lost = [flag for flag in self.status.present if flag not in left.present]
        closed = [
            flag for flag in self.status.open if flag not in left.open and flag not in left.present
        ]
        needed = {question for flag in lost for question in find_reasons(flag.when, self._facts)}
        for flag in closed:
            needed |= find_dependencies(flag.when, self.rule_set)
        return (needed & set(dropped)) or (set(dropped) if lost or closed else set())

    def _stale(self, before: "Interview") -> tuple[str, ...]:
        """The answered questions that no longer apply, but did before the last move.

        With those that cease to apply in turn when these have no answer.
        """
        stale = tuple(
            question
            for question in self.answers
            if self._facts.check_applies(question) is False
            and before._facts.check_applies(question) is not False
        )
        return (*stale, *self._without(stale)._stale(before)) if stale else ()

    def _without(self, questions: Collection[str]) -> "Interview":
        """The interview without the answers to some questions, at its front."""
        answers = {name: answer for name, answer in self.answers.items() if name not in questions}
        steps = (tuple(question for question in ids if question in answers) for ids in self.history)
        history = tuple(ids for ids in steps if ids)
        return replace(self, answers=answers, history=history, cursor=None)

    def _resting_on(self, questions: Collection[str]) -> set[str]:
        """The answered questions among these, and those that other answers to these may unmake."""
        asks_if = {question: self.rule_set.questions[question].ask_if for question in self.answers}
        return {
            question
            for question, ask_if in asks_if.items()
            if question in questions
            or (ask_if and not find_dependencies(ask_if, self.rule_set).isdisjoint(questions))
        }


def choose_mildest(question: Question) -> Value:
    """The answer that worries least."""
    match question:
        case YesNo(worse=worse):
            return "yes" if worse == "no" else "no"
        case Choice(options=options):
            return options[0].id
        case Number(worse="higher", minimum=minimum):
            return minimum
        case Number(worse="lower", maximum=maximum):
            return maximum
        case Number(minimum=minimum, maximum=maximum):
            return minimum + (maximum - minimum) / 3  # of ages, one in the middle of life


def _list_of(question: Question) -> str | None:
    return question.list if isinstance(question, YesNo) else None


def _same_list(rule_set: RuleSet, question_id: str, other_id: str) -> bool:
    name = _list_of(rule_set.questions[question_id])
    return name is not None and name == _list_of(rule_set.questions[other_id])


def list_steps(rule_set: RuleSet, ids: Collection[str]) -> list[Step]:
    """The steps in which the questions are asked, in the order of the rule set."""
    steps: list[Step] = []
    for area in rule_set.areas:
        seen_lists: set[str] = set()
        for question in area.questions:
            name = _list_of(question)
            if question.id not in ids or name in seen_lists:
                continue
            if name is None:
                steps.append(Step(area, (question,), None))
            else:
                seen_lists.add(name)
                members = tuple(
                    other for other in area.questions if other.id in ids and _list_of(other) == name
                )
                # the last one left of a list is asked in full, as if it stood in none
                asked_by = rule_set.lists[name] if len(members) > 1 else None
                steps.append(Step(area, members, asked_by))
    return steps
