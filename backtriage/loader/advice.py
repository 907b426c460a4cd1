"""(Draft, ConditionParser) -> the texts of the advices, whose steps may depend on answers."""

from backtriage.errors import suggest_nearest
from backtriage.loader.advice_shapes import (
    UNASKED,
    AdviceStepShape,
    AdviceTextShape,
    WatchShape,
)
from backtriage.loader.condition_parser import ConditionParser
from backtriage.loader.drafts import Draft
from backtriage.loader.fitting import get_id
from backtriage.loader.links import check_deadline
from backtriage.loader.yaml_nodes import MappingNode, Node, get_child, get_children, get_place
from backtriage.model import (
    ADVICES,
    AdviceId,
    AdvicePart,
    AdviceStep,
    AdviceText,
    AllOf,
    Condition,
    OneOf,
    SafetyNet,
    Urgency,
    Watch,
)


def build_advice(draft: Draft, parser: ConditionParser) -> dict[AdviceId, AdviceText]:
    """The text of each advice; none where advice.yaml has the wrong shape.

    What is wrong with the conditions of the steps is added to the issues of the parser.
    """
    if draft.advice is None:
        return {}
    texts: dict[AdviceId, AdviceText] = {}
    for name in ADVICES:
        node = get_child(draft.nodes["advice"], name)
        assert node is not None  # as the shape fits
        texts[name] = _build_text(node, getattr(draft.advice, name), parser)
    return texts


def build_ambulance(draft: Draft, parser: ConditionParser) -> Condition | None:
    """For whom an emergency calls for an ambulance; None also where it says nothing of that."""
    node = draft.nodes.get("advice")
    emergency = get_child(node, "seek_care_now") if node is not None else None
    return parser.parse_child(emergency, "ambulance") if emergency is not None else None


def build_also_watch_for(draft: Draft, parser: ConditionParser) -> tuple[AdviceStep, ...]:
    """What to watch for beside what questions ask about."""
    if draft.advice is None:
        return ()
    nodes = get_children(get_child(draft.nodes["advice"], "also_watch_for"))
    shapes = draft.advice.also_watch_for
    return tuple(
        _build_step(node, shape, parser) for node, shape in zip(nodes, shapes, strict=True)
    )


def check_named_questions(draft: Draft, parser: ConditionParser) -> None:
    """What is said first, and asked for the doctor, must be questions that there are, each once."""
    if draft.advice is None or not parser.names_complete:
        return
    seen: set[str] = set()
    for key in ("say_first", "ask_for_doctor"):
        for node in get_children(get_child(draft.nodes["advice"], key)):
            name = get_id(node)
            if name is None:
                continue
            if name not in parser.questions:
                message = f'there is no question "{name}"'
                way_out = suggest_nearest(name, parser.questions)
                parser.issues.append(node.place.build_issue("unknown-question", message, way_out))
            elif name in seen:
                message = f'"{name}" is named already; what is said first is asked too'
                parser.issues.append(node.place.build_issue("duplicate-id", message))
            seen.add(name)


def _build_text(node: Node, shape: AdviceTextShape, parser: ConditionParser) -> AdviceText:
    if not any(step.when is None and step.unless is None for step in shape.steps):
        message = "every step here depends on the answers, so some people would be told nothing"
        suggestion = 'add one without "when" and "unless"'
        parser.issues.append(get_place(node, "steps").build_issue("no-step", message, suggestion))
    net_nodes = get_children(get_child(node, "safety_net"))
    nets = [
        SafetyNet(within_days=net.within_days, step=_build_step(net_node, net, parser))
        for net_node, net in zip(net_nodes, shape.safety_net, strict=True)
    ]
    part_nodes = get_children(get_child(node, "parts"))
    return AdviceText(
        title=shape.title,
        lead=shape.lead,
        steps=_build_steps(node, shape.steps, parser),
        say=shape.say,
        parts=tuple(
            AdvicePart(
                title=part.title,
                steps=_build_steps(part_node, part.steps, parser),
                **_read_conditions(part_node, parser),
            )
            for part_node, part in zip(part_nodes, shape.parts, strict=True)
        ),
        safety_net=tuple(nets),
    )


def _build_steps(
    node: Node, shapes: tuple[AdviceStepShape, ...], parser: ConditionParser
) -> tuple[AdviceStep, ...]:
    """The steps under a node: of an advice, or of one of its parts."""
    step_nodes = get_children(get_child(node, "steps"))
    return tuple(
        _build_step(step_node, shape, parser)
        for step_node, shape in zip(step_nodes, shapes, strict=True)
    )


def _build_step(node: Node, shape: AdviceStepShape, parser: ConditionParser) -> AdviceStep:
    return AdviceStep(
        text=shape.text,
        how=shape.how,
        watch=_build_watch(node, shape.watch, parser),
        **_read_conditions(node, parser),
    )


def _read_conditions(node: Node, parser: ConditionParser) -> dict[str, Condition | None]:
    """For whom a step or part is told, and for whom never."""
    return {key: parser.parse_child(node, key) for key in ("when", "unless", "never_if")}


def _build_watch(node: Node, shape: WatchShape | None, parser: ConditionParser) -> Watch | None:
    """What a step tells people to look for; None also where that cannot be read."""
    if shape is None:
        return None
    then = Urgency(advice=shape.then, within_days=shape.within_days)
    watch = get_child(node, "watch")
    assert watch is not None  # as the shape demands
    check_deadline(watch, shape.then, shape.within_days, parser.issues)
    watched = get_child(watch, "for")
    if watched is None or shape.what == UNASKED:
        return Watch(answers={}, then=then)
    condition = parser.parse(watched)
    if condition is None:
        return None
    answers = {
        part.question: part.values[0]
        for part in (condition.of if isinstance(condition, AllOf) else (condition,))
        if isinstance(part, OneOf) and len(part.values) == 1
    }
    if not isinstance(watched, MappingNode) or len(answers) < len(watched.entries):
        message = "this must be answers, each to another question, as in {fever: yes}"
        parser.issues.append(watched.place.build_issue("wrong-type", message))
    return Watch(answers=answers, then=then)
