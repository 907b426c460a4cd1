"""How long `backtriage simulate` takes, and how much memory, by the number of patients.

    .venv/bin/python tests/benchmarks/simulate.py [PATIENTS ...]

400, 10,000 and 1,000,000 patients, if left out; each once with all figures varied and once without.
The seconds of the processor count as much as those of the clock: it works in one thread, and others
may use the machine too.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.timing import RUN


def measure(patients: int, *words: str) -> tuple[float, float, float]:
    """Seconds by the clock and of the processor, and megabytes at the peak."""
    command = [*RUN, "simulate", "--patients", str(patients), "--seed", "1", *words]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000


def main() -> None:
    numbers = [int(word) for word in sys.argv[1:]] or [400, 10_000, 1_000_000]
    for patients in numbers:
        for word in ("--vary", "--no-vary"):
            seconds, worked, megabytes = measure(patients, word)
            print(
                f"{patients:>11,} patients {word:9}  {seconds:6.2f} s by the clock, "
                f"{worked:6.2f} s of the processor, {megabytes:4.0f} MB"
            )


if __name__ == "__main__":
    main()
