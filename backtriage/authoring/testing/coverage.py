"""(RuleSet, cases) -> what no case tests: red flags that none wants, legs that decide in none.

A leg (see `dependencies`) decides in a case if the case names the red flag, and the red flag would
come out otherwise with the leg True than with the leg False, all else being as it is: the idea of
MC/DC, for three-valued logic. A leg of an `ask_if` decides where the question has no answer, and so
counts as no or as not known.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from backtriage.authoring.dependencies import Leg, LegPath, list_conditions, list_legs
from backtriage.conditions import Facts, evaluate
from backtriage.loader.authored import Part
from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Case,
    Condition,
    Defined,
    Not,
    OneOf,
    RedFlag,
    RuleSet,
    YesNo,
)

Truth: TypeAlias = bool | None
Effect: TypeAlias = Mapping[Truth, Truth]
"""How the red flag comes out if the condition looked at is True, False, or not known."""

_ITSELF: Effect = {True: True, False: False, None: None}


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the cases test, and what not.

    `never_named` are red flags that no case wants to find; `legs` are all legs that red flags rest
    on, and `never_decisive` those of them that decide in no case.
    """

    never_named: tuple[str, ...]
    legs: tuple[Leg, ...]
    never_decisive: tuple[Leg, ...]


def measure_coverage(rule_set: RuleSet, cases: Iterable[Case]) -> Coverage:
    """What the cases test of a rule set."""
    wanted: set[str] = set()
    decisive: set[Leg] = set()
    for case in cases:
        expected, facts = case.expected, Facts(rule_set, case.answers)
        wanted.update(expected.findings)
        for flag in {*expected.findings, *expected.absent, *expected.unresolved}:
            decisive.update(find_decisive_legs(rule_set.red_flags[flag], facts))
    legs = tuple(list_all_legs(rule_set))
    return Coverage(
        never_named=tuple(flag for flag in rule_set.red_flags if flag not in wanted),
        legs=legs,
        never_decisive=tuple(leg for leg in legs if leg not in decisive),
    )


def list_all_legs(rule_set: RuleSet) -> Iterator[Leg]:
    """The legs of all that the red flags rest on, part by part."""
    for part, condition in list_conditions(rule_set).items():
        for path, leg in list_legs(condition) if condition else ():
            yield Leg(part, path, leg)


def find_decisive_legs(flag: RedFlag, facts: Facts) -> Iterator[Leg]:
    """The legs that decide how a red flag comes out, given what is known of somebody.

    Those of its definitions and of each `ask_if` are among them.
    """
    return _Walk(facts).find_decisive(flag.when, ("red flag", flag.id), (), _ITSELF)


@dataclass(frozen=True, slots=True)
class _Walk:
    """One walk from a red flag to its legs, which takes along what each would do to the flag."""

    facts: Facts

    def find_decisive(
        self, condition: Condition, part: Part, path: LegPath, effect: Effect
    ) -> Iterator[Leg]:
        """The decisive legs of a condition that stands at a path of a part, with its effect."""
        if len(set(effect.values())) == 1:  # whatever this is, the red flag stays as it is
            return
        match condition:
            case OneOf() | Between():
                yield from _leg_if_decisive(condition, part, path, effect)
                yield from self._ask_if(condition, effect)
            case Defined(name):
                yield from _leg_if_decisive(condition, part, path, effect)
                definition = self.facts.rule_set.definitions[name]
                yield from self.find_decisive(definition, ("definition", name), (), effect)
            case Not(of):
                turned = {None: effect[None], True: effect[False], False: effect[True]}
                yield from self.find_decisive(of, part, (*path, 0), turned)
            case AllOf(of):
                yield from self._several(len(of), of, part, path, effect)
            case AnyOf(of):
                yield from self._several(1, of, part, path, effect)
            case AtLeast(count, of):
                yield from self._several(count, of, part, path, effect)
            case _:
                assert_never(condition)

    def _several(
        self, count: int, group: Sequence[Condition], part: Part, path: LegPath, effect: Effect
    ) -> Iterator[Leg]:
        """Each of several conditions, `count` of which have to hold; the others are as they are."""
        outcomes = [evaluate(condition, self.facts) for condition in group]
        for place, condition in enumerate(group):
            others = outcomes[:place] + outcomes[place + 1 :]
            within = {own: effect[_combine(count, [*others, own])] for own in _ITSELF}
            yield from self.find_decisive(condition, part, (*path, place), within)

    def _ask_if(self, comparison: OneOf | Between, effect: Effect) -> Iterator[Leg]:
        """A question without answer counts as no if its `ask_if` is False; else it is open."""
        name = comparison.question
        question = self.facts.rule_set.questions[name]
        if question.ask_if is not None and name not in self.facts.answers.values:
            has_no = isinstance(comparison, OneOf) and "no" in comparison.values
            holds_for_no = has_no and isinstance(question, YesNo)
            within = {True: effect[None], False: effect[holds_for_no], None: effect[None]}
            yield from self.find_decisive(question.ask_if, ("question", name), (), within)


def _leg_if_decisive(
    leg: OneOf | Between | Defined, part: Part, path: LegPath, effect: Effect
) -> Iterator[Leg]:
    if effect[True] is not effect[False]:
        yield Leg(part, path, leg)


def _combine(count: int, outcomes: list[Truth]) -> Truth:
    """What `count` or more of the outcomes being True comes to, as `conditions.evaluate` has it."""
    true = outcomes.count(True)
    if true >= count:
        return True
    return None if true + outcomes.count(None) >= count else False
