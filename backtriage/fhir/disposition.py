"""Assessment -> what to do about it, in the three resources of FHIR that say so.

GuidanceResponse: whether it is settled. CarePlan: what the person is told to do, with dates.
ServiceRequest: the care of others that is asked for, how urgent and by when; that is what other
systems act on, and there is none where home care is enough.
"""

from collections.abc import Iterator
from datetime import timedelta

from backtriage.fhir.codes import ADVICE, SUSPICION, WAY, WAYS
from backtriage.fhir.names import BASE, CHECK_SUFFIX, Resource, build_coding, get_version, make_id
from backtriage.fhir.record import Record
from backtriage.language import say
from backtriage.model import Urgency
from backtriage.report.wording import Wording
from backtriage.report.words import describe_deadline

_SOON = 1
"""Within so many days a doctor has to see somebody as soon as possible."""

_NOT_SETTLED = "Not settled: further answers may make it more urgent, and nothing makes it less."


def has_plan(record: Record) -> bool:
    """Whether there is something to do; while home care is only what is left, there is not."""
    assessment = record.assessment
    return assessment.complete or assessment.at_least.advice != "home_care"


def has_request(record: Record) -> bool:
    """Whether the care of others is asked for."""
    return record.assessment.at_least.advice != "home_care"


def choose_priority(urgency: Urgency) -> str:
    """How urgent a request is, in the words of FHIR."""
    if urgency.advice == "seek_care_now":
        return "stat"
    if urgency.within_days is not None and urgency.within_days <= _SOON:
        return "asap"
    return "urgent"


def build_guidance(record: Record) -> Resource:
    """What came of it: settled, or what is still to be answered."""
    module = f"{BASE}/RuleSet/{make_id(record.rule_set.id)}|{get_version(record.rule_set)}"
    guidance: Resource = {
        "resourceType": "GuidanceResponse",
        "moduleCanonical": module,
        "status": "success" if record.assessment.complete else "data-required",
        **record.about,
        "occurrenceDateTime": record.today.isoformat(),
        "performer": record.device,
        "note": [{"text": text} for text in _list_guidance_notes(record)],
    }
    if not record.assessment.complete:
        # R4 wants it with this status; the notes say which items
        guidance["dataRequirement"] = [{"type": "QuestionnaireResponse", "mustSupport": ["item"]}]
    return guidance | ({"result": record.build_reference("plan")} if has_plan(record) else {})


def _list_guidance_notes(record: Record) -> Iterator[str]:
    yield record.told.headline
    if not record.assessment.complete:
        yield _NOT_SETTLED
    following = record.told.next
    if following is not None:
        suffix = CHECK_SUFFIX if following.again else ""
        names = ", ".join(question["id"] + suffix for question in following.questions)
        yield f"To be answered next: {names}"
    yield from record.told.warnings
    yield from record.rule_set.limits


def build_plan(record: Record) -> Resource:
    """What the person is told: what to do, when to look again, and what would change it."""
    advice = record.assessment.at_least.advice
    text = record.rule_set.advice[advice]
    plan: Resource = {
        "resourceType": "CarePlan",
        "status": "active",
        "intent": "proposal",
        "category": [
            {"coding": [build_coding(record.rule_set, ADVICE, advice, text.title)]},
        ],
        "title": record.told.headline,
        "description": text.lead,
        **record.about,
        "created": record.today.isoformat(),
        "supportingInfo": [record.build_reference("response")],
        "activity": list(_list_activities(record)),
    }
    notes = [{"text": text} for text in _list_events(record)]
    return plan | ({"note": notes} if notes else {})


def _list_activities(record: Record) -> Iterator[Resource]:
    if has_request(record):
        yield {"reference": record.build_reference("request")}
    for step in record.told.steps:
        yield _build_activity(step.text, {"end": step.by} if step.by else None)
    for look in record.told.look_again:
        yield _build_activity(look.text, {"start": look.on, "end": look.on})


def _build_activity(text: str, period: Resource | None) -> Resource:
    when = {"scheduledPeriod": period} if period else {}
    return {"detail": {"status": "not-started", **when, "description": text}}


def _list_events(record: Record) -> Iterator[str]:
    """What would make it more urgent, and what to do then."""
    for watch in record.told.watch_for:
        then = f"{WAYS[watch.how]}, {describe_deadline(watch.within_days)}"
        yield f"{then}, if: {'; '.join(watch.events)}"


def build_request(record: Record) -> Resource:
    """The care that is asked for: how to get it, how urgent, and by when."""
    assessment, rule_set = record.assessment, record.rule_set
    way = build_coding(rule_set, WAY, assessment.how, WAYS[assessment.how])
    request: Resource = {
        "resourceType": "ServiceRequest",
        "status": "active",
        "intent": "proposal",
        "priority": choose_priority(assessment.at_least),
        "code": {"coding": [way], "text": record.told.headline},
        **record.about,
        **_build_period(record),
        "authoredOn": record.today.isoformat(),
        "requester": record.device,
        "reasonCode": [
            {
                "coding": [build_coding(rule_set, SUSPICION, name, rule_set.suspicions[name])],
                "text": rule_set.suspicions[name],
            }
            for name in dict.fromkeys(finding.suspect for finding in assessment.findings)
        ],
        "supportingInfo": [record.build_reference("response")]
        + [record.build_reference(f"risk {finding.id}") for finding in assessment.findings],
    }
    said = record.told.say
    if said:  # under the name by which the steps call it
        said = say(Wording.LABELLED, label=say(Wording.TO_SAY), answer=said)
    texts = [said, None if assessment.complete else _NOT_SETTLED]
    notes = [{"text": text} for text in texts if text]
    return request | ({"note": notes} if notes else {})


def _build_period(record: Record) -> Resource:
    """From today to the last day."""
    within_days = record.assessment.at_least.within_days
    if within_days is None:
        return {}
    end = record.today + timedelta(days=within_days)
    return {
        "occurrencePeriod": {"start": record.today.isoformat(), "end": end.isoformat()},
    }
