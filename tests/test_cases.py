"""The patients that come with the rule sets, and mistakes in how they are written."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import RuleSetError, assess, load
from backtriage.authoring.case_outcomes import find_failures, list_differences
from backtriage.loader.cases import load_cases
from backtriage.model import NOT_SURE, Answer, Answers, Case, Expected
from helpers import SHIPPED, SMALL
from strategies import partial_answers, rule_sets

RULES = {folder: load(folder) for folder in (SMALL, SHIPPED)}
CASES = [
    (folder, case) for folder, rule_set in RULES.items() for case in load_cases(folder, rule_set)
]


@pytest.mark.parametrize(("folder", "case"), CASES, ids=[case.id for _, case in CASES])
def test_case(folder: Path, case: Case) -> None:
    """The rule set does what a clinician would expect for this patient."""
    assert list_differences(RULES[folder], case) == [], case.note


@pytest.mark.parametrize("folder", [SMALL, SHIPPED], ids=["small", "shipped"])
def test_every_red_flag_is_raised_by_some_case(folder: Path) -> None:
    """No red flag goes untested."""
    raised = {flag for own, case in CASES if own == folder for flag in case.expected.findings}

    assert set(RULES[folder].red_flags) - raised == set()


@pytest.mark.parametrize("wanted", ["findings", "absent", "unresolved"])
def test_every_red_flag_has_a_case_for_each_way_it_can_come_out(wanted: str) -> None:
    """Raised, just missed, and left open: three cases at least for each of the shipped rule set."""
    named = {
        flag
        for case in load_cases(SHIPPED, RULES[SHIPPED])
        for flag in getattr(case.expected, wanted)
    }

    assert set(RULES[SHIPPED].red_flags) - named == set()


def test_each_of_the_seven_serious_causes_is_suspected_in_some_patient() -> None:
    """What the articles behind this project name as serious can all be reached."""
    rule_set = RULES[SHIPPED]
    raised = {
        flag for folder, case in CASES if folder == SHIPPED for flag in case.expected.findings
    }
    suspected = {rule_set.red_flags[flag].suspect for flag in raised}

    assert suspected >= {
        "cancer",
        "cauda_equina_syndrome",
        "spinal_infection",
        "compression_fracture",
        "stress_fracture",
        "ankylosing_spondylitis",
        "aneurysm",
    }


def test_mistakes_in_cases_are_told_with_their_places(tmp_path: Path) -> None:
    """A case that names what does not exist, or answers what cannot be answered, is never run."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "patients.yaml").write_text("patients:\n  well: {numb: no, agee: 3}\n")
    (tmp_path / "cases" / "one.yaml").write_text(
        "cases:\n"
        "  - id: one\n"
        "    note: A note.\n"
        "    from: wel\n"
        "    answers: {weak: maybe so}\n"
        "    without: [numm]\n"
        "    expect: {advice: home_care, within_days: 3, findings: [weak]}\n"
        "  - id: one\n"
        "    expect: {advice: home}\n"
    )
    with pytest.raises(RuleSetError) as caught:
        load_cases(tmp_path, RULES[SMALL])
    places = [
        (Path(issue.file or "").name, issue.line, issue.code) for issue in caught.value.issues
    ]

    assert places == [
        ("one.yaml", 4, "unknown-patient"),
        ("one.yaml", 5, "wrong-type"),
        ("one.yaml", 6, "unknown-question"),
        ("one.yaml", 7, "wrong-value"),
        ("one.yaml", 7, "unknown-red-flag"),
        ("one.yaml", 8, "missing-key"),
        ("one.yaml", 9, "wrong-value"),
        ("patients.yaml", 2, "unknown-question"),
    ]


@pytest.mark.parametrize("name", ["cases/mine.yml", "cases/more/mine.yaml", "cases"])
def test_cases_that_would_not_be_read_are_told(tmp_path: Path, name: str) -> None:
    """Nobody would miss them."""
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("cases: []\n")

    with pytest.raises(RuleSetError, match="unused-file"):
        load_cases(tmp_path, RULES[SMALL])


@pytest.mark.parametrize("text", ["cases:", "cases: one", "cases: {id: one}", "case: []", "[]", ""])
def test_a_file_in_which_the_cases_are_no_list_is_told(tmp_path: Path, text: str) -> None:
    """Its cases would be lost without a word."""
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "one.yaml").write_text(f"{text}\n")

    with pytest.raises(RuleSetError) as caught:
        load_cases(tmp_path, RULES[SMALL])

    assert {Path(issue.file or "").name for issue in caught.value.issues} == {"one.yaml"}


@pytest.mark.parametrize(
    ("answers", "expected", "differences", "why"),
    [
        (
            {"numb": "yes", "fall": "no"},
            {
                "advice": "home_care",
                "findings": ("two_of_three",),
                "absent": ("numb",),
                "unresolved": ("numb",),
            },
            [
                "wanted home_care, came seek_care_now",
                "two_of_three should be present, but is unresolved",
                "numb should be absent, but is present",
                "numb should be unresolved, but is present",
            ],
            [
                "two_of_three (see_doctor_soon within 2 weeks) waits for: "
                "Age; How long the pain has lasted; Steroid tablets; Thin bones (osteoporosis)",
                "numb (seek_care_now) is present by: Numb between the legs: yes",
            ],
        ),
        (
            {"numb": NOT_SURE},
            {"advice": None},
            ["wanted open, came seek_care_now"],
            [
                "numb (seek_care_now) is present by: "
                "Numb between the legs: not sure (counted as yes)"
            ],
        ),
        (
            {"numb": "no", "weak": "no", "age": 70},
            {"advice": "see_doctor_soon", "within_days": 2, "findings": ("weak_new",)},
            [
                "wanted see_doctor_soon within 2 days, came open",
                "weak_new should be present, but is absent",
            ],
            [
                "weak_new (see_doctor_soon within 2 days) is absent by: Weak leg: no",
                "fall_and_weak_bones (see_doctor_soon within 1 day) waits for: Fall",
                "two_of_three (see_doctor_soon within 2 weeks) waits for: "
                "How long the pain has lasted; Steroid tablets; Thin bones (osteoporosis)",
            ],
        ),
        (
            {"numb": "no", "weak": "no", "age": 70, "duration": 42},
            {"advice": "see_doctor_soon", "within_days": 14},
            ["wanted see_doctor_soon within 2 weeks, came see_doctor_soon with an open deadline"],
            [
                "two_of_three (see_doctor_soon within 2 weeks) is present by: "
                "Age: 70 years; How long the pain has lasted: 6 weeks",
                "fall_and_weak_bones (see_doctor_soon within 1 day) waits for: Fall",
            ],
        ),
    ],
    ids=["unlike in every way", "not sure", "absent, and open", "open deadline"],
)
def test_a_case_that_fails_says_what_was_wanted_what_came_and_why(
    answers: dict[str, Answer], expected: dict[str, Any], differences: list[str], why: list[str]
) -> None:
    """The difference can be understood without running it again."""
    wanted = Expected(**({"within_days": None} | expected))
    case = Case(id="wrong", note="N.", file="f", line=1, answers=Answers(answers), expected=wanted)
    (failure,) = find_failures(RULES[SMALL], [case])

    assert list(failure.differences) == differences
    assert list(failure.why) == why


def test_a_healthy_person_who_should_not_be_is_told_as_such() -> None:
    """Where no red flag is present and none is named, there is none to explain."""
    healthy = next(
        case
        for _, case in CASES
        if case.expected.advice == "home_care" and not case.expected.absent
    )
    wrong = replace(healthy, expected=Expected(advice="seek_care_now", within_days=0))
    (failure,) = find_failures(RULES[SHIPPED], [wrong])

    assert failure.why == ("no red flag is present",)


@given(st.data())
def test_a_case_is_held_against_what_the_assessment_says(data: st.DataObject) -> None:
    """Cases are run without a whole assessment, which is slow, but on the same words."""
    rule_set = data.draw(rule_sets())
    answers = Answers(data.draw(partial_answers(rule_set)))
    result = assess(rule_set, answers)
    findings = tuple(finding.id for finding in result.findings)
    unresolved = tuple(flag.id for flag in result.unresolved)
    absent = tuple(flag for flag in rule_set.red_flags if flag not in (*findings, *unresolved))
    expected = Expected(
        advice=result.advice,
        within_days=result.within_days,
        findings=findings,
        absent=absent,
        unresolved=unresolved,
    )
    case = Case(id="c", note="N.", file="f", line=1, answers=answers, expected=expected)

    assert list_differences(rule_set, case) == []
    for flag in rule_set.red_flags:
        named = [
            replace(expected, **{key: (flag,)}) for key in ("findings", "absent", "unresolved")
        ]
        holding = [
            wanted
            for wanted in named
            if not list_differences(rule_set, replace(case, expected=wanted))
        ]

        assert len(holding) == 1  # a red flag is one of the three
