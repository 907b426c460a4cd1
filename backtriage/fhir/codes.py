"""RuleSet -> a FHIR CodeSystem of all codes that are its own."""

from collections.abc import Iterator

from backtriage.fhir.names import Resource, get_system, get_version, make_id, make_name
from backtriage.model import Choice, How, RuleSet

RED_FLAG, SUSPICION, ADVICE, WAY = "red-flag", "suspected-cause", "triage-advice", "way-to-care"
"""What codes begin with that are no options; no id of a question has a hyphen."""

WAYS: dict[How, str] = {
    "self_care": "By oneself, at home",
    "doctor": "See a doctor",
    "emergency_department": "Go to an emergency department",
    "ambulance": "Call an ambulance",
}
"""How to get the care that an advice asks for, in words."""


def build_code_system(rule_set: RuleSet) -> Resource:
    """All codes, each with its words."""
    concepts = [
        {"code": f"{sort}.{name}", "display": display}
        for sort, name, display in _list_concepts(rule_set)
    ]
    return {
        "resourceType": "CodeSystem",
        "id": make_id(rule_set.id),
        "url": get_system(rule_set),
        "version": get_version(rule_set),
        "name": make_name(rule_set.id),
        "title": rule_set.title,
        "status": "draft",
        "experimental": True,
        "caseSensitive": True,
        "content": "complete",
        "count": len(concepts),
        "concept": concepts,
    }


def _list_concepts(rule_set: RuleSet) -> Iterator[tuple[str, str, str]]:
    for question in rule_set.questions.values():
        if isinstance(question, Choice):
            for option in question.options:
                yield question.id, option.id, option.label
    for flag in rule_set.red_flags.values():
        yield RED_FLAG, flag.id, flag.because
    for name, words in rule_set.suspicions.items():
        yield SUSPICION, name, words
    for advice, text in rule_set.advice.items():
        yield ADVICE, advice, text.title
    for way, words in WAYS.items():
        yield WAY, way, words
