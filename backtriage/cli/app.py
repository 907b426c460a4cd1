"""What all commands share: options, formats, exit codes, and how errors are told."""

import io
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from backtriage import countries
from backtriage.cli.complete import suggest_countries
from backtriage.errors import BacktriageError, make_one_line, make_printable
from backtriage.exit_codes import ExitCode
from backtriage.interrupts import Killed
from backtriage.language import ENGLISH, hold_language, say
from backtriage.model import Assessment, Country, RuleSet
from backtriage.report.layout import wrap_text
from backtriage.streams import open_streams, tell, tell_stream_failed
from backtriage.strict_json import write_json

# Without rich: it takes time to import, and boxes say nothing to somebody who has them read aloud.
app = typer.Typer(
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Red-flag triage for low back pain. Without a command, an interview in the terminal.",
    epilog=(
        "For example: backtriage --country GB --save answers.json\n\n"
        "Exit codes: 0 fine, 2 usage, 3 bad answers, 4 bad rule set, 5 file, 6 replay differs, "
        "7 rules found something, 8 extra missing, 9 no question in a table, 130 broken off. "
        "With assess --exit-code: 10 home care, 11 see a doctor soon, 12 seek care now, "
        "13 not settled yet."
    ),
)

_UsageError: Any = typer.BadParameter.__base__
"""Every way in which typer says that a command is used wrongly; it has no name for this."""


def show_examples(*commands: str) -> str:
    """What stands below the help of a command: how it is typed, each example on its line."""
    # \b keeps typer from making one paragraph of it
    return "\n".join(("\b", "For example:", *(f"  {command}" for command in commands)))


class Format(StrEnum):
    """How a result is written."""

    text = "text"
    json = "json"
    markdown = "markdown"
    html = "html"
    fhir = "fhir"


class ListFormat(StrEnum):
    """How a list is written."""

    text = "text"
    json = "json"


def parse_day(text: str) -> date:
    """The day that an option names; raises BadParameter."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        message = f'"{make_printable(text)}" is not a day; write it as 2026-11-23'
        raise typer.BadParameter(message) from None
    if not 1900 <= day.year <= 2999:
        raise typer.BadParameter(f"the year {day.year} is too far away")
    return day


ResultFormat = Annotated[Format, typer.Option("--format", help="How the result is written.")]
ListForm = Annotated[ListFormat, typer.Option("--format", help="How it is written.")]
Rules = Annotated[
    Path | None,
    typer.Option("--rules", help="Rule set folder; the one that comes along if left out."),
]
CountryCode = Annotated[
    str | None,
    typer.Option(
        "--country",
        metavar="NAME",
        autocompletion=suggest_countries,
        help="Tell the emergency number of this country, such as GB or Spain; if left out, of the "
        "locale's.",
    ),
]
Today = Annotated[
    date | None,
    typer.Option(
        "--date",
        parser=parse_day,
        metavar="YYYY-MM-DD",
        help="Count deadlines from this day, not today.",
    ),
]


def run_app() -> int:
    """Run a command and give its exit code; whatever goes wrong is said in words."""
    if not open_streams():
        return ExitCode.FILE
    try:
        with hold_language(ENGLISH):  # a command may choose another one
            code = app(prog_name="backtriage", standalone_mode=False)
    except BacktriageError as error:
        complain(error)
        return error.exit_code
    except _UsageError as error:
        return _tell_usage(error)
    except SystemExit as error:
        # 1 is what typer makes of a reader that has gone away
        code = error.code
        return code if isinstance(code, int) and code != 1 else ExitCode.FILE
    except Killed as killed:
        killed.leave()
    except KeyboardInterrupt:
        return ExitCode.BROKEN_OFF
    except OSError as error:
        # files are dealt with where they are opened, so this is one of the standard streams
        return tell_stream_failed(error)
    except Exception as error:
        if "BACKTRIAGE_DEBUG" in os.environ:
            raise
        tell(f"internal error, please report it: {make_one_line(repr(error))}")
        return ExitCode.INTERNAL
    return code if isinstance(code, int) else ExitCode.FINE


def _tell_usage(error: Any) -> int:
    """Say how a command is used; typer's own words may repeat what was typed as it stands."""
    if isinstance(error, typer.BadParameter):  # and not the help for who names no command
        error.message = make_one_line(error.message)
    told = io.StringIO()
    error.show(told)
    typer.echo(make_printable(told.getvalue()), err=True, nl=False)
    return ExitCode.USAGE


def complain(error: BacktriageError, place: str | None = None) -> None:
    """Tell every issue on stderr; `place` is the line or row of the input that they are in."""
    typer.echo(describe_complaint(error, place), err=True, nl=False)


def describe_complaint(error: BacktriageError, place: str | None = None) -> str:
    """The same as lines of text."""
    where = f"{make_one_line(place)}: " if place else ""
    lines = (wrap_on_terminal(f"backtriage: {where}{issue}") for issue in error.issues)
    return "".join(f"{line}\n" for line in lines)


def wrap_on_terminal(text: str) -> str:
    """A line as it stands, or wrapped at words where a terminal would cut them."""
    if not sys.stderr.isatty():
        return text
    columns = shutil.get_terminal_size().columns
    return "\n".join(wrap_text(text, columns, further="  "))


def render(
    result: Assessment,
    rule_set: RuleSet,
    form: Format,
    today: date,
    country: Country | None,
    *,
    raw: object = None,
    indent: int | None = 2,
    warnings: Iterable[str] = (),
) -> str:
    """The result in the form wanted, as wide as the terminal that stdout is.

    `raw` is the input where that was JSON: FHIR gives back what was sent. `indent` is that of JSON,
    and None puts it on one line. `warnings` about how the answers came stand in JSON too.
    """
    # each form where it is wanted: all of them take a twentieth of the time to start
    match form:
        case Format.text:
            from backtriage.report.formats import render_text

            return render_text(result, rule_set, today, measure_width(), country)
        case Format.json:
            from backtriage.json_io.result import render_result

            text = render_result(result, rule_set, today, country, indent=indent, warnings=warnings)
            return f"{text}\n"
        case Format.markdown:
            from backtriage.report.formats import render_markdown

            return render_markdown(result, rule_set, today, country)
        case Format.html:
            from backtriage.report.html import render_html

            return render_html(result, rule_set, today, country)
        case Format.fhir:
            from backtriage.fhir.bundle import build_bundle

            now = datetime.now(UTC)
            bundle = build_bundle(result, rule_set, today, now, country, raw=raw, warnings=warnings)
            return f"{write_json(bundle, indent)}\n"


def find_country(rule_set: RuleSet, given: str | None) -> Country | None:
    """The country that was given by code or name, or else that of the locale.

    None where the locale names none of which the number is known; something given that does so is
    an error.
    """
    numbers = rule_set.emergency_numbers
    if given is None:
        return numbers.countries.get(_read_country_of_locale())
    country = countries.find_country(numbers, given)
    if country is None:
        unknown = say('no emergency number is known for "{given}"', given=make_printable(given))
        raise typer.BadParameter(f"{unknown}; {countries.suggest_country(numbers, given)}")
    return country


def _read_country_of_locale() -> str:
    """The code in the locale, such as GB of en_GB.UTF-8@euro; empty where there is none."""
    variables = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((os.environ[name] for name in variables if os.environ.get(name)), "")
    return re.split("[.@]", locale)[0].partition("_")[2].upper()


def measure_width() -> int:
    """The width of the terminal that stdout is, 80 at most."""
    return min(shutil.get_terminal_size().columns, 80)


def show_progress(name: str) -> AbstractContextManager[Callable[[float], None]]:
    """A bar on a terminal, and nothing elsewhere: what is to be told the share that is done."""
    if not sys.stderr.isatty():
        return nullcontext(lambda _: None)
    from backtriage.terminal.screen import show_progress_bar

    return show_progress_bar(name)
