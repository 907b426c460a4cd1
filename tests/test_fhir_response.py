"""A filled-in form in FHIR: back without loss, and every mistake with its linkId and FHIRPath."""

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import AnswersError, load
from backtriage.fhir import reading
from backtriage.fhir.names import ABSENT, ABSENT_EXTENSION
from backtriage.fhir.questionnaire import describe_not_sure_item
from backtriage.fhir.reading import read_fhir
from backtriage.fhir.response import build_response
from backtriage.model import NOT_SURE, Answer, AskedTwice, RuleSet
from forms import Json, list_items, mistakes
from helpers import NOW, SMALL, asks, tiny, yes
from strategies import examples, partial_answers, rule_sets


def response_of(rule_set: RuleSet, answers: Mapping[str, Answer]) -> Json:
    return build_response(rule_set, answers, complete=False, authored="2026-11-23")


@given(st.data())
@examples(300)
def test_answers_come_back_without_loss(data: st.DataObject) -> None:
    rule_set = data.draw(rule_sets())
    answers = data.draw(partial_answers(rule_set))
    response = json.loads(json.dumps(response_of(rule_set, answers)))

    assert mistakes(response) == []
    assert dict(read_fhir(rule_set, response).values) == answers


@given(st.data())
@examples(100)
def test_answers_to_the_shipped_rules_come_back_without_loss(data: st.DataObject) -> None:
    rule_set = load()
    answers = data.draw(partial_answers(rule_set))
    bundle = {"resourceType": "Bundle", "entry": [{"resource": response_of(rule_set, answers)}]}

    assert dict(read_fhir(rule_set, bundle).values) == answers


def test_codes_of_hl7_have_the_names_that_it_gave_them() -> None:
    text = json.dumps(response_of(load(SMALL), {"numb": NOT_SURE, "age": NOT_SURE}))

    assert text.count('"display": "Asked But Unknown"') == 2
    assert "Not sure" not in text


def test_no_item_is_no_answer() -> None:
    response = response_of(load(), {})

    assert "item" not in response
    assert read_fhir(load(), response).values == {}


@pytest.mark.parametrize("status", ["in-progress", "completed", "amended", "stopped"])
def test_what_was_left_out_is_not_known_whatever_the_status(status: str) -> None:
    rule_set = load(SMALL)
    response = response_of(rule_set, {"numb": "no"}) | {"status": status}

    assert read_fhir(rule_set, response).values == {"numb": "no"}


# Mistakes ----------------------------------------------------------------------------------------


ANSWERS: dict[str, Answer] = {
    "numb": "no",
    "weak": "yes",
    "weak_course": NOT_SURE,
    "age": 47,
    "duration": 3,
    "steroids": "no",
}
NUMB = "QuestionnaireResponse.item[0].item[0]"
WEAK_COURSE = "QuestionnaireResponse.item[0].item[2]"
AGE = "QuestionnaireResponse.item[1].item[0]"
DURATION = "QuestionnaireResponse.item[1].item[1]"
UCUM = "http://unitsofmeasure.org"
YES_NO = "http://terminology.hl7.org/CodeSystem/v2-0136"
NOT_SURE_CODING = {"system": ABSENT, "code": "asked-unknown"}
YES = [{"valueCoding": {"system": YES_NO, "code": "Y"}}]


@cache
def small() -> RuleSet:
    return load(SMALL)


def item_of(response: Json, name: str) -> Json:
    return next(item for item in list_items(response) if item["linkId"] == name)


def value(name: str, **given: Any) -> Callable[[Json], None]:
    """A response in which the answer to a question is this."""
    return lambda response: item_of(response, name).update(answer=[given])


def at_top(**given: Any) -> Callable[[Json], None]:
    return lambda response: response.update(given)


def on(name: str, **given: Any) -> Callable[[Json], None]:
    return lambda response: item_of(response, name).update(given)


def quantity(**given: Any) -> Callable[[Json], None]:
    return value("duration", valueQuantity={"value": 3, "system": UCUM, "code": "d"} | given)


def move(name: str, to: str) -> Callable[[Json], None]:
    def change(response: Json) -> None:
        found = item_of(response, name)
        for group in response["item"]:
            group["item"] = [item for item in group["item"] if item is not found]
        item_of(response, to)["item"].append(found)

    return change


def absent(reason: str) -> list[Json]:
    return [{"url": ABSENT_EXTENSION, "valueCode": reason}]


def say(response: Json, of: str) -> str:
    url, _, version = response["questionnaire"].partition("|")
    return url if of == "url" else version


# what is sent, the code of the mistake, its FHIRPath, and its linkId
MISTAKES: dict[str, tuple[Callable[[Json], None], str, str, str | None]] = {
    "no form": (
        lambda response: response.pop("questionnaire"),
        "no-questionnaire", "QuestionnaireResponse.questionnaire", None,
    ),
    "another form": (
        at_top(questionnaire="http://elsewhere.example/Questionnaire/a|1"),
        "other-questionnaire", "QuestionnaireResponse.questionnaire", None,
    ),
    "another version": (
        lambda response: response.update(questionnaire=say(response, "url") + "|0.1"),
        "other-version", "QuestionnaireResponse.questionnaire", None,
    ),
    "no version": (
        lambda response: response.update(questionnaire=say(response, "url")),
        "no-version", "QuestionnaireResponse.questionnaire", None,
    ),
    "STU3": (
        at_top(questionnaire={"reference": "Questionnaire/a"}),
        "other-fhir-version", "QuestionnaireResponse.questionnaire", None,
    ),
    "DSTU2": (
        at_top(group={"question": []}),
        "other-fhir-version", "QuestionnaireResponse", None,
    ),
    "no status": (
        lambda response: response.pop("status"),
        "wrong-status", "QuestionnaireResponse.status", None,
    ),
    "entered in error": (
        at_top(status="entered-in-error"), "wrong-status", "QuestionnaireResponse.status", None,
    ),
    "an element of our own making": (
        at_top(answers={}), "unknown-element", "QuestionnaireResponse", None,
    ),
    "modified": (
        at_top(modifierExtension=[{"url": "http://a.example", "valueBoolean": True}]),
        "cannot-ignore", "QuestionnaireResponse", None,
    ),
    "other rules": (
        at_top(implicitRules="http://a.example"), "cannot-ignore", "QuestionnaireResponse", None,
    ),
    "items that are no list": (
        at_top(item={}), "wrong-type", "QuestionnaireResponse.item", None,
    ),
    "no items at all": (at_top(item=[]), "wrong-type", "QuestionnaireResponse.item", None),
    "an item that is a text": (
        at_top(item=["numb"]), "wrong-type", "QuestionnaireResponse.item[0]", None,
    ),
    "no linkId": (
        lambda response: item_of(response, "numb").pop("linkId"), "missing-link-id", NUMB, None,
    ),
    "a linkId that is a number": (on("numb", linkId=1), "missing-link-id", NUMB, None),
    "an unknown linkId": (on("numb", linkId="numbb"), "unknown-link-id", NUMB, "numbb"),
    "not sure of what nobody can be unsure of": (
        on("numb", linkId="numb.not-sure"), "unknown-link-id", NUMB, "numb.not-sure",
    ),
    "a doubled linkId": (
        lambda response: response["item"][0]["item"].append(dict(item_of(response, "numb"))),
        "duplicate-link-id", "QuestionnaireResponse.item[0].item[3]", "numb",
    ),
    "in another group": (
        move("numb", "area.past"),
        "misplaced-item", "QuestionnaireResponse.item[1].item[3]", "numb",
    ),
    "under a question": (
        lambda response: item_of(response, "age")["answer"][0].update(
            item=[{"linkId": "fall", "answer": [{"valueCoding": {"system": YES_NO, "code": "Y"}}]}]
        ),
        "misplaced-item", f"{AGE}.answer[0].item[0]", "fall",
    ),
    "an answer of a group": (
        on("area.nerves", answer=[{"valueBoolean": True}]),
        "wrong-type", "QuestionnaireResponse.item[0].answer", "area.nerves",
    ),
    "an element of R5 or of nothing": (on("numb", values=[]), "unknown-element", NUMB, "numb"),
    "an element of STU3": (
        on("numb", subject={"reference": "a"}), "unknown-element", NUMB, "numb",
    ),
    "an answer under what is only shown": (
        lambda response: response["item"].insert(0, {"linkId": "opening.1", "item": [
            {"linkId": "area.nerves", "item": [{"linkId": "numb", "answer": YES}]},
        ]}),
        "wrong-type", "QuestionnaireResponse.item[0].item", "opening.1",
    ),
    "an answer under why it is asked": (
        on("numb", item=[{"linkId": "why.numb", "item": [{"linkId": "weak", "answer": YES}]}]),
        "wrong-type", f"{NUMB}.item[0].item", "why.numb",
    ),
    "the same behind the answer": (
        lambda response: item_of(response, "numb")["answer"][0].update(
            item=[{"linkId": "why.numb", "item": [{"linkId": "weak", "answer": YES}]}]
        ),
        "wrong-type", f"{NUMB}.answer[0].item[0].item", "why.numb",
    ),
    "an answer to what is only shown": (
        at_top(item=[{"linkId": "opening.1", "answer": YES}]),
        "wrong-type", "QuestionnaireResponse.item[0].answer", "opening.1",
    ),
    "an opening that is not ours": (
        at_top(item=[{"linkId": "opening.99"}]),
        "unknown-link-id", "QuestionnaireResponse.item[0]", "opening.99",
    ),
    "why something is asked that is not": (
        on("numb", item=[{"linkId": "why.X"}]), "unknown-link-id", f"{NUMB}.item[0]", "why.X",
    ),
    "a doubled opening": (
        at_top(item=[{"linkId": "opening.1"}, {"linkId": "opening.1"}]),
        "duplicate-link-id", "QuestionnaireResponse.item[1]", "opening.1",
    ),
    "why it is asked, in another question": (
        on("numb", item=[{"linkId": "why.weak"}]),
        "misplaced-item", f"{NUMB}.item[0]", "why.weak",
    ),
    "other words": (on("numb", text="Are you well?"), "other-text", f"{NUMB}.text", "numb"),
    "HTML in a text": (
        on("numb", text="<b>Are you newly numb between the legs?</b>"),
        "other-text", f"{NUMB}.text", "numb",
    ),
    "a text that is none": (on("numb", text=3), "other-text", f"{NUMB}.text", "numb"),
    "another heading": (
        on("area.nerves", text="Signs that you do NOT have"),
        "other-text", "QuestionnaireResponse.item[0].text", "area.nerves",
    ),
    "null for a text": (on("numb", text=None), "other-text", f"{NUMB}.text", "numb"),
    "days that were shown as weeks": (
        quantity(unit="weeks"), "other-text", f"{DURATION}.answer[0].value.unit", "duration",
    ),
    "weeks that were shown as days": (
        quantity(code="wk", unit="d"),
        "other-text", f"{DURATION}.answer[0].value.unit", "duration",
    ),
    "two answers": (
        lambda response: item_of(response, "numb")["answer"].append({"valueBoolean": True}),
        "many-answers", f"{NUMB}.answer", "numb",
    ),
    "an empty list of answers": (on("numb", answer=[]), "many-answers", f"{NUMB}.answer", "numb"),
    "null for the answers": (on("numb", answer=None), "many-answers", f"{NUMB}.answer", "numb"),
    "an answer that is a text": (
        on("numb", answer=["yes"]), "wrong-type", f"{NUMB}.answer[0]", "numb",
    ),
    "an answer without a value": (value("numb"), "wrong-type", f"{NUMB}.answer[0]", "numb"),
    "two values": (
        value("numb", valueBoolean=True, valueString="yes"),
        "wrong-type", f"{NUMB}.answer[0]", "numb",
    ),
    "a boolean": (
        value("numb", valueBoolean=False), "wrong-type", f"{NUMB}.answer[0].value", "numb",
    ),
    "a text": (value("numb", valueString="no"), "wrong-type", f"{NUMB}.answer[0].value", "numb"),
    "a value that R4 does not have": (
        value("numb", valueInteger64="1"), "wrong-type", f"{NUMB}.answer[0].value", "numb",
    ),
    "a coding that is a text": (
        value("numb", valueCoding="Y"), "wrong-type", f"{NUMB}.answer[0].value", "numb",
    ),
    "a code without its system": (
        value("numb", valueCoding={"code": "N"}),
        "unknown-code", f"{NUMB}.answer[0].value", "numb",
    ),
    "a small letter": (
        value("numb", valueCoding={"system": YES_NO, "code": "n"}),
        "unknown-code", f"{NUMB}.answer[0].value", "numb",
    ),
    "a code of another system": (
        value("numb", valueCoding={"system": "http://snomed.info/sct", "code": "373067005"}),
        "unknown-code", f"{NUMB}.answer[0].value", "numb",
    ),
    "a no that was shown as a yes": (
        value("numb", valueCoding={"system": YES_NO, "code": "N", "display": "Yes"}),
        "other-text", f"{NUMB}.answer[0].value.display", "numb",
    ),
    "an unknown that was shown as a no": (
        value("numb", valueCoding={"system": ABSENT, "code": "asked-unknown", "display": "No"}),
        "other-text", f"{NUMB}.answer[0].value.display", "numb",
    ),
    "yes to a choice": (
        value("weak_course", valueCoding={"system": YES_NO, "code": "Y"}),
        "unknown-code", f"{WEAK_COURSE}.answer[0].value", "weak_course",
    ),
    "asked, but no answer": (
        value("numb", extension=absent("asked-declined")),
        "unknown-code", f"{NUMB}.answer[0]", "numb",
    ),
    "an integer": (value("age", valueInteger=47), "wrong-type", f"{AGE}.answer[0].value", "age"),
    "a number as a text": (
        value("age", valueDecimal="47"), "wrong-type", f"{AGE}.answer[0].value", "age",
    ),
    "true for a number": (
        value("age", valueDecimal=True), "wrong-type", f"{AGE}.answer[0].value", "age",
    ),
    "out of range": (
        value("age", valueDecimal=470), "out-of-range", f"{AGE}.answer[0].value", "age",
    ),
    "a number alone where it could be of anything": (
        value("duration", valueDecimal=6), "wrong-type", f"{DURATION}.answer[0].value", "duration",
    ),
    "no unit": (
        quantity(code=None, unit="weeks"),
        "unknown-code", f"{DURATION}.answer[0].value.code", "duration",
    ),
    "a unit of no system": (
        quantity(system=None), "unknown-code", f"{DURATION}.answer[0].value.code", "duration",
    ),
    "a unit that does not fit": (
        quantity(code="kg"), "unknown-code", f"{DURATION}.answer[0].value.code", "duration",
    ),
    "less than": (
        quantity(comparator="<"),
        "wrong-type", f"{DURATION}.answer[0].value.comparator", "duration",
    ),
    "a quantity without a number": (
        value("duration", valueQuantity={"system": UCUM, "code": "d"}),
        "wrong-type", f"{DURATION}.answer[0].value.value", "duration",
    ),
    "a quantity that is none": (
        value("duration", valueQuantity=3),
        "wrong-type", f"{DURATION}.answer[0].value", "duration",
    ),
    "too long": (
        quantity(value=101, code="a"),
        "out-of-range", f"{DURATION}.answer[0].value", "duration",
    ),
    "longer than numbers go": (
        quantity(value=10**400, code="a"),
        "out-of-range", f"{DURATION}.answer[0].value", "duration",
    ),
    "a number, and not sure of it": (
        lambda response: response["item"][1]["item"].append(
            {"linkId": "age.not-sure", "answer": [{"extension": absent("asked-unknown")}]}
        ),
        "contradiction", "QuestionnaireResponse.item[1].item[3].answer[0]", "age.not-sure",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_with_its_place(name: str) -> None:
    change, code, path, link_id = MISTAKES[name]
    response = response_of(small(), ANSWERS)
    change(response)

    with pytest.raises(AnswersError) as told:
        read_fhir(small(), response)

    (issue,) = told.value.issues
    assert (issue.code, issue.path) == (code, path)
    assert issue.part == (None if link_id is None else ("linkId", link_id))
    assert link_id is None or f'linkId "{link_id}"' in issue.message


def test_all_mistakes_are_told_at_once() -> None:
    chosen = ["no status", "no version", "a boolean", "an integer", "no unit", "other words"]
    response = response_of(small(), ANSWERS)
    for name in chosen:
        MISTAKES[name][0](response)

    with pytest.raises(AnswersError) as told:
        read_fhir(small(), response)

    assert {issue.code for issue in told.value.issues} == {MISTAKES[name][1] for name in chosen}
    assert len(told.value.issues) == len(chosen)


def test_only_mistakes_that_are_told_get_a_suggestion(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes a while, and a form may have any number of them."""
    asked: list[str] = []
    monkeypatch.setattr(reading, "suggest_nearest", lambda name, _: asked.append(name))
    response = response_of(small(), {})
    response["item"] = [{"linkId": f"number{place}"} for place in range(1000)]

    with pytest.raises(AnswersError) as told:
        read_fhir(small(), response)

    assert len(asked) == 100
    assert "900 more" in told.value.issues[-1].message


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["item", "linkId", "answer", "extension", "a"]), inner
            )
        ),
        max_leaves=8,
    ),
    st.data(),
)
@examples(300)
def test_anything_at_any_place_is_answers_or_a_mistake(junk: Any, data: st.DataObject) -> None:
    """And never an error of Python."""
    response = response_of(small(), ANSWERS)
    parts = [part for part in walk(response) if part]
    part = data.draw(st.sampled_from(parts))
    key = data.draw(st.sampled_from(list(part) if isinstance(part, dict) else range(len(part))))
    part[key] = junk

    try:
        read_fhir(small(), response)
    except AnswersError as error:
        assert error.issues


def walk(node: Any) -> list[Any]:
    """All objects and lists in a JSON value."""
    if not isinstance(node, dict | list):
        return []
    inner = node.values() if isinstance(node, dict) else node
    return [node, *(one for part in inner for one in walk(part))]


# What is given back as it was sent ---------------------------------------------------------------

TOP = "QuestionnaireResponse"
# what is sent, the code of the mistake, and its place
UNFIT: dict[str, tuple[Callable[[Json], None], str, str]] = {
    "no day": (at_top(authored="yesterday"), "not-r4", f"{TOP}.authored"),
    "an id with blanks": (at_top(id="a b/c"), "not-r4", f"{TOP}.id"),
    "an id with a line break": (at_top(id="a\n"), "not-r4", f"{TOP}.id"),
    "a subject that is a text": (at_top(subject="Ann"), "not-r4", f"{TOP}.subject"),
    "an empty subject": (at_top(subject={}), "not-r4", f"{TOP}.subject"),
    "null for a subject": (at_top(subject=None), "not-r4", f"{TOP}.subject"),
    "a reference to a number": (
        at_top(subject={"reference": 5}), "not-r4", f"{TOP}.subject.reference",
    ),
    "a subject with more": (
        at_top(subject={"display": "a", "foo": 1}), "unknown-element", f"{TOP}.subject",
    ),
    "a device as subject": (
        at_top(subject={"reference": "Device/1"}), "wrong-type", f"{TOP}.subject",
    ),
    "an organization as subject": (
        at_top(subject={"reference": "http://s.example/fhir/Organization/1/_history/2"}),
        "wrong-type", f"{TOP}.subject",
    ),
    "a subject that says that it is a place": (
        at_top(subject={"type": "Location", "identifier": {"value": "9"}}),
        "wrong-type", f"{TOP}.subject",
    ),
    "a contained device as subject": (
        at_top(contained=[{"resourceType": "Device", "id": "d"}], subject={"reference": "#d"}),
        "wrong-type", f"{TOP}.subject",
    ),
    "a contained subject that is not there": (
        at_top(contained=[{"resourceType": "Patient", "id": "p"}], subject={"reference": "#q"}),
        "not-r4", f"{TOP}.subject",
    ),
    "an encounter that is none": (
        at_top(encounter={"reference": "Patient/1"}), "wrong-type", f"{TOP}.encounter",
    ),
    "meta": (at_top(meta=7), "not-r4", f"{TOP}.meta"),
    "in meta": (at_top(meta={"profile": "http://a.example"}), "not-r4", f"{TOP}.meta.profile"),
    "contained": (at_top(contained="x"), "not-r4", f"{TOP}.contained"),
    "contained texts": (at_top(contained=["x"]), "not-r4", f"{TOP}.contained[0]"),
    "null in a list": (at_top(meta={"profile": [None]}), "not-r4", f"{TOP}.meta.profile[0]"),
    "in a contained Patient": (
        at_top(contained=[{"resourceType": "Patient", "id": "p", "birthDate": "long ago"}]),
        "not-r4", f"{TOP}.contained[0].birthDate",
    ),
    "one extension": (at_top(extension={"url": "http://a.example"}), "not-r4", f"{TOP}.extension"),
    "an extension without url": (
        at_top(extension=[{"valueString": "a"}]), "not-r4", f"{TOP}.extension[0]",
    ),
    "a value of an extension": (
        at_top(extension=[{"url": "a", "valueBoolean": "true"}]),
        "not-r4", f"{TOP}.extension[0].valueBoolean",
    ),
    "a narrative that is a text": (at_top(text="<b>"), "not-r4", f"{TOP}.text"),
    "a language": (at_top(language=[1]), "not-r4", f"{TOP}.language"),
    "an author": (at_top(author="me"), "not-r4", f"{TOP}.author"),
    "no list of what it rests on": (at_top(basedOn={}), "not-r4", f"{TOP}.basedOn"),
    "an extension of a status": (at_top(_status="a"), "not-r4", f"{TOP}._status"),
    "items with an underscore": (at_top(_item=[]), "unknown-element", TOP),
    "items with an underscore in a group": (
        on("area.nerves", _item=[]), "unknown-element", f"{TOP}.item[0]",
    ),
    "answers with an underscore": (on("numb", _answer=[]), "unknown-element", NUMB),
    "a subject with an underscore": (at_top(_subject={"id": "a"}), "unknown-element", TOP),
    "an extension of an item": (on("numb", extension=["a"]), "not-r4", f"{NUMB}.extension[0]"),
    "a definition": (on("numb", definition="a b"), "not-r4", f"{NUMB}.definition"),
    "an id of an answer": (
        on("numb", answer=[{"id": 3, "valueCoding": {"system": YES_NO, "code": "N"}}]),
        "not-r4", f"{NUMB}.answer[0].id",
    ),
    "the display of a code": (
        value("numb", valueCoding={"system": YES_NO, "code": "N", "display": 5}),
        "not-r4", f"{NUMB}.answer[0].valueCoding.display",
    ),
    "a code with more": (
        value("numb", valueCoding={"system": YES_NO, "code": "N", "foo": 5}),
        "unknown-element", f"{NUMB}.answer[0].valueCoding",
    ),
    "a quantity with more": (
        quantity(foo=5), "unknown-element", f"{DURATION}.answer[0].valueQuantity",
    ),
    "the name of a unit": (quantity(unit=5), "not-r4", f"{DURATION}.answer[0].valueQuantity.unit"),
    "what belongs to a number": (
        value("age", valueDecimal=47, _valueDecimal=5),
        "not-r4", f"{AGE}.answer[0]._valueDecimal",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNFIT)
def test_what_is_given_back_is_r4(name: str) -> None:
    change, code, path = UNFIT[name]
    response = response_of(small(), ANSWERS)
    change(response)

    with pytest.raises(AnswersError) as told:
        read_fhir(small(), response)

    assert [(issue.code, issue.path) for issue in told.value.issues] == [(code, path)]


# Checks ------------------------------------------------------------------------------------------


CHECKED = tiny([replace(asks("a"), check="Look once more. a?")], {"f": (NOW, yes("a"))})


def checked(first: str | None, second: str) -> Json:
    """A response with codes for the question and its check."""
    codes = {"a": first, "a.check": second}
    items = [
        {"linkId": name, "answer": [{"valueCoding": {"system": system_of(code), "code": code}}]}
        for name, code in codes.items()
        if code is not None
    ]
    response = response_of(CHECKED, {})
    return response | {"item": [{"linkId": "area.a", "item": items}]}


def system_of(code: str) -> str:
    return YES_NO if code in ("Y", "N") else ABSENT


@pytest.mark.parametrize(
    ("second", "both"),
    [("Y", AskedTwice.YES), ("N", AskedTwice.NO), ("asked-unknown", AskedTwice.NOT_SURE)],
)
def test_the_answer_to_a_check_stands_with_the_not_sure(second: str, both: AskedTwice) -> None:
    assert read_fhir(CHECKED, checked("asked-unknown", second)).values == {"a": both}


@pytest.mark.parametrize("second", ["Y", "N", "asked-unknown"])
@pytest.mark.parametrize("first", ["Y", "N", "no answer", None])
def test_a_check_is_read_or_refused_and_never_passed_over(first: str | None, second: str) -> None:
    """Whatever stands in its question's item, or if there is none."""
    response = checked(None if first == "no answer" else first, second)
    if first == "no answer":
        response["item"][0]["item"].insert(0, {"linkId": "a", "text": "a?"})
    if first == second:
        assert read_fhir(CHECKED, response).values == {"a": {"Y": "yes", "N": "no"}[second]}
        return

    with pytest.raises(AnswersError) as told:
        read_fhir(CHECKED, response)

    (issue,) = told.value.issues
    assert (issue.code, issue.part) == ("contradiction", ("linkId", "a.check"))


def test_a_check_of_an_answer_that_cannot_be_read_is_no_second_mistake() -> None:
    with pytest.raises(AnswersError) as told:
        read_fhir(CHECKED, checked("?", "Y"))

    assert [issue.code for issue in told.value.issues] == ["unknown-code"]


# What is taken as well ---------------------------------------------------------------------------

TAKEN: dict[str, tuple[Callable[[Json], None], Mapping[str, Answer]]] = {
    "days in other words": (quantity(unit="jours"), {"duration": 3}),
    "six weeks": (quantity(value=6, code="wk"), {"duration": 42}),
    "three months": (quantity(value=3, code="mo"), {"duration": 91}),
    "a year": (quantity(value=1, code="a"), {"duration": 365}),
    "not sure, by the extension": (value("duration", extension=absent("asked-unknown")),
        {"duration": NOT_SURE}),
    "the same in the value": (
        value("numb", valueCoding={"extension": absent("asked-unknown")}), {"numb": NOT_SURE},
    ),
    "the same in a quantity": (
        value("duration", valueQuantity={"extension": absent("asked-unknown"), "id": "q"}),
        {"duration": NOT_SURE},
    ),
    "the same in the item beside it": (
        on("age", linkId="age.not-sure", text=describe_not_sure_item(),
           answer=[{"valueCoding": {"extension": absent("asked-unknown")}}]),
        {"age": NOT_SURE},
    ),
    "the same on the value": (
        value("age", _valueDecimal={"extension": absent("asked-unknown")}), {"age": NOT_SURE},
    ),
    "not sure, as HL7 calls it": (
        value("numb", valueCoding=NOT_SURE_CODING | {"display": "Asked But Unknown"}),
        {"numb": NOT_SURE},
    ),
    "not sure, as the form has it": (
        value("numb", valueCoding=NOT_SURE_CODING | {"display": "Not sure"}), {"numb": NOT_SURE},
    ),
    "without a display": (value("numb", valueCoding=NOT_SURE_CODING), {"numb": NOT_SURE}),
    "a display in capitals": (
        value("numb", valueCoding={"system": YES_NO, "code": "Y", "display": " YES"}),
        {"numb": "yes"},
    ),
    "a code of another version": (
        value("numb", valueCoding={"system": YES_NO, "code": "Y", "version": "2.9"}),
        {"numb": "yes"},
    ),
    "an unknown extension": (on("numb", extension=[{"url": "http://a.example"}]), {}),
    "no text": (lambda response: item_of(response, "numb").pop("text"), {}),
    "blanks": (on("numb", text=" Are you newly  numb between\nthe legs? "), {}),
    "what is only shown, at the top": (
        lambda response: response["item"].insert(0, {"linkId": "opening.1", "text": "Call 112."}),
        {},
    ),
    "what is only shown, in a question": (
        on("numb", item=[{"linkId": "why.numb", "text": "Why"}]), {},
    ),
    "what is only shown": (
        lambda response: item_of(response, "numb")["answer"][0].update(
            item=[{"linkId": "why.numb", "text": "Why"}]
        ),
        {},
    ),
    "an item without an answer": (
        lambda response: response["item"][1]["item"].append({"linkId": "fall"}), {},
    ),
    "values and their extensions in two lists": (
        at_top(contained=[
            {"resourceType": "Patient", "id": "p", "name": [
                {"given": [None, "B"], "_given": [{"id": "a"}, None]},
            ]},
        ]), {},
    ),
    "primitive extensions": (at_top(_status={"id": "a"}), {}),
}  # fmt: skip


NO = {"system": YES_NO, "code": "N"}
THREE_DAYS = {"value": 3, "system": UCUM, "code": "d"}
UNKNOWN = {"extension": absent("asked-unknown")}
UNLIKE_R4 = "unknown-element"

# a question, what its item has, the code of the mistake, and where it is below the item
DOUBTFUL: dict[str, tuple[str, Json, str, str]] = {
    "no, and not sure": (
        "numb", {"answer": [{"valueCoding": NO, **UNKNOWN}]}, "wrong-type", ".answer[0]",
    ),
    "no, and not sure in it": (
        "numb", {"answer": [{"valueCoding": NO | UNKNOWN}]}, "wrong-type", ".answer[0].value",
    ),
    "no, and not sure of its code": (
        "numb", {"answer": [{"valueCoding": NO | {"_code": UNKNOWN}}]},
        "wrong-type", ".answer[0].value.code",
    ),
    "no, and not sure of its system": (
        "numb", {"answer": [{"valueCoding": NO | {"_system": UNKNOWN}}]},
        "wrong-type", ".answer[0].value.system",
    ),
    "no code, and not sure of it": (
        "numb", {"answer": [{"valueCoding": {"system": YES_NO, "_code": UNKNOWN}}]},
        "wrong-type", ".answer[0].value.code",
    ),
    "no, and refused in it": (
        "numb", {"answer": [{"valueCoding": NO | {"extension": absent("asked-declined")}}]},
        "unknown-code", ".answer[0].value",
    ),
    "a quantity, and not sure": (
        "duration", {"answer": [{"valueQuantity": THREE_DAYS, **UNKNOWN}]},
        "wrong-type", ".answer[0]",
    ),
    "a quantity, and not sure in it": (
        "duration", {"answer": [{"valueQuantity": THREE_DAYS | UNKNOWN}]},
        "wrong-type", ".answer[0].value",
    ),
    "a quantity, and not sure of its number": (
        "duration", {"answer": [{"valueQuantity": THREE_DAYS | {"_value": UNKNOWN}}]},
        "wrong-type", ".answer[0].value.value",
    ),
    "a number, and not sure of it": (
        "age", {"answer": [{"valueDecimal": 47, "_valueDecimal": UNKNOWN}]},
        "wrong-type", ".answer[0].value",
    ),
    "not as R4 has it": (
        "numb", {"answer": [{"_valueCoding": UNKNOWN}]}, UNLIKE_R4, ".answer[0]",
    ),
    "not as R4 has it, beside a no": (
        "numb", {"answer": [{"valueCoding": NO, "_valueCoding": {"id": "a"}}]},
        UNLIKE_R4, ".answer[0]",
    ),
    "not as R4 has a quantity": (
        "duration", {"answer": [{"_valueQuantity": UNKNOWN}]}, UNLIKE_R4, ".answer[0]",
    ),
    "not sure by a value of another type": (
        "numb", {"answer": [{"_valueBoolean": UNKNOWN}]}, "wrong-type", ".answer[0].value",
    ),
    "not sure in the item": ("numb", UNKNOWN, "misplaced-reason", ""),
    "not sure in the item, and no in the answer": (
        "numb", UNKNOWN | {"answer": [{"valueCoding": NO}]}, "misplaced-reason", "",
    ),
    "refused in the item": (
        "numb", {"extension": absent("asked-declined")}, "misplaced-reason", "",
    ),
    "not sure of a whole group": ("area.nerves", UNKNOWN, "misplaced-reason", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_reason_for_no_answer_is_never_passed_over(name: str) -> None:
    """Neither for the value beside it, nor for what was not answered."""
    question, given, code, step = DOUBTFUL[name]
    response = response_of(small(), ANSWERS)
    item = item_of(response, question)
    item.pop("answer", None)
    item.update(given)

    with pytest.raises(AnswersError) as told:
        read_fhir(small(), response)

    (issue,) = told.value.issues
    places = {"numb": NUMB, "age": AGE, "duration": DURATION}
    assert issue.code == code
    assert issue.path == places.get(question, "QuestionnaireResponse.item[0]") + step
    assert issue.part == ("linkId", question)


@pytest.mark.parametrize("name", TAKEN)
def test_this_is_understood(name: str) -> None:
    change, read = TAKEN[name]
    response = response_of(small(), ANSWERS)
    change(response)

    assert read_fhir(small(), response).values == ANSWERS | read


# Bundles, and what is no response ----------------------------------------------------------------


def bundle_of(*resources: Any) -> Json:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}


def test_a_bundle_may_have_other_resources() -> None:
    response = response_of(small(), ANSWERS)
    other = copy.deepcopy(response) | {"questionnaire": "http://elsewhere.example/a|1"}
    bundle = bundle_of({"resourceType": "Patient"}, other, response, None)

    assert read_fhir(small(), bundle).values == ANSWERS


def test_a_mistake_in_a_bundle_has_its_place_in_the_bundle() -> None:
    response = response_of(small(), ANSWERS)
    MISTAKES["a boolean"][0](response)

    with pytest.raises(AnswersError) as told:
        read_fhir(small(), bundle_of({"resourceType": "Patient"}, response))

    assert told.value.issues[0].path == ("Bundle.entry[1].resource.item[0].item[0].answer[0].value")


RESPONSE = response_of(load(SMALL), ANSWERS)
ELSEWHERE = RESPONSE | {"questionnaire": "http://elsewhere.example/a|1"}
NAMELESS = {key: part for key, part in RESPONSE.items() if key != "questionnaire"}
STU3 = RESPONSE | {"questionnaire": {"reference": RESPONSE["questionnaire"]}}
OLD = RESPONSE | {"questionnaire": RESPONSE["questionnaire"].partition("|")[0] + "|0.1"}
PARAMETERS = {"resourceType": "Parameters", "parameter": [{"name": "a", "resource": RESPONSE}]}
ENTRY = {"resource": RESPONSE}


def in_entry(**more: Any) -> Json:
    return {"resourceType": "Bundle", "entry": [{**ENTRY, **more}]}


# what is sent, the code of the mistake, and its place
BUNDLES: dict[str, tuple[Json, str, str]] = {
    "two": (bundle_of(RESPONSE, RESPONSE), "many-responses", "Bundle.entry[0].resource"),
    "one of no form": (bundle_of(RESPONSE, NAMELESS), "many-responses", "Bundle.entry[0].resource"),
    "one of STU3": (bundle_of(STU3, RESPONSE), "many-responses", "Bundle.entry[0].resource"),
    "one of another version": (
        bundle_of(RESPONSE, OLD), "many-responses", "Bundle.entry[0].resource",
    ),
    "one in another Bundle": (
        bundle_of(RESPONSE, bundle_of(RESPONSE)), "many-responses", "Bundle.entry[0].resource",
    ),
    "one among parameters": (
        bundle_of(RESPONSE, PARAMETERS), "many-responses", "Bundle.entry[0].resource",
    ),
    "one in the other": (
        RESPONSE | {"contained": [RESPONSE]}, "many-responses", "QuestionnaireResponse",
    ),
    "only in another Bundle": (
        bundle_of(bundle_of(RESPONSE)), "hidden-response",
        "Bundle.entry[0].resource.entry[0].resource",
    ),
    "only among parameters": (
        bundle_of(PARAMETERS), "hidden-response",
        "Bundle.entry[0].resource.parameter[0].resource",
    ),
    "more pages": (
        bundle_of(RESPONSE) | {"link": [{"relation": "next", "url": "http://s.example"}]},
        "more-pages", "Bundle.link",
    ),
    "rules of their own": (
        bundle_of(RESPONSE) | {"implicitRules": "http://a.example"}, "cannot-ignore", "Bundle",
    ),
    "an element of our own making": (
        bundle_of(RESPONSE) | {"items": []}, "unknown-element", "Bundle",
    ),
    "modified": (
        in_entry(modifierExtension=[{"url": "a"}]), "cannot-ignore", "Bundle.entry[0]",
    ),
    "deleted": (
        in_entry(request={"method": "DELETE", "url": "QuestionnaireResponse/1"}),
        "cannot-ignore", "Bundle.entry[0].request.method",
    ),
    "another is deleted": (
        {"resourceType": "Bundle", "entry": [ENTRY, {"request": {"method": "DELETE"}}]},
        "cannot-ignore", "Bundle.entry[1].request.method",
    ),
    "an element of the entry": (in_entry(values=[]), "unknown-element", "Bundle.entry[0]"),
    "an address with blanks": (in_entry(fullUrl="a b <x>"), "not-r4", "Bundle.entry[0].fullUrl"),
    "an address that is no whole one": (
        in_entry(fullUrl="QuestionnaireResponse/2"), "not-r4", "Bundle.entry[0].fullUrl",
    ),
    "an address that is a number": (in_entry(fullUrl=2), "not-r4", "Bundle.entry[0].fullUrl"),
    "a Patient that is not R4": (
        bundle_of(
            RESPONSE | {"subject": {"reference": "Patient/1"}},
            {"resourceType": "Patient", "id": "1", "gender": "m"},
        ),
        "not-r4", "Bundle.entry[1].resource.gender",
    ),
    "a device as subject": (
        bundle_of(RESPONSE | {"subject": {"reference": "urn:a:b"}})
        | {"entry": [
            {"resource": RESPONSE | {"subject": {"reference": "urn:a:b"}}},
            {"fullUrl": "urn:a:b", "resource": {"resourceType": "Device"}},
        ]},
        "wrong-type", "Bundle.entry[0].resource.subject",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BUNDLES)
def test_a_bundle_that_does_not_hold_or_is_not_all_is_refused(name: str) -> None:
    raw, code, path = BUNDLES[name]

    with pytest.raises(AnswersError) as told:
        read_fhir(small(), raw)

    assert [(issue.code, issue.path) for issue in told.value.issues] == [(code, path)]


@pytest.mark.parametrize("hidden", [ELSEWHERE, bundle_of(ELSEWHERE)])
def test_responses_to_other_forms_may_stand_anywhere(hidden: Json) -> None:
    assert read_fhir(small(), bundle_of(hidden, RESPONSE)).values == ANSWERS


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ({}, "not-fhir"),
        ([], "not-fhir"),
        (None, "not-fhir"),
        ({"resourceType": "Patient"}, "not-fhir"),
        ({"resourceType": "Questionnaire", "status": "draft"}, "not-fhir"),
        ({"resourceType": 3}, "not-fhir"),
        (bundle_of(), "not-answers"),
        ({"resourceType": "Bundle", "entry": 3}, "not-answers"),
        (bundle_of(RESPONSE, RESPONSE), "many-responses"),
    ],
)
def test_what_is_no_response_is_refused(raw: object, code: str) -> None:
    with pytest.raises(AnswersError) as told:
        read_fhir(small(), raw)

    assert [issue.code for issue in told.value.issues] == [code]
