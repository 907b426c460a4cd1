"""`backtriage rules prove`."""

import typer

from backtriage.cli.app import measure_width, show_examples
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
from backtriage.interrupts import postpone_interrupts


@rules_app.command(
    "prove",
    epilog=show_examples(
        "backtriage rules prove rules/mine",
        "backtriage rules prove rules/mine --format sarif > proof.sarif",
    ),
)
def prove_rules(folder: Folder = None, form: IssueForm = IssueFormat.text) -> None:
    """Prove what must hold for every patient.

    Where something does not hold, a patient is shown for whom it does not.
    """
    from backtriage.authoring.prove import prove

    authored = read_rules(folder, form)
    cases = read_cases(authored, form)
    with postpone_interrupts():  # also until all that the solver made is gone
        proof = prove(authored, cases)
    # needs the solver, so only once it is known to be there
    from backtriage.authoring.prove.summary import build_data, render_text

    tell_issues(proof.judged, authored.rule_set, form, build_data(proof))
    if form == IssueFormat.text:
        typer.echo(render_text(proof, authored.rule_set, measure_width()), nl=False)
    raise typer.Exit(choose_code(found=bool(proof.judged.issues)))
