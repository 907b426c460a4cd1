"""RuleSet -> a FHIR Questionnaire that any renderer of forms can show."""

from collections.abc import Iterator
from datetime import date
from typing import assert_never

from backtriage.answers import get_check
from backtriage.fhir.coding import list_codings
from backtriage.fhir.enable_when import build_enable, build_enable_check, build_enable_not_sure
from backtriage.fhir.layout import Group, build_groups, find_ask_if
from backtriage.fhir.names import (
    BASE,
    CHECK_SUFFIX,
    HL7,
    NOT_SURE_SUFFIX,
    OPENING,
    SDC,
    WHY,
    Resource,
    get_questionnaire_url,
    get_version,
    make_id,
    make_name,
)
from backtriage.fhir.ucum import CODES, UCUM, list_given_units
from backtriage.language import say
from backtriage.model import (
    EMERGENCY_NUMBER,
    Choice,
    Country,
    Number,
    Question,
    RuleSet,
    YesNo,
)
from backtriage.report.advice import name_emergency_number
from backtriage.report.words import list_notices
from backtriage.unit_sizes import find_factor
from backtriage.units import tell_unit

_YES_NO_SET, _NOT_SURE_SET = "all.yes-no-not-sure", "all.not-sure"


def describe_not_sure_item() -> str:
    """What the item says that is answered by who is not sure of a number."""
    return say("If you are not sure of the number, say so here.")


def _describe_purpose() -> str:
    return say(
        "To find out how soon somebody with this problem needs care: now, soon, or not yet. "
        "It is no diagnosis. No clinician has reviewed it. "
        "What was not answered is not known, and never taken for a no."
    )


def build_questionnaire(rule_set: RuleSet, today: date, country: Country | None = None) -> Resource:
    """The form; `today` is the day on which its value sets were written out."""
    items = [*_list_opening(rule_set, country)]
    items += [_build_group(rule_set, group) for group in build_groups(rule_set)]
    return {
        "resourceType": "Questionnaire",
        "id": make_id(rule_set.id),
        "language": rule_set.language.replace("_", "-"),
        "contained": list(_list_value_sets(rule_set, today)),
        "url": get_questionnaire_url(rule_set),
        "identifier": _list_identifiers(rule_set),
        "version": get_version(rule_set),
        "name": make_name(rule_set.id),
        "title": rule_set.title,
        "status": "draft",
        "experimental": True,
        "subjectType": ["Patient"],
        "description": "\n\n".join((rule_set.scope, *list_notices(rule_set), *rule_set.limits)),
        "purpose": _describe_purpose(),
        "copyright": "MIT licence.",
        "item": items,
    }


def _list_identifiers(rule_set: RuleSet) -> list[Resource]:
    """The rule set itself: by its hash where it has one, by its id and version elsewhere."""
    value = rule_set.hash or f"{rule_set.id} {rule_set.version}"
    return [{"system": f"{BASE}/rule-set-hash", "value": value}]


def _list_opening(rule_set: RuleSet, country: Country | None) -> Iterator[Resource]:
    """What is told before the first question."""
    number = name_emergency_number(country)
    for place, text in enumerate((rule_set.scope, *rule_set.opening), 1):
        yield _display(f"{OPENING}{place}", text.replace(EMERGENCY_NUMBER, number))


def _display(link_id: str, text: str) -> Resource:
    return {"linkId": link_id, "text": text, "type": "display"}


def _build_help(link_id: str, text: str) -> Resource:
    """Why it is asked, which a renderer shows to who wants to know."""
    control = _build_control("help", "Help-Button")
    return {"extension": [control]} | _display(f"{WHY}{link_id}", text)


def _build_control(code: str, display: str) -> Resource:
    """How an item is to be drawn."""
    system = "http://hl7.org/fhir/questionnaire-item-control"
    control = {"coding": [{"system": system, "code": code, "display": display}]}
    return {"url": f"{HL7}/questionnaire-itemControl", "valueCodeableConcept": control}


def _build_group(rule_set: RuleSet, group: Group) -> Resource:
    items = [item for part in group.of for item in _list_items(rule_set, part)]
    enable = build_enable(rule_set, find_ask_if(group))
    shown = {"linkId": group.link_id, "text": group.text, "type": "group"}
    return _sort_out(enable | shown | {"item": items})


def _list_items(rule_set: RuleSet, part: Group | Question) -> Iterator[Resource]:
    """The items of a part: a question has one more where "not sure" needs it."""
    if isinstance(part, Group):
        yield _build_group(rule_set, part)
        return
    yield _build_item(rule_set, part)
    if isinstance(part, Number) and part.not_sure is not None:
        yield _build_not_sure(rule_set, part)
    check = get_check(part)
    if check is not None:
        item = {"linkId": part.id + CHECK_SUFFIX, "text": check}
        yield _merge(item, build_enable_check(rule_set, part), _describe_answers(part))


def _build_item(rule_set: RuleSet, question: Question) -> Resource:
    short = {"url": f"{SDC}/sdc-questionnaire-shortText", "valueString": question.label}
    item = {
        "linkId": question.id,
        "extension": [short],
        "text": question.ask,
        "item": [_build_help(question.id, question.why)],
    }
    return _merge(item, build_enable(rule_set, question.ask_if), _describe_answers(question))


def _build_not_sure(rule_set: RuleSet, question: Number) -> Resource:
    item = {"linkId": question.id + NOT_SURE_SUFFIX, "text": describe_not_sure_item()}
    return _merge(item, build_enable_not_sure(rule_set, question), _describe_choice(_NOT_SURE_SET))


def _merge(*parts: Resource) -> Resource:
    """An item of several parts, of which each may have extensions."""
    extensions = [one for part in parts for one in part.get("extension", ())]
    merged = {key: value for part in parts for key, value in part.items()}
    return _sort_out(merged | {"extension": extensions})


def _describe_answers(question: Question) -> Resource:
    """The type of an item, and what can be answered."""
    match question:
        case YesNo():
            return _describe_choice(_YES_NO_SET)
        case Choice():
            return _describe_choice(make_id(question.id))
        case Number():
            units = [_build_unit(unit) for unit in _order_units(question)]
            if len(units) == 1:
                return _describe_decimal(question, units[0])
            return _describe_quantity(question, units)
        case _:
            assert_never(question)


def _order_units(question: Number) -> list[str]:
    """The units to choose from; that which errs towards more urgency comes first.

    Renderers choose the first one beforehand, and somebody may leave it so: a 6 that was meant in
    weeks must not become 6 days.
    """
    units = list(list_given_units(question.unit))
    if question.worse is not None:
        is_higher = question.worse == "higher"
        units.sort(key=lambda unit: find_factor(unit, question.unit) or 1, reverse=is_higher)
    return units


def _describe_choice(value_set: str) -> Resource:
    """All answers are seen at once, as some of them are easy to overlook in a list to open."""
    control = _build_control("radio-button", "Radio Button")
    return {"type": "choice", "answerValueSet": f"#{value_set}", "extension": [control]}


def _describe_decimal(question: Number, unit: Resource) -> Resource:
    extensions = [
        {"url": f"{HL7}/questionnaire-unit", "valueCoding": unit},
        {"url": f"{HL7}/minValue", "valueDecimal": question.minimum},
        {"url": f"{HL7}/maxValue", "valueDecimal": question.maximum},
    ]
    return {"type": "decimal", "extension": extensions}


def _describe_quantity(question: Number, units: list[Resource]) -> Resource:
    extensions: list[Resource] = [
        {"url": f"{HL7}/questionnaire-unitOption", "valueCoding": unit} for unit in units
    ]
    for name, bound in (("minQuantity", question.minimum), ("maxQuantity", question.maximum)):
        value = build_quantity(question, bound)
        extensions.append({"url": f"{SDC}/sdc-questionnaire-{name}", "valueQuantity": value})
    return {"type": "quantity", "extension": extensions}


def _build_unit(unit: str) -> Resource:
    return {"system": UCUM, "code": CODES[unit], "display": tell_unit(unit)}


def build_quantity(question: Number, number: float) -> Resource:
    """A number in the unit of its question."""
    unit = _build_unit(question.unit)
    return {
        "value": number,
        "unit": unit["display"],
        "system": unit["system"],
        "code": unit["code"],
    }


# Value sets --------------------------------------------------------------------------------------


def _list_value_sets(rule_set: RuleSet, today: date) -> Iterator[Resource]:
    """What can be answered, written out, so that no server of terminologies is needed."""
    seen: set[str] = set()
    for question in rule_set.questions.values():
        codings = [coding for _, coding in list_codings(rule_set, question)]
        name = _name_value_set(question)
        if codings and name not in seen:
            seen.add(name)
            yield _build_value_set(name, codings, today)


def _name_value_set(question: Question) -> str:
    match question:
        case YesNo():
            return _YES_NO_SET
        case Choice():
            return make_id(question.id)
        case Number():
            return _NOT_SURE_SET
        case _:
            assert_never(question)


def _build_value_set(name: str, codings: list[Resource], today: date) -> Resource:
    systems = dict.fromkeys(coding["system"] for coding in codings)
    include = [
        {
            "system": system,
            "concept": [
                {"code": coding["code"], "display": coding["display"]}
                for coding in codings
                if coding["system"] == system
            ],
        }
        for system in systems
    ]
    return {
        "resourceType": "ValueSet",
        "id": name,
        "status": "draft",
        "experimental": True,
        "compose": {"include": include},
        "expansion": {"timestamp": today.isoformat(), "contains": codings},
    }


_ORDER = (
    "extension", "linkId", "text", "type", "enableWhen", "enableBehavior", "answerValueSet",
    "item",
)  # fmt: skip


def _sort_out(item: Resource) -> Resource:
    """An item in the order in which FHIR lists its elements; XML asks for it, readers like it."""
    return {key: item[key] for key in _ORDER if item.get(key)}
