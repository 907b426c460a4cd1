"""Two rule sets -> who moves to more or less urgency between them, each with a patient, and what else has changed."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import assert_never

from backtriage.authoring.diff.rewordings import Rewording, find_rewordings
from backtriage.engine import rank
from backtriage.extras import require
from backtriage.loader.condition_writer import write_condition
from backtriage.model import Answers, Choice, Number, Question, RuleSet, Urgency, Value, YesNo


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Patients who get another urgency, because of one red flag; with one of them.

    `flag` is the red flag that has put them where they were (`before` is more urgent) or where they are now. `old` and
    `new` are the answers of the same person to the questions of either rule set.
    """

    before: Urgency
    after: Urgency
    flag: str
    old: Answers
    new: Answers

    @property
    def is_down(self) -> bool:
        """Whether they get less urgency."""
        return rank(self.after) < rank(self.before)


@dataclass(frozen=True, slots=True)
class Changed:
    """A part whose rules have changed: its sort and id, and what has, as it could stand in YAML."""

    sort: str
    id: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is different between two rule sets.

    `moves` has the downward ones first. `added` and `removed` name parts by sort and id; what has `changed` of a
    part is its rules, not its words. `apart` are the questions in both whose answers cannot be compared, as they are
    of another kind or unit. `reordered`: the questions in both are asked in another order.
    """

    moves: tuple[Move, ...]
    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    changed: tuple[Changed, ...]
    reordered: bool
    apart: tuple[str, ...]
    rewordings: tuple[Rewording, ...]

    @property
    def lowers_urgency(self) -> bool:
        """Whether any patient gets less urgency."""
        return any(move.is_down for move in self.moves)


def compare_rule_sets(
    old: RuleSet, new: RuleSet, like: Mapping[str, Value] = MappingProxyType({})
) -> Difference:
    """Compare two rule sets for all patients that there can be; raises MissingExtra without the solver.

    The patients that are shown are as much `like` somebody as can be (see `case_outcomes.find_well_patient`).
    """
    require("prove", "z3")
    from backtriage.authoring.diff.moves import Comparison

    comparison = Comparison(old, new, like)
    before, after = dict(_rules(old)), dict(_rules(new))
    return Difference(
        moves=tuple(sorted(comparison.find_moves(), key=_downward_first)),
        added=tuple(part for part in after if part not in before),
        removed=tuple(part for part in before if part not in after),
        changed=tuple(
            Changed(*part, *_apart(before[part], rules))
            for part, rules in after.items()
            if part in before and before[part] != rules
        ),
        reordered=_order(old, new.questions) != _order(new, old.questions),
        apart=comparison.apart,
        rewordings=tuple(find_rewordings(old, new)),
    )


def _downward_first(move: Move) -> tuple[object, ...]:
    return not move.is_down, rank(move.before), rank(move.after)


def _order(rule_set: RuleSet, also_in: Collection[str]) -> list[str]:
    return [question for question in rule_set.questions if question in also_in]


def _rules(rule_set: RuleSet) -> Iterator[tuple[tuple[str, str], Mapping[str, str]]]:
    """Every part by sort and id, with that of it which decides something, by key and as it could stand in YAML."""
    yield from (
        (("question", name), _of_question(question, rule_set))
        for name, question in rule_set.questions.items()
    )
    for name, condition in rule_set.definitions.items():
        yield ("definition", name), {"": write_condition(condition, rule_set)}
    for flag in rule_set.red_flags.values():
        when = write_condition(flag.when, rule_set)
        yield (
            ("red flag", flag.id),
            {"when": when, "advice": flag.advice, "within_days": str(flag.within_days)},
        )
    for sort, parts in (
        ("list", rule_set.lists),
        ("source", rule_set.sources),
        ("suspicion", rule_set.suspicions),
        ("country", rule_set.emergency_numbers.countries),
    ):
        yield from (((sort, name), {}) for name in parts)


def _of_question(question: Question, rule_set: RuleSet) -> Mapping[str, str]:
    common = {
        "kind": question.kind,
        "not_sure": "refuse" if question.not_sure is None else str(question.not_sure),
        "worse": question.worse or "neither",
        "ask_if": write_condition(question.ask_if, rule_set) if question.ask_if else "always",
        "background": str(question.background).lower(),
    }
    match question:
        case YesNo():
            return common | {"list": question.list or "none"}
        case Number():
            return common | {
                "range": f"{question.minimum:g} to {question.maximum:g} {question.unit}"
            }
        case Choice(options=options):
            return common | {"options": ", ".join(option.id for option in options)}
        case _:
            assert_never(question)


def _apart(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, str]:
    """What is not the same in both."""
    keys = [key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)]
    return _pairs(keys, old), _pairs(keys, new)


def _pairs(keys: Collection[str], values: Mapping[str, str]) -> str:
    return ", ".join(
        f"{key}: {values[key]}" if key else values[key] for key in keys if key in values
    )
