"""Panels -> SVG: one self-contained picture without scripts and fonts, for light and dark.

Pointing at a box or at a curve shows the text of the question, why a red flag counts, or the
comparison.
"""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from backtriage.authoring.graph.elements import write_note, write_number, write_rect, write_text
from backtriage.authoring.graph.layout import (
    COLUMNS,
    INSIDE,
    MARGIN,
    PAD,
    PANEL,
    SMALL,
    PanelDrawing,
    place_panels,
)
from backtriage.authoring.graph.legend import write_legend
from backtriage.authoring.graph.picture import Panel
from backtriage.authoring.graph.shapes import Box, Curve
from backtriage.authoring.graph.style import CSS
from backtriage.errors import make_printable
from backtriage.model import RuleSet

WIDTH = PANEL + 2 * MARGIN


def render_svg(rule_set: RuleSet, panels: Sequence[Panel]) -> str:
    """The panels of a rule set one below the other, under a legend."""
    title = f"{rule_set.title} ({rule_set.id} {rule_set.version}): questions, red flags and advices"
    root = Element(
        "svg",
        {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria-labelledby": "title desc"},
    )
    SubElement(root, "title", {"id": "title"}).text = make_printable(title)
    SubElement(root, "desc", {"id": "desc"}).text = make_printable(_description(panels))
    SubElement(root, "style").text = CSS
    _arrow(root)
    SubElement(root, "rect", {"class": "paper", "width": "100%", "height": "100%"})
    bottom = write_legend(root, title, WIDTH, MARGIN)
    for drawing in place_panels(panels, bottom):
        _panel(root, drawing)
        bottom = drawing.y + drawing.height + MARGIN
    root.attrib |= {
        "width": write_number(WIDTH),
        "height": write_number(bottom),
        "viewBox": f"0 0 {write_number(WIDTH)} {write_number(bottom)}",
    }
    indent(root)
    return tostring(root, encoding="unicode") + "\n"


def _description(panels: Sequence[Panel]) -> str:
    """What those hear who cannot see the picture.

    `rules list` and `rules explain` tell them the rest.
    """
    areas = "; ".join(f"{panel.title}: {panel.size}" for panel in panels)
    return f"In each area, which questions bear on which red flags, and what these advise. {areas}."


def _arrow(root: Element) -> None:
    """The tip of a dotted line."""
    size = {"viewBox": "0 0 8 8", "refX": "7", "refY": "4", "markerWidth": "8", "markerHeight": "8"}
    units = {"markerUnits": "userSpaceOnUse", "orient": "auto"}
    marker = SubElement(SubElement(root, "defs"), "marker", {"id": "arrow"} | size | units)
    SubElement(marker, "path", {"d": "M0 0L8 4L0 8z", "class": "tip"})


def _panel(root: Element, drawing: PanelDrawing) -> None:
    group = SubElement(root, "g", {"data-area": drawing.area})
    write_rect(group, MARGIN, drawing.y, (PANEL, drawing.height), "panel", radius=12)
    _headings(group, drawing)
    # The curves of a red flag stand in one group with it, so that pointing at it shows them.
    flags = {
        box.id: SubElement(group, "g", {"class": "flag"})
        for box in drawing.boxes
        if box.sort == "red-flag"
    }
    for curve in drawing.curves:
        _curve(group if curve.style == "follow-up" else flags[curve.owner], curve)
    for box in drawing.boxes:
        _box(flags[box.id] if box.sort == "red-flag" else group, box)


def _headings(group: Element, drawing: PanelDrawing) -> None:
    for place, line in enumerate(drawing.title):
        write_text(
            group, MARGIN + PAD, drawing.y + 12 + place * line.font.line, line.text, line.font
        )
    for heading, x in zip(("Questions", "Red flags", "Advice"), COLUMNS, strict=True):
        write_text(group, x, drawing.y + drawing.head - 24, heading, SMALL, "faint")


def _curve(parent: Element, curve: Curve) -> None:
    ends = " ".join(map(write_number, curve.points[2:]))
    place = {"d": f"M{write_number(curve.points[0])} {write_number(curve.points[1])}C{ends}"}
    tip = {"marker-end": "url(#arrow)"} if curve.style == "follow-up" else {}
    path = SubElement(parent, "path", {"class": f"{curve.style} curve"} | place | tip)
    write_note(path, curve.note)


def _box(parent: Element, box: Box) -> None:
    group = SubElement(parent, "g", {"data-sort": box.sort, "data-id": box.id})
    write_note(group, box.note)
    write_rect(group, box.x, box.y, (box.width, box.height), box.style)
    y = box.y + INSIDE
    for line in box.lines:
        write_text(group, box.x + INSIDE, y, line.text, line.font)
        y += line.font.line
