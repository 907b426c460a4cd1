"""Text -> how much room it takes in a font, and lines that fit.

On the safe side, since nobody knows which font will be there: the widths are at least those of the
widest common fonts (Verdana, DejaVu Sans), in parts of the font size.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_NARROW, _WIDE, _WIDEST = set(" .,:;!|'()[]fijlrtI-/"), set("mwMW@%&"), 1.04
_BOLD = 1.12


@dataclass(frozen=True, slots=True)
class Font:
    """A font by its size in pixels; a `code` font has letters that are all of one width."""

    size: float
    code: bool = False
    bold: bool = False

    @property
    def line(self) -> float:
        """The height of a line."""
        return self.size * 1.4


def measure_width(text: str, font: Font) -> float:
    """The room that a text takes at most, in pixels."""
    width = sum(_measure(character, code=font.code) for character in text)
    bold = _BOLD if font.bold and not font.code else 1
    return width * font.size * bold


def _measure(character: str, *, code: bool) -> float:
    """The width of a character, in parts of the font size."""
    if not character.isascii():
        return _WIDEST
    if code:
        return 0.69  # a bold sans where there is no such font
    if character in _NARROW:
        return 0.5
    if character in _WIDE:
        return _WIDEST
    return 0.8 if character.isupper() else 0.66


def wrap_text(text: str, room: float, font: Font) -> tuple[str, ...]:
    """The text in lines that fit into `room` pixels.

    A word that is too long by itself is broken, and an id behind its underscores.
    """
    lines = [""]
    for piece in _pieces(text, room, font):
        if lines[-1] and measure_width((lines[-1] + piece).rstrip(), font) > room:
            lines.append("")
        lines[-1] += piece if lines[-1] else piece.lstrip()
    return tuple(line.rstrip() for line in lines if line.strip()) or ("",)


def _pieces(text: str, room: float, font: Font) -> Iterator[str]:
    """What is not broken unless it must be, with the blank or the underscore behind it."""
    for word in text.split():
        *parts, last = word.split("_")
        for part in (*(f"{part}_" for part in parts), f"{last} "):
            yield from _break(part, room, font)


def _break(part: str, room: float, font: Font) -> Iterable[str]:
    start = 0
    for end in range(1, len(part)):
        if measure_width(part[start : end + 1].rstrip(), font) > room and end > start:
            yield part[start:end]
            start = end
    yield part[start:]
