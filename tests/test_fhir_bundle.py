"""A result in FHIR, and the commands that read and write it."""

import copy
import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import AnswersError, assess, load
from backtriage.fhir.bundle import build_bundle
from backtriage.fhir.disposition import choose_priority
from backtriage.fhir.names import ABSENT_EXTENSION, NOT_SURE_CODE, get_version
from backtriage.fhir.questionnaire import build_questionnaire
from backtriage.fhir.reading import read_fhir
from backtriage.fhir.response import build_response
from backtriage.model import NOT_SURE, Answer, Assessment, Between, RuleSet, Urgency
from backtriage.strict_json import write_json
from forms import Json, mistakes, path
from helpers import SMALL, counts, run, tiny
from strategies import examples, partial_answers, rule_sets

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WELL = {"numb": "no", "weak": "no", "age": 30, "fall": "no", "duration": 3}


def bundle_of(rule_set: RuleSet, result: Assessment, raw: object = None) -> Json:
    # as it is written, so that it is what others read
    return json.loads(write_json(build_bundle(result, rule_set, DAY, NOW, raw=raw)))


def of_kind(bundle: Json, kind: str) -> list[Json]:
    resources = [entry["resource"] for entry in bundle["entry"]]
    return [resource for resource in resources if resource["resourceType"] == kind]


def check_bundle(rule_set: RuleSet, answers: Mapping[str, Answer]) -> None:
    """HL7 accepts it, it says what the assessment says, and the answers can be read from it."""
    result = assess(rule_set, answers)
    bundle = bundle_of(rule_set, result)

    assert mistakes(bundle) == []
    assert of_kind(bundle, "Condition") == []
    assert dict(read_fhir(rule_set, bundle).values) == answers
    codes = [risk["code"]["coding"][0]["code"] for risk in of_kind(bundle, "RiskAssessment")]
    assert codes == [f"red-flag.{finding.id}" for finding in result.findings]
    (guidance,) = of_kind(bundle, "GuidanceResponse")
    assert (guidance["status"] == "success") == result.complete
    assert ("dataRequirement" in guidance) == (not result.complete)
    assert guidance["moduleCanonical"].endswith(f"|{get_version(rule_set)}")
    requests = of_kind(bundle, "ServiceRequest")
    assert len(requests) == (result.at_least.advice != "home_care")
    for request in requests:
        assert request["code"]["coding"][0]["code"] == f"way-to-care.{result.how}"
        assert request["priority"] == choose_priority(result.at_least)
        last_day = DAY + timedelta(days=result.at_least.within_days or 0)
        assert request["occurrencePeriod"]["end"] == last_day.isoformat()
    check_references(bundle)
    check_evidence(bundle, result)


def check_references(bundle: Json, *, besides: Collection[str] = ()) -> None:
    """Whatever is pointed at is there, each by an address of its own."""
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    text = json.dumps(bundle["entry"])
    used = {part.partition('"')[0] for part in text.split('"reference": "')[1:]} - {*besides}

    assert len(set(urls)) == len(urls)
    assert used <= set(urls)


def check_evidence(bundle: Json, result: Assessment) -> None:
    """Each answer that raised a finding can be found where it is said to stand."""
    (response,) = of_kind(bundle, "QuestionnaireResponse")
    for risk, finding in zip(of_kind(bundle, "RiskAssessment"), result.findings, strict=True):
        assert len(risk["basis"]) == len(finding.answers)
        for basis, question in zip(risk["basis"], finding.answers, strict=True):
            (item,) = path(basis["extension"][0]["valueString"])(response)
            assert item["linkId"].partition(".")[0] == question
            assert "answer" in item


@given(st.data())
@examples(100)
def test_a_result_in_fhir_says_what_the_result_says(data: st.DataObject) -> None:
    rule_set = data.draw(rule_sets())

    check_bundle(rule_set, data.draw(partial_answers(rule_set)))


@given(st.data())
@examples(50, everyday=5)
def test_a_result_of_the_shipped_rules_in_fhir(data: st.DataObject) -> None:
    check_bundle(load(), data.draw(partial_answers(load())))


def test_what_is_open_asks_for_answers_and_for_nothing_else() -> None:
    bundle = bundle_of(load(SMALL), assess(load(SMALL), {"age": 30}))
    (guidance,) = of_kind(bundle, "GuidanceResponse")

    assert guidance["status"] == "data-required"
    assert any("numb" in note["text"] for note in guidance["note"])
    assert of_kind(bundle, "CarePlan") == of_kind(bundle, "ServiceRequest") == []


def test_home_care_is_a_plan_with_dates_and_no_request() -> None:
    bundle = bundle_of(
        load(SMALL), assess(load(SMALL), WELL | {"steroids": "no", "osteoporosis": "no"})
    )
    (plan,) = of_kind(bundle, "CarePlan")

    assert of_kind(bundle, "ServiceRequest") == []
    assert plan["activity"][-1]["detail"]["scheduledPeriod"]["start"] > DAY.isoformat()


def test_not_sure_is_told_with_what_it_counts_as() -> None:
    bundle = bundle_of(load(SMALL), assess(load(SMALL), {"numb": "not sure"}))
    (risk,) = of_kind(bundle, "RiskAssessment")

    assert "not sure, which counts as yes" in risk["note"][0]["text"]


@pytest.mark.parametrize(
    ("advice", "days", "priority"),
    [
        ("seek_care_now", 0, "stat"),
        ("see_doctor_soon", 0, "asap"),
        ("see_doctor_soon", 1, "asap"),
        ("see_doctor_soon", 2, "urgent"),
        ("see_doctor_soon", 28, "urgent"),
    ],
)
def test_the_priority_follows_the_deadline(advice: str, days: int, priority: str) -> None:
    assert choose_priority(Urgency(advice=advice, within_days=days)) == priority


def test_the_form_comes_back_as_it_was_sent() -> None:
    """With what we do not read: who it is, extensions, an address in its Bundle."""
    rule_set = load(SMALL)
    response = build_response(rule_set, {"numb": "yes"}, complete=False, authored=None)
    response |= {
        "id": "abc",
        "subject": {"reference": "Patient/7"},
        "extension": [{"url": "http://a.example", "valueString": "<b>"}],
    }
    sent = {"resourceType": "Bundle", "entry": [{"fullUrl": "urn:a:b", "resource": response}]}

    bundle = bundle_of(rule_set, assess(rule_set, read_fhir(rule_set, sent)), sent)

    assert bundle["entry"][0] == {"fullUrl": "urn:a:b", "resource": response}
    for kind in ("RiskAssessment", "ServiceRequest", "CarePlan", "GuidanceResponse"):
        assert of_kind(bundle, kind)[0]["subject"] == {"reference": "Patient/7"}
    (risk,) = of_kind(bundle, "RiskAssessment")
    assert risk["basis"][0]["reference"] == "urn:a:b"


# Whom it is about --------------------------------------------------------------------------------

SERVER = "http://s.example/fhir"
PATIENT = {"resourceType": "Patient", "name": [{"family": "X"}]}
ABOUT = ("RiskAssessment", "ServiceRequest", "CarePlan", "GuidanceResponse")


def numb_in(*others: Json, full_url: str | None = None, **more: object) -> Json:
    """A response with these elements in a Bundle with other entries."""
    response = build_response(load(SMALL), {"numb": "yes"}, complete=False, authored=None)
    entry = {"resource": response | more} | ({"fullUrl": full_url} if full_url else {})
    return {"resourceType": "Bundle", "type": "collection", "entry": [*others, entry]}


def patient_at(url: str | None, **more: object) -> Json:
    return {"resource": PATIENT | more} | ({"fullUrl": url} if url else {})


IN_THE_FORM = ("Patient/1", "Patient/1/_history/3")
"""What stands in a form as it was sent, and means something where its address is known."""

ANN, VISIT = "urn:uuid:00000000-0000-4000-8000-000000000001", "urn:a:visit"
ENCOUNTER = {"resourceType": "Encounter", "status": "planned", "class": {"code": "AMB"}}

CARRIED: dict[str, Json] = {
    "a urn": numb_in(patient_at(ANN), subject={"reference": ANN, "display": "Ann"}),
    "below the address of the form": numb_in(
        patient_at(f"{SERVER}/Patient/1", id="1"), full_url=f"{SERVER}/QuestionnaireResponse/2",
        subject={"reference": "Patient/1"},
    ),
    "a version of it": numb_in(
        patient_at(f"{SERVER}/Patient/1", id="1"), full_url=f"{SERVER}/QuestionnaireResponse/2",
        subject={"reference": "Patient/1/_history/3"},
    ),
    "by its id, where nothing has an address": numb_in(
        patient_at(None, id="1"), subject={"reference": "Patient/1"}
    ),
    "by its id, where the form has no address": numb_in(
        patient_at(f"{SERVER}/Patient/1", id="1"), subject={"reference": "Patient/1"}
    ),
    "contained": numb_in(contained=[PATIENT | {"id": "p"}], subject={"reference": "#p"}),
    "contained, with what it needs": numb_in(
        contained=[
            PATIENT | {"id": "p", "managingOrganization": {"reference": "#o"}},
            {"resourceType": "Organization", "id": "o", "name": "O"},
            {"resourceType": "Practitioner", "id": "not-needed"},
        ],
        subject={"reference": "#p"}, author={"reference": "#not-needed"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CARRIED)
def test_whom_it_is_about_comes_along(name: str) -> None:
    """All point at the one Patient, who is in the result."""
    sent = CARRIED[name]
    bundle = bundle_of(load(SMALL), assess(load(SMALL), read_fhir(load(SMALL), sent)), sent)
    (entry,) = [one for one in bundle["entry"] if one["resource"]["resourceType"] == "Patient"]

    assert entry["resource"]["name"] == PATIENT["name"]
    for kind in ABOUT:
        assert of_kind(bundle, kind)[0]["subject"]["reference"] == entry["fullUrl"]
    check_references(bundle, besides=["#p", "#o", "#not-needed", *IN_THE_FORM])
    inner = entry["resource"].get("contained", [])
    assert [one["id"] for one in inner] == (["o"] if "needs" in name else [])


def test_who_is_on_the_server_is_pointed_at_by_the_whole_address() -> None:
    sent = numb_in(
        full_url=f"{SERVER}/QuestionnaireResponse/2",
        subject={"reference": "Patient/1"},
        encounter={"reference": "Encounter/5"},
    )
    bundle = bundle_of(load(SMALL), assess(load(SMALL), {"numb": "yes"}), sent)

    for kind in ABOUT:
        (one, *_) = of_kind(bundle, kind)
        assert one["subject"] == {"reference": f"{SERVER}/Patient/1"}
        assert one["encounter"] == {"reference": f"{SERVER}/Encounter/5"}


def test_what_the_form_points_at_comes_along_and_what_that_points_at() -> None:
    """And nothing else of its Bundle."""
    others = [
        {"fullUrl": VISIT, "resource": ENCOUNTER | {"subject": {"reference": ANN}}},
        patient_at(ANN),
        patient_at("urn:a:another"),
    ]
    sent = numb_in(*others, encounter={"reference": VISIT}, full_url="urn:a:form")
    bundle = bundle_of(load(SMALL), assess(load(SMALL), {"numb": "yes"}), sent)

    assert [entry["fullUrl"] for entry in bundle["entry"]][-2:] == [VISIT, ANN]
    for kind in ABOUT:
        assert of_kind(bundle, kind)[0]["encounter"] == {"reference": VISIT}


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3)
    | st.sampled_from(["#p", "Patient/1", "2026", ANN, "http://a.example"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["reference", "url", "valueString", "extension", "id", "a"]), inner
        )
    ),
    max_leaves=6,
)  # fmt: skip
WHOLE = numb_in(
    patient_at(ANN, id="1"),
    full_url=f"{SERVER}/QuestionnaireResponse/2",
    id="2",
    meta={"profile": ["http://a.example"], "tag": [{"code": "a"}]},
    language="en",
    text={"status": "generated", "div": "<div/>"},
    contained=[PATIENT | {"id": "p", "extension": [{"url": "a", "valueString": "b"}]}],
    extension=[{"url": "http://a.example", "valueCode": "a"}],
    identifier={"system": "http://a.example", "value": "a"},
    subject={"reference": ANN, "display": "Ann"},
    source={"reference": "#p"},
    authored="2026-11-23T10:00:00Z",
)


@given(JUNK, st.data())
@examples(300)
def test_whatever_is_read_is_given_back_as_r4(junk: object, data: st.DataObject) -> None:
    """Anything at any place is R4 in the result, or a mistake."""
    sent = copy.deepcopy(WHOLE)
    part: Json = data.draw(st.sampled_from([one for one in parts_of(sent["entry"]) if one]))
    part[data.draw(st.sampled_from(list(part) if isinstance(part, dict) else range(len(part))))] = (
        junk
    )

    try:
        answers = read_fhir(load(SMALL), sent)
    except AnswersError:
        return

    assert mistakes(bundle_of(load(SMALL), assess(load(SMALL), answers), sent)) == []


@pytest.mark.parametrize("beside", [False, True])
def test_the_evidence_is_where_somebody_was_not_sure_of_a_number(beside: bool) -> None:
    """In the item of the number itself, or in the one beside it."""
    number = replace(counts("n"), not_sure=9)
    rule_set = tiny([number], {"f": (("seek_care_now", 0), Between("n", 5, None))})
    response = build_response(rule_set, {"n": NOT_SURE}, complete=True, authored=None)
    if not beside:
        unknown = {"url": ABSENT_EXTENSION, "valueCode": NOT_SURE_CODE}
        item = {"linkId": "n", "answer": [{"extension": [unknown]}]}
        response["item"][0]["item"] = [item]

    result = assess(rule_set, read_fhir(rule_set, response))

    assert result.findings
    check_evidence(bundle_of(rule_set, result, response), result)


def test_the_provenance_names_rules_and_engine() -> None:
    rule_set = load(SMALL)
    (provenance,) = of_kind(bundle_of(rule_set, assess(rule_set, WELL)), "Provenance")
    text = json.dumps(provenance)

    assert rule_set.hash in text
    assert f"{rule_set.id} {rule_set.version}" in text
    assert assess(rule_set, WELL).engine_version in provenance["agent"][0]["who"]["display"]


def parts_of(node: object) -> list[Any]:
    """All objects and lists in a JSON value."""
    if not isinstance(node, dict | list):
        return []
    inner = node.values() if isinstance(node, dict) else node
    return [node, *(one for part in inner for one in parts_of(part))]


def test_who_changes_a_resource_changes_no_other() -> None:
    """What is built shares nothing with what is built next."""
    rule_set = load(SMALL)
    answers = {"numb": "not sure", "age": "not sure"}

    def build() -> set[int]:
        result = assess(rule_set, answers)
        built = [build_bundle(result, rule_set, DAY, NOW), build_questionnaire(rule_set, DAY)]
        kept.append(built)  # so that no address is used again
        return {id(part) for part in parts_of(built)}

    kept: list[object] = []

    assert build() & build() == set()


# The commands ------------------------------------------------------------------------------------


def sent(answers: Mapping[str, Answer] = WELL, **changed: object) -> str:
    rule_set = load(SMALL)
    response = build_response(rule_set, answers, complete=True, authored=None)
    return json.dumps(response | changed, indent=1)


@pytest.mark.parametrize("how", [(), ("--input", "fhir")])
def test_assess_takes_a_response_as_it_takes_the_answers(how: tuple[str, ...]) -> None:
    given = run("assess", "--rules", SMALL, "--date", str(DAY), stdin=json.dumps(WELL))
    done = run("assess", "--rules", SMALL, "--date", str(DAY), *how, stdin=sent())

    assert done.returncode == 0
    assert json.loads(done.stdout) == json.loads(given.stdout)


def test_assess_gives_a_bundle() -> None:
    done = run("assess", "--rules", SMALL, "--format", "fhir", "--date", str(DAY), stdin=sent())
    bundle = json.loads(done.stdout)

    assert mistakes(bundle) == []
    assert bundle["entry"][0]["resource"] == json.loads(sent())


def test_assess_gives_a_bundle_for_plain_answers_too() -> None:
    done = run("assess", "--rules", SMALL, "--format", "fhir", stdin='{"numb": "yes"}')
    (request,) = of_kind(json.loads(done.stdout), "ServiceRequest")

    assert request["priority"] == "stat"


def test_each_line_is_answered_by_a_line() -> None:
    lines = "".join(f"{json.dumps(json.loads(sent(one)))}\n" for one in (WELL, {"numb": "yes"}))
    done = run("assess", "--rules", SMALL, "--format", "fhir", "--exit-code", stdin=lines)
    kinds = [json.loads(line)["resourceType"] for line in done.stdout.splitlines()]

    assert (kinds, done.returncode) == (["Bundle", "Bundle"], 12)


def test_objects_on_lines_of_their_own_make_no_new_patient() -> None:
    """A form is not flat, so a line that is an object is still a part of it."""
    response = json.loads(sent())
    head = {key: value for key, value in response.items() if key != "item"}
    items = ",\n".join(json.dumps(item) for item in response["item"])
    text = json.dumps(head, indent=1)[:-2] + f',\n"item": [\n{items}\n]}}\n'
    done = run("assess", "--rules", SMALL, "--format", "fhir", stdin=text)

    assert json.loads(done.stdout)["entry"][0]["resource"] == response


def test_mistakes_are_an_outcome_with_their_places() -> None:
    text = sent(status="perhaps").replace('"N"', '"n"', 1)
    done = run("assess", "--rules", SMALL, "--format", "fhir", stdin=text)
    outcome = json.loads(done.stdout)
    places = [issue["expression"][0] for issue in outcome["issue"]]

    assert done.returncode == 3
    assert mistakes(outcome) == []
    assert places == [
        "QuestionnaireResponse.status",
        "QuestionnaireResponse.item[0].item[0].answer[0].value",
    ]
    assert 'linkId "numb"' in done.stderr


@pytest.mark.parametrize("text", ["<QuestionnaireResponse/>", "", "{", "[1]", "\xff", "{}"])
def test_what_is_not_fhir_is_said_in_fhir(text: str) -> None:
    done = run(
        "assess", "--rules", SMALL, "--input", "fhir", "--format", "fhir",
        stdin=text.encode("latin-1"),
    )  # fmt: skip

    assert done.returncode == 3
    assert mistakes(json.loads(done.stdout)) == []


def test_fhir_that_is_said_to_be_plain_json_is_refused() -> None:
    done = run("assess", "--rules", SMALL, "--input", "json", stdin=sent())

    assert done.returncode == 3
    assert "unknown-question" in done.stderr


def test_saved_answers_become_a_response_and_come_back(tmp_path: Path) -> None:
    result, response = tmp_path / "result.json", tmp_path / "response.json"
    result.write_text(run("assess", "--rules", SMALL, stdin=json.dumps(WELL)).stdout)

    done = run("export", "fhir-response", result, "--rules", SMALL)
    response.write_text(done.stdout)
    again = run("assess", response, "--rules", SMALL)

    assert (done.returncode, mistakes(json.loads(done.stdout))) == (0, [])
    assert json.loads(again.stdout) == json.loads(result.read_text())


def test_saved_answers_are_read_from_standard_input(tmp_path: Path) -> None:
    result = run("assess", "--rules", SMALL, stdin=json.dumps(WELL)).stdout
    (tmp_path / "result.json").write_text(result)

    piped = run("export", "fhir-response", "-", "--rules", SMALL, stdin=result)
    named = run("export", "fhir-response", tmp_path / "result.json", "--rules", SMALL)

    assert (piped.returncode, piped.stdout) == (0, named.stdout)


def test_answers_to_other_rules_are_not_exported(tmp_path: Path) -> None:
    result = tmp_path / "result.json"
    result.write_text(run("assess", "--rules", SMALL, stdin=json.dumps(WELL)).stdout)

    done = run("export", "fhir-response", result)

    assert (done.returncode, done.stdout) == (3, "")
    assert "other-rule-set" in done.stderr


# today is DAY, a Monday
AGES = {
    "2026-11-23": None,
    "2026-11-23T00:00:00Z": None,
    "2026-11-22": None,
    "2026-11": None,
    "2026": None,
    "2026-11-21": "Saturday 21 November 2026, 2 days ago",
    "2025-01-01T08:00:00Z": "Wednesday 1 January 2025, 691 days ago",
    "2026-10": "Saturday 31 October 2026, 23 days ago",
    "2025": "Wednesday 31 December 2025, 327 days ago",
    "2026-11-26": "Thursday 26 November 2026, a day still to come",
    "2027-02": "Monday 1 February 2027, a day still to come",
    "9999-12-31T23:59:59-12:00": "Friday 31 December 9999, a day still to come",
    "2026-11-20T23:59:60Z": "Friday 20 November 2026, 3 days ago",
    "2026-02-30": '"2026-02-30", and there is no such day',
}


@pytest.mark.parametrize("authored", AGES)
def test_a_form_of_another_day_is_told(authored: str) -> None:
    """On stderr, in the JSON, and in FHIR; its deadlines are those of today all the same."""
    text = sent(authored=authored)
    words = ("assess", "--rules", SMALL, "--date", str(DAY), "--format")
    as_json, as_fhir = (run(*words, form, stdin=text) for form in ("json", "fhir"))
    (guidance,) = of_kind(json.loads(as_fhir.stdout), "GuidanceResponse")
    notes = [note["text"] for note in guidance["note"]]
    wanted = AGES[authored]

    assert as_json.returncode == as_fhir.returncode == 0
    told = [as_json.stderr, as_fhir.stderr, *json.loads(as_json.stdout)["warnings"], *notes]
    mentions = [one for one in told if "the form was filled in on" in one]
    if wanted is None:
        assert mentions == []
    else:
        assert len(mentions) == 4
        assert all(wanted in one for one in mentions)
