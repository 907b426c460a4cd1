"""Assessment -> JSON, text or Markdown, as it is written to stdout or to a file. Pure functions."""

import textwrap
from collections.abc import Callable
from datetime import date

from backtriage.model import Assessment, Country, RuleSet
from backtriage.report.sections import build_report, summarize
from backtriage.strict_json import write_json


def render_json(assessment: Assessment, *, indent: int | None = None) -> str:
    """The assessment as one JSON object, in ASCII so that it survives every pipe; on one line without `indent`."""
    return write_json(assessment, indent)


def render_text(
    assessment: Assessment,
    rule_set: RuleSet,
    today: date,
    width: int = 72,
    country: Country | None = None,
) -> str:
    """The assessment for a person, in lines of at most `width` characters."""
    report = build_report(assessment, rule_set, today, country)
    lines = _underlined(report.title, "=", width)
    for section in report.sections:
        lines += ["", *_underlined(section.heading, "-", width)]
        for paragraph in section.paragraphs:
            lines += textwrap.wrap(paragraph, width)
        for number, item in enumerate(section.items, 1):
            mark = f"{number}. " if section.numbered else "- "
            lines += textwrap.wrap(
                item, width, initial_indent=mark, subsequent_indent=" " * len(mark)
            )
    lines += [
        "",
        *_underlined("In short", "-", width),
        *textwrap.wrap(summarize(assessment, rule_set, today, country), width),
    ]
    return "\n".join(lines) + "\n"


def render_markdown(
    assessment: Assessment, rule_set: RuleSet, today: date, country: Country | None = None
) -> str:
    """The assessment as Markdown, to be printed or pasted into a record."""
    report = build_report(assessment, rule_set, today, country)
    parts = [f"# {_escape(report.title)}"]
    for section in report.sections:
        parts.append(f"## {_escape(section.heading)}")
        parts += [_escape(paragraph) for paragraph in section.paragraphs]
        marks = (
            f"{number}." if section.numbered else "-" for number, _ in enumerate(section.items, 1)
        )
        if section.items:
            parts.append(
                "\n".join(
                    f"{mark} {_escape(item)}"
                    for mark, item in zip(marks, section.items, strict=False)
                )
            )
    return "\n\n".join(parts) + "\n"


def _underlined(heading: str, mark: str, width: int) -> list[str]:
    lines = textwrap.wrap(heading, width)
    return [*lines, mark * max(map(len, lines))]


def _escape(text: str) -> str:
    return "".join(
        f"\\{character}" if character in "\\`*_[]<>#|" else character for character in text
    )


FORMATS: dict[str, Callable[[Assessment, RuleSet, date, int, Country | None], str]] = {
    "text": render_text,
    "json": lambda assessment, _rule_set, _today, _width, _country: (
        render_json(assessment, indent=2) + "\n"
    ),
    "markdown": lambda assessment, rule_set, today, _width, country: render_markdown(
        assessment, rule_set, today, country
    ),
}
"""Each format by name: (assessment, rule set, today, width, country) -> text that ends in a line break."""
