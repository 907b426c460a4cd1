"""Assessment -> JSON, text or Markdown, as it is written to stdout or to a file. Pure functions."""

import textwrap
from datetime import date

from backtriage.errors import make_printable
from backtriage.language import say
from backtriage.model import Assessment, Country, RuleSet
from backtriage.report.card import build_card, lay_out_card
from backtriage.report.sections import Section, build_report
from backtriage.report.wording import Wording
from backtriage.strict_json import write_json


def render_json(assessment: Assessment, *, indent: int | None = None) -> str:
    """The assessment as one JSON object; on one line without `indent`."""
    return write_json(assessment, indent)


def render_text(
    assessment: Assessment,
    rule_set: RuleSet,
    today: date,
    width: int = 72,
    country: Country | None = None,
) -> str:
    """The assessment for a person, in lines of at most `width` characters; the card stands last."""
    details = render_details(assessment, rule_set, today, width, country)
    card = build_card(assessment, rule_set, today, country)
    lines = ["", *_underline(say(Wording.IN_SHORT), "-", width), *lay_out_card(card, width)]
    return details + make_printable("\n".join(lines) + "\n")


def render_details(
    assessment: Assessment,
    rule_set: RuleSet,
    today: date,
    width: int = 72,
    country: Country | None = None,
) -> str:
    """The same without the card."""
    report = build_report(assessment, rule_set, today, country)
    lines = _underline(report.title, "=", width)
    for section in report.sections:
        lines += ["", *lay_out_section(section, width)]
    return make_printable("\n".join(lines) + "\n")


def lay_out_section(section: Section, width: int) -> list[str]:
    """A section as lines of text, with its heading underlined."""
    lines = _underline(section.heading, "-", width)
    for paragraph in section.paragraphs:
        lines += textwrap.wrap(paragraph, width)
    for number, item in enumerate(section.items, 1):
        mark = f"{_mark(section, number)} "
        further = " " * len(mark)
        lines += textwrap.wrap(item, width, initial_indent=mark, subsequent_indent=further)
    return lines


def render_markdown(
    assessment: Assessment, rule_set: RuleSet, today: date, country: Country | None = None
) -> str:
    """The assessment as Markdown, to be printed or pasted into a record."""
    report = build_report(assessment, rule_set, today, country)
    parts = [f"# {_escape(report.title)}"]
    for section in report.sections:
        parts.append(f"## {_escape(section.heading)}")
        parts += [_escape(paragraph) for paragraph in section.paragraphs]
        if section.items:
            items = enumerate(section.items, 1)
            lines = (f"{_mark(section, number)} {_escape(item)}" for number, item in items)
            parts.append("\n".join(lines))
    return make_printable("\n\n".join(parts) + "\n")


def _underline(heading: str, mark: str, width: int) -> list[str]:
    """A heading with a line of `mark` below it, cut to the width even where a word is longer."""
    lines = textwrap.wrap(heading, width)
    return [*lines, mark * max(map(len, lines))]


def _mark(section: Section, number: int) -> str:
    """What stands in front of an item of a list."""
    return f"{number}." if section.numbered else "-"


def _escape(text: str) -> str:
    """A text in which nothing means anything to Markdown."""
    return "".join(
        f"\\{character}" if character in "\\`*_[]<>#|" else character for character in text
    )
