"""The normal distribution: score -> chance of less, and back.

It is made of +, -, * and / alone, each of which every machine rounds in the same way; the last
digit of exp and log differs from one to the next, and a patient could then answer otherwise there.
"""

from typing import Any

import numpy as np

_REACH = 8.5
"""Beyond this score nobody stands: the chance of it is below 1e-16."""
_STEPS = 1024
"""So many lines are the curve between one score and the next; off by less than 3e-8."""


def _exp_of_minus(exponents: Any) -> Any:
    """exp(-x) for x from 0 up to 50, by the series of exp(x / 128)."""
    small = exponents / 128
    term = total = np.ones_like(small)
    for number in range(1, 15):
        term = term * small / number
        total = total + term
    for _ in range(7):
        total = total * total
    return 1 / total


def _make_table() -> Any:
    """The chance of less than each score from -_REACH to 0: the density summed up, by Simpson."""
    scores = np.arange(-2 * _STEPS * _REACH, 1) / (2 * _STEPS)
    density = _exp_of_minus(scores * scores / 2)
    areas = density[:-2:2] + 4 * density[1:-1:2] + density[2::2]
    sums = np.concatenate([[0.0], np.cumsum(areas)])
    return sums / (2 * sums[-1])


_TABLE = _make_table()


def compute_chance(scores: Any) -> Any:
    """The chance that a standard normal number is less; never less for a higher score."""
    position = (_REACH - np.minimum(np.abs(scores), _REACH)) * _STEPS
    place = np.minimum(position.astype(np.int64), len(_TABLE) - 2)
    below, above = _TABLE[place], _TABLE[place + 1]
    tail = np.minimum(below + (above - below) * (position - place), above)
    return np.where(scores > 0, 1 - tail, tail)


def find_score(chances: Any) -> Any:
    """The score of which `compute_chance` makes this chance; never lower for a higher chance."""
    tail = np.minimum(chances, 1 - chances)
    place = np.minimum(np.searchsorted(_TABLE, tail, "right") - 1, len(_TABLE) - 2)
    below, above = _TABLE[place], _TABLE[place + 1]
    within = np.minimum((tail - below) / (above - below), 1.0)
    score = (place + within) / _STEPS - _REACH
    return np.where(chances > 0.5, -score, score)
