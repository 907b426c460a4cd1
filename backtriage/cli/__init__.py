"""The commands: each parses, builds, calls and reports in a few lines.

A command registers itself where it is imported, and is imported only where it may be wanted.
"""

import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from backtriage.cli import interview as interview  # what runs where no command is named
from backtriage.cli.app import app, run_app

__all__ = ["app", "load_commands", "run"]

_COMMANDS = (
    "assess",
    "cohort",
    "evaluate",
    "export",
    "questions",
    "replay",
    "rules",
    "schema",
    "simulate",
)
"""In the order of `backtriage --help`."""


def run(begin: Callable[[], None] = lambda: None) -> int:
    """Run what the command line names and give its exit code.

    `begin` is called when all is imported that the command line needs at once.
    """
    # a shell that asks what it can offer puts the words elsewhere
    load_commands(("--help",) if "_BACKTRIAGE_COMPLETE" in os.environ else sys.argv[1:])
    begin()
    return run_app()


def load_commands(words: Sequence[str] = ("--help",)) -> None:
    """Import the command that the words begin with, or all where they begin with none.

    The others would take a twentieth of the time to start.
    """
    for name in words[:1] if not words or words[0] in _COMMANDS else _COMMANDS:
        import_module(f"backtriage.cli.{name}")
