"""What the commands for rule authors share."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from backtriage.cli.app import app, measure_width
from backtriage.errors import RuleSetError
from backtriage.loader.shipped import SHIPPED
from backtriage.model import Case, RuleSet

if TYPE_CHECKING:
    from backtriage.authoring.excuses import Judged
    from backtriage.loader.authored import Authored

rules_app = typer.Typer(
    help="For those who write rules: check, test, prove, compare and explain a rule set.",
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.add_typer(rules_app, name="rules")

Folder = Annotated[
    Path | None,
    typer.Argument(metavar="[DIR]", help="Rule set folder; if left out, the one shipped."),
]


class IssueFormat(StrEnum):
    """How issues are written."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"


IssueForm = Annotated[IssueFormat, typer.Option("--format", help="How the issues are written.")]


def read(folder: Path | None, form: IssueFormat = IssueFormat.text) -> "Authored":
    """The rule set in a folder; the issues of one that cannot be read are written in the form wanted."""
    from backtriage.loader.build import read_folder

    with _telling_errors(form):
        return read_folder(folder or SHIPPED)


def read_cases(authored: "Authored", form: IssueFormat = IssueFormat.text) -> tuple[Case, ...]:
    """The cases of a rule set, in the same way."""
    from backtriage.loader.cases import load_cases

    with _telling_errors(form):
        return load_cases(authored.folder, authored.rule_set)


@contextmanager
def _telling_errors(form: IssueFormat) -> Iterator[None]:
    from backtriage.authoring.excuses import Judged

    try:
        yield
    except RuleSetError as error:
        if form != "text":
            tell_issues(Judged(error.issues), None, form)
        raise


def tell_issues(
    judged: "Judged",
    rule_set: RuleSet | None,
    form: IssueFormat,
    also: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Write issues to stdout, and in JSON what else there is to tell."""
    from backtriage.authoring.issue_formats import FORMATS

    on_terminal = (
        {"width": measure_width()} if form == IssueFormat.text and sys.stdout.isatty() else {}
    )
    typer.echo(FORMATS[form](judged, rule_set, {**also, **on_terminal}), nl=False)
