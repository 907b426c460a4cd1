"""What a command writes: never over what it reads, never in the middle of another, never half."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from backtriage.errors import FileError
from backtriage.files import KeptFile, write_private
from backtriage.interrupts import Killed, check_interrupts, postpone_interrupts
from backtriage.json_io import saved
from backtriage.loader import load
from helpers import SHIPPED, SMALL, run, run_process, small_with

HOME_LINES = "n\nn\n40\nn\n5 days\n"
LABELLED = '{"numb": "no", "expected": "home_care"}\n'
SIMULATE = ("simulate", "--patients", "400", "--seed", "1", "--no-vary")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with one of everything that a command may read, which it works in."""
    monkeypatch.chdir(tmp_path)
    small_with(tmp_path, {})
    (tmp_path / "labelled.jsonl").write_text(LABELLED)
    run("--rules", "rules", "--save", "saved.json", stdin=HOME_LINES)
    for name in ("labelled.jsonl", "saved.json"):
        (tmp_path / f"hard-{name}").hardlink_to(tmp_path / name)
        (tmp_path / f"soft-{name}").symlink_to(tmp_path / name)
    (tmp_path / "protected").write_text("mine")
    (tmp_path / "protected").chmod(0o400)
    return tmp_path


def snapshot(folder: Path) -> dict[Path, bytes | None]:
    """All that is in a folder."""
    return {path: path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


WRITERS = {
    "interview": ["--rules", "rules", "--resume", "saved.json"],
    "evaluate": ["evaluate", "labelled.jsonl", "--rules", "rules", "--format", "html"],
}
ALL_WRITERS = WRITERS | {
    "web": ["export", "web", "--rules", "rules"],
    "simulate": [*SIMULATE, "--rules", str(SHIPPED)],
}
EVERYBODY = ["rules/ruleset.yaml", "rules/new.yaml", "rules/rules.lock", "rules/cases/x.yaml", "."]
OWN = {
    "interview": ["saved.json", "./saved.json", "hard-saved.json", "soft-saved.json"],
    "evaluate": ["labelled.jsonl", "hard-labelled.jsonl", "soft-labelled.jsonl"],
}


@pytest.mark.parametrize(
    ("command", "output"),
    [(command, name) for command in WRITERS for name in EVERYBODY + OWN[command]],
)
def test_a_result_is_never_written_over_what_is_read(
    command: str, output: str, folder: Path
) -> None:
    """By whatever name; said before anything is asked or counted."""
    before = snapshot(folder)
    done = run(*WRITERS[command], "--output", output)

    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith(f"backtriage: {Path(output)}: cannot-write")
    assert snapshot(folder) == before


def test_answers_and_result_are_two_files(folder: Path) -> None:
    """Also where neither is there yet."""
    done = run("--rules", "rules", "--save", "new.json", "--output", "./new.json")

    assert done.returncode == 5
    assert "belongs to --save" in done.stderr
    assert not (folder / "new.json").exists()


@pytest.mark.parametrize("stream", ["<", ">>", "2>>"])
@pytest.mark.parametrize("command", WRITERS)
def test_a_file_of_a_stream_is_no_place_for_a_result(
    command: str, stream: str, folder: Path
) -> None:
    """What the shell reads from there or writes there would be lost."""
    (folder / "both").write_text("kept\n")
    words = [sys.executable, "-m", "backtriage", *WRITERS[command], "--output", "both"]
    done = subprocess.run(
        ["/bin/bash", "-c", f'"$@" {stream}both', "bash", *words],
        check=False,
        capture_output=True,
    )

    assert done.returncode == 5
    assert (folder / "both").read_text().startswith("kept\n")


@pytest.mark.parametrize(
    "words",
    [
        ["assess", "both", "--rules", "rules"],
        ["assess", "-", "--rules", "rules"],
        ["replay", "both", "--rules", "rules"],
        ["--resume", "both", "--rules", "rules"],
    ],
)
def test_what_is_read_is_not_what_was_just_written(words: list[str], folder: Path) -> None:
    """`assess a.jsonl >> a.jsonl` would never end."""
    (folder / "both").write_text("{}\n")
    command = [sys.executable, "-m", "backtriage", *words]
    done = subprocess.run(
        ["/bin/bash", "-c", '"$@" <both >>both', "bash", *command],
        check=False,
        capture_output=True,
        timeout=20,
    )

    assert done.returncode == 5
    assert b"file of standard output too" in done.stderr
    assert (folder / "both").read_text() == "{}\n"


@pytest.mark.parametrize("command", ALL_WRITERS)
@pytest.mark.parametrize(("device", "code"), [("/dev/null", 0), ("/dev/full", 5)])
def test_a_device_is_written_into(command: str, device: str, code: int, folder: Path) -> None:
    """By whatever command has one text to write; what does not get there is told."""
    (folder / "device.jsonl").symlink_to(device)  # simulate goes by the ending
    done = run(*ALL_WRITERS[command], "--output", "device.jsonl")

    assert done.returncode == code
    assert ("No space left on device" in done.stderr) == (code == 5)
    assert Path(device).is_char_device()


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(("device", "code"), [("/dev/null", 0), ("/dev/full", 5)])
def test_a_result_that_does_not_get_there_is_on_standard_output(device: str, code: int) -> None:
    """Nobody has to answer all of it once more."""
    done = run("--rules", "rules", "--output", device, stdin=HOME_LINES)

    assert done.returncode == code
    assert bool(done.stdout) == (code == 5)


@pytest.mark.usefixtures("folder")
def test_a_pipe_gets_the_result() -> None:
    """Also by the name that standard output has."""
    done = run_process("--rules", "rules", "--output", "/dev/stdout", stdin=HOME_LINES)

    assert done.returncode == 0
    assert done.stdout.startswith("Conservative home care\n")


@pytest.mark.usefixtures("folder")
def test_simulated_patients_are_not_written_where_the_summary_goes() -> None:
    """They would be in a file that nobody can find any more."""
    words = [sys.executable, "-m", "backtriage", *SIMULATE, "--output", "out.jsonl"]
    done = subprocess.run(
        ["/bin/bash", "-c", '"$@" >out.jsonl', "bash", *words], check=False, capture_output=True
    )

    assert done.returncode == 5
    assert b"file of standard output too" in done.stderr


# Two jobs, and jobs that are killed ---------------------------------------------------------------


def test_two_interviews_do_not_save_over_each_other(tmp_path: Path) -> None:
    """Whoever comes second is told, and what the first one saved stays."""
    rule_set, path, today = load(SMALL), tmp_path / "saved.json", date(2026, 11, 23)
    first, second = KeptFile(path), KeptFile(path)
    saved.save(first, rule_set, {"numb": "yes"}, today)
    with pytest.raises(FileError, match="another program has written this file"):
        saved.save(second, rule_set, {"numb": "no"}, today)
    saved.save(first, rule_set, {"numb": "yes", "fall": "no"}, today)
    resumed = KeptFile(path)
    saved.save(resumed, rule_set, {"numb": "yes", "fall": "yes"}, today)
    with pytest.raises(FileError, match="another program has written this file"):
        saved.save(first, rule_set, {"numb": "yes"}, today)

    assert json.loads(path.read_text())["answers"] == {"numb": "yes", "fall": "yes"}
    assert list(tmp_path.iterdir()) == [path]


def test_a_kept_file_that_somebody_removed_is_written_again(tmp_path: Path) -> None:
    """Nothing is lost by that."""
    file = KeptFile(tmp_path / "saved.json")
    file.write("one")
    file.path.unlink()
    file.write("two")

    assert file.path.read_text() == "two"


def test_what_a_killed_program_left_is_removed_by_the_next(tmp_path: Path) -> None:
    """But not what somebody is still writing, nor what is not ours."""
    import fcntl

    left, busy = (tmp_path / f".out.{number * 8}.unfinished" for number in "12")
    others = [tmp_path / name for name in (".out.txt", ".other.11111111.unfinished", "out2")]
    for path in (left, busy, *others):
        path.write_text("patients")
    with busy.open() as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        write_private(tmp_path / "out", "text")

    assert sorted(tmp_path.iterdir()) == sorted([busy, *others, tmp_path / "out"])


SIGNALS = [(signal.SIGINT, KeyboardInterrupt), (signal.SIGTERM, Killed), (signal.SIGHUP, Killed)]


@pytest.mark.parametrize(("number", "raised"), SIGNALS)
def test_a_signal_in_the_middle_of_a_write_leaves_nothing(
    number: int, raised: type[BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes through when the file is whole."""
    real = os.fsync

    def disturb(descriptor: int) -> None:
        os.kill(os.getpid(), number)
        real(descriptor)

    monkeypatch.setattr("os.fsync", disturb)
    with pytest.raises(raised):
        write_private(tmp_path / "out", "text")

    assert [path.read_text() for path in tmp_path.iterdir()] == ["text"]


DISTURBED = """
import os, signal, sys
real = os.fsync
def disturb(descriptor):
    os.kill(os.getpid(), int(os.environ["SIGNAL"]))
    real(descriptor)
os.fsync = disturb
from backtriage.__main__ import main
main()
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_killed_interview_leaves_its_answers_whole(number: int, tmp_path: Path) -> None:
    """And ends by the signal that it was sent; Ctrl-C is a stop."""
    words = ["--rules", str(SMALL), "--save", str(tmp_path / "saved.json")]
    done = subprocess.run(
        [sys.executable, "-c", DISTURBED, *words],
        input=b"n\n",
        capture_output=True,
        check=False,
        env=os.environ | {"SIGNAL": str(int(number))},
    )

    assert done.returncode == (130 if number == signal.SIGINT else -number)
    (saved_file,) = tmp_path.iterdir()
    assert json.loads(saved_file.read_text())["answers"] == {"numb": "no"}


@pytest.mark.parametrize("special", ["folder", "pipe", "device"])
def test_a_lock_is_a_file(special: str, tmp_path: Path) -> None:
    """Nothing waits for who reads a pipe."""
    rules = small_with(tmp_path, {})
    lock = rules / "rules.lock"
    lock.unlink(missing_ok=True)
    make = {
        "folder": lock.mkdir,
        "pipe": lambda: os.mkfifo(lock),
        "device": lambda: lock.symlink_to("/dev/null"),
    }
    make[special]()
    done = run_process("rules", "lock", rules)

    assert done.returncode == 5
    assert f"{lock}: cannot-write" in done.stderr


@pytest.mark.parametrize(("number", "raised"), SIGNALS)
def test_a_postponed_signal_is_raised_by_the_next_check(
    number: int, raised: type[BaseException]
) -> None:
    """Also by one that is far away, and if several postpone it."""
    done = []
    twice = (postpone_interrupts(kills=True), postpone_interrupts(kills=True))
    with pytest.raises(raised), twice[0], twice[1]:
        os.kill(os.getpid(), number)
        done.append("worked on")
        check_interrupts()
        done.append("never")

    assert done == ["worked on"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_who_asked_not_to_be_hung_up_is_not() -> None:
    """What nohup has set stays as it is."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with postpone_interrupts(kills=True) as interrupts:
            os.kill(os.getpid(), signal.SIGHUP)
            interrupts.check()
    finally:
        signal.signal(signal.SIGHUP, before)


# Ctrl-C while libraries work ----------------------------------------------------------------------


PRESSED = """
import os, signal, threading, time
from backtriage.authoring.prove.encoding import AnswerSymbols
from backtriage.authoring.prove.search import Search

pressed, done = [], threading.Event()
signal.signal(signal.SIGINT, lambda *_: pressed.append(1))
names = [str(number) for number in range(200)]
search = Search(AnswerSymbols({name: ("yes", "no") for name in names}))

def press():
    while not done.wait(0.0005):
        os.kill(os.getpid(), signal.SIGINT)

threading.Thread(target=press).start()
try:
    found = [search.find_anybody() is not None for _ in range(1000)]
finally:
    done.set()
print(all(found), len(pressed) > 10)
"""


def test_the_solver_leaves_ctrl_c_to_us() -> None:
    """Its own handler breaks off what it looks for, or waits for ever for what it interrupted."""
    pytest.importorskip("z3")
    done = subprocess.run(
        [sys.executable, "-c", PRESSED], capture_output=True, text=True, check=False, timeout=60
    )

    assert (done.stdout, done.stderr) == ("True True\n", "")


@pytest.mark.slow
@pytest.mark.parametrize("wait", [0.6 + 0.15 * number for number in range(16)])
@pytest.mark.parametrize("words", [["rules", "prove"], ["rules", "test", "--mutate"]])
def test_ctrl_c_ends_the_work_of_the_solver(wait: float, words: list[str]) -> None:
    """At any moment, and with the code for it; or it was over before."""
    command = [sys.executable, "-m", "backtriage", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
        try:
            child.wait(wait)
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGINT)
        try:
            _, told = child.communicate(timeout=60)
        finally:
            child.kill()  # or else it would be waited for, should it never end

    assert child.returncode in (130, 0)
    assert b"internal error" not in told
    assert b"Exception ignored" not in told
