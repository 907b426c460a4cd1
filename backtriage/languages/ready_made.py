"""What was made of a PO file ahead: written when the package is built, read where it is used.

Only so is Babel not needed by those who use a language, and a language costs little time. It is
used only while it is whole and the PO file, and the code here, are as they were.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

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
    rest = f"{_compute_digest(source)}\n{content}\n"
    return f"{sha256(rest.encode()).hexdigest()}\n{rest}"


def read_ready_made(path: Path, source: Path) -> Any | None:
    """The data that was made of a PO file as it stands; None where there is none."""
    try:
        whole, _, rest = path.read_bytes().partition(b"\n")
        made_from, _, data = rest.partition(b"\n")
        is_whole = whole.decode() == sha256(rest).hexdigest()
        if not is_whole or made_from.decode() != _compute_digest(source):
            return None
    except (OSError, UnicodeDecodeError):
        return None
    return json.loads(data)


def _compute_digest(source: Path) -> str:
    """SHA-256 over a PO file and the code that reads it; raises OSError."""
    total = sha256()
    for path in (source, *_MADE_BY):
        data = path.read_bytes()
        total.update(f"{path.name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()
