"""Write the schemas of rule set files that editors use: `python tests/schemas.py`."""

import json

from backtriage.schema import FILES, rule_set_file
from paths import ROOT

FOLDER = ROOT / "rules" / "schemas"


def text_of(kind: str) -> str:
    """The schema of a kind of file as it stands in the folder."""
    return json.dumps(rule_set_file(kind), indent=2) + "\n"


def main() -> None:
    """Write every schema."""
    FOLDER.mkdir(exist_ok=True)
    for kind in FILES:
        (FOLDER / f"{kind}.schema.json").write_text(text_of(kind))


if __name__ == "__main__":
    main()
