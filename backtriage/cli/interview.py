"""`backtriage` alone: the interview."""

import shlex
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backtriage._version import __version__
from backtriage.cli.app import (
    CountryCode,
    Format,
    ResultFormat,
    Rules,
    Today,
    app,
    complain,
    find_country,
    render,
)
from backtriage.engine import assess
from backtriage.errors import FileError, make_printable
from backtriage.exit_codes import ExitCode
from backtriage.files import check_can_write, write_private
from backtriage.interview import Interview
from backtriage.json_io import saved
from backtriage.loader import load
from backtriage.model import Country, RuleSet
from backtriage.report.advice import summarize

if TYPE_CHECKING:
    from backtriage.terminal import Screen


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"backtriage {__version__}")
        raise typer.Exit


Complete = Annotated[bool, typer.Option("--complete", help="Ask everything, for a full summary.")]
Save = Annotated[
    Path | None, typer.Option(help="Keep the answers in this new file after each question.")
]
Resume = Annotated[
    Path | None,
    typer.Option(help="Go on with the answers in this file; to keep saving there, add --save."),
]
Output = Annotated[
    Path | None,
    typer.Option(
        "--output", "-o", help="Write the result to this file, in place of what is there."
    ),
]
Version = Annotated[
    bool,
    typer.Option(
        "--version", "-V", callback=_show_version, is_eager=True, help="Show the version."
    ),
]


@app.callback(invoke_without_command=True)
def interview(
    context: typer.Context,
    complete: Complete = False,
    save: Save = None,
    resume: Resume = None,
    form: ResultFormat = Format.text,
    output: Output = None,
    rules: Rules = None,
    today: Today = None,
    country: CountryCode = None,
    _version: Version = False,
) -> None:
    """Answer questions about your back pain; the result says what to do, and by when."""
    if context.invoked_subcommand is not None:
        _refuse_options_of_interview(context)
        return
    if output is not None:
        check_can_write(output)
    if save is not None:
        saved.check_free(save, resume)
    rule_set = load(rules)
    where = find_country(rule_set, country)
    before = saved.resume(resume, rule_set) if resume is not None else None
    files = _Files(save, resume, rules)
    day = today or date.today()
    held = _hold(rule_set, complete, before, files, day, where)
    result = assess(rule_set, held.get_answers())
    text = render(result, rule_set, form, day, where)
    _deliver(text, summarize(result, rule_set, day, where), output)


def _refuse_options_of_interview(context: typer.Context) -> None:
    """Raise BadParameter for an option before a command, which would be lost without a word."""
    given = [name for name, value in context.params.items() if value and value != Format.text]
    if given:
        name = {"form": "format", "today": "date"}.get(given[0], given[0])
        way_out = f"put it after {context.invoked_subcommand}"
        raise typer.BadParameter(f"--{name} before a command belongs to the interview; {way_out}")


@dataclass(frozen=True, slots=True)
class _Files:
    """Which files the options name."""

    save: Path | None
    resume: Path | None
    rules: Path | None


def _hold(
    rule_set: RuleSet,
    complete: bool,
    before: saved.Saved | None,
    files: _Files,
    today: date,
    country: Country | None,
) -> Interview:
    """Hold the interview; on a stop, offer to save it and leave with exit code 130."""
    from backtriage import terminal

    def keep(interview: Interview) -> None:
        if files.save is not None:
            try:
                saved.save(files.save, rule_set, interview.answers, today)
            except FileError as error:  # the answers in hand matter more than the file
                complain(error)

    # a file that is piped in may begin with a byte order mark
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
    screen = terminal.Screen()
    terminal.greet(rule_set, screen)
    interview = Interview(rule_set, complete)
    if before is not None:
        terminal.welcome_back(before.day, today, screen)
        interview = Interview.resumed(rule_set, before.answers, complete=complete)
    try:
        return terminal.hold_interview(interview, screen, today, keep, country)
    except terminal.Stopped as stopped:
        terminal.say_so_far(stopped.interview, screen, today, country)
        if stopped.interview.answers:
            _offer_to_save(stopped.interview, screen, files, today)
        raise typer.Exit(ExitCode.BROKEN_OFF) from None


def _offer_to_save(interview: Interview, screen: "Screen", files: _Files, today: date) -> None:
    """Save the answers where the person wants them; ask again for a name that cannot be used."""
    from backtriage.terminal import ask_file_name

    def try_to_save(file: Path) -> bool:
        try:
            if file != files.save:
                saved.check_free(file, files.resume)
            saved.save(file, interview.rule_set, interview.answers, today)
        except FileError as error:
            screen.say(f"{file}: {error.issues[0].message}")
            return False
        command = ["backtriage", "--resume", str(file)]
        if files.rules:
            command += ["--rules", str(files.rules)]
        if interview.complete:
            command.append("--complete")
        screen.say("Saved. To go on later, type:")
        screen.show_command(shlex.join(command))
        return True

    if files.save is None or not try_to_save(files.save):
        while (name := ask_file_name(screen)) and not try_to_save(Path(name)):
            pass


def _deliver(text: str, in_short: str, output: Path | None) -> None:
    """Write the result to stdout, or to a file that its owner alone can read.

    The advice is told in any case.
    """
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        write_private(output, text)
    except FileError:
        typer.echo(text, nl=False)  # so that the result is not lost
        raise
    typer.echo(f"{in_short}\nWritten to {make_printable(str(output))}", err=True)
