"""(Asking, who is drawn, other figures) -> how many people come out how, crowd by crowd."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from backtriage.study.simulate.asking import Asking, People, Said
from backtriage.study.simulate.count import Counts, Decided, Tallies, Tally, count_people
from backtriage.study.simulate.draw import Sample, draw
from backtriage.study.simulate.people import describe_missed
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
    population, done = asking.population, 0
    for people in draw(asking, sample):
        said = people.ask({})
        decided = Decided(people, said)
        here = count_people(people, said, decided)
        for name, span in people.crowd.causes.items():
            counts[name].add(here[name])
            most = MOST_MISSED - len(missed[name])
            if population.causes[name].expected == "seek_care_now" and most > 0:
                those = decided.sign & ~decided.now & span.plane
                missed[name] += describe_missed(people, said, those, most)
        for values, tally in zip(others, tallies, strict=True):
            again = decided.count()
            if any(not asking.plans[name].bearing.isdisjoint(values) for name in again):
                again = count_again(people, values, said)
            add_tallies(tally, again)
        done += people.crowd.people
        progress(done / sample.patients)
    return Surveyed(counts, missed, tallies)


def count_again(people: People, values: Values, before: Said | None = None) -> dict[str, Tally]:
    """By cause how many are sent now with these values; `before` as in `People.ask`."""
    return Decided(people, people.ask(values, before)).count()


def add_tallies(tallies: dict[str, Tally], others: Tallies) -> None:
    """Count other people in."""
    for name, tally in others.items():
        tallies[name].add(tally)
