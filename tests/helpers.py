"""What many tests need: where the rule sets are,
copies with something changed, tiny ones, and running the command.
"""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from typer.testing import CliRunner

from backtriage import cli
from backtriage.loader.authored import Authored, Part
from backtriage.loader.yaml_nodes import Place
from backtriage.model import (
    AdviceStep,
    AdviceText,
    Area,
    Condition,
    Number,
    OneOf,
    Question,
    RedFlag,
    RuleSet,
    SafetyNet,
    YesNo,
)
from strategies import IN_CI

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "tests" / "rule_sets" / "small"
SHIPPED = ROOT / "rules" / "low_back_pain"


# The small rule set with something changed --------------------------------------------------------


def around(text: str, piece: str) -> tuple[str, str]:
    """What stands before a piece of a text, and what behind it;
    it is an error if the text has it not exactly once.
    """
    assert text.count(piece) == 1, f"{piece!r} stands there {text.count(piece)} times"
    before, _, behind = text.partition(piece)
    return before, behind


def replaced(text: str, old: str, new: str) -> str:
    """The text with one piece replaced, which it has once."""
    return new.join(around(text, old))


def edited(file: str, *changes: tuple[str, str]) -> dict[str, str]:
    """A file of the small rule set with some pieces replaced, each of which it has once."""
    text = (SMALL / file).read_text()
    for old, new in changes:
        text = replaced(text, old, new)
    return {file: text}


def small_with(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A copy of the small rule set in the folder "rules" in this folder,
    with some files replaced or added.
    """
    copy = Path(shutil.copytree(SMALL, folder / "rules"))
    for name, content in files.items():
        (copy / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return copy


CHECKS = {
    "numb": "Touch the skin of both thighs. Does it feel odd?",
    "weak": "Stand on your heels. Does one foot sink?",
    "fall": "Think back to that day. Did you hit the floor?",
}
"""What the questions of the small rule set could be asked once more."""


def with_checks() -> dict[str, str]:
    """The files of the small rule set with these checks, each above the `why` of its question."""
    texts = {name: (SMALL / name).read_text() for name in ("nerves.yaml", "past.yaml")}
    for name, question in (("nerves.yaml", "numb"), ("nerves.yaml", "weak"), ("past.yaml", "fall")):
        before, behind = around(texts[name], f"  - id: {question}\n    label")
        check = f"    check: {CHECKS[question]}\n    why:"
        texts[name] = f"{before}  - id: {question}\n    label{behind.replace('    why:', check, 1)}"
    return texts


# Rule sets of a few lines, for examples that need an exact shape ----------------------------------

NOW = ("seek_care_now", 0)
SOON = ("see_doctor_soon", 14)


def yes(name: str) -> OneOf:
    return OneOf(name, ("yes",))


def asks(name: str, *, ask_if: Condition | None = None, event: str | None = None) -> YesNo:
    return YesNo(
        id=name,
        label=name,
        ask=f"{name}?",
        why="W.",
        not_sure="yes",
        ask_if=ask_if,
        event=event,
    )


def counts(name: str, *, event: str | None = None) -> Number:
    return Number(
        id=name,
        label=name,
        ask=f"{name}?",
        why="W.",
        unit="kg",
        minimum=0,
        maximum=100,
        not_sure=0,
        worse="higher",
        event=event,
    )


def tiny(questions: list[Question], flags: dict[str, tuple[tuple[str, int], Condition]]) -> RuleSet:
    """A rule set of one area; each flag has its urgency and its condition."""
    red_flags = tuple(
        RedFlag(
            id=name,
            when=when,
            advice=advice,
            within_days=days,
            suspect="s",
            because="B.",
            sources=("a",),
        )
        for name, ((advice, days), when) in flags.items()
    )
    area = Area(
        id="a", title="A", questions=tuple(questions), lists=(), definitions={}, red_flags=red_flags
    )
    text = AdviceText(title="T", lead="L.", steps=(AdviceStep(text="S."),))
    again = SafetyNet(within_days=7, step=AdviceStep(text="Look again."))
    return RuleSet(
        id="tiny",
        version="1.0.0",
        title="Tiny",
        scope="Tests.",
        limits=(),
        suspicions={"s": "something"},
        areas=(area,),
        advice={
            "home_care": replace(text, safety_net=(again,)),
            "see_doctor_soon": text,
            "seek_care_now": text,
        },
        sources={},
    )


def as_authored(rule_set: RuleSet) -> Authored:
    """A rule set that was never in a file, each part in a place of its own."""
    parts: list[Part] = [("rule set", rule_set.id)]
    parts += [("question", name) for name in rule_set.questions]
    parts += [("red flag", name) for name in rule_set.red_flags]
    parts += [("advice", name) for name in (*rule_set.advice, "also_watch_for")]
    return Authored(
        Path(), rule_set, {part: Place("f", line, 1) for line, part in enumerate(parts, 1)}
    )


# Running the command ------------------------------------------------------------------------------


Done = subprocess.CompletedProcess[str]


def run(*arguments: str | Path, stdin: str | bytes = b"", **environment: str) -> Done:
    """Run the command with these environment variables; no call may ever show a traceback.

    In CI it is a process of its own. In an everyday run it is not, since a process takes a quarter
    of a second to start: what needs one (its streams, its start, its end) calls `run_process`.
    """
    how = run_process if IN_CI else run_here
    return how(*arguments, stdin=stdin, **environment)


def run_process(*arguments: str | Path, stdin: str | bytes = b"", **environment: str) -> Done:
    """The same always as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "backtriage", *map(str, arguments)],
        input=_as_bytes(stdin),
        capture_output=True,
        check=False,
        timeout=60,
        env=os.environ | {"COLUMNS": "60"} | environment,
    )
    return _without_traceback(done.args, done.returncode, done.stdout, done.stderr)


def run_here(*arguments: str | Path, stdin: str | bytes = b"", **environment: str) -> Done:
    """The same always within this process."""
    words = ["backtriage", *map(str, arguments)]
    out, err = io.BytesIO(), io.BytesIO()
    with (
        patch.dict(os.environ, {"COLUMNS": "60"} | environment),
        patch.multiple(
            sys,
            argv=words,
            stdin=_as_stream(io.BytesIO(_as_bytes(stdin))),
            stdout=_as_stream(out),
            stderr=_as_stream(err),
        ),
    ):
        code = cli.run()
        sys.stdout.flush()
        sys.stderr.flush()
        return _without_traceback(words, code, out.getvalue(), err.getvalue())


def _as_stream(data: io.BytesIO) -> io.TextIOWrapper:
    return io.TextIOWrapper(data, encoding="utf-8")


def _as_bytes(stdin: str | bytes) -> bytes:
    return stdin.encode() if isinstance(stdin, str) else stdin


def _without_traceback(words: list[str], code: int, out: bytes, err: bytes) -> Done:
    done = subprocess.CompletedProcess(words, code, out.decode(), err.decode())
    assert "Traceback" not in done.stderr, done.stderr
    assert "internal error" not in done.stderr, done.stderr
    return done


def called(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str | Path
) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command, run in this process."""
    monkeypatch.setattr("sys.argv", ["backtriage", *map(str, words)])
    code = cli.run()
    return code, *capsys.readouterr()


def invoked(*words: str | Path) -> tuple[int, str, str]:
    """The same without what handles errors around the commands, so that an error is raised."""
    cli.load_commands()
    done = CliRunner().invoke(cli.app, list(map(str, words)))
    if isinstance(done.exception, Exception):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr
