"""`backtriage replay`."""

from pathlib import Path
from typing import Annotated

import typer

from backtriage.cli.app import ListForm, ListFormat, Rules, app, show_examples
from backtriage.exit_codes import ExitCode
from backtriage.json_io.replay import render_json, render_text, replay
from backtriage.loader import load

Record = Annotated[
    Path, typer.Argument(help="An assessment in JSON, as the interview or assess wrote it.")
]


@app.command("replay", epilog=show_examples("backtriage replay answers.json"))
def replay_file(file: Record, form: ListForm = ListFormat.text, rules: Rules = None) -> None:
    """Assess saved answers again, and say if all is still the same.

    All: the result, and the rule set that made it.
    """
    replayed = replay(file, load(rules))
    as_json = form == ListFormat.json
    typer.echo(render_json(replayed) if as_json else render_text(replayed), nl=False)
    is_same = replayed.same_result and replayed.same_rule_set
    raise typer.Exit(ExitCode.FINE if is_same else ExitCode.DIFFERS)
