"""How many of how many -> the share that they are, with its 95 % interval and in words.

The interval is Wilson's: it stays within 0 and 1, and says something even of nobody or all of few
people, where the usual one (the share, plus and minus two standard errors) has no width at all.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

Z = 1.959963984540054
"""How many standard deviations hold 95 % of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of `of` people, 0 to 1, with the ends of its 95 % interval.

    If there are no people, `value` is None and the interval is all that there can be. Of people who
    count differently `of` is the number of people who count alike that would tell as much.
    """

    value: float | None
    low: float
    high: float
    of: float

    def __str__(self) -> str:
        if self.value is None:
            return "-"
        low, high = describe_percent(self.low), describe_percent(self.high)
        return f"{describe_percent(self.value)} ({low} to {high})"


_OF_NOBODY = Share(None, 0.0, 1.0, 0)


def estimate_share(count: int, of: int) -> Share:
    """The share that `count` people are of `of`."""
    return _share_by_wilson(count / of, of) if of else _OF_NOBODY


def estimate_weighted_share(groups: Iterable[tuple[float, int, int]]) -> Share:
    """The share, by weight, of those for whom something is so.

    Each group has a weight that all in it have, how many they are, and for how many it is so. The
    interval is that of as many people as count alike by Kish's effective sample size.
    """
    known = list(groups)
    return estimate_share_by_sums(
        hits=math.fsum(weight * hit for weight, _, hit in known),
        weights=math.fsum(weight * people for weight, people, _ in known),
        squares=math.fsum(weight * weight * people for weight, people, _ in known),
    )


def estimate_share_by_sums(hits: float, weights: float, squares: float) -> Share:
    """The same from sums of weights: of those for whom it is so, of all, and of their squares.

    The effective sample size is Kish's (Survey Sampling, 1965). Wilson's interval with such a size
    is what Franco et al. recommend for surveys (J Surv Stat Methodol 2019, PMC6690503).
    """
    if not weights:
        return _OF_NOBODY
    return _share_by_wilson(hits / weights, weights * weights / squares)


def _share_by_wilson(value: float, of: float) -> Share:
    value = min(max(value, 0.0), 1.0)  # sums of weights are not exact
    middle = (value + Z * Z / (2 * of)) / (1 + Z * Z / of)
    reach = Z * math.sqrt(value * (1 - value) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    # At the two ends the formula gives 0 and 1 but for rounding, so they are written down.
    low = 0.0 if value == 0 else max(0.0, middle - reach)
    high = 1.0 if value == 1 else min(1.0, middle + reach)
    return Share(value, low, high, of)


def describe_percent(value: float) -> str:
    """A share from 0 to 1 in words: "12.5%", and below 1 % with two digits that count: "0.043%"."""
    percent = 100 * value
    return f"{percent:.1f}%" if percent >= 1 or percent == 0 else f"{percent:.2g}%"


def build_share_data(share: Share) -> dict[str, float | None]:
    """A share with its interval as plain data."""
    return {"value": share.value, "low": share.low, "high": share.high, "of": share.of}
