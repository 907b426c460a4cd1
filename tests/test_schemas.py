"""The schemas that editors use: fresh, wired to every file of the shipped rule set, and strict."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from backtriage.json_io.schema import build_file_schema
from backtriage.loader.yaml_nodes import build_data
from backtriage.loader.yaml_reader import read
from helpers import SHIPPED
from schemas import FOLDER, SHAPES, text_of

YAML = sorted(SHIPPED.rglob("*.yaml"))
MODELINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


def data_of(path: Path) -> Any:
    return build_data(read(path.read_bytes(), str(path), []))


@pytest.mark.parametrize("kind", SHAPES)
def test_the_schema_in_the_folder_is_fresh(kind: str) -> None:
    """`python tests/schemas.py` writes them anew."""
    assert (FOLDER / f"{kind}.schema.json").read_text() == text_of(kind)


@pytest.mark.parametrize("path", YAML, ids=lambda path: path.name)
def test_every_file_names_its_schema_and_fits_it(path: Path) -> None:
    """An editor that reads the first line completes keys and marks mistakes."""
    named = MODELINE.match(path.read_text())
    assert named
    schema = (path.parent / named[1]).resolve()

    kind = "area" if path.stem not in SHAPES else path.stem
    if path.parent.name == "cases" and path.stem != "patients":
        kind = "cases"
    assert schema == FOLDER / f"{kind}.schema.json"
    jsonschema.Draft7Validator(json.loads(schema.read_text())).validate(data_of(path))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("area", {"title": "An area", "red_flag": []}),
        ("area", {"title": "An area", "definitions": {"d": {"any": []}}}),
        ("area", {"title": "An area", "definitions": {"d": {"age": {"at_most": 3}}}}),
        (
            "area",
            {"title": "An area", "questions": [{"id": "q", "kind": "yes_no", "not_sure": True}]},
        ),
        ("cases", {"cases": [{"id": "c", "note": "N.", "expect": {"advice": "home"}}]}),
        ("patients", {"patient": {}}),
        ("sources", {"sources": {"a": {"title": "T"}}}),
        ("advice", {"home_care": {}}),
        ("ruleset", {"id": "r"}),
        ("emergency_numbers", {"countries": {}}),
    ],
)
def test_a_mistake_does_not_fit(kind: str, data: object) -> None:
    """Misspelt keys, wrong values and missing parts."""
    assert not jsonschema.Draft7Validator(build_file_schema(kind)).is_valid(data)
