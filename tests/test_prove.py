"""The solver's verdicts are those of brute force, and every patient that it shows is real."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise, product

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backtriage.authoring.prove import prove
from backtriage.authoring.prove.claims import Claims
from backtriage.authoring.prove.encoding import AnswerSymbols, Encoding, encode_freely
from backtriage.authoring.prove.forms import FormClaims
from backtriage.authoring.prove.lengths import measure_lengths
from backtriage.authoring.prove.mutants import find_difference
from backtriage.authoring.prove.patients import build_patient
from backtriage.authoring.prove.search import Search
from backtriage.authoring.testing.mutants import list_mutants
from backtriage.condition_parts import find_dependencies, list_advice_conditions, list_comparisons
from backtriage.conditions import Facts, evaluate
from backtriage.interview import Interview
from backtriage.loader.authored import Excuse, Part
from backtriage.loader.build import read_folder
from backtriage.loader.yaml_nodes import Place
from backtriage.model import NOT_SURE, Answer, Answers, Between, Question, RedFlag, RuleSet, Value
from backtriage.status import Status, find_all_telling_values, rank
from backtriage.steps import has_check
from helpers import NOW, SHIPPED, SOON, as_authored, asks, counts, tiny, yes
from strategies import examples, rule_sets

MOST_PEOPLE = 3000


class Everybody:
    """All the people there are for a rule set, and what the engine says of each."""

    def __init__(self, rule_set: RuleSet) -> None:
        self.rule_set = rule_set
        self.values = find_all_telling_values(rule_set)
        self.people = [
            dict(zip(self.values, combination, strict=True))
            for combination in product(*self.values.values())
        ]
        self.statuses = [self.status(person) for person in self.people]
        self.told_by = {
            question
            for condition in list_advice_conditions(rule_set)
            for question in find_dependencies(condition, rule_set)
        }

    def status(self, person: Mapping[str, Value], also: str | None = None) -> Status:
        patient = build_patient(self.rule_set, person, also)
        return Status.of(self.rule_set.red_flags.values(), Facts(self.rule_set, patient))

    def urgency(self, person: Mapping[str, Value], also: str | None = None) -> tuple[int, int]:
        return rank(self.status(person, also).at_least)

    def refuted(self) -> Iterator[tuple[Part, str]]:
        """Every claim that some of them refute, in the plainest words there are."""
        if all(status.present for status in self.statuses):
            yield ("rule set", self.rule_set.id), "no-home-care"
        for flag in self.rule_set.red_flags.values():
            yield from ((("red flag", flag.id), code) for code in self.of_red_flag(flag))
        for question in self.rule_set.questions.values():
            yield from ((("question", question.id), code) for code in self.of_question(question))

    @classmethod
    def of_few(cls, rule_set: RuleSet) -> "Everybody":
        """Only where they are not too many to be asked one by one."""
        people = 1
        for values in find_all_telling_values(rule_set).values():
            people *= len(values)
        assume(people <= MOST_PEOPLE)
        return cls(rule_set)

    def rests_on(self, question: Question) -> bool:
        """Whether somebody has a red flag that names the question by answering it alone, though it
        does not apply to them.
        """
        flags = [
            flag
            for flag in self.rule_set.red_flags.values()
            if question.id
            in {one.question for one in list_comparisons(flag.when, self.rule_set.definitions)}
        ]
        for person in self.people:
            plain = Facts(self.rule_set, build_patient(self.rule_set, person))
            also = Facts(self.rule_set, build_patient(self.rule_set, person, also=question.id))
            if plain.check_applies(question.id) is False and any(
                evaluate(flag.when, also) and not evaluate(flag.when, plain) for flag in flags
            ):
                return True
        return False

    def of_red_flag(self, flag: RedFlag) -> Iterator[str]:
        having = [status for status in self.statuses if flag in status.present]
        others = [other for other in self.rule_set.red_flags.values() if other is not flag]
        if not having:
            yield "never-present"
        elif all(
            any(rank(other) >= rank(flag) for other in status.present if other is not flag)
            for status in having
        ):
            twin = any(
                all((flag in s.present) == (other in s.present) for s in self.statuses)
                for other in others
            )
            yield "equivalent" if twin else "never-decisive"

    def of_question(self, question: Question) -> Iterator[str]:
        values = self.values[question.id]
        table = [
            [self.urgency(person | {question.id: value}) for value in values]
            for person in self.people
        ]
        if question.id not in self.told_by and all(len(set(row)) == 1 for row in table):
            yield "idle-question"
        facts = [
            Facts(self.rule_set, build_patient(self.rule_set, person)) for person in self.people
        ]
        if question.ask_if and not any(evaluate(question.ask_if, fact) for fact in facts):
            yield "never-asked"
        hidden = [
            person
            for person, fact in zip(self.people, facts, strict=True)
            if fact.check_applies(question.id) is False
        ]
        if any(self.urgency(person, also=question.id) > self.urgency(person) for person in hidden):
            yield "hides-urgency"
        order = (lambda row: row[::-1]) if question.worse in ("no", "lower") else list
        if question.worse and any(
            low > high for row in table for low, high in pairwise(order(row))
        ):
            yield "not-monotone"
        if question.not_sure is not None and any(
            self.urgency(person | {question.id: question.not_sure}) < max(row)
            for person, row in zip(self.people, table, strict=True)
        ):
            yield "not-sure-milder"


@given(rule_sets())
@examples(150)
def test_the_verdicts_are_those_of_brute_force(rule_set: RuleSet) -> None:
    """Nothing is refuted that holds, and nothing that does not hold goes through."""
    everybody = Everybody.of_few(rule_set)
    refuted = {(issue.part, issue.code) for issue in Claims(as_authored(rule_set)).find_refuted()}

    assert refuted == set(everybody.refuted())


@given(rule_sets())
@examples(150)
def test_who_answers_what_does_not_apply_is_found_as_by_brute_force(rule_set: RuleSet) -> None:
    """A red flag that rests on such an answer alone is found, and no other."""
    everybody = Everybody.of_few(rule_set)
    refuted = {issue.part for issue in FormClaims(Claims(as_authored(rule_set))).find_refuted()}

    assert refuted == {
        ("question", question.id)
        for question in rule_set.questions.values()
        if question.ask_if and everybody.rests_on(question)
    }


@given(rule_sets())
def test_the_lengths_are_those_of_brute_force(rule_set: RuleSet) -> None:
    """No interview is shorter than the shortest or longer than the longest.

    Nor is one longer than the longest with all its checks, if nobody is sure at first.
    """
    everybody = find_all_telling_values(rule_set)
    people = [
        dict(zip(everybody, combination, strict=True))
        for combination in product(*everybody.values())
    ]
    assume(len(people) <= MOST_PEOPLE)

    shortest, longest, most = measure_lengths(rule_set)
    numbers = [prompts(rule_set, person) for person in people]

    assert (shortest.prompts, longest.prompts) == (min(numbers), max(numbers))
    assert most.prompts + most.checks == max(
        prompts(rule_set, person, sure=False) for person in people
    )
    assert prompts(
        rule_set, {name: values[0] for name, values in everybody.items()} | longest.answers.values
    ) == max(numbers)


def prompts(rule_set: RuleSet, person: Mapping[str, Answer], *, sure: bool = True) -> int:
    """How many prompts a person meets, who may be sure of an answer only after a check."""
    interview, count = Interview(rule_set), 0
    while step := interview.step:
        doubts = has_check(step) and not sure
        answers = {name.id: NOT_SURE if doubts else person[name.id] for name in step.questions}
        interview, count = interview.take_answers(answers), count + 1
    return count


@given(rule_sets())
def test_with_answers_missing_the_formulas_say_what_the_engine_says(rule_set: RuleSet) -> None:
    """Present, absent and unresolved:
    for any red flag, somebody found for each of them is so to the engine too.
    """
    person = AnswerSymbols(find_all_telling_values(rule_set))
    encoding, search = Encoding(rule_set, person, encode_freely), Search(person)
    for flag in rule_set.red_flags.values():
        outcome = encoding.build_truth(flag.when)
        for formula, expected in (
            (outcome.true, True),
            (outcome.false, False),
            (outcome.unknown, None),
        ):
            somebody = search.find_anybody(formula)
            if somebody is not None:
                values = somebody.read_values(person)
                given_answers = {
                    name: values[name]
                    for name in rule_set.questions
                    if somebody.check_holds(encoding.build_given(name))
                }
                assert evaluate(flag.when, Facts(rule_set, Answers(given_answers))) is expected


@given(rule_sets(), st.data())
def test_a_mutant_is_called_equal_only_if_nobody_can_tell_it(
    rule_set: RuleSet, data: st.DataObject
) -> None:
    """Of all people, with any answers left out, nobody differs; and whoever is shown does."""
    mutants = list(list_mutants(rule_set))
    assume(mutants)
    mutant = data.draw(st.sampled_from(mutants))
    values = {
        name: {None, *of, *(find_all_telling_values(mutant.rule_set)[name]), NOT_SURE}
        - ({NOT_SURE} if asked.not_sure is None else set())
        for (name, of), asked in zip(
            find_all_telling_values(rule_set).items(), rule_set.questions.values(), strict=True
        )
    }
    assume(math.prod(map(len, values.values())) <= MOST_PEOPLE)
    everybody = [
        {
            name: answer
            for name, answer in zip(values, combination, strict=True)
            if answer is not None
        }
        for combination in product(*values.values())
    ]

    patient = find_difference(rule_set, mutant)

    if patient is None:
        assert not any(
            outcomes(rule_set, person) != outcomes(mutant.rule_set, person) for person in everybody
        )
    else:
        assert outcomes(rule_set, patient.values) != outcomes(mutant.rule_set, patient.values)


def outcomes(rule_set: RuleSet, answers: Mapping[str, Answer]) -> tuple[object, ...]:
    """What a case can expect: the red flags that are present or open,
    the advice and the deadline.
    """
    facts = Facts(rule_set, Answers(answers))
    status = Status.of(rule_set.red_flags.values(), facts)
    present, unresolved = ({flag.id for flag in flags} for flags in (status.present, status.open))
    return present, unresolved, status.advice, status.within_days


FEVER = asks("fever")


def issues_of(rule_set: RuleSet) -> list[tuple[str, str, dict[str, Answer] | None]]:
    """Part, code and patient of each issue."""
    refuted = Claims(as_authored(rule_set)).find_refuted()
    return [
        (issue.part[1], issue.code, dict(issue.patient) if issue.patient else None)
        for issue in refuted
        if issue.part
    ]


def test_a_number_that_lowers_urgency_is_found_with_a_patient_at_its_bound() -> None:
    """Acute pain is urgent and old pain is not: the first value of the milder side is shown."""
    rule_set = tiny([counts("days")], {"acute": (SOON, Between("days", None, 14))})

    assert ("days", "not-monotone", {"days": 14}) in issues_of(rule_set)


def test_what_not_sure_may_stand_for_is_compared() -> None:
    """Not sure counts as 0 here, but 14 would be an emergency."""
    rule_set = tiny([counts("days")], {"old": (NOW, Between("days", 14, None))})

    assert issues_of(rule_set) == [("days", "not-sure-milder", {"days": 0})]


def test_a_refined_answer_is_hidden_by_its_question() -> None:
    """The patient that is shown has not been asked."""
    rule_set = tiny([FEVER, asks("high", ask_if=yes("fever"))], {"high": (NOW, yes("high"))})

    assert issues_of(rule_set) == [("high", "hides-urgency", {"fever": "no"})]


def test_an_excuse_takes_its_issue_away_and_an_idle_one_is_told() -> None:
    """So a reason must be removed together with what it excused."""
    authored = as_authored(tiny([counts("days")], {"old": (NOW, Between("days", 14, None))}))
    part = ("question", "days")
    excuses = {
        code: Excuse("So it is.", Place("f", line, 1))
        for line, code in enumerate(("not-sure-milder", "not-monotone"), 7)
    }

    judged = prove(replace(authored, excuses={part: excuses})).judged

    assert [(issue.part, issue.code) for issue, _ in judged.excused] == [(part, "not-sure-milder")]
    assert [(issue.line, issue.code) for issue in judged.issues] == [(8, "unused-excuse")]


@pytest.mark.slow
def test_the_shipped_rules_hold() -> None:
    """The proof that CI asks for; each excuse has a reason."""
    proof = prove(read_folder(SHIPPED))

    assert [str(issue) for issue in proof.judged.issues] == []
    assert all(reason for _, reason in proof.judged.excused)
    assert {issue.code for issue, _ in proof.judged.excused} == {
        "follow-up-alone",
        "hides-urgency",
        "never-decisive",
        "not-monotone",
        "not-sure-milder",
    }
