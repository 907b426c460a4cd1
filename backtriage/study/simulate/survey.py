"""(Asking, who is drawn, other figures) -> how many people come out how, crowd by crowd."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from backtriage.study.simulate.asking import Asking, Said
from backtriage.study.simulate.chances import Crowd
from backtriage.study.simulate.count import Counts, Decided, Tallies, Tally, count_people
from backtriage.study.simulate.draw import Sample, draw
from backtriage.study.simulate.people import describe_missed
from backtriage.study.simulate.plan import Plan
from backtriage.study.simulate.population import Values
from backtriage.study.simulate.results import MissedPerson

MOST_MISSED = 3
"""How many of the missed of one cause are told in words."""

Progress = Callable[[float], None]
"""Is told now and then which share is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What came out, by id of the cause: counts, and some of those who are missed.

    `tallies` has what came out with each of the other values.
    """

    counts: Mapping[str, Counts]
    missed: Mapping[str, Sequence[MissedPerson]]
    tallies: Sequence[Tallies]


def ask_all(
    asking: Asking, sample: Sample, others: Sequence[Values], progress: Progress
) -> Surveyed:
    """Ask everybody with the figures of the file, and with each of some other values."""
    counts: dict[str, Counts] = defaultdict(Counts)
    missed: dict[str, list[MissedPerson]] = defaultdict(list)
    tallies: list[dict[str, Tally]] = [defaultdict(Tally) for _ in others]
    done = 0
    for plan, crowd in draw(asking, sample):
        name, said = plan.cause.id, asking.ask(plan, crowd, {})
        decided = Decided(asking, plan, crowd, said)
        here = count_people(asking, plan, crowd, said, decided)
        counts[name].add(here)
        most = MOST_MISSED - len(missed[name])
        if plan.cause.expected == "seek_care_now" and most > 0:
            those = decided.sign & ~decided.now
            missed[name] += describe_missed(asking, plan, crowd, said, those, most)
        for values, tally in zip(others, tallies, strict=True):
            is_touched = not plan.bearing.isdisjoint(values)
            again = count_again(asking, plan, crowd, values, said) if is_touched else here.tally
            tally[name].add(again)
        done += crowd.people
        progress(done / sample.patients)
    return Surveyed(counts, missed, tallies)


def count_again(
    asking: Asking, plan: Plan, crowd: Crowd, values: Values, before: Said | None = None
) -> Tally:
    """How many are sent now with these values; `before` as in `Asking.ask`."""
    said = asking.ask(plan, crowd, values, before)
    return Decided(asking, plan, crowd, said).count()
