"""population.yaml -> its shape: which keys there are and what stands under them.

What needs the rule set (questions, conditions, sources) is checked in `population_reader`.
"""

from typing import Annotated, Literal, TypeGuard

from pydantic import BeforeValidator, Field, StrictBool
from pydantic import WithJsonSchema as Schema
from pydantic_core import PydanticCustomError

from backtriage.loader.shapes import ConditionYaml, Id, Quantity, Shape, Text

Tag = Literal["S", "2nd", "M", "M?", "D", "A"]
"""How far a figure is to be trusted, as in the evidence file.

S seen in the source; 2nd seen in a page about it; M from memory, well known; M? from memory,
unsure; D derived from other figures; A assumed.
"""


def _amount(value: object) -> object:
    """A share, or [share, low, high] -> the three of them."""
    given = value if isinstance(value, list) else [value] * 3
    numbers = [float(part) for part in given if _is_number(part)]
    if len(given) != 3 or len(numbers) != 3:
        raise PydanticCustomError("quantity", "write a share such as 0.02, or [share, low, high]")
    share, low, high = numbers
    if not 0 <= low <= share <= high <= 1:
        message = "shares are from 0 to 1, the first not below low and not above high"
        raise PydanticCustomError("quantity", message)
    return share, low, high


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)  # in Python, True is 1


_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
Amount = Annotated[
    tuple[float, float, float],
    BeforeValidator(_amount),
    Schema({"anyOf": [_SHARE, {"type": "array", "items": _SHARE, "minItems": 3, "maxItems": 3}]}),
]
"""A share, or [share, low, high]: the least and the most that it may be."""

Correlation = Annotated[float, Field(ge=-0.95, le=0.95)]
"""How strongly an answer goes with a trait of the patient: the correlation with it."""


class BasisShape(Shape):
    """What a figure rests on."""

    tag: Tag
    """S seen, 2nd in a page on it, M and M? from memory, D derived, A assumed (range and note)."""
    sources: tuple[Id, ...] = ()
    """Ids from sources.yaml; an assumption has none."""
    note: Text | None = None


class FigureShape(BasisShape):
    """One share."""

    share: Amount


class BandShape(Shape):
    """A stretch of numbers, and the share of people in it."""

    at_least: Quantity
    below: Quantity
    share: Amount


class DistributionShape(BasisShape):
    """How often each answer is given: `yes`, `options` or `bands`, as the question is."""

    yes: Amount | None = None
    options: Annotated[dict[Id, Amount], Field(min_length=1)] | None = None
    """Shares by option; they are scaled to sum up to 1."""
    bands: Annotated[tuple[BandShape, ...], Field(min_length=1)] | None = None
    """Numbers by band; any whole number in one is as likely. Shares are scaled to sum up to 1."""


class WhereShape(DistributionShape):
    """The same for people of whom a condition holds; it may use answers that stand further up."""

    when: ConditionYaml


class AnswerShape(DistributionShape):
    """The answers to one question."""

    severity: Correlation = 0
    """How strongly the answer goes with the severity of the patient's complaint."""
    unsure: Amount | None = None
    """How often "not sure" is answered, where it is not as often as elsewhere."""
    where: tuple[WhereShape, ...] = ()
    """The first whose condition holds counts instead."""


class UnsureShape(FigureShape):
    """How often "not sure" is answered, and how strongly that comes together in the same people."""

    clustering: Correlation
    after_check: FigureShape | None = None
    """Of those who are not sure, how many still are after the check, where a question has one."""


class SettingShape(Shape):
    """Where people come to, and how they answer otherwise there."""

    label: Text
    causes_as: Id | None = None
    """The setting in which each cause is as common as here; left out: this one."""
    answers: Annotated[dict[Id, AnswerShape], Field(default_factory=dict)]


class CauseShape(Shape):
    """A cause of the pain: how often it is, and how people with it answer otherwise than others."""

    label: Text
    suspect: Id | None = None
    """The suspicion of the rule set that fits."""
    serious: StrictBool
    expected: Literal["seek_care_now", "see_doctor_soon", "home_care"]
    """The advice that people with it should get."""
    must_be_caught: StrictBool = False
    """Whether everybody with it who reports a sign must be told to seek care now."""
    share: Annotated[dict[Id, FigureShape], Field(default_factory=dict)]
    """Share of all comers, by setting; nothing for the one cause that the rest have."""
    signs: ConditionYaml | None = None
    """What a person with it may report; who reports none of it cannot be found by questions."""
    answers: Annotated[dict[Id, AnswerShape], Field(default_factory=dict)]


class StudyFlagShape(Shape):
    """A red flag of the study: `when` in our answers, or a figure if no question asks about it."""

    label: Text
    when: ConditionYaml | None = None
    figure: FigureShape | None = None
    severity: Correlation = 0
    note: Text | None = None
    """How well it fits."""


class CalibrationShape(Shape):
    """A study whose share of people with any red flag should come out."""

    setting: Id
    source: Id
    any_flag: Annotated[float, Field(ge=0, le=1)]
    median: Annotated[float, Field(ge=0)]
    quartiles: tuple[float, float]
    flags: dict[Id, StudyFlagShape]
    missing: tuple[Text, ...] = ()
    """What of the study's flags is not in here, and why."""


class TargetShape(Shape):
    """What should come out in the setting of the calibration."""

    now_at_most: Annotated[float, Field(ge=0, le=1)]
    """The share of all comers that should be told to seek care now at most."""
    by_guidance: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Red flags for which guidance by itself asks for care at once; no rules may leave them out."""
    note: Text
    """What says so."""


class PopulationShape(Shape):
    """population.yaml"""

    note: Text
    """What the figures are and are not."""
    settings: Annotated[dict[Id, SettingShape], Field(min_length=1)]
    unsure: UnsureShape
    answers: dict[Id, AnswerShape]
    """How people with plain back pain answer, in the order of drawing: each question once."""
    causes: dict[Id, CauseShape]
    target: TargetShape | None = None
    calibration: CalibrationShape
