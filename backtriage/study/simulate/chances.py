"""(seed, cause, place) -> chances of people, drawn with numpy; and who stands at a chance or above.

A chance is a whole number below WHOLE, straight from the bits of a generator whose bits numpy never
changes, and it is compared with whole numbers alone. So nothing depends on the machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from math import sqrt
from typing import Any, NamedTuple

import numpy as np

from backtriage.study.simulate.normal import compute_chance, find_score
from backtriage.tables.decide import pack_truths

WHOLE = 1 << 31
SEVERITY, DOUBT = 0, 1
"""The two traits of a patient: how bad the complaint is, and how readily "not sure" is said.

Each is also the place of the chance that it is made of.
"""
TRAITS = 2
_FINE, _FARTHEST = 128, 6
"""A trait has so many levels from one score to the next, up to the farthest score.

So the edges of each level are worked out once for all who have it. It moves the share of an answer
by less than 0.003 % of it.
"""
_LEVELS = np.arange(-_FARTHEST * _FINE, _FARTHEST * _FINE + 1) / _FINE
"""The scores that a trait can have."""
_STEP = 8
"""The generator makes so many chances at a step."""


@dataclass(frozen=True, slots=True)
class Chance:
    """One of the chances that each person has: its place among them, and its pull to a trait.

    It is pulled by a one-factor Gaussian copula. Over all people it is as evenly spread as without;
    but its normal score has this correlation with the trait, so that answers come together in the
    same people.
    """

    place: int
    correlation: float = 0.0
    trait: int = SEVERITY


def make_generator(name: str, step: int = 0) -> np.random.Philox:
    """The source of chance of this name, from some step on."""
    key = int.from_bytes(sha256(name.encode()).digest()[:16], "little")
    return np.random.Philox(key=key, counter=step)


def draw_chances(name: str, first: int, people: int, width: int) -> Any:
    """`width` rows of chances: each column is a person, the first of them number `first`.

    A person has the same chances whoever else is drawn.
    """
    steps = -(-width // _STEP)
    bits = make_generator(name, first * steps).random_raw(people * steps * _STEP // 2)
    halves = bits.astype("<u8", copy=False).view("<u4").reshape(people, steps * _STEP)
    rows = np.ascontiguousarray(halves.T[:width])
    rows >>= 1
    return rows


def find_edges(shares: Any, correlation: float, scores: Any) -> Any:
    """The least chances of the people who stand at these shares or above.

    A share has the part of all people below it; `scores` are those of the trait.
    """
    if correlation:
        own = sqrt(1 - correlation * correlation)
        shares = compute_chance((find_score(shares) - correlation * scores) / own)
    return np.rint(shares * WHOLE).astype(np.uint32)


@lru_cache(maxsize=4096)
def _find_edges_by_level(share: float, correlation: float) -> Any:
    return find_edges(np.asarray(share), correlation, _LEVELS)


class Span(NamedTuple):
    """People of a crowd who stand next to each other: the first, and the one behind the last."""

    start: int
    end: int

    @property
    def plane(self) -> int:
        """The plane of these people."""
        return ((1 << (self.end - self.start)) - 1) << self.start


class Crowd:
    """People with their chances, a column each; a plane has one bit for each of them.

    `causes` has the people with each cause, by its id.
    """

    def __init__(self, rows: Any, causes: Mapping[str, Span]) -> None:
        self._rows = rows
        self.causes = causes
        self.span = Span(0, rows.shape[1])
        self.people = rows.shape[1]
        self.all = self.span.plane
        scores = find_score((rows[:TRAITS] + 0.5) / WHOLE)
        levels = np.rint(scores * _FINE).astype(np.intp) + _FARTHEST * _FINE
        self._levels = np.clip(levels, 0, len(_LEVELS) - 1)
        self._above: dict[tuple[int, float, Span], int] = {}

    def find_above(self, chance: Chance, share: float, span: Span) -> int:
        """The plane of those of a span who stand at this share or above.

        It is kept, as it is asked for again and again.
        """
        if share <= 0 or share >= 1:
            return span.plane if share <= 0 else 0
        key = chance.place, share, span
        plane = self._above.get(key)
        if plane is None:
            edges = _find_edges_by_level(share, chance.correlation)
            if chance.correlation:
                edges = edges[self._levels[chance.trait, span.start : span.end]]
            is_above = self._rows[chance.place, span.start : span.end] >= edges
            plane = self._above[key] = pack_truths(is_above) << span.start
        return plane

    def check_above(self, chance: Chance, people: Any, shares: Any) -> Any:
        """Whether each of some people stands at a share of its own or above."""
        scores = _LEVELS[self._levels[chance.trait][people]]
        edges = find_edges(shares, chance.correlation, scores)
        return self._rows[chance.place][people] >= edges

    def keep_nothing(self) -> None:
        """Forget the planes that were kept: with many other figures they would fill the memory."""
        self._above.clear()
