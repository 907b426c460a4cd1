"""`backtriage rules test`."""

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from backtriage.cli.app import ListForm, ListFormat, measure_width, show_examples
from backtriage.cli.rules.app import Folder, choose_code, read_cases, read_rules, rules_app
from backtriage.extras import describe_installation, is_missing
from backtriage.interrupts import check_interrupts, postpone_interrupts

if TYPE_CHECKING:
    from backtriage.authoring.testing.mutants import Mutant
    from backtriage.authoring.testing.mutation import Prove
    from backtriage.model import Case, RuleSet

Mutate = Annotated[
    bool,
    typer.Option("--mutate", help="Put mistakes into the rules, and see if a case notices each."),
]


@rules_app.command(
    "test",
    epilog=show_examples(
        "backtriage rules test rules/mine", "backtriage rules test rules/mine --mutate"
    ),
)
def test_rules(
    folder: Folder = None, mutate: Mutate = False, form: ListForm = ListFormat.text
) -> None:
    """Run the cases of a rule set, and say what they leave untested."""
    from backtriage.authoring.testing import run_tests
    from backtriage.authoring.testing.summary import render_json, render_text

    authored = read_rules(folder)
    rule_set, cases = authored.rule_set, read_cases(authored)
    mutants = _list_mutants(rule_set) if mutate else None
    prover = _find_prover(rule_set, cases) if mutate else None
    with postpone_interrupts() if mutate else nullcontext():  # as long as the solver may work
        tested = run_tests(authored, cases, mutants, prover)
    as_json = form == ListFormat.json
    typer.echo(render_json(tested) if as_json else render_text(tested, measure_width()), nl=False)
    if mutate and tested.score is None:
        note = "no mutants were tried: there must be cases, and all must hold"
        typer.echo(f"backtriage: {note}", err=True)
    raise typer.Exit(choose_code(found=not tested.holds))


def _find_prover(rule_set: "RuleSet", cases: "tuple[Case, ...]") -> "Prove | None":
    """What tells mutants that nobody could notice from those that a case should notice.

    None without the solver, after a word on how to get it.
    """
    if is_missing("z3"):
        way_out = f"to do so, {describe_installation('prove')}"
        typer.echo(f"backtriage: mutants that survive are not looked into; {way_out}", err=True)
        return None
    from backtriage.authoring.case_outcomes import find_well_patient
    from backtriage.authoring.prove.mutants import find_difference

    return partial(find_difference, like=find_well_patient(rule_set, cases))


def _list_mutants(rule_set: "RuleSet") -> "Iterator[Mutant]":
    """The mutants; at a terminal, with a line now and then that says how many were tried."""
    from backtriage.authoring.testing.mutants import list_mutants

    for number, mutant in enumerate(list_mutants(rule_set)):
        if number and number % 500 == 0 and sys.stderr.isatty():
            typer.echo(f"{number} mutants tried", err=True)
        check_interrupts()
        yield mutant
