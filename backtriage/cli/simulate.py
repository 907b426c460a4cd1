"""`backtriage simulate`."""

from pathlib import Path
from typing import Annotated

import typer

from backtriage.cli.app import (
    ListFormat,
    Rules,
    app,
    measure_width,
    show_examples,
    show_progress,
)
from backtriage.cli.places import check_output
from backtriage.errors import make_printable, suggest_nearest
from backtriage.extras import require
from backtriage.files import write_private_lines
from backtriage.loader import load
from backtriage.loader.shipped import SHIPPED

# With fewer than 400 some causes would have hardly any.
Patients = Annotated[
    int, typer.Option("--patients", min=400, max=100_000_000, help="How many patients to draw.")
]
Seed = Annotated[int, typer.Option("--seed", help="The same seed draws the same patients.")]
Setting = Annotated[
    str,
    typer.Option(
        "--setting", help="primary_care, emergency_department, or another of population.yaml."
    ),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", metavar="FILE.jsonl", help="Write the patients there, one on each line."
    ),
]
Form = Annotated[ListFormat, typer.Option("--format", help="How the result is written.")]
Vary = Annotated[
    bool,
    typer.Option(
        "--vary/--no-vary", help="Also say what comes out if uncertain figures are otherwise."
    ),
]


@app.command(
    "simulate",
    epilog=show_examples(
        "backtriage simulate --patients 1000 --seed 1",
        "backtriage simulate --patients 1000 --seed 1 --output patients.jsonl",
    ),
)
def simulate_patients(
    patients: Patients,
    seed: Seed,
    setting: Setting = "primary_care",
    rules: Rules = None,
    output: Output = None,
    form: Form = ListFormat.text,
    vary: Vary = True,
) -> None:
    """Draw simulated patients, and say who of them is caught.

    They are drawn from the rule set's population.yaml. Says also where the rules send them.
    """
    require("cohort", "numpy")
    from backtriage.study.simulate import Asking, Sample, draw_people, read_population, simulate
    from backtriage.study.simulate.data import render_json, render_patient
    from backtriage.study.simulate.summary import render_text

    rule_set = load(rules)
    population = read_population(rules or SHIPPED, rule_set)
    if setting not in population.settings:
        near = suggest_nearest(setting, population.settings)
        hint = near or f"choose from {', '.join(population.settings)}"
        raise typer.BadParameter(f'there is no setting "{make_printable(setting)}"; {hint}')
    _check_output(output, rules)
    asking, sample = Asking(rule_set, population, setting), Sample(patients, seed)
    with show_progress("Simulating") as progress:
        simulated = simulate(asking, sample, vary=vary, progress=progress)
    if output is not None:
        people = draw_people(asking, sample)
        lines = (f"{render_patient(person, setting, seed)}\n" for person in people)
        write_private_lines(output, lines)
    as_json = form == ListFormat.json
    text = render_json(simulated) if as_json else render_text(simulated, measure_width())
    typer.echo(text, nl=False)


def _check_output(output: Path | None, rules: Path | None) -> None:
    """Raise BadParameter or FileError if the patients cannot be written there."""
    if output is None:
        return
    if output.suffix not in (".jsonl", ".ndjson"):
        message = "the patients are written as JSON Lines; end the name in .jsonl"
        raise typer.BadParameter(message)
    check_output(output, {}, [rules])
