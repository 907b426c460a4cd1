"""`backtriage questions`."""

import typer

from backtriage.cli.app import ListForm, ListFormat, Rules, app, measure_width, show_examples
from backtriage.json_io.questions import render_json, render_text
from backtriage.loader import load


@app.command(
    "questions",
    epilog=show_examples("backtriage questions", "backtriage questions --format json"),
)
def list_questions(form: ListForm = ListFormat.text, rules: Rules = None) -> None:
    """List the questions: id, text, kind and options."""
    rule_set = load(rules)
    as_json = form == ListFormat.json
    text = render_json(rule_set) if as_json else render_text(rule_set, measure_width())
    typer.echo(text, nl=False)
