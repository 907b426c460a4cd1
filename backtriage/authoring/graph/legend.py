"""Title and legend of a picture: what boxes, lines, colours and marks mean."""

from collections.abc import Callable, Iterable
from xml.etree.ElementTree import Element, SubElement

from backtriage.authoring.graph.elements import write_number, write_rect, write_text
from backtriage.authoring.graph.fonts import Font, measure_width, wrap_text
from backtriage.authoring.graph.picture import MARKS, TONES

Sample = tuple[Callable[[Element, float, float], None], str]
"""What draws a sample at x and y, and what it means."""

_TITLE, _ENTRY = Font(20, bold=True), Font(13)
_SAMPLE, _GAP, _ROW = 34.0, 10.0, 26.0

_NOTES = (
    "Lines lead from a question to the red flags that it bears on, and on to what these advise.",
    "Point at a box or a line to read more. Without any red flag the advice is home care.",
)


def write_legend(root: Element, title: str, room: float, margin: float) -> float:
    """Write title and legend at the top, `room` wide with its margins, and give back their end."""
    group, y = SubElement(root, "g", {"class": "legend"}), margin
    for line in wrap_text(title, room - 2 * margin, _TITLE):
        write_text(group, margin, y, line, _TITLE)
        y += _TITLE.line
    y += _GAP
    for samples in (_QUESTIONS, _RED_FLAGS):
        y = _entries(group, samples, y, room, margin)
    y += _GAP
    for words in (line for note in _NOTES for line in wrap_text(note, room - 2 * margin, _ENTRY)):
        write_text(group, margin, y, words, _ENTRY, "faint")
        y += _ENTRY.line
    return y + margin


def _entries(
    group: Element, samples: Iterable[Sample], y: float, room: float, margin: float
) -> float:
    """Samples with their meaning, one beside the other as far as there is room.

    Gives back where the next row is.
    """
    x = margin
    for sample, meaning in samples:
        taken = _SAMPLE + _GAP + measure_width(meaning, _ENTRY)
        if x > margin and x + taken > room - margin:
            x, y = margin, y + _ROW
        sample(group, x, y)
        write_text(group, x + _SAMPLE + _GAP, y, meaning, _ENTRY)
        x += taken + 2 * _GAP
    return y + _ROW


def _box(style: str) -> Callable[[Element, float, float], None]:
    return lambda group, x, y: write_rect(group, x, y, (_SAMPLE, _ENTRY.line), style, radius=5)


def _dotted(group: Element, x: float, y: float) -> None:
    place = {
        "d": f"M{write_number(x)} {write_number(y + _ENTRY.line / 2)}h{write_number(_SAMPLE - 8)}",
        "marker-end": "url(#arrow)",
    }
    SubElement(group, "path", {"class": "follow-up curve"} | place)


_QUESTIONS: tuple[Sample, ...] = (
    (_box("question"), "question"),
    (_box("borrowed"), "question that another area asks"),
    (_dotted, "decides whether the other is asked"),
)
_RED_FLAGS: tuple[Sample, ...] = tuple(
    (_box(tone), f"{MARKS[tone]} {meaning}") for tone, meaning in TONES.items()
)
