"""`backtriage export`: SQL, the page for a browser, and the forms and codes of FHIR."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backtriage.cli.app import (
    CountryCode,
    Rules,
    Today,
    app,
    find_country,
    parse_day,
    show_examples,
    wrap_on_terminal,
)
from backtriage.cli.columns import ColumnPairs, parse_columns
from backtriage.cli.complete import suggest_dialects
from backtriage.cli.languages import Lang, load_rules, load_translations
from backtriage.cli.places import check_output
from backtriage.errors import make_one_line, make_printable
from backtriage.extras import require
from backtriage.files import open_stdin, write_public
from backtriage.language import say
from backtriage.loader import load
from backtriage.model import RuleSet
from backtriage.strict_json import MOST_BYTES, write_json

if TYPE_CHECKING:
    from backtriage.tables.sql import Table

export_app = typer.Typer(
    help="Write a rule set in another language.", rich_markup_mode=None, no_args_is_help=True
)
app.add_typer(export_app, name="export")

Dialect = Annotated[
    str,
    typer.Option(
        "--dialect",
        help="duckdb, spark, postgres, bigquery, snowflake, ...",
        autocompletion=suggest_dialects,
    ),
]
TableName = Annotated[str, typer.Option("--table", help="The table or view with the answers.")]
Keys = Annotated[list[str] | None, typer.Option("--id", help="A column that the result has too.")]
Booleans = Annotated[bool, typer.Option("--booleans", help="Yes/no questions are BOOLEAN columns.")]
Embed = Annotated[
    bool, typer.Option("--embed", help="A script with the element <back-triage>, for other pages.")
]
WebOutput = Annotated[
    Path | None,
    typer.Option("--output", "-o", help="Write to this file, in place of what is there."),
]
MadeOn = Annotated[
    date | None,
    typer.Option(
        "--date", parser=parse_day, metavar="YYYY-MM-DD", help="The day that it is made on."
    ),
]
OnlyNamed = Annotated[
    bool,
    typer.Option(
        "--only-named", help="The table has no columns but those named with --column and --id."
    ),
]


@export_app.command(
    epilog=show_examples(
        "backtriage export sql --dialect postgres --id nr > assess.sql",
        "backtriage export sql --dialect duckdb --only-named --column age=years",
    )
)
def sql(
    dialect: Dialect,
    table: TableName = "patients",
    column: ColumnPairs = None,
    key: Keys = None,
    booleans: Booleans = False,
    only_named: OnlyNamed = False,
    rules: Rules = None,
) -> None:
    """Write one SELECT that assesses every row of a table."""
    require("sql", "sqlglot")
    from backtriage.tables.sql import (
        DIALECTS,
        OUTCOME,
        Table,
        build_select,
        list_clashes,
        render_sql,
    )

    if dialect not in DIALECTS:
        raise typer.BadParameter(f'"{dialect}" is no dialect; choose from {", ".join(DIALECTS)}')
    if not all(table.split(".")) or table.count(".") > 2:
        way_out = "write its name, or schema.table, or database.schema.table"
        raise typer.BadParameter(f'"{table}" is no table; {way_out}')
    if reserved := [name for name in key or () if name in OUTCOME]:
        message = "the result has columns of its own by these names"
        raise typer.BadParameter(f"{message}: {', '.join(reserved)}")
    rule_set = load(rules)
    columns = parse_columns(rule_set, column or [], only_named=only_named)
    answers = Table(
        name=table,
        columns=columns,
        keys={name: name for name in key or ()},
        booleans=booleans,
    )
    if clashes := list_clashes(answers, dialect):
        raise typer.BadParameter("; ".join(clashes))
    typer.echo(render_sql(build_select(rule_set, answers), dialect, rule_set))
    for note in _list_notes(rule_set, answers, dialect, only_named=only_named):
        typer.echo(make_one_line(f"backtriage: {note}"), err=True)


@export_app.command(
    epilog=show_examples(
        "backtriage export web --output page.html",
        "backtriage export web --embed --output back-triage.js",
    )
)
def web(
    embed: Embed = False,
    output: WebOutput = None,
    rules: Rules = None,
    today: MadeOn = None,
    lang: Lang = None,
) -> None:
    """Write one page that asks the same questions offline."""
    from backtriage.web.page import render_component, render_page

    rule_set = load_rules(rules, lang)
    if output is not None:
        check_output(output, {}, [rules])
    text = (render_component if embed else render_page)(rule_set, today or date.today())
    if output is None:
        typer.echo(text, nl=False)
        return
    write_public(output, text)
    written = say("Written to {file}", file=make_printable(str(output)))
    typer.echo(wrap_on_terminal(written), err=True)


def _list_notes(
    rule_set: RuleSet, table: "Table", dialect: str, *, only_named: bool
) -> Iterator[str]:
    """What somebody should know who runs the query."""
    from backtriage.tables.sql import MOST_BYTES, list_cut

    missing = [name for name in rule_set.questions if name not in table.columns]
    if missing:
        yield f"not answered by anybody, as there is no column: {', '.join(missing)}"
    if not only_named:
        yield (
            "the table must have the columns of all other questions; "
            "--only-named leaves out those that you do not name"
        )
    if cut := list_cut(table, dialect):
        yield f"{dialect} knows {MOST_BYTES[dialect]} bytes of a name, and cuts: {', '.join(cut)}"
    if dialect == "snowflake":
        yield (
            "all names are quoted, and Snowflake has names in capitals unless they were quoted "
            "when they were made; if yours were not, first run "
            "ALTER SESSION SET QUOTED_IDENTIFIERS_IGNORE_CASE = TRUE"
        )


Beside = Annotated[
    list[str] | None,
    typer.Option(
        "--lang",
        metavar="CODE",
        help="Put this language beside the English, such as de; several times, or all, for more.",
    ),
]


@export_app.command(
    "fhir-questionnaire",
    epilog=show_examples(
        "backtriage export fhir-questionnaire > form.json",
        "backtriage export fhir-questionnaire --lang de --lang es > form.json",
    ),
)
def fhir_questionnaire(
    rules: Rules = None, today: Today = None, country: CountryCode = None, lang: Beside = None
) -> None:
    """Write the questions as a FHIR R4 form.

    It is in English, whatever the locale; --lang puts other languages beside it.
    """
    from backtriage.fhir.translated import build_translated

    rule_set = load(rules)
    where, spoken = find_country(rule_set, country), load_translations(rules, lang or [])
    form = build_translated(rule_set, spoken, today or date.today(), where)
    typer.echo(write_json(form, indent=2))


@export_app.command("fhir-codes", epilog=show_examples("backtriage export fhir-codes > codes.json"))
def fhir_codes(rules: Rules = None) -> None:
    """Write the rule set's own codes as a FHIR CodeSystem."""
    from backtriage.fhir.codes import build_code_system

    typer.echo(write_json(build_code_system(load(rules)), indent=2))


SavedFile = Annotated[
    Path,
    typer.Argument(
        help="Saved answers or a result in JSON, as --save or assess wrote it; - is standard input."
    ),
]


@export_app.command(
    "fhir-response", epilog=show_examples("backtriage export fhir-response answers.json")
)
def fhir_response(file: SavedFile, rules: Rules = None) -> None:
    """Write saved answers as a filled-in FHIR form."""
    from backtriage.engine import assess
    from backtriage.fhir.response import build_response
    from backtriage.json_io.saved import resume

    rule_set = load(rules)
    data = open_stdin().read(MOST_BYTES + 1) if str(file) == "-" else None
    saved = resume(file, rule_set, data)
    response = build_response(
        rule_set,
        saved.answers.values,
        complete=assess(rule_set, saved.answers).complete,
        authored=saved.day.isoformat() if saved.day else None,
    )
    typer.echo(write_json(response, indent=2))
