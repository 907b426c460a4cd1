"""`backtriage export sql`."""

from typing import Annotated

import typer

from backtriage.cli.app import Rules, app
from backtriage.errors import make_printable, suggest_nearest
from backtriage.extras import require
from backtriage.loader import load
from backtriage.model import RuleSet

export_app = typer.Typer(
    help="Write a rule set in another language.", rich_markup_mode=None, no_args_is_help=True
)
app.add_typer(export_app, name="export")


@export_app.command()
def sql(
    dialect: Annotated[
        str, typer.Option("--dialect", help="duckdb, spark, postgres, bigquery, snowflake, ...")
    ],
    table: Annotated[
        str, typer.Option("--table", help="The table or view with the answers.")
    ] = "patients",
    column: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="QUESTION=COLUMN",
            help="The column of a question; QUESTION= for none.",
        ),
    ] = None,
    key: Annotated[
        list[str] | None, typer.Option("--id", help="A column that the result has too.")
    ] = None,
    booleans: Annotated[
        bool, typer.Option("--booleans", help="Yes/no questions are BOOLEAN columns.")
    ] = False,
    only_named: Annotated[
        bool,
        typer.Option(
            "--only-named", help="The table has no columns but those named with --column and --id."
        ),
    ] = False,
    rules: Rules = None,
) -> None:
    """Write one SELECT that assesses every row of a table."""
    require("sql", "sqlglot")
    from backtriage.tables import sql as compiler

    if dialect not in compiler.DIALECTS:
        raise typer.BadParameter(
            f'"{dialect}" is no dialect; choose from {", ".join(compiler.DIALECTS)}'
        )
    if not all(table.split(".")) or table.count(".") > 2:
        raise typer.BadParameter(
            f'"{table}" is no table; write its name, or schema.table, or database.schema.table'
        )
    if reserved := [name for name in key or () if name in compiler.OUTCOME]:
        raise typer.BadParameter(
            f"the result has columns of its own by these names: {', '.join(reserved)}"
        )
    rule_set = load(rules)
    columns = columns_of(rule_set, column or [], only_named=only_named)
    kinds = compiler.build_boolean_kinds(rule_set) if booleans else {}
    query = compiler.build_select(
        rule_set,
        compiler.Table(
            name=table, columns=columns, keys={name: name for name in key or ()}, kinds=kinds
        ),
    )
    typer.echo(compiler.render_sql(query, dialect, rule_set))
    missing = [name for name in rule_set.questions if name not in columns]
    if missing:
        typer.echo(
            f"backtriage: not answered by anybody, as there is no column: {', '.join(missing)}",
            err=True,
        )
    if not only_named:
        note = "the table must have the columns of all other questions; --only-named leaves out those that you do not name"
        typer.echo(f"backtriage: {note}", err=True)


def columns_of(rule_set: RuleSet, given: list[str], *, only_named: bool = False) -> dict[str, str]:
    """The column of each question: its own name (or none, with `only_named`), unless another is given, or none."""
    columns = {name: "" if only_named else name for name in rule_set.questions}
    for pair in given:
        question, equals, name = pair.partition("=")
        if not equals:
            raise typer.BadParameter(f'"{pair}": write QUESTION=COLUMN, with the id of a question')
        if question not in columns:
            hint = suggest_nearest(question, columns) or "`backtriage questions` lists them all"
            raise typer.BadParameter(
                f'"{pair}": there is no question "{make_printable(question)}"; {hint}'
            )
        columns[question] = name
    return {question: name for question, name in columns.items() if name}
