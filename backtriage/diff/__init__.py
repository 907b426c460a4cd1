"""Two rule sets -> who moves to more or less urgency between them, each with a patient, and what else has changed."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from backtriage.diff.wording import Rewording, rewordings
from backtriage.engine import rank
from backtriage.extras import require
from backtriage.model import Answers, Choice, Number, Option, Question, RuleSet, Urgency, YesNo


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What is different between two rule sets.

    `moves` has the downward ones first. `added`, `removed` and `changed` name parts by sort and id; what has changed of
    a part is its rules, not its words. `apart` are the questions in both whose answers cannot be compared, as they are
    of another kind or unit. `reordered`: the questions in both are asked in another order.
    """

    moves: tuple[Move, ...]
    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    changed: tuple[tuple[str, str], ...]
    reordered: bool
    apart: tuple[str, ...]
    rewordings: tuple[Rewording, ...]

    @property
    def lowers_urgency(self) -> bool:
        """Whether any patient gets less urgency."""
        return any(move.is_down for move in self.moves)


def diff(old: RuleSet, new: RuleSet) -> Difference:
    """Compare two rule sets for all patients that there can be; raises MissingExtra without the solver."""
    require("prove", "z3")
    from backtriage.diff.moves import Comparison

    comparison = Comparison(old, new)
    before, after = dict(_rules(old)), dict(_rules(new))
    return Difference(
        moves=tuple(sorted(comparison.moves(), key=_downward_first)),
        added=tuple(part for part in after if part not in before),
        removed=tuple(part for part in before if part not in after),
        changed=tuple(part for part in after if part in before and before[part] != after[part]),
        reordered=_order(old, new.questions) != _order(new, old.questions),
        apart=comparison.apart,
        rewordings=tuple(rewordings(old, new)),
    )


def _downward_first(move: Move) -> tuple[object, ...]:
    return not move.is_down, rank(move.before), rank(move.after)


def _order(rule_set: RuleSet, also_in: Collection[str]) -> list[str]:
    return [question for question in rule_set.questions if question in also_in]


def _rules(rule_set: RuleSet) -> Iterator[tuple[tuple[str, str], object]]:
    """Every part by sort and id, with that of it which decides something."""
    yield from ((("question", name), _without_texts(question)) for name, question in rule_set.questions.items())
    yield from ((("definition", name), condition) for name, condition in rule_set.definitions.items())
    for flag in rule_set.red_flags.values():
        yield ("red flag", flag.id), (flag.when, flag.advice, flag.within_days)
    for sort, parts in (("list", rule_set.lists), ("source", rule_set.sources), ("suspicion", rule_set.suspicions)):
        yield from (((sort, name), None) for name in parts)


def _without_texts(question: Question) -> object:
    match question:
        case YesNo():
            return replace(question, label="", ask="", why="", item=None)
        case Number():
            return replace(question, label="", ask="", why="")
        case Choice(options=options):
            bare = tuple(Option(id=option.id, label="") for option in options)
            return replace(question, label="", ask="", why="", options=bare)
        case _:
            assert_never(question)
