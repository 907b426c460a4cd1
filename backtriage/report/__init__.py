"""Assessment -> what a person is told: sections, words, formats, and how lines are laid out."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backtriage.report.card import Card, build_card
    from backtriage.report.formats import render_json, render_markdown, render_text
    from backtriage.report.html import render_html

__all__ = ["Card", "build_card", "render_html", "render_json", "render_markdown", "render_text"]

_HOMES = {"Card": "card", "build_card": "card", "render_html": "html"}
"""Where what is not in `formats` stands."""


def __getattr__(name: str) -> Any:
    """What is asked for is imported then: commands that need one of them start faster so."""
    if name not in __all__:
        raise AttributeError(name)
    home = _HOMES.get(name, "formats")
    return getattr(import_module(f"backtriage.report.{home}"), name)
