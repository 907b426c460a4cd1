"""What the resources of one result have in common: person, day, and how they point at others."""

from dataclasses import dataclass
from datetime import date

from backtriage.answers import describe_answer
from backtriage.fhir.fhirpath import write_path
from backtriage.fhir.names import BASE, CHECK_SUFFIX, NOT_SURE_SUFFIX, Resource, make_urn
from backtriage.json_io.result import Told
from backtriage.model import Answer, AskedTwice, Assessment, NotSure, Number, RuleSet

ANSWER = f"{BASE}/StructureDefinition/answer"
"""An extension of our own: the FHIRPath of an answer in the form that a reference points at.

HL7's targetPath would say the same, but may not name an item by its linkId.
"""

SOMEBODY = "The person who answered; who that is was not told"
"""The subject where a form does not say who filled it in; FHIR wants one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One result, and the form that it is of; `key` is the same for the same form, day and engine.

    `sent_as` is the address that the form had in a Bundle, if it had one. `subject` and `encounter`
    are those of the form, as other resources point at them.
    """

    rule_set: RuleSet
    assessment: Assessment
    told: Told
    today: date
    response: Resource
    key: str
    sent_as: str | None = None
    subject: Resource | None = None
    encounter: Resource | None = None

    @property
    def about(self) -> Resource:
        """Whom it is about, and in which encounter, where that was told."""
        told = {"subject": self.subject or {"display": SOMEBODY}}
        return told | ({"encounter": self.encounter} if self.encounter else {})

    @property
    def device(self) -> Resource:
        """What made it."""
        return {"display": f"backtriage {self.assessment.engine_version}"}

    def get_url(self, name: str) -> str:
        """The address of a resource of this result in its Bundle."""
        if name == "response" and self.sent_as:
            return self.sent_as
        return make_urn(self.key, name)

    def build_reference(self, name: str) -> Resource:
        """A pointer to a resource of this result."""
        return {"reference": self.get_url(name)}

    def build_evidence(self, question_id: str, answer: Answer) -> Resource:
        """A pointer to an answer in the form, which says in words what it is."""
        question = self.rule_set.questions[question_id]
        suffix = CHECK_SUFFIX if isinstance(answer, AskedTwice) else ""
        if isinstance(question, Number) and isinstance(answer, NotSure):
            beside = question_id + NOT_SURE_SUFFIX
            suffix = NOT_SURE_SUFFIX if _has_item(self.response, beside) else ""
        path = write_path(self.rule_set, question, suffix)
        return {
            "extension": [{"url": ANSWER, "valueString": path}],
            **self.build_reference("response"),
            "display": f"{question.label}: {describe_answer(question, answer)}",
        }


def _has_item(part: Resource, link_id: str) -> bool:
    """Whether an item stands in a response, or in a part of one."""
    return any(
        item["linkId"] == link_id or _has_item(item, link_id) for item in part.get("item", ())
    )
