"""How the time of a job grows with patients and with red flags,
drawn as growth.svg beside this file.

    .venv/bin/python tests/benchmarks/growth.py [MOST_PATIENTS]

Parquet to Parquet in one process for each job; 10,000,000 patients at most, if left out. The rule
sets of 10, 40 and 160 red flags are made of the shipped one.
"""

import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from math import log10
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from backtriage import RuleSet, load
from backtriage.tables import Job
from backtriage.tables.memory import save_memory
from backtriage.tables.work import run_job
from benchmarks.cohort import run, write_patients
from benchmarks.drawing import canvas, finished, write

PICTURE = Path(__file__).with_name("growth.svg")
FLAGS = (10, 40, 160)


def with_flags(rule_set: RuleSet, wanted: int) -> RuleSet:
    """The rule set with so many red flags:
    the first ones, and copies of them by other names if there are too few.
    """
    flags = list(rule_set.red_flags.values())
    copies = (replace(flag, id=f"{flag.id}_{number}") for number in count(2) for flag in flags)
    while len(flags) < wanted:
        flags.append(next(copies))
    first, *rest = rule_set.areas
    areas = (
        replace(first, red_flags=tuple(flags[:wanted])),
        *(replace(area, red_flags=()) for area in rest),
    )
    return replace(rule_set, areas=areas)


def one_job(patients_file: str, flags: int) -> None:
    """What a process of its own does, as `cohort` does it."""
    save_memory()
    job = Job(
        rule_set=with_flags(load(), flags),
        inputs=(Path(patients_file),),
        output=Path("out.parquet"),
        keys=("patient_id",),
    )
    run_job(job)


def measured(most: int) -> Iterator[tuple[int, int, float, float]]:
    """Patients, red flags, seconds and megabytes of each job."""
    sizes = [size for size in (10_000, 100_000, 1_000_000, 10_000_000) if size <= most]
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            write_patients(load(), size, folder, json_lines=False)
            for flags in FLAGS:
                seconds, megabytes = run(
                    [sys.executable, __file__, "--job", "in.parquet", str(flags)], folder
                )
                each = 1e6 * seconds / size
                print(
                    f"{size:10,} patients {flags:4} red flags {seconds:7.2f} s "
                    f"{each:8.2f} us each {megabytes:5.0f} MB"
                )
                yield size, flags, seconds, megabytes


def picture(rows: list[tuple[int, int, float, float]]) -> str:
    """The time for each patient, on logarithmic scales: lines that do not rise."""
    svg = canvas("Microseconds for each patient, by number of patients and of red flags", 320)
    for power in range(4, 8):
        write(svg, _x(10**power), 300, f"{10**power:,}", "middle")
    for power in range(-1, 3):
        write(svg, 60, _y(10**power) + 4, f"{10**power:g} us", "end")
        ET.SubElement(
            svg, "path", d=f"M70 {_y(10**power):.0f} H600", stroke="#8888", style="stroke-width: 1"
        )
    for flags, colour, dash in zip(
        FLAGS, ("#1f6feb", "#bc4c00", "#8250df"), ("", "8 4", "2 4"), strict=True
    ):
        points = [
            (_x(size), _y(1e6 * seconds / size)) for size, of, seconds, _ in rows if of == flags
        ]
        path = " L".join(f"{x:.0f} {y:.0f}" for x, y in points)
        ET.SubElement(svg, "path", {"d": f"M{path}", "stroke": colour, "stroke-dasharray": dash})
        write(svg, 420, 40 + 18 * FLAGS.index(flags), f"{flags} red flags", "start")
        ET.SubElement(
            svg,
            "path",
            {
                "d": f"M380 {36 + 18 * FLAGS.index(flags)} h32",
                "stroke": colour,
                "stroke-dasharray": dash,
            },
        )
    write(svg, 335, 318, "patients", "middle")
    return finished(svg)


def _x(patients: float) -> float:
    return 90 + 165 * (len(str(int(patients))) - 5)


def _y(microseconds: float) -> float:
    return 280 - 80 * (log10(max(microseconds, 0.1)) + 1)


def main() -> None:
    if sys.argv[1:2] == ["--job"]:
        one_job(sys.argv[2], int(sys.argv[3]))
        return
    rows = list(measured(int(sys.argv[1]) if sys.argv[1:] else 10_000_000))
    PICTURE.write_text(picture(rows))
    print(f"most memory: {max(row[3] for row in rows):.0f} MB")


if __name__ == "__main__":
    main()
