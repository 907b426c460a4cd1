"""Who moves between two rule sets, by the solver, is who moves by brute force;
and how it is told.
"""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backtriage.authoring.diff import Difference, compare_rule_sets, summary
from backtriage.authoring.prove.patients import build_patient
from backtriage.conditions import Facts
from backtriage.errors import FileError
from backtriage.loader.build import build
from backtriage.model import (
    NOT_SURE,
    Answer,
    Between,
    Choice,
    Number,
    Option,
    Question,
    RuleSet,
    YesNo,
)
from backtriage.status import Status, find_all_telling_values, rank
from helpers import NOW, SMALL, SOON, asks, called, counts, edited, small_with, tiny, yes
from strategies import examples, rule_sets

MOST_PEOPLE = 2000


def with_area(rule_set: RuleSet, **changes: object) -> RuleSet:
    """The same rule set with its first area changed."""
    first, *rest = rule_set.areas
    return replace(rule_set, areas=(replace(first, **changes), *rest))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[RuleSet, RuleSet]:
    """A rule set, and the same with red flags that have changed places,
    one that is gone, and another "not sure".
    """
    old = draw(rule_sets())
    flags = old.areas[0].red_flags
    conditions = draw(st.permutations([flag.when for flag in flags]))
    changed = [replace(flag, when=when) for flag, when in zip(flags, conditions, strict=True)]
    kept = changed[draw(st.integers(0, 1)) :]
    turned = draw(st.booleans())
    questions = tuple(
        _turned(question) if turned else question for question in old.areas[0].questions
    )
    return old, with_area(old, red_flags=tuple(kept), questions=questions)


def _turned(question: Question) -> Question:
    """The same question with something else for "not sure"."""
    if isinstance(question, YesNo):
        return replace(question, not_sure="no" if question.not_sure == "yes" else "yes")
    if isinstance(question, Number) and question.not_sure is not None:
        return replace(question, not_sure=question.minimum + question.maximum - question.not_sure)
    return question


def urgency(rule_set: RuleSet, person: Mapping[str, Answer]) -> tuple[int, int]:
    """What a person gets who would answer so."""
    patient = build_patient(rule_set, person)
    return rank(Status.of(rule_set.red_flags.values(), Facts(rule_set, patient)).at_least)


@given(pairs())
@examples(150)
def test_who_moves_is_who_moves_by_brute_force(pair: tuple[RuleSet, RuleSet]) -> None:
    """From every urgency to every other, with people who are not sure among them."""
    old, new = pair
    values: dict[str, list[Answer]] = {}
    for rule_set in pair:
        for name, telling in find_all_telling_values(rule_set).items():
            extra = [NOT_SURE] if rule_set.questions[name].not_sure is not None else []
            values[name] = sorted({*values.get(name, []), *telling, *extra}, key=str)
    people = 1
    for telling in values.values():
        people *= len(telling)
    assume(people <= MOST_PEOPLE)

    everybody = [dict(zip(values, answers, strict=True)) for answers in product(*values.values())]
    expected = {(urgency(old, person), urgency(new, person)) for person in everybody}
    moves = compare_rule_sets(old, new).moves

    assert {(rank(move.before), rank(move.after)) for move in moves} == {
        (one, two) for one, two in expected if one != two
    }
    for move in moves:
        side, answers = (old, move.old) if move.is_down else (new, move.new)
        assert move.flag in {
            flag.id for flag in Status.of(side.red_flags.values(), Facts(side, answers)).present
        }


def told(difference: Difference) -> list[tuple[str, str, str, dict[str, Answer]]]:
    return [
        (move.before.advice, move.after.advice, move.flag, dict(move.new.values))
        for move in difference.moves
    ]


def test_a_moved_bound_moves_those_between() -> None:
    """The patient stands at the old bound."""
    old = tiny([counts("age")], {"old": (NOW, Between("age", 50, None))})
    new = tiny([counts("age")], {"old": (NOW, Between("age", 60, None))})

    assert told(compare_rule_sets(old, new)) == [("seek_care_now", "home_care", "old", {"age": 50})]
    assert told(compare_rule_sets(new, old)) == [("home_care", "seek_care_now", "old", {"age": 50})]


def test_a_removed_question_takes_its_red_flag_with_it() -> None:
    """The person still has what nobody asks about any more."""
    old = tiny(
        [asks("fever"), asks("rash")], {"fever": (NOW, yes("fever")), "rash": (SOON, yes("rash"))}
    )
    new = tiny([asks("rash")], {"rash": (SOON, yes("rash"))})

    difference = compare_rule_sets(old, new)

    assert [
        (move.before.advice, move.after.advice, dict(move.old.values)) for move in difference.moves
    ] == [
        ("seek_care_now", "home_care", {"fever": "yes", "rash": "no"}),
        ("seek_care_now", "see_doctor_soon", {"fever": "yes", "rash": "yes"}),
    ]
    assert difference.removed == (("question", "fever"), ("red flag", "fever"))


def test_who_is_not_sure_is_shown_as_not_sure() -> None:
    """What it counts as has changed, not what the person says."""
    old = tiny([asks("fever")], {"fever": (NOW, yes("fever"))})
    new = with_area(old, questions=(replace(asks("fever"), not_sure="no"),))

    assert told(compare_rule_sets(old, new)) == [
        ("seek_care_now", "home_care", "fever", {"fever": NOT_SURE})
    ]


def choice(*options: str) -> Choice:
    return Choice(
        id="course", label="Course", ask="How?", why="W.", not_sure=options[-1], worse="later",
        options=tuple(Option(id=option, label=option) for option in options),
    )  # fmt: skip


def test_a_new_option_may_be_chosen_by_anybody() -> None:
    """Whoever chose the worst may now choose the new one; that others stay is known."""
    old = tiny([choice("same", "worse")], {"worse": (NOW, yes("course"))})
    old = with_area(
        old,
        red_flags=(
            replace(old.areas[0].red_flags[0], when=replace(yes("course"), values=("worse",))),
        ),
    )
    new = with_area(old, questions=(choice("same", "old", "worse"),))

    assert told(compare_rule_sets(old, new)) == [
        ("seek_care_now", "home_care", "worse", {"course": "old"})
    ]


@pytest.mark.parametrize("worse", ["higher", "lower", None])
def test_numbers_that_only_one_of_the_two_takes_are_somebody_too(
    worse: Literal["higher", "lower"] | None,
) -> None:
    """Whoever is above the new maximum must say something else now, and so may move anywhere."""
    age = replace(counts("age"), not_sure=95, worse=worse, minimum=34)
    old = tiny([age], {"old": (NOW, Between("age", 90, None))})
    new = with_area(
        old,
        questions=(replace(age, maximum=85, not_sure=85, minimum=40),),
        red_flags=tiny([age], {"one": (SOON, Between("age", 50, None))}).areas[0].red_flags,
    )

    downward = [
        move
        for move in compare_rule_sets(old, new).moves
        if move.is_down and move.before.advice == "seek_care_now"
    ]

    assert {move.after.advice for move in downward} == {"see_doctor_soon", "home_care"}
    assert all(move.old.values["age"] in (NOT_SURE, 90, 95, 100) for move in downward)
    assert compare_rule_sets(new, old).moves != ()


def test_answers_in_another_unit_cannot_be_compared() -> None:
    """So it is said, and everybody is compared with everybody."""
    old = tiny([counts("weight")], {"heavy": (NOW, Between("weight", 50, None))})
    pounds = Number(
        id="weight",
        label="weight",
        ask="?",
        why="W.",
        unit="day",
        minimum=0,
        maximum=100,
        not_sure=0,
        worse="higher",
    )
    difference = compare_rule_sets(old, with_area(old, questions=(pounds,)))

    assert difference.apart == ("weight",)
    assert {move.is_down for move in difference.moves} == {True, False}


def test_words_are_told_apart_from_rules(tmp_path: Path) -> None:
    """A new wording moves nobody."""
    before = build(SMALL)
    folder = small_with(
        tmp_path, edited("nerves.yaml", ("ask: Is one leg weaker", "ask: Is a leg weaker"))
    )
    difference = compare_rule_sets(before, build(folder))

    assert (difference.moves, difference.changed) == ((), ())
    assert [(change.where, change.old, change.new) for change in difference.rewordings] == [
        ("question weak: ask", "Is one leg weaker than it was?", "Is a leg weaker than it was?")
    ]
    text = summary.render_text(difference, before, build(folder), 60)
    assert "No patient gets another urgency." in text
    assert max(map(len, text.splitlines())) <= 60


# From the command line ----------------------------------------------------------------------------


def in_repository(folder: Path, *commands: str) -> None:
    for command in commands:
        subprocess.run(
            ["git", "-c", "user.name=n", "-c", "user.email=e", *command.split()],
            cwd=folder,
            check=True,
            capture_output=True,
        )


def test_a_folder_is_compared_with_itself_at_a_revision(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a pull request changes is told before it is merged,
    and a downgrade fails unless it is allowed.
    """
    folder = small_with(tmp_path, {})
    in_repository(tmp_path, "init -q", "add .", "commit -qm one")
    nerves = folder / "nerves.yaml"
    nerves.write_text(nerves.read_text().replace("within_days: 2", "within_days: 7"))
    monkeypatch.chdir(tmp_path)

    code, out, _ = called(capsys, monkeypatch, "rules", "diff", "git:HEAD", "rules")
    assert code == 7
    move = "see_doctor_soon within 2 days -> see_doctor_soon within 1 week\n"
    assert f"{move}  by the red flag weak_new:" in out

    words = ("git:HEAD:rules", folder, "--allow-downgrade", "--format", "json")
    code, out, _ = called(capsys, monkeypatch, "rules", "diff", *words)
    assert code == 0
    assert json.loads(out)["lowers_urgency"] is True
    assert called(capsys, monkeypatch, "rules", "diff", "rules", "git:HEAD")[0] == 0


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (
            ("git:nothing", "rules"),
            5,
            'no-revision "git:nothing": there is no branch, tag or commit "nothing"',
        ),
        (("git:", "rules"), 5, "there is no branch, tag or commit"),
        (("git:--output=x", "rules"), 5, 'there is no branch, tag or commit "--output=x"'),
        (
            ("git:HEAD:nowhere", "rules"),
            5,
            'there is no folder "nowhere"; name the one to compare with',
        ),
        (("git:HEAD", "/"), 5, "git"),
        (("git:HEAD:rules/cases", "rules"), 4, "git:HEAD:rules/cases: no-rule-set"),
        (("nowhere", "rules"), 4, "nowhere: no-rule-set"),
    ],
)
def test_what_cannot_be_read_is_named(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    code: int,
    message: str,
) -> None:
    """The name as it was given, never a folder that is gone already."""
    small_with(tmp_path, {})
    in_repository(tmp_path, "init -q", "add .", "commit -qm one")
    monkeypatch.chdir(tmp_path)

    exit_code, out, err = called(capsys, monkeypatch, "rules", "diff", *words)

    assert (exit_code, out) == (code, "")
    assert message in err
    assert "tmp" not in err.replace(str(tmp_path), "")


def test_outside_of_a_repository_git_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback."""
    from backtriage.authoring.diff.revisions import find_folder

    folder = small_with(tmp_path, {})
    monkeypatch.chdir(tmp_path)
    with (
        pytest.raises(FileError, match="not a git repository"),
        find_folder("git:HEAD", str(folder)),
    ):
        pass
