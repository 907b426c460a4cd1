"""RuleSet -> every text in it: where it stands, who reads it and when.

This is the one list of texts. `check` and `diff` both walk it, so that neither can forget a text
that the other knows; a test over the fields of the model fails for a text that is not here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from backtriage.answers import get_check
from backtriage.loader.authored import Part
from backtriage.model import (
    AdvicePart,
    AdviceStep,
    AdviceText,
    Area,
    Choice,
    Country,
    Option,
    Question,
    QuestionList,
    RedFlag,
    RuleSet,
    SafetyNet,
    Source,
    YesNo,
)

Keys = tuple[str | int, ...]
"""The way from a part to what is in it, as in YAML: names of keys, and places in lists from 0."""

Reader = Literal["asked", "told", "authors"]
"""Who reads a text, and when.

"asked": the person, among the questions. "told": the person, before them or with the result.
"authors": those alone who write rules.
"""

Holder = (
    RuleSet
    | Area
    | Question
    | Option
    | QuestionList
    | RedFlag
    | AdviceText
    | AdvicePart
    | AdviceStep
    | SafetyNet
    | Source
    | Country
)
"""What of the model has texts."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text under the `keys` of a part, which is a sort and an id.

    `holder` is what has it as a field: it knows what stands beside the text, such as the condition
    of a step. A label, a name or a number to call is no sentence.
    """

    part: Part
    keys: Keys
    text: str
    reader: Reader
    holder: Holder
    is_sentence: bool = True

    @property
    def question(self) -> Question | None:
        """The question that the text asks, or asks once more, if it does."""
        asks = self.keys in (("ask",), ("check",))
        return self.holder if isinstance(self.holder, Question) and asks else None


def list_texts(rule_set: RuleSet) -> Iterator[Text]:
    """Every text, in the order of the files: rule set, areas, advices, sources, countries."""
    yield from _of_rule_set(rule_set)
    for area in rule_set.areas:
        yield Text(("area", area.id), ("title",), area.title, "asked", area, is_sentence=False)
        for question in area.questions:
            yield from _of_question(question)
        for asked_together in area.lists:
            yield from _of_list(asked_together)
        for flag in area.red_flags:
            yield from _of_red_flag(flag)
    for name, advice in rule_set.advice.items():
        yield from _of_advice(("advice", name), advice)
    for source in rule_set.sources.values():
        yield from _of_source(source)
    for code, country in rule_set.emergency_numbers.countries.items():
        part = ("country", code)
        yield Text(part, ("name",), country.name, "told", country, is_sentence=False)
        yield Text(part, ("call",), country.call, "told", country, is_sentence=False)
        for place, called in enumerate(country.also):
            keys = ("also", place)
            yield Text(part, keys, called, "authors", country, is_sentence=False)


def _of_rule_set(rule_set: RuleSet) -> Iterator[Text]:
    part = ("rule set", rule_set.id)
    yield Text(part, ("title",), rule_set.title, "told", rule_set, is_sentence=False)
    yield Text(part, ("scope",), rule_set.scope, "told", rule_set)
    for place, words in enumerate(rule_set.opening):
        yield Text(part, ("opening", place), words, "told", rule_set)
    for place, limit in enumerate(rule_set.limits):
        yield Text(part, ("limits", place), limit, "told", rule_set)
    for name, words in rule_set.suspicions.items():
        yield Text(part, ("suspicions", name), words, "told", rule_set, is_sentence=False)
    for place, step in enumerate(rule_set.also_watch_for):
        keys = (place, "text")
        yield Text(("advice", "also_watch_for"), keys, step.text, "told", step, is_sentence=False)


def _of_question(question: Question) -> Iterator[Text]:
    part = ("question", question.id)
    yield from _of_telling(part, (), question)
    yield Text(part, ("ask",), question.ask, "asked", question)
    yield Text(part, ("why",), question.why, "asked", question)
    if (check := get_check(question)) is not None:
        yield Text(part, ("check",), check, "asked", question)
    yield Text(part, ("label",), question.label, "asked", question, is_sentence=False)
    if isinstance(question, YesNo) and question.item is not None:
        yield Text(part, ("item",), question.item, "asked", question, is_sentence=False)
    if isinstance(question, Choice):
        for place, option in enumerate(question.options):
            keys = ("options", place)
            yield Text(part, (*keys, "label"), option.label, "asked", option, is_sentence=False)
            yield from _of_telling(part, keys, option)


def _of_telling(part: Part, keys: Keys, holder: Question | Option) -> Iterator[Text]:
    """How an answer is told: as something that happens, and as a person says it."""
    if isinstance(holder, Choice):
        return
    for key, words in (("event", holder.event), ("say", holder.say)):
        if words is not None:
            yield Text(part, (*keys, key), words, "told", holder, is_sentence=False)


def _of_list(asked_together: QuestionList) -> Iterator[Text]:
    part = ("list", asked_together.id)
    yield Text(part, ("ask",), asked_together.ask, "asked", asked_together)
    yield Text(part, ("why",), asked_together.why, "asked", asked_together)


def _of_red_flag(flag: RedFlag) -> Iterator[Text]:
    part = ("red flag", flag.id)
    yield Text(part, ("because",), flag.because, "told", flag)
    if flag.rationale is not None:
        yield Text(part, ("rationale",), flag.rationale, "authors", flag)


def _of_advice(part: Part, advice: AdviceText) -> Iterator[Text]:
    yield Text(part, ("title",), advice.title, "told", advice, is_sentence=False)
    yield Text(part, ("lead",), advice.lead, "told", advice)
    if advice.say is not None:  # only the beginning of a sentence
        yield Text(part, ("say",), advice.say, "told", advice, is_sentence=False)
    yield from _of_steps(part, ("steps",), advice.steps)
    for place, group in enumerate(advice.parts):
        yield Text(part, ("parts", place, "title"), group.title, "told", group, is_sentence=False)
        yield from _of_steps(part, ("parts", place, "steps"), group.steps)
    for place, net in enumerate(advice.safety_net):
        yield Text(part, ("safety_net", place, "text"), net.step.text, "told", net)


def _of_steps(part: Part, keys: Keys, steps: tuple[AdviceStep, ...]) -> Iterator[Text]:
    for place, step in enumerate(steps):
        yield Text(part, (*keys, place), step.text, "told", step)


def _of_source(source: Source) -> Iterator[Text]:
    part = ("source", source.id)
    yield Text(part, ("citation",), source.citation, "told", source, is_sentence=False)
    for key, reference in (("doi", source.doi), ("url", source.url)):
        if reference is not None:
            yield Text(part, (key,), reference, "authors", source, is_sentence=False)
    if source.note is not None:
        yield Text(part, ("note",), source.note, "authors", source)
