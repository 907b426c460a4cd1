"""`backtriage cohort`: tables in, tables out."""

import re
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backtriage.cli.app import Rules, app, measure_width, show_examples, show_progress
from backtriage.cli.columns import ColumnPairs, choose_columns
from backtriage.cli.languages import find_form_words
from backtriage.cli.notation import (
    Missing,
    NoCodes,
    Quote,
    Separator,
    YesCodes,
    build_notation,
)
from backtriage.errors import make_printable
from backtriage.exit_codes import ExitCode
from backtriage.extras import require
from backtriage.files import check_can_write
from backtriage.interrupts import postpone_interrupts
from backtriage.loader import load

if TYPE_CHECKING:
    from backtriage.tables import Job, Summary


class Engine(StrEnum):
    """Where the work is done."""

    local = "local"
    spark = "spark"


_MASTER = re.compile(
    r"local(\[([1-9]\d*|\*)(\s*,\s*\d+)?\])?|local-cluster\[.+\]|yarn|k8s://.+"
    r"|spark://[^\s,]+:\d+(,[^\s,]+:\d+)*"
)
"""What Spark takes for the name of a master."""


def check_master(master: str | None) -> str | None:
    """The same, if it may be a master of Spark; raises BadParameter."""
    if master is None or _MASTER.fullmatch(master):
        return master
    message = f'"{make_printable(master)}" is no master of Spark'
    ways = "spark://host:7077, yarn, k8s://https://host:443 or local[2]"
    raise typer.BadParameter(f"{message}; write one such as {ways}")


Inputs = Annotated[
    list[Path],
    typer.Argument(help="Files of one kind: .parquet, .csv, .tsv or .jsonl (also .gz)."),
]
Output = Annotated[Path, typer.Option("--output", help="Where to: .parquet, .csv, .tsv or .jsonl.")]
Keys = Annotated[list[str] | None, typer.Option("--id", help="A column that the output has too.")]
MemoryLimit = Annotated[
    str | None,
    typer.Option("--memory-limit", help="How much memory about; 400MB if left out, and no more."),
]
Threads = Annotated[
    int | None,
    typer.Option("--threads", min=1, max=256, help="How many decide; 2, if left out."),
]
EngineName = Annotated[Engine, typer.Option("--engine", help="Where the work is done.")]
Master = Annotated[
    str | None,
    typer.Option(
        "--master",
        callback=check_master,
        help="Spark: which cluster; this machine, if left out.",
    ),
]


@app.command(
    epilog=show_examples(
        "backtriage cohort patients.csv --output assessed.parquet --id nr",
        "backtriage cohort part-*.parquet --output assessed.csv --column age=years",
    )
)
def cohort(
    inputs: Inputs,
    output: Output,
    column: ColumnPairs = None,
    key: Keys = None,
    separator: Separator = None,
    quote: Quote = None,
    missing: Missing = None,
    yes: YesCodes = None,
    no: NoCodes = None,
    memory_limit: MemoryLimit = None,
    threads: Threads = None,
    engine: EngineName = Engine.local,
    master: Master = None,
    rules: Rules = None,
) -> None:
    """Assess tables of any size: one result for each row.

    Rows that are rejected stand apart, and a summary goes to stderr.
    """
    _check_engine(engine, {"--memory-limit": memory_limit, "--threads": threads}, master)
    require("cohort", "numpy", "pyarrow")
    rule_set = load(rules)
    columns, left_out = choose_columns(rule_set, column)
    notation = build_notation(
        rule_set, separator=separator, quote=quote, missing=missing, yes=yes, no=no
    )
    with postpone_interrupts(kills=True):
        from backtriage.tables import Job
        from backtriage.tables.files import check_files
        from backtriage.tables.summary import render_text

        job = Job(
            rule_set=rule_set,
            inputs=check_files(inputs, output),
            output=output,
            columns=columns,
            keys=tuple(key or ()),
            left_out=left_out,
            notation=notation,
            find_words=partial(find_form_words, rules),
        )
        check_can_write(output)
        check_can_write(job.rejects)
        if engine == Engine.spark:
            summary = _run_on_spark(job, master)
        else:
            summary = _run_here(job, memory_limit, threads)
    typer.echo(render_text(job, summary, measure_width()), err=True, nl=False)
    raise typer.Exit(ExitCode.BAD_ANSWERS if summary.rejected else ExitCode.FINE)


def _check_engine(engine: Engine, of_local: dict[str, object], master: str | None) -> None:
    """Raise BadParameter for an option that says nothing to the engine."""
    others = {"--master": master} if engine == Engine.local else of_local
    for name, given in others.items():
        if given is not None:
            raise typer.BadParameter(
                f"{name} says nothing to --engine {engine.value}; leave it out"
            )


def _run_on_spark(job: "Job", master: str | None) -> "Summary":
    require("spark", "pyspark")
    from backtriage.tables.on_spark import Spark

    with Spark.opened(master) as session:
        return session.run_job(job)


def _run_here(job: "Job", memory_limit: str | None, threads: int | None) -> "Summary":
    from backtriage.tables.memory import save_memory
    from backtriage.tables.work import ROWS, choose_rows, run_job

    save_memory()
    rows = choose_rows(memory_limit) if memory_limit else ROWS
    with show_progress("Assessing") as progress:
        return run_job(job, threads=threads, progress=progress, rows=rows)
