"""`backtriage questions`."""

import typer

from backtriage.cli.app import ListForm, ListFormat, Rules, app, measure_width, show_examples
from backtriage.cli.languages import Lang, load_rules
from backtriage.json_io.questions import render_json, render_text


@app.command(
    "questions",
    epilog=show_examples("backtriage questions", "backtriage questions --format json"),
)
def list_questions(
    form: ListForm = ListFormat.text, rules: Rules = None, lang: Lang = None
) -> None:
    """List the questions: id, text, kind and options."""
    rule_set = load_rules(rules, lang)
    as_json = form == ListFormat.json
    text = render_json(rule_set) if as_json else render_text(rule_set, measure_width())
    typer.echo(text, nl=False)
