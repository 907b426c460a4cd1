"""What population.yaml says, as frozen data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import fsum
from typing import assert_never

from backtriage.model import AdviceId, Condition

Values = Mapping[str, float]
"""By id of the figure: the share that counts instead of the one in the file."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a figure rests on: how far it is to be trusted, ids of sources, and a note."""

    tag: str
    sources: tuple[str, ...]
    note: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A share with the least and the most that it may be; `id` says where it stands in the file."""

    id: str
    share: float
    low: float
    high: float
    basis: Basis

    def get_share(self, values: Values) -> float:
        """The share, if the values do not say otherwise."""
        return values.get(self.id, self.share)

    @property
    def uncertain(self) -> bool:
        """Whether it has a range."""
        return self.low < self.high


# Without eq they are hashed by identity, which is quick: what follows from them is kept.
@dataclass(frozen=True, eq=False)
class YesOrNo:
    """How many say yes."""

    yes: Figure


@dataclass(frozen=True, eq=False)
class Options:
    """How many choose each option."""

    options: tuple[tuple[str, Figure], ...]


@dataclass(frozen=True, eq=False)
class Bands:
    """How many give a number from the first up to, but not including, the second."""

    bands: tuple[tuple[float, float, Figure], ...]


Distribution = YesOrNo | Options | Bands


def list_figures(distribution: Distribution) -> Iterator[Figure]:
    """The figures that a distribution is made of."""
    match distribution:
        case YesOrNo(yes):
            yield yes
        case Options(options):
            yield from (figure for _, figure in options)
        case Bands(bands):
            yield from (figure for _, _, figure in bands)
        case _:
            assert_never(distribution)


@dataclass(frozen=True, slots=True)
class AnswerModel:
    """How one question is answered.

    The first of `where` whose condition holds counts instead of `otherwise`. `severity` is the
    correlation with how bad the complaint is, and `unsure` how often "not sure" is answered, if not
    as often as to other questions.
    """

    question: str
    otherwise: Distribution
    where: tuple[tuple[Condition, Distribution], ...]
    severity: float
    unsure: Figure | None

    @property
    def distributions(self) -> tuple[Distribution, ...]:
        """Those of `where`, and then `otherwise`."""
        return *(distribution for _, distribution in self.where), self.otherwise

    def list_figures(self) -> Iterator[Figure]:
        """The figures that bear on the answer itself."""
        for distribution in self.distributions:
            yield from list_figures(distribution)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """A cause of the pain, as the file says.

    `shares` is its share of all comers by setting, and empty for the one cause that the rest have.
    """

    id: str
    label: str
    suspect: str | None
    serious: bool
    expected: AdviceId
    must_be_caught: bool
    shares: Mapping[str, Figure]
    signs: Condition | None
    answers: Mapping[str, AnswerModel]

    @property
    def diagnosis(self) -> str:
        """The suspicion that fits, or else its own id."""
        return self.suspect or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where people come to, and how they answer otherwise there, by question.

    `causes_as` is the setting whose shares of causes hold here, mostly this one.
    """

    id: str
    label: str
    causes_as: str
    answers: Mapping[str, AnswerModel]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFlag:
    """A red flag of the study: a condition on the answers, or a figure if no question asks it."""

    id: str
    label: str
    when: Condition | None
    figure: Figure | None
    severity: float
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A study whose share of people with any red flag should come out."""

    setting: str
    source: str
    any_flag: float
    median: float
    quartiles: tuple[float, float]
    flags: tuple[StudyFlag, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The share of all comers that should be sent now at most.

    `by_guidance` are red flags that guidance sends now by themselves, and `note` says which.
    """

    now_at_most: float
    by_guidance: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """Everything that population.yaml says; `hash` is the SHA-256 of the file, in hex.

    `unsure` is how many say "not sure", `after_check` how many of these still do after a check;
    None: no question has one.
    """

    file: str
    hash: str
    note: str
    settings: Mapping[str, Setting]
    unsure: Figure
    after_check: Figure | None
    clustering: float
    answers: Mapping[str, AnswerModel]
    causes: Mapping[str, Cause]
    target: Target | None
    calibration: Calibration

    def get_share(self, cause: Cause, setting: str, values: Values) -> float:
        """The share of all comers in a setting that has a cause."""
        if not cause.shares:  # the rest have it
            others = (other for other in self.causes.values() if other.shares)
            return 1 - fsum(self.get_share(other, setting, values) for other in others)
        figure = self._find_share(cause, setting)
        return 0.0 if figure is None else figure.get_share(values)

    def _find_share(self, cause: Cause, setting: str) -> Figure | None:
        return cause.shares.get(self.settings[setting].causes_as)

    def get_unsure(self, model: AnswerModel) -> Figure:
        """How often "not sure" is answered to a question."""
        return model.unsure or self.unsure

    def list_conditions(self) -> Iterator[Condition]:
        """All conditions on answers."""
        settings = [setting.answers for setting in self.settings.values()]
        for answers in (self.answers, *settings, *(one.answers for one in self.causes.values())):
            for model in answers.values():
                yield from (when for when, _ in model.where)
        conditions = [cause.signs for cause in self.causes.values()]
        conditions += [flag.when for flag in self.calibration.flags]
        yield from (condition for condition in conditions if condition is not None)

    def list_causes(self, setting: str) -> list[Cause]:
        """The causes that there are in a setting."""
        return [
            cause
            for cause in self.causes.values()
            if not cause.shares or self._find_share(cause, setting) is not None
        ]

    def list_models(self, setting: str, cause: Cause) -> tuple[AnswerModel, ...]:
        """How people with a cause answer in a setting, each question once, in the order of drawing.

        What the cause says counts before what the setting says, and that before what all answer.
        """
        return tuple({**self.answers, **self.settings[setting].answers, **cause.answers}.values())

    def list_uncertain(self, setting: str) -> dict[str, Figure]:
        """Every figure with a range that bears on what comes out in a setting, by id."""
        causes = self.list_causes(setting)
        shares = [self._find_share(cause, setting) for cause in causes]
        doubts = [self.unsure] if self.after_check is None else [self.unsure, self.after_check]
        figures = [*doubts, *(share for share in shares if share is not None)]
        for cause in causes:
            for model in self.list_models(setting, cause):
                figures += [*model.list_figures(), self.get_unsure(model)]
        return {figure.id: figure for figure in figures if figure.uncertain}
