"""Places and words -> the few XML elements that a drawing needs."""

from xml.etree.ElementTree import Element, SubElement

from backtriage.authoring.graph.fonts import Font
from backtriage.errors import make_printable


def write_text(
    parent: Element, x: float, y: float, words: str, font: Font, style: str = ""
) -> None:
    """A line of text whose top left corner is at x and y."""
    attributes = {
        "x": write_number(x),
        "y": write_number(y + font.size * 1.05),  # SVG wants the line that the letters stand on
        "font-size": write_number(font.size),
    }
    classes = [name for name, on in (("code", font.code), ("bold", font.bold)) if on]
    if style:
        classes.append(style)
    if classes:
        attributes["class"] = " ".join(classes)
    SubElement(parent, "text", attributes).text = make_printable(words)


def write_rect(
    parent: Element, x: float, y: float, size: tuple[float, float], style: str, radius: float = 7
) -> None:
    """A rectangle with round corners."""
    width, height = size
    numbers = {"x": x, "y": y, "width": width, "height": height, "rx": radius}
    place = {key: write_number(value) for key, value in numbers.items()}
    SubElement(parent, "rect", {"class": style} | place)


def write_note(parent: Element, words: str | None) -> None:
    """What is shown on pointing at the parent; it must come before all else in it."""
    if words:
        SubElement(parent, "title").text = make_printable(words)


def write_number(value: float) -> str:
    """A number of pixels, as short as a tenth of a pixel allows."""
    return f"{round(value, 1):g}" if abs(value) < 100_000 else f"{value:.1f}"
