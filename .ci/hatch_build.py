"""Writes the checked rule set into the wheel, and its translations;
one with mistakes, or not as it was locked, cannot be packaged.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class RuleSetHook(BuildHookInterface):
    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, self.root)
        for name, text in list_ready_made():
            written = Path(self.root, "backtriage", name)
            written.write_text(text, encoding="utf-8", newline="")
            if version != "editable":
                build_data["force_include"][str(written)] = f"backtriage/{name}"


def list_ready_made() -> Iterator[tuple[str, str]]:
    """Each file that is written ahead: its name, and what is in it."""
    from backtriage.languages.of_program import write_languages
    from backtriage.languages.of_rules import write_catalogues
    from backtriage.loader.lock import read_held
    from backtriage.loader.shipped import SHIPPED, WRITTEN, write_ready_made

    yield WRITTEN.name, write_ready_made(read_held(SHIPPED), SHIPPED)
    yield from write_catalogues(SHIPPED)
    yield from write_languages()
