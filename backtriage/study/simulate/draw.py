"""(Population, setting, seed) -> patients, cause by cause, in crowds that fit into memory."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np

from backtriage.study.simulate.asking import Asking, People
from backtriage.study.simulate.chances import Crowd, Span, draw_chances
from backtriage.study.simulate.population import Population

BATCH = 32_768
"""So many people are in hand at once; no result depends on how many."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Which patients are drawn: how many, of which seed, and at most how many at once."""

    patients: int
    seed: int
    batch: int = BATCH


def size_strata(population: Population, setting: str, patients: int) -> dict[str, int]:
    """How many patients are drawn of each cause, by id: a stratified sample.

    Half of all have the one cause that the rest have, and the others share the other half evenly:
    by their frequency hardly anybody would have the causes that must be caught.
    """
    causes = population.list_causes(setting)
    others = [cause for cause in causes if cause.shares]
    each = patients // 2 // len(others) if others else 0
    return {cause.id: each if cause.shares else patients - each * len(others) for cause in causes}


def compute_weights(
    population: Population, setting: str, sizes: Mapping[str, int]
) -> dict[str, float]:
    """For how many people each patient with a cause stands, if there are as many as patients."""
    patients = sum(sizes.values())
    return {
        name: population.get_share(population.causes[name], setting, {}) * patients / size
        for name, size in sizes.items()
    }


def draw(asking: Asking, sample: Sample) -> Iterator[People]:
    """Draw the patients, cause by cause, at most `sample.batch` of them at once.

    What a patient is like follows from the seed, the cause and the place in it alone. So whoever
    stands there is the same for every number of patients, and however many are drawn at once.
    """
    sizes = size_strata(asking.population, asking.setting, sample.patients)
    places = [(name, range(size)) for name, size in sizes.items()]
    for batch in _cut(places, sample.batch):
        rows = [
            draw_chances(f"{sample.seed}/{name}", place.start, len(place), asking.width)
            for name, place in batch
        ]
        ends = list(accumulate((len(place) for _, place in batch), initial=0))
        causes = {name: Span(*span) for (name, _), span in zip(batch, pairwise(ends), strict=True)}
        yield People(asking, Crowd(rows[0] if len(rows) == 1 else np.hstack(rows), causes))


def _cut(places: Iterable[tuple[str, range]], most: int) -> Iterator[list[tuple[str, range]]]:
    """The places of each cause in batches of at most so many, in order."""
    batch: list[tuple[str, range]] = []
    room = most
    for name, all_places in places:
        left = all_places
        while left:
            batch.append((name, left[:room]))
            left, room = left[room:], room - len(left[:room])
            if not room:
                yield batch
                batch, room = [], most
    if batch:
        yield batch
