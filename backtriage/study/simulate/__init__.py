"""(RuleSet, Cohort, seed) -> simulated patients, where the rule set sends them, and how sure that is.

Rare causes are drawn more often than they are, and count less for it, so that all comers come out as in life.
"""

from backtriage.model import RuleSet
from backtriage.study.intervals import weighted_share
from backtriage.study.simulate import analyse
from backtriage.study.simulate.draw import LEAST, Asking
from backtriage.study.simulate.people import drawn, now_by_doubt, people_of
from backtriage.study.simulate.population import Cohort
from backtriage.study.simulate.population_reader import read_cohort
from backtriage.study.simulate.results import Simulated
from backtriage.study.simulate.vary import Progress, Variation, measures, silent, tallies

__all__ = ["LEAST", "Cohort", "Simulated", "read_cohort", "simulate"]


def simulate(
    rule_set: RuleSet,
    cohort: Cohort,
    setting: str,
    patients: int,
    seed: int,
    *,
    vary: bool = True,
    progress: Progress = silent,
) -> Simulated:
    """Draw patients, decide on each, and sum up; with `vary` also what comes out if the figures are otherwise."""
    asking = Asking(rule_set, cohort, setting)
    people = tuple(people_of(asking, drawn(asking, setting, patients, seed), {}))
    well = [person for person in people if not person.patient.cause.serious]
    return Simulated(
        rule_set=rule_set,
        cohort=cohort,
        setting=setting,
        seed=seed,
        people=people,
        measures=measures(cohort, setting, tallies(people), {}),
        now=weighted_share((person.weight, person.now) for person in people),
        by_guidance=analyse.by_guidance(cohort, people),
        sent=tuple(analyse.sent(people)),
        caught=tuple(analyse.caught(cohort, rule_set, setting, people)),
        well_now=weighted_share((person.weight, person.now) for person in well),
        well_now_by_doubt=now_by_doubt(asking, well),
        costs=tuple(analyse.costs(rule_set, people)),
        calibrated=analyse.calibrated(cohort, rule_set, setting, people),
        varied=Variation(asking, setting, people).run(progress) if vary else None,
    )
