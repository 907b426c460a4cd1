"""What came out of a simulation: frozen data, the same for text and JSON."""

from collections.abc import Mapping
from dataclasses import dataclass

from backtriage.model import AdviceId, RuleSet
from backtriage.study.decisions import Decision
from backtriage.study.intervals import Share
from backtriage.study.simulate.draw import Patient, Said
from backtriage.study.simulate.population import Cause, Figure, Population, StudyFlag


@dataclass(frozen=True, slots=True)
class SimulatedPerson:
    """A simulated patient: who it is, what was said, what was decided, and for how many of all comers it stands."""

    patient: Patient
    said: Said
    decision: Decision
    weight: float
    reports_sign: bool

    @property
    def now(self) -> bool:
        """Whether the advice is to seek care now."""
        return self.decision.advice == "seek_care_now"


@dataclass(frozen=True, slots=True)
class Sent:
    """How many of all comers get an advice with a deadline; an advice of None is still open."""

    advice: AdviceId | None
    within_days: int | None
    share: Share


@dataclass(frozen=True, slots=True)
class MissedPerson:
    """Somebody who should be told to seek care now, and is not: what was decided instead, by which red flag, if any."""

    advice: AdviceId | None
    within_days: int | None
    red_flag: str | None
    answers: str


@dataclass(frozen=True, slots=True)
class Caught:
    """Where the people with a cause are sent, all of them, and those who report a sign of it; `day` is within one."""

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
    """How many people without a serious cause have a red flag that says now, and how many have no other such."""

    red_flag: str
    present: Share
    alone: Share


@dataclass(frozen=True, slots=True)
class Calibrated:
    """How many of the study's flags people have."""

    setting: str
    any_flag: Share
    median: int
    quartiles: tuple[int, int]
    flags: tuple[tuple[StudyFlag, Share], ...]


@dataclass(frozen=True, slots=True)
class Measures:
    """What the figures are varied for: the share sent now, and of each cause that must be caught the share sent now.

    `caught` is of all people with the cause, `with_sign` of those who report a sign of it.
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
class Varied:
    """Every uncertain figure by itself; and all together, so that the fewest and the most are sent, and are caught."""

    swings: tuple[Swing, ...]
    fewest_now: Measures
    most_now: Measures
    least_caught: Measures
    most_caught: Measures


@dataclass(frozen=True, kw_only=True)
class Simulated:
    """Everything that came out."""

    rule_set: RuleSet
    population: Population
    setting: str
    seed: int
    people: tuple[SimulatedPerson, ...]
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
