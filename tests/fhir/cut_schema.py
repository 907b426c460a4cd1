"""HL7's JSON Schema of FHIR R4 (CC0) -> the part of it that describes the resources we write, and
that which describes what we give back as it was sent.

`python tests/fhir/cut_schema.py fhir.schema.json` writes r4.schema.json anew, and r4_types.json of
the package. Descriptions are left out; whatever else it says of these resources is kept as it is.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

CUT = Path(__file__).parent / "r4.schema.json"

TYPES = Path(__file__).parents[2] / "backtriage" / "fhir" / "r4_types.json"

SENT = ("QuestionnaireResponse", "Patient", "Bundle")

WANTED = (
    "Bundle", "CarePlan", "CodeSystem", "GuidanceResponse", "OperationOutcome", "Patient",
    "Provenance", "Questionnaire", "QuestionnaireResponse", "RiskAssessment", "ServiceRequest",
    "ValueSet",
)  # fmt: skip


def cut(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of these resources alone."""
    definitions = dict(schema["definitions"])
    definitions["ResourceList"] = {"oneOf": [{"$ref": f"#/definitions/{one}"} for one in WANTED]}
    kept = needed_for(["ResourceList"], definitions)
    head = {key: schema[key] for key in ("$schema", "id") if key in schema}
    return head | {"$ref": "#/definitions/ResourceList", "definitions": dict(sorted(kept.items()))}


def cut_types(schema: dict[str, Any]) -> dict[str, Any]:
    """The definitions of what is sent, without those of what may be contained in it."""
    definitions = {**schema["definitions"], "ResourceList": {}}
    return dict(sorted(needed_for(SENT, definitions).items()))


def needed_for(names: Iterable[str], definitions: dict[str, Any]) -> dict[str, Any]:
    """These definitions and those that they refer to."""
    needed, kept = list(names), dict[str, Any]()
    while needed:
        name = needed.pop()
        if name not in kept:
            kept[name] = without_descriptions(definitions[name])
            needed += references(kept[name])
    return kept


def without_descriptions(node: Any) -> Any:
    if isinstance(node, list):
        return [without_descriptions(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: without_descriptions(value)
        for key, value in node.items()
        if not (key == "description" and isinstance(value, str))
    }


def references(node: Any) -> list[str]:
    if isinstance(node, list):
        return [name for one in node for name in references(one)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"].rpartition("/")[2]] if "$ref" in node else []
    return own + [name for one in node.values() for name in references(one)]


def written(schema: dict[str, Any]) -> str:
    return json.dumps(schema, separators=(",", ":"), sort_keys=True) + "\n"


if __name__ == "__main__":
    whole = json.loads(Path(sys.argv[1]).read_text())
    CUT.write_text(written(cut(whole)))
    TYPES.write_text(written(cut_types(whole)))
