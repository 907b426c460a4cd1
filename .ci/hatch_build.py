"""Writes the checked rule set into the wheel as a module; a rule set with mistakes cannot be packaged."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RuleSetHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        from backtriage.loader.build import build
        from backtriage.loader.shipped import as_module

        folder = Path(self.root, "rules", "low_back_pain")
        module = Path(self.root, "backtriage", "_shipped.py")
        module.write_text(as_module(build(folder), folder), encoding="utf-8")
        if version != "editable":
            build_data["force_include"][str(module)] = "backtriage/_shipped.py"
