"""Planes of patients -> how many they are, and how much they weigh; shares of such tallies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from backtriage.study.intervals import Share, estimate_share, estimate_share_by_sums
from backtriage.tables.decide import unpack_plane

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Tally:
    """Some patients: how many, the sum of their weights, and that of the squares of these."""

    people: int = 0
    weight: float = 0
    squares: float = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(
            self.people + other.people, self.weight + other.weight, self.squares + other.squares
        )


NOBODY = Tally()


class Scales:
    """Weighs the patients of a batch."""

    def __init__(self, weights: Any | None) -> None:
        """`weights` is None if all count as one."""
        self._weights = weights

    def count(self, plane: int) -> Tally:
        """How many the patients in a plane are, and how much they weigh."""
        people = plane.bit_count()
        if self._weights is None or not people:
            return Tally(people, people, people)
        weights = self._weights[unpack_plane(plane, len(self._weights))]
        return Tally(people, float(weights.sum()), float(np.square(weights).sum()))


def add_tallies(tallies: dict[_Key, Tally], more: Mapping[_Key, Tally]) -> None:
    """Add tallies to those by the same keys."""
    for key, tally in more.items():
        tallies[key] = tallies.get(key, NOBODY) + tally


def add_up(tallies: Iterable[Tally]) -> Tally:
    """One tally of all these patients."""
    return sum(tallies, NOBODY)


def estimate_tallied_share(hits: Tally, of: Tally) -> Share:
    """The share, by weight, that some patients are of others.

    The interval is that of as many people as count alike; where all weigh 1, these are the people.
    """
    if of.people == of.weight == of.squares:
        return estimate_share(hits.people, of.people)
    return estimate_share_by_sums(hits.weight, of.weight, of.squares)
