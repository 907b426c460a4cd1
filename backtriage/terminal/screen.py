"""Paragraphs -> stderr, stdin -> typed lines: where the talk goes, and where it comes from."""

import io
import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from rich.console import Console
from rich.text import Text

from backtriage.errors import make_printable
from backtriage.language import say
from backtriage.number_words import read_whole_number
from backtriage.report.layout import wrap_text
from backtriage.terminal.keyboard import Keyboard

if TYPE_CHECKING:
    from backtriage.report.card import Card

WIDEST = 80

_STYLES = {"seek_care_now": "bold red", "see_doctor_soon": "yellow", "home_care": "green"}

_LONGEST_LINE = 4096
"""So many characters may be typed in a terminal, before Enter is needed."""


@contextmanager
def show_progress_bar(name: str) -> Iterator[Callable[[float], None]]:
    """A bar on stderr for the time of a long job.

    It gives what is to be told the share of the present step that is done, 0 to 1.
    """
    from rich.progress import Progress  # an interview starts faster without it

    console = _console()
    with Progress(console=console, transient=True) as progress:
        task = progress.add_task(name, total=1)
        yield lambda share: progress.update(task, completed=share)


class EndOfInput(Exception):
    """There are no more lines."""


class NotUnderstood(Exception):
    """A line of input that is not a terminal cannot be used; nobody is there to type it again."""

    def __init__(self, number: int, line: str) -> None:
        super().__init__()
        self.number, self.line = number, line


class Screen:
    """Shows paragraphs on stderr and reads lines from stdin."""

    def __init__(self, lines: TextIO | None = None) -> None:
        self.lines = lines or sys.stdin or io.StringIO()
        self.console = _console()
        self.is_terminal = self.lines.isatty()
        self._keyboard = Keyboard(self.lines)
        self._has_read = False
        """Whether nothing was shown yet since a line was read."""
        self.number, self.line = 0, ""
        """The line read last, counted from 1."""

    def say(self, text: str = "", style: str = "", indent: int = 0) -> None:
        """Show a paragraph, wrapped to the terminal; all lines but the first are indented."""
        lines = [
            "\n".join(wrap_text(line, _width(), further=" " * indent)) for line in text.split("\n")
        ]
        self._show("\n".join(lines) + "\n", style)

    def show_command(self, text: str) -> None:
        """Show something to be copied: on a line of its own, and never broken."""
        self._show(f"  {text}\n", "")

    def show_card(self, card: "Card") -> None:
        """Show a care card on stdout: framed and coloured where the terminal can, never only so."""
        from backtriage.report.card import lay_out_card

        out = Console(highlight=False, markup=False, emoji=False, width=_width(), height=25)
        out.print()
        if out.color_system is None:
            out.print("\n".join(lay_out_card(card, _width())), soft_wrap=True)
            return
        from rich.panel import Panel

        style = _STYLES.get(card.advice or "", "bold")
        words = Text("\n".join(lay_out_card(card, _width() - 4)))
        words.stylize("bold", 0, len(words.plain.partition("\n\n")[0]))
        out.print(Panel(words, border_style=style, width=_width()))

    def show_result(self, text: str) -> None:
        """Show a part of the result on stdout."""
        out = Console(highlight=False, markup=False, emoji=False, width=_width(), height=25)
        out.print(f"\n{text}", end="", soft_wrap=True)

    def refuse(self, text: str) -> None:
        """Say that the line read last was not understood.

        Raises NotUnderstood where nobody can type it again.
        """
        if not self.is_terminal:
            raise NotUnderstood(self.number, self.line)
        self.say(text, "yellow")

    def read(self, prompt: str) -> str:
        """One line, without the spaces around it; raises EndOfInput.

        Of a line that is too long for an answer the beginning comes, with a mark that keeps it
        from being one.
        """
        shown = textwrap.fill(f"{prompt} >", _width()) + " "
        if not self._keyboard.shows_prompts:
            self._show(shown, "bold")
        line = self._keyboard.read_line(shown, _LONGEST_LINE)
        self._has_read = True
        if len(line) == _LONGEST_LINE and not line.endswith("\n"):
            line = f"{line.rstrip()}\N{HORIZONTAL ELLIPSIS}"
        if not self.is_terminal:
            self.say(line.strip())
        if not line:
            raise EndOfInput
        self.number, self.line = self.number + 1, line.strip()
        return self.line

    def read_left_over(self) -> str | None:
        """The next line that is not blank; None at the end, and of a terminal, which waits."""
        if self.is_terminal:
            return None
        pieces = iter(lambda: self.lines.readline(_LONGEST_LINE), "")
        return next((piece.strip() for piece in pieces if piece.strip()), None)

    def _show(self, text: str, style: str) -> None:
        if self._has_read:
            self._has_read = False
            if self._keyboard.ignore_waiting():
                self.say(say("(What came before you could read on is not used.)"), "dim")
        # Not wrapped by rich, which takes every dumb terminal for 80 wide and leaves blanks at the
        # ends of lines.
        self.console.print(Text(make_printable(text), style=style), end="", soft_wrap=True)


def _console() -> Console:
    """What draws the talk, as text alone: what was typed must not be taken for markup.

    Its size is given, since rich would fail where the environment has one that is no number.
    """
    return Console(
        stderr=True, highlight=False, markup=False, emoji=False, width=_width(), height=25
    )


def _width() -> int:
    """The width of the terminal that the talk goes to, `WIDEST` at most."""
    given = read_whole_number(os.environ.get("COLUMNS", ""))
    if given:
        return min(given, WIDEST)
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return min(columns, WIDEST) if columns > 0 else WIDEST
