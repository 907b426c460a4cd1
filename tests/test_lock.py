"""Whoever uses a rule set is held to its lock:
what is cut short, gone, new or changed is never used in silence.
"""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from backtriage import RuleSetError, load
from backtriage.errors import Issue
from backtriage.loader.build import build, read_folder
from backtriage.loader.cases import load_cases
from backtriage.loader.folder import list_rule_files
from backtriage.loader.lock import compare_with_lock, find_outdated, render_lock
from backtriage.study.simulate import read_population
from helpers import SHIPPED, SMALL, called, run, small_with

Command = Callable[..., tuple[int, str, str]]
RULES = load(SMALL)
LOCK = render_lock(SMALL, RULES)
AREAS = [SHIPPED / f"{area.id}.yaml" for area in build(SHIPPED).areas]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A locked copy of the small rule set."""
    return small_with(tmp_path, {"rules.lock": LOCK})


def refused(folder: Path) -> list[tuple[str, str]]:
    """The file and the code of all that keeps a folder from being used."""
    with pytest.raises(RuleSetError) as caught:
        load(folder)
    return told(caught.value.issues)


def told(issues: tuple[Issue, ...]) -> list[tuple[str, str]]:
    return [(Path(issue.file or "").name, issue.code) for issue in issues]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Exit code, stdout and stderr of a command."""
    return partial(called, capsys, monkeypatch)


def cuts(data: bytes) -> Iterator[bytes]:
    """A file as it is if it ends after one of its lines, but for the last one."""
    ends = [place + 1 for place, byte in enumerate(data) if byte == ord("\n")]
    return (data[:end] for end in (0, *ends) if end < len(data))


# What is not as it was locked ---------------------------------------------------------------------


@pytest.mark.parametrize("area", AREAS, ids=lambda path: path.stem)
def test_the_lock_of_the_shipped_rules_notices_every_area_file_that_ends_early(
    area: Path, tmp_path: Path
) -> None:
    """At the end of any line, whether what is left can be read or not."""
    cut_short = tmp_path / area.name
    shutil.copy(area, cut_short)
    (tmp_path / "rules.lock").write_text(render_lock(tmp_path, RULES))
    number = 0
    for left in cuts(area.read_bytes()):
        cut_short.write_bytes(left)
        number += 1

        assert told(compare_with_lock(tmp_path, None)) == [(area.name, "changed-since-lock")]
    assert number > 30


@pytest.mark.parametrize("name", ["nerves.yaml", "past.yaml"])
def test_a_file_that_ends_early_is_never_used(name: str, folder: Path) -> None:
    """The same through `load`, for a rule set that is read quickly."""
    accepted = 0
    for left in cuts((SMALL / name).read_bytes()):
        (folder / name).write_bytes(left)

        assert (name, "changed-since-lock") in refused(folder)
        (folder / "rules.lock").rename(folder / "aside")
        try:
            load(folder)
            accepted += 1
        except RuleSetError:
            pass
        (folder / "aside").rename(folder / "rules.lock")
    assert accepted  # so it was the lock that noticed


def test_shipped_rules_that_end_early_are_refused_and_what_is_gone_is_counted(
    tmp_path: Path,
) -> None:
    """Trouble passing pee with lost bowel control once ended in home care, complete:
    13 red flags were gone.
    """
    copy = Path(shutil.copytree(SHIPPED, tmp_path / "rules"))
    file = copy / "bowel_bladder.yaml"
    text = file.read_text()
    file.write_text(text[: text.index("  - id: bladder_hard", text.index("red_flags:"))])
    left = len(build(copy).red_flags)

    assert left < len(build(SHIPPED).red_flags)
    assert refused(copy) == [
        ("bowel_bladder.yaml", "changed-since-lock"),
        ("rules.lock", "changed-since-lock"),
    ]
    with pytest.raises(RuleSetError, match=rf"locked with red_flags: \d+; here red_flags: {left}"):
        load(copy)


NUMBERS = "countries:\n  GB: {name: the United Kingdom, call: '999'}\nsources: [small_2020]\n"
CHANGES: dict[str, tuple[str, str | None, list[tuple[str, str]]]] = {
    "changed": ("past.yaml", f"{(SMALL / 'past.yaml').read_text()}#", []),
    "new": ("emergency_numbers.yaml", NUMBERS, []),
    "new_area": ("more.yaml", "title: More\n", [("more.yaml", "unused-file")]),
    "gone": ("past.yaml", None, [("ruleset.yaml", "unknown-area")]),
    "gone_for_good": ("sources.yaml", None, [("sources.yaml", "missing-file")]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_in_the_files_is_told(change: str, folder: Path) -> None:
    """Once for each file; what is wrong with the YAML comes first."""
    name, content, mistakes = CHANGES[change]
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(content)

    assert refused(folder) == [*mistakes, (name, "changed-since-lock")]


def test_another_version_is_told(folder: Path) -> None:
    """In the file, and in what the lock says of it."""
    head = folder / "ruleset.yaml"
    head.write_text(head.read_text().replace("1.0.0", "1.0.1"))

    with pytest.raises(
        RuleSetError,
        match=r"rules.lock: .* locked with version: 1.0.0; here version: 1.0.1; if you",
    ):
        load(folder)


LOCKS = {
    "empty": "",
    "no_json": "red flags: 3\n",
    "list": "[]",
    "text": '"rules"',
    "number": "1",
    "another_format": LOCK.replace('"format": 1', '"format": 2'),
    "no_files": LOCK.replace('"files"', '"file"'),
    "fewer_red_flags": LOCK.replace('"red_flags": ', '"red_flags": 1'),
    "another_id": LOCK.replace('"rule_set": "', '"rule_set": "x'),
    "another_key": LOCK.replace('"version"', '"versions"'),
    "more_keys": LOCK.replace('"format"', '"more": [1], "format"'),
    "a_key_twice": LOCK.replace('"format"', '"format": 1, "format"'),
    "a_hash_of_another_kind": LOCK.replace('"nerves.yaml": "', '"nerves.yaml": 1, "other.yaml": "'),
    "a_merge": f"<<<<<<< ours\n{LOCK}=======\n{LOCK}>>>>>>> theirs\n",
    "deep": "[" * 100_000,
    "large": LOCK + " " * 1_000_000,
    "latin_1": b"\xff",
    **{f"cut_{number}": left for number, left in enumerate(cuts(LOCK.encode()))},
}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_that_is_none_or_of_something_else_is_told(name: str, folder: Path) -> None:
    """It never counts as no lock."""
    lock = LOCKS[name]
    (folder / "rules.lock").write_bytes(lock.encode() if isinstance(lock, str) else lock)
    issues = refused(folder)

    assert {code for _, code in issues} == {"changed-since-lock"}
    assert {name for name, _ in issues} <= {"rules.lock", "nerves.yaml", "other.yaml"}


@pytest.mark.parametrize("kind", ["folder", "pipe", "endless", "dangling"])
def test_a_lock_that_cannot_be_read_is_told(kind: str, folder: Path) -> None:
    """Nor does this, and nobody waits for a pipe."""
    lock = folder / "rules.lock"
    lock.unlink()
    {
        "folder": lock.mkdir,
        "pipe": lambda: os.mkfifo(lock),
        "endless": lambda: lock.symlink_to("/dev/zero"),
        "dangling": lambda: lock.symlink_to("nowhere"),
    }[kind]()

    assert refused(folder) == [
        ("rules.lock", "missing-file" if kind == "dangling" else "unreadable-file")
    ]


def test_other_mistakes_are_told_as_well_and_first(folder: Path) -> None:
    """All at once."""
    nerves = folder / "nerves.yaml"
    nerves.write_text(nerves.read_text().replace("advice: seek_care_now", "advice: seek_care", 1))
    (folder / "past.yaml").write_text((SMALL / "past.yaml").read_text() + "#")

    assert refused(folder) == [
        ("nerves.yaml", "wrong-value"),
        ("nerves.yaml", "changed-since-lock"),
        ("past.yaml", "changed-since-lock"),
    ]


def test_a_folder_without_rules_is_not_held_to_a_lock(folder: Path) -> None:
    """There is one thing to say."""
    (folder / "ruleset.yaml").unlink()

    assert refused(folder) == [("rules", "no-rule-set")]


def test_an_unreadable_file_is_told_once(folder: Path) -> None:
    """That it is not as it was locked is no news."""
    (folder / "past.yaml").unlink()
    os.mkfifo(folder / "past.yaml")

    assert refused(folder) == [("past.yaml", "unreadable-file")]


# What is as it was locked -------------------------------------------------------------------------


def test_a_rule_set_as_it_was_locked_is_used(folder: Path) -> None:
    """It is the same rule set, and the lock is no part of its hash."""
    assert repr(load(folder)) == repr(RULES)
    assert load(folder).hash == RULES.hash


def test_line_ends_do_not_count(folder: Path) -> None:
    """Git may write all files, and the lock, as Windows has them."""
    for path in (*list_rule_files(folder), folder / "rules.lock"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    assert repr(load(folder)) == repr(RULES)
    assert render_lock(folder, RULES) == LOCK


def test_what_is_no_part_of_the_rule_set_does_not_count(folder: Path) -> None:
    """Cases, population.yaml and texts may change."""
    (folder / "population.yaml").write_text("x")
    (folder / "DECISIONS.md").write_text("x")
    shutil.rmtree(folder / "cases")

    assert repr(load(folder)) == repr(RULES)
    assert render_lock(folder, RULES) == LOCK


def test_nothing_is_said_of_a_folder_of_ones_own_without_a_lock(folder: Path) -> None:
    """One need not lock."""
    (folder / "rules.lock").unlink()
    (folder / "past.yaml").write_text((SMALL / "past.yaml").read_text() + "#")

    assert repr(load(folder)) == repr(RULES)
    assert find_outdated(folder, RULES) == ()


def test_the_shipped_rules_must_have_a_lock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes it away is not believed."""
    for module in ("backtriage.loader.shipped", "backtriage.loader.lock", "backtriage.loader"):
        monkeypatch.setattr(f"{module}.SHIPPED", folder)
    assert repr(load()) == repr(RULES)

    (folder / "rules.lock").unlink()

    with pytest.raises(RuleSetError, match="install backtriage again") as caught:
        load()
    assert told(caught.value.issues) == [("rules.lock", "missing-file")]


def test_the_lock_of_the_shipped_rules_is_as_it_would_be_written() -> None:
    """`backtriage rules lock` writes it anew."""
    assert (SHIPPED / "rules.lock").read_text() == render_lock(SHIPPED, build(SHIPPED))


# Litter -------------------------------------------------------------------------------------------


LITTER: dict[str, Callable[[Path], object]] = {
    "emacs": lambda rules: (rules / ".#nerves.yaml").symlink_to("me@host.1:2"),
    "macos": lambda rules: (rules / "._nerves.yaml").write_bytes(b"\0\5\26\7Mac OS X"),
    "linter": lambda rules: (rules / ".yamllint.yaml").write_text("extends: default\n"),
    "hidden_ending": lambda rules: (rules / ".x.yml").touch(),
    "folder": lambda rules: (rules / "notes.yaml").mkdir(),
    "folder_yml": lambda rules: (rules / "notes.yml").mkdir(),
    "hidden_folder": lambda rules: (rules / ".git").mkdir(),
    "pipe": lambda rules: os.mkfifo(rules / ".pipe.yaml"),
    "macos_in_cases": lambda rules: (rules / "cases" / "._nerves.yaml").write_bytes(b"\0\5"),
    "folder_in_cases": lambda rules: (rules / "cases" / "notes.yaml").mkdir(),
    "notebook_in_cases": lambda rules: shutil.copytree(
        SMALL / "cases", rules / "cases" / ".ipynb_checkpoints"
    ),
}


@pytest.mark.parametrize("litter", LITTER)
def test_what_editors_and_systems_leave_behind_is_not_looked_at(litter: str, folder: Path) -> None:
    """Nor does it count as a file of the rule set."""
    LITTER[litter](folder)

    assert repr(load(folder)) == repr(RULES)
    assert len(load_cases(folder, RULES)) == len(load_cases(SMALL, RULES)) > 0
    assert render_lock(folder, RULES) == LOCK
    assert find_outdated(folder, RULES) == ()


@pytest.mark.parametrize("place", ["extra.yaml", "population.yaml", "cases/extra.yaml"])
def test_a_pipe_is_told_with_its_place_and_nobody_waits(place: str, folder: Path) -> None:
    """Neither for what is read whenever the rules are, nor for what a single command reads."""
    os.mkfifo(folder / place)
    words = {
        "extra.yaml": ("assess", "--rules", folder),
        "population.yaml": ("simulate", "--patients", "400", "--seed", "1", "--rules", folder),
        "cases/extra.yaml": ("rules", "check", folder),
    }[place]
    done = run(*words, stdin="{}")

    assert done.returncode == 4
    assert f"{folder / place}: unreadable-file this is not a regular file" in done.stderr
    assert "standard input" not in done.stderr


def test_a_population_without_end_is_told(folder: Path) -> None:
    """No more is read than a file may have."""
    (folder / "population.yaml").write_bytes(b"#" * 2_000_000)

    with pytest.raises(RuleSetError, match="too-large"):
        read_population(folder, RULES)


# Authors and users --------------------------------------------------------------------------------


@pytest.fixture
def edited(folder: Path) -> Path:
    """The locked rule set with a comment more."""
    (folder / "past.yaml").write_text((SMALL / "past.yaml").read_text() + "#")
    return folder


@pytest.mark.parametrize(
    "words",
    [
        ("assess", "--rules", "RULES"),
        ("--rules", "RULES"),
        ("questions", "--rules", "RULES"),
        ("schema", "answers", "--rules", "RULES"),
        ("export", "sql", "--dialect", "duckdb", "--rules", "RULES"),
        ("evaluate", "labelled.jsonl", "--rules", "RULES"),
        ("evaluate", "labelled.jsonl", "--rules", str(SMALL), "--versus", "RULES"),
        ("simulate", "--patients", "400", "--seed", "1", "--rules", "RULES"),
        ("cohort", "patients.jsonl", "--output", "results.jsonl", "--rules", "RULES"),
        ("replay", "assessment.json", "--rules", "RULES"),
    ],
    ids=" ".join,
)
def test_whoever_uses_a_rule_set_is_held_to_its_lock(
    words: tuple[str, ...], edited: Path, command: Command
) -> None:
    """The exit code is that of rules that cannot be used, and nothing is assessed."""
    code, stdout, stderr = command(*(edited if word == "RULES" else word for word in words))

    assert code == 4
    assert "past.yaml: changed-since-lock" in stderr
    assert stdout == ""


@pytest.mark.parametrize(
    "words",
    [
        ("rules", "test", "RULES"),
        ("rules", "prove", "RULES"),
        ("rules", "diff", str(SMALL), "RULES"),
        ("rules", "list", "RULES"),
        ("rules", "explain", "numb", "--rules", "RULES"),
        ("rules", "graph", "RULES"),
    ],
    ids=" ".join,
)
def test_whoever_writes_a_rule_set_can_read_it_before_it_is_locked(
    words: tuple[str, ...], edited: Path, command: Command
) -> None:
    """What they find is their business."""
    code, stdout, stderr = command(*(edited if word == "RULES" else word for word in words))

    assert code in (0, 7)
    assert stdout != ""
    assert "changed-since-lock" not in stdout + stderr


def test_check_says_that_the_lock_is_outdated(edited: Path, command: Command) -> None:
    """In one issue, which names the files and cannot be excused;
    once the rule set is locked, it is gone.
    """
    code, stdout, _ = command("rules", "check", edited)

    assert code == 7
    assert [line for line in stdout.splitlines() if "changed-since-lock" in line] == [
        f"{edited}/rules.lock: changed-since-lock the rule set is not as it was locked, "
        f"in past.yaml; when it is as you want it, run `backtriage rules lock {edited}`"
    ]
    command("rules", "lock", edited)
    assert "changed-since-lock" not in command("rules", "check", edited)[1]


# rules lock ---------------------------------------------------------------------------------------


def test_lock_writes_what_is_there_and_says_what_was_otherwise(
    edited: Path, command: Command
) -> None:
    """The lock is the same for the same files, and everybody may read it."""
    code, stdout, _ = command("rules", "lock", edited)

    assert code == 0
    assert stdout == (
        f"{edited}/rules.lock: small 1.0.0, 2 areas, 8 questions, 5 red flags\n"
        "past.yaml: the file has changed since the rule set was locked\n"
    )
    assert (
        (edited / "rules.lock").read_text()
        == render_lock(edited, read_folder(edited).rule_set)
        != LOCK
    )
    assert (edited / "rules.lock").stat().st_mode & 0o777 == 0o644
    assert len(command("rules", "lock", edited)[1].splitlines()) == 1
    assert repr(load(edited)) == repr(RULES)


def test_lock_is_deterministic_sorted_and_plain(folder: Path, command: Command) -> None:
    """So that a difference in git is a difference in the rules."""
    content = json.loads(LOCK)

    assert LOCK.endswith("}\n")
    assert list(content["files"]) == sorted(path.name for path in SMALL.glob("*.yaml"))
    assert (content["rule_set"], content["version"], content["red_flags"]) == (
        "small",
        "1.0.0",
        len(RULES.red_flags),
    )
    (folder / "rules.lock").unlink()
    command("rules", "lock", folder)
    assert (folder / "rules.lock").read_text() == LOCK


def test_check_of_lock_writes_nothing(edited: Path, command: Command) -> None:
    """It says what is not as it was locked, file by file, also that there is no lock."""
    code, stdout, _ = command("rules", "lock", "--check", edited)
    assert (code, (edited / "rules.lock").read_text()) == (7, LOCK)
    assert "past.yaml: changed-since-lock the file has changed" in stdout

    (edited / "rules.lock").unlink()
    code, stdout, _ = command("rules", "lock", "--check", edited)
    assert (code, (edited / "rules.lock").exists()) == (7, False)
    assert "rules.lock: missing-file" in stdout

    command("rules", "lock", edited)
    assert command("rules", "lock", "--check", edited) == (0, "", "")


def test_a_rule_set_with_mistakes_is_not_locked(edited: Path, command: Command) -> None:
    """All of them are told."""
    nerves = edited / "nerves.yaml"
    nerves.write_text(nerves.read_text().replace("seek_care_now", "seek_care"))

    code, _, stderr = command("rules", "lock", edited)

    assert code == 4
    assert "wrong-value" in stderr
    assert (edited / "rules.lock").read_text() == LOCK
