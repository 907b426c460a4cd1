"""(Facts, Status) -> the single changes of answers that would raise the urgency, all at once."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from backtriage.conditions import Facts, State
from backtriage.model import Change, How, Number, Rules, Urgency, Value
from backtriage.planes import Planes, compile_kernel, hold_changes
from backtriage.status import Status, choose_how, make_index, rank


def find_changes(facts: Facts, status: Status, how: How, planes: Planes) -> Iterator[Change]:
    """Every other answer to a symptom question that would raise the urgency.

    So does one that calls for an ambulance where nothing has yet.

    `how` is the way to get care now; `planes` are those of the answers, from `planes.hold_answers`.
    Of several numbers that lead to the same urgency the nearest to the present answer is named.
    """
    questions = facts.rule_set.questions
    others = [
        (name, value)
        for name, question in questions.items()
        if name in facts.answers.values and not question.background
        for value in _other_values(name, facts)
    ]
    seen: set[tuple[str, Urgency, Urgency, How]] = set()
    for place, at_least, at_most, then in _ranges_above(
        facts.rule_set, status, how, planes, others
    ):
        name, value = others[place]
        key = (name, at_least, at_most, then)
        if key not in seen or not isinstance(questions[name], Number):
            seen.add(key)
            yield Change(question=name, answer=value, at_least=at_least, at_most=at_most, how=then)


def _ranges_above(
    rule_set: Rules,
    status: Status,
    how: How,
    planes: Planes,
    others: Sequence[tuple[str, Value]],
) -> Iterator[tuple[int, Urgency, Urgency, How]]:
    """The range of urgency with each of the other answers that raise it, and how, by their place.

    A red flag that is open now and stays so is not the doing of the other answer.
    """
    every = (1 << len(others)) - 1
    outcome = compile_kernel(rule_set).run(every, hold_changes(rule_set, planes, others))
    open_now = {flag.id for flag in status.open}
    present: list[tuple[Urgency, int]] = []
    possible: list[tuple[Urgency, int]] = []
    for urgency, flags in make_index(rule_set).levels:
        if rank(urgency) <= rank(status.at_least):
            break
        is_present = may_be = 0
        for flag_id, place in flags:
            is_present |= outcome[place]
            may_be |= outcome[place] if flag_id in open_now else every ^ outcome[place + 1]
        present.append((urgency, is_present))
        possible.append((urgency, may_be))
    at_least, at_most = _find_first(present), _find_first(possible)
    called = outcome[2 * len(rule_set.red_flags)] if rule_set.ambulance is not None else 0
    if how == "emergency_department":  # nothing is more urgent, but the way there may be
        at_most |= _find_first([(status.at_least, called)])
    for place in sorted(at_most):
        most = at_most[place]
        then = choose_how(most.advice, needs_ambulance=bool(called >> place & 1))
        yield place, at_least.get(place, status.at_least), most, then


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


def _other_values(question_id: str, facts: Facts) -> list[Value]:
    """The telling values of a question, those like its present value aside, the nearest first."""
    present = facts[question_id]
    values = make_index(facts.rule_set).values[question_id]
    if isinstance(present, State | str):
        return [value for value in values if value != present]
    numbers = [value for value in values if not isinstance(value, str)]
    alike = max((value for value in numbers if value <= present), default=None)
    return sorted((value for value in numbers if value != alike), key=partial(_distance, present))


def _distance(number: float, other: float) -> float:
    return abs(number - other)
