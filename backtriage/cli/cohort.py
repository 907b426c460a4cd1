"""`backtriage cohort`: tables in, tables out."""

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from backtriage.cli.app import Rules, app, width
from backtriage.cli.export import columns_of
from backtriage.errors import AnswersError
from backtriage.extras import require
from backtriage.files import check_can_write
from backtriage.loader import load


class Engine(StrEnum):
    """What does the work."""

    duckdb = "duckdb"
    spark = "spark"


@app.command()
def cohort(
    inputs: Annotated[list[Path], typer.Argument(help="Files of one kind: .parquet, .csv, .tsv or .jsonl (also .gz).")],
    output: Annotated[Path, typer.Option("--output", help="Where to: .parquet, .csv, .tsv or .jsonl.")],
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="QUESTION=COLUMN", help="The column of a question; QUESTION= for none."),
    ] = None,
    key: Annotated[list[str] | None, typer.Option("--id", help="A column that the output has too.")] = None,
    memory_limit: Annotated[
        str | None,
        typer.Option("--memory-limit", help="How much memory DuckDB may use; 500MB for Parquet, else 350MB."),
    ] = None,
    threads: Annotated[
        int | None, typer.Option("--threads", min=1, max=256, help="How many; all there are, if left out.")
    ] = None,
    engine: Annotated[Engine, typer.Option("--engine", help="What does the work.")] = Engine.duckdb,
    master: Annotated[
        str | None, typer.Option("--master", help="Spark: which cluster; this machine, if left out.")
    ] = None,
    rules: Rules = None,
) -> None:
    """Assess tables of any size: one result for each row, rejected rows apart, a summary on stderr."""
    require("cohort", "duckdb" if engine == Engine.duckdb else "sqlglot", "sqlglot")
    from backtriage.cohort import Job, tell
    from backtriage.cohort.files import check_files
    from backtriage.cohort.work import work

    rule_set = load(rules)
    given = columns_of(rule_set, column or [])
    renamed = {question: name for question, name in given.items() if name != question}
    left_out = frozenset(rule_set.questions) - frozenset(given)
    job = Job(
        rule_set=rule_set, inputs=check_files(inputs, output), output=output, columns=renamed, keys=tuple(key or ()),
        left_out=left_out,
    )  # fmt: skip
    check_can_write(output)
    if engine == Engine.spark:
        require("spark", "pyspark")
        from backtriage.cohort.spark import Spark

        with Spark.opened(master) as session:
            summary = work(job, session)
    else:
        from backtriage.cohort.duck import Duck, usual_limit

        with (
            _progress() as progress,
            Duck.opened(memory_limit or usual_limit(job.inputs), threads, progress) as database,
        ):
            summary = work(job, database)
    typer.echo(tell.as_text(job, summary, width()), err=True, nl=False)
    raise typer.Exit(AnswersError.exit_code if summary.rejected else 0)


def _progress() -> AbstractContextManager[Callable[[float], None]]:
    """A bar on a terminal, and nothing elsewhere."""
    if not sys.stderr.isatty():
        return nullcontext(lambda _: None)
    from backtriage.terminal.screen import progress_bar

    return progress_bar("Assessing")
