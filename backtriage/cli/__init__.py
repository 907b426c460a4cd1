"""The commands: each parses, builds, calls and reports in a few lines."""

from backtriage.cli import assess, cohort, evaluate, export, interview, rules, show, simulate
from backtriage.cli.app import EXIT_CODES, app, run

__all__ = [
    "EXIT_CODES",
    "app",
    "assess",
    "cohort",
    "evaluate",
    "export",
    "interview",
    "rules",
    "run",
    "show",
    "simulate",
]
