"""(distribution, shares) -> which part of all people gives which answer.

All people stand in a row by their answer, the least worrying first: no before yes, and options and
bands in the order of the file. A chance, from 0 up to 1, is a place in that row.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate, pairwise
from math import ceil
from typing import Any, TypeVar, assert_never

from backtriage.model import Value
from backtriage.study.simulate.population import Bands, Distribution, Options, YesOrNo

AnyNumber = TypeVar("AnyNumber", float, Any)

Part = tuple[float, float]
"""People who stand next to each other in a row of all: from the first chance up to the second."""


def find_starts(distribution: Distribution, shares: Sequence[float]) -> list[float]:
    """The chance from which on each answer of a distribution is given, and 1 behind the last.

    `shares` are those of its figures; if there is one for each answer, they are scaled to sum up
    to 1.
    """
    if isinstance(distribution, YesOrNo):
        return [0.0, 1 - shares[0], 1.0]
    sums = list(accumulate(shares, initial=0.0))
    return [below / sums[-1] for below in sums]


@lru_cache(maxsize=1024)
def find_parts(
    distribution: Distribution, shares: tuple[float, ...], marks: tuple[Value, ...]
) -> list[list[Part]]:
    """For each mark the parts of the row that give an answer with it, in the order of the row.

    A mark is an answer; of a number it is a bound, and that number or a higher one has it.
    """
    starts = find_starts(distribution, shares)
    return [_join_parts(distribution, starts, mark) for mark in marks]


def _join_parts(distribution: Distribution, starts: Sequence[float], mark: Value) -> list[Part]:
    parts: list[Part] = []
    for place, (start, end) in enumerate(pairwise(starts)):
        first = _find_first(distribution, place, start, end, mark)
        if first is not None and parts and parts[-1][1] == first:
            parts[-1] = (parts[-1][0], end)
        elif first is not None:
            parts.append((first, end))
    return parts


def _find_first(
    distribution: Distribution, place: int, start: float, end: float, mark: Value
) -> float | None:
    """From where on an answer has a mark, within its own part of the row; None if it never has."""
    match distribution:
        case YesOrNo():
            return start if mark == ("no", "yes")[place] else None
        case Options(options):
            return start if mark == options[place][0] else None
        case Bands(bands):
            low, high, _ = bands[place]
            bound = max(ceil(mark), low)  # type: ignore[arg-type]  # of a number it is one
            return place_number(low, high, start, end, bound) if bound < high else None
        case _:
            assert_never(distribution)


def place_number(low: float, high: float, start: float, end: float, number: AnyNumber) -> AnyNumber:
    """From where on the people of a band, who are from `start` to `end`, have `number` or more.

    They are evenly spread from `low` up to `high`; they say whole numbers, rounded down. `number`
    is within the band; it can be an array of numpy too.
    """
    return start + (end - start) * ((number - low) / (high - low))
