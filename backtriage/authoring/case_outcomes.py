"""(RuleSet, Case) -> what came out otherwise than the case expects, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from backtriage.conditions import Facts, State, evaluate, find_open_questions, find_reasons
from backtriage.engine import Status, rank
from backtriage.model import AdviceId, Answers, Case, Expected, RedFlag, RuleSet, Urgency, Value
from backtriage.report.words import describe_labelled_answer, describe_urgency_in_brief, is_plain_no

MOST_OPEN = 5
"""How many open red flags are told of a case that came out open and should not have; the most urgent are enough."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that does not hold: each difference, and the red flags that explain it, in words.

    `waiting` has those of these red flags that are open, with the questions that they wait for.
    """

    case: Case
    differences: tuple[str, ...]
    why: tuple[str, ...]
    waiting: Mapping[str, tuple[str, ...]]


def find_failures(rule_set: RuleSet, cases: Iterable[Case]) -> Iterator[Failure]:
    """The cases that do not hold."""
    for case in cases:
        facts = Facts(rule_set, case.answers)
        status = Status.of(rule_set.red_flags.values(), facts)
        found = list_unmet(case.expected, status)
        if found:
            telling = _telling(case.expected, status, rule_set)
            why = tuple(_outcome_in_words(flag, facts) for flag in telling)
            waiting = {
                flag.id: tuple(dict.fromkeys(find_open_questions(flag.when, facts)))
                for flag in telling
                if flag in status.open
            }
            yield Failure(case, tuple(found), why or ("no red flag is present",), waiting)


def find_well_patient(rule_set: RuleSet, cases: Iterable[Case]) -> Mapping[str, Value]:
    """What ordinary answers look like: those of the patient with the most plain noes who comes out with home care."""
    well = [
        case.answers
        for case in cases
        if case.expected.advice == "home_care" and not list_differences(rule_set, case)
    ]
    if not well:
        return {}
    facts = Facts(rule_set, max(well, key=lambda answers: _plain_noes(rule_set, answers)))
    known = {question: facts[question] for question in facts.answers.values}
    return {question: value for question, value in known.items() if not isinstance(value, State)}


def _plain_noes(rule_set: RuleSet, answers: Answers) -> int:
    return sum(
        is_plain_no(rule_set.questions[question], answer)
        for question, answer in answers.values.items()
    )


def list_differences(rule_set: RuleSet, case: Case) -> list[str]:
    """Each way in which the outcome is not what the case expects, in words; none if it is."""
    return list_unmet(
        case.expected, Status.of(rule_set.red_flags.values(), Facts(rule_set, case.answers))
    )


def list_unmet(expected: Expected, status: Status) -> list[str]:
    """Each way in which a status is not what is expected, in words."""
    found: list[str] = []
    if (expected.advice, expected.within_days) != (status.advice, status.within_days):
        wanted, came = (
            _in_brief(expected.advice, expected.within_days),
            _in_brief(status.advice, status.within_days),
        )
        found.append(f"wanted {wanted}, came {came}")
    return found + [
        f"{flag} should be {wanted}, but is {came}"
        for flag, wanted, came in _unmet_flags(expected, status)
    ]


def _unmet_flags(expected: Expected, status: Status) -> Iterator[tuple[str, str, str]]:
    """The red flags that came out otherwise than expected: what was wanted of each, and what came."""
    outcomes = {flag.id: "present" for flag in status.present} | {
        flag.id: "unresolved" for flag in status.open
    }
    named = (
        ("present", expected.findings),
        ("absent", expected.absent),
        ("unresolved", expected.unresolved),
    )
    for wanted, flags in named:
        for flag in flags:
            came = outcomes.get(flag, "absent")
            if came != wanted:
                yield flag, wanted, came


def _in_brief(advice: AdviceId | None, within_days: int | None) -> str:
    if advice is None:
        return "open"
    if advice == "see_doctor_soon" and within_days is None:
        return f"{advice} with an open deadline"
    return describe_urgency_in_brief(Urgency(advice=advice, within_days=within_days))


def _telling(expected: Expected, status: Status, rule_set: RuleSet) -> dict[RedFlag, None]:
    """The red flags that explain the differences: those that came out otherwise, and those that made the urgency."""
    telling = [
        rule_set.red_flags[flag]
        for flag, _, _ in _unmet_flags(expected, status)
        if flag in rule_set.red_flags
    ]
    if (expected.advice, expected.within_days) != (status.advice, status.within_days):
        telling += [flag for flag in status.present if rank(flag) == rank(status.at_least)]
        telling += status.decisive[:MOST_OPEN]
    return dict.fromkeys(telling)


def _outcome_in_words(flag: RedFlag, facts: Facts) -> str:
    """How a red flag came out, and because of which answers, or for want of which."""
    outcome = evaluate(flag.when, facts)
    if outcome is None:
        waiting = dict.fromkeys(find_open_questions(flag.when, facts))
        labels = (facts.rule_set.questions[question].label for question in waiting)
        return f"{_described(flag)} waits for: {'; '.join(labels)}"
    given = dict.fromkeys(find_reasons(flag.when, facts))
    answers = (
        describe_labelled_answer(name, facts.answers.values[name], facts.rule_set) for name in given
    )
    return f"{_described(flag)} is {'present' if outcome else 'absent'} by: {'; '.join(answers)}"


def _described(flag: RedFlag) -> str:
    return f"{flag.id} ({_in_brief(flag.advice, flag.within_days)})"
