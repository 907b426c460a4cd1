"""`backtriage rules list`, `explain` and `graph`."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import typer

from backtriage.cli.app import ListFormat, Rules, measure_width
from backtriage.cli.rules.app import Folder, read, read_cases, rules_app
from backtriage.errors import shorten, suggest_nearest


class GraphFormat(StrEnum):
    """How a picture is written."""

    svg = "svg"
    mermaid = "mermaid"


Form = Annotated[ListFormat, typer.Option("--format", help="How it is written.")]


@rules_app.command("list")
def list_red_flags(folder: Folder = None, form: Form = ListFormat.text) -> None:
    """List the red flags by area, with what each advises, suspects and rests on, and count everything."""
    from backtriage.authoring import overview

    authored = read(folder)
    found = overview.build_overview(authored.rule_set, read_cases(authored))
    typer.echo(
        overview.render_json(found)
        if form == "json"
        else overview.render_text(found, measure_width()),
        nl=False,
    )


@rules_app.command()
def explain(
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="A red flag, question, definition, suspicion, source or area."
        ),
    ],
    rules: Rules = None,
    form: Form = ListFormat.text,
) -> None:
    """Say in words what a part of the rule set means, what it rests on, and what uses it."""
    from backtriage.authoring import explain as explained

    authored = read(rules)
    found = explained.explain(name, authored, read_cases(authored))
    if not found:
        raise build_unknown_id(
            name,
            "part of the rule set",
            explained.list_known(authored.rule_set),
            "`backtriage rules list` lists the red flags",
        )
    typer.echo(
        explained.render_json(found)
        if form == "json"
        else explained.render_text(found, measure_width()),
        nl=False,
    )


@rules_app.command()
def graph(
    folder: Folder = None,
    form: Annotated[
        GraphFormat, typer.Option("--format", help="How the picture is written.")
    ] = GraphFormat.svg,
    area: Annotated[
        list[str] | None,
        typer.Option("--area", metavar="ID", help="Only this area; may be repeated."),
    ] = None,
) -> None:
    """Draw areas, questions, red flags and advices as a picture.

    Definitions are left out: the questions that they are made of stand in their place. Mermaid
    shows questions and red flags only of the areas chosen; of a whole rule set it shows the areas,
    the advices, and how many red flags lead from one to the other.
    """
    from backtriage.authoring import graph as graphs

    rule_set, chosen = read(folder).rule_set, area or []
    known = [found.id for found in rule_set.areas]
    for name in chosen:
        if name not in known:
            raise build_unknown_id(name, "area", known, f"choose from {', '.join(known)}")
    panels = graphs.build_panels(rule_set, chosen)
    if form == "svg":
        text = graphs.render_svg(rule_set, panels)
    else:
        text = graphs.render_detail(panels) if chosen else graphs.render_overview(panels)
        if not graphs.is_small_enough(text):
            typer.echo("backtriage: this is more than GitHub draws; choose fewer areas", err=True)
    typer.echo(text, nl=False)


def build_unknown_id(
    name: str, sort: str, known: Iterable[str], otherwise: str
) -> typer.BadParameter:
    """The error for an id that nothing has."""
    alike = [other for other in known if name.casefold() in other][:5]
    hint = (
        f"these have it in their name: {', '.join(alike)}"
        if alike
        else suggest_nearest(name, known)
    )
    return typer.BadParameter(f'there is no {sort} "{shorten(name)}"; {hint or otherwise}')
