"""The patients that come with the rule sets, and mistakes in how they are written."""

from pathlib import Path

import pytest

from backtriage import RuleSetError, load
from backtriage.cases import differences
from backtriage.loader.cases import load_cases
from backtriage.model import Case
from paths import SHIPPED, SMALL

RULES = {folder: load(folder) for folder in (SMALL, SHIPPED)}
CASES = [(folder, case) for folder, rule_set in RULES.items() for case in load_cases(folder, rule_set)]


@pytest.mark.parametrize(("folder", "case"), CASES, ids=[case.id for _, case in CASES])
def test_case(folder: Path, case: Case) -> None:
    """The rule set does what a clinician would expect for this patient."""
    assert differences(RULES[folder], case) == [], case.note


@pytest.mark.parametrize("folder", [SMALL, SHIPPED], ids=["small", "shipped"])
def test_every_red_flag_is_raised_by_some_case(folder: Path) -> None:
    """No red flag goes untested."""
    raised = {flag for own, case in CASES if own == folder for flag in case.expected.findings}

    assert set(RULES[folder].red_flags) - raised == set()


@pytest.mark.parametrize("wanted", ["findings", "absent", "unresolved"])
def test_every_red_flag_has_a_case_for_each_way_it_can_come_out(wanted: str) -> None:
    """Raised, just missed, and left open: three cases at least for each of the shipped rule set."""
    named = {flag for case in load_cases(SHIPPED, RULES[SHIPPED]) for flag in getattr(case.expected, wanted)}

    assert set(RULES[SHIPPED].red_flags) - named == set()


def test_each_of_the_seven_serious_causes_is_suspected_in_some_patient() -> None:
    """What the articles behind this project name as serious can all be reached."""
    rule_set = RULES[SHIPPED]
    raised = {flag for folder, case in CASES if folder == SHIPPED for flag in case.expected.findings}
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
    places = [(Path(issue.file or "").name, issue.line, issue.code) for issue in caught.value.issues]

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


def test_a_case_that_fails_says_what_was_wanted_and_what_came() -> None:
    """The difference can be understood without running it again."""
    case = CASES[0][1]
    wrong = Case(
        id="wrong",
        note="n",
        file="f",
        line=1,
        answers=case.answers,
        expected=type(case.expected)(
            advice="home_care", within_days=None, findings=("two_of_three",), absent=("numb",), unresolved=("numb",)
        ),
    )

    assert differences(RULES[SMALL], wrong) == [
        "wanted home_care, came seek_care_now within 0 days",
        "two_of_three should be present",
        "numb should be absent",
        "numb should be unresolved",
        "present: numb",
    ]
