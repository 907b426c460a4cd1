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
from backtriage.exit_codes import ExitCode
from backtriage.loader.shipped import SHIPPED
from backtriage.model import Case, RuleSet

if TYPE_CHECKING:
    from backtriage.authoring.excuses import Judged
    from backtriage.loader.authored import Authored

rules_app = typer.Typer(
    help="For authors of rules: check, test, prove, compare, explain.",
    epilog="Begin with: backtriage rules check rules/mine",
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.add_typer(rules_app, name="rules")

Folder = Annotated[
    Path | None,
    typer.Argument(metavar="[DIR]", help="Rule set folder; if left out, the one shipped."),
]
WrittenFolder = Annotated[
    Path | None, typer.Argument(metavar="DIR", help="Rule set folder; it is written to.")
]
"""Without a folder `check_named` refuses it."""


def check_named(folder: Path | None, example: str) -> None:
    """Raise BadParameter for a folder that is left out where it is written to.

    The shipped one may be a part of what is installed.
    """
    if folder is None:
        message = f"name the folder of your rules, which is written to: {example}"
        raise typer.BadParameter(message)


class IssueFormat(StrEnum):
    """How issues are written."""

    text = "text"
    json = "json"
    sarif = "sarif"
    github = "github"


IssueForm = Annotated[IssueFormat, typer.Option("--format", help="How the issues are written.")]


def read_rules(folder: Path | None, form: IssueFormat = IssueFormat.text) -> "Authored":
    """The rule set in a folder, with what its authors need.

    The issues of one that cannot be read are written in the form wanted, before RuleSetError is
    raised.
    """
    from backtriage.loader.build import read_folder

    with tell_errors(form):
        return read_folder(folder or SHIPPED)


def read_cases(authored: "Authored", form: IssueFormat = IssueFormat.text) -> tuple[Case, ...]:
    """The cases of a rule set; their issues are written as `read_rules` does."""
    from backtriage.loader.cases import load_cases

    with tell_errors(form):
        return load_cases(authored.folder, authored.rule_set)


@contextmanager
def tell_errors(form: IssueFormat) -> Iterator[None]:
    """Write the issues of RuleSetError in the form wanted, and let it go on."""
    from backtriage.authoring.excuses import Judged

    try:
        yield
    except RuleSetError as error:
        if form != IssueFormat.text:  # text goes to stderr alone, as of any other error
            tell_issues(Judged(error.issues), None, form)
        raise


def tell_issues(
    judged: "Judged",
    rule_set: RuleSet | None,
    form: IssueFormat,
    also: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Write issues to stdout, and in JSON what else there is to tell (`also`)."""
    from backtriage.authoring.issue_formats import FORMATS

    # lines are only wrapped for a person: a script takes one line for one issue
    on_terminal = form == IssueFormat.text and sys.stdout.isatty()
    width = {"width": measure_width()} if on_terminal else {}
    typer.echo(FORMATS[form](judged, rule_set, {**also, **width}), nl=False)


def choose_code(*, found: bool) -> ExitCode:
    """What a tool for authors ends with: whether it has found something wrong."""
    return ExitCode.FOUND if found else ExitCode.FINE
