"""The commands `backtriage rules ...`, one module for each group."""

from backtriage.cli.rules.app import rules_app

__all__ = ["rules_app"]
