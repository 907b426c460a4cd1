"""`backtriage cohort`: tables in, tables out."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backtriage.cli.app import Rules, app, measure_width
from backtriage.cli.export import columns_of
from backtriage.errors import AnswersError
from backtriage.extras import require
from backtriage.files import check_can_write
from backtriage.interrupts import Interrupts, postpone_interrupts
from backtriage.loader import load

if TYPE_CHECKING:
    from backtriage.tables import Job, Summary


class Engine(StrEnum):
    """Where the work is done."""

    local = "local"
    spark = "spark"


@app.command()
def cohort(
    inputs: Annotated[
        list[Path],
        typer.Argument(help="Files of one kind: .parquet, .csv, .tsv or .jsonl (also .gz)."),
    ],
    output: Annotated[
        Path, typer.Option("--output", help="Where to: .parquet, .csv, .tsv or .jsonl.")
    ],
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="QUESTION=COLUMN",
            help="The column of a question; QUESTION= for none.",
        ),
    ] = None,
    key: Annotated[
        list[str] | None, typer.Option("--id", help="A column that the output has too.")
    ] = None,
    memory_limit: Annotated[
        str | None,
        typer.Option(
            "--memory-limit", help="How much memory about; 400MB if left out, and no more."
        ),
    ] = None,
    threads: Annotated[
        int | None,
        typer.Option("--threads", min=1, max=256, help="How many decide; 2, if left out."),
    ] = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="Where the work is done.")
    ] = Engine.local,
    master: Annotated[
        str | None,
        typer.Option("--master", help="Spark: which cluster; this machine, if left out."),
    ] = None,
    rules: Rules = None,
) -> None:
    """Assess tables of any size: a result for each row, rejects apart, a summary on stderr."""
    require("cohort", "numpy", "pyarrow")
    rule_set = load(rules)
    given = columns_of(rule_set, column or [])
    with postpone_interrupts() as interrupts:
        from backtriage.tables import Job
        from backtriage.tables import summary as summaries
        from backtriage.tables.files import check_files

        job = Job(
            rule_set=rule_set,
            inputs=check_files(inputs, output),
            output=output,
            columns={question: name for question, name in given.items() if name != question},
            keys=tuple(key or ()),
            left_out=frozenset(rule_set.questions) - frozenset(given),
        )
        check_can_write(output)
        check_can_write(job.rejects)
        if engine == Engine.spark:
            summary = _on_spark(job, master)
        else:
            summary = _here(job, memory_limit, threads, interrupts)
    typer.echo(summaries.render_text(job, summary, measure_width()), err=True, nl=False)
    raise typer.Exit(AnswersError.exit_code if summary.rejected else 0)


def _on_spark(job: "Job", master: str | None) -> "Summary":
    require("spark", "pyspark", "pandas")
    from backtriage.tables.on_spark import Spark

    with Spark.opened(master) as session:
        return session.run_job(job)


def _here(
    job: "Job", memory_limit: str | None, threads: int | None, interrupts: Interrupts
) -> "Summary":
    import pyarrow

    from backtriage.tables.work import ROWS, choose_rows, run_job

    pyarrow.set_memory_pool(pyarrow.system_memory_pool())  # half of the memory, and as fast
    rows = choose_rows(memory_limit) if memory_limit else ROWS
    with _progress() as progress:
        return run_job(job, threads=threads, progress=progress, interrupts=interrupts, rows=rows)


def _progress() -> AbstractContextManager[Callable[[float], None]]:
    """A bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        return nullcontext(lambda _: None)
    from backtriage.terminal.screen import progress_bar

    return progress_bar("Assessing")
