"""Slow and plain ways to what the engine does at once: one answer, one world after the other."""

from collections.abc import Iterator, Mapping, Sequence

from backtriage.conditions import Facts, State, evaluate
from backtriage.model import Answer, Answers, Change, How, Number, RuleSet, Urgency, Value
from backtriage.planes import compile_kernel, hold_answers
from backtriage.status import Status, choose_how, find_all_telling_values, rank


def find_call(facts: Facts) -> bool | None:
    """Whether the answers call for an ambulance in an emergency; None where that is not known."""
    ambulance = facts.rule_set.ambulance
    return False if ambulance is None else evaluate(ambulance, facts)


def find_changes(rule_set: RuleSet, answers: Answers) -> Iterator[Change]:
    """Every other answer to a symptom question that would raise the urgency.

    Of several numbers that lead to the same urgency the nearest to the present answer is named.
    """
    facts = Facts(rule_set, answers)
    now = Status.of(rule_set.red_flags.values(), facts)
    called = find_call(facts) is True
    how = choose_how(now.at_least.advice, needs_ambulance=called)
    for name, question in rule_set.questions.items():
        if name in answers.values and not question.background:
            seen: set[tuple[Urgency, Urgency, How]] = set()
            for value in _other_values(name, facts):
                change = _find_change(rule_set, answers, name, value, now)
                key = (change.at_least, change.at_most, change.how)
                is_known = isinstance(question, Number) and key in seen
                is_above = rank(change.at_most) > rank(now.at_least)
                if (is_above or _is_called(change.how, how)) and not is_known:
                    seen.add(key)
                    yield change


def _is_called(how: How, before: How) -> bool:
    """Whether an emergency calls for an ambulance that did not before."""
    return how == "ambulance" and before == "emergency_department"


def _find_change(
    rule_set: RuleSet, answers: Answers, name: str, value: Value, now: Status
) -> Change:
    """What one other answer would lead to.

    What is open as before is not its doing, be it a red flag or whether to call an ambulance.
    """
    before = Facts(rule_set, answers)
    changed = Facts(rule_set, Answers({**answers.values, name: value}))
    outcomes = [(flag, evaluate(flag.when, changed)) for flag in rule_set.red_flags.values()]
    after = Status.from_outcomes(
        [(flag, outcome) for flag, outcome in outcomes if outcome or flag not in now.open]
    )
    at_least = max(now.at_least, after.at_least, key=rank)
    at_most = max(at_least, after.at_most, key=rank)
    called = [find_call(each) for each in (before, changed)]
    may_be = called[-1] or (called[-1] is None and called[0] is not None)
    how = choose_how(at_most.advice, needs_ambulance=may_be)
    return Change(question=name, answer=value, at_least=at_least, at_most=at_most, how=how)


def _other_values(name: str, facts: Facts) -> list[Value]:
    present, values = facts[name], find_all_telling_values(facts.rule_set)[name]
    if isinstance(present, State | str):
        return [value for value in values if value != present]
    numbers = [value for value in values if not isinstance(value, str)]
    alike = max((value for value in numbers if value <= present), default=None)
    return sorted(
        (value for value in numbers if value != alike), key=lambda value: abs(value - present)
    )


def hold_worlds(rule_set: RuleSet, worlds: Sequence[Mapping[str, Answer]]) -> list[int]:
    """The planes of all questions in these worlds, each with its answers; bit 0 is the first."""
    planes = [0] * compile_kernel(rule_set).size
    for number, answers in enumerate(worlds):
        for place, is_set in enumerate(hold_answers(rule_set, answers)):
            planes[place] |= is_set << number
    return planes
