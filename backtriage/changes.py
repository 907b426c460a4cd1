"""(Facts, Status) -> the single changes of answers that would raise the urgency, all at once."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import attrgetter

from backtriage.conditions import Facts, State
from backtriage.model import Change, How, Number, Rules, Urgency, Value
from backtriage.planes import Changed, Outcome, Planes, compile_kernel, hold_changes, place_changes
from backtriage.status import Status, choose_how, make_index, rank


@dataclass(frozen=True, slots=True)
class _Worlds:
    """A world for each telling value of each symptom question: all other answers are as they are.

    `changes` has the question and the value of each world from the second on; in the first all
    answers are as they are. `of` has the plane of the worlds of a question.
    """

    changes: tuple[tuple[str, Value], ...]
    of: Mapping[str, int]
    planes: Changed

    @property
    def every(self) -> int:
        """The plane of all worlds."""
        return (2 << len(self.changes)) - 1


@lru_cache(maxsize=8)
def _list_worlds(rule_set: Rules) -> _Worlds:
    """The worlds of a rule set, made on first use; they are the same whatever is answered."""
    values = make_index(rule_set).values
    changes: list[tuple[str, Value]] = []
    of: dict[str, int] = {}
    for name, question in rule_set.questions.items():
        own = () if question.background else values[name]
        of[name] = ((1 << len(own)) - 1) << 1 + len(changes)
        changes += ((name, value) for value in own)
    return _Worlds(tuple(changes), of, place_changes(rule_set, changes))


def judge_changes(rule_set: Rules, planes: Planes) -> Outcome:
    """What the kernel says of the answers as they are, and of each other answer to one question.

    `planes` are those of the answers, from `planes.hold_answers`. In what comes out, world 0 has
    the answers as they are; the others are for `find_changes`.
    """
    worlds = _list_worlds(rule_set)
    return compile_kernel(rule_set).run(worlds.every, hold_changes(worlds.planes, planes))


def find_changes(
    facts: Facts, status: Status, called: bool | None, outcome: Outcome
) -> Iterator[Change]:
    """Every other answer to a symptom question that would raise the urgency.

    So does one that calls for an ambulance where nothing has yet.

    `outcome` is what `judge_changes` gives, and `status` and `called` what `status.read_status` and
    `read_call` find in it. Of several numbers that lead to the same urgency the nearest to the
    present answer is named.
    """
    questions, worlds = facts.rule_set.questions, _list_worlds(facts.rule_set)
    answered = 0
    for name in facts.answers.values:
        answered |= worlds.of[name]
    ranges = _ranges_above(facts.rule_set, status, called, outcome, answered)
    changes = (
        Change(question=name, answer=value, at_least=at_least, at_most=at_most, how=then)
        for place, at_least, at_most, then in ranges
        for name, value in [worlds.changes[place - 1]]
    )
    for name, of_question in groupby(changes, key=attrgetter("question")):
        if isinstance(questions[name], Number):
            yield from _name_nearest(of_question, facts[name])
        else:
            yield from of_question


def _ranges_above(
    rule_set: Rules, status: Status, called: bool | None, outcome: Outcome, answered: int
) -> Iterator[tuple[int, Urgency, Urgency, How]]:
    """The range of urgency in each world that has more of it than now, and how, by its place.

    Those in `answered` alone are looked at. A world whose value is like the present one has no
    more. A red flag that is open now and stays so is not the doing of the other answer, nor is an
    ambulance that may have to be called now.
    """
    every = _list_worlds(rule_set).every
    open_now = {flag.id for flag in status.open}
    now = status.at_least
    present: list[tuple[Urgency, int]] = []
    possible: list[tuple[Urgency, int]] = []
    for urgency, flags in make_index(rule_set).levels:
        if rank(urgency) <= rank(now):
            break
        is_present = may_be = 0
        for flag_id, place in flags:
            is_present |= outcome[place]
            may_be |= outcome[place] if flag_id in open_now else every ^ outcome[place + 1]
        present.append((urgency, is_present))
        possible.append((urgency, may_be & answered))
    at_least, at_most = _find_first(present), _find_first(possible)
    calls = 0
    if rule_set.ambulance is not None:
        place = 2 * len(rule_set.red_flags)
        calls = outcome[place] if called is None else every ^ outcome[place + 1]
    if now.advice == "seek_care_now" and not called:
        # nothing is more urgent, but the way there may be
        at_most |= _find_first([(now, calls & answered)])
    for place in sorted(at_most):
        most = at_most[place]
        then = choose_how(most.advice, needs_ambulance=bool(calls >> place & 1))
        yield place, at_least.get(place, now), most, then


def _find_first(planes: Iterable[tuple[Urgency, int]]) -> dict[int, Urgency]:
    """By world: the first of the urgencies whose plane has it."""
    firsts: dict[int, Urgency] = {}
    seen = 0
    for urgency, plane in planes:
        fresh = plane & ~seen
        seen |= plane
        while fresh:
            bit = fresh & -fresh
            firsts[bit.bit_length() - 1] = urgency
            fresh ^= bit
    return firsts


def _name_nearest(changes: Iterable[Change], present: Value | State) -> Iterator[Change]:
    """Of the changes of a number to the same urgency the nearest one, the nearest of all first."""
    if not isinstance(present, State | str):
        changes = sorted(changes, key=lambda change: abs(change.answer - present))  # type: ignore[operator]
    seen: set[tuple[Urgency, Urgency, How]] = set()
    for change in changes:
        key = (change.at_least, change.at_most, change.how)
        if key not in seen:
            seen.add(key)
            yield change
