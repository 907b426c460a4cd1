"""`backtriage rules check`."""

from pathlib import Path
from typing import Annotated

import typer

from backtriage.cli.app import show_examples
from backtriage.cli.rules.app import (
    Folder,
    IssueForm,
    IssueFormat,
    choose_code,
    read_cases,
    read_rules,
    rules_app,
    tell_errors,
    tell_issues,
)
from backtriage.errors import make_printable
from backtriage.languages.of_rules import list_languages
from backtriage.report.words import count_noun

OneLanguage = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="CODE",
        help="Look at the translation into this language alone, and list each missing text.",
    ),
]


def check_language(lang: str, folder: Path) -> None:
    """Raise BadParameter for a language that the rule set has no catalogue of."""
    known = list_languages(folder)[1:]
    if lang not in known:
        there = ", ".join(known) or "none"
        raise typer.BadParameter(
            f'there is no catalogue "{make_printable(lang)}"; there is {there}'
        )


@rules_app.command(
    "check",
    epilog=show_examples(
        "backtriage rules check rules/mine", "backtriage rules check rules/mine --format github"
    ),
)
def check_rules(
    folder: Folder = None, form: IssueForm = IssueFormat.text, lang: OneLanguage = None
) -> None:
    """Find every mistake that can be found by reading.

    Looks at the files, at how they fit together, at their words, and at all translations.
    """
    from backtriage.authoring.check import check, check_catalogues, list_unmeasured

    authored = read_rules(folder, form)
    if lang is not None:
        check_language(lang, authored.folder)
    cases = read_cases(authored, form) if lang is None else ()
    with tell_errors(form):
        judged = check(authored, cases) if lang is None else check_catalogues(authored, [lang])
    languages = list_languages(authored.folder)[1:] if lang is None else (lang,)
    for language in list_unmeasured(languages):
        message = f"{language}: not checked how hard its texts are to read, for want of a formula"
        typer.echo(make_printable(message), err=True)
    tell_issues(judged, authored.rule_set, form)
    if form == IssueFormat.text:
        issues = count_noun(len(judged.issues), "issue") if judged.issues else "no issues"
        typer.echo(f"{issues}, {len(judged.excused)} excused with a reason", err=True)
    raise typer.Exit(choose_code(found=bool(judged.issues)))
