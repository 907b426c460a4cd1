"""What is told contradicts the rules for nobody: the solver finds whoever brute force finds."""

from collections.abc import Iterator
from itertools import product
from math import prod
from pathlib import Path

import pytest
from hypothesis import assume, given

from backtriage import RuleSet, assess
from backtriage.authoring.prove import prove
from backtriage.authoring.prove.claims import Claims
from backtriage.authoring.prove.patients import build_patient
from backtriage.authoring.prove.told import ToldClaims
from backtriage.condition_parts import list_advice_conditions, list_promises
from backtriage.conditions import Facts, evaluate
from backtriage.errors import Issue
from backtriage.loader.authored import Part
from backtriage.loader.build import read_folder
from backtriage.model import AdvicePart, AdviceStep, Answer, Answers, Assessment, Value
from backtriage.report.advice import is_told
from backtriage.status import find_all_telling_values, rank
from helpers import SMALL, as_authored, replaced, small_with
from strategies import examples, rule_sets

MOST_PEOPLE = 500
CODES = {"told-wrongly", "milder-than-rules", "watches-for-known", "way-not-told", "no-date"}

Line = tuple[Part, AdviceStep, tuple[AdvicePart | AdviceStep, ...]]
"""The part that has it, what it says, and everything whose conditions it is told under."""


def lines_told(rule_set: RuleSet, result: Assessment) -> Iterator[Line]:
    """Every line that this person is told."""
    facts = Facts(rule_set, Answers(result.answers))
    for line in lines_of(rule_set, result):
        if all(is_told(holder, facts) for holder in line[2]):
            yield line


def lines_of(rule_set: RuleSet, result: Assessment) -> Iterator[Line]:
    """Every line for people as urgent as that."""
    advice = result.at_least.advice
    part, text = ("advice", advice), rule_set.advice[advice]
    for step in (*text.steps, *(net.step for net in text.safety_net)):
        yield part, step, (step,)
    for group in text.parts:
        yield from ((part, step, (step, group)) for step in group.steps)
    for step in rule_set.also_watch_for:
        if step.watch and rank(step.watch.then) > rank(result.at_least):
            yield ("advice", "also_watch_for"), step, (step,)


def contradictions(rule_set: RuleSet, person: dict[str, Value]) -> Iterator[tuple[Part, str]]:
    """What one patient is told that contradicts the rules, in the plainest words there are."""
    result = assess(rule_set, build_patient(rule_set, person))
    facts = Facts(rule_set, Answers(result.answers))
    lines = list(lines_told(rule_set, result))
    for part, step, holders in lines:
        if any(holder.never_if and evaluate(holder.never_if, facts) is True for holder in holders):
            yield part, "told-wrongly"
        if step.watch and step.watch.answers:
            changed = build_patient(rule_set, {**person, **step.watch.answers})
            if rank(assess(rule_set, changed).at_least) > rank(step.watch.then):
                yield part, "milder-than-rules"
            if step.watch.answers.items() <= result.answers.items():
                yield part, "watches-for-known"
    here: Part = ("advice", result.at_least.advice)
    if rule_set.ambulance and here[1] == "seek_care_now":
        ways = {step.how for part, step, _ in lines if part == here and step.how}
        if ways - {result.how}:
            yield here, "told-wrongly"
        if result.how not in ways:
            yield here, "way-not-told"
    nets = rule_set.advice[result.at_least.advice].safety_net
    if here[1] == "home_care" and not any(is_told(net.step, facts) for net in nets):
        yield here, "no-date"


def refuted(rule_set: RuleSet) -> list[Issue]:
    return list(ToldClaims(Claims(as_authored(rule_set))).find_refuted())


@given(rule_sets())
@examples(150, everyday=15)
def test_the_verdicts_are_those_of_brute_force(rule_set: RuleSet) -> None:
    """Nothing is refuted that holds, nothing that does not goes through, and each patient is one.

    Bounds that only a text has count too: what is told to people of 66 is looked at at 66.
    """
    told = (*list_advice_conditions(rule_set), *list_promises(rule_set))
    values = find_all_telling_values(rule_set, told)
    assume(prod(map(len, values.values())) <= MOST_PEOPLE)
    everybody = [
        dict(zip(values, combination, strict=True)) for combination in product(*values.values())
    ]

    issues = refuted(rule_set)

    expected = {found for person in everybody for found in contradictions(rule_set, person)}
    assert {(issue.part, issue.code) for issue in issues} == expected
    for issue in issues:  # what is not asked yet may be asked once something has happened
        alike = [
            person
            for person in everybody
            if build_patient(rule_set, person).values == dict(issue.patient or ())
        ]
        shown = {found for person in alike for found in contradictions(rule_set, person)}
        assert (issue.part, issue.code) in shown


def with_all(rule_set: RuleSet, issue: Issue) -> dict[str, Value]:
    """What the patient of an issue would answer; what does not apply to them says nothing."""
    answers: dict[str, Answer] = dict(issue.patient or ())
    values = find_all_telling_values(rule_set)
    return {name: answers.get(name, values[name][0]) for name in values}  # type: ignore[misc]


# Each mistake, and the rule set without it --------------------------------------------------------

TOLD = """\
also_watch_for:
  - text: you go numb and fall
    watch: {for: {fall: yes, numb: yes}, then: seek_care_now, within_days: 0}
    unless: {fall: yes, numb: yes}
seek_care_now:
  title: Seek care now
  lead: Get help.
  ambulance: {numb: yes}
  steps:
    - Show this.
    - {text: Call now., how: ambulance, when: {numb: yes}}
    - {text: Go now., how: emergency_department, unless: {numb: yes}}
see_doctor_soon:
  title: See a doctor soon
  lead: See one.
  steps:
    - Call your doctor.
    - text: If you go numb, get help at once.
      watch: {for: {numb: yes}, then: seek_care_now, within_days: 0}
home_care:
  title: Conservative home care
  lead: Start at home.
  steps: [Keep moving.]
  parts:
    - title: The first week
      when: {duration: {below: 1 week}}
      never_if: {duration: {at_least: 1 week}}
      steps:
        - {text: Do less., never_if: {duration: {at_least: 8 days}}}
  safety_net:
    - {within_days: 14, text: Look again., unless: {age: {at_least: 50}}}
    - {within_days: 3, text: Look again soon., when: {age: {at_least: 50}}}
"""
MISTAKES = {
    "told-wrongly, by its part": ("when: {duration: {below: 1 week}}", "unless: {fall: yes}"),
    "told-wrongly, by a day": ("when: {duration: {below: 1 week}}", "when: {duration: {below: 9}}"),
    "told-wrongly, the way": (", when: {numb: yes}}", "}"),
    "milder-than-rules, the advice": (
        "{for: {numb: yes}, then: seek_care_now, within_days: 0}",
        "{for: {numb: yes}, then: see_doctor_soon, within_days: 0}",
    ),
    "milder-than-rules, the day": (
        "{for: {fall: yes, numb: yes}, then: seek_care_now, within_days: 0}\n"
        "    unless: {fall: yes, numb: yes}",
        "{for: {fall: yes}, then: see_doctor_soon, within_days: 2}\n    unless: {fall: yes}",
    ),
    "watches-for-known, in a step": ("for: {numb: yes}", "for: {weak: yes}"),
    "watches-for-known, beside": (
        "{for: {fall: yes, numb: yes}, then: seek_care_now, within_days: 0}\n"
        "    unless: {fall: yes, numb: yes}",
        "{for: {weak: no}, then: seek_care_now, within_days: 0}",
    ),
    "way-not-told, at all": (", how: emergency_department", ""),
    "way-not-told, to some": (
        "unless: {numb: yes}}\nsee",
        "unless: {any: [{numb: yes}, {age: {at_least: 66}}]}}\nsee",
    ),
    "no-date, for some": ("when: {age: {at_least: 50}}}", "when: {age: {at_least: 51}}}"),
}


def issues_with(folder: Path, text: str) -> list[Issue]:
    authored = read_folder(small_with(folder, {"advice.yaml": text}))
    return [issue for issue in prove(authored).judged.issues if issue.code in CODES]


def test_without_a_mistake_nothing_is_refuted(tmp_path: Path) -> None:
    """The same texts hold as they stand."""
    assert issues_with(tmp_path, days(TOLD)) == []


def days(text: str) -> str:
    """Nine is written with its unit."""
    return text.replace("below: 9}", "below: 9 days}")


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_with_somebody_whom_it_harms(name: str, tmp_path: Path) -> None:
    """The engine says so of the patient that is shown."""
    text = days(replaced(TOLD, *MISTAKES[name]))

    issues = issues_with(tmp_path, text)

    assert {issue.code for issue in issues} == {name.partition(",")[0]}
    rule_set = read_folder(tmp_path / "rules").rule_set
    for issue in issues:
        assert issue.file
        assert (issue.part, issue.code) in set(contradictions(rule_set, with_all(rule_set, issue)))


def test_a_line_is_found_at_its_place(tmp_path: Path) -> None:
    """In the list of steps, not only at the advice."""
    (issue,) = issues_with(tmp_path, replaced(TOLD, "for: {numb: yes}", "for: {weak: yes}"))

    text = TOLD.splitlines()
    assert text[(issue.line or 0) - 1].strip() == "- text: If you go numb, get help at once."


def test_every_code_has_a_mistake() -> None:
    """So that none is a promise alone."""
    assert {name.partition(",")[0] for name in MISTAKES} == CODES


def test_who_says_nothing_of_ambulances_need_not_say_the_way() -> None:
    """As the small rule set does, which was written before there was such a word."""
    assert "ambulance" not in (SMALL / "advice.yaml").read_text()
    assert refuted(read_folder(SMALL).rule_set) == []
