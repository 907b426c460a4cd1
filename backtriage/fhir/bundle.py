"""Assessment -> a FHIR Bundle: the form, each risk, what to do, and where it comes from."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from backtriage.fhir.carried import build_pointer, list_carried
from backtriage.fhir.disposition import (
    build_guidance,
    build_plan,
    build_request,
    has_plan,
    has_request,
)
from backtriage.fhir.findings import build_risk
from backtriage.fhir.names import (
    BASE,
    TERMINOLOGY,
    Resource,
    get_version,
    make_urn,
)
from backtriage.fhir.record import Record
from backtriage.fhir.response import build_response
from backtriage.fhir.sent import find_response
from backtriage.fhir.shape import Sent
from backtriage.json_io.result import Told, build_told
from backtriage.model import Assessment, Country, RuleSet
from backtriage.strict_json import is_fhir, write_json


def build_bundle(
    assessment: Assessment,
    rule_set: RuleSet,
    today: date,
    now: datetime,
    country: Country | None = None,
    *,
    raw: object = None,
    warnings: Iterable[str] = (),
) -> Resource:
    """The result: `today` is the day that deadlines count from, `now` when this is recorded.

    `raw` is what was sent: a form in it is sent back as it was. `warnings` are those about how the
    answers came.
    """
    sent = find_response(rule_set, raw) if is_fhir(raw) else None
    told = build_told(assessment, rule_set, today, country, warnings=warnings)
    record = _build_record(assessment, rule_set, today, told, sent)
    carried = list_carried(sent) if sent else []
    resources = dict(_list_resources(record))
    resources["provenance"] = _build_provenance(record, list(resources), now)
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": _write_instant(now),
        "entry": [
            {"fullUrl": record.get_url(name), "resource": resource}
            for name, resource in resources.items()
        ]
        + [{"fullUrl": url, "resource": resource} for url, resource in carried],
    }


def _build_record(
    assessment: Assessment, rule_set: RuleSet, today: date, told: Told, sent: Sent | None
) -> Record:
    if sent:
        response = sent.response
    else:
        response = build_response(
            rule_set,
            assessment.answers,
            complete=assessment.complete,
            authored=today.isoformat(),
        )
    version = f"{rule_set.id} {get_version(rule_set)} {assessment.engine_version}"
    return Record(
        rule_set=rule_set,
        assessment=assessment,
        told=told,
        today=today,
        response=response,
        key=make_urn(version, today.isoformat(), write_json(response)),
        sent_as=sent.full_url if sent else None,
        subject=build_pointer(sent, "subject") if sent else None,
        encounter=build_pointer(sent, "encounter") if sent else None,
    )


def _list_resources(record: Record) -> Iterator[tuple[str, Resource]]:
    """The resources by the names by which they point at each other."""
    yield "response", record.response
    for finding in record.assessment.findings:
        yield f"risk {finding.id}", build_risk(record, finding)
    yield "guidance", build_guidance(record)
    if has_plan(record):
        yield "plan", build_plan(record)
    if has_request(record):
        yield "request", build_request(record)


def _build_provenance(record: Record, names: list[str], now: datetime) -> Resource:
    """Which rules and which engine made the rest of the result of the form."""
    made_by = record.assessment.rule_set
    rules = {
        "identifier": {"system": f"{BASE}/rule-set-hash", "value": made_by.hash},
        "display": f"The rule set {made_by.id} {made_by.version}",
    }
    assembler = {
        "system": f"{TERMINOLOGY}/provenance-participant-type",
        "code": "assembler",
        "display": "Assembler",
    }
    return {
        "resourceType": "Provenance",
        "target": [record.build_reference(name) for name in names if name != "response"],
        "recorded": _write_instant(now),
        "agent": [{"type": {"coding": [assembler]}, "who": record.device}],
        "entity": [
            {"role": "source", "what": record.build_reference("response")},
            {"role": "source", "what": rules},
        ],
    }


def _write_instant(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
