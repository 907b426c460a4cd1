"""What comes out of an evaluation: frozen data, the same for text, JSON and HTML."""

from collections.abc import Mapping
from dataclasses import dataclass

from backtriage.errors import Issue
from backtriage.model import AdviceId, Answer, RuleSet
from backtriage.study.intervals import Share


@dataclass(frozen=True, slots=True)
class Malformed:
    """A row that cannot be used, with all that is wrong with it; `file` where there are several."""

    row: int
    issues: tuple[Issue, ...]
    file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledPatient:
    """A patient whose right advice is known, and in which row it stands; where there are several
    files, also of which.
    """

    file: str | None
    row: int
    id: str | None
    expected: AdviceId
    diagnosis: str | None


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

    `matrix` counts them by the right advice and the advice given, None where it is not settled, and
    `weights` has the sums of their weights. All shares are by weight, and all but `unsettled` are
    of those who are settled.
    """

    name: str
    matrix: Mapping[tuple[AdviceId, AdviceId | None], int]
    weights: Mapping[tuple[AdviceId, AdviceId | None], float]
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
    right or go farther from it, and how many are not settled in one of the two ways; all are counts
    of people.
    """

    name: str
    more: int
    less: int
    same: int
    unsettled: int
    nearer: int
    farther: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedPatient:
    """A patient who got a less urgent advice than is right, by how many levels, and why.

    `present` are the red flags that the patient has, `absent` those for the diagnosis that would
    have been enough, and `in_words` is what the patient answered.
    """

    patient: LabelledPatient
    given: AdviceId
    levels: int
    present: tuple[str, ...]
    absent: tuple[str, ...]
    answers: Mapping[str, Answer]
    in_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """Everything that comes out; the first score is that of the rule set itself.

    `patients` are all that could be used; `simulated` and `by_weight` are how many of them are so,
    and count so. `missed`, `unsettled` and `malformed` have the first of those of whom
    `missed_patients`, `unsettled_patients` and `malformed_rows` count all. `missed_by_diagnosis`
    counts the missed by suspicion, None for no such diagnosis. `unanswered` are the questions to
    which none of the patients has an answer, and none of them where there are no patients. `hints`
    are ways out for malformed rows, with how many of these have each. `ignored` are the columns
    without a use, `has_unused_weights` says that there is a column called weight by which nobody
    counts, and `diagnoses` counts the patients by theirs, but for `more_diagnoses` whose diagnosis
    is one of very many others.
    """

    rule_set: RuleSet
    patients: int
    simulated: int
    by_weight: int
    scores: tuple[Score, ...]
    moves: tuple[Moves, ...]
    missed: tuple[MissedPatient, ...]
    missed_patients: int
    missed_by_diagnosis: Mapping[str | None, int]
    unsettled: tuple[LabelledPatient, ...]
    unsettled_patients: int
    unanswered: tuple[str, ...]
    ignored: tuple[str, ...]
    has_unused_weights: bool
    malformed: tuple[Malformed, ...]
    malformed_rows: int
    hints: Mapping[str, int]
    diagnoses: Mapping[str, int]
    more_diagnoses: int

    @property
    def other_diagnoses(self) -> tuple[str, ...]:
        """Diagnoses that are no suspicion of the rule set, so that no red flag can name them."""
        return tuple(name for name in self.diagnoses if name not in self.rule_set.suspicions)
