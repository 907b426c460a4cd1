"""What was sent -> the response to our form in it, and what is wrong with it above its items."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from backtriage.errors import AnswersError, Issue, shorten
from backtriage.fhir.carried import find_target
from backtriage.fhir.names import Resource, get_questionnaire_url, get_version
from backtriage.fhir.r4 import list_elements, list_odd_elements, list_resource_issues
from backtriage.fhir.shape import STATUSES, At, Sent, quote_sent
from backtriage.model import RuleSet

_KIND = "QuestionnaireResponse"
_POINTS_AT = {"subject": ("Patient", "Group"), "encounter": ("Encounter",)}
"""What R4 lets a RiskAssessment and a CarePlan be about, so others cannot be given a result."""

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_READ = ("resourceType", "questionnaire", "status", "item")
KINDS = (_KIND, "Bundle")
"""What an input in FHIR may be."""


def find_response(rule_set: RuleSet, raw: object) -> Sent:
    """The response to our form in what was sent; raises AnswersError.

    A Bundle may have other resources too, also responses to other forms, but only one response that
    may be to this one: it is one person.
    """
    kind = raw.get("resourceType") if isinstance(raw, Mapping) else None
    if not isinstance(raw, dict) or kind not in KINDS:
        what = f'a "{shorten(kind)}"' if isinstance(kind, str) else "not FHIR"
        message = f"this is {what}; a {_KIND} is asked for, or a Bundle with one"
        raise AnswersError([Issue(code="not-fhir", message=message)])
    found = [Sent(raw, At(_KIND))] if kind == _KIND else _list_responses(raw)
    direct = {sent.at for sent in found}
    hidden = [sent for sent in _list_hidden(raw, At(kind)) if sent.at not in direct]
    addresses = (get_questionnaire_url(rule_set), "")
    meant = [
        sent for sent in [*found, *hidden] if _split_canonical(sent.response)[0] in addresses
    ] or found
    if not meant:
        issue = At("Bundle.entry").build_issue("not-answers", f"there is no {_KIND} in this Bundle")
        raise AnswersError([issue])
    way_out = "send each person's alone, such as one on each line"
    if len(meant) > 1:
        message = f"this is the first of {len(meant)} responses, and only one can be meant"
        raise AnswersError([meant[0].at.build_issue("many-responses", message, way_out)])
    if meant[0] in hidden:
        message = "this response is within another resource, where it is not read"
        raise AnswersError([meant[0].at.build_issue("hidden-response", message, way_out)])
    return meant[0]


def _list_responses(bundle: Resource) -> list[Sent]:
    entries = bundle.get("entry", [])
    found = []
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and resource.get("resourceType") == _KIND:
            found.append(Sent(resource, At(f"Bundle.entry[{place}].resource"), bundle, entry))
    return found


def _list_hidden(node: object, at: At) -> Iterator[Sent]:
    """All responses anywhere in what was sent; there is none in the items of one."""
    if isinstance(node, list):
        for place, one in enumerate(node):
            yield from _list_hidden(one, at.move_to(f"[{place}]"))
    elif isinstance(node, dict):
        if node.get("resourceType") == _KIND:
            yield Sent(node, at)
        for name, inner in node.items():
            if name != "item" and isinstance(inner, dict | list):
                yield from _list_hidden(inner, at.move_to(name))


# What is wrong with the Bundle -------------------------------------------------------------------


def _list_bundle_issues(sent: Sent) -> Iterator[Issue]:
    """What says that the response does not hold, or is not all that there is."""
    if sent.bundle is None:
        return
    at = At("Bundle")
    yield from list_odd_elements(sent.bundle, "Bundle", at, besides=list_elements("Bundle"))
    if any(_has(link, "relation", "next") for link in _list(sent.bundle, "link")):
        message = "this is one page of several, and what is on the others is not known"
        way_out = "fetch them all, and send each person's response alone"
        yield at.move_to("link").build_issue("more-pages", message, way_out)
    for place, entry in enumerate(_list(sent.bundle, "entry")):
        here = at.move_to(f"entry[{place}]")
        if isinstance(entry, dict):
            known = list_elements("Bundle_Entry")
            yield from list_odd_elements(entry, "Bundle_Entry", here, besides=known)
            if _has(entry.get("request"), "method", "DELETE"):
                message = "this asks for something to be deleted"
                yield here.move_to("request.method").build_issue("cannot-ignore", message)
    url = (sent.entry or {}).get("fullUrl")
    if url is not None and not (isinstance(url, str) and _ADDRESS.fullmatch(url)):
        message = f"{quote_sent(url)} is no address, such as urn:uuid:... or https://..."
        yield (
            At(sent.at.path.removesuffix(".resource"))
            .move_to("fullUrl")
            .build_issue("not-r4", message)
        )


def _list(part: Resource, name: str) -> list[Any]:
    given = part.get(name)
    return given if isinstance(given, list) else []


def _has(part: object, name: str, value: str) -> bool:
    return isinstance(part, Mapping) and part.get(name) == value


# What stands above the items ---------------------------------------------------------------------


def list_head_issues(rule_set: RuleSet, sent: Sent) -> list[Issue]:
    """What is wrong with the form that it is of, its status and the like."""
    response, at = sent.response, sent.at
    issues = list(list_odd_elements(response, _KIND, at, besides=_READ))
    issues += _list_bundle_issues(sent)
    issues += _list_form_issues(rule_set, response, at.move_to("questionnaire"))
    status = response.get("status")
    if status not in STATUSES:
        message = "there must be a status" if status is None else f"{quote_sent(status)} is refused"
        way_out = f"choose from {', '.join(STATUSES)}"
        issues.append(at.move_to("status").build_issue("wrong-status", message, way_out))
    issues += _list_pointer_issues(sent)
    return issues


def _list_pointer_issues(sent: Sent) -> Iterator[Issue]:
    """Whether it is about somebody that the result can be about, and who that is, as was sent."""
    for name, kinds in _POINTS_AT.items():
        pointer = sent.response.get(name)
        if not isinstance(pointer, Mapping):
            continue
        kind, resource = find_target(sent, pointer)
        if kind is not None and kind not in kinds:
            message = f"this is {quote_sent(kind)}, and {' or '.join(kinds)} is asked for"
            yield sent.at.move_to(name).build_issue("wrong-type", message)
        elif resource is not None:
            yield from _list_carried_issues(sent, resource)
        elif str(pointer.get("reference")).startswith("#"):
            message = "this points into the form, where there is no such resource"
            yield sent.at.move_to(name).build_issue("not-r4", message)


def _list_carried_issues(sent: Sent, resource: Resource) -> Iterator[Issue]:
    """What is wrong with a resource of the Bundle; those in the form are looked at with it."""
    for place, entry in enumerate(_list(sent.bundle or {}, "entry")):
        if isinstance(entry, dict) and entry.get("resource") is resource:
            yield from list_resource_issues(resource, At(f"Bundle.entry[{place}].resource"))


def _list_form_issues(rule_set: RuleSet, response: Resource, at: At) -> list[Issue]:
    """Whether it is this very form that was filled in."""
    ours, version = get_questionnaire_url(rule_set), get_version(rule_set)
    way_out = f"it should be {ours}|{version}"
    if isinstance(response.get("questionnaire"), Mapping):
        message = "this is a reference, as in STU3; R4 has a canonical address"
        return [at.build_issue("other-fhir-version", message, way_out)]
    url, given = _split_canonical(response)
    if not url:
        return [at.build_issue("no-questionnaire", "it does not say which form it is of", way_out)]
    if url != ours:
        message = f'these are answers to another form, "{shorten(url)}"'
        return [at.build_issue("other-questionnaire", message, way_out)]
    if not given:
        return [at.build_issue("no-version", "it does not say of which version", way_out)]
    if given != version:
        message = (
            f'these are answers to version "{shorten(given)}" of the form; '
            f"the rules are {version}, and its questions may mean something else"
        )
        way_out = "export the form again, or use the rules of that version"
        return [at.build_issue("other-version", message, way_out)]
    return []


def _split_canonical(response: Resource) -> tuple[str, str]:
    """The address of the form and its version, as a response names them."""
    canonical = response.get("questionnaire")
    url, _, version = canonical.partition("|") if isinstance(canonical, str) else ("", "", "")
    return url, version
