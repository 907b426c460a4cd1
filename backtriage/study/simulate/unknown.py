"""(figures with ranges, patients) -> how far the results are unknown, because the figures are.

All figures are drawn at random, many times, and each time the same patients are asked. So what
comes out differs by the figures alone: with more patients an interval gets sharper, not narrower.
That each figure is drawn by itself is an assumption. If many of them are wrong in the same
direction, what is unknown is more than is told; the ends of all ranges at once are the limit.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import fsum, sqrt

from backtriage.study.simulate.asking import Asking
from backtriage.study.simulate.chances import make_generator
from backtriage.study.simulate.count import Tallies, Tally
from backtriage.study.simulate.draw import Sample, draw
from backtriage.study.simulate.population import Figure, Values
from backtriage.study.simulate.results import Spread, Spreads
from backtriage.study.simulate.survey import Progress, add_tallies, count_again
from backtriage.study.simulate.vary import compute_measures

DRAWS = 400
"""So often all figures are drawn."""
MOST_ASKED = 100_000
"""At most so many patients are asked each time: more would take long and show nothing more."""
_TAIL = 0.025
_BITS = 53

_Off = tuple[float, float]
"""A share, and how far it may be off as only so many patients are asked: its standard error."""


def draw_values(figures: Iterable[Figure], seed: int) -> list[dict[str, float]]:
    """All figures drawn at random, DRAWS times; each figure is drawn by itself.

    It is as likely below what the file says as above. The further off, the less likely it is: its
    density falls evenly to nothing at the least and at the most that it may be.
    """
    drawn: list[dict[str, float]] = [{} for _ in range(DRAWS)]
    for figure in figures:
        bits = make_generator(f"{seed}/figures/{figure.id}").random_raw(DRAWS)
        for values, number in zip(drawn, bits.tolist(), strict=True):
            values[figure.id] = place_figure(figure, (number >> (64 - _BITS)) / (1 << _BITS))
    return drawn


def place_figure(figure: Figure, chance: float) -> float:
    """The value below which the figure is with this chance."""
    if chance < 0.5:
        return figure.low + (figure.share - figure.low) * sqrt(2 * chance)
    above = figure.high - (figure.high - figure.share) * sqrt(2 * (1 - chance))
    return max(figure.share, above)  # of a tiny share, rounding would leave nothing


def measure_spreads(
    asking: Asking, sample: Sample, figures: Iterable[Figure], progress: Progress
) -> Spreads:
    """What comes out with all figures drawn at random."""
    asked = Sample(min(sample.patients, MOST_ASKED), sample.seed, sample.batch)
    crowds = list(draw(asking, asked))
    drawn: list[_Off] = []
    caught: dict[str, list[_Off]] = defaultdict(list)
    with_sign: dict[str, list[_Off]] = defaultdict(list)
    for number, values in enumerate(draw_values(figures, sample.seed), 1):
        tallies: dict[str, Tally] = defaultdict(Tally)
        for people in crowds:
            add_tallies(tallies, count_again(people, values))
            people.keep_nothing()
        measures = compute_measures(asking.population, asking.setting, tallies, values)
        drawn.append((measures.now, _find_error_of_now(asking, tallies, values)))
        for name, share in measures.caught.items():
            tally = tallies[name]
            caught[name].append((share, sqrt(_find_variance(tally.now, tally.people))))
        for name, share in measures.with_sign.items():
            tally = tallies[name]
            error = sqrt(_find_variance(tally.now_with_sign, tally.with_sign))
            with_sign[name].append((share, error))
        progress(number / DRAWS)
    return Spreads(
        draws=DRAWS,
        patients=asked.patients,
        now=find_spread(drawn),
        caught={name: find_spread(offs) for name, offs in caught.items()},
        with_sign={name: find_spread(offs) for name, offs in with_sign.items()},
    )


def _find_error_of_now(asking: Asking, tallies: Tallies, values: Values) -> float:
    """The standard error of the share that is sent now: that of each cause, by its frequency."""
    population, setting = asking.population, asking.setting
    parts = []
    for name, tally in tallies.items():
        share = population.get_share(population.causes[name], setting, values)
        parts.append(share * share * _find_variance(tally.now, tally.people))
    return sqrt(fsum(parts))


def _find_variance(count: int, of: int) -> float:
    """That of a share of people drawn; of nobody or all of them a little too (Laplace)."""
    share = (count + 1) / (of + 2)
    return share * (1 - share) / (of + 2)


def find_spread(offs: Sequence[_Off]) -> Spread:
    """95 % of what came out, and how far its ends may be off.

    An end is off by chance as only so many patients are asked, and as figures are drawn only so
    often: by as many places in the order of all draws as the number beyond an end varies.
    """
    in_order = sorted(offs)
    last = len(in_order) - 1
    end = round(_TAIL * last)
    reach = max(1, round(sqrt(len(in_order) * _TAIL * (1 - _TAIL))))
    errors = []
    for place in (end, last - end):
        by_patients = in_order[place][1]
        above, below = in_order[min(place + reach, last)], in_order[max(place - reach, 0)]
        by_draws = (above[0] - below[0]) / 2
        errors.append(sqrt(by_patients * by_patients + by_draws * by_draws))
    return Spread(
        low=in_order[end][0],
        median=in_order[last // 2][0],
        high=in_order[last - end][0],
        error=max(errors),
    )
