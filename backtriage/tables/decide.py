"""(RuleSet, planes of many patients) -> what is decided of each, as `engine.Status` has it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from backtriage.model import RedFlag, RuleSet, Urgency
from backtriage.planes import compile_kernel
from backtriage.status import HOME_CARE, make_index, rank


@dataclass(frozen=True, slots=True)
class Order:
    """The red flags, the most urgent first, and the urgencies that there are, the least first."""

    flags: tuple[RedFlag, ...]
    levels: tuple[Urgency, ...]


@dataclass(frozen=True, slots=True)
class Flags:
    """Of each red flag, in the order of `Order`, the planes of those who have it, and of those in
    whom it is open; and of those for whom an emergency calls for an ambulance.
    """

    present: Sequence[int]
    open: Sequence[int]
    called: int


@dataclass(frozen=True, slots=True)
class Members:
    """Lists of red flags, one for each patient, behind each other.

    Those of number n are `flags[starts[n]:starts[n + 1]]`; a red flag is its place in `Order`.
    """

    starts: Any
    flags: Any


@dataclass(frozen=True, slots=True)
class Decided:
    """Levels as places in `Order.levels`, and how many patients have each red flag.

    `called` says for whom an emergency calls for an ambulance.
    """

    at_least: Any
    at_most: Any
    called: Any
    findings: Members
    unresolved: Members
    counts: Sequence[int]


@lru_cache(maxsize=8)
def find_order(rule_set: RuleSet) -> Order:
    """In which order the engine tells red flags, and which urgencies can come out."""
    index = make_index(rule_set)
    levels = (urgency for urgency, _ in reversed(index.levels))
    return Order(tuple(flag for flag, _ in index.ranked), (HOME_CARE, *levels))


def decide_many(rule_set: RuleSet, planes: Sequence[int], patients: int, sound: int) -> Decided:
    """Decide on all patients at once; only those in the plane `sound` are among the results."""
    flags = find_flags(rule_set, planes, patients, sound)
    at_least, at_most = find_levels(rule_set, flags, patients)
    kept = unpack_plane(sound, patients)
    return Decided(
        at_least=at_least[kept],
        at_most=at_most[kept],
        called=unpack_plane(flags.called, patients)[kept],
        findings=_list_members(flags.present, patients, kept),
        unresolved=_list_members(flags.open, patients, kept),
        counts=[plane.bit_count() for plane in flags.present],
    )


def find_flags(rule_set: RuleSet, planes: Sequence[int], patients: int, sound: int) -> Flags:
    """Which red flags all patients have at once; those outside of the plane `sound` have none."""
    outcomes = compile_kernel(rule_set).run((1 << patients) - 1, planes)
    places = [place for _, place in make_index(rule_set).ranked]
    return Flags(
        present=[sound & outcomes[place] for place in places],
        open=[sound & ~(outcomes[place] | outcomes[place + 1]) for place in places],
        called=outcomes[2 * len(places)] if rule_set.ambulance is not None else 0,
    )


def find_levels(rule_set: RuleSet, flags: Flags, patients: int) -> tuple[Any, Any]:
    """The least and the greatest urgency of each patient, as places in `Order.levels`."""
    order = find_order(rule_set)
    at_least = _find_levels(order, flags.present, patients)
    return at_least, np.maximum(at_least, _find_levels(order, flags.open, patients))


def unpack_plane(plane: int, patients: int) -> Any:
    """A plane as an array of truths, one for each patient."""
    octets = np.frombuffer(plane.to_bytes((patients + 7) // 8, "little"), np.uint8)
    return np.unpackbits(octets, count=patients, bitorder="little").view(np.bool_)


def pack_truths(truths: Any) -> int:
    """The plane of an array of truths."""
    return int.from_bytes(np.packbits(truths, bitorder="little").tobytes(), "little")


def _find_levels(order: Order, planes: Iterable[int], patients: int) -> Any:
    """The urgency of the most urgent red flag of each patient, home care where there is none."""
    by_level = [0] * len(order.levels)
    ranks = {rank(level): place for place, level in enumerate(order.levels)}
    for flag, plane in zip(order.flags, planes, strict=True):
        by_level[ranks[rank(flag)]] |= plane
    levels = np.full(patients, ranks[rank(HOME_CARE)], np.uint16)
    for level, plane in enumerate(by_level):
        if plane:
            levels[unpack_plane(plane, patients)] = level
    return levels


def _list_members(planes: Sequence[int], patients: int, kept: Any) -> Members:
    """The red flags whose planes have a patient, by patient; each is put behind those before it."""
    lengths = np.zeros(patients, np.int16)
    for plane in filter(None, planes):
        lengths += unpack_plane(plane, patients)
    free = np.cumsum(lengths, dtype=np.int32) - lengths
    flags = np.empty(int(lengths.sum()), np.int16)
    for place, plane in enumerate(planes):
        if plane:
            rows = np.flatnonzero(unpack_plane(plane, patients))
            flags[free[rows]] = place
            free[rows] += 1
    starts = np.concatenate([[0], np.cumsum(lengths[kept])]).astype(np.int32)
    return Members(starts, flags)
