"""HL7's JSON Schema of FHIR R4 (CC0) -> the part of it that describes the resources we write.

`python tests/fhir/cut_schema.py fhir.schema.json` writes r4.schema.json anew. Descriptions are left
out; whatever else it says of these resources is kept as it is.
"""

import json
import sys
from pathlib import Path
from typing import Any

CUT = Path(__file__).parent / "r4.schema.json"

WANTED = (
    "Bundle", "CarePlan", "CodeSystem", "GuidanceResponse", "OperationOutcome", "Patient",
    "Provenance", "Questionnaire", "QuestionnaireResponse", "RiskAssessment", "ServiceRequest",
    "ValueSet",
)  # fmt: skip


def cut(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of these resources alone."""
    definitions = dict(schema["definitions"])
    definitions["ResourceList"] = {"oneOf": [{"$ref": f"#/definitions/{one}"} for one in WANTED]}
    needed, kept = ["ResourceList"], dict[str, Any]()
    while needed:
        name = needed.pop()
        if name not in kept:
            kept[name] = without_descriptions(definitions[name])
            needed += references(kept[name])
    head = {key: schema[key] for key in ("$schema", "id") if key in schema}
    return head | {"$ref": "#/definitions/ResourceList", "definitions": dict(sorted(kept.items()))}


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
    CUT.write_text(written(cut(json.loads(Path(sys.argv[1]).read_text()))))
