"""The shape of the YAML files: which keys there are and what stands under them.

The docstrings of classes and keys are what editors show (they become descriptions in the schema).
These classes check one file at a time and are the source of `backtriage schema ruleset`;
what only makes sense across files (references, ranges, circles) is checked in `loader.build`.
"""

import math
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from backtriage.units import list_units

ID_PATTERN = r"^[a-z][a-z0-9_]{0,63}$"

# Strict, since pydantic would otherwise turn what stands there into what should stand there.
Id = Annotated[str, StringConstraints(strict=True, pattern=ID_PATTERN)]
Code = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z]+(-[a-z]+)*$")]
LanguageCode = Annotated[
    str, StringConstraints(strict=True, pattern=r"^[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?$")
]
Text = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]


def _check_quantity(value: object) -> object:
    """A number, or a text that `units` will read when the unit is known."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise PydanticCustomError("quantity", "write a number, or a number with a unit")
    if isinstance(value, float) and not math.isfinite(value):
        raise PydanticCustomError("quantity", "write a number that is not infinite")
    return value


def _refuse_bool(value: object) -> object:
    """Whatever is not true or false, which are not the words yes and no in YAML 1.2."""
    if isinstance(value, bool):
        raise PydanticCustomError("quantity", 'write "yes" or "no"')
    return value


REFUSE = "refuse"
"""What stands for `not_sure` of a number where "not sure" is no answer."""

NO_EVENT = "none"
"""What stands for `event` where the more worrying answer cannot come about from now on."""

_EVENT = (
    "The more worrying answer as something that happens, to stand behind the word if: you get a "
    "fever. Needed for symptoms; none where it cannot come about from now on."
)
Event = Annotated[Text | None, Field(description=_EVENT)]
_SAY = (
    "How a person tells a doctor of this answer, as a sentence without its full stop; the label, "
    "if left out. In that of a number, {answer} is where it goes."
)
Say = Annotated[Text | None, Field(description=_SAY)]

Quantity = Annotated[
    Any, BeforeValidator(_check_quantity), WithJsonSchema({"type": ["number", "string"]})
]
YesOrNo = Annotated[Literal["yes", "no"], BeforeValidator(_refuse_bool)]
ConditionYaml = Annotated[Any, WithJsonSchema({"condition": True})]
"""Anything here; `loader.condition_parser` reads it. `json_io.schema` puts a schema at the mark."""


class Shape(BaseModel):
    """A mapping in YAML: no other keys than these."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


_EXCUSE = (
    "Issues of `rules check` and `rules prove` that are as they should be here, by code, "
    "each with the reason."
)


class ExcusableShape(Shape):
    """A part in which an issue can be excused."""

    excuse: Annotated[dict[Code, Text], Field(description=_EXCUSE)] = {}


class QuestionShape(ExcusableShape):
    """What every question has."""

    id: Id
    """Name of the question in answers and conditions."""
    label: Text
    """The question in two to six words, for the review and the summary."""
    ask: Text
    """What the person reads."""
    why: Text
    """Why we ask, shown when the person types w."""
    ask_if: ConditionYaml | None = None
    """When the question need be asked; always, if left out."""
    background: StrictBool = False
    """true for what cannot change from one day to the next, such as age or a past illness."""


class YesNoShape(QuestionShape):
    """A question answered with yes or no."""

    kind: Literal["yes_no"]
    not_sure: YesOrNo
    """What "not sure" counts as."""
    worse: Literal["yes", "no", "neither"] = "yes"
    """The more worrying answer."""
    list: Id | None = None
    """The list that asks this question together with others; never for a critical symptom."""
    item: Text | None = None
    """How it stands in the list; the label, if left out."""
    check: Text | None = None
    """What who is not sure can do now to find out, and the question once more in other words."""
    event: Event = None
    say: Say = None


class NumberShape(QuestionShape):
    """A question answered with a number."""

    kind: Literal["number"]
    unit: Literal[list_units()]  # type: ignore[valid-type]
    minimum: Quantity
    maximum: Quantity
    not_sure: Quantity
    """What "not sure" counts as; `refuse` where everybody can give a number that is near enough."""
    worse: Literal["higher", "lower", "neither"]
    """The more worrying direction."""
    event: Event = None
    say: Say = None


class OptionShape(Shape):
    """One of the answers to a choice."""

    id: Id
    label: Text
    event: Event = None
    say: Say = None


class ChoiceShape(QuestionShape):
    """A question answered with one of its options."""

    kind: Literal["choice"]
    options: Annotated[tuple[OptionShape, ...], Field(min_length=2)]
    not_sure: Id
    """The option that "not sure" counts as."""
    worse: Literal["later", "neither"]
    """later: the options stand in order, the least worrying first."""


AnyQuestionShape = Annotated[YesNoShape | NumberShape | ChoiceShape, Field(discriminator="kind")]


class ListShape(ExcusableShape):
    """Several low-stakes yes/no questions that are asked in one prompt."""

    id: Id
    ask: Text
    why: Text


class RedFlagShape(ExcusableShape):
    """A condition, the advice that it calls for, and why."""

    id: Id
    when: ConditionYaml
    advice: Literal["see_doctor_soon", "seek_care_now"]
    within_days: Annotated[StrictInt, Field(ge=0, le=90)]
    """The deadline in days; 0 is today, and always so for seek_care_now."""
    suspect: Id
    """One of the suspicions of ruleset.yaml."""
    because: Text
    """The reason in plain words."""
    sources: Annotated[tuple[Id, ...], Field(min_length=1)]
    """Ids from sources.yaml."""
    rationale: Text | None = None
    """Why a judgement was made, where the sources do not decide alone."""


class AreaShape(ExcusableShape):
    """One file per clinical area."""

    title: Text
    questions: tuple[AnyQuestionShape, ...] = ()
    lists: tuple[ListShape, ...] = ()
    definitions: dict[Id, ConditionYaml] = {}
    """Conditions with a name, to be reused in any area as {name: yes}."""
    red_flags: tuple[RedFlagShape, ...] = ()


class RuleSetShape(ExcusableShape):
    """ruleset.yaml"""

    id: Id
    version: Annotated[str, StringConstraints(strict=True, pattern=r"^\d+\.\d+\.\d+$")]
    """Three numbers in quotes: "1.0.0". Raise it with every change."""
    title: Text
    scope: Text
    """For whom the rule set is meant."""
    opening: tuple[Text, ...] = ()
    """Told before the first question: what this is not, and when not to go on but to call."""
    limits: tuple[Text, ...]
    """What the result cannot say; shown under every result."""
    areas: Annotated[tuple[Id, ...], Field(min_length=1)]
    """The area files in the order of asking, emergencies first."""
    suspicions: dict[Id, Text]
    """What a red flag may suspect, in plain words."""
    complete_languages: tuple[LanguageCode, ...] = ()
    """Languages of which no translation may be missing or outdated; others fall back to English."""
    excused_words: dict[Text, Text] = {}
    """Hard words that do not count towards the reading grade, each with the reason."""


class SourceShape(ExcusableShape):
    """A publication; give at least one of doi, pmid and url."""

    citation: Text
    doi: Text | None = None
    pmid: StrictInt | None = None
    url: Text | None = None
    note: Text | None = None
    """What was seen of it, and how far it is to be trusted."""


class SourcesShape(Shape):
    """sources.yaml"""

    sources: dict[Id, SourceShape]


class ExpectedShape(Shape):
    """What a case wants of the assessment."""

    advice: Literal["seek_care_now", "see_doctor_soon", "home_care", "open"]
    within_days: StrictInt | None = None
    """The deadline in days; leave it out for home_care, and where it is open."""
    findings: tuple[Id, ...] = ()
    """Red flags that must be present; others may be."""
    absent: tuple[Id, ...] = ()
    unresolved: tuple[Id, ...] = ()


class CaseShape(Shape):
    """A patient with the expected outcome."""

    id: Id
    note: Text
    """The clinical fact that the case pins down."""
    patient: Annotated[Id | None, Field(alias="from")] = None
    """A patient of cases/patients.yaml whose answers the case starts from."""
    answers: dict[Id, Any] = {}
    without: tuple[Id, ...] = ()
    """Questions that this patient has not answered."""
    expect: ExpectedShape


class CasesShape(Shape):
    """A file in the folder cases/."""

    cases: tuple[CaseShape, ...] = ()


class PatientsShape(Shape):
    """cases/patients.yaml: sets of answers that cases can start from."""

    patients: dict[Id, dict[Id, Any]]
