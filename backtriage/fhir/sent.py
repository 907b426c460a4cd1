"""What was sent -> the response to our form in it, and what is wrong with it above its items."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backtriage.errors import AnswersError, Issue, shorten
from backtriage.fhir.names import Resource, get_questionnaire_url, get_version
from backtriage.fhir.shape import RESPONSE, STATUSES, At, list_odd_elements
from backtriage.model import RuleSet

_KIND = "QuestionnaireResponse"
KINDS = (_KIND, "Bundle")
"""What an input in FHIR may be."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A response as it was sent: its place, and its address where a Bundle gives it one."""

    response: Resource
    at: At
    full_url: str | None = None


def is_fhir(raw: object) -> bool:
    """Whether a JSON value says of itself that it is FHIR; no question can have this id."""
    return isinstance(raw, Mapping) and "resourceType" in raw


def find_response(rule_set: RuleSet, raw: object) -> Sent:
    """The response to our form in what was sent; raises AnswersError.

    A Bundle may have other resources too, but only one response to this form: it is one person.
    """
    kind = raw.get("resourceType") if isinstance(raw, Mapping) else None
    if not isinstance(raw, dict) or kind not in KINDS:
        what = f'a "{shorten(kind)}"' if isinstance(kind, str) else "not FHIR"
        message = f"this is {what}; a {_KIND} is asked for, or a Bundle with one"
        raise AnswersError([Issue(code="not-fhir", message=message)])
    if kind == _KIND:
        return Sent(raw, At(_KIND))
    found = _list_responses(raw)
    form = get_questionnaire_url(rule_set)
    ours = [sent for sent in found if _split_canonical(sent.response)[0] == form]
    chosen = ours or found
    if len(chosen) == 1:
        return chosen[0]
    if not chosen:
        issue = At("Bundle.entry").build_issue("not-answers", f"there is no {_KIND} in this Bundle")
        raise AnswersError([issue])
    way_out = "send each person's alone, such as one on each line"
    message = f"this is the first of {len(chosen)} responses, and only one can be meant"
    raise AnswersError([chosen[0].at.build_issue("many-responses", message, way_out)])


def _list_responses(bundle: Resource) -> list[Sent]:
    entries = bundle.get("entry", [])
    found = []
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and resource.get("resourceType") == _KIND:
            url = entry.get("fullUrl")
            address = url if isinstance(url, str) else None
            found.append(Sent(resource, At(f"Bundle.entry[{place}].resource"), address))
    return found


# What stands above the items ---------------------------------------------------------------------


def list_head_issues(rule_set: RuleSet, sent: Sent) -> list[Issue]:
    """What is wrong with the form that it is of, its status and the like."""
    response, at = sent.response, sent.at
    issues = list(list_odd_elements(response, RESPONSE, at))
    issues += _list_form_issues(rule_set, response, at.move_to("questionnaire"))
    status = response.get("status")
    if status not in STATUSES:
        message = "there must be a status" if status is None else f"{_quote(status)} is refused"
        way_out = f"choose from {', '.join(STATUSES)}"
        issues.append(at.move_to("status").build_issue("wrong-status", message, way_out))
    if not isinstance(response.get("subject", {}), Mapping):
        message = "it must be a reference"
        issues.append(at.move_to("subject").build_issue("wrong-type", message))
    return issues


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


def _quote(value: Any) -> str:
    return f'"{shorten(value)}"' if isinstance(value, str) else "what is no text"
