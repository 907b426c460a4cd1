"""(Authored, cases) -> what came of testing a rule set with its own cases."""

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
    """How many cases there are, those that fail, what no case tests, and the score of the mutants if any were tried."""

    authored: Authored
    cases: int
    failures: tuple[Failure, ...]
    coverage: Coverage
    score: MutationScore | None

    @property
    def holds(self) -> bool:
        """Whether all cases hold, name every red flag, and notice every mutant that is no equal."""
        unexplained = self.score is not None and self.score.unexplained
        return bool(
            self.cases and not self.failures and not self.coverage.never_named and not unexplained
        )


def run_tests(
    authored: Authored,
    cases: tuple[Case, ...],
    mutants: Iterable[Mutant] | None = None,
    prove: Prove | None = None,
) -> Tested:
    """Test a rule set with its cases. Mutants are tried only if all cases hold: one that fails can notice nothing."""
    rule_set = authored.rule_set
    failed = tuple(find_failures(rule_set, cases))
    tried = (
        score_mutants(rule_set, cases, mutants, prove)
        if mutants is not None and cases and not failed
        else None
    )
    return Tested(authored, len(cases), failed, measure_coverage(rule_set, cases), tried)
