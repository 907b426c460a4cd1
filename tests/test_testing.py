"""What is told of testing a rule set:
cases, coverage and mutants, as text and as JSON, and the exit code.
"""

import json
import shutil
from pathlib import Path

import pytest

from backtriage import RuleSetError
from backtriage.authoring.testing import run_tests
from backtriage.authoring.testing.mutants import Mutant, list_mutants
from backtriage.authoring.testing.summary import render_json, render_text
from backtriage.loader.build import read_folder
from backtriage.loader.cases import load_cases
from backtriage.model import NOT_SURE, Answers, RuleSet
from helpers import invoked, small_with

WRONG = """\
cases:
  - id: well
    note: Nothing is wrong.
    from: well
    expect: {advice: see_doctor_soon, within_days: 2, findings: [numb]}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the small rule set, of which a test may spoil the cases;
    it is read in a narrow terminal.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "60")
    return small_with(Path(), {})


def command(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `backtriage rules test`."""
    return invoked("rules", "test", *arguments)


def test_what_the_cases_test_is_counted_and_what_they_do_not_is_named(folder: Path) -> None:
    """A leg that never decided is worth a look, but no fault."""
    assert command(folder) == (
        0,
        """\
Cases: 6 of 6 hold.
Red flags: 5 of 5 are wanted by a case.
Legs of conditions: 11 of 15 decide in a case.
rules/past.yaml:53: red flag fall_and_weak_bones: never
decided
  {steroids: yes}
  {osteoporosis: yes}
rules/past.yaml:65: red flag two_of_three: never decided
  {steroids: no}
  {osteoporosis: no}
""",
        "",
    )


def test_a_case_that_fails_is_told_with_all_that_explains_it(folder: Path) -> None:
    """Enough to see which of the two is wrong, the case or the rule.

    Mutants must wait until it holds.
    """
    (folder / "cases" / "all.yaml").write_text(WRONG)
    code, text, talk = command(folder, "--mutate")

    assert code == 7
    assert text.startswith(
        """\
Cases: 0 of 1 hold.

rules/cases/all.yaml:2: case well
  Nothing is wrong.
  Difference: wanted see_doctor_soon within 2 days, came
    home_care
  Difference: numb should be present, but is absent
  Why: numb (seek_care_now) is absent by: Numb between the
    legs: no
  Answers: Age: 30 years; How long the pain has lasted: 3
    days; no to 5 other questions

Red flags: 1 of 5 are wanted by a case.
rules/nerves.yaml:39: red flag weak_worse: no case wants it
to be found
"""
    )
    assert talk == "backtriage: no mutants were tried: there must be cases, and all must hold\n"


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ("{advice: seek_care_now}", "left out, came seek_care_now with within_days 0"),
        ("{advice: seek_care_now, within_days: 1}", "1, came seek_care_now with within_days 0"),
    ],
)
def test_a_case_that_differs_in_its_deadline_alone_is_told_so(
    folder: Path, expect: str, told: str
) -> None:
    """That of an emergency goes without saying, but not in a case."""
    case = f"  - {{id: c, note: N., answers: {{numb: yes}}, expect: {expect}}}\n"
    (folder / "cases" / "all.yaml").write_text(f"cases:\n{case}")
    _, text, _ = command(folder)

    assert f"Difference: wanted seek_care_now with within_days {told}" in " ".join(text.split())


def test_a_new_question_that_no_case_answers_is_named_once(folder: Path) -> None:
    """With the way out, before ten of the cases that it keeps from holding;
    the others are counted.
    """
    told = "answers: {numb: no, weak: no, age: 3}, expect: {advice: home_care}"
    cases = "".join(f"  - {{id: c{number}, note: N., {told}}}\n" for number in range(12))
    (folder / "cases" / "all.yaml").write_text(f"cases:\n{cases}")
    _, text, _ = command(folder)

    told = " ".join(text.split())
    open_in_all = "In 12 of the others the red flag fall_and_weak_bones is open, as fall"
    assert f"Cases: 0 of 12 hold. {open_in_all}" in told
    assert text.count("Difference:") == 10
    assert "and 2 more; --format json has them all" in told


def test_a_red_flag_that_no_case_wants_to_find_is_a_fault(folder: Path) -> None:
    """All other cases hold, but one red flag could vanish unseen."""
    cases = (folder / "cases" / "all.yaml").read_text()
    (folder / "cases" / "all.yaml").write_text(cases.replace("findings: [two_of_three]", ""))
    code, text, _ = command(folder)

    assert code == 7
    assert "Cases: 6 of 6 hold." in text
    assert "red flag two_of_three: no case wants it" in text


def test_a_folder_without_cases_is_said_to_be_untested(folder: Path) -> None:
    """Nothing failed, because nothing was tried."""
    shutil.rmtree(folder / "cases")

    assert command(folder)[:2] == (
        7,
        "There are no cases in rules/cases, so nothing of this rule\nset is tested.\n",
    )
    assert json.loads(command(folder, "--format", "json")[1])["holds"] is False


def test_a_rule_set_that_cannot_be_read_is_not_tested(folder: Path) -> None:
    """It is told as everywhere."""
    (folder / "past.yaml").unlink()

    with pytest.raises(RuleSetError):
        command(folder)


def test_mutants_that_no_case_notices_are_a_fault_and_told_by_part(folder: Path) -> None:
    """The cases that all hold may still be too few."""
    code, text, talk = command(folder, "--mutate")
    told = text[text.index("Mutants") :].splitlines()

    assert code == 7
    assert told[:9] == [
        "Mutants: 40 of 76 are noticed by a case (52%). 1 more is",
        "like the rule set, whatever the answers.",
        "rules/nerves.yaml:3: question numb: not noticed",
        "  not_sure: yes became no",
        "    in: Numb between the legs: not sure; Weak leg: yes;",
        "      Course of the weakness: It is old and does not change;",
        "      Age: 0 years; How long the pain has lasted: less than",
        "      1 day; no to 3 other questions",
        "    seek_care_now (present: numb; unresolved: none); with",
    ]
    assert all(len(line) <= 60 for line in told)
    assert talk == ""  # nobody looks at a terminal


def test_without_the_solver_no_survivor_is_looked_into(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None of them is excused then, and it is told how to get the solver."""
    monkeypatch.setattr("backtriage.cli.rules.test.is_missing", lambda *_: True)

    code, text, talk = command(folder, "--mutate")

    assert code == 7
    assert "Mutants: 40 of 77 are noticed by a case (51%)." in text
    assert "pip install 'backtriage[prove]'" in talk


def test_json_says_the_same(folder: Path) -> None:
    """For scripts: every count, and every place as a file and a line."""
    data = json.loads(command(folder, "--mutate", "--format", "json")[1])
    survivor = data["mutation"]["survivors"][0]

    assert {
        key: data[key] for key in ("holds", "cases", "red_flags", "legs", "failures", "never_named")
    } == {
        "holds": False,
        "cases": 6,
        "red_flags": 5,
        "legs": 15,
        "failures": [],
        "never_named": [],
    }
    assert [leg["leg"] for leg in data["never_decisive"]] == [
        "{steroids: yes}",
        "{osteoporosis: yes}",
        "{steroids: no}",
        "{osteoporosis: no}",
    ]
    mutation = data["mutation"]
    assert mutation["noticed"] + len(mutation["survivors"]) == mutation["tried"]
    assert survivor == {
        "part": {"sort": "question", "id": "numb"},
        "file": "rules/nerves.yaml",
        "line": 3,
        "kind": "not sure",
        "change": "not_sure: yes became no",
        "verdict": "unnoticed",
        "patient": {
            "numb": "not sure",
            "weak": "yes",
            "weak_course": "old",
            "age": 0,
            "fall": "no",
            "duration": 0,
            "steroids": "no",
            "osteoporosis": "no",
        },
    }


def test_a_failure_in_json_has_the_answers(folder: Path) -> None:
    """It can be replayed from there."""
    (folder / "cases" / "all.yaml").write_text(WRONG)
    (failure,) = json.loads(command(folder, "--format", "json")[1])["failures"]

    assert failure["answers"]["age"] == 30
    assert (failure["id"], failure["line"], failure["note"]) == ("well", 2, "Nothing is wrong.")
    assert failure["differences"][1] == "numb should be present, but is absent"
    assert failure["why"] == ["numb (seek_care_now) is absent by: Numb between the legs: no"]


def test_survivors_that_are_explained_are_no_fault_and_others_show_a_patient(folder: Path) -> None:
    """With somebody who proves it, what is like the rule set is set apart,
    and for the rest a case can be written.
    """
    authored = read_folder(folder)
    cases = load_cases(folder, authored.rule_set)

    def nobody(_original: RuleSet, _mutant: Mutant) -> Answers | None:
        return None

    def somebody(_original: RuleSet, mutant: Mutant) -> Answers | None:
        if mutant.part != ("question", "numb"):
            return None
        return Answers({"numb": NOT_SURE, "weak": "no"})

    explained = run_tests(authored, cases, list_mutants(authored.rule_set), nobody)
    shown = run_tests(authored, cases, list_mutants(authored.rule_set), somebody)

    assert explained.holds
    assert "Mutants: 40 of 40 are noticed by a case (100%). 37 more" in render_text(explained, 80)
    assert not shown.holds
    assert render_text(shown, 80).endswith(
        "Mutants: 40 of 41 are noticed by a case (97%). 36 more are like the rule set,\n"
        "whatever the answers.\n"
        "rules/nerves.yaml:3: question numb: not noticed\n"
        "  not_sure: yes became no\n"
        "    in: Numb between the legs: not sure; no to 1 other question\n"
        "    seek_care_now (present: numb; unresolved: fall_and_weak_bones,\n"
        "      two_of_three); with the mistake home_care to see_doctor_soon within 1 day\n"
        "      (present: none; unresolved: fall_and_weak_bones, two_of_three)\n"
    )
    assert json.loads(render_json(shown))["mutation"]["survivors"][0]["patient"] == {
        "numb": "not sure",
        "weak": "no",
    }
