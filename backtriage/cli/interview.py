"""`backtriage` alone: the interview."""

import shlex
import sys
from dataclasses import dataclass, replace
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
    measure_width,
    render,
)
from backtriage.engine import assess
from backtriage.errors import FileError, make_printable
from backtriage.exit_codes import ExitCode
from backtriage.files import check_can_write, write_private
from backtriage.interview import Interview
from backtriage.json_io import saved
from backtriage.loader import load
from backtriage.model import Assessment, Country, RuleSet
from backtriage.report.advice import summarize
from backtriage.report.card import build_card
from backtriage.report.formats import lay_out_section
from backtriage.report.sections import TO_SAY, WHY, build_report

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
    typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
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
    screen = _open_screen()
    held = _begin(rule_set, complete, before, day, screen)
    on_screen = screen.is_terminal and sys.stdout.isatty()
    wants_cards = on_screen and output is None and form == Format.text
    while True:
        held = _hold(held, files, day, where, screen)
        result = assess(rule_set, held.get_answers())
        if not wants_cards or not _end_with_card(result, held, day, where, screen):
            break
        held = replace(held, also_ask=rule_set.say_first)
    if not wants_cards:
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


def _open_screen() -> "Screen":
    """The terminal, and stdin as it is read for answers."""
    from backtriage import terminal

    # a file that is piped in may begin with a byte order mark
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
    return terminal.Screen()


def _begin(
    rule_set: RuleSet, complete: bool, before: saved.Saved | None, today: date, screen: "Screen"
) -> Interview:
    """Greet the person; the interview as it stands, with the answers that were saved."""
    from backtriage import terminal

    terminal.greet(rule_set, screen)
    if before is None:
        return Interview(rule_set, complete)
    terminal.welcome_back(before.day, today, screen)
    return Interview.resumed(rule_set, before.answers, complete=complete)


def _hold(
    interview: Interview, files: _Files, today: date, country: Country | None, screen: "Screen"
) -> Interview:
    """Hold the interview; on a stop, offer to save it and leave with exit code 130."""
    from backtriage import terminal

    rule_set = interview.rule_set

    def keep(interview: Interview) -> None:
        if files.save is not None:
            try:
                saved.save(files.save, rule_set, interview.answers, today)
            except FileError as error:  # the answers in hand matter more than the file
                complain(error)

    try:
        return terminal.hold_interview(interview, screen, today, keep, country)
    except terminal.Stopped as stopped:
        terminal.say_so_far(stopped.interview, screen, today, country)
        if stopped.interview.answers:
            _offer_to_save(stopped.interview, screen, files, today)
        raise typer.Exit(ExitCode.BROKEN_OFF) from None


def _end_with_card(
    result: Assessment, held: Interview, today: date, country: Country | None, screen: "Screen"
) -> bool:
    """Show the result as a card, and more of it by choice; True to answer more for the doctor."""
    from backtriage import terminal

    rule_set, width = held.rule_set, measure_width()

    def show(*headings: str) -> str:
        sections = build_report(result, rule_set, today, country).sections
        wanted = [section for section in sections if section.heading in headings]
        return "\n".join("\n".join(lay_out_section(part, width)) + "\n" for part in wanted)

    def write_page() -> str:
        return _write_page(render(result, rule_set, Format.html, today, country), today, screen)

    views = {
        "d": terminal.View(
            "all details", lambda: render(result, rule_set, Format.text, today, country)
        ),
        "s": terminal.View("what to say", lambda: show(TO_SAY)),
        "e": terminal.View("why", lambda: show(*WHY)),
        "p": terminal.View("a page to print", write_page),
    }
    if not result.findings:
        del views["s"], views["e"]
    further = replace(held, also_ask=rule_set.say_first)
    more = "answer more for your doctor" if further.step is not None else None
    return terminal.end_with_card(
        build_card(result, rule_set, today, country), views, screen, more=more
    )


def _write_page(page: str, today: date, screen: "Screen") -> str:
    """Write the page where the person wants it, and say where it is."""
    from backtriage.terminal import ask_page_name

    while (name := ask_page_name(screen, f"back-pain-{today}.html")) is not None:
        file = Path(name)
        try:
            saved.check_free(file, None)
            write_private(file, page)
        except FileError as error:
            screen.say(f"{file}: {error.issues[0].message}")
            continue
        return f"Written to {make_printable(str(file.resolve()))}. Open it in a browser.\n"
    return "Nothing was written.\n"


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
