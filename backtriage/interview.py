"""(RuleSet, Answers) -> the next question, or none; how many more; going back. No prompting here.

An `Interview` is frozen: every move gives a new one, so that each can be tested without a terminal.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain

from backtriage.answers import get_check
from backtriage.condition_parts import find_dependencies, find_followers
from backtriage.conditions import Facts, find_awaited, find_open_questions, hold_both
from backtriage.model import NOT_SURE, Answer, Answers, Assessment, RuleSet
from backtriage.planes import hold_answers
from backtriage.reasons import find_reasons
from backtriage.status import Status, find_status, rank
from backtriage.steps import (
    Step,
    choose_mildest,
    count_steps,
    find_first_step,
    has_check,
    is_asked_with,
)


@dataclass(frozen=True)
class Interview:
    """Where an interview stands.

    `history` holds the ids of the questions of each step taken, in order. `cursor` is the place in
    the history of a step that is being asked again, or None at the front; the answers after it are
    kept. `dropped` names the answers which the last move made stale. `doubtful` names answers that
    it made stale too, but that a red flag rests on: they count until the person says what becomes
    of them (`settle`). With `complete`, every question that applies is asked, whether or not it
    can still change the advice; with `also_ask`, each of these questions that does.

    A "not sure" to a question with a check counts only when the check has been put, too, or when
    the answer can no longer matter. Until then the question is `waiting`, and nothing is known of
    it.
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
            if history and is_asked_with(rule_set, history[-1][-1], question_id):
                history[-1] += (question_id,)
            else:
                history.append((question_id,))
        return cls(rule_set, complete, dict(answers.values), tuple(history))

    @classmethod
    def after(cls, rule_set: RuleSet, assessment: Assessment) -> "Interview":
        """One to ask what comes next, from answers that were assessed: it cannot go back.

        What is open is not looked for again.
        """
        interview = cls(rule_set, answers=assessment.answers)
        if not interview.waiting:
            least = rank(assessment.at_least)
            decisive = (flag.questions for flag in assessment.unresolved if rank(flag) > least)
            needed = frozenset(chain.from_iterable(decisive))
            interview.__dict__["_needed"] = needed  # where cached_property keeps it; no move does
        return interview

    @cached_property
    def step(self) -> Step | None:
        """The next step, or None when nothing is left to ask."""
        if self.cursor is not None:
            return find_first_step(self.rule_set, self.history[self.cursor])
        if self.waiting:
            step = find_first_step(self.rule_set, self.waiting[:1])
            return step and replace(step, again=True)
        return find_first_step(self.rule_set, self._needed)

    @cached_property
    def at_most_more(self) -> int:
        """How many prompts may follow the present step at most."""
        step = self.step
        asked = {question.id for question in step.questions} if step else set()
        if any(self._facts.check_applies(question) is False for question in asked):
            # One of them was kept though it does not apply, and is asked again.
            needed, waiting = set(self.rule_set.questions), set[str]()
        else:
            rest = self._without(self._resting_on(asked))
            needed, waiting = set(rest._needed), set(rest.waiting)
        own = step is not None and has_check(step)
        return own + self._count_prompts(needed - asked, waiting)

    def _count_prompts(self, questions: Collection[str], waiting: Collection[str]) -> int:
        """How many prompts it takes at most to ask these, of which some are `waiting`."""
        twice = (
            question
            for question in questions
            if question not in waiting and get_check(self.rule_set.questions[question])
        )
        return count_steps(self.rule_set, questions) + len(tuple(twice))

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
        """The red flags present and open, given the answers that count so far."""
        return find_status(self.rule_set, hold_answers(self.rule_set, self.counted))

    def get_answers(self) -> Answers:
        """The answers so far, as `assess` takes them; what is waiting counts there as it stands."""
        return Answers(self.answers)

    @cached_property
    def waiting(self) -> tuple[str, ...]:
        """The questions that are to be asked once more, in the order of the rule set.

        Those that were answered "not sure" and have a check, as far as their answers still matter.
        """
        unsure = self._unsure
        if not unsure:
            return ()
        needed = self._without(unsure)._needed
        return tuple(question for question in unsure if question in needed)

    @cached_property
    def counted(self) -> Mapping[str, Answer]:
        """The answers that count so far: no "not sure" while some are waiting for their checks."""
        return self._without(self._unsure).answers if self.waiting else self.answers

    @cached_property
    def _unsure(self) -> tuple[str, ...]:
        """The questions that were answered "not sure", and could be asked once more.

        One that does not apply would not be asked at all, so its answer counts as it was given.
        """
        if NOT_SURE not in self.answers.values():
            return ()
        unsure: list[str] = []
        for name, question in self.rule_set.questions.items():
            if self.answers.get(name) is NOT_SURE and get_check(question):
                # what it depends on stands before it, so that is decided already
                counted = Answers(self._without(unsure).answers)
                if Facts(self.rule_set, counted).check_applies(name) is not False:
                    unsure.append(name)
        return tuple(unsure)

    @cached_property
    def _facts(self) -> Facts:
        return Facts.of(self.rule_set, self.counted)

    @cached_property
    def _needed(self) -> frozenset[str]:
        """The questions without answer that could still have to be asked."""
        wanted = frozenset(self.rule_set.questions if self.complete else self.also_ask)
        needed = {
            question
            for question in wanted
            if question not in self.counted and self._may_apply(question, wanted)
        }
        if not self.complete:
            for flag in self.status.decisive:
                needed.update(find_awaited(flag.id, self._facts))
        return frozenset(needed)

    def _may_apply(self, question_id: str, wanted: Collection[str]) -> bool:
        """Whether a question applies, or will if one that is still to be asked is answered so.

        One that hangs on what nobody is going to ask is not put: it speaks of what was not said.
        """
        applies = self._facts.check_applies(question_id)
        ask_if = self.rule_set.questions[question_id].ask_if
        if applies is not None or ask_if is None:
            return applies is not False
        return any(
            other in self.answers or (other in wanted and self._may_apply(other, wanted))
            for other in find_open_questions(ask_if, self._facts)
        )

    def take_answers(self, given: Mapping[str, Answer]) -> "Interview":
        """Take the answers to the questions of the present step, and go to the next."""
        assert self.step is not None
        ids = tuple(question.id for question in self.step.questions)
        if self.step.again:
            given = {question: hold_both(answer) for question, answer in given.items()}
        is_new = self.cursor is None and not self.step.again
        history = (*self.history, ids) if is_new else self.history
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
        """Ask the step before the present one again; at the first step, stay.

        Before a check stands its own question.
        """
        if self.step and self.step.again:
            return self.reopen(self.step.questions[0].id)
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
        if self.cursor is None and self.answers.keys().isdisjoint(questions):
            return self  # with all that it has worked out
        answers = {name: answer for name, answer in self.answers.items() if name not in questions}
        steps = (tuple(question for question in ids if question in answers) for ids in self.history)
        history = tuple(ids for ids in steps if ids)
        return replace(self, answers=answers, history=history, cursor=None)

    def _resting_on(self, questions: Collection[str]) -> set[str]:
        """The answered questions among these, and those that other answers to these may unmake."""
        followed = (find_followers(self.rule_set)[question] for question in questions)
        return set().union(questions, *followed) & self.answers.keys()
