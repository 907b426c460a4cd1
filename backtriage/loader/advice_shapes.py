"""The shape of advice.yaml and emergency_numbers.yaml: what people are told to do."""

from typing import Annotated

from pydantic import BeforeValidator, Field, StrictInt, StringConstraints, WithJsonSchema

from backtriage.loader.shapes import ConditionYaml, ExcusableShape, Id, Shape, Text

COUNTRY_PATTERN = r"^[A-Z]{2}$"
"""Two letters, as in ISO 3166."""


class SafetyNetShape(Shape):
    """What to look for by a date, and what to do then."""

    within_days: Annotated[StrictInt, Field(ge=0, le=366)]
    text: Text


class AdviceStepShape(Shape):
    """One thing to do, which may depend on the answers."""

    text: Text
    when: ConditionYaml | None = None
    unless: ConditionYaml | None = None


def _as_mapping(value: object) -> object:
    return value if isinstance(value, dict) else {"text": value}


Step = Annotated[
    AdviceStepShape,
    BeforeValidator(_as_mapping),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "minLength": 1},
                {
                    "description": "Told only where the answers show `when`; "
                    "left out only where they show `unless`.",
                    "type": "object",
                    "required": ["text"],
                    "additionalProperties": False,
                    "properties": {
                        "text": {"type": "string", "minLength": 1},
                        "when": {"condition": True},
                        "unless": {"condition": True},
                    },
                },
            ]
        }
    ),
]
Steps = Annotated[tuple[Step, ...], Field(min_length=1)]


class AdvicePartShape(Shape):
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


class HomeCareShape(AdviceTextShape):
    """Home care never comes without a date to look again."""

    safety_net: Annotated[tuple[SafetyNetShape, ...], Field(min_length=1)]


class AdviceShape(Shape):
    """advice.yaml"""

    seek_care_now: AdviceTextShape
    see_doctor_soon: AdviceTextShape
    home_care: HomeCareShape


class CountryShape(Shape):
    """Where, and which number to call."""

    name: Text
    """As it stands in "the emergency number in ..."."""
    call: Text
    """In quotes: "999 or 112"."""


class EmergencyNumbersShape(Shape):
    """emergency_numbers.yaml, which may be left out."""

    sources: Annotated[tuple[Id, ...], Field(min_length=1)]
    countries: dict[
        Annotated[str, StringConstraints(strict=True, pattern=COUNTRY_PATTERN)], CountryShape
    ]
