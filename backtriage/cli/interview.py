"""`backtriage` alone: the interview."""

import shlex
import shutil
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
)
from backtriage.cli.languages import Lang, load_rules
from backtriage.cli.places import check_output
from backtriage.engine import assess
from backtriage.errors import FileError
from backtriage.exit_codes import ExitCode
from backtriage.files import KeptFile, is_same_file
from backtriage.interview import Interview
from backtriage.json_io import saved
from backtriage.language import say
from backtriage.model import Assessment, Country, RuleSet
from backtriage.report.wording import Wording

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
    typer.Option(
        help="Go on with the answers in this file; to keep saving there, add --save.",
        readable=False,  # which is told with all else that may be wrong with it
    ),
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
    lang: Lang = None,
    _version: Version = False,
) -> None:
    """Answer questions about your back pain; the result says what to do, and by when."""
    if context.invoked_subcommand is not None:
        _refuse_options_of_interview(context)
        return
    rule_set = load_rules(rules, lang)  # and with them the language in which all else is said
    if output is not None:
        check_output(output, {"--save": save, "--resume": resume}, [rules])
    if save is not None:
        check_output(save, {}, [rules])
        saved.check_free(save, resume)
    where = find_country(rule_set, country)
    before = saved.resume(resume, rule_set) if resume is not None else None
    files = _Files(_keep(save), _keep(resume), rules, country, lang)
    day = today or date.today()
    screen = _open_screen()
    screen.say(rule_set.title, "bold")
    where = where or _ask_country(rule_set, screen)
    held = _begin(rule_set, complete, before, day, where, screen)
    on_screen = screen.is_terminal and sys.stdout.isatty()
    wants_cards = on_screen and output is None and form == Format.text
    while True:
        held = _hold_once(held, files, day, where, screen)
        result = assess(rule_set, held.get_answers())
        if not wants_cards or not _end_with_card(result, held, day, where, screen):
            break
        held = replace(held, also_ask=rule_set.questions_for_doctor)
    if not wants_cards:
        from backtriage.cli.ending import end_without_card

        end_without_card(result, rule_set, form, day, where, output, screen)


def _refuse_options_of_interview(context: typer.Context) -> None:
    """Raise BadParameter for an option before a command, which would be lost without a word."""
    given = [name for name, value in context.params.items() if value and value != Format.text]
    if given:
        name = {"form": "format", "today": "date"}.get(given[0], given[0])
        way_out = f"put it after {context.invoked_subcommand}"
        raise typer.BadParameter(f"--{name} before a command belongs to the interview; {way_out}")


@dataclass(frozen=True, slots=True)
class _Files:
    """Which files the options name, and what else a new start has to be told again."""

    save: KeptFile | None
    resume: KeptFile | None
    rules: Path | None
    country: str | None
    lang: str | None

    def find(self, path: Path) -> KeptFile:
        """The file of this name: one of those that are known, or another."""
        known = (file for file in (self.save, self.resume) if file)
        return next((one for one in known if is_same_file(one.path, path)), None) or KeptFile(path)

    def build_command(self, file: Path, *, complete: bool) -> str:
        """What to type in a shell to go on with the answers in a file."""
        # a new environment is often not on the way on which the shell looks for commands
        known = shutil.which("backtriage") is not None
        words = ["backtriage"] if known else [sys.executable, "-m", "backtriage"]
        words += ["--resume", _as_word(file)]
        if self.rules:
            words += ["--rules", _as_word(self.rules)]
        if self.country:
            words += ["--country", self.country]
        if self.lang:
            words += ["--lang", self.lang]
        return shlex.join([*words, "--complete"] if complete else words)


def _keep(path: Path | None) -> KeptFile | None:
    return None if path is None else KeptFile(path)


def _as_word(path: Path) -> str:
    """A file as it can be typed behind an option: one that begins with a dash looks like one."""
    return f"./{path}" if str(path).startswith("-") else str(path)


def _open_screen() -> "Screen":
    """The terminal, and stdin as it is read for answers."""
    from backtriage import terminal

    # a file that is piped in may begin with a byte order mark
    sys.stdin.reconfigure(encoding="utf-8-sig", errors="replace")  # type: ignore[union-attr]
    return terminal.Screen()


def _begin(
    rule_set: RuleSet,
    complete: bool,
    before: saved.Saved | None,
    today: date,
    country: Country | None,
    screen: "Screen",
) -> Interview:
    """Greet the person; the interview as it stands, with the answers that were saved."""
    from backtriage import terminal

    terminal.greet(rule_set, screen, country)
    if before is None:
        return Interview(rule_set, complete)
    terminal.welcome_back(before.day, today, screen)
    return Interview.resumed(rule_set, before.answers, complete=complete)


def _end_with_card(
    result: Assessment, held: Interview, today: date, country: Country | None, screen: "Screen"
) -> bool:
    """Show the result at the terminal; True if the person wants to answer more for the doctor."""
    from backtriage.cli.ending import end_with_card

    return end_with_card(result, held, today, country, screen)


def _ask_country(rule_set: RuleSet, screen: "Screen") -> Country | None:
    """Where a person at a terminal is, where neither an option nor the locale tells it."""
    from backtriage.terminal import ask_country
    from backtriage.terminal.prompt import Quit
    from backtriage.terminal.screen import EndOfInput

    try:
        return ask_country(rule_set, screen)
    except (EndOfInput, Quit, KeyboardInterrupt):
        raise typer.Exit(ExitCode.BROKEN_OFF) from None


def _hold_once(
    interview: Interview, files: _Files, today: date, country: Country | None, screen: "Screen"
) -> Interview:
    """Hold the interview; who only answers more for the doctor may stop, and has a result."""
    from backtriage import terminal

    if not interview.also_ask:
        return _hold(interview, files, today, country, screen)
    try:
        return _talk(interview, files, today, country, screen)
    except terminal.Stopped as stopped:
        return replace(stopped.interview, also_ask=())


def _hold(
    interview: Interview, files: _Files, today: date, country: Country | None, screen: "Screen"
) -> Interview:
    """Hold the interview; on a stop, offer to save it and leave with exit code 130."""
    from backtriage import terminal

    try:
        return _talk(interview, files, today, country, screen)
    except terminal.Stopped as stopped:
        terminal.say_so_far(stopped.interview, screen, today, country)
        if stopped.interview.answers:
            _offer_to_save(stopped.interview, screen, files, today)
        raise typer.Exit(ExitCode.BROKEN_OFF) from None


def _talk(
    interview: Interview, files: _Files, today: date, country: Country | None, screen: "Screen"
) -> Interview:
    """Ask, and save after each step if that is wanted; raises Stopped."""
    from backtriage import terminal

    def keep(interview: Interview) -> None:
        if files.save is not None:
            try:
                saved.save(files.save, interview.rule_set, interview.answers, today)
            except FileError as error:  # the answers in hand matter more than the file
                complain(error)

    return terminal.hold_interview(interview, screen, today, keep, country)


def _offer_to_save(interview: Interview, screen: "Screen", files: _Files, today: date) -> None:
    """Save the answers where the person wants them; ask again for a name that cannot be used."""
    from backtriage.terminal import ask_file_name

    def check(path: Path) -> None:
        if files.save is None or not is_same_file(path, files.save.path):
            saved.check_free(path, files.resume.path if files.resume else None)

    def try_to_save(file: KeptFile) -> bool:
        try:
            saved.save(file, interview.rule_set, interview.answers, today)
        except FileError as error:
            screen.say(f"{file.path}: {error.issues[0].message}")
            return False
        screen.say(say("Saved. To go on later, type:"))
        screen.show_command(files.build_command(file.path, complete=interview.complete))
        return True

    if files.save is None or not try_to_save(files.save):
        while (path := ask_file_name(screen, check, say(Wording.OFFER))) and not try_to_save(
            files.find(path)
        ):
            pass
