"""Draft -> placeholders in its texts that would be told as they stand, since nothing fills them."""

import re
from collections.abc import Collection

from backtriage.errors import Issue, shorten, suggest_nearest
from backtriage.loader.drafts import Draft
from backtriage.loader.yaml_nodes import (
    Leaf,
    MappingNode,
    Node,
    build_data,
    get_child,
    get_children,
)
from backtriage.model import ANSWER, EMERGENCY_NUMBER

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")
_FOR_AUTHORS = ("excuse", "excused_words", "rationale")
"""What nobody is told: there a condition may be quoted with its braces."""


def check_placeholders(draft: Draft, issues: list[Issue]) -> None:
    """Each placeholder must be one that is filled where it stands.

    In what one is told to do that is the number to call; in how one says a number, the number.
    """
    for name in ("ruleset", "advice"):
        if name in draft.nodes:
            _check(draft.nodes[name], issues)
    for area in draft.areas:
        _check(area.node, issues)
        for question in area.list_parts("questions"):
            _check_say(question, issues)


def _check(node: Node, issues: list[Issue], known: Collection[str] = ()) -> None:
    """Check all texts in a node, where the `known` placeholders may stand."""
    match node:
        case Leaf(place, str(text)):
            for found in _PLACEHOLDER.findall(text):
                if found not in known:
                    message = f'"{shorten(found)}" would be told as it is, as nothing fills it here'
                    way_out = suggest_nearest(found, known) or "write it out"
                    issues.append(place.build_issue("unknown-placeholder", message, way_out))
        case MappingNode(_, entries):
            for key, value in entries.items():
                if key not in _FOR_AUTHORS:
                    _check(value, issues, _list_known(key, node) or known)
        case _:
            for item in get_children(node):
                _check(item, issues, known)


def _list_known(key: str, node: Node) -> Collection[str]:
    """The placeholders that may stand under a key of a node."""
    if key in ("steps", "opening"):
        return (EMERGENCY_NUMBER,)
    return (ANSWER,) if key == "say" and _is_number(node) else ()


def _is_number(question: Node) -> bool:
    kind = get_child(question, "kind")
    return kind is not None and build_data(kind) == "number"


def _check_say(question: Node, issues: list[Issue]) -> None:
    """How one says a number has a place for the number."""
    say = get_child(question, "say")
    if not isinstance(say, Leaf) or not _is_number(question):
        return
    if isinstance(say.value, str) and ANSWER not in say.value:
        message = f'"say" of a number has no {ANSWER}, so the number would not be told'
        way_out = f'such as "I am {ANSWER} old"'
        issues.append(say.place.build_issue("missing-placeholder", message, way_out))
