"""Panels -> PanelDrawings: every box with its lines of text and every curve, with places in pixels.

Three columns in each panel: questions, red flags, advices. Curves run between the columns, and
those of follow-ups on the left of the questions, so that no curve ever runs through a text.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from backtriage.authoring.graph.fonts import Font, wrap_text
from backtriage.authoring.graph.order import find_order
from backtriage.authoring.graph.picture import AskedNode, FlagNode, Panel
from backtriage.authoring.graph.shapes import Box, Curve, Line, Sort, Tie, draw_across, draw_around

TITLE, LABEL, SMALL, CODE = Font(17, bold=True), Font(13), Font(12), Font(13, code=True, bold=True)

MARGIN, PAD, GAP = 24.0, 20.0, 10.0
FOLLOW_UPS, FIRST_GUTTER, SECOND_GUTTER = 84.0, 200.0, 100.0
QUESTIONS, RED_FLAGS, ADVICES = 290.0, 335.0, 190.0
HEAD = 66.0
"""Room for the title of a panel, if that is one line, and for the headings of its columns."""

INSIDE = 9.0
"""Room between the edge of a box and its text."""

PANEL = 2 * PAD + FOLLOW_UPS + QUESTIONS + FIRST_GUTTER + RED_FLAGS + SECOND_GUTTER + ADVICES
_MOST_TITLES = 2
"""How many other areas that use a question are named; of more, only their number is told."""

_FIRST = MARGIN + PAD + FOLLOW_UPS
_SECOND = _FIRST + QUESTIONS + FIRST_GUTTER
_THIRD = _SECOND + RED_FLAGS + SECOND_GUTTER
_COLUMN_OF: dict[Sort, tuple[float, float]] = {
    "question": (_FIRST, QUESTIONS),
    "red-flag": (_SECOND, RED_FLAGS),
    "advice": (_THIRD, ADVICES),
}
"""Where each column begins, and how wide it is."""

COLUMNS = tuple(x for x, _ in _COLUMN_OF.values())
"""Where they begin, from left to right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelDrawing:
    """A panel with what stands in it.

    `head` is the room for title and headings, at the top of its `height`.
    """

    area: str
    title: tuple[Line, ...]
    y: float
    head: float
    height: float
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]


def place_panels(panels: Iterable[Panel], top: float) -> tuple[PanelDrawing, ...]:
    """The panels one below the other, from `top` on."""
    drawn: list[PanelDrawing] = []
    for panel in panels:
        drawn.append(_panel(panel, top))
        top += drawn[-1].height + MARGIN
    return tuple(drawn)


def _panel(panel: Panel, top: float) -> PanelDrawing:
    """A panel from `top` on, as high as its highest column."""
    asked, flags = find_order(panel)
    title = _lines(f"{panel.title} ({panel.size})", PANEL - 2 * PAD, TITLE)
    head = HEAD + (len(title) - 1) * TITLE.line
    questions, red_flags = list(map(_question, asked)), list(map(_flag, flags))
    room = max(_height(questions), _height(red_flags))
    middle = top + head + room / 2
    questions, red_flags = _stack(questions, middle), _stack(red_flags, middle)
    advices = _advices(panel, flags, red_flags)
    boxes = (*questions, *red_flags, *advices)
    bottom = max([middle + room / 2, *(box.bottom for box in boxes)]) + PAD
    return PanelDrawing(
        area=panel.id,
        title=title,
        y=top,
        head=head,
        height=bottom - top,
        boxes=boxes,
        curves=tuple(_curves(panel, flags, boxes)),
    )


# Boxes --------------------------------------------------------------------------------------------


def _question(question: AskedNode) -> Box:
    lines = _lines(question.label, QUESTIONS, LABEL)
    if question.borrowed_from is not None:
        lines += _lines(f"asked in: {question.borrowed_from}", QUESTIONS, SMALL)
    if question.used_in:
        lines += _lines(f"used in: {_in_short(question.used_in)}", QUESTIONS, SMALL)
    style = "question" if question.borrowed_from is None else "borrowed"
    return _box("question", question.id, style, lines, question.ask)


def _in_short(titles: Sequence[str]) -> str:
    return ", ".join(titles) if len(titles) <= _MOST_TITLES else f"{len(titles)} other areas"


def _flag(flag: FlagNode) -> Box:
    advice = _lines(f"{flag.advice.mark} {flag.advice.words}", RED_FLAGS, SMALL)
    lines = _lines(flag.id, RED_FLAGS, CODE) + advice
    return _box("red-flag", flag.id, flag.advice.tone, lines, flag.because)


def _advices(panel: Panel, flags: Sequence[FlagNode], red_flags: Sequence[Box]) -> list[Box]:
    """Each advice beside the middle of its red flags.

    Or below the advice before it, where that stands in the way.
    """
    boxes: list[Box] = []
    for advice in panel.advices:
        own = [box for flag, box in zip(flags, red_flags, strict=True) if flag.advice == advice]
        lines = _lines(f"{advice.mark} {advice.words}", ADVICES, LABEL)
        box = _box("advice", advice.id, advice.tone, lines)
        y = (own[0].y + own[-1].bottom - box.height) / 2
        if boxes:
            y = max(y, boxes[-1].bottom + GAP)
        boxes.append(replace(box, y=y))
    return boxes


def _lines(text: str, column: float, font: Font) -> tuple[Line, ...]:
    """The text in lines that fit into a box of a column."""
    return tuple(Line(line, font) for line in wrap_text(text, column - 2 * INSIDE, font))


def _box(
    sort: Sort, name: str, style: str, lines: tuple[Line, ...], note: str | None = None
) -> Box:
    """A box in its column, as high as its lines; how far down it stands is found later."""
    height = sum(line.font.line for line in lines) + 2 * INSIDE
    x, width = _COLUMN_OF[sort]
    return Box(
        sort=sort,
        id=name,
        style=style,
        x=x,
        y=0,
        width=width,
        height=height,
        lines=lines,
        note=note,
    )


def _height(boxes: Sequence[Box]) -> float:
    """The height of a column of boxes."""
    return sum(box.height + GAP for box in boxes) - GAP if boxes else 0


def _stack(boxes: Sequence[Box], middle: float) -> list[Box]:
    """The boxes one below the other, as a column around a middle."""
    y = middle - _height(boxes) / 2
    stacked: list[Box] = []
    for box in boxes:
        stacked.append(replace(box, y=y))
        y += box.height + GAP
    return stacked


# Curves -------------------------------------------------------------------------------------------


def _curves(panel: Panel, flags: Sequence[FlagNode], boxes: Sequence[Box]) -> Iterator[Curve]:
    """Those between questions, then those to red flags, then those on to advices."""
    by_part = {(box.sort, box.id): box for box in boxes}
    follow_ups, raising, advising = [], [], []
    for link in panel.follow_ups:
        first, second = by_part["question", link.question], by_part["question", link.on]
        tie = Tie(first, second, "follow-up", link.on, note=f"Asked if {link.words}")
        follow_ups.append(tie)
    for flag in flags:
        box, advice = by_part["red-flag", flag.id], by_part["advice", flag.advice.id]
        for link in flag.links:
            question = by_part["question", link.question]
            tie = Tie(question, box, flag.advice.tone, flag.id, note=link.words)
            raising.append(tie)
        advising.append(Tie(box, advice, flag.advice.tone, flag.id))
    yield from draw_around(follow_ups, FOLLOW_UPS - 2 * GAP)
    yield from draw_across(raising)
    yield from draw_across(advising)
