"""What the pictures of the benchmarks are drawn with."""

import xml.etree.ElementTree as ET


def canvas(title: str, height: int) -> ET.Element:
    """An empty picture with a title for those who cannot see it."""
    svg = ET.Element(
        "svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 640 {height}", role="img"
    )
    ET.SubElement(svg, "title").text = title
    ET.SubElement(svg, "style").text = (
        "text { font: 13px sans-serif; fill: #24292f } path { fill: none; stroke-width: 2 } "
        "@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } }"
    )
    return svg


def write(svg: ET.Element, x: float, y: float, text: str, anchor: str) -> None:
    """A text at a place."""
    ET.SubElement(
        svg, "text", {"x": f"{x:.0f}", "y": f"{y:.0f}", "text-anchor": anchor}
    ).text = text


def finished(svg: ET.Element) -> str:
    """The picture as a file."""
    return ET.tostring(svg, encoding="unicode") + "\n"
