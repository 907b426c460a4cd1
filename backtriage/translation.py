"""(RuleSet, Catalogue) -> the same rule set in another language: other texts, the same rules.

A text is found by its context, which is made of ids (`question.faint.ask`), and by its words. What
stands in a list without ids, such as the steps of an advice, shares the context of the list: the
words tell them apart, so that nothing is lost where one moves. As the words are part of the key, a
sentence that was changed has no translation until somebody has looked at it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from backtriage.model import (
    AdvicePart,
    AdviceStep,
    AdviceText,
    Area,
    Choice,
    Country,
    Question,
    RuleSet,
    Translation,
)

Change = Callable[[str, str], str]
"""(context, text) -> what to put in the place of the text."""

_Part = TypeVar("_Part")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The translations into one language: by context, and then by the text in the rules.

    It has only what can be used: nothing that is empty, and nothing that an older text meant.
    `hash` is the SHA-256 of them.
    """

    language: str
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    hash: str = ""

    def find(self, context: str, text: str) -> str | None:
        """The translation of a text; None where there is none."""
        return self.texts.get(context, {}).get(text)


def translate(rule_set: RuleSet, catalogue: Catalogue) -> RuleSet:
    """The rule set with its texts as the catalogue has them; ids, conditions and hash stay.

    A text without a translation stays as it is, and is named in `translation.missing`.
    """
    missing: dict[str, None] = {}

    def change(context: str, text: str) -> str:
        found = catalogue.find(context, text)
        if found is None:
            missing[f"{context}: {text}"] = None
        return text if found is None else found

    translated = translate_texts(rule_set, change)
    told = Translation(language=catalogue.language, hash=catalogue.hash, missing=tuple(missing))
    return replace(translated, translation=told)


def list_translatable(rule_set: RuleSet) -> Iterator[tuple[str, str]]:
    """Every text that a person reads, behind its context, each once and in the order of the rules.

    Citations are not among them: a publication is looked for under its own title.
    """
    texts: dict[tuple[str, str], None] = {}

    def note(context: str, text: str) -> str:
        texts[context, text] = None
        return text

    translate_texts(rule_set, note)
    yield from texts


def translate_texts(rule_set: RuleSet, change: Change) -> RuleSet:
    """The rule set with each text replaced that a person reads; this is the one walk over them."""

    def change_all(context: str, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(change(context, text) for text in texts)

    head = _change_fields(rule_set, "rule_set", ("title", "scope"), change)
    numbers = rule_set.emergency_numbers
    return replace(
        head,
        opening=change_all("rule_set.opening", rule_set.opening),
        limits=change_all("rule_set.limits", rule_set.limits),
        areas=tuple(_change_area(area, change) for area in rule_set.areas),
        suspicions={
            name: change(f"suspicion.{name}", words)
            for name, words in rule_set.suspicions.items()
        },
        advice={
            name: _change_advice(text, f"advice.{name}", change)
            for name, text in rule_set.advice.items()
        },
        also_watch_for=_change_steps(rule_set.also_watch_for, "watch", change),
        emergency_numbers=replace(
            numbers,
            countries={
                code: _change_country(country, f"country.{code}", change)
                for code, country in numbers.countries.items()
            },
        ),
    )  # fmt: skip


def _change_fields(part: _Part, context: str, names: tuple[str, ...], change: Change) -> _Part:
    """The part with these of its fields changed; one that it has not, or that is None, stays so."""
    texts = {name: getattr(part, name, None) for name in names}
    changed: Any = {
        name: change(f"{context}.{name}", text) for name, text in texts.items() if text is not None
    }
    whole: Any = part
    return replace(whole, **changed)  # type: ignore[no-any-return]


def _change_area(area: Area, change: Change) -> Area:
    titled = _change_fields(area, f"area.{area.id}", ("title",), change)
    return replace(
        titled,
        questions=tuple(_change_question(question, change) for question in area.questions),
        lists=tuple(
            _change_fields(entry, f"list.{entry.id}", ("ask", "why"), change)
            for entry in area.lists
        ),
        red_flags=tuple(
            _change_fields(flag, f"red_flag.{flag.id}", ("because",), change)
            for flag in area.red_flags
        ),
    )  # fmt: skip


def _change_question(question: Question, change: Change) -> Question:
    context = f"question.{question.id}"
    names = ("label", "ask", "item", "check", "why", "event", "say")
    changed = _change_fields(question, context, names, change)
    if not isinstance(changed, Choice):
        return changed
    options = tuple(
        _change_fields(option, f"{context}.option.{option.id}", ("label", "event", "say"), change)
        for option in changed.options
    )
    return replace(changed, options=options)


def _change_advice(text: AdviceText, context: str, change: Change) -> AdviceText:
    changed = _change_fields(text, context, ("title", "lead", "say"), change)
    return replace(
        changed,
        steps=_change_steps(text.steps, f"{context}.step", change),
        parts=tuple(_change_part(part, f"{context}.part", change) for part in text.parts),
        safety_net=tuple(
            replace(net, step=_change_steps((net.step,), f"{context}.net", change)[0])
            for net in text.safety_net
        ),
    )


def _change_part(part: AdvicePart, context: str, change: Change) -> AdvicePart:
    changed = _change_fields(part, context, ("title",), change)
    return replace(changed, steps=_change_steps(part.steps, f"{context}.step", change))


def _change_steps(
    steps: tuple[AdviceStep, ...], context: str, change: Change
) -> tuple[AdviceStep, ...]:
    return tuple(replace(step, text=change(context, step.text)) for step in steps)


def _change_country(country: Country, context: str, change: Change) -> Country:
    """Its name, and what to call where that has words in it ("999 or 112").

    What it was called before stays a name by which people may call it.
    """
    names = ("name", "call") if any(map(str.isalpha, country.call)) else ("name",)
    changed = _change_fields(country, context, names, change)
    known = (country.name,) if changed.name != country.name else ()
    return replace(changed, also=(*country.also, *known))
