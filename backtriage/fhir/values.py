"""(Question, an answer of a response) -> the value that `answers` reads, or what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, assert_never

from backtriage.errors import shorten
from backtriage.fhir.coding import FindWords, build_not_sure_coding, is_display_of, list_codings
from backtriage.fhir.names import ABSENT_EXTENSION, NOT_SURE_CODE, Resource
from backtriage.fhir.ucum import CODES, UCUM, convert_given, list_given_units
from backtriage.model import NOT_SURE, Answer, Choice, NotSure, Number, Question, RuleSet, YesNo
from backtriage.unit_sizes import describe_unit

_LARGEST = 1e12
"""No range of a number goes so far, and larger ones cannot all be converted."""


class ValueFault(ValueError):
    """A value says no answer: where below the answer, the code, what is wrong, and a way out."""

    def __init__(self, step: str, code: str, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.step, self.code, self.message, self.suggestion = step, code, message, suggestion


def read_value(
    rule_set: RuleSet, question: Question, answer: Resource, find_words: FindWords
) -> Answer:
    """What an answer says, not yet held to the range of the question; raises ValueFault."""
    wanted = find_type(question)
    value = _take(answer, wanted)
    if isinstance(value, NotSure):
        return value
    match question:
        case YesNo() | Choice():
            return _read_coding(list_codings(rule_set, question), value, find_words)
        case Number():
            return _read_number(question, value, is_quantity=wanted == "valueQuantity")
        case _:
            assert_never(question)


def read_not_sure(answer: Resource, find_words: FindWords) -> Answer:
    """What the answer says to the item for who is not sure of a number; raises ValueFault."""
    value = _take(answer, "valueCoding")
    if isinstance(value, NotSure):
        return value
    return _read_coding([(NOT_SURE, build_not_sure_coding())], value, find_words)


def _take(answer: Resource, wanted: str) -> Any:
    """The value of an answer as it was sent, or NOT_SURE where HL7's extension says so."""
    given = [name for name in answer if name.removeprefix("_").startswith("value")]
    others = [name for name in given if name.removeprefix("_") != wanted]
    if others:
        message = f"this is {' and '.join(given)}, and {wanted} is asked for"
        raise ValueFault("value" if len(given) == 1 else "", "wrong-type", message)
    if f"_{wanted}" in given and wanted != "valueDecimal":
        message = f"R4 has no _{wanted}: {wanted} is no primitive, and has its extensions in it"
        raise ValueFault("", "unknown-element", message)
    reason_at = _find_not_sure(answer)
    if reason_at is not None:
        if any(_has_more(answer[name]) for name in given):
            message = "there is a value, and a reason why there is none"
            raise ValueFault(reason_at, "wrong-type", message, "send the one that holds")
        return NOT_SURE
    if wanted not in given:
        message = "there must be one value, and there is none"
        raise ValueFault("", "wrong-type", message, "leave the item out where there is no answer")
    return answer[wanted]


def _has_more(value: object) -> bool:
    """Whether a value has anything in it beside extensions."""
    return not isinstance(value, Mapping) or not value.keys() <= {"id", "extension"}


def find_type(question: Question) -> str:
    """The element that has the answer to a question."""
    if not isinstance(question, Number):
        return "valueCoding"
    one_unit = len(list_given_units(question.unit)) == 1
    return "valueDecimal" if one_unit else "valueQuantity"


def _find_not_sure(answer: Resource) -> str | None:
    """Where HL7's extension says, anywhere in an answer, that the person was asked and does not
    know; raises ValueFault for other reasons why there is no value.
    """
    reasons = [*list_reasons(answer)]
    for step, reason in reasons:
        if reason != NOT_SURE_CODE:
            raise ValueFault(step, "unknown-code", f"{_show(reason)} is no answer", "leave it out")
    return reasons[0][0] if reasons else None


def list_reasons(part: Resource, step: str = "") -> Iterator[tuple[str, object]]:
    """Why HL7's extension says that a value is absent, in a part and all that is in it, with where;
    other items have their own.
    """
    extensions = part.get("extension")
    for one in extensions if isinstance(extensions, list) else ():
        if isinstance(one, Mapping) and one.get("url") == ABSENT_EXTENSION:
            yield step, one.get("valueCode")
    for name, inner in part.items():
        if isinstance(inner, dict) and name != "item":
            below = "value" if name.removeprefix("_").startswith("value") else name.strip("_")
            yield from list_reasons(inner, f"{step}.{below}" if step else below)


def _read_coding(
    codings: Sequence[tuple[Answer, Resource]], value: object, find_words: FindWords
) -> Answer:
    if not isinstance(value, Mapping):
        raise ValueFault("value", "wrong-type", "a Coding is an object with system and code")
    system, code = value.get("system"), value.get("code")
    for answer, coding in codings:
        if (system, code) == (coding["system"], coding["code"]):
            _check_display(value, coding, find_words)
            return answer
    of = "without a system" if system is None else f"of {_show(system)}"
    message = f"the code {_show(code)} {of} is no answer here"
    choices = ", ".join(f"{coding['code']} ({coding['system']})" for _, coding in codings)
    raise ValueFault("value", "unknown-code", message, f"choose from {choices}")


def _check_display(value: Mapping[str, Any], coding: Resource, find_words: FindWords) -> None:
    """What was chosen must have been shown as what it means; raises ValueFault."""
    display = value.get("display")
    if isinstance(display, str) and not is_display_of(display, coding, find_words):
        message = f'{coding["code"]} was shown as {_show(display)}, and means "{coding["display"]}"'
        way_out = "send the display as it is in the form, or none"
        raise ValueFault("value.display", "other-text", message, way_out)


def _read_number(question: Number, value: object, *, is_quantity: bool) -> float:
    if not is_quantity:
        return _check_number(value, "value")
    if not isinstance(value, Mapping):
        raise ValueFault("value", "wrong-type", "a Quantity is an object with value and code")
    if "comparator" in value:
        message = f"{_show(value['comparator'])} leaves the number open"
        raise ValueFault("value.comparator", "wrong-type", message, "give one number")
    number = _check_number(value.get("value"), "value.value")
    unit = _read_unit(question, value)
    return number if abs(number) > _LARGEST else convert_given(number, unit, question.unit)


def _read_unit(question: Number, value: Mapping[str, Any]) -> str:
    """The unit of a Quantity, which must be one of those that the form offers."""
    system, code = value.get("system"), value.get("code")
    units = list_given_units(question.unit)
    for unit in units:
        if (system, code) == (UCUM, CODES[unit]):
            _check_unit_shown(value.get("unit"), unit, units)
            return unit
    given = value.get("unit") if code is None else code
    choices = ", ".join(CODES[unit] for unit in units)
    message = f"{_show(given)} {'' if system == UCUM else 'without UCUM '}is no unit here"
    raise ValueFault("value.code", "unknown-code", message, f"choose from {choices} of {UCUM}")


def _check_unit_shown(shown: object, unit: str, units: Sequence[str]) -> None:
    """The unit must not have been shown as another one; raises ValueFault."""
    for other in units:
        if other != unit and shown in (describe_unit(other), CODES[other], other):
            message = f"the unit was shown as {_show(shown)}, and its code is {CODES[unit]}"
            raise ValueFault("value.unit", "other-text", message, "send the one that holds")


def _check_number(value: object, step: str) -> float:
    # bool is an int to Python
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueFault(step, "wrong-type", f"{_show(value)} is no number")
    return value


def _show(value: Any) -> str:
    """What was sent, as it would stand in JSON, shortened."""
    if isinstance(value, str):
        return f'"{shorten(value)}"'
    if value is None:
        return "nothing"
    return shorten(str(value)) if isinstance(value, int | float) else "a structure"
