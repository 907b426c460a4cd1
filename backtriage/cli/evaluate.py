"""`backtriage evaluate`."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backtriage.cli.app import Rules, app, complain, measure_width, show_examples
from backtriage.cli.columns import ColumnPairs, choose_columns
from backtriage.cli.notation import (
    Missing,
    NoCodes,
    Quote,
    Separator,
    YesCodes,
    build_notation,
)
from backtriage.cli.places import check_output
from backtriage.errors import MOST_ISSUES, AnswersError, make_printable
from backtriage.exit_codes import ExitCode
from backtriage.extras import require
from backtriage.files import is_same_file, write_private
from backtriage.interrupts import postpone_interrupts
from backtriage.loader import load

if TYPE_CHECKING:
    from backtriage.study.evaluate import Evaluated, Malformed


class ReportFormat(StrEnum):
    """How an evaluation is written."""

    text = "text"
    json = "json"
    html = "html"


class Baseline(StrEnum):
    """Another way to decide, to compare with."""

    any_red_flag = "any-red-flag"


File = Annotated[
    Path,
    typer.Argument(help="A .parquet, .csv, .tsv or .jsonl (also .gz), with the right advice."),
]
BaselineName = Annotated[
    Baseline | None, typer.Option("--baseline", help="Compare with it: any flag at all is now.")
]
OtherRules = Annotated[
    Path | None, typer.Option("--versus", metavar="DIR", help="Compare with another rule set.")
]
Expected = Annotated[str, typer.Option("--expected", help="The column with the right advice.")]
Diagnosis = Annotated[str, typer.Option("--diagnosis", help="The column with the diagnosis.")]
Key = Annotated[str, typer.Option("--id", help="The column with the name of a patient.")]
Weight = Annotated[
    str | None,
    typer.Option("--weight", help="The column with the weight of a patient; none, if left out."),
]
MostListed = Annotated[
    int,
    typer.Option("--most-listed", min=0, help="How many patients are told one by one, at most."),
]
ReportForm = Annotated[ReportFormat, typer.Option("--format", help="How the result is written.")]
Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write to a file.")]


@app.command(
    "evaluate",
    epilog=show_examples(
        "backtriage evaluate patients.csv",
        "backtriage evaluate seen.jsonl --format html --output page.html",
    ),
)
def evaluate_rules(
    labelled: File,
    rules: Rules = None,
    baseline: BaselineName = None,
    versus: OtherRules = None,
    expected: Expected = "expected",
    diagnosis: Diagnosis = "diagnosis",
    key: Key = "id",
    weight: Weight = None,
    most_listed: MostListed = 1000,
    column: ColumnPairs = None,
    separator: Separator = None,
    quote: Quote = None,
    missing: Missing = None,
    yes: YesCodes = None,
    no: NoCodes = None,
    form: ReportForm = ReportFormat.text,
    output: Output = None,
) -> None:
    """Say how well the rules do on patients with a known advice.

    Tells agreement, accuracy, and who is missed. The right advice of each patient stands in the
    file.
    """
    require("cohort", "numpy", "pyarrow")
    rule_set = load(rules)
    other = (str(versus), load(versus)) if versus else None
    named, left_out = choose_columns(rule_set, column)
    notation = build_notation(
        rule_set, separator=separator, quote=quote, missing=missing, yes=yes, no=no
    )
    with postpone_interrupts():
        from backtriage.study.evaluate import Columns, Options, evaluate
        from backtriage.tables.files import check_files
        from backtriage.tables.memory import save_memory

        if output is not None:
            read = next((one for one in check_files([labelled]) if is_same_file(output, one)), None)
            check_output(output, {"the labelled patients": read}, [rules, versus])
        save_memory()
        complaints = _Complaints()
        columns = Columns(expected=expected, diagnosis=diagnosis, id=key, weight=weight)
        options = Options(
            columns=columns,
            any_red_flag=baseline is not None,
            versus=other,
            most_listed=most_listed,
            tell=complaints.tell,
            notation=notation,
            named=named,
            left_out=left_out,
        )
        try:
            result = evaluate(rule_set, labelled, options)
        finally:
            complaints.tell_rest()
    _tell_hints(result)
    _tell_ignored(result)
    text = _render(result, form)
    if output is not None:
        write_private(output, text)
    else:
        typer.echo(text, nl=False)
    raise typer.Exit(ExitCode.BAD_ANSWERS if result.malformed_rows else ExitCode.FINE)


def _render(result: "Evaluated", form: ReportFormat) -> str:
    from backtriage.study.evaluate.page import render_html
    from backtriage.study.evaluate.summary import render_json, render_text

    match form:
        case ReportFormat.text:
            return render_text(result, measure_width())
        case ReportFormat.json:
            return render_json(result)
        case ReportFormat.html:
            return render_html(result)


class _Complaints:
    """Tells the first rows that cannot be used, each whole, and of the rest how many they are."""

    def __init__(self) -> None:
        self._issues = 0
        self._rest = 0

    def tell(self, rows: "Sequence[Malformed]", many: int) -> None:
        """Tell the first of so many rows, as long as not too many issues were told."""
        from backtriage.study.evaluate.summary import name_row

        self._rest += many
        for row in rows:
            if self._issues < MOST_ISSUES:
                self._issues += len(row.issues)
                self._rest -= 1
                complain(AnswersError(row.issues), name_row(row.file, row.row))

    def tell_rest(self) -> None:
        """Tell how many rows were left out, and where they are."""
        if self._rest:
            where = "--format json has the first rows, as many as --most-listed says"
            text = f"{self._rest:,} more rows cannot be used; {where}"
            typer.echo(f"backtriage: {text}", err=True)


def _tell_hints(result: "Evaluated") -> None:
    for hint, rows in result.hints.items():
        text = make_printable(f"of the rows that cannot be used, {rows:,}: {hint}")
        typer.echo(f"backtriage: {text}", err=True)


def _tell_ignored(result: "Evaluated") -> None:
    """Tell the columns that were not used."""
    from backtriage.tables.summary import name_with_hints

    if result.ignored:
        columns = name_with_hints(result.ignored, result.rule_set.questions)
        typer.echo(f"backtriage: columns that no question has: {make_printable(columns)}", err=True)
    if result.has_unused_weights:
        message = "every row counts as one; if they count by the column weight, add --weight weight"
        typer.echo(f"backtriage: {message}", err=True)
