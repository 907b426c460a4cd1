"""(RuleSet, Population, seed) -> simulated patients, where they are sent, and how sure that is.

Rare causes are drawn more often than they are, and count less for it: so all comers come out as in
life, and yet there are enough people with each cause to say how many of them are caught. Patients
are drawn and decided on many at once, and none of them is kept.
"""

from collections.abc import Iterator

from backtriage.study.simulate import analyse
from backtriage.study.simulate.asking import Asking
from backtriage.study.simulate.draw import Sample, compute_weights, size_strata
from backtriage.study.simulate.people import SimulatedPerson, draw_people
from backtriage.study.simulate.population import Population
from backtriage.study.simulate.population_reader import read_population
from backtriage.study.simulate.results import Simulated, Swing, Varied
from backtriage.study.simulate.survey import Progress, ask_all
from backtriage.study.simulate.unknown import measure_spreads
from backtriage.study.simulate.vary import (
    compute_measures,
    compute_swings,
    list_ends,
    measure_extremes,
)

__all__ = [
    "Asking",
    "Population",
    "Sample",
    "Simulated",
    "SimulatedPerson",
    "draw_people",
    "read_population",
    "simulate",
]


def ignore_progress(_share: float) -> None:
    """Tells nobody."""


def simulate(
    asking: Asking, sample: Sample, *, vary: bool = True, progress: Progress = ignore_progress
) -> Simulated:
    """Draw the patients of a sample, decide on each, and sum up.

    The same seed draws the same patients. With `vary` also what comes out if figures are otherwise,
    which takes most of the time; `progress` is told how far all that is.
    """
    population, setting = asking.population, asking.setting
    figures = list(population.list_uncertain(setting).values()) if vary else []
    steps = _split(progress, 3 if vary else 1)
    surveyed = ask_all(asking, sample, list_ends(figures), next(steps))
    sizes = size_strata(population, setting, sample.patients)
    groups = analyse.Groups(compute_weights(population, setting, sizes), surveyed.counts)
    tallies = {name: counts.tally for name, counts in surveyed.counts.items()}
    well = groups.keep_well(population)
    varied = None
    if vary:
        swings = compute_swings(population, setting, figures, surveyed.tallies)
        varied = _vary(asking, sample, swings, steps)
    return Simulated(
        rule_set=asking.rule_set,
        population=population,
        setting=setting,
        seed=sample.seed,
        patients=sample.patients,
        measures=compute_measures(population, setting, tallies, {}),
        now=groups.estimate(one.tally.now for one in groups.counts.values()),
        by_guidance=(
            groups.estimate(one.by_guidance for one in groups.counts.values())
            if population.target
            else None
        ),
        sent=tuple(analyse.count_sent(groups)),
        caught=tuple(analyse.count_caught(asking, groups, surveyed.missed)),
        well_now=well.estimate(one.tally.now for one in well.counts.values()),
        well_now_by_doubt=well.estimate(one.now_by_doubt for one in well.counts.values()),
        costs=tuple(analyse.find_costs(well)),
        calibrated=analyse.calibrate(asking, groups),
        varied=varied,
    )


def _vary(
    asking: Asking, sample: Sample, swings: tuple[Swing, ...], steps: Iterator[Progress]
) -> Varied:
    figures = [swing.figure for swing in swings]
    extremes = measure_extremes(asking, sample, swings, next(steps))
    spreads = measure_spreads(asking, sample, figures, next(steps))
    return Varied(swings, spreads, *extremes)


def _split(progress: Progress, steps: int) -> Iterator[Progress]:
    """For each of some steps, what is to be told its progress."""
    for step in range(steps):
        yield _shift(progress, step, steps)


def _shift(progress: Progress, step: int, steps: int) -> Progress:
    def tell(share: float) -> None:
        progress((step + share) / steps)

    return tell
