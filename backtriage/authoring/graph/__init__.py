"""RuleSet -> a picture of its areas, questions, red flags and advices, as SVG or as Mermaid."""

from backtriage.authoring.graph.mermaid import is_small_enough, render_detail, render_overview
from backtriage.authoring.graph.picture import build_panels
from backtriage.authoring.graph.svg import render_svg

__all__ = ["build_panels", "is_small_enough", "render_detail", "render_overview", "render_svg"]
