"""What comes out of an evaluation: frozen data, the same for text, JSON and HTML."""

from collections.abc import Mapping
from dataclasses import dataclass

from backtriage.model import AdviceId, RuleSet
from backtriage.study.evaluate.fields import Malformed
from backtriage.study.evaluate.patients import LabelledPatient
from backtriage.study.intervals import Share


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many of those who have something are told of it, and of the others how many are not.

    `open_with` and `open_without` count those who have it, and have it not, of whom it is still
    open what they are told; they are in neither share.
    """

    sensitivity: Share
    specificity: Share
    open_with: int
    open_without: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """How one way to decide does on the patients.

    `matrix` counts them by the right advice and the advice given, None where it is not settled. All
    shares but `unsettled` are of those who are settled.
    """

    name: str
    matrix: Mapping[tuple[AdviceId, AdviceId | None], int]
    unsettled: Share
    exact: Share
    under_by_one: Share
    under_by_two: Share
    over_by_one: Share
    over_by_two: Share
    by_advice: Mapping[AdviceId, Accuracy]
    by_suspicion: Mapping[str, Accuracy]


@dataclass(frozen=True, slots=True)
class Moves:
    """What another way to decide, which has the name, changes for the same patients.

    How many get more, less or the same urgency from it, how many of them come nearer to what is
    right or go farther from it, and how many are not settled in one of the two ways.
    """

    name: str
    more: int
    less: int
    same: int
    unsettled: int
    nearer: int
    farther: int


@dataclass(frozen=True, slots=True)
class MissedPatient:
    """A patient who got a less urgent advice than is right, by how many levels, and why.

    `present` are the red flags that the patient has, `absent` those for the diagnosis that would
    have been enough, and `answers` is what the patient answered, in words.
    """

    patient: LabelledPatient
    given: AdviceId
    levels: int
    present: tuple[str, ...]
    absent: tuple[str, ...]
    answers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """Everything that comes out; the first score is that of the rule set itself.

    `patients` and `simulated` are numbers, the second of those among the first. `unanswered` are
    the questions to which no patient has an answer, and `diagnoses` counts the patients by theirs.
    """

    rule_set: RuleSet
    patients: int
    simulated: int
    scores: tuple[Score, ...]
    moves: tuple[Moves, ...]
    missed: tuple[MissedPatient, ...]
    unsettled: tuple[LabelledPatient, ...]
    unanswered: tuple[str, ...]
    malformed: tuple[Malformed, ...]
    diagnoses: Mapping[str, int]

    @property
    def other_diagnoses(self) -> tuple[str, ...]:
        """Diagnoses that are no suspicion of the rule set, so that no red flag can name them."""
        return tuple(name for name in self.diagnoses if name not in self.rule_set.suspicions)
