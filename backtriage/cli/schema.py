"""`backtriage schema`."""

from enum import StrEnum
from typing import Annotated

import typer

from backtriage.cli.app import Rules, app, show_examples
from backtriage.loader import load
from backtriage.strict_json import write_json


class Subject(StrEnum):
    """What a schema describes: what goes in, what comes out, or a kind of file of a rule set."""

    answers = "answers"
    assessment = "assessment"
    questions = "questions"
    ruleset = "ruleset"
    area = "area"
    advice = "advice"
    sources = "sources"
    emergency_numbers = "emergency_numbers"
    cases = "cases"
    patients = "patients"


@app.command(
    "schema",
    epilog=show_examples("backtriage schema answers", "backtriage schema area > area.json"),
)
def print_schema(
    subject: Annotated[Subject, typer.Argument(help="What the schema describes.")],
    rules: Rules = None,
) -> None:
    """Print a JSON Schema of the answers, results, or files of rules.

    Of the answers, the result, the questions, or of a kind of file of a rule set.
    """
    from backtriage.json_io.schema import (
        build_answers_schema,
        build_assessment_schema,
        build_file_schema,
        build_questions_schema,
    )

    match subject:
        case Subject.answers:
            schema = build_answers_schema(load(rules))
        case Subject.assessment:
            schema = build_assessment_schema()
        case Subject.questions:
            schema = build_questions_schema()
        case _:
            schema = build_file_schema(subject)
    typer.echo(write_json(schema, indent=2))
