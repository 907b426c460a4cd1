"""`backtriage evaluate`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backtriage.cli.app import Rules, app, complain, measure_width, show_examples
from backtriage.errors import AnswersError, make_printable
from backtriage.exit_codes import ExitCode
from backtriage.files import check_can_write, write_private
from backtriage.loader import load
from backtriage.model import RuleSet

if TYPE_CHECKING:
    from backtriage.study.evaluate import Evaluated, Labelled


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
    typer.Argument(help="JSON Lines, .csv, .tsv (also .gz) or .parquet, with the right advice."),
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
    form: ReportForm = ReportFormat.text,
    output: Output = None,
) -> None:
    """Say how well the rules do on patients with a known advice.

    Tells agreement, accuracy, and who is missed. The right advice of each patient stands in the
    file.
    """
    from backtriage.study.evaluate import Columns, evaluate, read_labelled_file

    rule_set = load(rules)
    other = (str(versus), load(versus)) if versus else None
    if output is not None:
        check_can_write(output)
        if output.resolve() == labelled.resolve():
            raise typer.BadParameter(
                "the output would be written over the labelled patients; choose another name"
            )
    columns = Columns(expected=expected, diagnosis=diagnosis, id=key)
    patients = read_labelled_file(rule_set, labelled, columns)
    _tell_unusable(patients, rule_set)
    result = evaluate(rule_set, patients, any_red_flag=baseline is not None, versus=other)
    text = _render(result, form)
    if output is not None:
        write_private(output, text)
    else:
        typer.echo(text, nl=False)
    raise typer.Exit(ExitCode.BAD_ANSWERS if patients.malformed else ExitCode.FINE)


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


def _tell_unusable(patients: "Labelled", rule_set: RuleSet) -> None:
    """Tell what could not be used, each row with its line."""
    from backtriage.tables.summary import name_with_hints

    for row in patients.malformed:
        complain(AnswersError(row.issues), row.line)
    if patients.ignored:
        columns = name_with_hints(patients.ignored, rule_set.questions)
        typer.echo(f"backtriage: columns that no question has: {make_printable(columns)}", err=True)
