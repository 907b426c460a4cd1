"""`backtriage rules list`, `explain` and `graph`."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import typer

from backtriage.cli.app import ListFormat, Rules, width
from backtriage.cli.rules.app import Folder, read, read_cases, rules_app
from backtriage.errors import did_you_mean, shorten


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
    found = overview.overview(authored.rule_set, read_cases(authored))
    typer.echo(overview.as_json(found) if form == "json" else overview.as_text(found, width()), nl=False)


@rules_app.command()
def explain(
    name: Annotated[
        str, typer.Argument(metavar="ID", help="A red flag, question, definition, suspicion, source or area.")
    ],
    rules: Rules = None,
    form: Form = ListFormat.text,
) -> None:
    """Say in words what a part of the rule set means, what it rests on, and what uses it."""
    from backtriage.authoring import explain as explained

    authored = read(rules)
    found = explained.explain(name, authored, read_cases(authored))
    if not found:
        raise unknown(
            name,
            "part of the rule set",
            explained.known(authored.rule_set),
            "`backtriage rules list` lists the red flags",
        )
    typer.echo(explained.as_json(found) if form == "json" else explained.as_text(found, width()), nl=False)


@rules_app.command()
def graph(
    folder: Folder = None,
    form: Annotated[GraphFormat, typer.Option("--format", help="How the picture is written.")] = GraphFormat.svg,
    area: Annotated[
        list[str] | None, typer.Option("--area", metavar="ID", help="Only this area; may be repeated.")
    ] = None,
) -> None:
    """Draw areas, questions, red flags and advices as a picture.

    Definitions are left out: the questions that they are made of stand in their place. Mermaid shows questions and red
    flags only of the areas chosen; of a whole rule set it shows the areas, the advices, and how many red flags lead
    from one to the other.
    """
    from backtriage.authoring import graph as graphs

    rule_set, chosen = read(folder).rule_set, area or []
    known = [found.id for found in rule_set.areas]
    for name in chosen:
        if name not in known:
            raise unknown(name, "area", known, f"choose from {', '.join(known)}")
    panels = graphs.panels(rule_set, chosen)
    if form == "svg":
        text = graphs.svg(rule_set, panels)
    else:
        text = graphs.detail(panels) if chosen else graphs.overview(panels)
        if not graphs.fits(text):
            typer.echo("backtriage: this is more than GitHub draws; choose fewer areas", err=True)
    typer.echo(text, nl=False)


def unknown(name: str, sort: str, known: Iterable[str], otherwise: str) -> typer.BadParameter:
    """The error for an id that nothing has."""
    alike = [other for other in known if name.casefold() in other][:5]
    hint = f"these have it in their name: {', '.join(alike)}" if alike else did_you_mean(name, known)
    return typer.BadParameter(f'there is no {sort} "{shorten(name)}"; {hint or otherwise}')
