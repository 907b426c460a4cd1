"""Draft -> placeholders in its texts that would be told as they stand, since nothing fills them."""

import re
from collections.abc import Collection, Iterator

from backtriage.errors import Issue, shorten, suggest_nearest
from backtriage.loader.drafts import Draft
from backtriage.loader.yaml_nodes import (
    Leaf,
    MappingNode,
    Node,
    Place,
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
            _check(draft.nodes[name], (), issues)
    for area in draft.areas:
        _check(area.node, (), issues)
        for question in area.list_parts("questions"):
            _check_say(question, issues)


def _check(node: Node, known: Collection[str], issues: list[Issue]) -> None:
    """Check all texts of a node, in which the `known` placeholders may stand."""
    for text, place in _list_texts(node, known):
        for found in _PLACEHOLDER.findall(text):
            message = f'"{shorten(found)}" stands for nothing here, and would be told as it is'
            issues.append(place.build_issue("unknown-placeholder", message, _suggest(found)))


def _list_texts(node: Node, known: Collection[str]) -> Iterator[tuple[str, Place]]:
    """Every text in a node, without the placeholders that are known where it stands."""
    match node:
        case Leaf(place, str(text)):
            for word in known:
                text = text.replace(word, "")
            yield text, place
        case Leaf():
            pass
        case _ if isinstance(node, MappingNode):
            for key, value in node.entries.items():
                if key not in _FOR_AUTHORS:
                    yield from _list_texts(value, _list_known(key, node) or known)
        case _:
            for item in get_children(node):
                yield from _list_texts(item, known)


def _list_known(key: str, node: Node) -> Collection[str]:
    """The placeholders that may stand under a key of a node."""
    if key in ("steps", "opening"):
        return (EMERGENCY_NUMBER,)
    return (ANSWER,) if key == "say" and _is_number(node) else ()


def _suggest(found: str) -> str:
    return suggest_nearest(found, (EMERGENCY_NUMBER, ANSWER)) or "write it out"


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
