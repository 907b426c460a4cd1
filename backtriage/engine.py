"""(RuleSet, Answers) -> Assessment: the reference implementation, simple before fast.

Red flags are combined in one way only: the most urgent wins, then the shortest deadline. Nothing
lowers urgency.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache, partial

from backtriage._version import __version__
from backtriage.answers import parse_answers
from backtriage.conditions import (
    Facts,
    State,
    evaluate,
    find_dependencies,
    find_open_questions,
    find_reasons,
    find_telling_values,
    list_comparisons,
)
from backtriage.model import (
    ADVICES,
    NOT_SURE,
    AdviceId,
    Answers,
    Assessment,
    Change,
    Finding,
    Number,
    RedFlag,
    Rules,
    RuleSet,
    RuleSetVersion,
    Unresolved,
    Urgency,
    Value,
)

HOME_CARE = Urgency(advice="home_care", within_days=None)


def rank(urgency: Urgency | RedFlag | Finding) -> tuple[int, int]:
    """A key that sorts by urgency, the least urgent first: the advice, then the deadline."""
    # home care has no deadline, and needs none to be the least urgent
    return ADVICES.index(urgency.advice), -(urgency.within_days or 0)


def assess(rule_set: RuleSet, answers: Answers | Mapping[str, object]) -> Assessment:
    """Say what the answers show.

    `answers` may be raw (see `answers.parse_answers`, which raises AnswersError). A question that
    is missing from them is not known, never "no": what it could still change stays open in the
    assessment.
    """
    parsed = answers if isinstance(answers, Answers) else parse_answers(rule_set, answers)
    facts = Facts(rule_set, parsed)
    status = Status.of(rule_set.red_flags.values(), facts)
    absent = set(rule_set.red_flags) - {flag.id for flag in (*status.present, *status.open)}
    return Assessment(
        advice=status.advice,
        within_days=status.within_days,
        complete=status.complete,
        at_least=status.at_least,
        at_most=status.at_most,
        findings=tuple(_finding(flag, facts) for flag in status.present),
        unresolved=_unresolved(status, facts),
        what_would_change_it=tuple(_changes(facts, absent, status.at_least)),
        answers={
            question: parsed.values[question]
            for question in rule_set.questions
            if question in parsed.values
        },
        rule_set=RuleSetVersion(id=rule_set.id, version=rule_set.version, hash=rule_set.hash),
        engine_version=__version__,
    )


@dataclass(frozen=True, slots=True)
class Status:
    """Which red flags are present and which are still open, each the most urgent first."""

    present: tuple[RedFlag, ...]
    open: tuple[RedFlag, ...]

    @classmethod
    def of(cls, red_flags: Iterable[RedFlag], facts: Facts) -> "Status":
        """Evaluate the red flags on these facts."""
        return cls.from_outcomes([(flag, evaluate(flag.when, facts)) for flag in red_flags])

    @classmethod
    def from_outcomes(cls, outcomes: Collection[tuple[RedFlag, bool | None]]) -> "Status":
        """Sort red flags that were evaluated: present (True), absent (False) or open (None)."""
        return cls(
            present=_most_urgent_first(flag for flag, outcome in outcomes if outcome is True),
            open=_most_urgent_first(flag for flag, outcome in outcomes if outcome is None),
        )

    @property
    def at_least(self) -> Urgency:
        """The urgency of what is present already."""
        return _urgency(self.present[:1])

    @property
    def at_most(self) -> Urgency:
        """The urgency if every open red flag should turn out to be present."""
        return max(self.at_least, _urgency(self.open[:1]), key=rank)

    @property
    def complete(self) -> bool:
        """Whether no open red flag can raise the urgency."""
        return self.at_least == self.at_most

    @property
    def advice(self) -> AdviceId | None:
        """The advice, or None while it is open."""
        return self.at_least.advice if self.at_least.advice == self.at_most.advice else None

    @property
    def within_days(self) -> int | None:
        """The deadline: None while it is open, and for home care."""
        return self.at_least.within_days if self.complete else None

    @property
    def decisive(self) -> tuple[RedFlag, ...]:
        """The open red flags that could still raise the urgency."""
        return tuple(flag for flag in self.open if rank(flag) > rank(self.at_least))


def _most_urgent_first(red_flags: Iterable[RedFlag]) -> tuple[RedFlag, ...]:
    return tuple(sorted(red_flags, key=rank, reverse=True))


def _urgency(red_flags: tuple[RedFlag, ...]) -> Urgency:
    """The urgency of the first red flag, the most urgent; home care where there is none."""
    if not red_flags:
        return HOME_CARE
    return Urgency(advice=red_flags[0].advice, within_days=red_flags[0].within_days)


def _finding(flag: RedFlag, facts: Facts) -> Finding:
    """A red flag that is present, with the answers that raised it."""
    given = facts.answers.values
    answers = {question: given[question] for question in find_reasons(flag.when, facts)}
    not_sure = (question for question, answer in answers.items() if answer is NOT_SURE)
    return Finding(
        id=flag.id,
        advice=flag.advice,
        within_days=flag.within_days,
        suspect=flag.suspect,
        because=flag.because,
        answers=answers,
        counted_from_not_sure=tuple(not_sure),
        sources=flag.sources,
    )


def _unresolved(status: Status, facts: Facts) -> tuple[Unresolved, ...]:
    """The open red flags, the most urgent first, each with the questions that it waits for."""
    waits_for = {
        flag.id: dict.fromkeys(find_open_questions(flag.when, facts)) for flag in status.open
    }
    order = _by_decisiveness(status.open, waits_for)
    return tuple(
        Unresolved(
            id=flag.id,
            advice=flag.advice,
            within_days=flag.within_days,
            suspect=flag.suspect,
            questions=tuple(sorted(waits_for[flag.id], key=order.__getitem__)),
        )
        for flag in status.open
    )


def _by_decisiveness(
    red_flags: Iterable[RedFlag], waits_for: Mapping[str, Iterable[str]]
) -> dict[str, int]:
    """The place of each open question, the most decisive first.

    That is the one in the most urgent red flag; of several there, the one in most red flags.
    """
    urgency: dict[str, tuple[int, int]] = {}
    count: dict[str, int] = {}
    for flag in red_flags:
        for question in waits_for[flag.id]:
            urgency[question] = max(urgency.get(question, (0, 0)), rank(flag))
            count[question] = count.get(question, 0) + 1
    weights = {question: (urgency[question], count[question]) for question in urgency}
    ordered = sorted(weights, key=weights.__getitem__, reverse=True)
    return {question: place for place, question in enumerate(ordered)}


def _changes(facts: Facts, absent: Set[str], now: Urgency) -> Iterator[Change]:
    """Every other answer to a symptom question that would raise the urgency above `now`.

    Of several numbers that lead to the same urgency the nearest to the present answer is named.
    """
    for question_id, question in facts.rule_set.questions.items():
        if question_id in facts.answers.values and not question.background:
            seen: set[tuple[Urgency, Urgency]] = set()
            for value in _other_values(question_id, facts):
                change = _change(question_id, value, facts, absent, now)
                known = isinstance(question, Number) and (change.at_least, change.at_most) in seen
                if rank(change.at_most) > rank(now) and not known:
                    seen.add((change.at_least, change.at_most))
                    yield change


def _other_values(question_id: str, facts: Facts) -> list[Value]:
    """The telling values of a question, those like its present value aside, the nearest first."""
    present = facts[question_id]
    values = _index(facts.rule_set).values[question_id]
    if isinstance(present, State | str):
        return [value for value in values if value != present]
    numbers = [value for value in values if not isinstance(value, str)]
    alike = max((value for value in numbers if value <= present), default=None)
    return sorted((value for value in numbers if value != alike), key=partial(_distance, present))


def _distance(number: float, other: float) -> float:
    return abs(number - other)


def _change(question_id: str, value: Value, facts: Facts, absent: Set[str], now: Urgency) -> Change:
    """What one other answer would lead to; a red flag that is open as before is not its doing."""
    changed = Facts(facts.rule_set, Answers({**facts.answers.values, question_id: value}))
    after = Status.of(find_affected(facts.rule_set, question_id), changed)
    raised = Status(after.present, tuple(flag for flag in after.open if flag.id in absent))
    at_least = max(now, raised.at_least, key=rank)
    return Change(
        question=question_id,
        answer=value,
        at_least=at_least,
        at_most=max(at_least, raised.at_most, key=rank),
    )


def find_affected(rule_set: Rules, question_id: str) -> tuple[RedFlag, ...]:
    """The red flags that a question bears on, also through the `ask_if` of another."""
    return _index(rule_set).red_flags[question_id]


@dataclass(frozen=True, slots=True)
class _Index:
    """By question: the red flags that it bears on, and its telling values."""

    red_flags: Mapping[str, tuple[RedFlag, ...]]
    values: Mapping[str, tuple[Value, ...]]


# Made once for each rule set: made anew, it would add a third to the time of each assessment.
@lru_cache(maxsize=8)
def _index(rule_set: Rules) -> _Index:
    bears_on: dict[str, list[RedFlag]] = {question: [] for question in rule_set.questions}
    for flag in rule_set.red_flags.values():
        for question_id in find_dependencies(flag.when, rule_set):
            bears_on[question_id].append(flag)
    return _Index(
        red_flags={question: tuple(flags) for question, flags in bears_on.items()},
        values=find_all_telling_values(rule_set),
    )


def find_all_telling_values(rule_set: Rules) -> dict[str, tuple[Value, ...]]:
    """By question: one value for each way in which the conditions of the rule set can come out."""
    conditions = [flag.when for flag in rule_set.red_flags.values()]
    conditions += [question.ask_if for question in rule_set.questions.values() if question.ask_if]
    comparisons = [
        comparison
        for condition in conditions
        for comparison in list_comparisons(condition, rule_set.definitions)
    ]
    return {
        question_id: find_telling_values(question, comparisons)
        for question_id, question in rule_set.questions.items()
    }
