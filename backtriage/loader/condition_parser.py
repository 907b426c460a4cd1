"""Node -> Condition, with every mistake in it as an issue with a place."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from backtriage.errors import Issue, shorten, suggest_nearest
from backtriage.loader.fitting import get_child, get_children
from backtriage.loader.yaml_nodes import Leaf, Node, Place, Sequence
from backtriage.loader.yaml_nodes import Mapping as MappingNode
from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Condition,
    Defined,
    Not,
    Number,
    OneOf,
    Question,
    YesNo,
)
from backtriage.units import QuantityError, describe_quantity, parse_quantity

T = TypeVar("T")
N = TypeVar("N")

RESERVED = ("all", "any", "not", "at_least")


class _Faulty(Exception):
    """Part of a condition cannot be read; the issues say why."""


@dataclass(frozen=True)
class ConditionParser:
    """Reads conditions.

    `questions` maps the id of every question to the question, or to None where the question itself
    is faulty. With `names_complete` False some file could not be read, so that an unknown name
    says nothing.
    """

    questions: Mapping[str, Question | None]
    definitions: Collection[str]
    names_complete: bool
    issues: list[Issue]

    def parse(self, node: Node) -> Condition | None:
        """The condition, or None if some of it cannot be read."""
        try:
            return self._condition(node)
        except _Faulty:
            return None

    def _complain(
        self, place: Place, code: str, message: str, suggestion: str | None = None
    ) -> NoReturn:
        self.issues.append(place.build_issue(code, message, suggestion))
        raise _Faulty

    def _each(self, parse: Callable[[N], T], nodes: Iterable[N]) -> tuple[T, ...]:
        """Parse all of them, so that every mistake is told, before giving up on any."""
        parsed: list[T] = []
        faulty = False
        for node in nodes:
            try:
                parsed.append(parse(node))
            except _Faulty:
                faulty = True
        if faulty:
            raise _Faulty
        return tuple(parsed)

    def _condition(self, node: Node) -> Condition:
        if isinstance(node, Leaf) and node.value is None:
            self._complain(node.place, "empty-condition", "the condition is empty")
        if not isinstance(node, MappingNode):
            self._no_condition(node)
        if not node.entries:
            self._complain(node.place, "empty-condition", "the condition is empty")
        parts = self._each(
            lambda key: self._entry(key, node.keys[key], node.entries[key]), node.entries
        )
        return parts[0] if len(parts) == 1 else AllOf(parts)

    def _no_condition(self, node: Leaf | Sequence) -> NoReturn:
        hint = "write it as {question: answer}"
        if isinstance(node, Sequence):
            hint = "write all: or any: before the list"
        elif node.value in self.questions or node.value in self.definitions:
            hint = f"write {{{node.value}: yes}}"
        self._complain(node.place, "wrong-type", "this is not a condition", hint)

    def _entry(self, key: str, place: Place, value: Node) -> Condition:
        match key:
            case "all":
                return AllOf(self._several(value))
            case "any":
                return AnyOf(self._several(value))
            case "not":
                return Not(self._condition(value))
            case "at_least":
                return self._at_least(value)
        if key in self.definitions and key not in self.questions:  # in both: told already
            return self._defined(key, value)
        if key in self.questions and key not in self.definitions:
            return self._comparison(key, value)
        self._unknown(key, place)

    def _unknown(self, key: str, place: Place) -> NoReturn:
        known = [*self.questions, *self.definitions, *RESERVED]
        if key in known or not self.names_complete:
            raise _Faulty
        hint = "put a space after the colon" if ":" in key else suggest_nearest(key, known)
        self._complain(
            place, "unknown-question", f'there is no question or definition "{shorten(key)}"', hint
        )

    def _several(self, node: Node) -> tuple[Condition, ...]:
        if not isinstance(node, Sequence):
            self._complain(
                node.place,
                "wrong-type",
                "a list of conditions must stand here",
                "begin each with -",
            )
        if not node.items:
            self._complain(node.place, "empty-condition", "the list of conditions is empty")
        return self._each(self._condition, node.items)

    def _at_least(self, node: Node) -> Condition:
        if not isinstance(node, MappingNode):
            self._complain(
                node.place,
                "wrong-type",
                "at_least needs count and of",
                "write {count: 2, of: [...]}",
            )
        self._check_keys(node, ("count", "of"))
        count, of = get_child(node, "count"), get_child(node, "of")
        if count is None or of is None:
            missing = "count" if count is None else "of"
            self._complain(
                node.place, "missing-key", f'"{missing}" is missing', "at_least needs count and of"
            )
        number = self._count(count, len(get_children(of)))
        parts = self._several(of)
        if number is None:
            raise _Faulty
        return AtLeast(number, parts)

    def _count(self, node: Node, most: int) -> int | None:
        number = node.value if isinstance(node, Leaf) else None
        if not isinstance(number, int) or isinstance(number, bool):
            self.issues.append(
                node.place.build_issue("wrong-type", '"count" must be a whole number')
            )
        elif most and not 1 <= number <= most:
            self.issues.append(
                node.place.build_issue("out-of-range", f'"count" must be from 1 to {most}')
            )
        else:
            return number
        return None

    def _defined(self, name: str, node: Node) -> Condition:
        value = node.value if isinstance(node, Leaf) else None
        if value not in ("yes", "no"):
            hint = (
                f'did you mean "{"yes" if value else "no"}"?' if isinstance(value, bool) else None
            )
            self._complain(
                node.place, "wrong-type", f'the definition "{name}" is either yes or no', hint
            )
        return Defined(name) if value == "yes" else Not(Defined(name))

    def _comparison(self, key: str, node: Node) -> Condition:
        question = self.questions[key]
        if question is None:
            raise _Faulty
        if isinstance(question, Number):
            return self._between(question, node)
        allowed = (
            ["yes", "no"]
            if isinstance(question, YesNo)
            else [option.id for option in question.options]
        )
        items = get_children(node) if isinstance(node, Sequence) else [node]
        if not items:
            self._complain(node.place, "empty-condition", "the list of values is empty")
        values = self._each(lambda item: self._value(key, allowed, item), items)
        if set(values) == set(allowed):
            self._complain(
                node.place,
                "always-holds",
                f'every answer to "{key}" is among these',
                "leave some out",
            )
        return OneOf(key, values)

    def _value(self, key: str, allowed: list[str], node: Node) -> str:
        value = node.value if isinstance(node, Leaf) else None
        if isinstance(value, str) and value in allowed:
            return value
        near = f"choose from {', '.join(allowed)}"
        if isinstance(value, bool):
            near = f'did you mean "{"yes" if value else "no"}"?'
        elif isinstance(value, str):
            near = suggest_nearest(value, allowed) or near
        code = "unknown-option" if isinstance(value, str) else "wrong-type"
        shown = (
            f'"{shorten(value)}"'
            if isinstance(value, str)
            else "this"
            if value is None
            else str(value).lower()
        )
        self._complain(node.place, code, f'{shown} is not an answer to "{key}"', near)

    def _between(self, question: Number, node: Node) -> Condition:
        if not isinstance(node, MappingNode):
            hint = "write {at_least: ...} or {below: ...}"
            self._complain(node.place, "wrong-type", f'"{question.id}" is a number', hint)
        if not node.entries:
            self._complain(node.place, "empty-condition", "the range is empty")
        self._check_keys(node, ("at_least", "below"))
        keys = list(node.entries)
        bounds = dict(
            zip(
                keys,
                self._each(lambda key: self._bound(question, node.entries[key]), keys),
                strict=True,
            )
        )
        at_least, below = bounds.get("at_least"), bounds.get("below")
        if at_least is not None and below is not None and at_least >= below:
            self._complain(node.place, "out-of-range", '"below" must be more than "at_least"')
        if below == question.minimum:
            least = describe_quantity(question.minimum, question.unit)
            self._complain(
                node.place,
                "out-of-range",
                f'this can never hold: no answer to "{question.id}" is below {least}',
            )
        if at_least == question.minimum and below is None:
            self._complain(
                node.place,
                "out-of-range",
                f'this always holds: every answer to "{question.id}" is so high',
            )
        return Between(question.id, at_least, below)

    def _check_keys(self, node: MappingNode, known: tuple[str, str]) -> None:
        unknown = [key for key in node.entries if key not in known]
        for key in unknown:
            hint = suggest_nearest(key, known) or f"write {' or '.join(known)}"
            self.issues.append(
                node.keys[key].build_issue(
                    "unknown-key", f'the key "{shorten(key)}" is unknown', hint
                )
            )
        if unknown:
            raise _Faulty

    def _bound(self, question: Number, node: Node) -> float:
        value = node.value if isinstance(node, Leaf) else None
        if isinstance(value, str):
            try:
                value = parse_quantity(value, question.unit)
            except QuantityError as error:
                self._complain(node.place, "wrong-type", str(error))
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._complain(node.place, "wrong-type", "a number must stand here")
        if not question.minimum <= value <= question.maximum:
            given, low, high = (
                describe_quantity(number, question.unit)
                for number in (value, question.minimum, question.maximum)
            )
            message = f'{given} is outside the range of "{question.id}", {low} to {high}'
            self._complain(node.place, "out-of-range", message)
        return value
