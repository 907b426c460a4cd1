"""Two rule sets -> who moves to more or less urgency between them, and what else has changed.

`moves` finds the patients, with a solver; `rewordings` finds the texts.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import assert_never

from backtriage.authoring.diff.rewordings import Rewording, find_rewordings
from backtriage.extras import require
from backtriage.interrupts import postpone_interrupts
from backtriage.loader.condition_writer import write_condition
from backtriage.model import (
    Answers,
    Choice,
    Number,
    Question,
    RedFlag,
    RuleSet,
    Urgency,
    Value,
    YesNo,
)
from backtriage.status import rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Patients who get another urgency, because of one red flag; with one of them.

    `flag` is the red flag that has put them where they were (`before` is more urgent) or where they
    are now. `old` and `new` are the answers of the same person to the questions of either rule set.
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

    `moves` has the downward ones first. `added` and `removed` name parts by sort and id; what has
    `changed` of a part is its rules, not its words, which are the `rewordings`. `apart` are the
    questions in both whose answers cannot be compared, as they are of another kind or unit.
    `reordered`: the questions in both are asked in another order.
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
    """Compare two rule sets for all patients that there can be.

    The patients that are shown are as much `like` somebody as can be, by value for each question
    (see `case_outcomes.find_well_patient`). Raises MissingExtra without the solver.
    """
    require("prove", "z3")  # an extra: only now may it be imported
    from backtriage.authoring.diff.moves import Comparison

    with postpone_interrupts():
        comparison = Comparison(old, new, like)
        moves = tuple(sorted(comparison.find_moves(), key=_downward_first))
    before, after = dict(_rules(old)), dict(_rules(new))
    in_both = [part for part in after if part in before]
    return Difference(
        moves=moves,
        added=tuple(part for part in after if part not in before),
        removed=tuple(part for part in before if part not in after),
        changed=tuple(
            _build_changed(part, before[part], after[part])
            for part in in_both
            if before[part] != after[part]
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
    """Every part by sort and id, with what of it decides something.

    That is by key, and written as it could stand in YAML; a part may have none.
    """
    for name, question in rule_set.questions.items():
        yield ("question", name), _of_question(question, rule_set)
    for name, condition in rule_set.definitions.items():
        yield ("definition", name), {"": write_condition(condition, rule_set)}
    for name, flag in rule_set.red_flags.items():
        yield ("red flag", name), _of_red_flag(flag, rule_set)
    if rule_set.ambulance is not None:
        yield ("ambulance", "seek_care_now"), {"": write_condition(rule_set.ambulance, rule_set)}
    wordy = {
        "list": rule_set.lists,
        "source": rule_set.sources,
        "suspicion": rule_set.suspicions,
        "country": rule_set.emergency_numbers.countries,
    }
    for sort, parts in wordy.items():
        yield from (((sort, name), {}) for name in parts)


def _of_red_flag(flag: RedFlag, rule_set: RuleSet) -> Mapping[str, str]:
    return {
        "when": write_condition(flag.when, rule_set),
        "advice": flag.advice,
        "within_days": str(flag.within_days),
    }


def _of_question(question: Question, rule_set: RuleSet) -> Mapping[str, str]:
    """What decides who is asked, what may be answered, and what "not sure" counts as."""
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
            limits = f"{question.minimum:g} to {question.maximum:g} {question.unit}"
            return common | {"range": limits}
        case Choice(options=options):
            return common | {"options": ", ".join(option.id for option in options)}
        case _:
            assert_never(question)


def _build_changed(
    part: tuple[str, str], old: Mapping[str, str], new: Mapping[str, str]
) -> Changed:
    """Only what is not the same in both."""
    keys = [key for key in dict.fromkeys((*old, *new)) if old.get(key) != new.get(key)]
    return Changed(*part, old=_pairs(keys, old), new=_pairs(keys, new))


def _pairs(keys: Collection[str], values: Mapping[str, str]) -> str:
    """The values of these keys in one line; a key without a name stands for the whole part."""
    pairs = {key: values[key] for key in keys if key in values}
    return ", ".join(f"{key}: {value}" if key else value for key, value in pairs.items())
