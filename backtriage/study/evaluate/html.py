"""Texts, tables and lists as parts of an HTML page.

They are built as a tree, so that every text in it is escaped.
"""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement

from backtriage.errors import make_printable


def add_text(parent: Element, name: str, text: str, **attributes: str) -> Element:
    """A new element with a text in it; the attribute `class` is given as `class_`."""
    named = {key.rstrip("_"): value for key, value in attributes.items()}
    element = SubElement(parent, name, named)
    element.text = make_printable(text)
    return element


def add_table(
    section: Element, caption: str, heads: Sequence[str], class_: str = "counted"
) -> Element:
    """A new table with its caption and header; what comes back is its body, still empty."""
    # A wide table scrolls by itself, not the whole page with it.
    table = SubElement(SubElement(section, "div", {"class": "wide"}), "table", {"class": class_})
    add_text(table, "caption", caption)
    row = SubElement(SubElement(table, "thead"), "tr")
    for head in heads:
        if head:
            add_text(row, "th", head, scope="col")
        else:  # a cell without a text heads nothing, so it is no header
            add_text(row, "td", "")
    return SubElement(table, "tbody")


def add_row(body: Element, head: str, cells: Iterable[str | Sequence[str]]) -> None:
    """A row of words behind its head; a cell with several texts has one below the other."""
    row = SubElement(body, "tr")
    add_text(row, "th", head, scope="row")
    for cell in cells:
        if isinstance(cell, str):
            add_text(row, "td", cell, class_="words")
        else:
            several = SubElement(row, "td", {"class": "words"})
            for text in cell:
                add_text(several, "p", text)
