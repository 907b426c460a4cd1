"""README.md says what is true:
its sessions run as they stand, and nothing that people can call is left out.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from backtriage import load
from backtriage.authoring.case_outcomes import list_differences
from backtriage.authoring.prove import prove
from backtriage.authoring.prove.lengths import measure_lengths
from backtriage.exit_codes import ExitCode
from backtriage.loader.build import read_folder
from backtriage.loader.cases import load_cases
from backtriage.tables.wanted import OUTCOME
from benchmarks.lengths import STRAIN, prompts
from helpers import ROOT, SHIPPED, edited, small_with
from readme import (
    BLOCK,
    CODES,
    COMMAND,
    README,
    RULES_README,
    before,
    code_tables,
    pattern,
    run,
    sessions,
    typed,
    write_files,
)

TEXT, RULES_TEXT = README.read_text(), RULES_README.read_text()
SESSIONS = list(sessions(TEXT))


@pytest.mark.parametrize("session", SESSIONS, ids=[session[0][0][:40] for session in SESSIONS])
def test_a_session_prints_what_it_shows(session: list[tuple[str, str]], tmp_path: Path) -> None:
    """Every command of a block is run in one folder, in order."""
    for command, output in session:
        printed = run(command, typed(output), str(tmp_path))

        assert pattern(output).fullmatch(printed), printed


@pytest.mark.slow
def test_the_first_red_flag_is_written_as_shown(tmp_path: Path) -> None:
    """The walk through rules/README.md in one folder,
    from the copy to the comparison, files and all.
    """
    for block in BLOCK.finditer(RULES_TEXT):
        write_files(before(block), str(tmp_path))
        for command, output in COMMAND.findall(block[1]):
            printed = run(command, typed(output), str(tmp_path))

            assert pattern(output).fullmatch(printed), printed


def test_what_can_be_written_can_be_read(tmp_path: Path) -> None:
    """The file with everything that an area may have, that of the advices and the case,
    beside the small rule set of the tests. What the advices say holds.
    """
    write_files(RULES_TEXT, str(tmp_path))
    well = (
        "{numb: no, weak: no, age: 30, fall: no, duration: 3 days, steroids: no, osteoporosis: no}"
    )
    files = {
        "everything.yaml": (tmp_path / "reference" / "everything.yaml").read_text(),
        "advice.yaml": (tmp_path / "reference" / "advice.yaml").read_text(),
        "cases/everything.yaml": (tmp_path / "reference" / "cases.yaml").read_text(),
        "cases/patients.yaml": f"patients:\n  well: {well}\n",
    }
    rules = small_with(
        tmp_path, files | edited("ruleset.yaml", ("[nerves, past]", "[nerves, past, everything]"))
    )

    rule_set = load(rules)

    (case,) = [case for case in load_cases(rules, rule_set) if case.id == "cough_4_weeks"]
    assert list_differences(rule_set, case) == []
    told = {"told-wrongly", "milder-than-rules", "watches-for-known", "way-not-told", "no-date"}
    issues = prove(read_folder(rules)).judged.issues
    assert [str(issue) for issue in issues if issue.code in told] == []


def test_every_code_of_an_issue_is_described() -> None:
    """`python tests/readme.py` writes the tables anew."""
    tables = CODES.search(RULES_TEXT)

    assert tables
    assert tables[2] == code_tables()


def test_the_python_example_runs_and_prints_what_it_says(tmp_path: Path) -> None:
    """The comments behind the prints are what they print."""
    code = "\n".join(re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL))
    expected = [line.split("  # ", 1)[1] for line in code.splitlines() if line.startswith("print(")]
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )

    assert expected
    assert done.stdout.splitlines() == expected


def test_the_red_flag_shown_is_one_of_the_rule_set() -> None:
    """The YAML example stands in the rule set word for word."""
    example = re.search(r"```yaml\n(.*?)```", TEXT, re.DOTALL)
    assert example
    files = [path.read_text() for path in (ROOT / "rules" / "low_back_pain").glob("*.yaml")]
    parts = re.split(r"^questions:\n|^red_flags:\n", example[1], flags=re.MULTILINE)[1:]

    assert len(parts) == 2
    assert all(any(part.strip("\n") in text for text in files) for part in parts)


def test_the_columns_of_tables_are_described() -> None:
    """Each in the table, or by what it is the deadline of."""
    names = {name.removesuffix("_within_days") for name in OUTCOME}

    assert [
        name for name in names if not re.search(rf"^  \| .*`{name}`.* \|.* \|$", TEXT, re.MULTILINE)
    ] == []


def test_the_top_level_holds_only_what_it_should() -> None:
    """Few names, so that a newcomer sees at once what there is;
    what tools leave behind is ignored by git.
    """
    ignored = {line.strip("/*\n") for line in (ROOT / ".gitignore").read_text().splitlines()}
    names = {
        path.name
        for path in ROOT.iterdir()
        if not any(path.name.startswith(name) for name in ignored if name)
    }

    assert names - {".git", "PKG-INFO"} == {
        ".ci", ".gitignore", ".pre-commit-config.yaml", "CHANGELOG.md", "LICENSE", "README.md",
        "backtriage", "pyproject.toml", "rules", "tests",
    }  # fmt: skip


def test_every_command_option_and_exit_code_is_described() -> None:
    """What is not in README.md does not exist for users."""
    commands = json.loads(run(LIST_COMMANDS, "", str(ROOT)))
    missing = [
        name for name in commands if f"`{name}" not in TEXT and f"backtriage {name}" not in TEXT
    ]
    options = {
        option
        for names in commands.values()
        for option in names
        if option not in ("--help", "--version")
    }

    assert missing == []
    assert {option for option in options if option not in TEXT} == set()
    assert {code for code in ExitCode if f"| {code} |" not in TEXT} == set()


LIST_COMMANDS = f"""{sys.executable} - <<'END'
import json, typer
from backtriage.cli import app, load_commands
load_commands()
group = typer.main.get_command(app)
def options(command):
    names = (name for parameter in command.params for name in parameter.opts)
    return [name for name in names if name.startswith("--")]
def commands(group, before=""):
    listed = {{}}
    for name, one in group.commands.items():
        listed[before + name] = options(one)
        listed |= commands(one, name + " ") if hasattr(one, "commands") else {{}}
    return listed
print(json.dumps({{"backtriage": options(group)}} | commands(group)))
END"""


def test_the_numbers_of_the_rule_set_are_right() -> None:
    """Counts are written once in README.md and checked here."""
    rule_set = load(SHIPPED)
    stated = re.search(r"(\d+) questions, (\d+) red flags, (\d+) sources and (\d+) cases", TEXT)

    assert stated
    assert [int(number) for number in stated.groups()] == [
        len(rule_set.questions),
        len(rule_set.red_flags),
        len(rule_set.sources),
        len(load_cases(SHIPPED, rule_set)),
    ]


def test_the_lengths_of_an_interview_are_right() -> None:
    """The shortest there can be, and that of the person with a strain,
    as the benchmark counts them.
    """
    rule_set = load(SHIPPED)
    stated = re.search(
        r"after (\d+) prompts at the earliest, and after (\d+) prompts for a healthy adult of 35"
        r".* the longest that there can be has (\d+), .* none has more than (\d+)",
        TEXT,
    )
    shortest, longest, most = measure_lengths(rule_set)
    counted = [
        shortest.prompts,
        prompts(rule_set, STRAIN),
        longest.prompts,
        most.prompts + most.checks,
    ]

    assert stated
    assert [int(number) for number in stated.groups()] == counted
