"""Write the schemas of rule set files that editors use: `python tests/schemas.py`."""

import json

from backtriage.json_io.schema import FILES, build_shape_schema
from backtriage.loader.shapes import Shape
from backtriage.study.simulate.population_shapes import PopulationShape
from helpers import ROOT

FOLDER = ROOT / "rules" / "schemas"
SHAPES: dict[str, type[Shape]] = {**FILES, "population": PopulationShape}


def text_of(kind: str) -> str:
    """The schema of a kind of file as it stands in the folder."""
    return json.dumps(build_shape_schema(SHAPES[kind]), indent=2) + "\n"


def main() -> None:
    """Write every schema."""
    FOLDER.mkdir(exist_ok=True)
    for kind in SHAPES:
        (FOLDER / f"{kind}.schema.json").write_text(text_of(kind))


if __name__ == "__main__":
    main()
