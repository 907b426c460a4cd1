"""How an interview ends: the card and what is shown by choice, or the whole result at once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path

import typer

from backtriage.cli.app import Format, measure_width, render
from backtriage.errors import FileError, make_printable
from backtriage.files import write_private
from backtriage.interview import Interview
from backtriage.json_io import saved
from backtriage.language import say
from backtriage.model import Assessment, Country, RuleSet
from backtriage.report.advice import summarize
from backtriage.report.card import build_card
from backtriage.report.formats import lay_out_section, render_details
from backtriage.report.layout import wrap_text
from backtriage.report.sections import TO_SAY, WHY, build_report
from backtriage.terminal import Screen, ask_file_name, ending, show_what_to_say


def end_with_card(
    result: Assessment, held: Interview, today: date, country: Country | None, screen: Screen
) -> bool:
    """Show the result as a card, and more of it by choice; True to answer more for the doctor."""
    rule_set, width = held.rule_set, measure_width()

    def show(*kinds: str) -> str:
        sections = build_report(result, rule_set, today, country).sections
        wanted = [section for section in sections if section.kind in kinds]
        return "\n".join("\n".join(lay_out_section(part, width)) + "\n" for part in wanted)

    def write_page() -> str:
        told = _write_page(render(result, rule_set, Format.html, today, country), today, screen)
        return "\n".join(wrap_text(told, width)) + "\n"

    card = build_card(result, rule_set, today, country)
    views = {
        "d": ending.View(
            say("all details"),
            lambda: render_details(result, rule_set, today, width, country),
            is_long=True,
        ),
        "s": ending.View(say("what to say"), lambda: show(TO_SAY)),
        "e": ending.View(say("why"), lambda: show(*WHY)),
        "p": ending.View(say("a page to print"), write_page),
    }
    if not result.findings:
        del views["s"], views["e"]
    further = replace(held, also_ask=rule_set.questions_for_doctor)
    more = say("answer more for your doctor") if further.step is not None else None
    return ending.end_with_card(card, views, screen, more=more)


def end_without_card(
    result: Assessment,
    rule_set: RuleSet,
    form: Format,
    today: date,
    country: Country | None,
    output: Path | None,
    screen: Screen,
) -> None:
    """Write the result to stdout, or to a file that its owner alone can read.

    The advice is told in any case.
    """
    text = render(result, rule_set, form, today, country)
    if output is None:
        typer.echo(text, nl=False)
        return
    try:
        write_private(output, text)
    except (FileError, KeyboardInterrupt):
        typer.echo(text, nl=False)  # so that the result is not lost
        raise
    screen.say(summarize(result, rule_set, today, country))
    if form in (Format.json, Format.fhir):  # which are for programs, and have no such heading
        show_what_to_say(result, rule_set, screen)
        screen.say()
    screen.say(say("Written to {file}", file=str(output)))


def _write_page(page: str, today: date, screen: Screen) -> str:
    """Write the page where the person wants it, and say where it is."""
    free = (name for name in _list_names(today) if not Path(name).exists())
    name = next(free)
    offer = say("Type a name for the page, or press Enter for {name}; n = no page.", name=name)

    def check(path: Path) -> None:
        saved.check_free(path, None)

    file = ask_file_name(screen, check, offer, default=name)
    if file is None:
        return say("Nothing was written.")
    try:
        write_private(file, page)
    except FileError as error:
        return f"{make_printable(str(file))}: {error.issues[0].message}"
    where = make_printable(str(file.resolve()))
    return say("Written to {file}. Open it in a browser.", file=where)


def _list_names(today: date) -> Iterator[str]:
    """Names for a page of that day, without an end."""
    name = say("back-pain-{day}", day=today)
    yield f"{name}.html"
    yield from (f"{name}-{number}.html" for number in count(2))
