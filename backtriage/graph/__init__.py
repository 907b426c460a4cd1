"""RuleSet -> a picture of its areas, questions, red flags and advices, as SVG or as Mermaid."""

from backtriage.graph.mermaid import detail, fits, overview
from backtriage.graph.picture import panels
from backtriage.graph.svg import svg

__all__ = ["detail", "fits", "overview", "panels", "svg"]
