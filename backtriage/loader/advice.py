"""(Draft, ConditionParser) -> the texts of the advices, whose steps may depend on answers."""

from backtriage.loader.advice_shapes import AdviceStepShape, AdviceTextShape
from backtriage.loader.condition_parser import ConditionParser
from backtriage.loader.drafts import Draft
from backtriage.loader.yaml_nodes import Node, get_child, get_children, get_place
from backtriage.model import (
    ADVICES,
    AdviceId,
    AdvicePart,
    AdviceStep,
    AdviceText,
    SafetyNet,
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


def _build_text(node: Node, shape: AdviceTextShape, parser: ConditionParser) -> AdviceText:
    if not any(step.when is None and step.unless is None for step in shape.steps):
        message = "every step here depends on the answers, so some people would be told nothing"
        suggestion = 'add one without "when" and "unless"'
        parser.issues.append(get_place(node, "steps").build_issue("no-step", message, suggestion))
    steps = _build_steps(node, shape.steps, parser)
    part_nodes = get_children(get_child(node, "parts"))
    parts = [
        AdvicePart(title=part.title, steps=_build_steps(part_node, part.steps, parser))
        for part_node, part in zip(part_nodes, shape.parts, strict=True)
    ]
    nets = [SafetyNet(within_days=net.within_days, text=net.text) for net in shape.safety_net]
    return AdviceText(
        title=shape.title,
        lead=shape.lead,
        steps=steps,
        say=shape.say,
        parts=tuple(parts),
        safety_net=tuple(nets),
    )


def _build_steps(
    node: Node, shapes: tuple[AdviceStepShape, ...], parser: ConditionParser
) -> tuple[AdviceStep, ...]:
    """The steps under a node: of an advice, or of one of its parts."""
    step_nodes = get_children(get_child(node, "steps"))
    return tuple(
        AdviceStep(
            text=shape.text,
            when=parser.parse_child(step_node, "when"),
            unless=parser.parse_child(step_node, "unless"),
        )
        for step_node, shape in zip(step_nodes, shapes, strict=True)
    )
