"""(condition, answers) -> True, False or None (not known yet), and what it waits for.

The logic is strong Kleene logic, the same as SQL's with NULL: what is not known stays unknown
unless the rest decides without it.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cached_property, lru_cache
from typing import assert_never

from backtriage.condition_parts import find_dependencies
from backtriage.model import (
    NOT_SURE,
    AllOf,
    Answer,
    Answers,
    AnyOf,
    AskedTwice,
    AtLeast,
    Between,
    Condition,
    Defined,
    Not,
    NotSure,
    OneOf,
    Question,
    Rules,
    Value,
    YesNo,
)


class State(Enum):
    """What is known of a question that has no answer."""

    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not applicable"


_UNKNOWN = State.UNKNOWN  # a member of an enumeration takes longer to get at

_MOST_KEPT = 50_000
"""So much is kept of what conditions were found to be, some 15 MB."""

_LookedInto = tuple[bool | None, tuple[str, ...]]
"""What `evaluate` says of a condition, and the questions that it waits for."""


class Facts:
    """What is known of each question of a rule set, given the answers.

    Indexed by question id. What it works out is kept, so it is made anew for other answers.
    """

    def __init__(self, rule_set: Rules, answers: Answers) -> None:
        self.rule_set = rule_set
        self.answers = answers
        self._known: dict[str, Value | State] = {}
        self._decided: dict[str, bool | None] = {}
        self._waits: dict[str, tuple[str, ...]] = {}
        self._looked_into: dict[str, _LookedInto] = {}

    @classmethod
    def of(cls, rule_set: Rules, answers: Mapping[str, Answer]) -> "Facts":
        """The facts of these answers; whatever is said of one patient looks at the same ones."""
        for kept in tuple(_kept):  # another thread may add to them
            if kept.rule_set is rule_set and kept.answers.values == answers:
                return kept
        # a copy, so that nobody changes the answers of facts that are kept
        made = cls(rule_set, Answers(dict(answers)))
        _kept.append(made)
        return made

    def __getitem__(self, question_id: str) -> Value | State:
        """The value that the question counts as, or why it has none."""
        known = self._known.get(question_id)
        if known is None:
            known = self._known[question_id] = self._look_up(question_id)
        return known

    def _look_up(self, question_id: str) -> Value | State:
        question = self.rule_set.questions[question_id]
        answer = self.answers.values.get(question_id)
        if answer is not None:
            value = count_as(question, answer)
            return _UNKNOWN if value is None else value
        if question.ask_if is None or evaluate(question.ask_if, self) is not False:
            return _UNKNOWN
        return "no" if isinstance(question, YesNo) else State.NOT_APPLICABLE

    def wait_for(self, question_id: str) -> tuple[str, ...]:
        """A question that is not known, behind the questions that its `ask_if` waits for."""
        kept = self._waits.get(question_id)
        if kept is None:
            ask_if = self.rule_set.questions[question_id].ask_if
            before = () if ask_if is None else find_open_questions(ask_if, self)
            kept = self._waits[question_id] = (*before, question_id)
        return kept

    def check_applies(self, question_id: str) -> bool | None:
        """Whether the question need be asked: what its `ask_if` is, None while that is open."""
        ask_if = self.rule_set.questions[question_id].ask_if
        return True if ask_if is None else evaluate(ask_if, self)

    @cached_property
    def not_asked(self) -> tuple[str, ...]:
        """The answered questions that would not have been asked, in the order of asking."""
        given = self.answers.values
        return tuple(
            name
            for name in self.rule_set.questions
            if name in given and self.check_applies(name) is False
        )

    def evaluate_definition(self, name: str) -> bool | None:
        """What a definition is; many red flags have the same ones."""
        if name not in self._decided:
            self._decided[name] = evaluate(self.rule_set.definitions[name], self)
        return self._decided[name]

    def wait_for_definition(self, name: str) -> _LookedInto:
        """What a definition is, and the questions that it waits for."""
        kept = self._looked_into.get(name)
        if kept is None:
            kept = self._looked_into[name] = _recall_definitions(self.rule_set).look(name, self)
        return kept


_kept: deque[Facts] = deque(maxlen=2)
"""Those that were made last: of a patient, and of what they are sure of."""


def evaluate(condition: Condition, facts: Facts) -> bool | None:
    """True, False, or None while the answers do not tell."""
    # a pattern that takes fields out, here and in `_look_into`, takes twice as long
    match condition:
        case Defined():
            return facts.evaluate_definition(condition.definition)
        case OneOf():
            value = facts[condition.question]
            return None if value is _UNKNOWN else value in condition.values
        case AnyOf():
            return _at_least(1, condition.of, facts)
        case AllOf():
            return _at_least(len(condition.of), condition.of, facts)
        case Between():
            return is_in_range(facts[condition.question], condition.at_least, condition.below)
        case AtLeast():
            return _at_least(condition.count, condition.of, facts)
        case Not():
            inner = evaluate(condition.of, facts)
            return None if inner is None else not inner
        case _:
            assert_never(condition)


def count_as(question: Question, answer: Answer) -> Value | None:
    """The value that an answer counts as: what was said, or what the question says of "not sure".

    None for a "not sure" that the question refuses: then nothing is known.
    """
    last = take_last(answer)
    return question.not_sure if isinstance(last, NotSure) else last


_LAST: dict[AskedTwice, Value | NotSure] = {
    AskedTwice.YES: "yes",
    AskedTwice.NO: "no",
    AskedTwice.NOT_SURE: NOT_SURE,
}


def take_last(answer: Answer) -> Value | NotSure:
    """What was said last: of two answers the second, of any other the answer itself."""
    return _LAST[answer] if isinstance(answer, AskedTwice) else answer


def hold_both(second: Answer) -> AskedTwice:
    """The answer that holds two: a "not sure", and what was said after the check."""
    if isinstance(second, AskedTwice):
        return second
    return next(twice for twice, last in _LAST.items() if last == second)


def is_in_range(value: Value | State, at_least: float | None, below: float | None) -> bool | None:
    """Whether what is known of a number is within the bounds; what is no number is not."""
    if value is _UNKNOWN:
        return None
    if not isinstance(value, int | float):
        return False
    return (at_least is None or value >= at_least) and (below is None or value < below)


def _at_least(count: int, of: Sequence[Condition], facts: Facts) -> bool | None:
    """Whether `count` or more of the conditions hold; those after the one that decides are left."""
    needed, may_fail = count, len(of) - count
    for condition in of:
        if needed <= 0 or may_fail < 0:
            break
        outcome = evaluate(condition, facts)
        if outcome:
            needed -= 1
        elif outcome is False:
            may_fail -= 1
    if needed <= 0:
        return True
    return False if may_fail < 0 else None


def find_open_questions(condition: Condition, facts: Facts) -> tuple[str, ...]:
    """The questions that the condition still waits for, each once; none if it is settled.

    A question whose `ask_if` is itself open stands behind the questions which that waits for.
    """
    return _look_into(condition, facts)[1]


def find_awaited(flag_id: str, facts: Facts) -> tuple[str, ...]:
    """The same for a red flag, looked up where somebody has given the same answers before."""
    return _recall_red_flags(facts.rule_set).look(flag_id, facts)[1]


class _Memory:
    """What has been found out of the conditions of a rule set that have a name.

    It depends on nothing but the answers that bear on them, and many patients have the same ones.
    """

    def __init__(self, rule_set: Rules, conditions: Mapping[str, Condition]) -> None:
        self._conditions = conditions
        self._bearing = {
            name: tuple(find_dependencies(condition, rule_set))
            for name, condition in conditions.items()
        }
        self._found: dict[tuple[object, ...], _LookedInto] = {}

    def look(self, name: str, facts: Facts) -> _LookedInto:
        """What a condition is, and the questions that it waits for."""
        key = (name, *map(facts.answers.values.get, self._bearing[name]))
        found = self._found.get(key)
        if found is None:
            if len(self._found) >= _MOST_KEPT:
                self._found.clear()
            found = self._found[key] = _look_into(self._conditions[name], facts)
        return found


@lru_cache(maxsize=8)
def _recall_definitions(rule_set: Rules) -> _Memory:
    return _Memory(rule_set, rule_set.definitions)


@lru_cache(maxsize=8)
def _recall_red_flags(rule_set: Rules) -> _Memory:
    return _Memory(rule_set, {flag.id: flag.when for flag in rule_set.red_flags.values()})


def _look_into(condition: Condition, facts: Facts) -> _LookedInto:
    match condition:
        case OneOf() | Between():
            if facts[condition.question] is _UNKNOWN:
                return None, facts.wait_for(condition.question)
            return evaluate(condition, facts), ()
        case Defined():
            return facts.wait_for_definition(condition.definition)
        case AnyOf():
            return _look_into_parts(1, condition.of, facts)
        case AllOf():
            return _look_into_parts(len(condition.of), condition.of, facts)
        case AtLeast():
            return _look_into_parts(condition.count, condition.of, facts)
        case Not():
            outcome, waits_for = _look_into(condition.of, facts)
            return None if outcome is None else not outcome, waits_for
        case _:
            assert_never(condition)


def _look_into_parts(count: int, of: Sequence[Condition], facts: Facts) -> _LookedInto:
    needed, may_fail = count, len(of) - count
    waits_for: list[str] = []
    for part in of:
        if needed <= 0 or may_fail < 0:
            break
        outcome, waits = _look_into(part, facts)
        if outcome is None:
            waits_for += waits
        elif outcome:
            needed -= 1
        else:
            may_fail -= 1
    if needed <= 0 or may_fail < 0:
        return needed <= 0, ()
    return None, tuple(dict.fromkeys(waits_for))
