"""`backtriage rules diff`."""

from typing import Annotated

import typer

from backtriage.cli.app import FOUND, ListFormat, measure_width
from backtriage.cli.rules.app import rules_app
from backtriage.strict_json import write_json

_NAME = "Rule set folder, or git:REV for the other folder as it was at a revision (git:REV:PATH for another path)."


@rules_app.command()
def diff(
    old: Annotated[str, typer.Argument(help=_NAME)],
    new: Annotated[str, typer.Argument(help=_NAME)],
    form: Annotated[
        ListFormat, typer.Option("--format", help="How it is written.")
    ] = ListFormat.text,
    allow_downgrade: Annotated[
        bool,
        typer.Option(
            "--allow-downgrade", help="Exit with 0 even if somebody moves to less urgency."
        ),
    ] = False,
) -> None:
    """Say who moves to more or less urgency from one rule set to another, each with a patient."""
    from backtriage.authoring.case_outcomes import find_well_patient
    from backtriage.authoring.diff import compare_rule_sets as compare
    from backtriage.authoring.diff import summary
    from backtriage.authoring.diff.revisions import find_folder
    from backtriage.loader.build import build
    from backtriage.loader.cases import load_cases

    with find_folder(old, new) as folder:
        before = build(folder)
    with find_folder(new, old) as folder:
        after = build(folder)
        like = find_well_patient(after, load_cases(folder, after))
    found = compare(before, after, like)
    as_json = form == ListFormat.json
    text = (
        write_json(summary.build_data(found), indent=2)
        if as_json
        else summary.render_text(found, before, after, measure_width())
    )
    typer.echo(text.rstrip())
    raise typer.Exit(FOUND if found.lowers_urgency and not allow_downgrade else 0)
