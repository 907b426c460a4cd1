"""`backtriage assess`: JSON in, results out."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, BinaryIO

import typer

from backtriage.cli.app import (
    EXIT_CODES,
    NOT_SETTLED,
    CountryCode,
    Format,
    ResultFormat,
    Rules,
    Today,
    app,
    complain,
    find_country,
    render,
)
from backtriage.errors import AnswersError
from backtriage.files import open_to_read
from backtriage.json_io import stream as records
from backtriage.loader import load
from backtriage.model import Assessment, Country, RuleSet
from backtriage.report.formats import render_json

_WORST_FIRST = (AnswersError.exit_code, 12, NOT_SETTLED, 11, 10, 0)


@app.command()
def assess(
    file: Annotated[Path, typer.Argument(help="JSON or JSON Lines; - is standard input.")] = Path(
        "-"
    ),
    form: ResultFormat = Format.json,
    lines: Annotated[
        bool, typer.Option("--lines", help="Every line is one patient (JSON Lines).")
    ] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit code by advice, 10 to 13.")
    ] = False,
    rules: Rules = None,
    today: Today = None,
    country: CountryCode = None,
) -> None:
    """Assess answers given as one JSON object, or as JSON Lines: one result for each line, as soon as it is read."""
    rule_set = load(rules)
    where = find_country(rule_set, country)
    codes: set[int] = set()
    with _open(file) as stream:
        json_lines = lines or file.suffix in (".jsonl", ".ndjson")
        for outcome in records.assess_stream(rule_set, stream, json_lines=json_lines):
            _emit(outcome, rule_set, form, today or date.today(), where)
            codes.add(_code_of(outcome.result, exit_code))
    raise typer.Exit(next(code for code in _WORST_FIRST if code in codes))


def _open(file: Path) -> BinaryIO:
    if str(file) != "-":
        return open_to_read(file)
    if sys.stdin.isatty():
        typer.echo("Reading JSON from the terminal; end with Ctrl-D.", err=True)
    return sys.stdin.buffer


def _emit(
    outcome: records.RecordOutcome,
    rule_set: RuleSet,
    form: Format,
    today: date,
    country: Country | None,
) -> None:
    """Write one outcome; echo flushes it, so that the command can be used as a co-process."""
    if isinstance(outcome.result, AnswersError):
        complain(outcome.result, outcome.line)
        typer.echo(_errors(outcome.result, outcome.line, form))
    elif form != Format.json:
        typer.echo(_heading(outcome.line) + render(outcome.result, rule_set, form, today, country))
    elif outcome.line:
        typer.echo(render_json(outcome.result))
    else:
        typer.echo(render(outcome.result, rule_set, form, today, country), nl=False)


def _errors(error: AnswersError, line: int | None, form: Format) -> str:
    """What stands in the place of a result."""
    if form == Format.json:
        place = {"line": line} if line else {}
        return json.dumps(place | {"errors": [issue.build_json() for issue in error.issues]})
    return _heading(line) + "".join(f"No result: {issue}\n" for issue in error.issues)


def _heading(line: int | None) -> str:
    """What separates one patient from the next; the first, who is most often alone, needs none."""
    return f"Line {line}\n\n" if line and line > 1 else ""


def _code_of(result: Assessment | AnswersError, by_advice: bool) -> int:
    if isinstance(result, AnswersError):
        return result.exit_code
    if not by_advice:
        return 0
    return EXIT_CODES[result.advice] if result.advice else NOT_SETTLED
