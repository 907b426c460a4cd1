"""`backtriage rules test`."""

import sys
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from backtriage.cli.app import FOUND, ListFormat, measure_width
from backtriage.cli.rules.app import Folder, read, read_cases, rules_app
from backtriage.extras import describe_installation, is_missing

if TYPE_CHECKING:
    from backtriage.authoring.testing.mutants import Mutant
    from backtriage.authoring.testing.mutation import Prove
    from backtriage.model import Case, RuleSet

Form = Annotated[ListFormat, typer.Option("--format", help="How it is written.")]
Mutate = Annotated[
    bool,
    typer.Option("--mutate", help="Put mistakes into the rules, and see if a case notices each."),
]


@rules_app.command()
def test(folder: Folder = None, mutate: Mutate = False, form: Form = ListFormat.text) -> None:
    """Run the cases of a rule set, and say what of it they leave untested."""
    from backtriage.authoring import testing
    from backtriage.authoring.testing import summary

    authored = read(folder)
    cases = read_cases(authored)
    mutants = _mutants(authored.rule_set) if mutate else None
    found = testing.run_tests(
        authored, cases, mutants, _prove(authored.rule_set, cases) if mutate else None
    )
    typer.echo(
        summary.render_json(found)
        if form == "json"
        else summary.render_text(found, measure_width()),
        nl=False,
    )
    if mutate and found.score is None:
        typer.echo(
            "backtriage: no mutants were tried: there must be cases, and all must hold", err=True
        )
    raise typer.Exit(0 if found.holds else FOUND)


def _prove(rule_set: "RuleSet", cases: "tuple[Case, ...]") -> "Prove | None":
    """The solver, to tell mutants that nobody could notice from those that a case should; without it, a word."""
    if is_missing("z3"):
        typer.echo(
            f"backtriage: mutants that survive are not looked into; to do so, {describe_installation('prove')}",
            err=True,
        )
        return None
    from backtriage.authoring.case_outcomes import find_well_patient
    from backtriage.authoring.prove.mutants import find_difference

    return partial(find_difference, like=find_well_patient(rule_set, cases))


def _mutants(rule_set: "RuleSet") -> "Iterator[Mutant]":
    """The mutants; at a terminal, with a line now and then that says how many were tried."""
    from backtriage.authoring.testing.mutants import list_mutants

    for number, mutant in enumerate(list_mutants(rule_set)):
        if number and number % 500 == 0 and sys.stderr.isatty():
            typer.echo(f"{number} mutants tried", err=True)
        yield mutant
