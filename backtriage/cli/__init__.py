"""The commands: each parses, builds, calls and reports in a few lines.

A command registers itself where it is imported, so the order here is that of `backtriage --help`.
"""

from backtriage.cli import (
    assess,
    cohort,
    evaluate,
    export,
    interview,
    questions,
    replay,
    rules,
    schema,
    simulate,
)
from backtriage.cli.app import app, run

__all__ = [
    "app",
    "assess",
    "cohort",
    "evaluate",
    "export",
    "interview",
    "questions",
    "replay",
    "rules",
    "run",
    "schema",
    "simulate",
]
