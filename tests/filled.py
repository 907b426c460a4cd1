"""A rule set in which every field has words of its own, by the fields that lead there."""

import dataclasses
import types
from collections.abc import Callable, Mapping
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from backtriage.model import Condition, RuleSet

Write = Callable[[str], str]


def filled(kind: Any, path: str, write: Write) -> Any:
    """A value of this type in which `write` gives each string, by the fields that lead there."""
    if kind is str:
        return write(path)
    if dataclasses.is_dataclass(kind) or hasattr(kind, "_fields"):
        return kind(**{field: filled(hint, f"{path}/{kind.__name__}.{field}", write)
                       for field, hint in get_type_hints(kind).items()})  # fmt: skip
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return arguments[0]
    if origin in (Union, types.UnionType):
        kinds = alternatives(kind)
        assert len(kinds) == 1 or kinds == list(get_args(Condition)), "others would be left out"
        return filled(kinds[0], path, write)
    if origin is tuple:
        return tuple(filled(one, path, write) for one in alternatives(arguments[0]))
    if origin is Mapping:
        keys = get_args(arguments[0]) or (write(f"{path} key"),)
        return {key: filled(arguments[1], path, write) for key in keys}
    return {int: 1, float: 1.0, bool: False}[kind]


def alternatives(kind: Any) -> list[Any]:
    """What a value of this type may be, None left aside; a tuple has one of each."""
    arguments = get_args(kind) if get_origin(kind) in (Union, types.UnionType) else (kind,)
    return [one for one in arguments if one is not type(None)]


def all_filled(write: Write) -> RuleSet:
    rule_set = filled(RuleSet, "", write)
    assert isinstance(rule_set, RuleSet)
    return rule_set


def words_of(path: str) -> str:
    return f"The words of {path}."
