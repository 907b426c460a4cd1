"""(RuleSet, Case) -> what came out otherwise than the case expects, and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from backtriage.conditions import Facts, State, evaluate, find_open_questions
from backtriage.model import AdviceId, Answers, Case, Expected, RedFlag, RuleSet, Urgency, Value
from backtriage.reasons import find_reasons
from backtriage.report.words import describe_labelled_answer, describe_urgency_in_brief, is_plain_no
from backtriage.status import Status, rank

MOST_OPEN = 5
"""How many open red flags are told of a case that came out open and should not have.

The most urgent are enough.
"""


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
        differences = list_unmet(case.expected, status)
        if differences:
            flags = _find_explaining(case.expected, status, rule_set)
            why = tuple(_describe_outcome(flag, facts) for flag in flags)
            waiting = {
                flag.id: tuple(dict.fromkeys(find_open_questions(flag.when, facts)))
                for flag in flags
                if flag in status.open
            }
            yield Failure(case, tuple(differences), why or ("no red flag is present",), waiting)


def find_well_patient(rule_set: RuleSet, cases: Iterable[Case]) -> Mapping[str, Value]:
    """What ordinary answers look like, by question; "not sure" as what it counts as.

    Those of the patient with the most plain noes who comes out with home care; none if no case has
    one. Who has to be shown a patient knows at once what is special about one who is like that.
    """
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
    status = Status.of(rule_set.red_flags.values(), Facts(rule_set, case.answers))
    return list_unmet(case.expected, status)


def list_unmet(expected: Expected, status: Status) -> list[str]:
    """Each way in which a status is not what is expected, in words."""
    differences: list[str] = []
    if (expected.advice, expected.within_days) != (status.advice, status.within_days):
        wanted = _describe(expected.advice, expected.within_days)
        came = _describe(status.advice, status.within_days)
        if wanted == came:  # a deadline that goes without saying was not written, or otherwise
            wanted += f" with within_days {_describe_days(expected.within_days)}"
            came += f" with within_days {_describe_days(status.within_days)}"
        differences.append(f"wanted {wanted}, came {came}")
    for flag, wanted, came in _unmet_flags(expected, status):
        differences.append(f"{flag} should be {wanted}, but is {came}")
    return differences


def _unmet_flags(expected: Expected, status: Status) -> Iterator[tuple[str, str, str]]:
    """The red flags that came out otherwise than expected: id, what was wanted, what came."""
    outcomes = {flag.id: "present" for flag in status.present}
    outcomes |= {flag.id: "unresolved" for flag in status.open}
    named = {
        "present": expected.findings,
        "absent": expected.absent,
        "unresolved": expected.unresolved,
    }
    for wanted, flags in named.items():
        for flag in flags:
            came = outcomes.get(flag, "absent")
            if came != wanted:
                yield flag, wanted, came


def _describe(advice: AdviceId | None, within_days: int | None) -> str:
    """An outcome in brief: an advice with its deadline, either of which may be open (None)."""
    if advice is None:
        return "open"
    if advice == "see_doctor_soon" and within_days is None:
        return f"{advice} with an open deadline"
    return describe_urgency_in_brief(Urgency(advice=advice, within_days=within_days))


def _describe_days(within_days: int | None) -> str:
    """What would stand behind within_days in a case."""
    return "left out" if within_days is None else str(within_days)


def _find_explaining(expected: Expected, status: Status, rule_set: RuleSet) -> list[RedFlag]:
    """The red flags that explain the differences, each once.

    Those that came out otherwise than expected, and those that made the urgency what it is.
    """
    names = [flag for flag, _, _ in _unmet_flags(expected, status)]
    flags = [rule_set.red_flags[name] for name in names if name in rule_set.red_flags]
    if (expected.advice, expected.within_days) != (status.advice, status.within_days):
        flags += [flag for flag in status.present if rank(flag) == rank(status.at_least)]
        flags += status.decisive[:MOST_OPEN]
    return list(dict.fromkeys(flags))


def _describe_outcome(flag: RedFlag, facts: Facts) -> str:
    """How a red flag came out, and because of which answers, or for want of which."""
    rule_set, answers = facts.rule_set, facts.answers.values
    named = f"{flag.id} ({_describe(flag.advice, flag.within_days)})"
    outcome = evaluate(flag.when, facts)
    if outcome is None:
        waiting = dict.fromkeys(find_open_questions(flag.when, facts))
        labels = [rule_set.questions[question].label for question in waiting]
        return f"{named} waits for: {'; '.join(labels)}"
    reasons = dict.fromkeys(find_reasons(flag.when, facts))
    given = [describe_labelled_answer(name, answers[name], rule_set) for name in reasons]
    return f"{named} is {'present' if outcome else 'absent'} by: {'; '.join(given)}"
