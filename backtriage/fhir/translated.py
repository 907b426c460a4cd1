"""(RuleSet, the same in other languages) -> one form in all of them, and what stands for what.

The form is in English; each text that people see has the others beside it, as HL7's extension
`translation`. What a renderer shows may come back in a response, so it has to be known there.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from backtriage.fhir.coding import Words, normalize_text
from backtriage.fhir.names import HL7, Resource
from backtriage.fhir.questionnaire import build_questionnaire
from backtriage.language import ENGLISH, Language, hold_language
from backtriage.model import Country, RuleSet

Spoken = tuple[Language, RuleSet]
"""A rule set in another language, and the language in which the program says the rest."""

_TRANSLATION = f"{HL7}/translation"
_NOT_SEEN = ("language", "enableWhen")
"""What has texts that nobody is shown."""
_CONCEPT = {"code", "display"}
"""What is in a concept of a value set, for which R4 has designations in other languages."""


def build_translated(
    rule_set: RuleSet, spoken: Sequence[Spoken], today: date, country: Country | None = None
) -> Resource:
    """The form with its texts in other languages beside the English ones."""
    merged: Resource = _merge(*_build_forms(rule_set, spoken, today, country))
    return merged


def list_words(rule_set: RuleSet, spoken: Sequence[Spoken]) -> Words:
    """For each text of the form all that stands for it in other languages."""
    words: dict[str, set[str]] = {}
    for text, others in _list_texts(*_build_forms(rule_set, spoken, date.min, None)):
        known = words.setdefault(normalize_text(text), set())
        known.update(map(normalize_text, others.values()))
    return words


def _build_forms(
    rule_set: RuleSet, spoken: Sequence[Spoken], today: date, country: Country | None
) -> tuple[Resource, dict[str, Any]]:
    """The form in English, and by the code of each language in that."""
    countries = rule_set.emergency_numbers.countries
    code = next((code for code, one in countries.items() if one is country), "")
    with hold_language(ENGLISH):
        form = build_questionnaire(rule_set, today, country)
    others = {}
    for language, translated in spoken:
        there = translated.emergency_numbers.countries.get(code)
        with hold_language(language):
            others[language.code.replace("_", "-")] = build_questionnaire(translated, today, there)
    return form, others


def _merge(part: Any, others: Mapping[str, Any]) -> Any:
    """A part of the form with the texts of those of other languages, which are built alike."""
    if isinstance(part, list):
        return [_merge(one, _take(others, place)) for place, one in enumerate(part)]
    if not isinstance(part, dict):
        return part
    merged: Resource = {}
    for key, value in part.items():
        said = {} if key in _NOT_SEEN else _take(others, key)
        merged[key] = _merge(value, said)
        changed = _find_changed(value, said)
        if changed and part.keys() == _CONCEPT:
            merged["designation"] = [
                {"language": code, "value": text} for code, text in changed.items()
            ]
        elif changed:
            merged[f"_{key}"] = {"extension": [_translate(*one) for one in changed.items()]}
    return merged


def _list_texts(part: Any, others: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every text that people are shown, with what stands for it by language."""
    if isinstance(part, list):
        for place, one in enumerate(part):
            yield from _list_texts(one, _take(others, place))
    elif isinstance(part, dict):
        for key, value in part.items():
            if key not in _NOT_SEEN:
                yield from _list_texts(value, _take(others, key))
    elif changed := _find_changed(part, others):
        yield part, changed


def _take(others: Mapping[str, Any], place: str | int) -> dict[str, Any]:
    return {code: other[place] for code, other in others.items()}


def _find_changed(value: Any, said: Mapping[str, Any]) -> dict[str, str]:
    """What is said otherwise in other languages, if this is a text."""
    if not isinstance(value, str):
        return {}
    return {code: other for code, other in said.items() if other != value}


def _translate(code: str, text: str) -> Resource:
    parts = [{"url": "lang", "valueCode": code}, {"url": "content", "valueString": text}]
    return {"url": _TRANSLATION, "extension": parts}
