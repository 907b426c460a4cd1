"""Node -> Condition, with every mistake in it as an issue with a place."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn, TypeVar

from backtriage.errors import Issue, shorten, suggest_nearest
from backtriage.loader.yaml_nodes import (
    Leaf,
    MappingNode,
    Node,
    Place,
    Scalar,
    SequenceNode,
    get_child,
    get_children,
)
from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Choice,
    Condition,
    Defined,
    Not,
    Number,
    OneOf,
    Question,
)
from backtriage.units import QuantityError, describe_quantity, has_unit, parse_quantity

T = TypeVar("T")
N = TypeVar("N")

RESERVED = ("all", "any", "not", "at_least")
"""The words of the rule language, which no question or definition may be called by."""


class _Faulty(Exception):
    """Part of a condition cannot be read; the issues say why."""


@dataclass(frozen=True)
class ConditionParser:
    """Reads conditions.

    `questions` maps the id of every question to the question, or to None where the question itself
    is faulty. With `names_complete` False some file could not be read, so that an unknown name
    says nothing. With `times_have_units` a time must be written with its unit, as people do; in
    JSON it is a number in the unit of the question.
    """

    questions: Mapping[str, Question | None]
    definitions: Collection[str]
    names_complete: bool
    issues: list[Issue]
    times_have_units: bool = False

    def parse(self, node: Node) -> Condition | None:
        """The condition, or None if some of it cannot be read."""
        try:
            return self._condition(node)
        except _Faulty:
            return None

    def parse_child(self, node: Node, key: str) -> Condition | None:
        """The condition under a key; None also where there is none."""
        child = get_child(node, key)
        return None if child is None else self.parse(child)

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
        keys, entries = node.keys, node.entries
        parts = self._each(lambda key: self._entry(key, keys[key], entries[key]), entries)
        return parts[0] if len(parts) == 1 else AllOf(parts)

    def _no_condition(self, node: Leaf | SequenceNode) -> NoReturn:
        hint = "write it as {question: answer}"
        if isinstance(node, SequenceNode):
            hint = "write all: or any: before the list"
        elif node.value in self.questions or node.value in self.definitions:
            hint = f"write {{{node.value}: yes}}"
        self._complain(node.place, "wrong-type", "this is not a condition", hint)

    def _entry(self, key: str, place: Place, value: Node) -> Condition:
        """What one key of a condition says: a word of the language, a definition or a question."""
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
        message = f'there is no question or definition "{shorten(key)}"'
        self._complain(place, "unknown-question", message, hint)

    def _several(self, node: Node) -> tuple[Condition, ...]:
        if not isinstance(node, SequenceNode):
            message = "a list of conditions must stand here"
            self._complain(node.place, "wrong-type", message, "begin each with -")
        if not node.items:
            self._complain(node.place, "empty-condition", "the list of conditions is empty")
        return self._each(self._condition, node.items)

    def _at_least(self, node: Node) -> Condition:
        if not isinstance(node, MappingNode):
            hint = "write {count: 2, of: [...]}"
            self._complain(node.place, "wrong-type", "at_least needs count and of", hint)
        self._check_keys(node, ("count", "of"))
        count, of = get_child(node, "count"), get_child(node, "of")
        if count is None or of is None:
            message = f'"{"count" if count is None else "of"}" is missing'
            self._complain(node.place, "missing-key", message, "at_least needs count and of")
        number = self._count(count, len(get_children(of)))
        parts = self._several(of)
        if number is None:
            raise _Faulty
        return AtLeast(number, parts)

    def _count(self, node: Node, most: int) -> int | None:
        """The number; None after telling what is wrong, since `of` is still to be read."""
        number = node.value if isinstance(node, Leaf) else None
        if not isinstance(number, int) or isinstance(number, bool):
            code, message = "wrong-type", '"count" must be a whole number'
        elif most and not 1 <= number <= most:
            code, message = "out-of-range", f'"count" must be from 1 to {most}'
        else:
            return number
        self.issues.append(node.place.build_issue(code, message))
        return None

    def _defined(self, name: str, node: Node) -> Condition:
        value = node.value if isinstance(node, Leaf) else None
        if value not in ("yes", "no"):
            message = f'the definition "{name}" is either yes or no'
            hint = _suggest_word(value) if isinstance(value, bool) else None
            self._complain(node.place, "wrong-type", message, hint)
        return Defined(name) if value == "yes" else Not(Defined(name))

    def _comparison(self, key: str, node: Node) -> Condition:
        question = self.questions[key]
        if question is None:
            raise _Faulty
        if isinstance(question, Number):
            return self._between(question, node)
        allowed = ["yes", "no"]
        if isinstance(question, Choice):
            allowed = [option.id for option in question.options]
        items = get_children(node) if isinstance(node, SequenceNode) else [node]
        if not items:
            self._complain(node.place, "empty-condition", "the list of values is empty")
        values = self._each(lambda item: self._value(key, allowed, item), items)
        if set(values) == set(allowed):
            message = f'every answer to "{key}" is among these'
            self._complain(node.place, "always-holds", message, "leave some out")
        return OneOf(key, values)

    def _value(self, key: str, allowed: list[str], node: Node) -> str:
        """One of the answers that are allowed."""
        value = node.value if isinstance(node, Leaf) else None
        if isinstance(value, str) and value in allowed:
            return value
        code, shown = "wrong-type", "this" if value is None else str(value).lower()
        hint = f"choose from {', '.join(allowed)}"
        if isinstance(value, bool):
            hint = _suggest_word(value)
        elif isinstance(value, str):
            code, shown = "unknown-option", f'"{shorten(value)}"'
            hint = suggest_nearest(value, allowed) or hint
        self._complain(node.place, code, f'{shown} is not an answer to "{key}"', hint)

    def _between(self, question: Number, node: Node) -> Condition:
        """The range of a number; one that holds for nobody, or for everybody, is a mistake."""
        if not isinstance(node, MappingNode):
            hint = "write {at_least: ...} or {below: ...}"
            self._complain(node.place, "wrong-type", f'"{question.id}" is a number', hint)
        if not node.entries:
            self._complain(node.place, "empty-condition", "the range is empty")
        self._check_keys(node, ("at_least", "below"))
        values = self._each(lambda bound: self._bound(question, bound), node.entries.values())
        bounds = dict(zip(node.entries, values, strict=True))
        at_least, below = bounds.get("at_least"), bounds.get("below")
        if at_least is not None and below is not None and at_least >= below:
            self._complain(node.place, "out-of-range", '"below" must be more than "at_least"')
        if below == question.minimum:
            least = describe_quantity(question.minimum, question.unit)
            message = f'this can never hold: no answer to "{question.id}" is below {least}'
            self._complain(node.place, "out-of-range", message)
        if at_least == question.minimum and below is None:
            message = f'this always holds: every answer to "{question.id}" is so high'
            self._complain(node.place, "out-of-range", message)
        return Between(question.id, at_least, below)

    def _check_keys(self, node: MappingNode, known: tuple[str, str]) -> None:
        unknown = [key for key in node.entries if key not in known]
        for key in unknown:
            hint = suggest_nearest(key, known) or f"write {' or '.join(known)}"
            message = f'the key "{shorten(key)}" is unknown'
            self.issues.append(node.keys[key].build_issue("unknown-key", message, hint))
        if unknown:
            raise _Faulty

    def _bound(self, question: Number, node: Node) -> float:
        """A bound in the unit of the question, within the range of its answers."""
        value = node.value if isinstance(node, Leaf) else None
        if self.times_have_units and question.unit == "day" and _lacks_unit(value):
            given = f'"{shorten(value)}"' if isinstance(value, str) else value
            message = f'{given} of what? "{question.id}" is a time'
            hint = 'write the unit with it, for example "6 weeks"'
            self._complain(node.place, "wrong-type", message, hint)
        if isinstance(value, str):
            try:
                value = parse_quantity(value, question.unit)
            except QuantityError as error:
                self._complain(node.place, "wrong-type", str(error))
        if isinstance(value, bool) or not isinstance(value, int | float):
            self._complain(node.place, "wrong-type", "a number must stand here")
        if not question.minimum <= value <= question.maximum:
            low = describe_quantity(question.minimum, question.unit)
            high = describe_quantity(question.maximum, question.unit)
            given = describe_quantity(value, question.unit)
            message = f'{given} is outside the range of "{question.id}", {low} to {high}'
            self._complain(node.place, "out-of-range", message)
        return value


def _lacks_unit(value: Scalar) -> bool:
    """Whether this is a number alone: of a time nobody could tell if days or weeks are meant."""
    if isinstance(value, str):
        return not has_unit(value)
    return isinstance(value, int | float) and not isinstance(value, bool)


def _suggest_word(value: bool) -> str:
    """The way out for true and false, which are no answers: YAML has them for words of its own."""
    return f'did you mean "{"yes" if value else "no"}"?'
