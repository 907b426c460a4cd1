"""A rule set folder that is right gives a RuleSet;
one that is broken gives every mistake once, with its place.
"""

import ast
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from backtriage.errors import RuleSetError
from backtriage.loader import load, yaml_reader
from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Choice,
    Defined,
    Not,
    Number,
    OneOf,
    YesNo,
)
from catalogue import mistakes
from helpers import ROOT, SMALL, edited, small_with

LOADER = ROOT / "backtriage" / "loader"
RULES = load(SMALL)


def messages(folder: Path) -> list[str]:
    """What is wrong with a rule set, with file names relative to its folder."""
    with pytest.raises(RuleSetError) as caught:
        load(folder)
    return [str(issue).removeprefix(f"{folder}{os.sep}") for issue in caught.value.issues]


# Broken rule sets ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", mistakes())
def test_a_mistake_is_told_with_its_place_and_a_way_out(name: str, tmp_path: Path) -> None:
    """A rule set with a mistake of the catalogue gives exactly the messages that stand there,
    in their order.
    """
    mistake = mistakes()[name]

    assert messages(small_with(tmp_path, mistake.files())) == list(mistake.expect)


def test_one_mistake_gives_one_message() -> None:
    """Each entry of the catalogue has one mistake and one message, but for those that say so."""
    many = {name for name, mistake in mistakes().items() if len(mistake.expect) != 1}

    assert many == {"many_mistakes", "many_mistakes_of_other_kinds"}


def test_all_mistakes_are_told_at_once() -> None:
    """The mistakes of all files come together, sorted by file, line and column."""
    told = [line.split(":", 3) for line in mistakes()["many_mistakes"].expect]
    places = [(file, int(line), int(column)) for file, line, column, _ in told]

    assert len(told) >= 8
    assert {file for file, _, _ in places} == {path.name for path in SMALL.glob("*.yaml")}
    assert places == sorted(places)


NERVES = (SMALL / "nerves.yaml").read_bytes()
LAUGHS = "".join(f"l{n + 1}: &l{n + 1} [{', '.join([f'*l{n}'] * 10)}]\n" for n in range(9))
DEEP_BY_ALIAS = "".join(f"d{n + 1}: &d{n + 1} {'[' * 30}*d{n}{']' * 30}\n" for n in range(40))
CHAIN = "".join(f"  step{n}: {{step{n + 1}: yes}}\n" for n in range(2000))

HOSTILE = {
    "latin_1": (
        NERVES.replace(b"Weak leg", b"Sch\xe4che"),
        "11:15: not-utf8 byte 0xe4 is not UTF-8",
    ),
    "latin_1_behind_utf_8": (
        "title: \u00e4".encode() + b"\xe4",
        "1:9: not-utf8 byte 0xe4 is not UTF-8",
    ),
    "latin_1_behind_byte_order_mark": (
        b"\xef\xbb\xbftitle: \xe4",
        "1:8: not-utf8 byte 0xe4 is not UTF-8",
    ),
    "utf_16": (NERVES.decode().encode("utf-16-le"), "1:2: control-character the character U+0000"),
    "utf_16_with_byte_order_mark": (b"\xff\xfe" + NERVES, "1:1: not-utf8 byte 0xff is not UTF-8"),
    "nul": (NERVES + b"\0", "53:1: control-character the character U+0000"),
    "escape": (b"title: a\x1b[31m", "1:9: control-character the character U+001B"),
    "escape_written_out": (b'title: "a\\e[31m"', "1:8: control-character the text has a character"),
    "right_to_left": ("title: a\u202eb".encode(), "1:9: control-character the character U+202E"),
    "right_to_left_written_out": (
        b'title: "a\\u202eb"',
        "1:8: control-character the text has a character",
    ),
    "arabic_letter_mark": (
        "title: a\u061cb".encode(),
        "1:9: control-character the character U+061C",
    ),
    "soft_hyphen": ("title: a\u00adb".encode(), "1:9: control-character the character U+00AD"),
    "no_character": ("title: a\uffffb".encode(), "1:9: control-character the character U+FFFF"),
    "line_ends_of_old": (
        NERVES.replace(b"\n", b"\r"),
        "1:14: control-character the character U+000D",
    ),
    "tab": (
        NERVES.replace(b"    label: Weak", b"\tlabel: Weak"),
        "11:1: yaml-syntax a tab stands here; use spaces",
    ),
    "tab_in_text": (b"title: a\tb", "1:9: yaml-syntax a tab stands here; use spaces"),
    "too_large": (
        NERVES + b"#" * 1_000_000,
        "1:1: too-large the file has more than 1,000,000 bytes",
    ),
    "too_many_values": (
        b"[" + b"a," * 60_000 + b"]",
        "1:100000: too-large the file grows to more than 50,000 values",
    ),
    "billion_laughs": (
        f"l0: &l0 [x]\n{LAUGHS}",
        "6:15: too-large the file grows to more than 50,000 values",
    ),
    "deep_by_aliases": (
        f"d0: &d0 [x]\n{DEEP_BY_ALIAS}",
        "3:39: too-deep the nesting is deeper than 40 levels",
    ),
    "alias_of_itself": (b"title: &a [*a]", "1:12: yaml-syntax nothing before this is marked &a"),
    "100_levels": (
        b"title: " + b"[" * 100 + b"]" * 100,
        "1:48: too-deep the nesting is deeper than 40 levels",
    ),
    "2_000_steps": (
        NERVES.replace(b"red_flags:", f"{CHAIN}  step2000: {{weak: yes}}\nred_flags:".encode()),
        "31:3: too-deep this needs other questions or definitions, "
        "and these others, in more than 10 steps",
    ),
    "long_key": (
        b"? " + b"a" * 500_000 + b"\n: 1\n" + NERVES,
        f'1:3: unknown-key the key "{"a" * 57}..." is unknown',
    ),
    "key_of_two_lines": (b'"a\\nb": 1\n' + NERVES, '1:1: unknown-key the key "a b" is unknown'),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_one_line(name: str, tmp_path: Path) -> None:
    """Bytes that no editor would write,
    or that would blow up in memory, end in one printable message.
    """
    content, message = HOSTILE[name]

    told = messages(small_with(tmp_path, {"nerves.yaml": content}))

    assert [line[: len(f"nerves.yaml:{message}")] for line in told] == [f"nerves.yaml:{message}"]
    assert len(told[0]) < 300
    assert told[0].isprintable()


@pytest.mark.parametrize("opening", [b"[", b"{a: ", b"- "], ids=["list", "mapping", "lines"])
def test_100_000_levels_are_refused_in_one_line(opening: bytes, tmp_path: Path) -> None:
    """The column depends on libyaml, which reads ahead and, in newer versions, gives up first."""
    told = messages(small_with(tmp_path, {"nerves.yaml": opening * 100_000}))

    assert len(told) == 1
    assert re.fullmatch(
        r"nerves\.yaml:1:\d+: too-deep the nesting is deeper than 40 levels", told[0]
    )


@pytest.mark.parametrize(
    ("seen", "written", "first"),
    [
        ("    label: Weak leg", "\u00a0   label: Weak leg", "11:1: yaml-syntax a no-break space"),
        ("\n", "\r", "1:14: control-character the character U+000D (carriage return) ends a line"),
    ],
    ids=["no_break_space", "line_ends_of_old"],
)
def test_what_only_looks_right_hides_no_other_mistake(
    seen: str, written: str, first: str, tmp_path: Path
) -> None:
    """It is told once for the file, and the rest is read as it looks."""
    (text,) = edited("nerves.yaml", ("weak_course: worse}", "weak_course: wrose}")).values()

    told = messages(small_with(tmp_path, {"nerves.yaml": text.replace(seen, written).encode()}))

    assert [line.startswith(f"nerves.yaml:{first}") for line in told] == [True, False]
    assert '"wrose" is not an answer to "weak_course"' in told[1]


def test_rules_from_before_there_were_events_are_told_so_once(tmp_path: Path) -> None:
    """And not by a message for each question, which would hide all else."""
    old = Path(shutil.copytree(ROOT / "rules" / "low_back_pain", tmp_path / "old"))
    for file in old.glob("*.yaml"):
        file.write_text(re.sub(r" *event: .*\n", "", file.read_text()))
    (old / "vascular.yaml").write_text((old / "vascular.yaml").read_text().replace("yes_no", "yes"))

    told = messages(old)
    of_events = [line for line in told if "missing-event" in line]
    assert len(of_events) == 1
    assert re.search(r"; so it is in \d\d other questions; such as", of_events[0])
    assert len(told) > 1


MISSING = {
    "nerves.yaml": 'ruleset.yaml:5:9: unknown-area there is no file "nerves.yaml"',
    "advice.yaml": "advice.yaml: missing-file the file is missing",
    "sources.yaml": "sources.yaml: missing-file the file is missing",
}


@pytest.mark.parametrize("file", MISSING)
def test_a_missing_file_is_told_and_nothing_that_follows_from_it(file: str, tmp_path: Path) -> None:
    """Where a file is missing, the names that it would have given are not called unknown."""
    folder = small_with(tmp_path, {})
    (folder / file).unlink()

    assert messages(folder) == [MISSING[file]]


UNLISTED = """\
title: New
questions:
  - {id: cough, label: C, ask: Do you cough?, why: W., kind: yes_no, not_sure: yes, event: none}
red_flags:
  - id: coughing
    when: {cough: yes, nubm: yes, weak: maybe, age: {at_least: 3}}
    advice: seek_care_now
    within_days: 0
    suspect: nevre
    because: B.
    sources: [small_2021]
"""


def test_mistakes_in_a_file_that_is_not_listed_are_told_too(tmp_path: Path) -> None:
    """It may use what the others have; who uses what it has is not told that there is no such."""
    uses = edited("nerves.yaml", ("when: {numb: yes}", "when: {numb: yes, cough: yes}"))

    assert messages(small_with(tmp_path, {"new.yaml": UNLISTED} | uses)) == [
        "new.yaml: unused-file the file is not among the areas of ruleset.yaml",
        'new.yaml:6:24: unknown-question there is no question or definition "nubm"; '
        'did you mean "numb"?',
        'new.yaml:6:41: unknown-option "maybe" is not an answer to "weak"; choose from yes, no',
        'new.yaml:9:14: unknown-suspicion there is no suspicion "nevre"; did you mean "nerve"?',
        'new.yaml:11:15: unknown-source there is no source "small_2021"; '
        'did you mean "small_2020"?',
    ]


@pytest.mark.parametrize(
    "text", [NERVES.decode(), "title: Notes\n", "- 1\n"], ids=["copy", "notes", "list"]
)
def test_a_file_that_should_not_be_there_is_told_alone(text: str, tmp_path: Path) -> None:
    """A copy, or what was never meant for an area: and still a misspelt name is told."""
    wrong = edited("past.yaml", ("{age: {at_least: 60}}", "{agee: {at_least: 60}}"))

    assert messages(small_with(tmp_path, {"new.yaml": text} | wrong)) == [
        "new.yaml: unused-file the file is not among the areas of ruleset.yaml",
        'past.yaml:70:14: unknown-question there is no question or definition "agee"; '
        'did you mean "age"?',
    ]


UNREADABLE: dict[str, tuple[Callable[[Path], None], str]] = {
    "pipe": (os.mkfifo, "this is not a regular file"),
    "endless": (lambda path: path.symlink_to("/dev/zero"), "this is not a regular file"),
    "dangling_link": (lambda path: path.symlink_to("nowhere"), "No such file or directory"),
    "circle": (lambda path: path.symlink_to(path), "Too many levels of symbolic links"),
}


@pytest.mark.parametrize(("make", "message"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_is_told(
    make: Callable[[Path], None], message: str, tmp_path: Path
) -> None:
    """What has the name of a file and is none gives one message;
    nobody waits for a pipe, or reads without end.
    """
    folder = small_with(tmp_path, {})
    (folder / "nerves.yaml").unlink()
    make(folder / "nerves.yaml")

    assert messages(folder) == [f"nerves.yaml: unreadable-file {message}"]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("nothing", "there is no such folder"),
        ("file", "this is not a folder; give the folder that ruleset.yaml is in"),
        ("file/inside", "there is no such folder"),
        ("empty", "there is no rule set here: the file ruleset.yaml is missing"),
        ("x" * 5000, "File name too long"),
        ("a\0b", "there is no such folder"),
    ],
    ids=["nothing", "file", "inside_a_file", "empty", "long", "nul"],
)
def test_where_there_is_no_rule_set_it_says_so(place: str, message: str, tmp_path: Path) -> None:
    """A folder that is not there, is a file or has no ruleset.yaml gives one issue."""
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()

    with pytest.raises(RuleSetError) as caught:
        load(tmp_path / place)

    assert [(issue.code, issue.message) for issue in caught.value.issues] == [
        ("no-rule-set", message)
    ]


@pytest.mark.parametrize("ending", ["yml", "YAML"])
def test_a_file_that_would_not_be_read_is_told(ending: str, tmp_path: Path) -> None:
    """Only .yaml is read; a clinician must not edit a file in vain."""
    told = messages(small_with(tmp_path, {f"extra.{ending}": b"title: Extra"}))

    assert told == [
        f"extra.{ending}: unused-file the file is not read, because of its ending; "
        'rename it to ".yaml"'
    ]


def codes_in_the_loader() -> set[str]:
    """Every code that the loader names in a call which makes an issue;
    those for cases have their own tests.
    """
    trees = [ast.parse(path.read_text()) for path in LOADER.glob("*.py") if path.name != "cases.py"]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    makers = [
        call
        for call in calls
        if ast.unparse(call.func).endswith(("issue", "Issue", "_complain", "_abandon"))
    ]
    given = [
        value
        for call in makers
        for value in (*call.args, *(keyword.value for keyword in call.keywords))
    ]
    texts = [
        value.value
        for value in given
        if isinstance(value, ast.Constant) and isinstance(value.value, str)
    ]
    return {text for text in texts if text.replace("-", "").isalnum() and text.islower()}


def test_every_code_has_a_mistake() -> None:
    """No issue can be made that is not shown to be made."""
    lines = [line for mistake in mistakes().values() for line in mistake.expect]
    lines += [message for _, message in HOSTILE.values()] + list(MISSING.values())
    shown = {line.split(": ", 1)[1].split()[0] for line in lines} | {
        "unreadable-file",
        "no-rule-set",
    }

    assert len(codes_in_the_loader()) > 20
    assert codes_in_the_loader() - shown == set()


# Rule sets that are right -------------------------------------------------------------------------


def test_the_small_rule_set_is_read_as_written() -> None:
    """Its parts come out as the YAML has them,
    numbers in the question's unit and sentences unchanged.
    """
    age, duration, course = (RULES.questions[name] for name in ("age", "duration", "weak_course"))

    assert [area.id for area in RULES.areas] == ["nerves", "past"]
    assert list(RULES.questions)[:4] == ["numb", "weak", "weak_course", "age"]
    assert RULES.questions["steroids"] == YesNo(
        id="steroids",
        label="Steroid tablets",
        ask="Do you take steroid tablets?",
        why="They weaken bones.",
        not_sure="no",
        background=True,
        list="past",
    )
    assert isinstance(age, Number)
    assert (age.minimum, age.maximum, age.not_sure, age.background) == (0, 120, 80, True)
    assert isinstance(duration, Number)
    assert (duration.maximum, duration.not_sure) == (36500, 42)
    assert isinstance(course, Choice)
    assert [option.id for option in course.options] == ["old", "new_stable", "worse"]
    assert course.ask_if == OneOf("weak", ("yes",))
    assert RULES.definitions["new_weakness"] == AllOf(
        (OneOf("weak", ("yes",)), OneOf("weak_course", ("new_stable", "worse")))
    )
    assert RULES.sources["small_2020"].doi == "10.1000/small"
    assert RULES.advice["home_care"].safety_net[0].within_days == 14
    assert RULES.suspicions == {"nerve": "pressed nerves", "break": "a broken bone"}


def test_conditions_are_read_as_written() -> None:
    """Each construct of the rule language becomes its node."""
    fall = RULES.red_flags["fall_and_weak_bones"].when

    assert fall == AllOf(
        (
            OneOf("fall", ("yes",)),
            AnyOf(
                (
                    Between("age", 70, None),
                    OneOf("steroids", ("yes",)),
                    OneOf("osteoporosis", ("yes",)),
                )
            ),
        )
    )
    assert RULES.red_flags["weak_new"].when == Defined("new_weakness")
    assert RULES.red_flags["two_of_three"].when == AtLeast(
        2,
        (
            Between("age", 60, None),
            Between("duration", 42, None),
            Not(AnyOf((OneOf("steroids", ("no",)), OneOf("osteoporosis", ("no",))))),
        ),
    )


WORDS = ["yes", "no", "on", "off", "y", "n", "Yes", "NO", "On", "OFF", "Y", "N"]


def test_plain_words_stay_words(tmp_path: Path) -> None:
    """What YAML 1.1 would turn into true or false is a word here, as a value and as a key."""
    files = edited("ruleset.yaml", ("  - This is a rule set for tests.", f"  [{', '.join(WORDS)}]"))
    files["ruleset.yaml"] += "".join(f"  {word}: {word}\n" for word in WORDS if word.islower())

    rules = load(small_with(tmp_path, files))

    assert list(rules.limits) == WORDS
    assert list(rules.suspicions) == ["nerve", "break", "yes", "no", "on", "off", "y", "n"]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (
            "nerves.yaml",
            "title: Nerves",
            "# A comment\n\n--- # and another\ntitle:   Nerves # and one more",
        ),
        ("nerves.yaml", "title: Nerves", 'title: "Nerves"'),
        ("nerves.yaml", "{numb: yes}", "{numb: 'yes'}"),
        ("nerves.yaml", "{numb: yes}", "\n      numb: yes"),
        ("nerves.yaml", "within_days: 2", "within_days: +2"),
        (
            "past.yaml",
            "look.\n    sources: [small_2020]",
            "look.\n    sources:\n      - small_2020",
        ),
        (
            "nerves.yaml",
            "because: New weakness needs a look.",
            "because: >-\n      New weakness\n      needs a look.",
        ),
        ("nerves.yaml", "title: Nerves\nquestions:", "\ufefftitle: Nerves\nquestions:"),
        (
            "past.yaml",
            "    sources: [small_2020]\n  - id: two",
            "    sources: &a [small_2020]\n  - id: two",
        ),
    ],
    ids=[
        "comments", "quotes", "quoted_yes", "block", "sign", "list", "folded", "byte_order_mark",
        "anchor",
    ],
)  # fmt: skip
def test_layout_does_not_count(file: str, old: str, new: str, tmp_path: Path) -> None:
    """The same content written in another way is the same rule set: same parts, same hash."""
    rules = load(small_with(tmp_path, edited(file, (old, new))))

    assert repr(rules) == repr(RULES)
    assert rules.hash == RULES.hash


def test_line_ends_do_not_count(tmp_path: Path) -> None:
    """Files that Windows wrote are the same rule set."""
    files = {path.name: path.read_bytes().replace(b"\n", b"\r\n") for path in SMALL.glob("*.yaml")}

    assert repr(load(small_with(tmp_path, files))) == repr(RULES)


def test_an_alias_stands_for_what_it_names(tmp_path: Path) -> None:
    """Anchors and aliases that do not grow without bound may be used."""
    text = (
        NERVES.decode()
        .replace("[small_2020]", "&where [small_2020]", 1)
        .replace(" [small_2020]", " *where")
    )
    text = text.replace("&where *where", "&where [small_2020]").replace(
        "when: {numb: yes}", "when: &numb {numb: yes}"
    )
    text = text.replace(
        "when: {weak: yes, weak_course: worse}", "when: {all: [*numb, {weak: yes}]}"
    )

    rules = load(small_with(tmp_path, {"nerves.yaml": text}))

    assert rules.red_flags["weak_new"].sources == ("small_2020",)
    assert rules.red_flags["weak_worse"].when == AllOf(
        (OneOf("numb", ("yes",)), OneOf("weak", ("yes",)))
    )


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("ruleset.yaml", "1.0.0", "1.0.1"),
        ("ruleset.yaml", "[nerves, past]", "[past, nerves]"),
        ("ruleset.yaml", "Nobody; it", "Nobody, it"),
        ("advice.yaml", "Keep moving.", "Keep  moving."),
        ("sources.yaml", "10.1000/small", "10.1000/large"),
        ("nerves.yaml", "not_sure: yes\n    why: Weakness", "not_sure: no\n    why: Weakness"),
        ("nerves.yaml", "[new_stable, worse]", "[worse, new_stable]"),
        ("past.yaml", "at_least: 70", "at_least: 71"),
        ("past.yaml", "why: Bones break", "why: bones break"),
        ("past.yaml", "because: A fall", "rationale: Judgement.\n    because: A fall"),
    ],
)
def test_the_hash_changes_with_the_content(file: str, old: str, new: str, tmp_path: Path) -> None:
    """Whatever is changed in what the files say, the hash is another one."""
    assert load(small_with(tmp_path, edited(file, (old, new)))).hash != RULES.hash


def test_the_slow_reader_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML was built without libyaml, its Python parser gives the same rule set."""
    monkeypatch.setattr(yaml_reader, "_PARSER", yaml.SafeLoader)

    assert repr(load(SMALL)) == repr(RULES)
