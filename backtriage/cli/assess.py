"""`backtriage assess`: JSON in, results out."""

import sys
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, BinaryIO, TypeAlias

import typer

from backtriage.answers import parse_answers
from backtriage.cli.app import (
    CountryCode,
    Format,
    ResultFormat,
    Rules,
    Today,
    app,
    describe_complaint,
    find_country,
    render,
    show_examples,
)
from backtriage.cli.languages import Lang, find_form_words, load_original, load_rules
from backtriage.errors import AnswersError
from backtriage.exit_codes import ExitCode
from backtriage.files import open_stdin, open_to_read
from backtriage.json_io.result import list_warnings, render_record
from backtriage.json_io.stream import Reader, Record, RecordOutcome, assess_record, run_on_records
from backtriage.language import say
from backtriage.model import AdviceId, Answers, Assessment, Country, RuleSet
from backtriage.strict_json import is_fhir, write_json

_CODE_OF_ADVICE: Mapping[AdviceId, ExitCode] = {
    "home_care": ExitCode.HOME_CARE,
    "see_doctor_soon": ExitCode.SEE_DOCTOR_SOON,
    "seek_care_now": ExitCode.SEEK_CARE_NOW,
}

_MOST_URGENT_FIRST = (
    ExitCode.BAD_ANSWERS,
    ExitCode.SEEK_CARE_NOW,
    ExitCode.NOT_SETTLED,
    ExitCode.SEE_DOCTOR_SOON,
    ExitCode.HOME_CARE,
    ExitCode.FINE,
)
"""Of the codes of several patients the first of these counts.

A script must notice that a patient was not assessed, and what is not settled may be an emergency.
"""


_Written: TypeAlias = tuple[str, str, ExitCode]
"""What goes to stdout of one patient, what to stderr, and the exit code."""


class Input(StrEnum):
    """What an input is."""

    json = "json"
    fhir = "fhir"


File = Annotated[Path, typer.Argument(help="JSON or JSON Lines; - is standard input.")]
Lines = Annotated[bool, typer.Option("--lines", help="Every line is one patient (JSON Lines).")]
InputForm = Annotated[
    Input | None,
    typer.Option("--input", help="What each input is; told by its content, if left out."),
]
ByAdvice = Annotated[bool, typer.Option("--exit-code", help="Exit code by advice, 10 to 13.")]
Brief = Annotated[
    bool,
    typer.Option(
        "--brief",
        help="JSON of the assessment alone, without headline, steps, words and next question.",
    ),
]


@app.command(
    epilog=show_examples(
        """echo '{"age": 47, "saddle_numbness": "no"}' | backtriage assess""",
        "backtriage assess responses.ndjson --format fhir --exit-code",
    )
)
def assess(
    file: File = Path("-"),
    form: ResultFormat = Format.json,
    lines: Lines = False,
    given: InputForm = None,
    exit_code: ByAdvice = False,
    brief: Brief = False,
    rules: Rules = None,
    today: Today = None,
    country: CountryCode = None,
    lang: Lang = None,
) -> None:
    """Assess answers in JSON: one result for each patient.

    They come as one JSON object, or as JSON Lines: one result for each line, as soon as it is read.
    FHIR R4 is read too: a QuestionnaireResponse, or a Bundle with one.
    """
    rule_set = load_rules(rules, lang)
    where = find_country(rule_set, country)
    read = _choose_reader(given, rules)
    codes: set[ExitCode] = set()

    def answer(record: Record) -> _Written:
        outcome = assess_record(rule_set, record, read)
        written = _write(outcome, rule_set, form, today or date.today(), where, brief=brief)
        return *written, _choose_code(outcome.result, by_advice=exit_code)

    def emit(written: Iterator[_Written]) -> None:
        for result, talk, code in written:
            if talk:
                sys.stdout.flush()  # so that on a terminal it stands in front of its result
                typer.echo(talk, err=True, nl=False)
            sys.stdout.write(result)
            codes.add(code)
        sys.stdout.flush()  # so that the command can be used as a co-process

    with _open(file) as stream:
        json_lines = lines or file.suffix in (".jsonl", ".ndjson")
        run_on_records(answer, stream, emit, json_lines=json_lines)
    raise typer.Exit(next(code for code in _MOST_URGENT_FIRST if code in codes))


def _choose_reader(given: Input | None, rules: Path | None) -> Reader:
    """What reads each JSON value as answers; `rules` are where the rule set comes from."""

    def read_by_content(rule_set: RuleSet, raw: object) -> Answers:
        """FHIR says of itself that it is, by a key that can be no question."""
        return read_form(rule_set, raw) if is_fhir(raw) else parse_answers(rule_set, raw)

    def read_form(rule_set: RuleSet, raw: object) -> Answers:
        from backtriage.fhir.reading import read_fhir  # most inputs are none

        original = rule_set if rule_set.translation is None else load_original(rules)
        return read_fhir(original, raw, partial(find_form_words, rules))

    if given == Input.json:
        return parse_answers
    return read_form if given == Input.fhir else read_by_content


def _list_age_warnings(rule_set: RuleSet, raw: object, today: date) -> tuple[str, ...]:
    """What is to be said of the day on which a form of FHIR was filled in."""
    if not is_fhir(raw):
        return ()
    from backtriage.fhir.authored import list_age_warnings

    return tuple(list_age_warnings(rule_set, raw, today))


def _open(file: Path) -> BinaryIO:
    if str(file) != "-":
        return open_to_read(file)
    if sys.stdin.isatty():
        typer.echo("Reading JSON from the terminal; end with Ctrl-D.", err=True)
    return open_stdin()


def _write(
    outcome: RecordOutcome,
    rule_set: RuleSet,
    form: Format,
    today: date,
    country: Country | None,
    *,
    brief: bool,
) -> tuple[str, str]:
    """One outcome as it goes to stdout, and what is said of it on stderr."""
    place = f"line {outcome.line}" if outcome.line else None
    if isinstance(outcome.result, AnswersError):
        text = _render_errors(outcome.result, outcome.line, form)
        return f"{text}\n", describe_complaint(outcome.result, place)
    where = f"{place}: " if place else ""
    warnings = _list_age_warnings(rule_set, outcome.raw, today)
    all_warnings = (*warnings, *list_warnings(outcome.result.answers, rule_set))
    talk = "".join(f"backtriage: {where}warning: {warning}\n" for warning in all_warnings)
    if form not in (Format.json, Format.fhir):
        text = render(outcome.result, rule_set, form, today, country)
        return f"{_heading(outcome.line)}{text}\n", talk
    if brief and form == Format.json:
        return f"{render_record(outcome.result, rule_set)}\n", talk
    indent = None if outcome.line else 2
    text = render(
        outcome.result, rule_set, form, today, country,
        raw=outcome.raw, indent=indent, warnings=warnings,
    )  # fmt: skip
    return text, talk


def _render_errors(error: AnswersError, line: int | None, form: Format) -> str:
    """What stands in the place of a result."""
    if form == Format.json:
        place = {"line": line} if line else {}
        return write_json(place | {"errors": [issue.build_json() for issue in error.issues]})
    if form == Format.fhir:
        from backtriage.fhir.outcome import build_outcome

        return write_json(build_outcome(error, line))
    return _heading(line) + "".join(
        f"{say('No result: {issue}', issue=issue)}\n" for issue in error.issues
    )


def _heading(line: int | None) -> str:
    """What separates one patient from the next; the first, who is most often alone, needs none."""
    return f"{say('Line {line}', line=line)}\n\n" if line and line > 1 else ""


def _choose_code(result: Assessment | AnswersError, *, by_advice: bool) -> ExitCode:
    if isinstance(result, AnswersError):
        return result.exit_code
    if not by_advice:
        return ExitCode.FINE
    return _CODE_OF_ADVICE[result.advice] if result.advice else ExitCode.NOT_SETTLED
