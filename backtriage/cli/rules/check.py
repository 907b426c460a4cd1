"""`backtriage rules check`."""

import typer

from backtriage.cli.app import show_examples
from backtriage.cli.rules.app import (
    Folder,
    IssueForm,
    IssueFormat,
    choose_code,
    read_cases,
    read_rules,
    rules_app,
    tell_issues,
)
from backtriage.report.words import count_noun


@rules_app.command(
    "check",
    epilog=show_examples(
        "backtriage rules check rules/mine", "backtriage rules check rules/mine --format github"
    ),
)
def check_rules(folder: Folder = None, form: IssueForm = IssueFormat.text) -> None:
    """Find every mistake that can be found by reading.

    Looks at the files, at how they fit together, and at their words.
    """
    from backtriage.authoring.check import check

    authored = read_rules(folder, form)
    judged = check(authored, read_cases(authored, form))
    tell_issues(judged, authored.rule_set, form)
    if form == IssueFormat.text:
        issues = count_noun(len(judged.issues), "issue") if judged.issues else "no issues"
        typer.echo(f"{issues}, {len(judged.excused)} excused with a reason", err=True)
    raise typer.Exit(choose_code(found=bool(judged.issues)))
