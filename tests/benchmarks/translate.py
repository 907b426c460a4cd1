"""Conditions in other languages, for complete patients:
two values are enough, as nothing is missing.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, assert_never

from backtriage.model import AllOf, AnyOf, AtLeast, Between, Condition, Defined, Not, OneOf, RuleSet


class Words:
    """How a language writes what conditions are made of."""

    def __init__(
        self, question: str, both: str, either: str, negated: str, member: str, count: str
    ) -> None:
        self.question, self.both, self.either, self.negated = question, both, either, negated
        self.member, self.count = member, count


PYTHON = Words('p["{}"]', " and ", " or ", "not {}", "{} in ({})", "({})")
CEL = Words("{}", " && ", " || ", "!{}", "{} in [{}]", "({} ? 1 : 0)")
ZEN = Words("{}", " and ", " or ", "not {}", "{} in [{}]", "({} ? 1 : 0)")
SQL = Words('"{}"', " AND ", " OR ", "NOT {}", "{} IN ({})", "CASE WHEN {} THEN 1 ELSE 0 END")


def written(condition: Condition, rule_set: RuleSet, words: Words) -> str:
    """The condition as an expression of a language, in brackets."""
    match condition:
        case OneOf(question, values):
            texts = [f"'{value}'" for value in values]
            asked = words.question.format(question)
            equals = "=" if words is SQL else "=="
            one = f"{asked} {equals} {texts[0]}"
            return f"({one if len(texts) == 1 else words.member.format(asked, ', '.join(texts))})"
        case Between(question, at_least, below):
            asked = words.question.format(question)
            bounds = [
                f"{asked} {sign} {bound:g}"
                for sign, bound in ((">=", at_least), ("<", below))
                if bound is not None
            ]
            return f"({words.both.join(bounds)})"
        case Defined(name):
            return written(rule_set.definitions[name], rule_set, words)
        case Not(of):
            return f"({words.negated.format(written(of, rule_set, words))})"
        case AllOf(of):
            return f"({words.both.join(written(part, rule_set, words) for part in of)})"
        case AnyOf(of):
            return f"({words.either.join(written(part, rule_set, words) for part in of)})"
        case AtLeast(count, of):
            counted = (words.count.format(written(part, rule_set, words)) for part in of)
            return f"({' + '.join(counted)} >= {count})"
        case _:
            assert_never(condition)


def json_logic(condition: Condition, rule_set: RuleSet) -> dict[str, Any]:
    """The condition as JSONLogic."""
    match condition:
        case OneOf(question, values):
            asked = {"var": question}
            return {"==": [asked, values[0]]} if len(values) == 1 else {"in": [asked, list(values)]}
        case Between(question, at_least, below):
            bounds = [
                {sign: [{"var": question}, bound]}
                for sign, bound in ((">=", at_least), ("<", below))
                if bound is not None
            ]
            return {"and": bounds}
        case Defined(name):
            return json_logic(rule_set.definitions[name], rule_set)
        case Not(of):
            return {"!": [json_logic(of, rule_set)]}
        case AllOf(of):
            return {"and": [json_logic(part, rule_set) for part in of]}
        case AnyOf(of):
            return {"or": [json_logic(part, rule_set) for part in of]}
        case AtLeast(count, of):
            return {
                ">=": [{"+": [{"if": [json_logic(part, rule_set), 1, 0]} for part in of]}, count]
            }
        case _:
            assert_never(condition)


def as_json_logic_rules(rule_set: RuleSet) -> list[str]:
    """Each red flag as the text of a JSONLogic rule."""
    return [json.dumps(json_logic(flag.when, rule_set)) for flag in rule_set.red_flags.values()]


def make_if_chain(rule_set: RuleSet) -> Callable[[Mapping[str, Any]], list[str]]:
    """What a person would write in Python: one `if` for each red flag."""
    lines = "".join(
        f"    if {written(flag.when, rule_set, PYTHON)}: found.append({flag.id!r})\n"
        for flag in rule_set.red_flags.values()
    )
    scope: dict[str, Any] = {}
    exec(f"def decide(p):\n    found = []\n{lines}    return found\n", scope)
    decide: Callable[[Mapping[str, Any]], list[str]] = scope["decide"]
    return decide
