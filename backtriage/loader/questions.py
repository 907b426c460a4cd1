"""(Node, shape of a question) -> Question, or None after adding to the issues what is wrong."""

from typing import Any

from backtriage.errors import Issue, suggest_nearest
from backtriage.loader.drafts import AnyQuestion
from backtriage.loader.links import list_ids
from backtriage.loader.shapes import (
    NO_EVENT,
    REFUSE,
    ChoiceShape,
    NumberShape,
    OptionShape,
    YesNoShape,
)
from backtriage.loader.yaml_nodes import Node, Place, get_child, get_children, get_place
from backtriage.model import Choice, Number, Option, Question, YesNo
from backtriage.units import QuantityError, describe_quantity, parse_quantity


def build_question(node: Node, shape: AnyQuestion, issues: list[Issue]) -> Question | None:
    """The question without its `ask_if`, which may need other questions."""
    common: dict[str, Any] = {
        key: getattr(shape, key) for key in ("id", "label", "ask", "why", "background")
    }
    common["worse"] = None if shape.worse == "neither" else shape.worse
    _check_event(node, shape, issues)
    if isinstance(shape, ChoiceShape):
        return _build_choice(node, shape, common, issues)
    common |= {"event": _read_event(shape), "say": shape.say}
    if isinstance(shape, YesNoShape):
        _check_check(node, shape, issues)
        own = {key: getattr(shape, key) for key in ("not_sure", "list", "item", "check")}
        return YesNo(**common, **own)
    return _build_number(node, shape, common, issues)


def _check_event(node: Node, shape: AnyQuestion, issues: list[Issue]) -> None:
    """A symptom says in words what happens if it comes; what is background cannot come."""
    if isinstance(shape, ChoiceShape):
        options = get_children(get_child(node, "options"))
        given = [option for option in options if get_child(option, "event") is not None]
    else:
        given = [node] if shape.event is not None else []
    if given and (shape.background or shape.worse == "neither"):
        why = '"background" cannot come about' if shape.background else "no answer is worse"
        message = f'the key "event" does not belong here, as {why}'
        issues.append(get_place(given[0], "event").build_issue("unknown-key", message))
    if not given and not shape.background and shape.worse != "neither":
        where = "of one or more options" if isinstance(shape, ChoiceShape) else "of this symptom"
        message = f'the "event" {where} is missing: the worrying answer as something that happens'
        way_out = f'such as "you get a fever"; write {NO_EVENT} if it cannot happen from now on'
        issues.append(node.place.build_issue("missing-event", message, way_out))


def _check_check(node: Node, shape: YesNoShape, issues: list[Issue]) -> None:
    """What is asked once more is critical: it stands alone, and not sure counts as the worst."""
    if shape.check is None:
        return
    why = None
    if shape.list is not None:
        why = "the question is asked in a list"
    elif shape.not_sure != shape.worse:
        why = '"not_sure" is not the more worrying answer'
    if why:
        message = f'the key "check" does not belong here, as {why}'
        issues.append(get_place(node, "check").build_issue("unknown-key", message))


def _read_event(shape: YesNoShape | NumberShape | OptionShape) -> str | None:
    return None if shape.event == NO_EVENT else shape.event


def _build_choice(
    node: Node, shape: ChoiceShape, common: dict[str, Any], issues: list[Issue]
) -> Choice | None:
    seen: list[str] = []
    for name, place in list_ids(get_children(get_child(node, "options"))):
        if name in seen:
            issues.append(place.build_issue("duplicate-id", f'there is an option "{name}" already'))
        seen.append(name)
    if len(set(seen)) < len(seen):
        return None
    if shape.not_sure not in seen:
        message = f'"{shape.not_sure}" is not one of the options'
        suggestion = suggest_nearest(shape.not_sure, seen) or f"choose from {', '.join(seen)}"
        place = get_place(node, "not_sure")
        issues.append(place.build_issue("unknown-option", message, suggestion))
    options = tuple(
        Option(id=option.id, label=option.label, event=_read_event(option), say=option.say)
        for option in shape.options
    )
    return Choice(**common, not_sure=shape.not_sure, options=options)


def _build_number(
    node: Node, shape: NumberShape, common: dict[str, Any], issues: list[Issue]
) -> Number | None:
    unit, refused = shape.unit, shape.not_sure == REFUSE
    minimum = _read_quantity(shape.minimum, unit, get_place(node, "minimum"), issues)
    maximum = _read_quantity(shape.maximum, unit, get_place(node, "maximum"), issues)
    not_sure = None
    if not refused:
        not_sure = _read_quantity(shape.not_sure, unit, get_place(node, "not_sure"), issues)
    if minimum is None or maximum is None or (not_sure is None and not refused):
        return None
    if minimum >= maximum:
        message = '"maximum" must be more than "minimum"'
        issues.append(get_place(node, "maximum").build_issue("out-of-range", message))
        return None
    if not_sure is not None and not minimum <= not_sure <= maximum:
        low, high = describe_quantity(minimum, unit), describe_quantity(maximum, unit)
        given = describe_quantity(not_sure, unit)
        message = f'"not_sure" is {given}, outside the range {low} to {high}'
        issues.append(get_place(node, "not_sure").build_issue("out-of-range", message))
    return Number(**common, unit=unit, minimum=minimum, maximum=maximum, not_sure=not_sure)


def _read_quantity(
    value: float | str, unit: str, place: Place, issues: list[Issue]
) -> float | None:
    if not isinstance(value, str):
        return value
    try:
        return parse_quantity(value, unit)
    except QuantityError as error:
        issues.append(place.build_issue("wrong-type", str(error)))
        return None
