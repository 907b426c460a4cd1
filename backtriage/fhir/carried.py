"""A form as it was sent -> what it points at: whom it is about, and what comes along of its Bundle.

A reference may be an address, one below that of the form, or "#" and the id of what is contained in
the form. In the result the form stands beside other resources that point at the same, so they
have the whole address, and what is contained in the form stands there as a resource of its own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from backtriage.fhir.names import Resource, make_urn
from backtriage.fhir.shape import Sent

POINTERS = ("subject", "encounter")
"""What other resources of a result point at as the form does."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|#")
_ON_SERVER = re.compile(
    r"(?:(https?://\S+)/)?([A-Z][A-Za-z]+)/[A-Za-z0-9.-]{1,64}(?:/_history/\S+)?"
)
"""The base, and the kind of the resource, of an address on a FHIR server."""


def find_target(sent: Sent, pointer: Mapping[str, Any]) -> tuple[str | None, Resource | None]:
    """What kind of resource the form points at, where that is known, and the resource itself, where
    it was sent.
    """
    address = pointer.get("reference")
    found = _Found(sent).look_up(address, sent.full_url)
    resource = found[1] if found is not None else None
    if resource is not None:
        kind: object = resource.get("resourceType")
    elif isinstance(address, str) and (on_server := _ON_SERVER.fullmatch(address)):
        kind = on_server[2]
    else:
        kind = pointer.get("type")
    return kind if isinstance(kind, str) else None, resource


def list_carried(sent: Sent) -> list[tuple[str, Resource]]:
    """What the form points at in its Bundle, and what that points at, each with its address; and
    whom it is about where that is contained in the form.
    """
    found = _Found(sent)
    waiting = [(sent.full_url, sent.response)]
    carried: dict[str, Resource] = {}
    for name in POINTERS:
        pointer = sent.response.get(name)
        one = found.look_up(pointer.get("reference"), sent.full_url) if pointer else None
        if one is not None:
            waiting.append(one)
            carried[one[0]] = one[1]
    while waiting:
        base, resource = waiting.pop(0)
        for address in _list_references(resource):
            one = None if address.startswith("#") else found.look_up(address, base)
            if one is not None and one[0] not in carried and one[1] is not sent.response:
                carried[one[0]] = one[1]
                waiting.append(one)
    return list(carried.items())


def build_pointer(sent: Sent, name: str) -> Resource | None:
    """One of these as the other resources of the result have it; None where the form has none."""
    pointer: Resource | None = sent.response.get(name)
    address = pointer.get("reference") if pointer is not None else None
    if pointer is None or address is None:
        return pointer
    found = _Found(sent).look_up(address, sent.full_url)
    whole = found[0] if found is not None else _complete(address, sent.full_url)
    return {**pointer, "reference": whole}


@dataclass(slots=True)
class _Found:
    """Looks up what a form may point at."""

    sent: Sent
    _entries: list[tuple[str, Resource]] = field(init=False)

    def __post_init__(self) -> None:
        self._entries = list(_list_entries(self.sent))

    def look_up(self, address: object, base: str | None) -> tuple[str, Resource] | None:
        """The resource with an address and its whole address; None where it was not sent.

        `base` is the address of what points there.
        """
        if not isinstance(address, str):
            return None
        if address.startswith("#"):
            return self._look_up_contained(address.removeprefix("#"))
        whole = _complete(address, base)
        plain = whole.partition("/_history/")[0]
        for url, resource in self._entries:
            if url in (whole, plain):
                return url, resource
        alike = [
            (url, resource)
            for url, resource in self._entries
            if f"{resource.get('resourceType')}/{resource.get('id')}" == plain
        ]
        return alike[0] if len(alike) == 1 else None

    def _look_up_contained(self, name: str) -> tuple[str, Resource] | None:
        given = self.sent.response.get("contained")
        contained: dict[object, Resource] = {
            str(one.get("id")): one
            for one in (given if isinstance(given, list) else ())
            if isinstance(one, dict)
        }
        if name not in contained:
            return None
        needed = _find_needed(contained, name)
        url = self.sent.full_url
        own = _rebase(contained[name], url)
        inner = [_rebase(contained[one], url) for one in needed]
        address = make_urn(url or "", "contained", repr(own), repr(inner))
        return address, own | ({"contained": inner} if inner else {})


def _list_entries(sent: Sent) -> Iterator[tuple[str, Resource]]:
    """The resources of its Bundle with their addresses, which are made up where there is none."""
    entries = sent.bundle.get("entry") if sent.bundle is not None else None
    for place, entry in enumerate(entries if isinstance(entries, list) else ()):
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        if isinstance(resource, dict):
            url = entry.get("fullUrl")
            if not isinstance(url, str) or not re.fullmatch(r"\S+", url):
                url = make_urn("entry", str(place), repr(resource))
            yield url, resource


def _complete(address: str, base: str | None) -> str:
    """An address as it is without what points there."""
    on_server = _ON_SERVER.fullmatch(base or "")
    if _ADDRESS.match(address) or on_server is None or on_server[1] is None:
        return address
    return f"{on_server[1]}/{address}"


def _find_needed(contained: Mapping[object, Resource], name: str) -> list[str]:
    """The ids of all that one of these resources needs of the others."""
    needed, waiting = [name], [name]
    while waiting:
        for address in _list_references(contained[waiting.pop()]):
            other = address.removeprefix("#")
            if address.startswith("#") and other in contained and other not in needed:
                needed.append(other)
                waiting.append(other)
    return needed[1:]


def _list_references(node: object) -> Iterator[str]:
    """All addresses that a resource points at."""
    if isinstance(node, list):
        for one in node:
            yield from _list_references(one)
    elif isinstance(node, dict):
        address = node.get("reference")
        if isinstance(address, str):
            yield address
        for inner in node.values():
            yield from _list_references(inner)


def _rebase(node: Any, base: str | None) -> Any:
    """A resource with whole addresses in it."""
    if isinstance(node, list):
        return [_rebase(one, base) for one in node]
    if not isinstance(node, dict):
        return node
    changed = {name: _rebase(value, base) for name, value in node.items()}
    address = changed.get("reference")
    return changed | ({"reference": _complete(address, base)} if isinstance(address, str) else {})
