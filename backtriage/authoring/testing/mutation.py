"""(RuleSet, cases, mutants) -> how many of the mutants some case notices, and which survive."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from backtriage.authoring.case_outcomes import list_unmet
from backtriage.authoring.dependencies import find_dependents
from backtriage.authoring.testing.mutants import Mutant
from backtriage.conditions import Facts, evaluate
from backtriage.model import Answers, Case, RuleSet
from backtriage.status import Status, rank

Prove: TypeAlias = Callable[[RuleSet, Mutant], Answers | None]
"""(rule set, mutant) -> somebody in whom they differ, or None if there is nobody."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no case notices.

    It is "equivalent" if it differs from the rule set in nobody, and "unnoticed" if it does in
    `patient`, who is what a case could be made of; "open" if nobody has looked.
    """

    mutant: Mutant
    verdict: Literal["open", "equivalent", "unnoticed"] = "open"
    patient: Answers | None = None


@dataclass(frozen=True, slots=True)
class MutationScore:
    """How many mutants were tried, and those that survived."""

    tried: int
    survivors: tuple[Survivor, ...]

    @property
    def noticed(self) -> int:
        """How many mutants some case notices."""
        return self.tried - len(self.survivors)

    @property
    def unexplained(self) -> tuple[Survivor, ...]:
        """The survivors that are not known to be equivalent to the rule set."""
        return tuple(survivor for survivor in self.survivors if survivor.verdict != "equivalent")


def score_mutants(
    rule_set: RuleSet, cases: Iterable[Case], mutants: Iterable[Mutant], prove: Prove | None = None
) -> MutationScore:
    """Let the cases look for the mistake in each mutant.

    A case that does not hold for the rule set notices nothing. `prove` looks into the survivors.
    """
    detector = _Detector(rule_set, cases)
    tried, survivors = 0, []
    for mutant in mutants:
        tried += 1
        if not detector.check_notices(mutant):
            survivors.append(_look_into(mutant, rule_set, prove))
    return MutationScore(tried, tuple(survivors))


def _look_into(mutant: Mutant, rule_set: RuleSet, prove: Prove | None) -> Survivor:
    if prove is None:
        return Survivor(mutant)
    patient = prove(rule_set, mutant)
    if patient is None:
        return Survivor(mutant, "equivalent")
    return Survivor(mutant, "unnoticed", patient)


@dataclass(frozen=True, slots=True)
class _HeldCase:
    """A case that holds, what is known in it, and how each red flag comes out."""

    case: Case
    facts: Facts
    outcomes: Mapping[str, bool | None]


class _Detector:
    """The cases, evaluated once.

    Of a mutant only what its mistake can have changed is evaluated again: thousands of mutants meet
    hundreds of cases.
    """

    def __init__(self, rule_set: RuleSet, cases: Iterable[Case]) -> None:
        self.rule_set = rule_set
        self.users = find_dependents(rule_set)
        self.held = [held for case in cases if (held := _evaluate_if_held(rule_set, case))]
        self.naming: dict[str, list[int]] = {flag: [] for flag in rule_set.red_flags}
        for place, held in enumerate(self.held):
            expected = held.case.expected
            for flag in {*expected.findings, *expected.absent, *expected.unresolved}:
                self.naming[flag].append(place)

    def check_notices(self, mutant: Mutant) -> bool:
        """Whether some case does not hold for the mutant."""
        return any(self._is_noticed_by(self.held[place], mutant) for place in self._order(mutant))

    def _order(self, mutant: Mutant) -> Iterable[int]:
        """The cases that name a red flag which the mistake bears on, then the others."""
        naming = dict.fromkeys(
            place for flag in self.users[mutant.part] for place in self.naming[flag]
        )
        return naming | dict.fromkeys(range(len(self.held)))

    def _is_noticed_by(self, held: _HeldCase, mutant: Mutant) -> bool:
        if not _part_differs(held, mutant):
            return False
        facts = Facts(mutant.rule_set, held.case.answers)
        bearing = set(self.users[mutant.part])
        outcomes = [
            (flag, evaluate(flag.when, facts) if flag.id in bearing else held.outcomes[flag.id])
            for flag in mutant.rule_set.red_flags.values()
        ]
        return bool(list_unmet(held.case.expected, Status.from_outcomes(outcomes)))


def _evaluate_if_held(rule_set: RuleSet, case: Case) -> _HeldCase | None:
    facts = Facts(rule_set, case.answers)
    outcomes = [(flag, evaluate(flag.when, facts)) for flag in rule_set.red_flags.values()]
    if list_unmet(case.expected, Status.from_outcomes(outcomes)):
        return None
    return _HeldCase(case, facts, {flag.id: outcome for flag, outcome in outcomes})


def _part_differs(held: _HeldCase, mutant: Mutant) -> bool:
    """Whether the part with the mistake comes out otherwise; if not, nothing does.

    The part cannot rest on itself, so all that it rests on is as it was.
    """
    sort, name = mutant.part
    if sort == "question":
        return Facts(mutant.rule_set, held.case.answers)[name] != held.facts[name]
    if sort == "definition":
        before = evaluate(held.facts.rule_set.definitions[name], held.facts)
        return evaluate(mutant.rule_set.definitions[name], held.facts) is not before
    old, new = held.facts.rule_set.red_flags[name], mutant.rule_set.red_flags.get(name)
    if new is None or rank(new) != rank(old):
        return held.outcomes[name] is not False
    return evaluate(new.when, held.facts) is not held.outcomes[name]
