"""The commands `backtriage rules ...`, one module for each group."""

from backtriage.cli.rules import check, diff, prove, show, test
from backtriage.cli.rules.app import rules_app

__all__ = ["check", "diff", "prove", "rules_app", "show", "test"]
