"""How long `backtriage assess` takes for each patient of a stream of JSON Lines.

    .venv/bin/python tests/benchmarks/stream.py [ROUNDS] [COMMIT]

3 rounds, if left out. Every line is a whole process; they take turns, and the time for a stream of
one patient is taken off as their start. The patients are the cases of the rules, with all of their
answers or a random half of them, four times over. With a commit of this repository the program of
that time is measured beside it, with its own rules on their own cases.
"""

import statistics
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.timing import RUN, seconds, tell_of_bytecode

ROOT = Path(__file__).parents[2]
WRITE = """
import json, random, sys
from pathlib import Path
from backtriage import load
from backtriage.loader.cases import load_cases
share, chance, folder = float(sys.argv[1]), random.Random(7), Path("rules/low_back_pain")
cases = [case.answers.values for case in load_cases(folder, load(folder))]
for answers in cases * 4:
    kept = {name: answer for name, answer in answers.items() if chance.random() < share}
    print(json.dumps(kept, default=str))
"""
SHARES = {"all answers": "1", "half of them": "0.5"}
NOW, BRIEF = "now", "now, --brief"


def write_stream(root: Path, share: str) -> bytes:
    """The patients, by the program and the rules that stand in a folder, one on each line."""
    command = [sys.executable, "-c", WRITE, share]
    return subprocess.run(command, cwd=root, stdout=subprocess.PIPE, check=True).stdout


def unpack(commit: str, folder: str) -> None:
    """What the program was made of at that time."""
    command = ["git", "archive", commit, "backtriage", "rules"]
    packed = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")


def measure(stream: bytes, root: Path, options: list[str]) -> float:
    """Seconds for each patient beyond the first; a program in `root` comes before an installed."""
    lines = stream.splitlines(keepends=True)
    command = [*RUN, "assess", "--lines", *options]
    alone, all_of_them = (
        seconds(command, b"".join(part), str(root)) for part in (lines[:1], lines)
    )
    return (all_of_them - alone) / (len(lines) - 1)


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    commit = sys.argv[2] if len(sys.argv) > 2 else None
    tell_of_bytecode()
    with tempfile.TemporaryDirectory() as before, tempfile.TemporaryDirectory() as elsewhere:
        programs = {NOW: (ROOT, elsewhere, []), BRIEF: (ROOT, elsewhere, ["--brief"])}
        if commit:
            unpack(commit, before)
            programs = {commit: (Path(before), before, []), **programs}
        for label, share in SHARES.items():
            streams = {rules: write_stream(rules, share) for rules, *_ in programs.values()}
            took: dict[str, list[float]] = {name: [] for name in programs}
            for _ in range(rounds):
                for name, (rules, root, options) in programs.items():
                    took[name].append(measure(streams[rules], Path(root), options))
            medians = {name: statistics.median(times) for name, times in took.items()}
            first = next(iter(medians.values()))
            print(f"{label}, milliseconds for each patient")
            for name, median in medians.items():
                print(f"  {name:14} {median * 1000:6.3f} {first / median:6.1f}x as fast")


if __name__ == "__main__":
    main()
