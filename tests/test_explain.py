"""`rules explain`: what is told of each sort of part, as data, as text and by the command."""

import json
from functools import cache
from pathlib import Path

import pytest

from backtriage import RuleSetError, assess
from backtriage.authoring.explain import explain, list_known, render_text
from backtriage.authoring.explain.red_flags import Company, RedFlagExplained
from backtriage.authoring.explain.users import find_users
from backtriage.condition_parts import list_comparisons
from backtriage.loader.authored import Authored
from backtriage.loader.build import read_folder
from backtriage.loader.cases import load_cases
from backtriage.model import RedFlag
from helpers import SHIPPED, SMALL, edited, invoked, small_with

RULES = read_folder(SMALL)
CASES = load_cases(SMALL, RULES.rule_set)
SHIPPED_RULES = read_folder(SHIPPED)
SHIPPED_CASES = load_cases(SHIPPED, SHIPPED_RULES.rule_set)


def told(name: str, width: int = 70) -> str:
    """What is told of a part of the small rule set, with the folder left out."""
    return render_text(explain(name, RULES, CASES), width).replace(f"{SMALL}/", "")


WEAK_NEW = """\
Red flag: weak_new
==================
nerves.yaml:46

In short
--------
- Advice: See a doctor soon: within 2 days
- Suspicion nerve: pressed nerves
- Area: nerves

Because
-------
New weakness needs a look.

When it is present
------------------
new_weakness, which means all of:
- Weak leg: yes
- Course of the weakness: "It is new and stays the same" or "It gets
  worse"

Questions it depends on
-----------------------
- Weak leg (weak)
  - Always asked.
  - "Not sure" counts as: yes
- Course of the weakness (weak_course)
  - Asked if:
    - Weak leg: yes
  - "Not sure" counts as: "It gets worse"

Sources
-------
- small_2020: A. Author. A small study. 2020.
  - doi: 10.1000/small

Cases in which it must be present
---------------------------------
- small_weak_worse (cases/all.yaml:6): Weakness that grows is an
  emergency.

Cases in which it must be absent
--------------------------------
- small_weak_old (cases/all.yaml:11): Old weakness alone is none.

Cases in which it must stay open
--------------------------------
- small_weak_course_open (cases/all.yaml:16): Without its course a
  weakness is open.

What else is present with it
----------------------------
It is present in 1 case, named there or not. In these, so is:
- weak_worse, in 1 (Seek care now; outranks it)
"""

WEAK_COURSE = """\
Question: weak_course
=====================
nerves.yaml:17

Text
----
How does the weakness change?
- Label: Course of the weakness

Why
---
New or growing weakness is more urgent.

Answers
-------
- Kind: choice (one of the options)
  - old: It is old and does not change
  - new_stable: It is new and stays the same
  - worse: It gets worse
    - As something that may happen: if the weakness gets worse
- "Not sure" counts as: "It gets worse"
- More worrying: the later options
- A symptom

When it is asked
----------------
Weak leg: yes

Red flags that use it
---------------------
- weak_worse (Seek care now)
- weak_new (See a doctor soon: within 2 days), through new_weakness

Definitions that use it
-----------------------
- new_weakness
"""

OTHERS = {
    "new_weakness": """\
Definition: new_weakness
========================
nerves.yaml:30

What it means
-------------
All of:
- Weak leg: yes
- Course of the weakness: "It is new and stays the same" or "It gets
  worse"

Red flags that use it
---------------------
- weak_new (See a doctor soon: within 2 days)
""",
    "break": """\
Suspicion: break
================

In words
--------
a broken bone

Red flags, the most urgent first
--------------------------------
- fall_and_weak_bones (See a doctor soon: within 1 day): A fall can
  break a weak bone.
- two_of_three (See a doctor soon: within 2 weeks): Several weak signs
  together need a look.
""",
    "nerves": """\
Area: nerves
============
nerves.yaml:1

Title
-----
Nerves

Questions, in the order of asking
---------------------------------
- Numb between the legs (numb)
- Weak leg (weak)
- Course of the weakness (weak_course, follow-up)

Definitions
-----------
- new_weakness

Red flags
---------
- numb (Seek care now): Numb skin between the legs can mean pressed
  nerves.
- weak_worse (Seek care now): Weakness that grows can mean pressed
  nerves.
- weak_new (See a doctor soon: within 2 days): New weakness needs a
  look.
""",
}


@pytest.mark.parametrize(
    ("name", "expected"), [("weak_new", WEAK_NEW), ("weak_course", WEAK_COURSE), *OTHERS.items()]
)
def test_each_sort_of_part_is_told_in_words(name: str, expected: str) -> None:
    """All that an author needs to judge it, without looking up a single id."""
    assert told(name) == expected


def test_a_source_is_told_with_the_red_flags_that_cite_it() -> None:
    """With its reference, and every red flag that would lose its ground without it."""
    text = told("small_2020")

    assert "A. Author. A small study. 2020.\n- doi: 10.1000/small\n" in text
    assert all(f"- {flag} (" in text for flag in RULES.rule_set.red_flags)


def test_a_red_flag_and_a_question_of_the_same_id_are_both_told() -> None:
    """The red flag first, then the question."""
    assert [explained.sort for explained in explain("numb", RULES, CASES)] == [
        "red flag",
        "question",
    ]


def test_a_list_is_told_with_its_questions() -> None:
    """How the question is asked, and what it is called there."""
    heading = "List\n----\npast: Which of these apply to you?\n"
    assert f"{heading}- There it is called: Steroid tablets\n" in told("steroids")


@pytest.mark.parametrize("authored", [RULES, SHIPPED_RULES], ids=["small", "shipped"])
def test_everything_that_has_an_id_can_be_explained(authored: Authored) -> None:
    """In lines that fit a narrow terminal, but for addresses and paths, which are never cut."""
    for name in list_known(authored.rule_set):
        explanations = explain(name, authored, ())
        lines = render_text(explanations, 60).splitlines()

        assert explanations
        assert [line for line in lines if len(line) > 60 and " " in line.strip(" -")] == []


# Red flags ----------------------------------------------------------------------------------------


def red_flag(name: str) -> RedFlagExplained:
    """What is told of a red flag of the shipped rule set."""
    explained = explain(name, SHIPPED_RULES, SHIPPED_CASES)[0]
    assert isinstance(explained, RedFlagExplained)
    return explained


def test_boundaries_show_where_a_comparison_begins_to_hold() -> None:
    """Just under, at and just over each bound, in the words of the unit."""
    boundaries = {boundary.words: boundary for boundary in red_flag("older_long_pain").boundaries}
    shown = {
        words: [(point.words, point.holds) for point in boundary.points]
        for words, boundary in boundaries.items()
    }

    assert shown == {
        "Age: 60 years or more": [("59 years", False), ("60 years", True), ("61 years", True)],
        "How long the pain has lasted: 6 weeks or more": [
            ("41 days", False),
            ("6 weeks", True),
            ("43 days", True),
        ],
        "How long the pain has lasted: below 13 weeks": [
            ("90 days", True),
            ("13 weeks", False),
            ("92 days", False),
        ],
    }


def test_each_number_in_a_condition_has_its_boundary_and_no_other() -> None:
    """Where nothing is compared with a number there is nothing to show."""
    assert [boundary.question for boundary in red_flag("older_long_pain").boundaries] == [
        "age",
        "duration",
        "duration",  # and how old a pain must be that is called an old one
    ]
    assert red_flag("saddle_numbness").boundaries == ()


def test_a_question_that_bears_on_it_only_by_an_ask_if_is_told_apart() -> None:
    """Neither of the first two is compared in this condition,
    but they decide whether the third is asked.
    """
    explained = red_flag("weakness_worse")

    assert [(question.id, question.direct) for question in explained.questions] == [
        ("leg_weakness", False),
        ("weakness_disabling", False),
        ("weakness_course", True),
    ]


@cache
def present_in_cases() -> tuple[frozenset[str], ...]:
    """The red flags that an assessment finds in each of the cases."""
    results = (assess(SHIPPED_RULES.rule_set, case.answers) for case in SHIPPED_CASES)
    return tuple(frozenset(finding.id for finding in result.findings) for result in results)


@pytest.mark.parametrize("name", ["cancer_history", "older_long_pain", "saddle_numbness"])
def test_what_is_present_with_it_is_what_the_engine_finds(name: str) -> None:
    """Counted once more with whole assessments, over the cases in which it is present."""
    with_it = [flags for flags in present_in_cases() if name in flags]
    expected = {
        other: sum(other in flags for flags in with_it)
        for other in SHIPPED_RULES.rule_set.red_flags
        if other != name and any(other in flags for flags in with_it)
    }
    explained = red_flag(name)

    assert explained.present_in == len(with_it)
    assert {other.id: other.cases for other in explained.together} == expected
    assert [other.cases for other in explained.together] == sorted(expected.values(), reverse=True)


def test_what_outranks_it_is_what_is_more_urgent() -> None:
    """An emergency outranks a doctor soon; what is as urgent does not."""
    explained = red_flag("cancer_history")
    flags = SHIPPED_RULES.rule_set.red_flags

    def outranks(other: Company) -> bool:
        flag: RedFlag = flags[other.id]
        return flag.advice == "seek_care_now" or flag.within_days < explained.within_days

    assert {other.outranks for other in explained.together} == {True, False}
    assert all(other.outranks == outranks(other) for other in explained.together)


@pytest.mark.parametrize("name", ["cancer_history", "older_long_pain", "saddle_numbness"])
@pytest.mark.parametrize("key", ["findings", "absent", "unresolved"])
def test_the_cases_are_those_that_name_it(name: str, key: str) -> None:
    """By what they expect of it; a case that only happens to raise it says nothing about it."""
    expected = [case.id for case in SHIPPED_CASES if name in getattr(case.expected, key)]

    assert expected
    assert [case.id for case in getattr(red_flag(name).cases, key)] == expected


# What uses a question or definition ---------------------------------------------------------------


def test_every_red_flag_that_compares_a_question_is_told_as_its_user() -> None:
    """Also through definitions in definitions; and no other is."""
    rules = SHIPPED_RULES.rule_set
    for question in rules.questions:
        comparing = [
            flag.id
            for flag in rules.red_flags.values()
            if question
            in {atom.question for atom in list_comparisons(flag.when, rules.definitions)}
        ]

        assert [
            user.id for user in find_users(("question", question), rules).red_flags
        ] == comparing


def test_a_user_is_told_with_the_definitions_that_lead_to_it() -> None:
    """An author who changes a question sees how it gets there."""
    through = {
        user.id: user.through
        for user in find_users(("question", "weakness_course"), SHIPPED_RULES.rule_set).red_flags
    }

    assert through["weakness_worse"] == ()
    assert through["weakness_new"] == ("new_weakness",)
    assert through["sexual_change_with_nerve_signs"] == ("leg_signs",)


def test_questions_and_steps_of_an_advice_are_users_too() -> None:
    """What is asked, and what people are told to do, may depend on an answer."""
    users = find_users(("question", "cancer_history"), SHIPPED_RULES.rule_set)

    assert [user.id for user in users.ask_ifs] == ["shooting_pain", "upper_back", "cough_pain"]
    assert {(step.advice, step.key) for step in users.advice_steps} >= {
        ("seek_care_now", "when"),
        ("home_care", "unless"),
    }


def test_what_nothing_uses_is_said_to_be_so(tmp_path: Path) -> None:
    """An empty space could as well be a mistake of the program."""
    folder = small_with(
        tmp_path, edited("nerves.yaml", ("definitions:\n", "definitions:\n  idle: {weak: yes}\n"))
    )

    assert "What uses it\n------------\nNothing.\n" in render_text(
        explain("idle", read_folder(folder), ()), 70
    )


# The command --------------------------------------------------------------------------------------


def command(*arguments: str | Path) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `backtriage rules explain`."""
    return invoked("rules", "explain", *arguments)


def test_the_command_tells_the_place_as_the_folder_was_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So that an editor can open it from where the author is."""
    monkeypatch.chdir(SMALL.parent)
    monkeypatch.setenv("COLUMNS", "70")

    assert command("weak_new", "--rules", "small") == (
        0,
        WEAK_NEW.replace("\nnerves", "\nsmall/nerves"),
        "",
    )


def test_json_is_an_array_with_an_object_for_each_part_of_that_id() -> None:
    """The same as the text, for scripts; a condition both as data and in words."""
    code, stdout, _ = command("numb", "--rules", SMALL, "--format", "json")
    flag, question = json.loads(stdout)

    assert (code, flag["sort"], question["sort"]) == (0, "red flag", "question")
    assert (flag["when"], flag["condition"]) == (
        {"numb": "yes"},
        {"text": "Numb between the legs: yes", "parts": []},
    )
    assert [case["id"] for case in flag["cases"]["findings"]] == ["small_numb"]
    assert [user["id"] for user in question["users"]["red_flags"]] == ["numb"]


@pytest.mark.parametrize(
    ("name", "way_out"),
    [("weak_neww", 'did you mean "weak_new"?'), ("xyz", "`backtriage rules list`")],
)
def test_an_unknown_id_is_a_mistake_in_the_command_with_a_way_out(name: str, way_out: str) -> None:
    """Exit code 2, as with every wrong usage, and nothing on stdout."""
    code, stdout, stderr = command(name, "--rules", SMALL)

    assert (code, stdout) == (2, "")
    assert f'there is no part of the rule set "{name}"; {way_out}' in " ".join(stderr.split())


def test_a_broken_rule_set_is_told_as_everywhere(tmp_path: Path) -> None:
    """The error goes through to where all commands tell it, with exit code 4."""
    with pytest.raises(RuleSetError) as error:
        command("numb", "--rules", tmp_path)

    assert error.value.exit_code == 4
