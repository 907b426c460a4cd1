"""`backtriage rules check`."""

import typer

from backtriage.cli.app import FOUND
from backtriage.cli.rules.app import (
    Folder,
    IssueForm,
    IssueFormat,
    read,
    read_cases,
    rules_app,
    tell_issues,
)
from backtriage.report.words import count_noun


@rules_app.command()
def check(folder: Folder = None, form: IssueForm = IssueFormat.text) -> None:
    """Find every mistake that can be found by reading: in the files, in how they fit together, in their words."""
    from backtriage.authoring.check import check as find

    authored = read(folder, form)
    judged = find(authored, read_cases(authored, form))
    tell_issues(judged, authored.rule_set, form)
    if form == "text":
        found = count_noun(len(judged.issues), "issue") if judged.issues else "no issues"
        typer.echo(f"{found}, {len(judged.excused)} excused with a reason", err=True)
    raise typer.Exit(FOUND if judged.issues else 0)
