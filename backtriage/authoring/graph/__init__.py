"""RuleSet -> a picture of its areas, questions, red flags and advices, as SVG or as Mermaid."""

from backtriage.authoring.graph.mermaid import detail, fits, overview
from backtriage.authoring.graph.picture import panels
from backtriage.authoring.graph.svg import svg

__all__ = ["detail", "fits", "overview", "panels", "svg"]
