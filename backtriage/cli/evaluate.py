"""`backtriage evaluate`."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backtriage.cli.app import Rules, app, complain, measure_width
from backtriage.errors import AnswersError, make_printable
from backtriage.files import check_can_write, write_private
from backtriage.loader import load
from backtriage.model import RuleSet

if TYPE_CHECKING:
    from backtriage.study.evaluate import Labelled


class ReportFormat(StrEnum):
    """How an evaluation is written."""

    text = "text"
    json = "json"
    html = "html"


class Baseline(StrEnum):
    """Another way to decide, to compare with."""

    any_red_flag = "any-red-flag"


@app.command()
def evaluate(
    labelled: Annotated[
        Path,
        typer.Argument(
            help="JSON Lines, .csv, .tsv (also .gz) or .parquet, with the right advice."
        ),
    ],
    rules: Rules = None,
    baseline: Annotated[
        Baseline | None, typer.Option("--baseline", help="Compare with it: any flag at all is now.")
    ] = None,
    versus: Annotated[
        Path | None, typer.Option("--versus", metavar="DIR", help="Compare with another rule set.")
    ] = None,
    expected: Annotated[
        str, typer.Option("--expected", help="The column with the right advice.")
    ] = "expected",
    diagnosis: Annotated[
        str, typer.Option("--diagnosis", help="The column with the diagnosis.")
    ] = "diagnosis",
    key: Annotated[str, typer.Option("--id", help="The column with the name of a patient.")] = "id",
    form: Annotated[
        ReportFormat, typer.Option("--format", help="How the result is written.")
    ] = ReportFormat.text,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Write to a file.")
    ] = None,
) -> None:
    """Say how well the rules do on patients whose right advice is known: agreement, accuracy, and who is missed."""
    from backtriage.study import evaluate as evaluation
    from backtriage.study.evaluate import page, summary

    rule_set = load(rules)
    other = (str(versus), load(versus)) if versus else None
    if output is not None:
        check_can_write(output)
        if output.resolve() == labelled.resolve():
            raise typer.BadParameter(
                "the output would be written over the labelled patients; choose another name"
            )
    columns = evaluation.Columns(expected=expected, diagnosis=diagnosis, id=key)
    found = evaluation.read_labelled_file(rule_set, labelled, columns)
    _talk(found, rule_set)
    result = evaluation.evaluate(rule_set, found, any_red_flag=baseline is not None, versus=other)
    match form:
        case ReportFormat.text:
            text = summary.render_text(result, measure_width())
        case ReportFormat.json:
            text = summary.render_json(result)
        case ReportFormat.html:
            text = page.render_html(result)
    if output is not None:
        write_private(output, text)
    else:
        typer.echo(text, nl=False)
    raise typer.Exit(AnswersError.exit_code if found.malformed else 0)


def _talk(found: "Labelled", rule_set: RuleSet) -> None:
    """Tell what could not be used, each row with its line."""
    from backtriage.tables.summary import named_with_hints

    for bad in found.malformed:
        complain(AnswersError(bad.issues), bad.line)
    if found.ignored:
        columns = named_with_hints(found.ignored, rule_set.questions)
        typer.echo(f"backtriage: columns that no question has: {make_printable(columns)}", err=True)
