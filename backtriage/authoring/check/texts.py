"""Authored -> every text that a person reads, and where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from backtriage.loader.authored import Part
from backtriage.model import AdviceStep, Area, Choice, Question, RuleSet, YesNo

Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text under some keys of a part: read before an answer is given (`asked`), or with the result (`told`).

    `answered` is the question that it asks, if it does. A label or a name is no `sentence`.
    """

    part: Part
    at: Keys
    text: str
    when: Literal["asked", "told"]
    answered: Question | None = None
    sentence: bool = True


def list_texts(rule_set: RuleSet) -> Iterator[Text]:
    """Every text of the rule set itself, and of its questions, lists, red flags and advices."""
    part = ("rule set", rule_set.id)
    yield Text(part, ("scope",), rule_set.scope, "told")
    yield from (
        Text(part, ("limits", number), limit, "told")
        for number, limit in enumerate(rule_set.limits)
    )
    for name, suspicion in rule_set.suspicions.items():
        yield Text(part, ("suspicions", name), suspicion, "told", sentence=False)
    for area in rule_set.areas:
        for question in area.questions:
            yield from _of_question(question)
        yield from _of_lists(area)
        for flag in area.red_flags:
            yield Text(("red flag", flag.id), ("because",), flag.because, "told")
    yield from _of_advice(rule_set)


def _of_question(question: Question) -> Iterator[Text]:
    part = ("question", question.id)
    yield Text(part, ("ask",), question.ask, "asked", question)
    yield Text(part, ("why",), question.why, "asked")
    yield Text(part, ("label",), question.label, "asked", sentence=False)
    if isinstance(question, YesNo) and question.item is not None:
        yield Text(part, ("item",), question.item, "asked", sentence=False)
    if isinstance(question, Choice):
        for number, option in enumerate(question.options):
            yield Text(part, ("options", number, "label"), option.label, "asked", sentence=False)


def _of_lists(area: Area) -> Iterator[Text]:
    for entry in area.lists:
        yield Text(("list", entry.id), ("ask",), entry.ask, "asked")
        yield Text(("list", entry.id), ("why",), entry.why, "asked")


def _of_advice(rule_set: RuleSet) -> Iterator[Text]:
    for name, advice in rule_set.advice.items():
        part = ("advice", name)
        yield Text(part, ("title",), advice.title, "told", sentence=False)
        yield Text(part, ("lead",), advice.lead, "told")
        if advice.say is not None:
            yield Text(part, ("say",), advice.say, "told", sentence=False)
        yield from _of_steps(part, ("steps",), advice.steps)
        for number, entry in enumerate(advice.parts):
            yield Text(part, ("parts", number, "title"), entry.title, "told", sentence=False)
            yield from _of_steps(part, ("parts", number, "steps"), entry.steps)
        for number, net in enumerate(advice.safety_net):
            yield Text(part, ("safety_net", number, "text"), net.text, "told")


def _of_steps(part: Part, at: Keys, steps: tuple[AdviceStep, ...]) -> Iterator[Text]:
    for number, step in enumerate(steps):
        yield Text(part, (*at, number), step.text, "told")
