"""A stream of many patients: several processes, one order, and no waiting for what is not there."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import load
from backtriage.json_io.workers import Workers
from backtriage.loader.cases import load_cases
from backtriage.strict_json import write_json
from helpers import SHIPPED
from strategies import examples

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only on Linux the work is dealt out to processes"
)

CASES = load_cases(SHIPPED, load(SHIPPED))
LINES = [f"{write_json(case.answers.values)}\n" for case in CASES[:300]]


def run_all(
    work: Callable[[int], object], batches: list[list[int]], rest: list[int], processes: int
) -> Iterator[object]:
    with Workers(work, processes) as workers:
        for batch in batches:
            yield from workers.run(batch)
        yield from workers.finish(rest)


def children_of(process: int) -> list[int]:
    """The processes that it has begun and that have not ended."""
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in listed.split()]


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@contextmanager
def assessing(
    *words: str, stdin: int = subprocess.PIPE, stdout: int = subprocess.PIPE
) -> Iterator[subprocess.Popen[str]]:
    """The command, with pipes to it and from it."""
    command = [sys.executable, "-m", "backtriage", "assess", "--lines", *words]
    pipes = {"stdin": stdin, "stdout": stdout, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, text=True, **pipes) as process:
        try:
            yield process
        finally:
            process.kill()


def send(process: subprocess.Popen[str], lines: list[str]) -> None:
    """Send it lines, while its results are read, or else both would wait for each other."""

    def write() -> None:
        assert process.stdin
        with suppress(OSError, ValueError):  # it may be stopped meanwhile
            process.stdin.write("".join(lines))
            process.stdin.flush()

    Thread(target=write).start()


def wait_until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never came about")


# Workers -----------------------------------------------------------------------------------------


@given(
    sizes=st.lists(st.integers(1, 5), max_size=8),
    rest=st.integers(0, 3),
    processes=st.integers(0, 3),
)
@examples(20, everyday=10)
def test_what_is_made_comes_in_the_order_of_the_items(
    sizes: list[int], rest: int, processes: int
) -> None:
    """However they are cut into batches, and however many work on them."""
    numbers = iter(range(100))
    batches = [[next(numbers) for _ in range(size)] for size in sizes]
    last = [next(numbers) for _ in range(rest)]

    made = list(run_all(lambda item: item * item, batches, last, processes))

    assert made == [item * item for batch in (*batches, last) for item in batch]


@pytest.mark.parametrize("fails", [0, 4, 17, 29])
def test_an_exception_of_the_work_is_raised_here_and_in_its_turn(fails: int) -> None:
    """All before it comes out first, as if one process had done it all."""

    def work(item: int) -> int:
        if item == fails:
            raise ValueError("no such thing")
        return item

    made = []
    with pytest.raises(ValueError, match="no such thing"):
        for each in run_all(work, [list(range(n, n + 5)) for n in range(0, 30, 5)], [], 2):
            made.append(each)  # noqa: PERF402 - extend would lose what came before

    assert made == list(range(fails))


@pytest.mark.parametrize("fatal", [{0}, {7}, {0, 7, 14, 21}, {29}])
def test_what_a_process_that_was_killed_did_not_do_is_done_here(fatal: set[int]) -> None:
    """As where memory runs short: nothing is lost, and nothing comes twice."""
    here = os.getpid()

    def work(item: int) -> int:
        if item in fatal and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    assert [*run_all(work, [list(range(n, n + 5)) for n in range(0, 30, 5)], [], 2)] == [*range(30)]


@pytest.mark.parametrize(("module", "name"), [(os, "fork"), (socket, "socketpair")])
def test_where_no_process_can_begin_all_is_done_here(
    monkeypatch: pytest.MonkeyPatch, module: ModuleType, name: str
) -> None:
    """As where somebody may not have any more of them, or of pipes to them."""

    def refuse(*_: object) -> None:
        raise BlockingIOError

    monkeypatch.setattr(module, name, refuse)

    assert [*run_all(lambda item: item, [[1, 2], [3], [4, 5]], [6], 2)] == [1, 2, 3, 4, 5, 6]


def test_processes_begin_when_there_is_work_and_end_with_it() -> None:
    """Also where somebody stops in the middle."""
    before = children_of(os.getpid())
    with Workers(time.sleep, 2) as workers:
        assert [*workers.finish([0])] == [None]
        assert children_of(os.getpid()) == before
        assert [*workers.run([600])] == []
        assert len(children_of(os.getpid())) == len(before) + 2

    assert children_of(os.getpid()) == before


# The command -------------------------------------------------------------------------------------


def test_many_at_once_come_out_as_one_after_the_other(tmp_path: Path) -> None:
    """Results, talk and exit code, with mistakes among them, from a file and from a pipe."""
    lines = [*LINES, '{"agee": 1}\n', "{\n", "\n", '{"pregnant": "yes", "anatomy": "penis"}\n'] * 2
    file = tmp_path / "many.jsonl"
    file.write_text("".join(lines))
    command = [sys.executable, "-m", "backtriage", "assess", "--date", "2026-11-28"]
    one = {"preexec_fn": lambda: os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])}
    runs = [
        subprocess.run([*command, file], capture_output=True, check=False, **one),
        subprocess.run([*command, file], capture_output=True, check=False),
        subprocess.run(
            [*command, "--lines"], input=file.read_bytes(), capture_output=True, check=False
        ),
    ]

    told = [(done.returncode, done.stdout, done.stderr) for done in runs]
    assert told[0] == told[1] == told[2]
    assert runs[0].returncode == 3
    assert runs[0].stdout.count(b"\n") == len(lines) - 2


def test_whatever_was_sent_is_answered_before_more_is_waited_for() -> None:
    """Also the rest behind whole batches, with the pipe still open."""
    with assessing("--brief") as process:
        assert process.stdin and process.stdout
        for count in (1, 3, 100, 1, 200):
            send(process, LINES[:count])
            results = [json.loads(process.stdout.readline()) for _ in range(count)]
            assert [result["advice"] for result in results] == [
                case.expected.advice for case in CASES[:count]
            ]
        process.stdin.close()

        assert process.wait(30) == 0


def test_a_pipe_that_must_not_wait_is_no_end() -> None:
    """Another program that has it may make it so at any time; a moment without input is none."""
    theirs, ours = os.pipe()
    with assessing("--brief", stdin=theirs) as process, os.fdopen(ours, "wb", 0) as pipe:
        assert process.stdout
        pipe.write(LINES[0].encode())
        first = process.stdout.readline()
        os.set_blocking(theirs, False)
        for _ in range(3):
            time.sleep(0.2)
            pipe.write(LINES[0].encode())
            assert process.stdout.readline() == first
        pipe.close()

        assert process.wait(30) == 0
    os.close(theirs)


def test_an_output_that_must_not_wait_loses_nothing(tmp_path: Path) -> None:
    """Whoever has it too may make it so; Python would drop what a pipe has no room for."""
    file = tmp_path / "many.jsonl"
    file.write_text("".join(LINES))
    ours, theirs = os.pipe()
    with assessing(str(file), stdout=theirs), os.fdopen(ours, "rb") as pipe:
        read = [pipe.readline()]
        os.set_blocking(theirs, False)
        time.sleep(0.5)
        os.close(theirs)
        read += pipe.readlines()

    assert len(read) == len(LINES)
    assert all(map(json.loads, read))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_when_the_command_is_stopped(number: int) -> None:
    """By Ctrl-C, or by a signal that nothing can be done about; and without a word of Python's."""
    with assessing() as process:
        assert process.stdin and process.stdout and process.stderr
        send(process, LINES)
        process.stdout.readline()
        wait_until(lambda: bool(children_of(process.pid)))
        workers = children_of(process.pid)
        for child in (*workers, process.pid) if number == signal.SIGINT else (process.pid,):
            os.kill(child, number)  # a terminal sends Ctrl-C to all of them
        process.stdin.close()
        process.stdout.read()
        told = process.stderr.read()

        assert process.wait(30) == (130 if number == signal.SIGINT else -number)
        assert told == "" or all(line.startswith("backtriage: line") for line in told.splitlines())
        wait_until(lambda: not any(map(is_running, workers)))


def test_a_reader_that_has_gone_away_ends_it(tmp_path: Path) -> None:
    """As with `head`."""
    file = tmp_path / "many.jsonl"
    file.write_text("".join(LINES * 10))
    with assessing(str(file)) as process:
        assert process.stdout and process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert "Traceback" not in process.stderr.read()

        assert process.wait(30) == 5
