"""How long the commands take to start, as multiples of a bare `python -c pass`.

Run it with the interpreter of an environment that backtriage is installed in:

    .venv/bin/python tests/benchmarks/startup.py

Every command runs as a whole process; they take turns, so that a slow moment of the machine meets
all of them alike.
"""

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from backtriage.loader.shipped import load_shipped
from benchmarks.timing import RUN, seconds, tell_of_bytecode

ROUNDS = 21
PYTHON = [sys.executable]

COMMANDS = {
    "python -c pass": ([*PYTHON, "-c", "pass"], b"", None),
    "backtriage --version": ([*RUN, "--version"], b"", 7),
    "backtriage assess, one object": ([*RUN, "assess"], b'{"age": 47}', 11),
    "backtriage, first question": (RUN, b"", 13),
}


def main() -> None:
    if load_shipped() is None:
        print("note: rules or code changed since the installation, so the YAML is read each time;")
        print("install again")
    tell_of_bytecode()
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            for name, (command, stdin, _target) in COMMANDS.items():
                times[name].append(seconds(command, stdin, folder))
    bare = statistics.median(times["python -c pass"])
    print(f"{'command':32} {'median':>9} {'ratio':>7}  target")
    for name, (_command, _stdin, target) in COMMANDS.items():
        median = statistics.median(times[name])
        at_most = f"{target}x at most" if target else ""
        print(f"{name:32} {median * 1000:6.0f} ms {median / bare:6.1f}x  {at_most}")


if __name__ == "__main__":
    main()
