"""Mutants: which mistakes are made, that the loader would take them,
and that the cases notice what they should.
"""

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import load
from backtriage.authoring.case_outcomes import list_differences
from backtriage.authoring.dependencies import list_conditions
from backtriage.authoring.testing.edits import list_edits
from backtriage.authoring.testing.mutants import Mutant, list_mutants
from backtriage.authoring.testing.mutation import score_mutants
from backtriage.conditions import Facts
from backtriage.errors import Issue
from backtriage.loader.cases import load_cases
from backtriage.loader.condition_parser import ConditionParser
from backtriage.loader.condition_writer import build_condition_data
from backtriage.loader.yaml_reader import read
from backtriage.model import (
    AllOf,
    Answer,
    Answers,
    AnyOf,
    AtLeast,
    Between,
    Case,
    Choice,
    Condition,
    Expected,
    Not,
    Number,
    OneOf,
    Option,
    RuleSet,
)
from backtriage.status import Status
from helpers import NOW, SHIPPED, SMALL, SOON, asks, counts, tiny, yes
from strategies import partial_answers, rule_sets

COURSE = Choice(
    id="course",
    label="course",
    ask="course?",
    why="W.",
    options=tuple(Option(id=name, label=name.title()) for name in ("better", "same", "worse")),
    not_sure="same",
    worse="later",
)
QUESTIONS = [asks("a"), asks("b"), COURSE, counts("kilos")]

DEGREES = Number(
    id="heat",
    label="heat",
    ask="heat?",
    why="W.",
    unit="C",
    minimum=30,
    maximum=45,
    not_sure=37,
    worse="higher",
)


def changes(rule_set: RuleSet, sort: str) -> list[str]:
    return [mutant.change for mutant in list_mutants(rule_set) if mutant.part[0] == sort]


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        (yes("a"), ["{a: yes} became {a: no}"]),
        (Not(yes("a")), ["the not was removed from {not: {a: yes}}"]),
        (
            OneOf("course", ("same", "worse")),
            [
                "{course: [same, worse]} became {course: worse}",
                "{course: [same, worse]} became {course: same}",
                "{course: [same, worse]} became {not: {course: [same, worse]}}",
            ],
        ),
        (
            Between("kilos", 50, None),
            [
                "{kilos: {at_least: 50}} became {kilos: {at_least: 49}}",
                "{kilos: {at_least: 50}} became {kilos: {at_least: 51}}",
                "{kilos: {at_least: 50}} became {not: {kilos: {at_least: 50}}}",
            ],
        ),
        (
            Between("kilos", 1, 3),
            [
                "{kilos: {at_least: 1, below: 3}} became {kilos: {at_least: 0, below: 3}}",
                "{kilos: {at_least: 1, below: 3}} became {kilos: {at_least: 2, below: 3}}",
                "{kilos: {at_least: 1, below: 3}} became {kilos: {at_least: 1, below: 2}}",
                "{kilos: {at_least: 1, below: 3}} became {kilos: {at_least: 1, below: 4}}",
                "{kilos: {at_least: 1, below: 3}} became {kilos: {below: 3}}",
                "{kilos: {at_least: 1, below: 3}} became {kilos: {at_least: 1}}",
                "{kilos: {at_least: 1, below: 3}} became {not: {kilos: {at_least: 1, below: 3}}}",
            ],
        ),
        (
            Between("kilos", None, 1),  # below 0 would never hold
            [
                "{kilos: {below: 1}} became {kilos: {below: 2}}",
                "{kilos: {below: 1}} became {not: {kilos: {below: 1}}}",
            ],
        ),
        (
            Between("heat", 38, None),
            [
                "{heat: {at_least: 38}} became {heat: {at_least: 37.9}}",
                "{heat: {at_least: 38}} became {heat: {at_least: 38.1}}",
                "{heat: {at_least: 38}} became {not: {heat: {at_least: 38}}}",
            ],
        ),
        (
            AllOf((yes("a"), yes("b"))),
            [
                "all became any in {all: [{a: yes}, {b: yes}]}",
                "{a: yes} was dropped",
                "{a: yes} became {a: no}",
                "{b: yes} was dropped",
                "{b: yes} became {b: no}",
            ],
        ),
        (
            AtLeast(2, (yes("a"), AnyOf((yes("b"), yes("a"))))),  # one alone could never be two
            [
                "count 2 became 1 in "
                "{at_least: {count: 2, of: [{a: yes}, {any: [{b: yes}, {a: yes}]}]}}",
                "{a: yes} became {a: no}",
                "any became all in {any: [{b: yes}, {a: yes}]}",
                "{b: yes} was dropped",
                "{b: yes} became {b: no}",
                "{a: yes} was dropped",
                "{a: yes} became {a: no}",
                "{a: yes} and {b: yes} changed places",
            ],
        ),
    ],
)
def test_the_mistakes_in_a_condition(condition: Condition, wanted: list[str]) -> None:
    """Every mistake once, and none that the loader would refuse."""
    rule_set = tiny([*QUESTIONS, DEGREES], {"flag": (NOW, condition)})
    own = changes(rule_set, "red flag")

    assert own == ["seek_care_now became see_doctor_soon today", *wanted]


def test_legs_change_places_between_groups_and_keep_their_number() -> None:
    """Each leg of a group with each leg of another, or with the other group itself;
    never two of the same group.
    """
    a, b, worse, kilos = yes("a"), yes("b"), OneOf("course", ("worse",)), Between("kilos", 50, None)
    condition = AnyOf((AllOf((a, b)), AtLeast(1, (worse, kilos))))
    rule_set = tiny([*QUESTIONS, DEGREES], {"flag": (NOW, condition)})
    group, count = condition.of

    assert {
        edit.condition for edit in list_edits(condition, rule_set) if edit.kind == "legs swapped"
    } == {
        AnyOf((AllOf((worse, b)), AtLeast(1, (a, kilos)))),
        AnyOf((AllOf((kilos, b)), AtLeast(1, (worse, a)))),
        AnyOf((AllOf((a, worse)), AtLeast(1, (b, kilos)))),
        AnyOf((AllOf((a, kilos)), AtLeast(1, (worse, b)))),
        AnyOf((worse, AtLeast(1, (group, kilos)))),
        AnyOf((kilos, AtLeast(1, (worse, group)))),
        AnyOf((AllOf((count, b)), a)),
        AnyOf((AllOf((a, count)), b)),
    }


@pytest.mark.parametrize(
    ("urgency", "wanted"),
    [
        (NOW, ["seek_care_now became see_doctor_soon today"]),
        (
            ("see_doctor_soon", 0),
            ["see_doctor_soon became seek_care_now", "within_days: 0 became 1"],
        ),
        (
            ("see_doctor_soon", 5),  # a deadline that no other red flag has
            [
                "see_doctor_soon became seek_care_now",
                "within_days: 5 became 3",
                "within_days: 5 became 7",
            ],
        ),
        (
            ("see_doctor_soon", 28),
            ["see_doctor_soon became seek_care_now", "within_days: 28 became 14"],
        ),
    ],
)
def test_the_mistakes_in_a_red_flag(urgency: tuple[str, int], wanted: list[str]) -> None:
    """It is lost, its advice is another, its deadline the next shorter or longer."""
    rule_set = tiny(QUESTIONS, {"flag": (urgency, yes("a")), "other": (NOW, yes("b"))})
    own = [
        mutant.change for mutant in list_mutants(rule_set) if mutant.part == ("red flag", "flag")
    ]

    assert own == ["the red flag was removed", *wanted, "{a: yes} became {a: no}"]


def test_the_mistakes_in_a_question() -> None:
    """What "not sure" counts as, and when it is asked;
    of numbers, those that a bound tells apart.
    """
    kilos = counts("kilos")
    course = Choice(
        **{key: getattr(COURSE, key) for key in COURSE.__slots__}
        | {"ask_if": Between("kilos", 50, None)}
    )
    rule_set = tiny(
        [kilos, course],
        {"flag": (NOW, OneOf("course", ("worse",))), "heavy": (SOON, Between("kilos", 80, None))},
    )

    assert changes(rule_set, "question") == [
        "not_sure: same became better",
        "not_sure: same became worse",
        "the ask_if was removed: {kilos: {at_least: 50}}",
        "in ask_if, {kilos: {at_least: 50}} became {kilos: {at_least: 49}}",
        "in ask_if, {kilos: {at_least: 50}} became {kilos: {at_least: 51}}",
        "in ask_if, {kilos: {at_least: 50}} became {not: {kilos: {at_least: 50}}}",
        "not_sure: 0 kg became 50 kg",
        "not_sure: 0 kg became 80 kg",
    ]


def test_definitions_that_a_red_flag_rests_on_are_changed_and_no_others() -> None:
    """What only the wording of an advice rests on, no case can tell."""
    parts = {mutant.part for mutant in list_mutants(load(SHIPPED))}

    assert ("definition", "nerve_signs") in parts
    assert ("definition", "needs_ambulance") not in parts


@pytest.mark.parametrize("folder", [SMALL, SHIPPED], ids=["small", "shipped"])
def test_the_loader_would_take_every_mutant(folder: str) -> None:
    """A mistake that the loader tells at once needs no case;
    and each mutant is another rule set.
    """
    rule_set, issues = load(folder), list[Issue]()
    for mutant in list_mutants(rule_set):
        changed = mutant.rule_set
        condition = list_conditions(changed).get(mutant.part)
        if condition is not None:
            node = read(json.dumps(build_condition_data(condition)).encode(), "x.yaml", issues)
            parser = ConditionParser(changed.questions, changed.definitions, True, issues)

            assert node is not None
            assert parser.parse(node) == condition
        same = [
            getattr(changed, key) == getattr(rule_set, key)
            for key in ("red_flags", "definitions", "questions")
        ]

        assert same.count(False) == 1, mutant.change
    assert issues == []


def as_case(rule_set: RuleSet, answers: dict[str, Answer], *named: str) -> Case:
    """A case that holds: it expects what comes out, of the red flags named and of the advice."""
    status = Status.of(rule_set.red_flags.values(), Facts(rule_set, Answers(answers)))
    present, waiting = ([flag.id for flag in flags] for flags in (status.present, status.open))
    expected = Expected(
        advice=status.advice,
        within_days=status.within_days,
        findings=tuple(flag for flag in named if flag in present),
        unresolved=tuple(flag for flag in named if flag in waiting),
        absent=tuple(flag for flag in named if flag not in (*present, *waiting)),
    )
    return Case(id="c", note="N.", file="f", line=1, answers=Answers(answers), expected=expected)


@given(st.data())
def test_a_mutant_survives_where_every_case_holds_for_it(data: st.DataObject) -> None:
    """The detector evaluates little of each mutant; running all cases in full comes to the same."""
    rule_set = data.draw(rule_sets())
    flags = st.lists(st.sampled_from(list(rule_set.red_flags)), max_size=2)
    people = [data.draw(partial_answers(rule_set)) for _ in range(data.draw(st.integers(1, 4)))]
    cases = [as_case(rule_set, dict(answers), *data.draw(flags)) for answers in people]

    assert_scored_right(rule_set, cases)


def test_so_it_is_for_the_cases_of_the_small_rule_set() -> None:
    """They use definitions more than random rule sets do."""
    rule_set = load(SMALL)

    assert_scored_right(rule_set, load_cases(SMALL, rule_set))


def assert_scored_right(rule_set: RuleSet, cases: Sequence[Case]) -> None:
    """The survivors are the mutants for which all cases hold."""
    tried = list(list_mutants(rule_set))
    score = score_mutants(rule_set, cases, tried)

    assert score.tried == len(tried)
    assert [survivor.mutant for survivor in score.survivors] == [
        mutant
        for mutant in tried
        if not any(list_differences(mutant.rule_set, case) for case in cases)
    ]


def test_survivors_can_be_explained() -> None:
    """Only they are looked at: one that differs in nobody is no gap in the cases,
    and somebody is shown for others.
    """
    rule_set = tiny(
        [asks("a"), asks("b")], {"flag": (NOW, AnyOf((yes("a"), AllOf((yes("a"), yes("b"))))))}
    )
    cases = [
        as_case(rule_set, {"a": "yes", "b": "no"}, "flag"),
        as_case(rule_set, {"a": "no", "b": "yes"}, "flag"),
    ]
    looked_at: list[str] = []

    def prove(original: RuleSet, mutant: Mutant) -> Answers | None:
        assert original is rule_set
        looked_at.append(mutant.change)
        return Answers({"a": "not sure"}) if mutant.part[0] == "question" else None

    score = score_mutants(rule_set, cases, list_mutants(rule_set), prove)

    assert looked_at == [survivor.mutant.change for survivor in score.survivors]
    assert {survivor.verdict for survivor in score.survivors} == {"equivalent", "unnoticed"}
    assert [survivor.mutant.part for survivor in score.unexplained] == [
        ("question", "a"),
        ("question", "b"),
    ]
    assert score.unexplained[0].patient == Answers({"a": "not sure"})
    assert score.noticed == score.tried - len(looked_at)


def test_a_case_that_does_not_hold_notices_nothing() -> None:
    """Otherwise it would seem to find every mistake."""
    rule_set = tiny([asks("a")], {"flag": (NOW, yes("a"))})
    wrong = Case(
        id="c",
        note="N.",
        file="f",
        line=1,
        answers=Answers({"a": "yes"}),
        expected=Expected(advice="home_care", within_days=None),
    )

    assert score_mutants(rule_set, [wrong], list_mutants(rule_set)).noticed == 0
