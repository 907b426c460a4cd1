"""(RuleSet, question or definition) -> Users: whatever has a condition that names it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backtriage.authoring.dependencies import list_needs
from backtriage.loader.authored import Part
from backtriage.model import ADVICES, AdviceId, Condition, RuleSet
from backtriage.report.words import describe_urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A part with a condition that names, or leads to, the question or definition looked at.

    `words` say more of the part, if there is more. `through` names the definitions in its condition
    that lead on; none if the condition itself names what is looked at.
    """

    id: str
    words: str
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUser:
    """A step of an advice; `key` says whether it is told (when) or left out (unless)."""

    advice: AdviceId
    text: str
    key: str
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Users:
    """What uses a question or a definition; `ask_ifs` are questions that wait for it."""

    red_flags: tuple[User, ...]
    definitions: tuple[User, ...]
    ask_ifs: tuple[User, ...]
    advice_steps: tuple[StepUser, ...]


def find_users(part: Part, rule_set: RuleSet) -> Users:
    """Everything that uses the question or definition, by itself or through definitions."""
    flags = (
        (flag.id, describe_urgency(flag, rule_set), flag.when)
        for flag in rule_set.red_flags.values()
    )
    definitions = ((name, "", condition) for name, condition in rule_set.definitions.items())
    asked = (
        (question.id, question.label, question.ask_if) for question in rule_set.questions.values()
    )
    return Users(
        red_flags=tuple(_users(part, flags, rule_set)),
        definitions=tuple(_users(part, definitions, rule_set)),
        ask_ifs=tuple(_users(part, asked, rule_set)),
        advice_steps=tuple(_steps(part, rule_set)),
    )


def _users(
    part: Part, entries: Iterable[tuple[str, str, Condition | None]], rule_set: RuleSet
) -> Iterator[User]:
    for name, words, condition in entries:
        through = _through(part, condition, rule_set)
        if through is not None:
            yield User(id=name, words=words, through=through)


def _steps(part: Part, rule_set: RuleSet) -> Iterator[StepUser]:
    for advice in reversed(ADVICES):
        text = rule_set.advice[advice]
        for step in (*text.steps, *(step for group in text.parts for step in group.steps)):
            for key, condition in (("when", step.when), ("unless", step.unless)):
                through = _through(part, condition, rule_set)
                if through is not None:
                    yield StepUser(advice=advice, text=step.text, key=key, through=through)


def _through(part: Part, condition: Condition | None, rule_set: RuleSet) -> tuple[str, ...] | None:
    """The definitions in the condition that lead to the part.

    None of them if the condition names the part itself; None if nothing leads there.
    """
    named = list_needs(condition)
    if part in named:
        return ()
    definitions = [name for sort, name in named if sort == "definition"]
    return tuple(name for name in definitions if _leads(part, name, rule_set)) or None


def _leads(part: Part, definition: str, rule_set: RuleSet) -> bool:
    return _through(part, rule_set.definitions[definition], rule_set) is not None
