"""Counts of people by cause -> where they are sent, who is caught, which red flags cost most."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from backtriage.model import ADVICES
from backtriage.study.intervals import Share, estimate_share, estimate_weighted_share
from backtriage.study.simulate.asking import Asking
from backtriage.study.simulate.count import Counts, Told
from backtriage.study.simulate.population import Population
from backtriage.study.simulate.results import Calibrated, Caught, Cost, MissedPerson, Sent


@dataclass(frozen=True, slots=True)
class Groups:
    """The people of each cause: for how many comers each of them stands, and the counts."""

    weights: Mapping[str, float]
    counts: Mapping[str, Counts]

    def keep_well(self, population: Population) -> "Groups":
        """Those without a serious cause."""
        well = {
            name: one for name, one in self.counts.items() if not population.causes[name].serious
        }
        return Groups(self.weights, well)

    def estimate(self, counts: Iterable[int]) -> Share:
        """The share of all comers of those who are counted: how many of each cause, in order."""
        groups = zip(self.counts.items(), counts, strict=True)
        return estimate_weighted_share(
            (self.weights[name], one.tally.people, count) for (name, one), count in groups
        )


def count_sent(groups: Groups) -> Iterator[Sent]:
    """The share of all comers by advice and deadline, the most urgent first."""
    for told in sorted({told for one in groups.counts.values() for told in one.told}, key=_urgency):
        advice, days = told
        yield Sent(advice, days, groups.estimate(one.told[told] for one in groups.counts.values()))


def _urgency(told: Told) -> tuple[int, int]:
    advice, days = told
    return -ADVICES.index(advice) if advice else 1, days or 0


def count_caught(
    asking: Asking, groups: Groups, missed: Mapping[str, Sequence[MissedPerson]]
) -> Iterator[Caught]:
    """For each cause that there is in the setting, where the people with it are sent."""
    for cause in asking.population.list_causes(asking.setting):
        counts = groups.counts[cause.id]
        tally, told = counts.tally, counts.told
        soon = sum(told[one] for one in told if one[0] == "see_doctor_soon")
        home = sum(told[one] for one in told if one[0] == "home_care")
        day = sum(counts.told_with_sign[one] for one in told if one[1] is not None and one[1] <= 1)
        # Everybody with one cause counts alike, so these shares need no weights.
        yield Caught(
            cause=cause,
            of_all=asking.population.get_share(cause, asking.setting, {}),
            people=tally.people,
            now=estimate_share(tally.now, tally.people),
            doctor=estimate_share(tally.now + soon, tally.people),
            home=estimate_share(home, tally.people),
            with_sign=estimate_share(tally.with_sign, tally.people),
            now_with_sign=estimate_share(tally.now_with_sign, tally.with_sign),
            day_with_sign=estimate_share(day, tally.with_sign),
            missed=tuple(missed[cause.id]),
        )


def find_costs(well: Groups) -> list[Cost]:
    """Red flags that say now in people without a serious cause.

    Those that alone decide in most of these people come first.
    """
    names = sorted({name for one in well.counts.values() for name in one.present})
    costs = [
        Cost(
            red_flag=name,
            present=well.estimate(one.present[name] for one in well.counts.values()),
            alone=well.estimate(one.alone[name] for one in well.counts.values()),
        )
        for name in names
    ]
    return sorted(costs, key=_most_costly_first)


def _most_costly_first(cost: Cost) -> tuple[float, float]:
    return -(cost.alone.value or 0), -(cost.present.value or 0)


def calibrate(asking: Asking, groups: Groups) -> Calibrated:
    """How many of the study's flags people have, whether or not our questions were asked."""
    flags = asking.population.calibration.flags
    shares = [
        groups.estimate(one.flags[place] for one in groups.counts.values())
        for place in range(len(flags))
    ]
    numbers = [
        fsum(groups.weights[name] * one.numbers[number] for name, one in groups.counts.items())
        for number in range(len(flags) + 1)
    ]
    return Calibrated(
        setting=asking.setting,
        any_flag=groups.estimate(
            one.tally.people - one.numbers[0] for one in groups.counts.values()
        ),
        median=_find_quantile(numbers, 0.5),
        quartiles=(_find_quantile(numbers, 0.25), _find_quantile(numbers, 0.75)),
        flags=tuple(zip(flags, shares, strict=True)),
    )


def _find_quantile(weights: Sequence[float], share: float) -> int:
    """The least number that this share of the people do not exceed, by the weight of each."""
    below, total = 0.0, fsum(weights)
    for number, weight in enumerate(weights):
        below += weight
        if below >= share * total:
            return number
    return len(weights) - 1
