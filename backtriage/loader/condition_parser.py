"""Node -> Condition, with every mistake in it as an issue with a place."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TypeVar

from backtriage.errors import Issue, did_you_mean
from backtriage.loader.check import child, children
from backtriage.loader.yaml_nodes import Leaf, Node, Place, Sequence
from backtriage.loader.yaml_nodes import Mapping as MappingNode
from backtriage.model import AllOf, AnyOf, AtLeast, Between, Choice, Condition, Defined, Not, Number, OneOf, YesNo
from backtriage.units import QuantityError, parse_quantity

T = TypeVar("T")

RESERVED = ("all", "any", "not", "at_least")


@dataclass(frozen=True)
class ConditionParser:
    """Reads conditions.

    `questions` maps the id of every question to the question, or to None where the question itself is faulty.
    With `names_complete` False some file could not be read, so an unknown name says nothing.
    """

    questions: Mapping[str, YesNo | Number | Choice | None]
    definitions: Collection[str]
    names_complete: bool
    issues: list[Issue]

    def parse(self, node: Node) -> Condition | None:
        """The condition, or None if some of it cannot be read; then an issue says so, unless a name is unknown."""
        if not isinstance(node, MappingNode):
            return self._not_a_condition(node)
        if not node.entries:
            return self._complain(node.place, "empty-condition", "the condition is empty")
        parts = [self._entry(key, node.keys[key], value) for key, value in node.entries.items()]
        whole = _whole(parts)
        return whole[0] if whole and len(whole) == 1 else AllOf(whole) if whole else None

    def _complain(self, place: Place, code: str, message: str, suggestion: str | None = None) -> None:
        self.issues.append(place.issue(code, message, suggestion))

    def _not_a_condition(self, node: Node) -> None:
        word = node.value if isinstance(node, Leaf) else None
        hint = f"write {{{word}: yes}}" if word in self.questions or word in self.definitions else None
        if word is None and isinstance(node, Leaf):
            self._complain(node.place, "empty-condition", "the condition is empty")
        else:
            self._complain(node.place, "wrong-type", "a condition must be a mapping", hint)

    def _entry(self, key: str, place: Place, value: Node) -> Condition | None:
        match key:
            case "all":
                parts = self._several(value)
                return AllOf(parts) if parts else None
            case "any":
                parts = self._several(value)
                return AnyOf(parts) if parts else None
            case "not":
                inner = self.parse(value)
                return Not(inner) if inner else None
            case "at_least":
                return self._at_least(value)
        if key in self.definitions:
            return self._defined(key, value)
        if key in self.questions:
            return self._comparison(key, value)
        if self.names_complete:
            near = did_you_mean(key, [*self.questions, *self.definitions, *RESERVED])
            self._complain(place, "unknown-question", f'there is no question or definition "{key}"', near)
        return None

    def _several(self, node: Node) -> tuple[Condition, ...] | None:
        if not isinstance(node, Sequence):
            return self._complain(node.place, "wrong-type", "a list of conditions must stand here", "begin it with -")
        if not node.items:
            return self._complain(node.place, "empty-condition", "the list of conditions is empty")
        return _whole([self.parse(item) for item in node.items])

    def _at_least(self, node: Node) -> Condition | None:
        count, of = child(node, "count"), child(node, "of")
        extra = [key for key in node.entries if key not in ("count", "of")] if isinstance(node, MappingNode) else []
        if extra and isinstance(node, MappingNode):
            return self._complain(
                node.keys[extra[0]], "unknown-key", f'the key "{extra[0]}" is unknown', "only count and of"
            )
        if count is None or of is None:
            missing = "count" if count is None else "of"
            return self._complain(node.place, "missing-key", f'"{missing}" is missing', "at_least needs count and of")
        parts = self._several(of)
        number = count.value if isinstance(count, Leaf) else None
        if not isinstance(number, int) or isinstance(number, bool):
            return self._complain(count.place, "wrong-type", '"count" must be a whole number')
        most = len(children(of))
        if parts is not None and not 1 <= number <= most:
            return self._complain(count.place, "out-of-range", f'"count" must be from 1 to {most}')
        return AtLeast(number, parts) if parts else None

    def _defined(self, name: str, node: Node) -> Condition | None:
        value = node.value if isinstance(node, Leaf) else None
        if value == "yes":
            return Defined(name)
        if value == "no":
            return Not(Defined(name))
        return self._complain(node.place, "wrong-type", f'the definition "{name}" is yes or no')

    def _comparison(self, key: str, node: Node) -> Condition | None:
        question = self.questions[key]
        if question is None:
            return None
        if isinstance(question, Number):
            return self._between(question, node)
        allowed = ["yes", "no"] if isinstance(question, YesNo) else [option.id for option in question.options]
        items = node.items if isinstance(node, Sequence) else [node]
        if not items:
            return self._complain(node.place, "empty-condition", "the list of values is empty")
        values = _whole([self._value(key, allowed, item) for item in items])
        return OneOf(key, values) if values else None

    def _value(self, key: str, allowed: list[str], node: Node) -> str | None:
        value = node.value if isinstance(node, Leaf) else None
        if isinstance(value, str) and value in allowed:
            return value
        code = "unknown-option" if isinstance(value, str) else "wrong-type"
        shown = f'"{value}"' if isinstance(value, str) else "this"
        if isinstance(value, bool):
            near = f'did you mean "{"yes" if value else "no"}"?'
        else:
            near = (isinstance(value, str) and did_you_mean(value, allowed)) or f"choose from {', '.join(allowed)}"
        return self._complain(node.place, code, f'{shown} is not an answer to "{key}"', near)

    def _between(self, question: Number, node: Node) -> Condition | None:
        if not isinstance(node, MappingNode):
            return self._complain(
                node.place, "wrong-type", f'"{question.id}" is a number', "write {at_least: ...} or {below: ...}"
            )
        if not node.entries:
            return self._complain(node.place, "empty-condition", "the range is empty")
        unknown = [key for key in node.entries if key not in ("at_least", "below")]
        for key in unknown:
            self._complain(node.keys[key], "unknown-key", f'the key "{key}" is unknown', "only at_least and below")
        bounds = {key: self._bound(question, value) for key, value in node.entries.items() if key not in unknown}
        if unknown or None in bounds.values():
            return None
        at_least, below = bounds.get("at_least"), bounds.get("below")
        if at_least is not None and below is not None and at_least >= below:
            return self._complain(node.place, "out-of-range", "nothing can be at least and below these bounds")
        return Between(question.id, at_least, below)

    def _bound(self, question: Number, node: Node) -> float | None:
        value = node.value if isinstance(node, Leaf) else None
        if isinstance(value, str):
            try:
                value = parse_quantity(value, question.unit)
            except QuantityError as error:
                return self._complain(node.place, "wrong-type", str(error))
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self._complain(node.place, "wrong-type", "a number must stand here")
        if not question.minimum <= value <= question.maximum:
            message = f'{value} is outside the range of "{question.id}", {question.minimum} to {question.maximum}'
            return self._complain(node.place, "out-of-range", message)
        return value


def _whole(parts: list[T | None]) -> tuple[T, ...] | None:
    """The parts as a tuple, or None if one is missing."""
    found = tuple(part for part in parts if part is not None)
    return found if len(found) == len(parts) else None
