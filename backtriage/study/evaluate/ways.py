"""Ways to decide: (a batch, the patients of it that count) -> planes of what each is told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TypeAlias

import numpy as np

from backtriage.model import ADVICES, AdviceId, RuleSet
from backtriage.tables.decide import Flags, find_flags, find_levels, find_order, pack_truths

Given: TypeAlias = Mapping[AdviceId | None, int]
"""The plane of those who get each advice; None has those who are not settled."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a way makes of the patients of a batch: advice, and suspicions by their planes.

    `raised` has those in whom a red flag for the suspicion is present, and `open` those in whom
    none is, but one may be.
    """

    given: Given
    raised: Mapping[str, int]
    open: Mapping[str, int]


def decide_by_rules(
    rule_set: RuleSet, planes: Sequence[int], patients: int, sound: int
) -> tuple[Told, Flags]:
    """What a rule set makes of those in the plane `sound`, and the red flags that they have."""
    flags = find_flags(rule_set, planes, patients, sound)
    levels = find_order(rule_set).levels
    places = np.array([ADVICES.index(level.advice) for level in levels])
    low, high = (places[level] for level in find_levels(rule_set, flags, patients))
    given: dict[AdviceId | None, int] = {
        advice: sound & pack_truths((low == place) & (high == place))
        for place, advice in enumerate(ADVICES)
    }
    given[None] = sound & pack_truths(low != high)
    present = _join_by_suspicion(rule_set, flags.present)
    may_be = _join_by_suspicion(rule_set, flags.open)
    open_ = {suspicion: plane & ~present[suspicion] for suspicion, plane in may_be.items()}
    return Told(given, present, open_), flags


def decide_by_any_red_flag(flags: Flags, sound: int) -> Told:
    """What the plainest rule makes of them: any red flag at all is an emergency.

    The suspicions are those of the rule set, so they are left out: once is enough.
    """
    present, open_ = reduce(or_, flags.present, 0), reduce(or_, flags.open, 0)
    given: dict[AdviceId | None, int] = {
        "seek_care_now": present,
        "see_doctor_soon": 0,
        "home_care": sound & ~present & ~open_,
        None: open_ & ~present,
    }
    return Told(given, {}, {})


def _join_by_suspicion(rule_set: RuleSet, planes: Sequence[int]) -> dict[str, int]:
    """In whom one of the red flags for each suspicion is."""
    joined = dict.fromkeys(rule_set.suspicions, 0)
    for flag, plane in zip(find_order(rule_set).flags, planes, strict=True):
        joined[flag.suspect] = joined.get(flag.suspect, 0) | plane
    return joined
