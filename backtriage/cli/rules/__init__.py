"""The commands `backtriage rules ...`, one module for each group."""

from backtriage.cli.rules import check, diff, lock, prove, show, test, translate
from backtriage.cli.rules.app import rules_app

__all__ = ["check", "diff", "lock", "prove", "rules_app", "show", "test", "translate"]
