"""`backtriage rules diff`."""

from typing import Annotated

import typer

from backtriage.cli.app import ListForm, ListFormat, measure_width, show_examples
from backtriage.cli.rules.app import choose_code, rules_app
from backtriage.interrupts import postpone_interrupts
from backtriage.strict_json import write_json

Side = Annotated[
    str,
    typer.Argument(
        help="Rule set folder, or git:REV for the other folder as it was at a revision "
        "(git:REV:PATH for another path)."
    ),
]
AllowDowngrade = Annotated[
    bool,
    typer.Option("--allow-downgrade", help="Exit with 0 even if somebody moves to less urgency."),
]


@rules_app.command(
    "diff",
    epilog=show_examples(
        "backtriage rules diff rules/old rules/new",
        "backtriage rules diff git:HEAD rules/mine",
    ),
)
def diff_rules(
    old: Side,
    new: Side,
    form: ListForm = ListFormat.text,
    allow_downgrade: AllowDowngrade = False,
) -> None:
    """Say who moves to more or less urgency, each with a patient.

    Compares two rule sets, the old one with the new one.
    """
    from backtriage.authoring.case_outcomes import find_well_patient
    from backtriage.authoring.diff import compare_rule_sets
    from backtriage.authoring.diff.retranslations import add_translations
    from backtriage.authoring.diff.revisions import find_folder
    from backtriage.authoring.diff.summary import build_data, render_text
    from backtriage.loader.build import build
    from backtriage.loader.cases import load_cases

    with find_folder(old, new) as folder, find_folder(new, old) as other:
        before, after = build(folder), build(other)
        well = find_well_patient(after, load_cases(other, after))
        with postpone_interrupts():  # also until all that the solver made is gone
            difference = compare_rule_sets(before, after, well)
        difference = add_translations(difference, folder, other)
    if form == ListFormat.json:
        text = write_json(build_data(difference), indent=2)
    else:
        text = render_text(difference, before, after, measure_width())
    typer.echo(text.rstrip())
    raise typer.Exit(choose_code(found=difference.lowers_urgency and not allow_downgrade))
