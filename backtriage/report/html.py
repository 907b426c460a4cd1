"""Assessment -> one HTML page: a sheet for the person, one for the doctor; no script, no network.

It is built as a tree, so that every text in it is escaped.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from xml.etree.ElementTree import Element, SubElement, tostring

from backtriage.errors import make_printable
from backtriage.language import get_language, say
from backtriage.model import Assessment, Country, RuleSet
from backtriage.report.card import Card, build_card
from backtriage.report.html_style import CSS
from backtriage.report.sections import TO_DO, TO_SAY, Section, build_report
from backtriage.report.wording import Wording
from backtriage.report.words import describe_day

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""Nothing may be loaded: what is in the page is all that there is."""

FIELDS = (Wording.NAME, Wording.BORN_ON, Wording.PHONE)
"""What the person may write by hand on the paper."""

MOST_LETTERS = 4200
"""So many have room on the person's sheet of paper, in letters that an old person can read."""
REST_OF_LINE = 30
"""How many letters a line leaves empty behind a text, more or less."""
SMALL: Mapping[str, str] = {
    Wording.OTHER_REASONS: "small",
    Wording.ANSWERS: "small",
    Wording.SOURCES: "small tiny",
    Wording.RECORD: "small tiny",
}
"""What a doctor looks up rather than reads, and its class."""


def render_html(
    assessment: Assessment, rule_set: RuleSet, today: date, country: Country | None = None
) -> str:
    """The whole page, to be read on a screen or printed on two sheets."""
    card = build_card(assessment, rule_set, today, country, most_steps=None)
    sections = build_report(assessment, rule_set, today, country).sections
    language = get_language()
    direction = {"dir": "rtl"} if language.is_rtl else {}
    root = Element("html", {"lang": language.code.replace("_", "-"), **direction})
    _add_head(root, card)
    body = SubElement(root, "body", {"class": card.advice or "open"})
    main = SubElement(body, "main")
    person = SubElement(main, "section", {"class": "sheet"})
    _add_card(person, card)
    _add_fields(person, today)
    told = [section for section in sections if not section.for_doctor and section.kind != TO_DO]
    left_out = _choose_left_out(card, told)
    for section in told:
        if section.kind == TO_SAY:
            _add_section(person, section, "say")
    columns = SubElement(person, "div", {"class": "columns"})
    for section in told:
        if section.kind != TO_SAY:
            _add_section(columns, section, of_section="screen" if section in left_out else "")
    if left_out:
        _add_text(columns, "p", say(Wording.MORE_ON_PAGE), "paper")
    doctor = SubElement(main, "section", {"class": "sheet doctor"})
    _add_text(doctor, "h2", say(Wording.DOCTOR_SHEET))
    _add_text(doctor, "p", _describe_in_short(card))
    _add_fields(doctor, today)
    for section in sections:
        if section.for_doctor:
            _add_section(
                doctor, section, of_section=SMALL.get(section.kind, "") if section.kind else ""
            )
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _describe_in_short(card: Card) -> str:
    """The advice, and by when, in a line."""
    if card.by_when is None:
        return f"{card.title}."
    return say(Wording.TITLE_AND_WHEN, title=card.title, when=card.by_when)


def _choose_left_out(card: Card, told: Sequence[Section]) -> list[Section]:
    """What is read on a screen alone, as one sheet has no room for it.

    What to do, and when, is always printed; of how to get better, and of what is still open, as
    much as there is room for.
    """
    letters = _count_letters((card.title, card.by_when or "", *card.steps, *card.why))
    optional = [section for section in told if section.kind in (None, Wording.STILL_OPEN)]
    letters += sum(_count_in_section(section) for section in told if section not in optional)
    left_out = []
    for section in optional:
        size = _count_in_section(section)
        if letters + size > MOST_LETTERS:
            left_out.append(section)
        else:
            letters += size
    return left_out


def _count_in_section(section: Section) -> int:
    return _count_letters((section.heading, *section.paragraphs, *section.items))


def _count_letters(texts: Iterable[str]) -> int:
    return sum(len(text) + REST_OF_LINE for text in texts)


def _add_head(root: Element, card: Card) -> None:
    head = SubElement(root, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": _POLICY})
    _add_text(head, "title", say(Wording.PAGE_TITLE, title=card.title))
    _add_text(head, "style", CSS)


def _add_card(parent: Element, card: Card) -> None:
    frame = SubElement(parent, "article", {"class": "card"})
    head = SubElement(frame, "header")
    _add_text(head, "h1", card.title)
    if card.by_when:
        _add_text(head, "p", card.by_when, "when")
    words = SubElement(frame, "div", {"class": "words"})
    steps = SubElement(words, "ol")
    for step in card.steps:
        _add_text(steps, "li", step)
    _add_text(words, "p", " ".join((say(Wording.WHY), *card.why)))
    if card.number:
        _add_text(words, "p", card.number)


def _add_fields(parent: Element, today: date) -> None:
    fields = SubElement(parent, "div", {"class": "fields"})
    for name in FIELDS:
        _add_text(fields, "p", say(Wording.FIELD, field=say(name)))
    _add_text(fields, "p", say(Wording.ANSWERED_ON, day=describe_day(today)))


def _add_section(
    parent: Element, section: Section, kind: str = "", *, of_section: str = ""
) -> None:
    """A section of the class `of_section`, whose paragraphs are of the class `kind`."""
    part = SubElement(parent, "section", {"class": of_section} if of_section else {})
    _add_text(part, "h2", section.heading)
    for paragraph in section.paragraphs:
        _add_text(part, "p", paragraph, kind)
    if section.items:
        items = SubElement(part, "ol" if section.numbered else "ul")
        for item in section.items:
            _add_text(items, "li", item)


def _add_text(parent: Element, name: str, text: str, kind: str = "") -> None:
    """A new element with a text in it, of the class `kind`."""
    element = SubElement(parent, name, {"class": kind} if kind else {})
    element.text = make_printable(text) if name != "style" else text
