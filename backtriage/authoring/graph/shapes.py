"""Ties between boxes -> the curves of a drawing; and what a drawing is made of, in pixels."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from backtriage.authoring.graph.fonts import Font

_LEAST_BOW = 0.25
"""What part of the room the flattest bow takes."""

Sort = Literal["question", "red-flag", "advice"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in a font."""

    text: str
    font: Font


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box with its lines; `note` is shown on pointing at it."""

    sort: Sort
    id: str
    style: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[Line, ...]
    note: str | None = None

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A cubic curve: its first end, two points that draw it out, its other end, as x and y each.

    `owner` is the id of the box that it belongs to, and `note` is shown on pointing at it.
    """

    style: str
    points: tuple[float, float, float, float, float, float, float, float]
    owner: str
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """Two boxes that a curve shall join; the rest is as in Curve."""

    first: Box
    second: Box
    style: str
    owner: str
    note: str | None = None


def draw_across(ties: Sequence[Tie]) -> Iterator[Curve]:
    """Curves from the right of the first boxes to the left of the second ones, in an S."""
    for tie, leaving, arriving in _with_ends(ties, _from_above):
        x1, x2 = tie.first.right, tie.second.x
        pull = (x2 - x1) * 0.5
        points = (x1, leaving, x1 + pull, leaving, x2 - pull, arriving, x2, arriving)
        yield Curve(style=tie.style, points=points, owner=tie.owner, note=tie.note)


def draw_around(ties: Sequence[Tie], room: float) -> Iterator[Curve]:
    """Curves from the left of the first boxes to the left of the second ones, in a bow.

    The longest one takes all of the `room`.
    """
    longest = max((_length(tie) for tie in ties), default=0)
    for tie, leaving, arriving in _with_ends(ties, _bow_in_bow):
        x = tie.first.x
        share = _LEAST_BOW + (1 - _LEAST_BOW) * _length(tie) / longest
        pull = x - share * room / 0.75  # a cubic reaches three quarters of what draws it out
        points = (x, leaving, pull, leaving, pull, arriving, x, arriving)
        yield Curve(style=tie.style, points=points, owner=tie.owner, note=tie.note)


def _length(tie: Tie) -> float:
    return abs(tie.second.y - tie.first.y)


def _from_above(_box: Box, other: Box) -> tuple[bool, float]:
    """The order of ends on one box: as the other boxes stand."""
    return True, other.y


def _bow_in_bow(box: Box, other: Box) -> tuple[bool, float]:
    """The order of ends on one box: upwards above downwards, shorter bows inside longer ones."""
    return other.y > box.y, -other.y


def _with_ends(
    ties: Sequence[Tie], key: Callable[[Box, Box], tuple[bool, float]]
) -> Iterator[tuple[Tie, float, float]]:
    """Each tie with the heights at which it leaves and arrives.

    So the curves of one box fan out in the order of `key`.
    """
    leaving = _fan(((tie.first, tie.second, tie) for tie in ties), key)
    arriving = _fan(((tie.second, tie.first, tie) for tie in ties), key)
    return ((tie, leaving[tie], arriving[tie]) for tie in ties)


def _fan(
    ends: Iterable[tuple[Box, Box, Tie]], key: Callable[[Box, Box], tuple[bool, float]]
) -> dict[Tie, float]:
    """The height of each end: those on one box are spread evenly over its edge."""
    by_box: dict[Box, list[tuple[Box, Tie]]] = {}
    for box, other, tie in ends:
        by_box.setdefault(box, []).append((other, tie))
    heights: dict[Tie, float] = {}
    for box, others in by_box.items():
        others.sort(key=lambda end: key(box, end[0]))
        gap = box.height / (len(others) + 1)
        heights |= {tie: box.y + gap * place for place, (_, tie) in enumerate(others, 1)}
    return heights
