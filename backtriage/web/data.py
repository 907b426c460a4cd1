"""RuleSet -> the same as data for the page: rules in the words of the rule language, texts, tables.

What can be worked out ahead is: what "not sure" counts as, sources, telling values, deadlines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, assert_never

from backtriage._version import __version__
from backtriage.answers import describe_not_sure
from backtriage.loader.condition_writer import build_condition_data
from backtriage.model import (
    AdvicePart,
    AdviceStep,
    AdviceText,
    Choice,
    Condition,
    Number,
    Question,
    QuestionList,
    RedFlag,
    RuleSet,
    YesNo,
)
from backtriage.report.html import FIELDS, MORE_ON_PAGE, MOST_LETTERS, REST_OF_LINE, SMALL
from backtriage.report.sources import MOST_CITED, list_sources
from backtriage.report.wording import Wording
from backtriage.report.words import describe_deadline
from backtriage.status import find_all_telling_values
from backtriage.unit_sizes import COUNTED_WHOLE, DAYS, DUST, FAMILIES, describe_unit
from backtriage.units import describe_quantity, list_affixes, list_unit_names
from backtriage.web.words import Words

Data = dict[str, Any]

_TYPED = ("hour", "day", "week", "month", "year", "kg", "lb", "st", "cm", "m", "in", "ft")
"""The units that somebody may choose where a number is typed, as far as they fit."""
_ALSO_TYPED = ("fortnight",)
_EXAMPLE = 23
"""A number that is told as it would be typed: 23 days are no weeks."""


def build_data(rule_set: RuleSet, made_on: date) -> Data:
    """All that the page needs to know, as JSON; what is None or empty is left out."""
    numbers = rule_set.emergency_numbers
    return {
        "id": rule_set.id,
        "version": rule_set.version,
        "hash": rule_set.hash,
        "engine_version": __version__,
        "made_on": made_on.isoformat(),
        "title": rule_set.title,
        "scope": rule_set.scope,
        "opening": list(rule_set.opening),
        "limits": list(rule_set.limits),
        "areas": [{"id": area.id, "title": area.title} for area in rule_set.areas],
        "lists": {name: _of_list(entry, rule_set) for name, entry in rule_set.lists.items()},
        "questions": list(_list_questions(rule_set)),
        "definitions": {
            name: build_condition_data(condition)
            for name, condition in rule_set.definitions.items()
        },
        "red_flags": [_of_flag(flag) for flag in rule_set.red_flags.values()],
        "ambulance": _of_condition(rule_set.ambulance),
        "suspicions": dict(rule_set.suspicions),
        "advice": {name: _of_advice(text) for name, text in rule_set.advice.items()},
        "say_first": list(rule_set.say_first),
        "questions_for_doctor": list(rule_set.questions_for_doctor),
        "also_watch_for": [_of_watched(step) for step in rule_set.also_watch_for],
        "sources": {name: source.citation for name, source in rule_set.sources.items()},
        "countries": {
            code: {"name": country.name, "call": country.call}
            for code, country in numbers.countries.items()
        },
        "country_sources": list(numbers.sources),
        "wording": {entry.name: str(entry) for entry in Wording},
        "words": {entry.name: str(entry) for entry in Words},
        "language": "en",
        "direction": "ltr",
        "fields": list(FIELDS),
        "paper": {
            "more": MORE_ON_PAGE,
            "letters": MOST_LETTERS,
            "rest": REST_OF_LINE,
            "small": {str(heading): kind for heading, kind in SMALL.items()},
        },
        "deadlines": {days: describe_deadline(days) for days in _list_deadlines(rule_set)},
        "weekdays": [f"{date(2024, 1, 1) + timedelta(days=day):%A}" for day in range(7)],
        "months": [f"{date(2024, month, 1):%B}" for month in range(1, 13)],
        "quantities": _build_quantities(rule_set),
        "no_days": describe_quantity(0, "day", given=True),
        "affixes": dict(zip(("before", "behind"), list_affixes(), strict=True)),
        "longer": [[unit, DAYS[unit]] for unit in ("year", "week")],
        "dust": DUST,
    }


def _without_empty(data: Mapping[str, Any]) -> Data:
    return {key: value for key, value in data.items() if value not in (None, False, (), [])}


def _of_condition(condition: Condition | None) -> Data | None:
    return None if condition is None else build_condition_data(condition)


# Questions ---------------------------------------------------------------------------------------


def _list_questions(rule_set: RuleSet) -> Iterable[Data]:
    values = find_all_telling_values(rule_set)
    for area in rule_set.areas:
        for question in area.questions:
            told = () if question.background else values[question.id]
            common = {
                "id": question.id,
                "area": area.id,
                "kind": question.kind,
                "label": question.label,
                "ask": question.ask,
                "why": question.why,
                "ask_if": _of_condition(question.ask_if),
                "background": question.background,
                "worse": question.worse,
                "values": list(told),
                "sources": list_sources(rule_set, [question])[:MOST_CITED],
                "counted": describe_not_sure(question),
            }
            # 0 is a number that "not sure" may count as, and no empty value
            not_sure = {} if question.not_sure is None else {"not_sure": question.not_sure}
            yield _without_empty(common) | not_sure | _of_kind(question)


def _of_kind(question: Question) -> Data:
    """What only such a question has."""
    match question:
        case YesNo():
            names = ("list", "item", "event", "say", "check")
            return _without_empty({name: getattr(question, name) for name in names})
        case Number():
            bounds = {"minimum": question.minimum, "maximum": question.maximum}
            range_in_words = [describe_quantity(bound, question.unit) for bound in bounds.values()]
            told = _without_empty({"event": question.event, "say": question.say})
            return {
                "unit": question.unit,
                **bounds,
                "range": range_in_words,
                "typed": _list_typed(question.unit),
                "understood": _list_understood(question.unit),
                "example": _describe_example(question),
                "whole": question.unit in COUNTED_WHOLE,
                **told,
            }
        case Choice():
            return {"options": [_without_empty(asdict(option)) for option in question.options]}
        case _:
            assert_never(question)


def _of_list(entry: QuestionList, rule_set: RuleSet) -> Data:
    members = [
        question
        for question in rule_set.questions.values()
        if isinstance(question, YesNo) and question.list == entry.id
    ]
    sources = list_sources(rule_set, members)[:MOST_CITED]
    return {"ask": entry.ask, "why": entry.why, "sources": sources}


def _list_typed(unit: str) -> list[Data]:
    """The units in which a number may be typed.

    A number becomes `(number - minus) * times / per + plus`, in the order of `units.convert`.
    """
    if unit in ("C", "F"):
        from_f = {**_name_unit("F"), "minus": 32, "times": 5, "per": 9, "plus": 0}
        from_c = {**_name_unit("C"), "minus": 0, "times": 9, "per": 5, "plus": 32}
        return [from_c, from_f] if unit == "C" else [from_f, from_c]
    family = _find_family(unit)
    offered = [name for name in _TYPED if name in family]
    return [
        _scale(name, unit, family) for name in (offered if unit in offered else [unit, *offered])
    ]


def _list_understood(unit: str) -> list[Data]:
    """The units that nobody is offered, but that may be typed as well."""
    family = _find_family(unit)
    return [_scale(name, unit, family) for name in _ALSO_TYPED if name in family]


def _find_family(unit: str) -> Mapping[str, float]:
    """The units that measure the same, and how large each is."""
    # an age is asked in years, and nobody gives one in weeks
    family = None if unit == "year" else next((one for one in FAMILIES if unit in one), None)
    return family or {unit: 1}


def _scale(name: str, unit: str, family: Mapping[str, float]) -> Data:
    return {**_name_unit(name), "minus": 0, "times": family[name], "per": family[unit], "plus": 0}


def _describe_example(question: Number) -> str:
    """What could be typed."""
    number = min(max(question.minimum, _EXAMPLE), question.maximum)
    return describe_quantity(number, question.unit)


def _name_unit(unit: str) -> Data:
    """A unit, as it stands behind a number ("days", "kg"), and as people write it."""
    return {"unit": unit, "label": describe_unit(unit), "names": list(list_unit_names(unit))}


def _build_quantities(rule_set: RuleSet) -> dict[str, list[str]]:
    """By unit: how one of it is told, and how another number."""
    used = {question.unit for question in rule_set.questions.values() if question.kind == "number"}
    samples = {"day": 1, "week": 7, "year": 365}
    quantities = {}
    for unit in sorted(used | ({"week", "year"} if "day" in used else set())):
        size, base = (samples[unit], "day") if unit in samples and "day" in used else (1, unit)
        one, many = (describe_quantity(size * number, base) for number in (1, 2))
        quantities[unit] = [one.replace("1", "{number}", 1), many.replace("2", "{number}", 1)]
    return quantities


# Red flags, advice -------------------------------------------------------------------------------


def _of_flag(flag: RedFlag) -> Data:
    return {
        "id": flag.id,
        "when": build_condition_data(flag.when),
        "advice": flag.advice,
        "within_days": flag.within_days,
        "suspect": flag.suspect,
        "because": flag.because,
        "sources": list(flag.sources),
    }


def _of_advice(text: AdviceText) -> Data:
    data = {
        "title": text.title,
        "lead": text.lead,
        "say": text.say,
        "steps": [_of_step(step) for step in text.steps],
        "parts": [_of_part(part) for part in text.parts],
        "safety_net": [
            {"within_days": net.within_days, "step": _of_step(net.step)} for net in text.safety_net
        ],
    }
    return data if text.say else {key: value for key, value in data.items() if key != "say"}


def _conditions_of(told: AdviceStep | AdvicePart) -> Data:
    return _without_empty({"when": _of_condition(told.when), "unless": _of_condition(told.unless)})


def _of_step(step: AdviceStep) -> Data:
    return {"text": step.text, **_conditions_of(step)}


def _of_part(part: AdvicePart) -> Data:
    steps = [_of_step(step) for step in part.steps]
    return {"title": part.title, "steps": steps, **_conditions_of(part)}


def _of_watched(step: AdviceStep) -> Data:
    assert step.watch is not None  # as the shape demands
    then = {"advice": step.watch.then.advice, "within_days": step.watch.then.within_days}
    return {**_of_step(step), "then": then}


def _list_deadlines(rule_set: RuleSet) -> list[int]:
    """Every deadline that may have to be told."""
    flags = {flag.within_days for flag in rule_set.red_flags.values()}
    watched = {step.watch.then.within_days or 0 for step in rule_set.also_watch_for if step.watch}
    return sorted(flags | watched | {0})
