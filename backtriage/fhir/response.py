"""Answers -> a FHIR QuestionnaireResponse."""

from collections.abc import Iterator, Mapping

from backtriage.answers import get_check
from backtriage.conditions import take_last
from backtriage.fhir.coding import build_answered_coding
from backtriage.fhir.layout import Group, build_groups
from backtriage.fhir.names import (
    CHECK_SUFFIX,
    NOT_SURE_SUFFIX,
    Resource,
    get_questionnaire_url,
    get_version,
)
from backtriage.fhir.questionnaire import build_quantity, describe_not_sure_item
from backtriage.fhir.ucum import list_given_units
from backtriage.model import (
    NOT_SURE,
    Answer,
    AskedTwice,
    NotSure,
    Number,
    Question,
    RuleSet,
)


def build_response(
    rule_set: RuleSet, answers: Mapping[str, Answer], *, complete: bool, authored: str | None
) -> Resource:
    """The form as these answers fill it in.

    `complete` says that nothing is left to ask; `authored` is the day or time of the answers, where
    it is known. What was not answered has no item.
    """
    items = [
        item for group in build_groups(rule_set) for item in _list_items(rule_set, group, answers)
    ]
    response: Resource = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"{get_questionnaire_url(rule_set)}|{get_version(rule_set)}",
        "status": "completed" if complete else "in-progress",
    }
    if rule_set.translation:
        response["language"] = rule_set.language.replace("_", "-")
    if authored:
        response["authored"] = authored
    return response | ({"item": items} if items else {})


def _list_items(
    rule_set: RuleSet, part: Group | Question, answers: Mapping[str, Answer]
) -> Iterator[Resource]:
    """The item of a part; none where nothing in it was answered."""
    if not isinstance(part, Group):
        if part.id in answers:
            yield from _list_answered(rule_set, part, answers[part.id])
        return
    inner = [item for one in part.of for item in _list_items(rule_set, one, answers)]
    if inner:
        yield {"linkId": part.link_id, "text": part.text, "item": inner}


def _list_answered(rule_set: RuleSet, question: Question, answer: Answer) -> Iterator[Resource]:
    """The item of a question, and behind a "not sure" that of its check."""
    if not isinstance(answer, AskedTwice):
        yield _build_item(rule_set, question, answer)
        return
    yield _build_item(rule_set, question, NOT_SURE)
    second = _build_item(rule_set, question, take_last(answer))
    yield second | {"linkId": question.id + CHECK_SUFFIX, "text": get_check(question)}


def _build_item(rule_set: RuleSet, question: Question, answer: Answer) -> Resource:
    shown = {"linkId": question.id, "text": question.ask}
    if not isinstance(question, Number):
        coding = build_answered_coding(rule_set, question, answer)
        return shown | {"answer": [{"valueCoding": coding}]}
    if isinstance(answer, NotSure):
        shown = {"linkId": question.id + NOT_SURE_SUFFIX, "text": describe_not_sure_item()}
        return shown | {
            "answer": [{"valueCoding": build_answered_coding(rule_set, question, answer)}]
        }
    assert isinstance(answer, int | float)
    if len(list_given_units(question.unit)) == 1:
        return shown | {"answer": [{"valueDecimal": answer}]}
    return shown | {"answer": [{"valueQuantity": build_quantity(question, answer)}]}
