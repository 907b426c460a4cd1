"""What the commands for rule authors share."""

from pathlib import Path
from typing import Annotated

import typer

from backtriage.cli.app import app

rules_app = typer.Typer(
    help="For those who write rules: check, test, prove, compare and explain a rule set.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.add_typer(rules_app, name="rules")

Folder = Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Rule set folder; if left out, the one shipped.")]
