"""How long `backtriage cohort` takes for many patients,
beside the same reading and writing without any rules.

    .venv/bin/python tests/benchmarks/cohort.py [PATIENTS] [ROUNDS]

1,000,000 patients and 3 rounds, if left out. Every line is a whole process; they take turns. The
patients are random and complete, with few complaints. `SQL by hand` gives the same columns as
`export sql`, whose SELECT is run by DuckDB alone and says besides what was not understood; that
both say the same is checked. `two-valued SQL` is for complete tables alone: nothing is ever
unresolved, and there is no range. Neither has checks, rejects, lists or a summary. The start is
what the same takes for ten patients; the last column is without it.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from backtriage import RuleSet, load
from backtriage.model import Choice, Question, YesNo
from backtriage.tables.sql import Table, build_select
from benchmarks.by_hand import three_valued, two_valued
from benchmarks.timing import RUN, tell_of_bytecode

_CODE = """
import duckdb, sys
connection = duckdb.connect()
connection.execute("SET enable_progress_bar = false;" + "".join(sys.argv[1:]))
"""
COPIED, BY_HAND, TWO_VALUED = "copied without rules", "SQL by hand", "two-valued SQL"
JSON_IN = "read_json('in.jsonl', format = 'newline_delimited')"


def column(question: Question, place: int) -> str:
    """A random answer: no complaint for most."""
    random = f"(hash(i * 1000 + {place}) / 18446744073709551615.0)"
    match question:
        case YesNo():
            return f"CASE WHEN {random} < 0.03 THEN 'yes' ELSE 'no' END"
        case Choice(options=options):
            others = " ".join(
                f"WHEN {random} < {0.05 * number} THEN '{one.id}'"
                for number, one in enumerate(options[1:], 1)
            )
            return f"CASE {others} ELSE '{options[0].id}' END"
        case _:
            return f"CAST(floor({random} * 90) AS INTEGER)"


def write_patients(
    rule_set: RuleSet, patients: int, folder: str, *, json_lines: bool = True
) -> None:
    """The same patients as Parquet and as JSON Lines."""
    columns = ", ".join(
        f'{column(question, place)} AS "{question.id}"'
        for place, question in enumerate(rule_set.questions.values())
    )
    parquet = (
        f"COPY (SELECT i AS patient_id, {columns} FROM range({patients}) t(i)) TO 'in.parquet'"
    )
    lines = "COPY (SELECT * FROM 'in.parquet') TO 'in.jsonl' (FORMAT json)"
    subprocess.run(run_sql(parquet, *([lines] if json_lines else [])), check=True, cwd=folder)


def commands(rule_set: RuleSet) -> dict[str, list[str]]:
    """What is measured."""

    def copy(query: str, output: str, *before: str) -> list[str]:
        form = "json" if output.endswith("jsonl") else "parquet"
        return run_sql(*before, f"COPY ({query}) TO '{output}' (FORMAT {form})")

    def exported(kind: str, source: str) -> list[str]:
        table = Table(
            name="patients",
            columns={name: name for name in rule_set.questions},
            keys={"patient_id": "patient_id"},
        )
        query = build_select(rule_set, table).sql("duckdb")
        return copy(query, f"select.{kind}", f"CREATE VIEW patients AS FROM {source}")

    def cohort(source: str, output: str) -> list[str]:
        return [*RUN, "cohort", source, "--output", output, "--id", "patient_id"]

    return {
        f"JSON Lines, {COPIED}": copy(f"SELECT * FROM {JSON_IN}", "copy.jsonl"),
        f"JSON Lines, {TWO_VALUED}": copy(two_valued(rule_set, JSON_IN), "two.jsonl"),
        f"JSON Lines, {BY_HAND}": copy(three_valued(rule_set, JSON_IN), "hand.jsonl"),
        "JSON Lines, backtriage export sql": exported("jsonl", JSON_IN),
        "JSON Lines, backtriage cohort": cohort("in.jsonl", "out.jsonl"),
        f"Parquet, {COPIED}": copy("SELECT * FROM 'in.parquet'", "copy.parquet"),
        f"Parquet, {TWO_VALUED}": copy(two_valued(rule_set, "'in.parquet'"), "two.parquet"),
        f"Parquet, {BY_HAND}": copy(three_valued(rule_set, "'in.parquet'"), "hand.parquet"),
        "Parquet, backtriage export sql": exported("parquet", "'in.parquet'"),
        "Parquet, backtriage cohort": cohort("in.parquet", "out.parquet"),
    }


def check_alike(folder: str) -> None:
    """What was written by hand says the same as what was compiled, in both formats."""
    for kind in ("parquet", "jsonl"):
        one, other = (
            f"FROM 'hand.{kind}'",
            f"SELECT * EXCLUDE (not_understood, how) FROM 'select.{kind}'",
        )
        differing = f"({one} EXCEPT ALL {other}) UNION ALL ({other} EXCEPT ALL {one})"
        number = f"SELECT count(*) FROM ({differing})"
        check = f"SELECT CASE WHEN ({number}) > 0 THEN error('they differ') END"
        subprocess.run(run_sql(check), check=True, cwd=folder)


def run_sql(*statements: str) -> list[str]:
    """The command that runs these in DuckDB."""
    text = ";\n".join(statements)
    longest = 100_000  # of one word of a command, about, on Linux
    pieces = (text[start : start + longest] for start in range(0, len(text), longest))
    return [sys.executable, "-c", _CODE, *pieces]


def run(command: list[str], folder: str) -> tuple[float, float]:
    """Seconds, and megabytes at the peak."""
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0, command
    return time.perf_counter() - start, usage.ru_maxrss / 1000


def main() -> None:
    patients = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    tell_of_bytecode()
    rule_set = load()
    of_commands = commands(rule_set)
    seconds: dict[str, dict[str, list[float]]] = {}
    peaks = dict.fromkeys(of_commands, 0.0)
    with tempfile.TemporaryDirectory() as many, tempfile.TemporaryDirectory() as few:
        write_patients(rule_set, patients, many)
        write_patients(rule_set, 10, few)
        for _ in range(rounds):
            for name, command in of_commands.items():
                for folder in (few, many):
                    took, megabytes = run(command, folder)
                    seconds.setdefault(folder, {}).setdefault(name, []).append(took)
                    peaks[name] = max(peaks[name], megabytes)
        check_alike(many)
    all_, starts = (
        {name: statistics.median(took) for name, took in seconds[folder].items()}
        for folder in (many, few)
    )
    questions, flags = len(rule_set.questions), len(rule_set.red_flags)
    print(f"{patients:,} patients, {questions} questions, {flags} red flags")
    for name in of_commands:
        others = [f"{name.partition(',')[0]}, {other}" for other in (COPIED, BY_HAND, TWO_VALUED)]
        copied, by_hand, two = (all_[name] / all_[other] for other in others)
        running = (all_[name] - starts[name]) / (all_[others[1]] - starts[others[1]])
        print(
            f"{name:36} {all_[name]:6.2f} s {peaks[name]:5.0f} MB "
            f"{copied:5.2f}x copy {by_hand:5.2f}x by hand {two:5.2f}x two-valued; "
            f"start {starts[name]:.2f} s, without it {running:5.2f}x by hand"
        )


if __name__ == "__main__":
    main()
