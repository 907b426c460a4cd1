"""The commands: each parses, builds, calls and reports in a few lines."""

import json
import os
import shlex
import shutil
import sys
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from backtriage import questions as question_list
from backtriage import records, report, saved
from backtriage import replay as replays
from backtriage._version import __version__
from backtriage.engine import assess as assess_answers
from backtriage.errors import AnswersError, BacktriageError, FileError, printable
from backtriage.files import check_can_write, open_to_read, write_private
from backtriage.interview import Interview
from backtriage.loader import load
from backtriage.model import Assessment, RuleSet

if TYPE_CHECKING:
    from backtriage.terminal import Screen

DIFFERS = 6
BROKEN_OFF = 130
INTERNAL = 70
NOT_SETTLED = 13
EXIT_CODES = {"home_care": 10, "see_doctor_soon": 11, "seek_care_now": 12}
_WORST_FIRST = (AnswersError.exit_code, 12, NOT_SETTLED, 11, 10, 0)

app = typer.Typer(
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Red-flag triage for low back pain. Without a command, an interview in the terminal.",
    epilog=(
        "Exit codes: 0 fine, 2 usage, 3 bad answers, 4 bad rule set, 5 file, 6 replay differs, 130 broken off. "
        "With assess --exit-code: 10 home care, 11 see a doctor soon, 12 seek care now, 13 not settled yet."
    ),
)


class Format(StrEnum):
    """How a result is written."""

    text = "text"
    json = "json"
    markdown = "markdown"


class ListFormat(StrEnum):
    """How a list is written."""

    text = "text"
    json = "json"


class Schema(StrEnum):
    """What a schema is of."""

    answers = "answers"
    assessment = "assessment"
    ruleset = "ruleset"


Rules = Annotated[Path | None, typer.Option("--rules", help="Rule set folder; the one that comes along if left out.")]
Today = Annotated[
    datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Count deadlines from this day, not today.")
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write the result to this file.")]


def run() -> int:
    """Run a command and give its exit code; whatever goes wrong is said in words."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        app()
    except BacktriageError as error:
        _complain(error)
        return error.exit_code
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else 1
    except KeyboardInterrupt:
        return BROKEN_OFF
    except Exception as error:
        if "BACKTRIAGE_DEBUG" in os.environ:
            raise
        typer.echo(f"backtriage: internal error, please report it: {printable(repr(error))}", err=True)
        return INTERNAL
    return 0


def _complain(error: BacktriageError, line: int | None = None) -> None:
    where = f"line {line}: " if line else ""
    for issue in error.issues:
        typer.echo(f"backtriage: {where}{issue}", err=True)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"backtriage {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def interview(
    context: typer.Context,
    complete: Annotated[bool, typer.Option("--complete", help="Ask everything, for a full summary.")] = False,
    save: Annotated[Path | None, typer.Option(help="Keep the answers in this file after each question.")] = None,
    resume: Annotated[Path | None, typer.Option(help="Go on with the answers in this file.")] = None,
    format: Annotated[Format, typer.Option("--format", help="How the result is written.")] = Format.text,
    output: Output = None,
    rules: Rules = None,
    today: Today = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Answer questions about your back pain; the result says what to do, and by when."""
    if context.invoked_subcommand is not None:
        _refuse_options_of_interview(context)
        return
    for path in (save, output):
        if path is not None:
            check_can_write(path)
    if save is not None:
        saved.check_free(save, resume)
    rule_set = load(rules)
    started = Interview(rule_set, complete)
    if resume is not None:
        started = Interview.resumed(rule_set, saved.resume(resume, rule_set), complete=complete)
    finished = _hold(started, save, resume, _day(today))
    _deliver(assess_answers(rule_set, finished.as_answers()), rule_set, format, output, _day(today))


def _refuse_options_of_interview(context: typer.Context) -> None:
    given = [name for name, value in context.params.items() if value and value != Format.text]
    if given:
        raise typer.BadParameter(
            f"--{given[0]} before a command belongs to the interview; put it after {context.invoked_subcommand}"
        )


def _hold(interview: Interview, save: Path | None, resume: Path | None, today: date) -> Interview:
    """Hold the interview; on a stop, offer to save it and leave with exit code 130."""
    from backtriage import terminal

    def keep(interview: Interview) -> None:
        if save is not None:
            saved.save(save, interview.rule_set, interview.answers)

    if sys.stdin is not None:
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    screen = terminal.Screen()
    terminal.greet(interview.rule_set, screen)
    try:
        return terminal.hold(interview, screen, today, keep)
    except terminal.Stopped as stopped:
        terminal.say_so_far(stopped.interview, screen, today)
        if stopped.interview.answers:
            _offer_to_save(stopped.interview, screen, save, resume)
        raise typer.Exit(BROKEN_OFF) from None


def _offer_to_save(interview: Interview, screen: "Screen", save: Path | None, resume: Path | None) -> None:
    """Save the answers where the person wants them, and ask again for a name that cannot be used."""
    from backtriage.terminal import ask_file_name

    file = save
    while file is None and (name := ask_file_name(screen)):
        try:
            saved.check_free(Path(name), resume)
            file = Path(name)
        except FileError as error:
            screen.say(str(error))
    if file is not None:
        saved.save(file, interview.rule_set, interview.answers)
        screen.say(f"Saved. Go on with: backtriage --resume {shlex.quote(str(file))}")


def _deliver(result: Assessment, rule_set: RuleSet, format: Format, output: Path | None, today: date) -> None:
    """Write the result to stdout, or to a file that its owner alone can read."""
    text = _render(result, rule_set, format, today)
    if output is None:
        typer.echo(text, nl=False)
    else:
        try:
            write_private(output, text)
        except FileError:
            typer.echo(text, nl=False)  # so that the result is not lost
            raise
        typer.echo(f"Written to {printable(str(output))}", err=True)


def _render(result: Assessment, rule_set: RuleSet, format: Format, today: date) -> str:
    return report.FORMATS[format](result, rule_set, today, _width())


def _width() -> int:
    """The width of the terminal that stdout is, 80 at most."""
    return min(shutil.get_terminal_size().columns, 80)


def _day(given: datetime | None) -> date:
    return given.date() if given else date.today()


@app.command()
def assess(
    file: Annotated[Path, typer.Argument(help="JSON or JSON Lines; - is standard input.")] = Path("-"),
    format: Annotated[Format, typer.Option("--format", help="How the result is written.")] = Format.json,
    lines: Annotated[bool, typer.Option("--lines", help="Every line is one patient (JSON Lines).")] = False,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit code by advice: 10, 11, 12; 13 if open.")
    ] = False,
    rules: Rules = None,
    today: Today = None,
) -> None:
    """Assess answers given as one JSON object, or as JSON Lines: one result for each line, as soon as it is read."""
    rule_set = load(rules)
    codes: set[int] = set()
    with _open(file) as stream:
        json_lines = lines or file.suffix in (".jsonl", ".ndjson")
        for outcome in records.outcomes(rule_set, stream, json_lines=json_lines):
            _emit(outcome, rule_set, format, _day(today))
            codes.add(_code_of(outcome.result, exit_code))
    raise typer.Exit(next(code for code in _WORST_FIRST if code in codes))


def _open(file: Path) -> BinaryIO:
    return sys.stdin.buffer if str(file) == "-" else open_to_read(file)


def _emit(outcome: records.Outcome, rule_set: RuleSet, format: Format, today: date) -> None:
    """Write one outcome at once, so that the command can be used as a co-process."""
    if isinstance(outcome.result, AnswersError):
        _complain(outcome.result, outcome.line)
        if format == Format.json:
            place = {"line": outcome.line} if outcome.line else {}
            typer.echo(json.dumps(place | {"errors": [issue.as_json() for issue in outcome.result.issues]}))
    elif format == Format.json and outcome.line:
        typer.echo(report.as_json(outcome.result))
    else:
        typer.echo(_render(outcome.result, rule_set, format, today), nl=outcome.line is not None)
    sys.stdout.flush()


def _code_of(result: Assessment | AnswersError, by_advice: bool) -> int:
    if isinstance(result, AnswersError):
        return result.exit_code
    if not by_advice:
        return 0
    return EXIT_CODES[result.advice] if result.advice else NOT_SETTLED


@app.command()
def questions(
    format: Annotated[ListFormat, typer.Option("--format", help="How the list is written.")] = ListFormat.text,
    rules: Rules = None,
) -> None:
    """List the questions: id, text, kind and options."""
    rule_set = load(rules)
    text = question_list.as_json(rule_set) if format == "json" else question_list.as_text(rule_set, _width())
    typer.echo(text, nl=False)


@app.command()
def schema(
    of: Annotated[Schema, typer.Argument(help="What the schema describes.")],
    rules: Rules = None,
) -> None:
    """Print a JSON Schema (2020-12) of the answers, of the assessment, or of the files of a rule set."""
    from backtriage import schema as schemas

    match of:
        case Schema.answers:
            found = schemas.answers(load(rules))
        case Schema.assessment:
            found = schemas.assessment()
        case Schema.ruleset:
            found = schemas.rule_set()
    typer.echo(json.dumps(found, indent=2))


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(help="An assessment in JSON, as the interview or assess wrote it.")],
    format: Annotated[ListFormat, typer.Option("--format", help="How the outcome is written.")] = ListFormat.text,
    rules: Rules = None,
) -> None:
    """Assess saved answers again, and say whether the result and the rule set are still the same."""
    replayed = replays.replay(file, load(rules))
    typer.echo(replays.as_json(replayed) if format == "json" else replays.as_text(replayed), nl=False)
    raise typer.Exit(0 if replayed.same_result and replayed.same_rule_set else DIFFERS)
