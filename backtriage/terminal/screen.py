"""Where the talk goes, and where typed lines come from."""

import io
import os
import sys
import textwrap
from typing import TextIO

from rich.console import Console
from rich.text import Text

from backtriage.errors import printable

WIDEST = 80


class EndOfInput(Exception):
    """There are no more lines."""


class Screen:
    """Shows paragraphs on stderr and reads lines from stdin."""

    def __init__(self, lines: TextIO | None = None) -> None:
        self.lines = lines or sys.stdin or io.StringIO()
        self.console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        self.is_terminal = self.lines.isatty()
        self.refused = 0
        """How many lines were not understood."""

    def say(self, text: str = "", style: str = "") -> None:
        """Show a paragraph, wrapped to the width of the terminal."""
        self._show(printable(text), style, "\n")

    def refuse(self, text: str) -> None:
        """Say that a line was not understood."""
        self.refused += 1
        self.say(text, "yellow")

    def read(self, prompt: str) -> str:
        """One line, without the spaces around it; raises EndOfInput."""
        self._show(f"{prompt} >", "bold", " ")
        line = self.lines.readline()
        if not self.is_terminal:
            self.say(line.strip())
        if not line:
            raise EndOfInput
        return line.strip()

    def left_over(self) -> str | None:
        """The next line that is not blank, if there is one, where the input is not a terminal."""
        if self.is_terminal:
            return None
        return next((line.strip() for line in self.lines if line.strip()), None)

    def _show(self, text: str, style: str, end: str) -> None:
        # rich would take every dumb terminal for 80 wide, and leave blanks at the ends of lines
        lines = (textwrap.fill(line, _width()) for line in text.split("\n"))
        self.console.print(Text("\n".join(lines) + end, style=style), end="", soft_wrap=True)


def _width() -> int:
    """The width of the terminal that the talk goes to, `WIDEST` at most."""
    given = os.environ.get("COLUMNS", "")
    if given.isdecimal() and int(given) > 0:
        return min(int(given), WIDEST)
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return min(columns, WIDEST) if columns > 0 else WIDEST
