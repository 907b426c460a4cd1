"""`backtriage cohort`: tables in, tables out."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backtriage.cli.app import Rules, app, measure_width
from backtriage.cli.columns import ColumnPairs, parse_columns
from backtriage.exit_codes import ExitCode
from backtriage.extras import require
from backtriage.files import check_can_write
from backtriage.interrupts import Interrupts, postpone_interrupts
from backtriage.loader import load

if TYPE_CHECKING:
    from backtriage.tables import Job, Summary


class Engine(StrEnum):
    """What assesses the rows."""

    duckdb = "duckdb"
    spark = "spark"


Inputs = Annotated[
    list[Path],
    typer.Argument(help="Files of one kind: .parquet, .csv, .tsv or .jsonl (also .gz)."),
]
Output = Annotated[Path, typer.Option("--output", help="Where to: .parquet, .csv, .tsv or .jsonl.")]
Keys = Annotated[list[str] | None, typer.Option("--id", help="A column that the output has too.")]
MemoryLimit = Annotated[
    str | None,
    typer.Option(
        "--memory-limit", help="How much memory DuckDB may use; 500MB for Parquet, else 350MB."
    ),
]
Threads = Annotated[
    int | None,
    typer.Option("--threads", min=1, max=256, help="How many; all there are, if left out."),
]
EngineName = Annotated[Engine, typer.Option("--engine", help="What does the work.")]
Master = Annotated[
    str | None,
    typer.Option("--master", help="Spark: which cluster; this machine, if left out."),
]


@app.command()
def cohort(
    inputs: Inputs,
    output: Output,
    column: ColumnPairs = None,
    key: Keys = None,
    memory_limit: MemoryLimit = None,
    threads: Threads = None,
    engine: EngineName = Engine.duckdb,
    master: Master = None,
    rules: Rules = None,
) -> None:
    """Assess tables of any size: one result for each row.

    Rows that are rejected stand apart, and a summary goes to stderr.
    """
    require("cohort", "duckdb" if engine == Engine.duckdb else "sqlglot", "sqlglot", "pyarrow")
    rule_set = load(rules)
    columns = parse_columns(rule_set, column or [])
    with postpone_interrupts() as interrupts:
        from backtriage.tables import Job
        from backtriage.tables.files import check_files
        from backtriage.tables.summary import render_text

        job = Job(
            rule_set=rule_set,
            inputs=check_files(inputs, output),
            output=output,
            columns={question: name for question, name in columns.items() if name != question},
            keys=tuple(key or ()),
            left_out=frozenset(rule_set.questions) - frozenset(columns),
        )
        check_can_write(output)
        check_can_write(job.rejects)
        if engine == Engine.spark:
            summary = _run_on_spark(job, master)
        else:
            summary = _run_on_duckdb(job, memory_limit, threads, interrupts)
    typer.echo(render_text(job, summary, measure_width()), err=True, nl=False)
    raise typer.Exit(ExitCode.BAD_ANSWERS if summary.rejected else ExitCode.FINE)


def _run_on_spark(job: "Job", master: str | None) -> "Summary":
    require("spark", "pyspark")
    from backtriage.tables.on_spark import Spark
    from backtriage.tables.work import run_job

    with Spark.opened(master) as session:
        return run_job(job, session)


def _run_on_duckdb(
    job: "Job", memory_limit: str | None, threads: int | None, interrupts: Interrupts
) -> "Summary":
    from backtriage.tables.on_duckdb.database import Duck, choose_memory_limit
    from backtriage.tables.work import run_job

    limit = memory_limit or choose_memory_limit(job.inputs)
    with _progress() as progress, Duck.opened(limit, threads, progress, interrupts) as database:
        return run_job(job, database)


def _progress() -> AbstractContextManager[Callable[[float], None]]:
    """A bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        return nullcontext(lambda _: None)
    from backtriage.terminal.screen import progress_bar

    return progress_bar("Assessing")
