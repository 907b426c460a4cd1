"""`backtriage questions`, `schema` and `replay`."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from backtriage.cli.app import DIFFERS, ListFormat, Rules, app, measure_width
from backtriage.json_io import questions as question_list
from backtriage.json_io import replay as replays
from backtriage.loader import load

Form = Annotated[ListFormat, typer.Option("--format", help="How it is written.")]


class Schema(StrEnum):
    """What a schema is of."""

    answers = "answers"
    assessment = "assessment"
    ruleset = "ruleset"
    area = "area"
    advice = "advice"
    sources = "sources"
    emergency_numbers = "emergency_numbers"
    cases = "cases"
    patients = "patients"


@app.command()
def questions(form: Form = ListFormat.text, rules: Rules = None) -> None:
    """List the questions: id, text, kind and options."""
    rule_set = load(rules)
    text = (
        question_list.render_json(rule_set)
        if form == "json"
        else question_list.render_text(rule_set, measure_width())
    )
    typer.echo(text, nl=False)


@app.command()
def schema(
    of: Annotated[Schema, typer.Argument(help="What the schema describes.")], rules: Rules = None
) -> None:
    """Print a JSON Schema: of the answers, of the assessment, or of a kind of file of a rule set."""
    from backtriage.json_io import schema as schemas

    match of:
        case Schema.answers:
            found = schemas.build_answers_schema(load(rules))
        case Schema.assessment:
            found = schemas.build_assessment_schema()
        case _:
            found = schemas.build_file_schema(of)
    typer.echo(json.dumps(found, indent=2))


@app.command()
def replay(
    file: Annotated[
        Path, typer.Argument(help="An assessment in JSON, as the interview or assess wrote it.")
    ],
    form: Form = ListFormat.text,
    rules: Rules = None,
) -> None:
    """Assess saved answers again, and say whether the result and the rule set are still the same."""
    replayed = replays.replay(file, load(rules))
    typer.echo(
        replays.render_json(replayed) if form == "json" else replays.render_text(replayed), nl=False
    )
    raise typer.Exit(0 if replayed.same_result and replayed.same_rule_set else DIFFERS)
