"""A response in what was sent, and how a place in it is called."""

from dataclasses import dataclass

from backtriage.errors import Issue, shorten
from backtriage.fhir.names import Resource

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


@dataclass(frozen=True, slots=True)
class Sent:
    """A response as it was sent: its place, and the Bundle and the entry of that where it was in
    one.
    """

    response: Resource
    at: At
    bundle: Resource | None = None
    entry: Resource | None = None

    @property
    def full_url(self) -> str | None:
        """Its address, where the Bundle gives it one."""
        url = self.entry.get("fullUrl") if self.entry is not None else None
        return url if isinstance(url, str) else None


def quote_sent(value: object) -> str:
    """What was sent where a text should stand, for a message."""
    return f'"{shorten(value)}"' if isinstance(value, str) else "what is no text"
