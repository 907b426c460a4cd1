"""(RuleSet, Population, seed) -> simulated patients, where they are sent, and how sure that is.

Rare causes are drawn more often than they are, and count less for it: so all comers come out as in
life, and yet there are enough people with each cause to say how many of them are caught.
"""

from backtriage.model import RuleSet
from backtriage.study.intervals import estimate_weighted_share
from backtriage.study.simulate import analyse
from backtriage.study.simulate.draw import LEAST, Asking
from backtriage.study.simulate.people import ask_people, count_now_by_doubt, draw_people
from backtriage.study.simulate.population import Population
from backtriage.study.simulate.population_reader import read_population
from backtriage.study.simulate.results import Simulated
from backtriage.study.simulate.vary import (
    Progress,
    Variation,
    build_tallies,
    compute_measures,
    ignore_progress,
)

__all__ = ["LEAST", "Population", "Simulated", "read_population", "simulate"]


def simulate(
    rule_set: RuleSet,
    population: Population,
    setting: str,
    patients: int,
    seed: int,
    *,
    vary: bool = True,
    progress: Progress = ignore_progress,
) -> Simulated:
    """Draw `patients` of a setting of the population, decide on each, and sum up.

    The same seed draws the same patients. With `vary` also what comes out if figures are otherwise,
    which takes most of the time; `progress` is told how far that is.
    """
    asking = Asking(rule_set, population, setting)
    people = tuple(ask_people(asking, draw_people(asking, setting, patients, seed), {}))
    well = [person for person in people if not person.patient.cause.serious]
    return Simulated(
        rule_set=rule_set,
        population=population,
        setting=setting,
        seed=seed,
        people=people,
        measures=compute_measures(population, setting, build_tallies(people), {}),
        now=estimate_weighted_share((person.weight, person.now) for person in people),
        by_guidance=analyse.count_by_guidance(population, people),
        sent=tuple(analyse.count_sent(people)),
        caught=tuple(analyse.count_caught(population, rule_set, setting, people)),
        well_now=estimate_weighted_share((person.weight, person.now) for person in well),
        well_now_by_doubt=count_now_by_doubt(asking, well),
        costs=tuple(analyse.find_costs(rule_set, people)),
        calibrated=analyse.calibrate(population, rule_set, setting, people),
        varied=Variation(asking, setting, people).run(progress) if vary else None,
    )
