"""Writes the checked rule set into the wheel;
one with mistakes, or not as it was locked, cannot be packaged.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RuleSetHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        from backtriage.loader.lock import read_held
        from backtriage.loader.shipped import SHIPPED, write_ready_made

        written = Path(self.root, "backtriage", "_shipped.json")
        written.write_text(
            write_ready_made(read_held(SHIPPED), SHIPPED), encoding="utf-8", newline=""
        )
        if version != "editable":
            build_data["force_include"][str(written)] = "backtriage/_shipped.json"
