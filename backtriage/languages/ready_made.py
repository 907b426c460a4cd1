"""What was made of a PO file ahead: written when the package is built, read where it is used.

Only so is Babel not needed by those who use a language, and a language costs little time. It is
used only while it is whole and the PO file, and the code here, are as they were.
"""

import json
from pathlib import Path
from typing import Any

from backtriage.files import build_sealed, compute_digest, read_sealed

_PACKAGE = Path(__file__).parent.parent
_MADE_BY = (*sorted(Path(__file__).parent.glob("*.py")), _PACKAGE / "translation.py")


def find_ready_made(name: str, language: str) -> Path:
    """Where it is written: `name` says of what kind it is."""
    return _PACKAGE / f"_{name}_{language}.json"


def write_ready_made(data: object, source: Path) -> str:
    """What to write down of the data that was made of a PO file.

    Lines: the SHA-256 of the others, that of what it was made from, the data.
    """
    content = json.dumps(data, separators=(",", ":"))
    return build_sealed(_find_made_from(source), f"{content}\n")


def read_ready_made(path: Path, source: Path) -> Any | None:
    """The data that was made of a PO file as it stands; None where there is none."""
    data = read_sealed(path, lambda: _find_made_from(source))
    return None if data is None else json.loads(data)


def _find_made_from(source: Path) -> str:
    """SHA-256 over a PO file and the code that reads it; raises OSError."""
    return compute_digest((path.name, path.read_bytes()) for path in (source, *_MADE_BY))
