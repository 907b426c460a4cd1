"""(what came out with figures at their ends) -> how much depends on each, and on all together."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from math import fsum

from backtriage.study.simulate.asking import Asking
from backtriage.study.simulate.count import Tallies, Tally
from backtriage.study.simulate.draw import Sample, draw
from backtriage.study.simulate.population import Figure, Population, Values
from backtriage.study.simulate.results import Measures, Swing
from backtriage.study.simulate.survey import Progress, add_tallies, count_again


def list_ends(figures: Iterable[Figure]) -> list[Values]:
    """Each figure at the least and at the most that it may be, the others as in the file."""
    return [{figure.id: end} for figure in figures for end in (figure.low, figure.high)]


def compute_swings(
    population: Population, setting: str, figures: Sequence[Figure], tallies: Sequence[Tallies]
) -> tuple[Swing, ...]:
    """How much depends on each figure; `tallies` are those of `list_ends`."""
    measures = [
        compute_measures(population, setting, tally, values)
        for values, tally in zip(list_ends(figures), tallies, strict=True)
    ]
    return tuple(map(Swing, figures, measures[::2], measures[1::2]))


def measure_extremes(
    asking: Asking, sample: Sample, swings: Sequence[Swing], progress: Progress
) -> tuple[Measures, ...]:
    """What comes out if all figures are at that end where, each by itself, a measure is lowest.

    That is so for the share that is sent now, at its lowest and its highest, and then for the
    shares that are caught.
    """
    aims: list[Callable[[Measures], float]] = [
        lambda measures: measures.now,
        lambda measures: -measures.now,
        _sum_of_caught,
        lambda measures: -_sum_of_caught(measures),
    ]
    runs = [_find_lowest(swings, aim) for aim in aims]
    tallies: list[dict[str, Tally]] = [defaultdict(Tally) for _ in runs]
    done = 0
    for people in draw(asking, sample):
        for values, tally in zip(runs, tallies, strict=True):
            add_tallies(tally, count_again(people, values))
        done += people.crowd.people
        progress(done / sample.patients)
    return tuple(
        compute_measures(asking.population, asking.setting, tally, values)
        for values, tally in zip(runs, tallies, strict=True)
    )


def _find_lowest(swings: Iterable[Swing], aim: Callable[[Measures], float]) -> Values:
    """Each figure at the end at which, by itself, the aim is lower."""
    return {
        swing.figure.id: swing.figure.low
        if aim(swing.low) <= aim(swing.high)
        else swing.figure.high
        for swing in swings
    }


def _sum_of_caught(measures: Measures) -> float:
    return fsum(measures.caught.values())


def compute_measures(
    population: Population, setting: str, tallies: Tallies, values: Values
) -> Measures:
    """What the tallies come to, if the causes are as frequent as the values say."""
    causes = [(population.causes[name], tally) for name, tally in tallies.items()]
    must_be_caught = [(cause.id, tally) for cause, tally in causes if cause.must_be_caught]
    return Measures(
        now=fsum(
            population.get_share(cause, setting, values) * tally.now / tally.people
            for cause, tally in causes
        ),
        caught={name: tally.now / tally.people for name, tally in must_be_caught},
        with_sign={
            name: tally.now_with_sign / tally.with_sign
            for name, tally in must_be_caught
            if tally.with_sign
        },
    )
