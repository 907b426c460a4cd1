"""How long `backtriage evaluate` takes for many labelled patients, beside `cohort` with the file.

    .venv/bin/python tests/benchmarks/evaluate.py [PATIENTS] [ROUNDS]

1,000,000 patients and 3 rounds, if left out. Every line is a whole process; they take turns. The
patients are those of the benchmark of `cohort`; what is right for them is random, so that very many
are missed, and so is their weight.
"""

import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from backtriage import load
from benchmarks.cohort import run, run_sql, write_patients
from benchmarks.timing import RUN

LABELS = """
COPY (
    SELECT *, CASE WHEN hash(patient_id) % 10 < 2 THEN 'seek_care_now'
                   WHEN hash(patient_id) % 10 < 6 THEN 'see_doctor_soon'
                   ELSE 'home_care' END AS expected,
           CASE WHEN hash(-patient_id) % 10 < 4 THEN 'strain'
                WHEN hash(-patient_id) % 10 < 7 THEN 'cauda_equina_syndrome'
                WHEN hash(-patient_id) % 10 < 9 THEN 'cancer' END AS diagnosis,
           0.5 + hash(patient_id + 7) % 1000 / 100 AS w
    FROM 'in.parquet'
) TO 'labelled.parquet'
"""
COHORT = "cohort"


def commands() -> dict[str, list[str]]:
    """What is measured, for the file of all patients."""
    evaluate = [*RUN, "evaluate", "labelled.parquet", "--id", "patient_id"]
    return {
        COHORT: [
            *RUN, "cohort", "labelled.parquet", "--output", "out.parquet", "--id", "patient_id",
        ],
        "evaluate": [*evaluate, "--output", "out.txt"],
        "evaluate, by weight": [*evaluate, "--weight", "w", "--output", "out.txt"],
        "evaluate, beside any red flag": [
            *evaluate, "--baseline", "any-red-flag", "--output", "out.txt",
        ],
        "evaluate, as HTML": [*evaluate, "--format", "html", "--output", "out.html"],
    }  # fmt: skip


def main() -> None:
    patients = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    seconds: dict[str, list[float]] = {}
    peaks: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        write_patients(load(), patients, folder, json_lines=False)
        subprocess.run(run_sql(LABELS), check=True, cwd=folder)
        for _ in range(rounds):
            for name, command in commands().items():
                took, megabytes = run(command, folder)
                seconds.setdefault(name, []).append(took)
                peaks[name] = max(peaks.get(name, 0), megabytes)
    medians = {name: statistics.median(took) for name, took in seconds.items()}
    print(f"{patients:,} patients, {rounds} rounds, medians")
    for name, took in medians.items():
        times = took / medians[COHORT]
        print(f"{name:30} {took:6.2f} s {peaks[name]:5.0f} MB {times:5.2f}x cohort")


if __name__ == "__main__":
    main()
