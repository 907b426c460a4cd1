"""What things are called in FHIR: canonical addresses, linkIds, code systems, identifiers."""

import uuid
from typing import Any

from backtriage.model import RuleSet

Resource = dict[str, Any]
"""A resource, or a part of one, as its JSON is."""

BASE = "https://backtriage.example/fhir"
"""What our canonical addresses begin with. Nothing is published there: the name is reserved."""

HL7 = "http://hl7.org/fhir/StructureDefinition"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

YES_NO = f"{TERMINOLOGY}/v2-0136"
"""The code system of Y and N."""

ABSENT = f"{TERMINOLOGY}/data-absent-reason"
"""The code system of `NOT_SURE_CODE`; the last part also names HL7's extension for the same."""

NOT_SURE_CODE = "asked-unknown"
"""How "not sure" is coded, as in HL7's value set yesnodontknow."""

ABSENT_EXTENSION = f"{HL7}/data-absent-reason"

NOT_SURE_SUFFIX = ".not-sure"
"""Behind the linkId of a number: the item that is answered by who is not sure of it."""

CHECK_SUFFIX = ".check"
"""Behind the linkId of a yes/no question: its check, for who was not sure."""

OPENING, WHY = "opening.", "why."
"""What linkIds begin with of items that are only shown; a number or a question's id follows."""

_SPACE = uuid.uuid5(uuid.NAMESPACE_URL, BASE)


def get_version(rule_set: RuleSet) -> str:
    """The version of a form: that of the rule set and, as rules may change without it, their hash.

    A form filled in says so in its `questionnaire`, whichever program showed it.
    """
    return f"{rule_set.version}+{rule_set.hash[:12]}" if rule_set.hash else rule_set.version


def get_questionnaire_url(rule_set: RuleSet) -> str:
    """The canonical address of the form, without its version."""
    return f"{BASE}/Questionnaire/{make_id(rule_set.id)}"


def get_system(rule_set: RuleSet) -> str:
    """The code system that has the codes of the rule set itself."""
    return f"{BASE}/CodeSystem/{make_id(rule_set.id)}"


def make_id(name: str) -> str:
    """An id of ours as an id in FHIR, which has no underscores."""
    return name.replace("_", "-")


def make_name(name: str) -> str:
    """An id of ours as a name in FHIR, which programs may use: LowBackPain."""
    return "".join(word.capitalize() for word in name.split("_"))


def make_urn(*parts: str) -> str:
    """The address of a resource in a Bundle: the same for the same parts."""
    return f"urn:uuid:{uuid.uuid5(_SPACE, chr(10).join(parts))}"


def build_coding(rule_set: RuleSet, sort: str, name: str, display: str) -> Resource:
    """A code of our own: what sort of thing, and which."""
    return {
        "system": get_system(rule_set),
        "version": get_version(rule_set),
        "code": f"{sort}.{name}",
        "display": display,
    }


def quote_text(text: str) -> str:
    """A text as FHIRPath writes it."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
