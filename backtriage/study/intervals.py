"""(how many, of how many) -> a share with its 95 % interval, by Wilson's score method."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

Z = 1.959963984540054
"""How many standard deviations hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of `of` people, with a 95 % interval; `value` is None, and the interval says nothing, if there are none.

    Of people who count differently `of` is the number of people who count alike that would tell as much.
    """

    value: float | None
    low: float
    high: float
    of: float

    def __str__(self) -> str:
        return (
            "-"
            if self.value is None
            else f"{describe_percent(self.value)} ({describe_percent(self.low)} to {describe_percent(self.high)})"
        )


def estimate_share(count: int, of: int) -> Share:
    """The share that `count` people are of `of`."""
    return _wilson(count / of, of) if of else Share(None, 0.0, 1.0, 0)


def estimate_weighted_share(people: Iterable[tuple[float, bool]]) -> Share:
    """The share of those for whom it is True, by weight; with as many people as Kish's effective sample size."""
    weights, squares, hits = 0.0, 0.0, 0.0
    for weight, hit in people:
        weights += weight
        squares += weight * weight
        hits += weight * hit
    return (
        _wilson(hits / weights, weights * weights / squares)
        if weights
        else Share(None, 0.0, 1.0, 0)
    )


def _wilson(value: float, of: float) -> Share:
    value = min(max(value, 0.0), 1.0)  # sums of weights are not exact
    middle = (value + Z * Z / (2 * of)) / (1 + Z * Z / of)
    reach = Z * math.sqrt(value * (1 - value) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    low = 0.0 if value == 0 else max(0.0, middle - reach)
    high = 1.0 if value == 1 else min(1.0, middle + reach)
    return Share(value, low, high, of)


def describe_percent(value: float) -> str:
    """A share in words: "12.5%", with more places where it is small."""
    shown = 100 * value
    return f"{shown:.1f}%" if shown >= 1 or shown == 0 else f"{shown:.2g}%"
