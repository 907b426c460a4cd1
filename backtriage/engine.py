"""(RuleSet, Answers) -> Assessment: the reference implementation, simple before fast.

Red flags are combined in one way only: the most urgent wins, then the shortest deadline. Nothing
lowers urgency.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby

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
    RuleSet,
    RuleSetVersion,
    Unresolved,
    Urgency,
    Value,
)
from backtriage.planes import compile_kernel, hold_answers, hold_changes

HOME_CARE = Urgency(advice="home_care", within_days=None)


def rank(urgency: Urgency | RedFlag | Finding) -> tuple[int, int]:
    """A key that sorts by urgency, the least urgent first: the advice, then the deadline."""
    return ADVICES.index(urgency.advice), -(urgency.within_days or 0)


def assess(rule_set: RuleSet, answers: Answers | Mapping[str, object]) -> Assessment:
    """Say what the answers show.

    `answers` may be raw (see `answers.parse_answers`, which raises AnswersError). A question that
    is missing from them is not known, never "no": what it could still change stays open in the
    assessment.
    """
    parsed = answers if isinstance(answers, Answers) else parse_answers(rule_set, answers)
    facts = Facts(rule_set, parsed)
    status = find_status(rule_set, parsed)
    return Assessment(
        advice=status.advice,
        within_days=status.within_days,
        complete=status.complete,
        at_least=status.at_least,
        at_most=status.at_most,
        findings=tuple(_finding(flag, facts) for flag in status.present),
        unresolved=_unresolved(status, facts),
        what_would_change_it=tuple(_changes(facts, status)),
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


def find_status(rule_set: RuleSet, answers: Answers) -> Status:
    """Which red flags are present and open: what `Status.of` says of all of them, by the kernel."""
    outcome = compile_kernel(rule_set).run(1, hold_answers(rule_set, answers.values))
    ranked = _index(rule_set).ranked
    return Status(
        present=tuple(flag for flag, place in ranked if outcome[place]),
        open=tuple(flag for flag, place in ranked if not outcome[place] | outcome[place + 1]),
    )


def _most_urgent_first(red_flags: Iterable[RedFlag]) -> tuple[RedFlag, ...]:
    return tuple(sorted(red_flags, key=rank, reverse=True))


def _urgency(red_flags: tuple[RedFlag, ...]) -> Urgency:
    """The urgency of the first red flag, the most urgent; home care where there is none."""
    if not red_flags:
        return HOME_CARE
    return Urgency(advice=red_flags[0].advice, within_days=red_flags[0].within_days)


def _finding(flag: RedFlag, facts: Facts) -> Finding:
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
    waits_for = [(flag, find_open_questions(flag.when, facts)) for flag in status.open]
    order = _by_decisiveness(waits_for)
    return tuple(
        Unresolved(
            id=flag.id,
            advice=flag.advice,
            within_days=flag.within_days,
            suspect=flag.suspect,
            questions=tuple(sorted(questions, key=order.__getitem__)),
        )
        for flag, questions in waits_for
    )


def _by_decisiveness(waits_for: Sequence[tuple[RedFlag, Sequence[str]]]) -> dict[str, int]:
    """The place of each open question, the most decisive first.

    That is the one in the most urgent red flag; of several there, the one in most red flags. The
    red flags come in with the most urgent first.
    """
    urgency: dict[str, tuple[int, int]] = {}
    count = Counter(question for _, questions in waits_for for question in questions)
    for flag, questions in waits_for:
        for question in questions:
            if question not in urgency:
                urgency[question] = rank(flag)
    weights = {question: (urgency[question], count[question]) for question in urgency}
    ordered = sorted(weights, key=weights.__getitem__, reverse=True)
    return {question: place for place, question in enumerate(ordered)}


def _changes(facts: Facts, status: Status) -> Iterator[Change]:
    """Every other answer to a symptom question that would raise the urgency.

    Of several numbers that lead to the same urgency the nearest to the present answer is named.
    """
    questions = facts.rule_set.questions
    others = [
        (name, value)
        for name, question in questions.items()
        if name in facts.answers.values and not question.background
        for value in _other_values(name, facts)
    ]
    seen: set[tuple[str, Urgency, Urgency]] = set()
    for place, at_least, at_most in _ranges_above(facts, status, others):
        name, value = others[place]
        key = (name, at_least, at_most)
        if key not in seen or not isinstance(questions[name], Number):
            seen.add(key)
            yield Change(question=name, answer=value, at_least=at_least, at_most=at_most)


def _ranges_above(
    facts: Facts, status: Status, others: Sequence[tuple[str, Value]]
) -> Iterator[tuple[int, Urgency, Urgency]]:
    """The range of urgency with each of the other answers that raise it, by their place.

    A red flag that is open now and stays so is not the doing of the other answer.
    """
    rule_set, every = facts.rule_set, (1 << len(others)) - 1
    planes = hold_changes(rule_set, facts.answers.values, others)
    outcome = compile_kernel(rule_set).run(every, planes)
    open_now = {flag.id for flag in status.open}
    present: list[tuple[Urgency, int]] = []
    possible: list[tuple[Urgency, int]] = []
    for urgency, flags in _index(rule_set).levels:
        if rank(urgency) <= rank(status.at_least):
            break
        is_present = may_be = 0
        for flag_id, place in flags:
            is_present |= outcome[place]
            may_be |= outcome[place] if flag_id in open_now else every ^ outcome[place + 1]
        present.append((urgency, is_present))
        possible.append((urgency, may_be))
    at_least, at_most = _find_first(present), _find_first(possible)
    for place in sorted(at_most):
        yield place, at_least.get(place, status.at_least), at_most[place]


def _find_first(planes: Iterable[tuple[Urgency, int]]) -> dict[int, Urgency]:
    """By world: the first of the urgencies whose plane has it."""
    firsts: dict[int, Urgency] = {}
    for urgency, plane in planes:
        for place in range(plane.bit_length()):
            if plane >> place & 1:
                firsts.setdefault(place, urgency)
    return firsts


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


def find_affected(rule_set: RuleSet, question_id: str) -> tuple[RedFlag, ...]:
    """The red flags that a question bears on, also through the `ask_if` of another."""
    return _index(rule_set).red_flags[question_id]


@dataclass(frozen=True, slots=True)
class _Index:
    """By question: the red flags that it bears on, and its telling values.

    `ranked` has all red flags, the most urgent first, each with its place in what the kernel gives;
    `levels` has the same by urgency.
    """

    red_flags: Mapping[str, tuple[RedFlag, ...]]
    values: Mapping[str, tuple[Value, ...]]
    ranked: tuple[tuple[RedFlag, int], ...]
    levels: tuple[tuple[Urgency, tuple[tuple[str, int], ...]], ...]


@lru_cache(maxsize=8)
def _index(rule_set: RuleSet) -> _Index:
    bears_on: dict[str, list[RedFlag]] = {question: [] for question in rule_set.questions}
    for flag in rule_set.red_flags.values():
        for question_id in find_dependencies(flag.when, rule_set):
            bears_on[question_id].append(flag)
    places = {name: 2 * number for number, name in enumerate(rule_set.red_flags)}
    ranked = [(flag, places[flag.id]) for flag in _most_urgent_first(rule_set.red_flags.values())]
    return _Index(
        red_flags={question: tuple(flags) for question, flags in bears_on.items()},
        values=find_all_telling_values(rule_set),
        ranked=tuple(ranked),
        levels=tuple(
            (
                Urgency(advice=advice, within_days=within_days),
                tuple((flag.id, place) for flag, place in same),
            )
            for (advice, within_days), same in groupby(ranked, key=_urgency_of)
        ),
    )


def _urgency_of(ranked: tuple[RedFlag, int]) -> tuple[AdviceId, int]:
    return ranked[0].advice, ranked[0].within_days


def find_all_telling_values(rule_set: RuleSet) -> dict[str, tuple[Value, ...]]:
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
