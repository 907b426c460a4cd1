"""The commands: output, errors and exit codes; streams that are closed, slow or endless."""

import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

import backtriage
from backtriage import __version__, cli, load
from helpers import ROOT, SHIPPED, SMALL, edited, run, run_process, small_with

RULES = ("--rules", str(SMALL))
HOME = {"numb": "no", "weak": "no", "age": 40, "fall": "no", "duration": 5}
HOME_LINES = "n\nn\n40\nn\n5 days\n"
DIGITS = f"{'9' * 5000}\n"


# assess -------------------------------------------------------------------------------------------


def test_one_object_gives_one_result() -> None:
    """The object comes in over several lines, so the result goes out over several lines."""
    done = run_process("assess", *RULES, stdin=json.dumps(HOME, indent=1))

    assert done.returncode == 0
    assert done.stdout.startswith("{\n")
    assert json.loads(done.stdout)["advice"] == "home_care"
    assert done.stderr == ""


def test_each_line_gives_one_line_and_a_bad_one_an_error_with_its_number(tmp_path: Path) -> None:
    """Scripts can match results to lines; the exit code tells that one was bad."""
    file = tmp_path / "patients.jsonl"
    file.write_text(
        json.dumps(HOME) + '\n{"numb": tru}\n{"agee": 3, "numb": "yes"}\n{"numb": true}\n'
    )
    done = run("assess", file, *RULES)
    results = [json.loads(line) for line in done.stdout.splitlines()]

    assert done.returncode == 3
    assert [result.get("advice") for result in results] == [
        "home_care",
        None,
        None,
        "seek_care_now",
    ]
    assert [result["line"] for result in results if "errors" in result] == [2, 3]
    assert results[2]["errors"] == [
        {
            "code": "unknown-question",
            "message": 'there is no question "agee"',
            "suggestion": 'did you mean "age"?',
            "path": "agee",
        }
    ]
    told = 'line 3: agee: unknown-question there is no question "agee"; did you mean "age"?'
    assert told in done.stderr


def test_it_answers_each_line_before_the_next_is_sent() -> None:
    """It can run as a co-process."""
    process = subprocess.Popen(
        [sys.executable, "-m", "backtriage", "assess", "--lines", *RULES],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    advices = []
    for answers in ({"numb": "yes"}, HOME, {}):
        process.stdin.write(json.dumps(answers) + "\n")
        process.stdin.flush()
        advices.append(json.loads(process.stdout.readline())["advice"])
    process.stdin.close()

    assert advices == ["seek_care_now", "home_care", None]
    assert process.wait(30) == 0
    process.stdout.close()


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        (HOME, 10),
        (HOME | {"weak": "yes", "weak_course": "new_stable"}, 11),
        ({"numb": "yes"}, 12),
        ({}, 13),
        ({"numb": 3}, 3),
    ],
)
def test_exit_code_tells_the_advice_if_asked_to(answers: dict[str, object], code: int) -> None:
    """Each advice has its own code, and so has "not settled yet";
    without the option all of them are 0.
    """
    assert run("assess", *RULES, "--exit-code", stdin=json.dumps(answers)).returncode == code
    assert run("assess", *RULES, stdin=json.dumps(answers)).returncode == (3 if code == 3 else 0)


def test_over_several_lines_the_most_urgent_exit_code_wins() -> None:
    """What is open outranks a doctor soon, since it may still be an emergency."""
    soon = json.dumps(HOME | {"weak": "yes", "weak_course": "new_stable"})

    open_too = run("assess", *RULES, "--exit-code", stdin=f"{json.dumps(HOME)}\n{soon}\n{{}}\n")
    now_too = run("assess", *RULES, "--exit-code", stdin=f'{{}}\n{soon}\n{{"numb": true}}\n')

    assert (open_too.returncode, now_too.returncode) == (13, 12)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("assess", "nowhere.json"), 5, "No such file"),
        (("assess", "."), 5, "directory"),
        (("assess", "--rules", "nowhere"), 4, "no such folder"),
        (("assess", "--format", "xml"), 2, "xml"),
        (("asess",), 2, "asess"),
        (("--complete", "assess"), 2, "--complete"),
        (("schema", "answer"), 2, "answer"),
        (("replay", "nowhere.json"), 5, "No such file"),
        (("replay", "/dev/zero"), 3, "too-large"),
        (("--resume", "nowhere.json"), 5, "No such file"),
        (("--date", "tomorrow"), 2, "2026-11-23"),
        (("--date", "9999-12-30"), 2, "too far away"),
    ],
)
def test_wrong_calls_are_told_in_words(arguments: tuple[str, ...], code: int, words: str) -> None:
    """The exit code says what kind of mistake it was."""
    done = run(*arguments, stdin="{}")

    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr


def test_a_bad_rule_set_is_told_with_every_place(tmp_path: Path) -> None:
    """Nothing is assessed with a rule set that has mistakes."""
    for path in SMALL.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text().replace("{weak: yes}", "{weka: yes}"))
    done = run("assess", "--rules", tmp_path, stdin="{}")

    assert (done.returncode, done.stdout) == (4, "")
    assert "nerves.yaml:27:14: unknown-question " in done.stderr
    assert 'there is no question or definition "weka"; did you mean "weak"?' in done.stderr


def test_escape_sequences_in_the_input_do_not_reach_the_terminal() -> None:
    """Neither from answers nor from file names."""
    done = run(
        "assess", *RULES, stdin=json.dumps({"\x1b[31mred": "\x9b2J", "numb": "\x1b]0;title\x07"})
    )
    other = run("assess", "\x1b[31m.json", *RULES)

    assert "\x1b" not in done.stdout + done.stderr + other.stderr
    assert "\x9b" not in done.stdout + done.stderr


def test_a_bad_line_outranks_every_advice_in_the_exit_code() -> None:
    """A script must notice that a patient was not assessed."""
    assert run("assess", *RULES, "--exit-code", stdin='{"numb": true}\nbad\n').returncode == 3


def test_a_file_of_json_lines_is_known_by_its_name(tmp_path: Path) -> None:
    """In .jsonl a line that is cut off is that line's error alone."""
    file = tmp_path / "patients.jsonl"
    file.write_text('{"numb":\n{}\n')
    results = [json.loads(line) for line in run("assess", file, *RULES).stdout.splitlines()]

    assert [result.get("line") for result in results] == [1, None]


def test_the_error_in_a_single_object_has_no_line() -> None:
    """`line` is there only where the input is JSON Lines."""
    (error,) = [
        json.loads(line)
        for line in run("assess", *RULES, stdin='{"agee":\n 3}').stdout.splitlines()
    ]

    assert set(error) == {"errors"}


# The interview through a pipe ---------------------------------------------------------------------


def test_an_interview_through_a_pipe_gives_what_assess_gives() -> None:
    """The talk goes to stderr, and stdout has the result alone."""
    done = run_process(*RULES, "--format", "json", stdin=HOME_LINES)
    same = json.loads(run("assess", *RULES, stdin=json.dumps(HOME)).stdout)

    assert done.returncode == 0
    assert json.loads(done.stdout) == same
    assert "Are you newly numb between the legs?" in done.stderr


def test_an_interview_that_ends_early_decides_nothing() -> None:
    """It says what is still open, and names the way for scripts."""
    done = run(*RULES, stdin="n\nn\n40\n")

    assert (done.returncode, done.stdout) == (3, "")
    assert "Did you fall?" in done.stderr.splitlines()[-1]
    assert "backtriage assess" in done.stderr


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (HOME_LINES + "y\nn\n", 'not used: "n"'),
        ("y\n" + HOME_LINES, 'input: 2: not-understood "n" is no answer to "Are these right?"'),
        (
            "yes, a little\n" + HOME_LINES,
            '1: not-understood "yes, a little" is no answer to "Are you newly numb',
        ),
        ("\n" + HOME_LINES, '1: not-understood "" is no answer'),
        (HOME_LINES.replace("40", "old\n40"), '3: not-understood "old" is no answer to "How old'),
        ("n\nn\n40\nn\n5\n", '5: not-understood "5" is no answer to "How long'),
        (
            "n\nn\n40\nn\n5 days or more\n",
            '5: not-understood "5 days or more" is no answer to "How long',
        ),
        ("n\nn\nover 59\n", '3: not-understood "over 59" is no answer to "How old'),
        (DIGITS, '1: not-understood "9999'),
        (f"n\ny\n{DIGITS}", '3: not-understood "9999'),
        (f"n\nn\n{DIGITS}", '3: not-understood "9999'),
        (f"n\nn\n40\ny\n2 months\n{DIGITS}", '6: not-understood "9999'),
        (f"n\nn\n40\ny\n2 months\n1 {DIGITS}", '6: not-understood "1 9999'),
        (f"y\n{DIGITS}", '2: not-understood "9999'),
        (f"y{' ' * 10_000}n\n" + HOME_LINES, '1: not-understood "y'),
        (f"n\nn\n40{' ' * 10_000}.\n" + HOME_LINES, '3: not-understood "40'),
    ],
)
def test_lines_that_do_not_fit_the_questions_are_no_answers(lines: str, words: str) -> None:
    """A line left over or not understood would shift all others to the wrong questions,
    so nothing is decided.
    """
    done = run(*RULES, stdin=lines)

    assert words.replace("input: ", "") in done.stderr
    assert (done.returncode, done.stdout) == (3, "")


@pytest.mark.parametrize("end", ["", "y\n"])
def test_the_end_of_the_input_confirms_as_a_yes_does(end: str) -> None:
    """Where nobody is there to look at the review, the answers are taken as given."""
    done = run(*RULES, "--format", "json", stdin=HOME_LINES + end)

    assert done.returncode == 0
    assert json.loads(done.stdout)["answers"] == HOME


OF_EXPORT = ("sql", "fhir-questionnaire", "fhir-codes", "fhir-response")
COMMANDS = [
    "--version", "questions", "assess", "--date 2026-11-23", "assess nosuch.json", "nosuch",
    "rules list", "replay nosuch.json", "schema area",
]  # fmt: skip


@pytest.mark.parametrize("stream", ["2>&-", "2>/dev/full", "2> >(true)"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_talk_that_cannot_be_written_changes_nothing_else(command: str, stream: str) -> None:
    """Exit code and standard output are as without."""

    def call(stream: str) -> tuple[int, bytes]:
        done = subprocess.run(
            ["/bin/bash", "-c", f"{sys.executable} -m backtriage {command} {stream}"],
            input=b'{"age": 999}\n',
            stdout=subprocess.PIPE,
            check=False,
            cwd=ROOT,
        )
        return done.returncode, done.stdout

    assert call(stream) == call("2>/dev/null")


@pytest.mark.parametrize("stream", [">&-", ">/dev/full", ">&- 2>&-", ">/dev/full 2>/dev/full"])
@pytest.mark.parametrize("command", ["--version", "questions", "assess", "rules list"])
def test_a_result_that_cannot_be_written_is_exit_code_5(command: str, stream: str) -> None:
    """Whether or not that can be said."""
    done = subprocess.run(
        ["/bin/bash", "-c", f"{sys.executable} -m backtriage {command} {stream}"],
        input=b"{}",
        capture_output=True,
        check=False,
        cwd=ROOT,
    )

    assert done.returncode == 5
    assert b"Exception ignored" not in done.stderr


@pytest.mark.parametrize("stream", [">&-", ">/dev/full", "<&-", "2>&-"])
@pytest.mark.parametrize("command", ["questions", "assess", "--date 2026-11-23"])
def test_a_stream_that_is_closed_or_full_is_told_and_never_taken_for_success(
    stream: str, command: str
) -> None:
    """No result on stdout means a non-zero exit code, and never a traceback."""
    done = subprocess.run(
        f'printf "y\\ny\\n" | {sys.executable} -m backtriage {command} {stream}',
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )

    assert done.returncode in ((0,) if done.stdout and "errors" not in done.stdout else (3, 5))
    assert "Traceback" not in done.stderr
    assert "internal error" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_an_emergency_is_told_before_the_answers_are_confirmed() -> None:
    """Even where the input ends too early, the person has read it."""
    done = run(*RULES, stdin="y\n")

    assert "SEEK CARE NOW" in done.stderr
    assert done.stdout.startswith("Seek care now\n")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["COLUMNS", "LINES"])
@pytest.mark.parametrize("size", ["9" * 5000, "²", "-1", "", "0", "wide"])
def test_a_size_of_the_screen_that_is_none_does_not_matter(name: str, size: str) -> None:
    """The talk is as wide as the screen, or 80."""
    done = run(*RULES, stdin="y\ny\n", **{name: size})

    assert done.returncode == 0
    assert max(map(len, done.stderr.splitlines())) <= 80


@pytest.mark.parametrize("pause_in_line", [False, True])
def test_a_moment_without_input_is_not_its_end(pause_in_line: bool) -> None:
    """Also where the client has told the system that reading must not wait."""
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    command = [sys.executable, "-m", "backtriage", "assess", "--lines", *RULES]
    with subprocess.Popen(command, stdin=reading, stdout=subprocess.PIPE) as child:
        os.close(reading)
        assert child.stdout is not None
        with os.fdopen(writing, "wb", buffering=0) as client:
            client.write(b'{"numb": "no"}\n')
            assert json.loads(child.stdout.readline())["advice"] is None
            time.sleep(0.2)
            if pause_in_line:
                client.write(b'{"numb"')
                time.sleep(0.2)
            client.write(b': "yes"}\n' if pause_in_line else b'{"numb": "yes"}\n')
            assert json.loads(child.stdout.readline())["advice"] == "seek_care_now"
        assert child.wait(10) == 0


@pytest.mark.parametrize("arguments", [("replay",), ("--resume",)])
@pytest.mark.parametrize("endless", [False, True])
def test_a_file_without_end_is_too_large(
    arguments: tuple[str, ...], endless: bool, tmp_path: Path
) -> None:
    """No more of it is read than shows that."""
    file = Path("/dev/zero") if endless else tmp_path / "big.json"
    if not endless:
        with file.open("wb") as big:
            big.truncate(10**12)

    done = run(*arguments, file, *RULES)

    assert done.returncode == 3
    assert f"{file}: too-large" in done.stderr


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe\x00", b"\x1b[31m\n" * 3, b"[bold]y[/bold]\n", b"y" * 100_000]
)
def test_rubbish_on_stdin_is_refused_in_words(data: bytes) -> None:
    """Bytes that are no answers end in an error,
    without a traceback and without escape sequences.
    """
    done = run(*RULES, stdin=data)

    assert (done.returncode, done.stdout) == (3, "")
    assert "\x1b" not in done.stderr


def test_output_goes_to_a_file_that_only_its_owner_can_read(tmp_path: Path) -> None:
    """Health data is private."""
    file = tmp_path / "summary.md"
    done = run(*RULES, "--format", "markdown", "--output", file, stdin=HOME_LINES)

    assert (done.returncode, done.stdout) == (0, "")
    assert file.read_text().startswith("# Conservative home care")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_the_interview_ends_in_fhir_too() -> None:
    done = run(*RULES, "--format", "fhir", stdin=HOME_LINES)
    entries = json.loads(done.stdout)["entry"]

    assert done.returncode == 0
    assert [one["resource"]["resourceType"] for one in entries] == [
        "QuestionnaireResponse", "GuidanceResponse", "CarePlan", "Provenance",
    ]  # fmt: skip


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """The error names the file."""
    done = run(*RULES, "--output", tmp_path / "no" / "such" / "folder.txt", stdin=HOME_LINES)

    assert done.returncode == 5
    assert "folder.txt" in done.stderr


def test_saved_answers_can_be_resumed_only_with_the_same_rule_set(tmp_path: Path) -> None:
    """What was answered to one question is never taken for an answer to another."""
    file = tmp_path / "saved.json"
    broken_off = run(*RULES, "--save", file, stdin="n\nn\n40\n")
    resumed = run(*RULES, "--resume", file, "--format", "json", stdin="n\n5 days\n")
    other = run("--resume", file, "--rules", SHIPPED, stdin="n\n")

    assert broken_off.returncode == 3
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(json.loads(file.read_text())) == {"saved_on", "rule_set", "answers"}
    assert json.loads(resumed.stdout)["answers"] == HOME
    assert other.returncode == 3
    assert "other-rule-set" in other.stderr


@pytest.mark.slow
@pytest.mark.parametrize("key", ["id", "version", "hash"])
def test_answers_to_any_other_rule_set_are_refused(key: str, tmp_path: Path) -> None:
    """The id, the version and the content must all be the same; the one that differs is told."""
    file = tmp_path / "saved.json"
    run(*RULES, "--save", file, stdin="n\n")
    record = json.loads(file.read_text())
    record["rule_set"][key] = "other"
    file.write_text(json.dumps(record))

    done = run(*RULES, "--resume", file, stdin="n\n")

    assert done.returncode == 3
    assert "other-rule-set" in done.stderr
    assert "another rule set" in done.stderr


NUMBERS = """\
sources: [small_2020]
countries:
  GB: {name: Britain, call: "999"}
  FR: {name: France, call: "112"}
"""


@pytest.mark.parametrize(
    ("arguments", "locale", "told"),
    [
        ((), "en_GB.UTF-8", "999 is the emergency number in Britain"),
        (("--country", "fr"), "en_GB.UTF-8", "112 is the emergency number in France"),
        ((), "fr_FR", "112 is the emergency number in France"),
        ((), "de_DE.UTF-8", None),
        ((), "en_GB@euro", "999 is the emergency number in Britain"),
        ((), "fr_FR.ISO8859-15@euro", "112 is the emergency number in France"),
        *(((), name, None) for name in ("C.UTF-8", "C", "POSIX", "", "@", ".", "_", "en")),
    ],
)
def test_the_emergency_number_is_that_of_the_country(
    arguments: tuple[str, ...],
    locale: str,
    told: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By option, or else by the locale; where it is not known, none is told."""
    rules = small_with(tmp_path, {"emergency_numbers.yaml": NUMBERS})
    monkeypatch.setenv("LC_ALL", locale)

    shown = run(
        "assess", "--rules", rules, "--format", "text", *arguments, stdin='{"numb": "yes"}'
    ).stdout

    assert ("emergency number in" in shown) == bool(told)
    assert told is None or told in " ".join(shown.split())


def test_a_country_that_is_not_in_the_table_is_refused() -> None:
    """A wrong number would be worse than none."""
    done = run("assess", "--country", "XX", stdin="{}")

    assert done.returncode == 2
    assert 'no emergency number is known for "XX"' in " ".join(done.stderr.split())


# The other commands -------------------------------------------------------------------------------


@pytest.mark.parametrize("group", [(), ("rules",), ("export",)], ids=["all", "rules", "export"])
def test_every_command_says_on_one_line_what_it_does(group: tuple[str, ...]) -> None:
    """In a terminal of 80 columns no summary of a command is cut."""
    shown = run(*group, "--help", COLUMNS="80").stdout.partition("\nCommands:\n")[2]
    summaries = shown.partition("\n\n")[0].splitlines()

    assert summaries
    assert [line for line in summaries if not line.endswith(".") or line.endswith("...")] == []


ALONE = ("assess", "cohort", "evaluate", "questions", "replay", "schema", "simulate")
OF_RULES = ("check", "diff", "lock", "prove", "list", "explain", "graph", "test")
COMMANDS = [
    *((name,) for name in ALONE),
    *(("export", name) for name in OF_EXPORT),
    *(("rules", name) for name in OF_RULES),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_the_help_of_every_command_ends_with_examples(command: tuple[str, ...]) -> None:
    """Each on a line of its own, with options that the command has."""
    shown = run(*command, "--help", COLUMNS="80").stdout
    options, _, examples = shown.partition("\n  For example:\n")

    assert 1 <= len(examples.splitlines()) <= 2
    for example in examples.splitlines():
        assert len(example) <= 80
        assert f"backtriage {' '.join(command)}" in example
        assert [word for word in example.split() if word[:2] == "--" and word not in options] == []


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("rules explain saddle_n", {"saddle_numbness"}),
        (f"rules explain --rules {SMALL} numb", {"numb"}),
        ("rules explain --rules nowhere numb", set()),
        ("assess --country GB", {"GB"}),
        ("export sql --dialect po", {"postgres"}),
        ("assess --exit", {"--exit-code"}),
    ],
)
def test_a_shell_is_offered_what_can_stand_there(words: str, offered: set[str]) -> None:
    """Ids of the rule set that is named before, and nothing where it cannot be used."""
    done = run_process(
        _BACKTRIAGE_COMPLETE="complete_bash",
        COMP_WORDS=f"backtriage {words}",
        COMP_CWORD=str(len(words.split())),
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert set(done.stdout.split()) == offered


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version_has_a_short_option(option: str) -> None:
    """It is printed without typer, and with it where more is given."""
    for words in ((option,), (option, "--complete")):
        assert run_process(*words).stdout.strip() == f"backtriage {__version__}"


INTERRUPTED_IMPORT = """
import builtins, os, signal, sys
from backtriage.__main__ import main
real = builtins.__import__
def stop(name, *arguments, **others):
    if name.split(".")[0] == sys.argv[1]:
        try:
            os.kill(os.getpid(), signal.SIGINT)
        except KeyboardInterrupt:
            raise RuntimeError("as Python makes of it in some places")
    return real(name, *arguments, **others)
builtins.__import__ = stop
main()
"""


@pytest.mark.parametrize("interrupted", ["backtriage", "typer"])
def test_ctrl_c_before_anything_is_asked_shows_no_traceback(interrupted: str) -> None:
    """Also while the modules are still being imported, where an exception may be lost."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_IMPORT, interrupted], capture_output=True, check=False
    )

    assert (done.returncode, done.stderr) == (130, b"")


def test_next_to_nothing_is_imported_before_ctrl_c_can_be_told() -> None:
    """What is imported before `main` is a time in which Ctrl-C shows a traceback."""
    code = "import sys, backtriage.__main__; print(*(m for m in sys.modules if 'backtriage' in m))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)

    assert {*done.stdout.split()} == {
        "backtriage", "backtriage._version", "backtriage.__main__", "backtriage.exit_codes"
    }  # fmt: skip


def test_all_public_names_are_there() -> None:
    """By an import as by a look, and no others."""
    assert [name for name in backtriage.__all__ if name not in dir(backtriage)] == []
    assert all(hasattr(backtriage, name) for name in backtriage.__all__)
    assert not hasattr(backtriage, "no_such_name")


def test_the_version_is_told() -> None:
    """By the short way and by the long one."""
    assert run_process("--version").stdout == f"backtriage {__version__}\n"
    assert run_process("--version", "--complete").stdout == f"backtriage {__version__}\n"


@pytest.mark.parametrize(
    "folder", [SMALL, pytest.param(SHIPPED, marks=pytest.mark.slow)], ids=["small", "shipped"]
)
def test_real_outputs_fit_the_schemas(folder: Path) -> None:
    """Answers and results, good and bad, validate against what `schema` prints."""
    schemas = {
        name: json.loads(run("schema", name, "--rules", folder).stdout)
        for name in ("answers", "assessment")
    }
    for schema in schemas.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    questions = json.loads(run("questions", "--format", "json", "--rules", folder).stdout)
    everything = {question["id"]: question["not_sure"] for question in questions}
    inputs: list[dict[str, object]] = [{}, everything, dict.fromkeys(everything, "not sure")]
    lines = "\n".join(json.dumps(line) for line in [*inputs, {"nonsense": 1}])
    results = [
        json.loads(line)
        for line in run("assess", "--rules", folder, stdin=lines).stdout.splitlines()
    ]

    assert len(results) == 4
    for line in inputs:
        jsonschema.validate(line, schemas["answers"])
    for result in results:
        jsonschema.validate(result, schemas["assessment"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"nonsense": 1}, schemas["answers"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(results[0] | {"advice": "nothing"}, schemas["assessment"])


def test_markup_and_escape_sequences_in_rule_texts_are_shown_as_text(tmp_path: Path) -> None:
    """A rule set is data: it cannot draw on the terminal."""
    title = (
        "title: A small rule set for tests",
        "title: '[bold red]A[/] :smile: small rule set for tests'",
    )
    rules = small_with(tmp_path, edited("ruleset.yaml", title))

    done = run("--rules", rules, stdin="y\n")

    assert done.stderr.startswith("[bold red]A[/] :smile: small rule set for tests\n")


def test_everything_is_asked_for_a_full_summary() -> None:
    """With --complete the questions go on behind an emergency,
    and all the answers are in the result.
    """
    done = run(*RULES, "--complete", "--format", "json", stdin="y\ny\n3\n40\ny\n5 days\nnone\n")

    assert set(json.loads(done.stdout)["answers"]) == set(load(SMALL).questions)
    assert json.loads(done.stdout)["advice"] == "seek_care_now"


def test_the_questions_are_enough_to_build_a_form() -> None:
    """Every question has what a form needs, and the text list names each."""
    questions = {
        row["id"]: row for row in json.loads(run("questions", "--format", "json", *RULES).stdout)
    }
    text = run("questions", *RULES).stdout

    assert questions["weak_course"]["options"][2] == {"id": "worse", "label": "It gets worse"}
    assert questions["weak_course"]["ask_if"] == {"weak": "yes"}
    assert (questions["duration"]["unit"], questions["duration"]["maximum"]) == ("day", 36500)
    assert questions["steroids"]["list"] == "past"
    assert all(name in text for name in questions)


def test_replay_says_whether_result_and_rule_set_still_hold(tmp_path: Path) -> None:
    """The same rules give the same; a changed rule set or result is told, with exit code 6."""
    file = tmp_path / "assessment.json"
    file.write_text(run("assess", *RULES, stdin=json.dumps(HOME)).stdout)
    same = run("replay", file, *RULES)
    record = json.loads(file.read_text())
    record["engine_version"] = "0.0.0"
    file.write_text(json.dumps(record))
    assert run("replay", file, *RULES).returncode == 0
    other_rules = record | {"rule_set": record["rule_set"] | {"hash": "0" * 64}}
    file.write_text(json.dumps(other_rules))
    assert run("replay", file, *RULES).returncode == 6
    record["findings"] = [{"id": "numb"}]
    file.write_text(json.dumps(record))
    assert "different in findings" in run("replay", file, *RULES).stdout
    record["advice"] = "seek_care_now"
    record["rule_set"]["hash"] = "f" * 64
    file.write_text(json.dumps(record))
    changed = run("replay", file, *RULES)

    assert (same.returncode, same.stdout.splitlines()[0]) == (0, "Result: the same.")
    assert changed.returncode == 6
    assert 'advice: "seek_care_now" -> "home_care"' in changed.stdout
    assert "hash ffffffffffff" in changed.stdout
    as_data = json.loads(run("replay", file, "--format", "json", *RULES).stdout)
    assert as_data["same_rule_set"] is False


@pytest.mark.slow
@pytest.mark.parametrize("key", ["id", "version", "hash"])
def test_replay_tells_any_other_rule_set_and_shows_no_escape_sequences(
    key: str, tmp_path: Path
) -> None:
    """A record may come from anywhere."""
    record = json.loads(run("assess", *RULES, stdin='{"numb": "yes"}').stdout)
    record["rule_set"][key] = "\x1b[31mother"
    file = tmp_path / "result.json"
    file.write_text(json.dumps(record))

    done = run("replay", file, *RULES)

    assert done.returncode == 6
    assert "Rule set: was" in done.stdout
    assert "\x1b" not in done.stdout


def test_no_command_writes_anything_unasked(tmp_path: Path) -> None:
    """Nothing is left behind in the folder or the home of the person."""
    subprocess.run(
        [sys.executable, "-m", "backtriage", "assess", *RULES],
        input=b"{}",
        check=True,
        capture_output=True,
        cwd=tmp_path,
        env=os.environ | {"HOME": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
    )

    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_goes_away_is_no_error_of_ours() -> None:
    """`| head -1` ends the command without a message about a broken pipe."""
    lines = "{}\n" * 400
    done = subprocess.run(
        f"{sys.executable} -m backtriage assess --rules {SMALL} | head -1; exit ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        input=lines.encode(),
        capture_output=True,
        check=False,
        cwd=ROOT,
    )

    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""
    assert done.returncode in (0, 5)  # 0 where all was written before the reader went


@pytest.mark.parametrize(
    ("words", "wanted"),
    [((), set()), (("assess",), {"assess"}), (("rules", "check"), {"rules"}), (("asess",), None)],
)
def test_only_the_commands_that_may_be_wanted_are_imported(
    words: tuple[str, ...], wanted: set[str] | None
) -> None:
    """The others would only take time; where none is named, all are there to be told of."""
    code = (
        "import sys; from backtriage import cli; cli.load_commands(sys.argv[1:]);"
        "print(*(name for name in cli._COMMANDS if f'backtriage.cli.{name}' in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *words], capture_output=True, check=True, text=True
    )

    assert set(done.stdout.split()) == (set(cli._COMMANDS) if wanted is None else wanted)
