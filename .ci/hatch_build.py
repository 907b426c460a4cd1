"""Writes the checked rule set into the wheel as a module; a rule set with mistakes cannot be packaged."""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RuleSetHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":  # there the YAML itself is read, so that an edit counts at once
            return
        sys.path.insert(0, self.root)
        from backtriage.loader.build import build
        from backtriage.loader.shipped import as_module

        folder = Path(self.root, "rules", "low_back_pain")
        self._folder = tempfile.TemporaryDirectory()
        module = Path(self._folder.name, "_shipped.py")
        module.write_text(as_module(build(folder), folder), encoding="utf-8")
        build_data["force_include"][str(module)] = "backtriage/_shipped.py"

    def finalize(self, version: str, _build_data: dict[str, Any], _artifact_path: str) -> None:
        if version != "editable":
            self._folder.cleanup()
