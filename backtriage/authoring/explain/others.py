"""(Authored, part) -> what an author wants to know of a question, definition, suspicion, source or area."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from backtriage.answers import describe_not_sure
from backtriage.authoring.explain.red_flags import Where, find_place
from backtriage.authoring.explain.users import Users, find_users
from backtriage.engine import rank
from backtriage.loader.authored import Authored
from backtriage.loader.condition_writer import build_condition_data
from backtriage.model import Choice, Number, Option, Question, RedFlag, RuleSet, Source, YesNo
from backtriage.report.condition_words import describe_condition
from backtriage.report.layout import Phrase
from backtriage.report.words import describe_urgency
from backtriage.units import describe_quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagInShort:
    """A red flag by its id, with its advice in words and why it counts."""

    id: str
    urgency: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListInShort:
    """The list that asks a question, and how the question stands in it."""

    id: str
    ask: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionExplained:
    """A question in words; `answers` says what may be answered."""

    sort: Literal["question"] = "question"
    id: str
    area: str
    where: Where
    label: str
    ask: str
    why: str
    kind: str
    answers: str
    options: tuple[Option, ...]
    not_sure: str
    worse: str | None
    background: bool
    ask_if: Phrase | None
    list: ListInShort | None
    users: Users


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionExplained:
    """A definition in words."""

    sort: Literal["definition"] = "definition"
    id: str
    area: str
    where: Where
    means: dict[str, Any]
    condition: Phrase
    users: Users


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspicionExplained:
    """A suspicion with its red flags, the most urgent first."""

    sort: Literal["suspicion"] = "suspicion"
    id: str
    name: str
    red_flags: tuple[FlagInShort, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceExplained:
    """A source with the red flags that cite it; `emergency_numbers` says whether these are from it too."""

    sort: Literal["source"] = "source"
    id: str
    where: Where
    source: Source
    red_flags: tuple[FlagInShort, ...]
    emergency_numbers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionInShort:
    """A question in its area; `follow_up` says that it is not always asked."""

    id: str
    label: str
    follow_up: bool
    list: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaExplained:
    """An area with its questions and red flags, in the order of the file."""

    sort: Literal["area"] = "area"
    id: str
    where: Where
    title: str
    questions: tuple[QuestionInShort, ...]
    definitions: tuple[str, ...]
    red_flags: tuple[FlagInShort, ...]


def explain_question(asked: Question, authored: Authored) -> QuestionExplained:
    """Explain a question."""
    rule_set = authored.rule_set
    return QuestionExplained(
        id=asked.id,
        area=next(
            explain_area.id for explain_area in rule_set.areas if asked in explain_area.questions
        ),
        where=find_place(authored, "question", asked.id),
        label=asked.label,
        ask=asked.ask,
        why=asked.why,
        kind=asked.kind,
        answers=_answers(asked),
        options=asked.options if isinstance(asked, Choice) else (),
        not_sure=describe_not_sure(asked),
        worse=asked.worse,
        background=asked.background,
        ask_if=describe_condition(asked.ask_if, rule_set, write_out=True) if asked.ask_if else None,
        list=_list(asked, rule_set),
        users=find_users(("question", asked.id), rule_set),
    )


def _answers(asked: Question) -> str:
    match asked:
        case YesNo():
            return "yes or no"
        case Number(minimum=minimum, maximum=maximum, unit=unit):
            return f"a number from {describe_quantity(minimum, unit)} to {describe_quantity(maximum, unit)}"
        case Choice():
            return "one of the options"
        case _:
            assert_never(asked)


def _list(asked: Question, rule_set: RuleSet) -> ListInShort | None:
    if not isinstance(asked, YesNo) or asked.list is None:
        return None
    return ListInShort(
        id=asked.list, ask=rule_set.lists[asked.list].ask, item=asked.item or asked.label
    )


def explain_definition(name: str, authored: Authored) -> DefinitionExplained:
    """Explain a definition."""
    rule_set = authored.rule_set
    condition = rule_set.definitions[name]
    return DefinitionExplained(
        id=name,
        area=next(
            explain_area.id for explain_area in rule_set.areas if name in explain_area.definitions
        ),
        where=find_place(authored, "definition", name),
        means=build_condition_data(condition),
        condition=describe_condition(condition, rule_set, write_out=True),
        users=find_users(("definition", name), rule_set),
    )


def explain_suspicion(name: str, authored: Authored) -> SuspicionExplained:
    """Explain a suspicion."""
    rule_set = authored.rule_set
    flags = (flag for flag in rule_set.red_flags.values() if flag.suspect == name)
    urgent_first = sorted(flags, key=rank, reverse=True)
    return SuspicionExplained(
        id=name, name=rule_set.suspicions[name], red_flags=_in_short(urgent_first, rule_set)
    )


def explain_source(name: str, authored: Authored) -> SourceExplained:
    """Explain a source."""
    rule_set = authored.rule_set
    return SourceExplained(
        id=name,
        where=find_place(authored, "source", name),
        source=rule_set.sources[name],
        red_flags=_in_short(
            (flag for flag in rule_set.red_flags.values() if name in flag.sources), rule_set
        ),
        emergency_numbers=name in rule_set.emergency_numbers.sources,
    )


def explain_area(name: str, authored: Authored) -> AreaExplained:
    """Explain an area."""
    found = next(area for area in authored.rule_set.areas if area.id == name)
    return AreaExplained(
        id=name,
        where=find_place(authored, "area", name),
        title=found.title,
        questions=tuple(_question_in_short(asked) for asked in found.questions),
        definitions=tuple(found.definitions),
        red_flags=_in_short(found.red_flags, authored.rule_set),
    )


def _question_in_short(asked: Question) -> QuestionInShort:
    of_list = asked.list if isinstance(asked, YesNo) else None
    return QuestionInShort(
        id=asked.id, label=asked.label, follow_up=asked.ask_if is not None, list=of_list
    )


def _in_short(flags: Iterable[RedFlag], rule_set: RuleSet) -> tuple[FlagInShort, ...]:
    return tuple(
        FlagInShort(id=flag.id, urgency=describe_urgency(flag, rule_set), because=flag.because)
        for flag in flags
    )
