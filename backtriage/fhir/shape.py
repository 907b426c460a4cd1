"""What a response may have in it, by the R4 of FHIR, and what that part of a form is called.

Elements that R4 does not have are told, and never passed over: what they say would be lost.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backtriage.errors import Issue, shorten, suggest_nearest

RESPONSE = frozenset({
    "resourceType", "id", "meta", "implicitRules", "language", "text", "contained", "extension",
    "modifierExtension", "identifier", "basedOn", "partOf", "questionnaire", "status", "subject",
    "encounter", "authored", "author", "source", "item",
})  # fmt: skip
ITEM = frozenset({
    "id", "extension", "modifierExtension", "linkId", "definition", "text", "answer", "item",
})  # fmt: skip
ANSWER = frozenset({"id", "extension", "modifierExtension", "item"})
"""The elements that R4 has there; beside them, an answer has one whose name begins with "value"."""

_CHANGES_MEANING = ("modifierExtension", "implicitRules")

STATUSES = ("in-progress", "completed", "amended", "stopped")
"""Of a response that can be assessed; whatever was not answered is not known, also if completed."""


@dataclass(frozen=True, slots=True)
class At:
    """A place in what was sent: its FHIRPath, and the linkId of the item that it belongs to."""

    path: str
    link_id: str | None = None

    def move_to(self, step: str) -> "At":
        """The place of an element or index below this one."""
        dot = "" if step.startswith("[") else "."
        return At(f"{self.path}{dot}{step}", self.link_id)

    def build_issue(self, code: str, message: str, suggestion: str | None = None) -> Issue:
        """Something that is wrong here."""
        named = None if self.link_id is None else shorten(self.link_id)
        return Issue(
            code=code,
            message=message if named is None else f'linkId "{named}": {message}',
            suggestion=suggestion,
            path=self.path,
            part=None if named is None else ("linkId", named),
        )


def list_odd_elements(part: Iterable[str], known: frozenset[str], at: At) -> Iterator[Issue]:
    """Elements that R4 does not have there, and those that may change what the rest means."""
    for name in part:
        if name in _CHANGES_MEANING:
            message = f"{name} may change what all of this means, and is not understood"
            yield at.build_issue("cannot-ignore", message, "send it without, if it holds without")
        elif name == "group":
            yield at.build_issue("other-fhir-version", "this is a response of DSTU2", "send R4")
        elif name.removeprefix("_") not in known:
            message = f'R4 has no "{shorten(name)}" here'
            way_out = suggest_nearest(name, known) or "leave it out, or put it into an extension"
            yield at.build_issue("unknown-element", message, way_out)
