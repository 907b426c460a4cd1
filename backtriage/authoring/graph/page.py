"""Panels -> one HTML page: an overview, then a picture of each area; no script, no network."""

from collections import Counter
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

from backtriage.authoring.graph.picture import MARKS, TONES, Panel
from backtriage.authoring.graph.svg import render_svg
from backtriage.errors import make_printable
from backtriage.model import RuleSet

_CSS = """
:root { color-scheme: light dark; --ink: #1b2530; --paper: #fff; --line: #767676; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --paper: #14181d; --line: #8a9099; } }
body { margin: 0; color: var(--ink); background: var(--paper);
  font: 1rem/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 82rem; margin: 0 auto; padding: 1rem; }
a { color: inherit; }
table { border-collapse: collapse; }
caption { text-align: left; font-weight: 600; padding: .25rem 0; }
th, td { border: 1px solid var(--line); padding: .25rem .6rem; text-align: right; }
th[scope=row], thead th:first-child { text-align: left; }
.wide { overflow-x: auto; }
details { margin: 1.5rem 0; border-top: 1px solid var(--line); padding-top: .5rem; }
summary { cursor: pointer; }
summary h2 { display: inline; font-size: 1.25rem; }
svg { max-width: 100%; height: auto; }
@media print { details { break-before: page; } }
"""


def render_page(rule_set: RuleSet, panels: Sequence[Panel]) -> str:
    """The page: how many questions and red flags each area has, and below it the pictures."""
    title = f"{rule_set.title} ({rule_set.id} {rule_set.version})"
    root = Element("html", {"lang": "en"})
    head = SubElement(root, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    _add_text(head, "title", title)
    SubElement(head, "style").text = _CSS
    main = SubElement(SubElement(root, "body"), "main")
    _add_text(main, "h1", title)
    _add_overview(main, panels)
    for panel in panels:
        _add_area(main, rule_set, panel, is_open=len(panels) == 1)
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _add_overview(main: Element, panels: Sequence[Panel]) -> None:
    table = SubElement(SubElement(main, "div", {"class": "wide"}), "table")
    _add_text(table, "caption", "Areas in the order of asking, and the red flags in each")
    row = SubElement(SubElement(table, "thead"), "tr")
    heads = ("Area", "Questions", *(f"{MARKS[tone]} {meaning}" for tone, meaning in TONES.items()))
    for words in heads:
        _add_text(row, "th", words, scope="col")
    body = SubElement(table, "tbody")
    for panel in panels:
        row = SubElement(body, "tr")
        name = SubElement(row, "th", {"scope": "row"})
        _add_text(name, "a", panel.title, href=f"#{panel.id}")
        _add_text(row, "td", str(len(panel.own)))
        counts = Counter(flag.advice.tone for flag in panel.red_flags)
        for tone in TONES:
            _add_text(row, "td", str(counts[tone] or ""))


def _add_area(main: Element, rule_set: RuleSet, panel: Panel, *, is_open: bool) -> None:
    opened = {"open": ""} if is_open else {}
    part = SubElement(main, "details", {"id": panel.id, **opened})
    _add_text(SubElement(part, "summary"), "h2", f"{panel.title}: {panel.size}")
    part.append(_build_picture(rule_set, panel))


def _build_picture(rule_set: RuleSet, panel: Panel) -> Element:
    """The SVG of one area, with names of its own, so that several can stand in one page."""
    picture = fromstring(render_svg(rule_set, [panel]))  # noqa: S314  it is our own
    for element in picture.iter():
        element.tag = element.tag.rpartition("}")[2]
        for key, value in element.attrib.items():
            if key == "id":
                element.set(key, f"{panel.id}-{value}")
            elif key == "aria-labelledby":
                names = (f"{panel.id}-{name}" for name in value.split())
                element.set(key, " ".join(names))
            elif value.startswith("url(#"):
                element.set(key, f"url(#{panel.id}-{value[5:]}")
    return picture


def _add_text(parent: Element, name: str, text: str, **attributes: str) -> None:
    element = SubElement(parent, name, attributes)
    element.text = make_printable(text)
