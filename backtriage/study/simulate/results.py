"""What comes out of a simulation: frozen data, the same for text and JSON."""

from collections.abc import Mapping
from dataclasses import dataclass

from backtriage.model import AdviceId, RuleSet
from backtriage.study.intervals import Share
from backtriage.study.simulate.population import Cause, Figure, Population, StudyFlag

HOW = (
    "Rare causes were drawn more often than they are, and count less for it. Intervals are 95% "
    "(Wilson), with as many people as count alike (Kish). They say how much the draw of patients "
    "could differ, not how far the figures can be trusted: that is said where figures are varied."
)
"""What a reader has to know of every share that comes out."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How many of all comers get an advice with a deadline; an advice of None is still open."""

    advice: AdviceId | None
    within_days: int | None
    share: Share


@dataclass(frozen=True, slots=True)
class MissedPerson:
    """Somebody who should be told to seek care now, and is not.

    What was decided instead, by which red flag, if any, and the answers in words.
    """

    advice: AdviceId | None
    within_days: int | None
    red_flag: str | None
    answers: str


@dataclass(frozen=True, slots=True)
class Caught:
    """Where the people with a cause are sent: all of them, and those who report a sign of it.

    `of_all` is their share of all comers, `people` how many were drawn. `doctor` is any doctor, now
    or later, `with_sign` the share that reports a sign, `now_with_sign` and `day_with_sign` the
    shares of these who are sent now, and within a day. `missed` has some of those who are not.
    """

    cause: Cause
    of_all: float
    people: int
    now: Share
    doctor: Share
    home: Share
    with_sign: Share
    now_with_sign: Share
    day_with_sign: Share
    missed: tuple[MissedPerson, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """How many people without a serious cause have a red flag that says now.

    `present` is the share that has it, `alone` the share that has it and no other such.
    """

    red_flag: str
    present: Share
    alone: Share


@dataclass(frozen=True, slots=True)
class Calibrated:
    """How many of the study's flags people have, and how many have each."""

    setting: str
    any_flag: Share
    median: int
    quartiles: tuple[int, int]
    flags: tuple[tuple[StudyFlag, Share], ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """What the figures are varied for: shares that are sent now.

    `now` is of all comers; by each cause that must be caught, `caught` is of all people with it,
    and `with_sign` of those who report a sign of it.
    """

    now: float
    caught: Mapping[str, float]
    with_sign: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Swing:
    """What comes out with one figure at the least and at the most that it may be."""

    figure: Figure
    low: Measures
    high: Measures


@dataclass(frozen=True, slots=True)
class Spread:
    """How far a share is unknown because the figures are: 95 % of what comes out, and the middle.

    `error` is how far an end may be off by chance: its standard error, or that of the other if it
    is larger.
    """

    low: float
    median: float
    high: float
    error: float


@dataclass(frozen=True, slots=True)
class Spreads:
    """What comes out if all figures are drawn at random, as often as `draws` says.

    Each time the same `patients` are asked. The shares are those of `Measures`.
    """

    draws: int
    patients: int
    now: Spread
    caught: Mapping[str, Spread]
    with_sign: Mapping[str, Spread]


@dataclass(frozen=True, slots=True)
class Varied:
    """What comes out if figures are otherwise.

    Every uncertain one by itself; all of them drawn at random; and all at the one end or the other,
    so that the fewest and the most are sent now, and are caught.
    """

    swings: tuple[Swing, ...]
    spreads: Spreads
    fewest_now: Measures
    most_now: Measures
    least_caught: Measures
    most_caught: Measures


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """Everything that comes out.

    `now` is the share of all comers that is sent now, `by_guidance` the share that guidance sends
    now by itself (None if the population names no such red flags), `well_now` the share of people
    without a serious cause that is sent now, and `well_now_by_doubt` that of those only because
    they said "not sure". `varied` is None if no figures were varied.
    """

    rule_set: RuleSet
    population: Population
    setting: str
    seed: int
    patients: int
    measures: Measures
    now: Share
    by_guidance: Share | None
    sent: tuple[Sent, ...]
    caught: tuple[Caught, ...]
    well_now: Share
    well_now_by_doubt: Share
    costs: tuple[Cost, ...]
    calibrated: Calibrated
    varied: Varied | None
