"""`backtriage simulate`."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from backtriage.cli.app import ListFormat, Rules, app, measure_width
from backtriage.errors import make_printable, suggest_nearest
from backtriage.files import check_can_write, write_private
from backtriage.loader import load
from backtriage.loader.shipped import SHIPPED


@app.command()
def simulate(
    patients: Annotated[
        int, typer.Option("--patients", min=400, max=100_000, help="How many patients to draw.")
    ],
    seed: Annotated[int, typer.Option("--seed", help="The same seed draws the same patients.")],
    setting: Annotated[
        str,
        typer.Option(
            "--setting", help="primary_care, emergency_department, or another of population.yaml."
        ),
    ] = "primary_care",
    rules: Rules = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", metavar="FILE.jsonl", help="Write the patients there, one on each line."
        ),
    ] = None,
    form: Annotated[
        ListFormat, typer.Option("--format", help="How the result is written.")
    ] = ListFormat.text,
    vary: Annotated[
        bool,
        typer.Option(
            "--vary/--no-vary", help="Also say what comes out if uncertain figures are otherwise."
        ),
    ] = True,
) -> None:
    """Draw simulated patients from the rule set's population.yaml, and say where the rules send them and who is caught."""
    from backtriage.study import simulate as simulation
    from backtriage.study.simulate import data, summary

    rule_set = load(rules)
    population = simulation.read_population(rules or SHIPPED, rule_set)
    if setting not in population.settings:
        hint = (
            suggest_nearest(setting, population.settings)
            or f"choose from {', '.join(population.settings)}"
        )
        raise typer.BadParameter(f'there is no setting "{make_printable(setting)}"; {hint}')
    if output is not None:
        if output.suffix not in (".jsonl", ".ndjson"):
            raise typer.BadParameter(
                "the patients are written as JSON Lines; end the name in .jsonl"
            )
        check_can_write(output)
    found = simulation.simulate(
        rule_set, population, setting, patients, seed, vary=vary, progress=_progress()
    )
    if output is not None:
        write_private(
            output,
            "".join(f"{data.render_patient(person, setting, seed)}\n" for person in found.people),
        )
    typer.echo(
        data.render_json(found) if form == "json" else summary.render_text(found, measure_width()),
        nl=False,
    )


def _progress() -> Callable[[int, int], None]:
    """Tells at a terminal now and then how many figures have been varied."""
    talks = sys.stderr.isatty()

    def tell(done: int, of: int) -> None:
        if talks and done % 50 == 0:
            typer.echo(f"{done} of {of} figures varied", err=True)

    return tell
