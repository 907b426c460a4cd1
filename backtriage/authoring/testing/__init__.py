"""(Authored, cases) -> what came of testing a rule set with its own cases.

Whether they hold, what of the rules none of them tests (`coverage`), and which small mistakes in
the rules none of them would notice (`edits` -> `mutants` -> `mutation`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from backtriage.authoring.case_outcomes import Failure, find_failures
from backtriage.authoring.testing.coverage import Coverage, measure_coverage
from backtriage.authoring.testing.mutants import Mutant
from backtriage.authoring.testing.mutation import MutationScore, Prove, score_mutants
from backtriage.loader.authored import Authored
from backtriage.model import Case


@dataclass(frozen=True, slots=True)
class Tested:
    """How many cases there are, those that fail, what no case tests, and the score of the mutants.

    The score is None if no mutants were tried.
    """

    authored: Authored
    cases: int
    failures: tuple[Failure, ...]
    coverage: Coverage
    score: MutationScore | None

    @property
    def holds(self) -> bool:
        """Whether all cases hold, name every red flag, and notice every mutant that is no equal."""
        if not self.cases or self.failures or self.coverage.never_named:
            return False
        return self.score is None or not self.score.unexplained


def run_tests(
    authored: Authored,
    cases: tuple[Case, ...],
    mutants: Iterable[Mutant] | None = None,
    prove: Prove | None = None,
) -> Tested:
    """Test a rule set with its cases, and with mutants of it if there are any to try.

    Mutants are tried only if all cases hold: one that fails can notice nothing. `prove` looks for
    somebody in whom a mutant that no case notices differs from the rule set.
    """
    rule_set = authored.rule_set
    failures = tuple(find_failures(rule_set, cases))
    score = None
    if mutants is not None and cases and not failures:
        score = score_mutants(rule_set, cases, mutants, prove)
    return Tested(authored, len(cases), failures, measure_coverage(rule_set, cases), score)
