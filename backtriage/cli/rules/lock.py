"""`backtriage rules lock`."""

from pathlib import Path
from typing import Annotated

import typer

from backtriage.cli.app import FOUND
from backtriage.cli.rules.app import Folder, IssueFormat, read, rules_app, tell_issues
from backtriage.errors import make_printable
from backtriage.files import write_public
from backtriage.report.words import count_noun

Check = Annotated[
    bool, typer.Option("--check", help="Write nothing; say what is not as it was locked.")
]


@rules_app.command()
def lock(folder: Folder = None, check: Check = False) -> None:
    """Write down how the rule set is, in rules.lock: whoever uses it will be told if it is no longer so."""
    from backtriage.authoring.excuses import Judged
    from backtriage.loader import lock as locks
    from backtriage.loader.folder import LOCK

    authored = read(folder)
    rule_set, path = authored.rule_set, authored.folder / LOCK
    if check:
        found = locks.compare_with_lock(authored.folder, rule_set)
        tell_issues(Judged(found), rule_set, IssueFormat.text)
        raise typer.Exit(FOUND if found else 0)
    before = locks.find_differences(authored.folder, rule_set) if path.exists() else ()
    write_public(path, locks.render_lock(authored.folder, rule_set))
    numbers = (
        (len(rule_set.areas), "area"),
        (len(rule_set.questions), "question"),
        (len(rule_set.red_flags), "red flag"),
    )
    typer.echo(
        f"{path}: {rule_set.id} {rule_set.version}, {', '.join(count_noun(*number) for number in numbers)}"
    )
    for issue in before:
        typer.echo(make_printable(f"{Path(issue.file or '').name}: {issue.message}"))
