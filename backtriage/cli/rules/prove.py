"""`backtriage rules prove`."""

import typer

from backtriage.cli.app import FOUND, measure_width
from backtriage.cli.rules.app import (
    Folder,
    IssueForm,
    IssueFormat,
    read,
    read_cases,
    rules_app,
    tell_issues,
)


@rules_app.command()
def prove(folder: Folder = None, form: IssueForm = IssueFormat.text) -> None:
    """Prove what must hold for every patient, or show one for whom it does not."""
    from backtriage.authoring import prove as proofs

    authored = read(folder, form)
    proof = proofs.prove(authored, read_cases(authored, form))
    from backtriage.authoring.prove import (
        summary,
    )  # needs the solver, so only once it is known to be there

    tell_issues(proof.judged, authored.rule_set, form, summary.build_data(proof))
    if form == "text":
        typer.echo(summary.render_text(proof, authored.rule_set, measure_width()), nl=False)
    raise typer.Exit(FOUND if proof.judged.issues else 0)
