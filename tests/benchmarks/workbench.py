"""How long the commands for rule authors take on the shipped rule set, as whole processes.

    .venv/bin/python tests/benchmarks/workbench.py

Every command runs five times; they take turns, so that a slow moment of the machine meets all of
them alike.
"""

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from backtriage.loader.shipped import SHIPPED
from benchmarks.timing import RUN, seconds

ROUNDS = 5
DIFF = ["rules", "diff", str(SHIPPED), "other"]
TARGETS = {
    "check": (["rules", "check"], 1),
    "test": (["rules", "test"], 2),
    "test --mutate": (["rules", "test", "--mutate"], 60),
    "prove": (["rules", "prove"], 10),
    "diff": (DIFF, 10),
    "explain": (["rules", "explain", "age"], None),
    "list": (["rules", "list"], None),
    "graph --format svg": (["rules", "graph", "--format", "svg"], None),
}


def write_other(folder: Path) -> None:
    """The shipped rules with a bound moved that many red flags rest on."""
    folder.mkdir()
    for path in SHIPPED.glob("*.yaml"):
        (folder / path.name).write_text(path.read_text().replace("at_least: 60}", "at_least: 62}"))


def main() -> None:
    times: dict[str, list[float]] = {name: [] for name in TARGETS}
    with tempfile.TemporaryDirectory() as folder:
        write_other(Path(folder, "other"))
        for _ in range(ROUNDS):
            for name, (command, _target) in TARGETS.items():
                times[name].append(seconds([*RUN, *command], b"", folder))
    print(f"{'backtriage rules ...':22} {'median':>8}  target")
    for name, (_command, target) in TARGETS.items():
        at_most = f"{target} s at most" if target else ""
        print(f"{name:22} {statistics.median(times[name]):6.2f} s  {at_most}")


if __name__ == "__main__":
    main()
