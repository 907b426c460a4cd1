"""Keys at a terminal -> typed lines, which can be edited while they are typed.

The standard library edits only lines whose prompt goes to standard output.
"""

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO


class Keyboard:
    """Where somebody types, a line at a time."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines
        # who has sent lines before anything is asked is a program, and they stay in their order
        self._is_person = lines.isatty() and not self._has_waiting()
        self._edits = self._is_person and lines is sys.stdin and _prepare_editing()

    @property
    def shows_prompts(self) -> bool:
        """Whether `read_line` shows the prompt, which it has to do where a line is edited."""
        return self._edits and sys.stderr.isatty()

    def read_line(self, prompt: str, longest: int) -> str:
        """A line with its end, or its first characters; nothing at the end of all lines."""
        if not self.shows_prompts:
            return self._lines.readline(longest)
        try:
            with _stdout_to_talk():
                return f"{input(prompt)}\n"[:longest]
        except EOFError:
            return ""

    def ignore_waiting(self) -> bool:
        """Drop the lines that a person typed, or pasted, without having read what comes next.

        Says whether there were any. A line that is not ended yet stays, where it can be seen.
        """
        if not self._is_person or not self._has_waiting():
            return False
        import termios  # there is none on Windows, where nobody is found to be waiting

        termios.tcflush(self._lines, termios.TCIFLUSH)
        return True

    def _has_waiting(self) -> bool:
        """Whether there are lines that nobody has read."""
        try:
            return bool(select.select([self._lines], [], [], 0)[0])
        except (OSError, ValueError):
            return False


def _prepare_editing() -> bool:
    """Have lines edited from now on; False where that cannot be done, or the system does it."""
    if os.environ.get("TERM", "dumb") == "dumb":
        return False  # all of a line would be drawn again where it is full
    try:
        import readline
    except ImportError:
        return False
    readline.set_auto_history(False)  # answers are nobody's business, also not of the next prompt
    for setting in (
        "enable-bracketed-paste off",  # its marks would be written around every prompt
        "input-meta on",  # letters with accents are letters in every locale
        "output-meta on",
        "convert-meta off",
    ):
        readline.parse_and_bind(f"set {setting}")
    return True


@contextmanager
def _stdout_to_talk() -> Iterator[None]:
    """While this lasts standard output goes where the talk goes: a prompt is no result."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
