"""`backtriage replay`."""

from pathlib import Path
from typing import Annotated

import typer

from backtriage.cli.app import ListForm, ListFormat, Rules, app, show_examples
from backtriage.exit_codes import ExitCode
from backtriage.json_io.replay import find_language, render_json, render_text, replay
from backtriage.json_io.saved import read_record
from backtriage.languages.of_rules import list_languages
from backtriage.loader import load
from backtriage.loader.shipped import SHIPPED

Record = Annotated[
    Path, typer.Argument(help="An assessment in JSON, as the interview or assess wrote it.")
]


@app.command("replay", epilog=show_examples("backtriage replay answers.json"))
def replay_file(file: Record, form: ListForm = ListFormat.text, rules: Rules = None) -> None:
    """Assess saved answers again, and say if all is still the same.

    All: the result, and the rule set that made it.
    """
    rule_set, record = load(rules), read_record(file)
    language = find_language(record)
    if language in list_languages(rules or SHIPPED):
        rule_set = load(rules, language)  # its words are part of the result
    replayed = replay(file, rule_set, record)
    as_json = form == ListFormat.json
    typer.echo(render_json(replayed) if as_json else render_text(replayed), nl=False)
    is_same = replayed.same_result and replayed.same_rule_set
    raise typer.Exit(ExitCode.FINE if is_same else ExitCode.DIFFERS)
