"""`backtriage rules list`, `explain` and `graph`."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated

import typer

from backtriage.cli.app import ListForm, ListFormat, Rules, measure_width, show_examples
from backtriage.cli.complete import suggest_parts
from backtriage.cli.rules.app import Folder, read_cases, read_rules, rules_app
from backtriage.errors import shorten, suggest_nearest


class GraphFormat(StrEnum):
    """How a picture is written."""

    svg = "svg"
    html = "html"
    mermaid = "mermaid"


PartId = Annotated[
    str,
    typer.Argument(
        metavar="ID",
        help="A red flag, question, definition, suspicion, source or area.",
        autocompletion=suggest_parts,
    ),
]
GraphForm = Annotated[GraphFormat, typer.Option("--format", help="How the picture is written.")]
AreaIds = Annotated[
    list[str] | None,
    typer.Option(
        "--area",
        metavar="ID",
        help="Only this area; may be repeated.",
    ),
]


@rules_app.command(
    "list",
    epilog=show_examples("backtriage rules list", "backtriage rules list rules/mine --format json"),
)
def list_red_flags(folder: Folder = None, form: ListForm = ListFormat.text) -> None:
    """List the red flags by area, and count everything.

    Says of each what it advises, suspects and rests on.
    """
    from backtriage.authoring.overview import build_overview, render_json, render_text

    authored = read_rules(folder)
    overview = build_overview(authored.rule_set, read_cases(authored))
    as_json = form == ListFormat.json
    text = render_json(overview) if as_json else render_text(overview, measure_width())
    typer.echo(text, nl=False)


@rules_app.command(
    "explain",
    epilog=show_examples(
        "backtriage rules explain saddle_numbness",
        "backtriage rules explain fever --rules rules/mine",
    ),
)
def explain_part(name: PartId, rules: Rules = None, form: ListForm = ListFormat.text) -> None:
    """Say in words what a part of the rule set means.

    Says also what it rests on, and what uses it.
    """
    from backtriage.authoring.explain import explain, list_known, render_json, render_text

    authored = read_rules(rules)
    explanations = explain(name, authored, read_cases(authored))
    if not explanations:
        known, hint = list_known(authored.rule_set), "`backtriage rules list` lists the red flags"
        raise build_unknown_id(name, "part of the rule set", known, hint)
    as_json = form == ListFormat.json
    text = render_json(explanations) if as_json else render_text(explanations, measure_width())
    typer.echo(text, nl=False)


@rules_app.command(
    "graph",
    epilog=show_examples(
        "backtriage rules graph > rules.svg",
        "backtriage rules graph rules/mine --format mermaid --area trauma",
    ),
)
def draw_graph(
    folder: Folder = None, form: GraphForm = GraphFormat.svg, area: AreaIds = None
) -> None:
    """Draw areas, questions, red flags and advices as a picture.

    As a page of HTML: an overview first, then a picture of each area.

    Definitions are left out: the questions that they are made of stand in their place. Mermaid
    shows questions and red flags only of the areas chosen; of a whole rule set it shows the areas,
    the advices, and how many red flags lead from one to the other.
    """
    from backtriage.authoring.graph import (
        build_panels,
        is_small_enough,
        render_detail,
        render_overview,
        render_page,
        render_svg,
    )

    rule_set, chosen = read_rules(folder).rule_set, area or []
    known = [entry.id for entry in rule_set.areas]
    for name in chosen:
        if name not in known:
            raise build_unknown_id(name, "area", known, f"choose from {', '.join(known)}")
    panels = build_panels(rule_set, chosen)
    if form == GraphFormat.svg:
        text = render_svg(rule_set, panels)
    elif form == GraphFormat.html:
        text = render_page(rule_set, panels)
    else:
        text = render_detail(panels) if chosen else render_overview(panels)
        if not is_small_enough(text):
            typer.echo("backtriage: this is more than GitHub draws; choose fewer areas", err=True)
    typer.echo(text, nl=False)


def build_unknown_id(
    name: str, sort: str, known: Iterable[str], otherwise: str
) -> typer.BadParameter:
    """The error for an id that nothing has; `otherwise` is the hint where no known id is near."""
    alike = [other for other in known if name.casefold() in other][:5]
    hint = suggest_nearest(name, known)
    if alike:
        hint = f"these have it in their name: {', '.join(alike)}"
    return typer.BadParameter(f'there is no {sort} "{shorten(name)}"; {hint or otherwise}')
