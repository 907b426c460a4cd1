"""`backtriage rules lock`."""

from pathlib import Path
from typing import Annotated

import typer

from backtriage.cli.app import show_examples
from backtriage.cli.rules.app import (
    IssueFormat,
    WrittenFolder,
    check_named,
    choose_code,
    read_rules,
    rules_app,
    tell_issues,
)
from backtriage.errors import make_one_line
from backtriage.files import write_part
from backtriage.model import RuleSet
from backtriage.report.words import count_noun

CheckOnly = Annotated[
    bool, typer.Option("--check", help="Write nothing; say what is not as it was locked.")
]


@rules_app.command(
    "lock",
    epilog=show_examples(
        "backtriage rules lock rules/mine", "backtriage rules lock rules/mine --check"
    ),
)
def lock_rules(folder: WrittenFolder = None, check: CheckOnly = False) -> None:
    """Write down how the rule set is, in rules.lock.

    Whoever uses it will be told if it is no longer so.
    """
    from backtriage.authoring.excuses import Judged
    from backtriage.loader.folder import LOCK
    from backtriage.loader.lock import compare_with_lock, find_differences, render_lock

    if not check:
        check_named(folder, "backtriage rules lock rules/mine")
    authored = read_rules(folder)
    rule_set, path = authored.rule_set, authored.folder / LOCK
    if check:
        differences = compare_with_lock(authored.folder, rule_set)
        tell_issues(Judged(differences), rule_set, IssueFormat.text)
        raise typer.Exit(choose_code(found=bool(differences)))
    before = find_differences(authored.folder, rule_set) if path.exists() else ()
    write_part(path, render_lock(authored.folder, rule_set))
    typer.echo(make_one_line(f"{path}: {_describe(rule_set)}"))
    for issue in before:
        typer.echo(make_one_line(f"{Path(issue.file or '').name}: {issue.message}"))


def _describe(rule_set: RuleSet) -> str:
    """Which rule set it is, and how much is in it."""
    areas = count_noun(len(rule_set.areas), "area")
    questions = count_noun(len(rule_set.questions), "question")
    red_flags = count_noun(len(rule_set.red_flags), "red flag")
    return f"{rule_set.id} {rule_set.version}, {areas}, {questions}, {red_flags}"
