"""The rule set that comes with backtriage, read and checked ahead.

Reading the YAML takes longer than all the rest of an `assess`. So the installation writes the rule set down as
a Python module, `backtriage._shipped`, together with a digest of all that it was made from: the YAML, and the code
that reads it. It is used only while the digest is the same: an edited rule is never ignored.
"""

import hashlib
from importlib import import_module
from pathlib import Path
from typing import Any

from backtriage.model import RuleSet

_PACKAGE = Path(__file__).parent.parent
_INSTALLED = _PACKAGE / "rules" / "low_back_pain"
SHIPPED = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "rules" / "low_back_pain"
"""Where its YAML is: inside the package, or beside it in a checkout."""


def digest(folder: Path) -> str:
    """SHA-256 over the names and bytes of the YAML files of a folder and of the code that reads them."""
    total = hashlib.sha256()
    code = (_PACKAGE / "model.py", _PACKAGE / "units.py", *sorted((_PACKAGE / "loader").glob("*.py")))
    for path in (*sorted(folder.glob("*.yaml")), *code):
        total.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def load_shipped() -> RuleSet | None:
    """The rule set as it was written down, or None if there is none for the YAML as it stands."""
    try:
        written: Any = import_module("backtriage._shipped")
    except ImportError:
        return None
    return written.rule_set() if digest(SHIPPED) == written.DIGEST else None


def as_module(rule_set: RuleSet, folder: Path) -> str:
    """The text of a Python module that gives back the rule set of a folder."""
    return (
        '"""Written by the installation from the YAML files of the rule set; do not edit."""\n\n'
        "from backtriage.model import *\n\n"
        f"DIGEST = {digest(folder)!r}\n\n\n"
        "def rule_set():\n"  # a function, so that what an older model wrote is never built
        f"    return {rule_set!r}\n"
    )
