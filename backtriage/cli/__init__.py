"""The commands: each parses, builds, calls and reports in a few lines."""

from backtriage.cli import assess, export, interview, rules, show
from backtriage.cli.app import EXIT_CODES, app, run

__all__ = ["EXIT_CODES", "app", "assess", "export", "interview", "rules", "run", "show"]
