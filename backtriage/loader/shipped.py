"""The rule set that comes with backtriage, read and checked ahead.

Reading the YAML takes longer than all the rest of an `assess`. So the installation writes the rule
set down as JSON, in `backtriage/_shipped.json`, together with a digest of all that it was made
from: the files of the rule set with their lock, and the code that reads them. It is used only
while the digest is the same, so an edited rule is never ignored, and only if it is to the byte as
it was written, so a damaged copy gives way to the YAML. The code of its kernel (see `planes`) comes
with it, for the Python that compiled it; any other compiles it again.
"""

import dataclasses
import json
import marshal
import sys
from pathlib import Path
from typing import Any

from backtriage import model
from backtriage.files import build_sealed, compute_digest, read_sealed
from backtriage.loader.folder import LOCK, list_rule_files, read_file
from backtriage.model import RuleSet
from backtriage.planes import compile_code, keep_code

_PACKAGE = Path(__file__).parent.parent
_INSTALLED = _PACKAGE / "rules" / "low_back_pain"
SHIPPED = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent / "rules" / "low_back_pain"
"""Where its YAML is: inside the package, or beside it in a checkout."""
WRITTEN = _PACKAGE / "_shipped.json"
"""Lines: the SHA-256 of the others, the digest, the Python of the code, the code, the rule set."""
_PYTHON = f"{sys.implementation.cache_tag} {sys.hexversion:x}"
_CLASS = ""
"""The key that says of which class an object is; no id is empty, so no mapping of ids has it."""


def _find_made_from(folder: Path) -> str:
    """SHA-256 over the files of a rule set and the code that reads them, their names and bytes.

    Raises OSError.
    """
    # what the content of a rule set and the code of its kernel depend on; the other modules only
    # refuse what is wrong in it
    code = (
        _PACKAGE / "condition_parts.py",
        _PACKAGE / "model.py",
        _PACKAGE / "number_words.py",
        _PACKAGE / "plane_code.py",
        _PACKAGE / "units.py",
        *sorted((_PACKAGE / "loader").glob("*.py")),
    )
    files = (*list_rule_files(folder), folder / LOCK, *code)
    return compute_digest((path.name, read_file(path)) for path in files)


def load_shipped() -> RuleSet | None:
    """The rule set as it was written down, or None if there is none for the files as they stand."""
    rules = read_sealed(WRITTEN, lambda: _find_made_from(SHIPPED))
    if rules is None:
        return None
    python, code, data = rules.split(b"\n", 2)
    rule_set: RuleSet = json.loads(data, object_hook=_built)
    if python.decode() == _PYTHON:
        keep_code(rule_set, marshal.loads(bytes.fromhex(code.decode())))  # noqa: S302  it is as it was written
    return rule_set


def write_ready_made(rule_set: RuleSet, folder: Path) -> str:
    """What to write down of the rule set of a folder."""
    data = json.dumps(rule_set, default=_fields, separators=(",", ":"))
    code = marshal.dumps(compile_code(rule_set)).hex()
    return build_sealed(_find_made_from(folder), f"{_PYTHON}\n{code}\n{data}\n")


def _fields(part: Any) -> dict[str, Any]:
    """The class of a part, and those of its fields that are not as they are by default."""
    fields = {_CLASS: type(part).__name__}
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        if value is not field.default:
            fields[field.name] = value
    return fields


def _built(fields: dict[str, Any]) -> Any:
    """What `_fields` was given, or a mapping as it is; a list in JSON is a tuple in the model."""
    name = fields.pop(_CLASS, None)
    if name is None:
        return fields
    for key, value in fields.items():
        if type(value) is list:
            fields[key] = tuple(value)
    return getattr(model, name)(**fields)
