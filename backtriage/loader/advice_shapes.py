"""The shape of advice.yaml and emergency_numbers.yaml: what people are told to do."""

from typing import Annotated, Literal

from pydantic import (
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    StrictInt,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from backtriage.loader.shapes import ConditionYaml, ExcusableShape, Id, Shape, Text
from backtriage.model import How

COUNTRY_PATTERN = r"^[A-Z]{2}$"
"""Two letters, as in ISO 3166."""

UNASKED = "unasked"
"""What stands for the answers to look for where no question asks about it."""

_HOW = "The way to get care that this line names; `rules prove` holds emergencies to it."
_WATCH = (
    "What the line tells people to look for (answers, or unasked where no question asks about it), "
    "and how urgent it says that this is; `rules prove` holds it to the red flags."
)


class WatchShape(Shape):
    """What a line tells people to look for, and how urgent it says that this is."""

    what: Annotated[Literal["unasked"] | ConditionYaml, Field(alias="for")]
    then: Literal["see_doctor_soon", "seek_care_now"]
    within_days: Annotated[StrictInt, Field(ge=0, le=366)]


class ToldShape(Shape):
    """What is told only to some, and what `rules prove` holds it to."""

    when: ConditionYaml | None = None
    """Told only where the answers show this."""
    unless: ConditionYaml | None = None
    """Left out only where the answers show this."""
    never_if: ConditionYaml | None = None
    """A promise that `rules prove` checks: nobody of whom this is true is told it."""


class AdviceStepShape(ToldShape):
    """One thing to do, which may depend on the answers."""

    text: Text
    how: Annotated[How | None, Field(description=_HOW)] = None
    watch: Annotated[WatchShape | None, Field(description=_WATCH)] = None


class WatchedShape(AdviceStepShape):
    """What makes it more urgent if it happens."""

    watch: Annotated[WatchShape, Field(description=_WATCH)]


class SafetyNetShape(AdviceStepShape):
    """When to look again, and what to do then."""

    within_days: Annotated[StrictInt, Field(ge=0, le=366)]


def _as_mapping(value: object) -> object:
    return value if isinstance(value, dict) else {"text": value}


class _OrText:
    """Adds to the JSON schema of a step that a text will do."""

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [{"type": "string", "minLength": 1}, handler(core)]}


Step = Annotated[AdviceStepShape, BeforeValidator(_as_mapping), _OrText]
Steps = Annotated[tuple[Step, ...], Field(min_length=1)]


class AdvicePartShape(ToldShape):
    """Steps that belong together."""

    title: Text
    steps: Steps


_SAY = (
    "The beginning of what to say to a doctor; the answers that raised red flags are put behind it."
)


class AdviceTextShape(ExcusableShape):
    """What one advice tells the person."""

    title: Text
    lead: Text
    steps: Steps
    """The first things to do."""
    say: Annotated[Text | None, Field(description=_SAY)] = None
    parts: tuple[AdvicePartShape, ...] = ()
    safety_net: tuple[SafetyNetShape, ...] = ()
    """For home care: when to look again, and what to do then."""


class EmergencyShape(AdviceTextShape):
    """An emergency, which may call for an ambulance."""

    ambulance: ConditionYaml | None = None
    """For whom it does; the result says so, also to scripts."""


class HomeCareShape(AdviceTextShape):
    """Home care never comes without a date to look again."""

    safety_net: Annotated[tuple[SafetyNetShape, ...], Field(min_length=1)]


class AdviceShape(Shape):
    """advice.yaml"""

    say_first: tuple[Id, ...] = ()
    """The questions whose answers a doctor is told first."""
    ask_for_doctor: tuple[Id, ...] = ()
    """What else may be asked for the doctor after an interview that ended early."""
    also_watch_for: tuple[WatchedShape, ...] = ()
    """What would make it more urgent though no question asks about it, to stand behind if."""
    seek_care_now: EmergencyShape
    see_doctor_soon: AdviceTextShape
    home_care: HomeCareShape


class CountryShape(Shape):
    """Where, and which number to call."""

    name: Text
    """As it stands in "the emergency number in ..."."""
    call: Text
    """In quotes: "999 or 112"."""
    also: tuple[Text, ...] = ()
    """Other names by which people may call the country."""


class EmergencyNumbersShape(Shape):
    """emergency_numbers.yaml, which may be left out."""

    sources: Annotated[tuple[Id, ...], Field(min_length=1)]
    countries: dict[
        Annotated[str, StringConstraints(strict=True, pattern=COUNTRY_PATTERN)], CountryShape
    ]
