"""A folder of YAML files -> RuleSet, or every mistake in them at once."""

import hashlib
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from backtriage.conditions import Facts, evaluate
from backtriage.errors import Issue, RuleSetError, suggest_nearest
from backtriage.loader import links, nesting
from backtriage.loader.authored import Authored, build_authored
from backtriage.loader.condition_parser import ConditionParser
from backtriage.loader.drafts import AnyQuestion, AreaDraft, Draft, read_draft
from backtriage.loader.fitting import build_data, get_child, get_children
from backtriage.loader.folder import list_rule_files
from backtriage.loader.shapes import (
    REFUSE,
    AdviceStepShape,
    AdviceTextShape,
    ChoiceShape,
    NumberShape,
    RedFlagShape,
    YesNoShape,
)
from backtriage.loader.yaml_nodes import Node, Place
from backtriage.model import (
    ADVICES,
    AdviceId,
    AdvicePart,
    AdviceStep,
    AdviceText,
    Answers,
    Area,
    Choice,
    Condition,
    Country,
    EmergencyNumbers,
    Number,
    Option,
    Question,
    QuestionList,
    RedFlag,
    RuleSet,
    SafetyNet,
    Source,
    YesNo,
)
from backtriage.units import QuantityError, describe_quantity, parse_quantity


def build(folder: Path) -> RuleSet:
    """Read and check a rule set folder; raises RuleSetError with every issue, sorted by place."""
    return read_folder(folder).rule_set


def read_folder(folder: Path) -> Authored:
    """The same, with what its author needs besides."""
    _check_folder(folder)
    issues: list[Issue] = []
    found = read_draft(folder, issues)
    links.check_ids(found, issues)
    parser = _parser(found, issues)
    areas = tuple(_area(area, parser) for area in found.areas)
    advice = _advice(found, parser)
    links.check_names(found, issues)
    links.check_labels(found, issues)
    nesting.check_circles(found, areas, issues)
    if _can_be_evaluated(found, areas, issues):
        nesting.check_sizes(found, areas, issues)
    if _can_be_evaluated(found, areas, issues):
        nesting.check_order(found, areas, issues)
        _check_lists(found, areas, issues)
    _check_red_flags(found, areas, issues)
    if issues or found.head is None or found.advice is None or found.sources is None:
        once = dict.fromkeys(
            issues
        )  # what stands behind an alias is checked wherever the alias stands
        raise RuleSetError(sorted(once, key=Issue.get_sort_key))
    rule_set = RuleSet(
        id=found.head.id,
        version=found.head.version,
        title=found.head.title,
        scope=found.head.scope,
        limits=found.head.limits,
        suspicions=dict(found.head.suspicions),
        areas=areas,
        advice=advice,
        sources={
            name: Source(id=name, **shape.model_dump(exclude={"excuse"}))
            for name, shape in found.sources.sources.items()
        },
        emergency_numbers=_numbers(found),
        hash=_hash(found),
    )
    return build_authored(found, rule_set)


def _check_folder(folder: Path) -> None:
    try:
        there, is_folder = folder.exists(), folder.is_dir()
        has_rules = is_folder and folder / "ruleset.yaml" in list_rule_files(folder)
    except OSError as error:  # a name that is too long, or a folder that may not be entered
        raise RuleSetError(
            [Issue(code="no-rule-set", message=str(error.strerror), file=str(folder))]
        ) from None
    if has_rules:
        return
    message = "there is no rule set here: the file ruleset.yaml is missing"
    if not there:
        message = "there is no such folder"
    elif not is_folder:
        message = "this is not a folder; give the folder that ruleset.yaml is in"
    raise RuleSetError([Issue(code="no-rule-set", message=message, file=str(folder))])


def _check_red_flags(found: Draft, areas: tuple[Area, ...], issues: list[Issue]) -> None:
    """Without a red flag everybody would be sent home."""
    if not issues and not any(area.red_flags for area in areas):
        message = "the rule set has no red flag, so everybody would be sent home"
        issues.append(found.nodes["ruleset"].place.build_issue("no-red-flags", message))


def _can_be_evaluated(found: Draft, areas: tuple[Area, ...], issues: list[Issue]) -> bool:
    """Whether the conditions that could be read can be evaluated, whatever else is wrong with the rule set."""
    given = {name for area in found.areas for name, _, _ in area.list_definitions()}
    parsed = {name for area in areas for name in area.definitions}
    return given == parsed and not any(
        issue.code in ("circular", "too-deep", "too-large") for issue in issues
    )


def _check_lists(found: Draft, areas: tuple[Area, ...], issues: list[Issue]) -> None:
    """What alone makes an emergency must be asked by itself: people overlook items of a list."""
    rule_set = RuleSet(
        id="",
        version="",
        title="",
        scope="",
        limits=(),
        suspicions={},
        areas=areas,
        advice={},
        sources={},
    )
    emergencies = [flag for flag in rule_set.red_flags.values() if flag.advice == "seek_care_now"]
    for node, shape in (pair for area in found.areas for pair in area.questions):
        question = rule_set.questions.get(shape.id)
        if isinstance(question, YesNo) and question.list is not None:
            facts = Facts(rule_set, Answers({question.id: question.worse or "yes"}))
            raised = next((flag.id for flag in emergencies if evaluate(flag.when, facts)), None)
            if raised is not None:
                message = f'this alone raises the emergency "{raised}", so it must not be in a list'
                issues.append(
                    _place(node, "list").build_issue("emergency-in-list", message, 'remove "list"')
                )


def _hash(found: Draft) -> str:
    """SHA-256 of what the files say: comments, quotes and layout do not count."""
    content = {name: build_data(node) for name, node in found.nodes.items()}
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _advice(found: Draft, parser: ConditionParser) -> dict[AdviceId, AdviceText]:
    if found.advice is None:
        return {}
    file = found.nodes["advice"]
    return {
        name: _advice_text(get_child(file, name), getattr(found.advice, name), parser)
        for name in ADVICES
    }


def _advice_text(node: Node | None, shape: AdviceTextShape, parser: ConditionParser) -> AdviceText:
    assert node is not None  # as the shape fits
    if not any(step.when is None and step.unless is None for step in shape.steps):
        message = "every step here depends on the answers, so some people would be told nothing"
        parser.issues.append(
            _place(node, "steps").build_issue(
                "no-step", message, 'add one without "when" and "unless"'
            )
        )
    nodes = get_children(get_child(node, "parts"))
    parts = (
        AdvicePart(title=part.title, steps=_steps(part_node, part.steps, parser))
        for part_node, part in zip(nodes, shape.parts, strict=True)
    )
    return AdviceText(
        title=shape.title,
        lead=shape.lead,
        steps=_steps(node, shape.steps, parser),
        say=shape.say,
        parts=tuple(parts),
        safety_net=tuple(
            SafetyNet(within_days=net.within_days, text=net.text) for net in shape.safety_net
        ),
    )


def _steps(
    node: Node, shapes: tuple[AdviceStepShape, ...], parser: ConditionParser
) -> tuple[AdviceStep, ...]:
    found = zip(get_children(get_child(node, "steps")), shapes, strict=True)
    return tuple(
        AdviceStep(
            text=shape.text,
            when=_condition(step, "when", parser),
            unless=_condition(step, "unless", parser),
        )
        for step, shape in found
    )


def _condition(node: Node, key: str, parser: ConditionParser) -> Condition | None:
    condition = get_child(node, key)
    return parser.parse(condition) if condition is not None else None


def _numbers(found: Draft) -> EmergencyNumbers:
    if found.numbers is None:
        return EmergencyNumbers()
    countries = {
        code: Country(name=shape.name, call=shape.call)
        for code, shape in found.numbers.countries.items()
    }
    return EmergencyNumbers(countries=countries, sources=found.numbers.sources)


def _parser(found: Draft, issues: list[Issue]) -> ConditionParser:
    names = [
        name for area in found.areas for name, _ in links.list_ids(area.list_parts("questions"))
    ]
    known: dict[str, Question | None] = dict.fromkeys(names)
    for area in found.areas:
        known |= {shape.id: _question(node, shape, issues) for node, shape in area.questions}
    known |= {
        name: None for name, times in Counter(names).items() if times > 1
    }  # which is meant cannot be told
    definitions = {name for area in found.areas for name, _, _ in area.list_definitions()}
    return ConditionParser(known, definitions, found.questions_known, issues)


def _area(area: AreaDraft, parser: ConditionParser) -> Area:
    questions = [_with_ask_if(node, shape.id, parser) for node, shape in area.questions]
    definitions = {name: parser.parse(node) for name, _, node in area.list_definitions()}
    flags = [_red_flag(node, shape, parser) for node, shape in area.red_flags]
    for condition in (
        get_child(node, key) for node in area.list_misshapen() for key in ("when", "ask_if")
    ):
        if condition is not None:  # for what is wrong in it besides
            parser.parse(condition)
    return Area(
        id=area.id,
        title=area.title,
        questions=tuple(question for question in questions if question),
        lists=tuple(
            QuestionList(id=shape.id, ask=shape.ask, why=shape.why) for _, shape in area.lists
        ),
        definitions={name: condition for name, condition in definitions.items() if condition},
        red_flags=tuple(flag for flag in flags if flag),
    )


def _with_ask_if(node: Node, question_id: str, parser: ConditionParser) -> Question | None:
    question = parser.questions[question_id]
    if (
        isinstance(question, YesNo)
        and question.worse == "no"
        and get_child(node, "ask_if") is not None
    ):
        message = (
            'where it is not asked it counts as no, which is the worrying answer here ("worse: no")'
        )
        parser.issues.append(
            _place(node, "ask_if").build_issue("unsafe-ask-if", message, "turn the question round")
        )
    return question and replace(question, ask_if=_condition(node, "ask_if", parser))


def _red_flag(node: Node, shape: RedFlagShape, parser: ConditionParser) -> RedFlag | None:
    if shape.advice == "seek_care_now" and shape.within_days != 0:
        message = '"within_days" must be 0 for seek_care_now'
        parser.issues.append(_place(node, "within_days").build_issue("out-of-range", message))
    condition = _condition(node, "when", parser)
    return (
        RedFlag(**(shape.model_dump(exclude={"excuse"}) | {"when": condition}))
        if condition
        else None
    )


# Questions ---------------------------------------------------------------------------------------


def _question(node: Node, shape: AnyQuestion, issues: list[Issue]) -> Question | None:
    """The question without its `ask_if`, which may need other questions."""
    common: dict[str, Any] = {
        key: getattr(shape, key) for key in ("id", "label", "ask", "why", "background")
    }
    common["worse"] = None if shape.worse == "neither" else shape.worse
    if isinstance(shape, YesNoShape):
        return YesNo(**common, not_sure=shape.not_sure, list=shape.list, item=shape.item)
    if isinstance(shape, ChoiceShape):
        return _choice(node, shape, common, issues)
    return _number(node, shape, common, issues)


def _choice(
    node: Node, shape: ChoiceShape, common: dict[str, Any], issues: list[Issue]
) -> Choice | None:
    seen: list[str] = []
    for name, place in links.list_ids(get_children(get_child(node, "options"))):
        if name in seen:
            issues.append(place.build_issue("duplicate-id", f'there is an option "{name}" already'))
        seen.append(name)
    if len(set(seen)) < len(seen):
        return None
    if shape.not_sure not in seen:
        message = f'"{shape.not_sure}" is not one of the options'
        suggestion = suggest_nearest(shape.not_sure, seen) or f"choose from {', '.join(seen)}"
        issues.append(_place(node, "not_sure").build_issue("unknown-option", message, suggestion))
    options = tuple(Option(id=option.id, label=option.label) for option in shape.options)
    return Choice(**common, not_sure=shape.not_sure, options=options)


def _number(
    node: Node, shape: NumberShape, common: dict[str, Any], issues: list[Issue]
) -> Number | None:
    minimum = _quantity(shape.minimum, shape.unit, _place(node, "minimum"), issues)
    maximum = _quantity(shape.maximum, shape.unit, _place(node, "maximum"), issues)
    refused = shape.not_sure == REFUSE
    not_sure = (
        None if refused else _quantity(shape.not_sure, shape.unit, _place(node, "not_sure"), issues)
    )
    if minimum is None or maximum is None or (not_sure is None and not refused):
        return None
    if minimum >= maximum:
        issues.append(
            _place(node, "maximum").build_issue(
                "out-of-range", '"maximum" must be more than "minimum"'
            )
        )
        return None
    if not_sure is not None and not minimum <= not_sure <= maximum:
        given, low, high = (
            describe_quantity(number, shape.unit) for number in (not_sure, minimum, maximum)
        )
        message = f'"not_sure" is {given}, outside the range {low} to {high}'
        issues.append(_place(node, "not_sure").build_issue("out-of-range", message))
    return Number(**common, unit=shape.unit, minimum=minimum, maximum=maximum, not_sure=not_sure)


def _quantity(value: float | str, unit: str, place: Place, issues: list[Issue]) -> float | None:
    if not isinstance(value, str):
        return value
    try:
        return parse_quantity(value, unit)
    except QuantityError as error:
        issues.append(place.build_issue("wrong-type", str(error)))
        return None


def _place(node: Node, key: str) -> Place:
    return (get_child(node, key) or node).place
