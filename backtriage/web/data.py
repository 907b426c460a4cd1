"""RuleSet -> the same as data for the page: rules in the words of the rule language, texts, tables.

What can be worked out ahead is: what "not sure" counts as, sources, telling values, deadlines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any, assert_never

from backtriage._version import __version__
from backtriage.answers import describe_not_sure
from backtriage.language import get_language, list_forms, say
from backtriage.loader.condition_writer import build_condition_data
from backtriage.model import (
    NOT_SURE,
    AdvicePart,
    AdviceStep,
    AdviceText,
    AskedTwice,
    Choice,
    Condition,
    Number,
    Question,
    QuestionList,
    RedFlag,
    RuleSet,
    YesNo,
)
from backtriage.report.html import FIELDS, MOST_LETTERS, REST_OF_LINE, SMALL
from backtriage.report.sources import MOST_CITED, list_sources
from backtriage.report.wording import Wording, list_wording
from backtriage.report.words import describe_deadline, describe_translation, list_notices
from backtriage.status import find_all_telling_values
from backtriage.unit_sizes import COUNTED_WHOLE, DAYS, DUST
from backtriage.units import describe_quantity, list_affixes
from backtriage.web.quantities import (
    Data as Data,
)
from backtriage.web.quantities import (
    build_quantities,
    describe_example,
    list_joining,
    list_typed,
    list_understood,
)
from backtriage.web.words import Words

_PLURALS = {
    "MORE": (Wording.ONE_MORE, Wording.MORE),
    "LEFT": (Wording.ONE_LEFT, Wording.LEFT),
    "NOS": (Words.ONE_NO, Words.NOS),
}
"""Sentences on one thing, and on several, by the name of the latter."""
_ANSWERS = ("yes", "no", str(NOT_SURE), *map(str, AskedTwice))


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
        "limits": [*rule_set.limits, *list_notices(rule_set)],
        "notices": list_notices(rule_set),
        "translation": describe_translation(rule_set) or "",
        "translated": rule_set.translation.build_record() if rule_set.translation else None,
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
        "wording": {name: say(sentence) for name, sentence in list_wording().items()},
        "words": {entry.name: say(entry) for entry in Words},
        "fields": [say(field) for field in FIELDS],
        "paper": {
            "letters": MOST_LETTERS,
            "rest": REST_OF_LINE,
            "small": {
                name: SMALL[sentence]
                for name, sentence in list_wording().items()
                if sentence in SMALL
            },
        },
        "deadlines": {days: describe_deadline(days) for days in _list_deadlines(rule_set)},
        **_build_language(),
        "quantities": build_quantities(rule_set),
        "no_days": describe_quantity(0, "day", given=True),
        "affixes": dict(zip(("before", "behind"), list_affixes(), strict=True)),
        "joining": list_joining(),
        "longer": [[unit, DAYS[unit]] for unit in ("year", "week")],
        "dust": DUST,
    }


def _build_language() -> Data:
    """How days, numbers and answers are written, and what is said of several things."""
    language = get_language()
    return {
        "language": language.code.replace("_", "-"),
        "direction": "rtl" if language.is_rtl else "ltr",
        "keeps_capitals": language.keeps_capitals,
        "decimal": language.decimal,
        "day": language.day,
        "weekdays": list(language.weekdays),
        "months": list(language.months),
        "forms": language.forms,
        "plurals": {name: list(list_forms(*pair)) for name, pair in _PLURALS.items()},
        "answers": {text: say(text) for text in _ANSWERS},
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
                "typed": list_typed(question.unit),
                "understood": list_understood(question.unit),
                "example": describe_example(question),
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
