"""RuleSet -> a picture of its areas, questions, red flags and advices, as HTML, SVG or Mermaid.

`picture` says what is shown (a Panel for each area). For SVG, `order`, `layout`, `shapes` and
`fonts` find the place of everything, and `svg` writes it; Mermaid is laid out by whoever draws it.
"""

from backtriage.authoring.graph.mermaid import is_small_enough, render_detail, render_overview
from backtriage.authoring.graph.page import render_page
from backtriage.authoring.graph.picture import build_panels
from backtriage.authoring.graph.svg import render_svg

__all__ = [
    "build_panels",
    "is_small_enough",
    "render_detail",
    "render_overview",
    "render_page",
    "render_svg",
]
