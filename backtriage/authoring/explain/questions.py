"""(question, Authored) -> what an author wants to know of it: words, answers, what uses it."""

from dataclasses import dataclass
from typing import Literal, assert_never

from backtriage.answers import describe_not_sure, get_check
from backtriage.authoring.explain.in_short import Where, find_where
from backtriage.authoring.explain.users import Users, find_users
from backtriage.loader.authored import Authored
from backtriage.model import Choice, Number, Option, Question, RuleSet, YesNo
from backtriage.report.condition_words import describe_condition
from backtriage.report.layout import Phrase
from backtriage.units import describe_quantity


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
    check: str | None
    worse: str | None
    background: bool
    ask_if: Phrase | None
    list: ListInShort | None
    event: str | None
    say: str | None
    users: Users


def explain_question(question: Question, authored: Authored) -> QuestionExplained:
    """Explain a question of the rule set."""
    rule_set = authored.rule_set
    ask_if = question.ask_if
    return QuestionExplained(
        id=question.id,
        area=rule_set.area_of[question.id].id,
        where=find_where(authored, ("question", question.id)),
        label=question.label,
        ask=question.ask,
        why=question.why,
        kind=question.kind,
        answers=_possible_answers(question),
        options=question.options if isinstance(question, Choice) else (),
        not_sure=describe_not_sure(question),
        check=get_check(question),
        worse=question.worse,
        background=question.background,
        ask_if=describe_condition(ask_if, rule_set, write_out=True) if ask_if else None,
        list=_list_of(question, rule_set),
        event=None if isinstance(question, Choice) else question.event,
        say=None if isinstance(question, Choice) else question.say,
        users=find_users(("question", question.id), rule_set),
    )


def _possible_answers(question: Question) -> str:
    match question:
        case YesNo():
            return "yes or no"
        case Number(minimum=minimum, maximum=maximum, unit=unit):
            least, most = describe_quantity(minimum, unit), describe_quantity(maximum, unit)
            return f"a number from {least} to {most}"
        case Choice():
            return "one of the options"
        case _:
            assert_never(question)


def _list_of(question: Question, rule_set: RuleSet) -> ListInShort | None:
    if not isinstance(question, YesNo) or question.list is None:
        return None
    ask = rule_set.lists[question.list].ask
    return ListInShort(id=question.list, ask=ask, item=question.item or question.label)
