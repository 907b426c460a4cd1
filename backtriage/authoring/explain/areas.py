"""(name, Authored) -> what an author wants to know of an area: what it asks, what it looks for."""

from dataclasses import dataclass
from typing import Literal

from backtriage.authoring.explain.in_short import FlagInShort, Where, find_where, list_in_short
from backtriage.loader.authored import Authored
from backtriage.model import Question, YesNo


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


def explain_area(name: str, authored: Authored) -> AreaExplained:
    """Explain an area of the rule set."""
    area = next(area for area in authored.rule_set.areas if area.id == name)
    return AreaExplained(
        id=name,
        where=find_where(authored, ("area", name)),
        title=area.title,
        questions=tuple(_in_short(question) for question in area.questions),
        definitions=tuple(area.definitions),
        red_flags=list_in_short(area.red_flags, authored.rule_set),
    )


def _in_short(question: Question) -> QuestionInShort:
    return QuestionInShort(
        id=question.id,
        label=question.label,
        follow_up=question.ask_if is not None,
        list=question.list if isinstance(question, YesNo) else None,
    )
