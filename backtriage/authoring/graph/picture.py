"""(RuleSet, areas) -> Panels: by area, which questions bear on which red flags, and their advice.

The picture shows *that* a question bears on a red flag, with its comparison as a note, and not how
comparisons are combined. Definitions are left out: what they are made of stands in their place.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from backtriage.answers import get_check
from backtriage.condition_parts import list_comparisons
from backtriage.model import Area, Condition, Question, RedFlag, RuleSet, Urgency
from backtriage.report.condition_words import describe_condition
from backtriage.report.words import count_noun, describe_urgency
from backtriage.status import rank

Tone = Literal["now", "days", "weeks"]
"""How urgent a red flag is, as far as its colour tells."""

TONES: dict[Tone, str] = {
    "now": "seek care now",
    "days": "see a doctor in less than a week",
    "weeks": "see a doctor in a week or later",
}
"""What each tone means, the most urgent first."""

MARKS: dict[Tone, str] = {
    "now": "\N{BLACK SQUARE}",
    "days": "\N{BLACK UP-POINTING TRIANGLE}",
    "weeks": "\N{BLACK CIRCLE}",
}
"""The mark of each tone, for those who see no colours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedNode:
    """A question.

    `borrowed_from` is the title of the area that asks it, if that is another one; `used_in` has the
    titles of the other areas that use it, if its own does not.
    """

    id: str
    label: str
    ask: str
    borrowed_from: str | None = None
    used_in: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AdviceNode:
    """An advice with its deadline, in words and with its mark."""

    urgency: Urgency
    words: str
    tone: Tone

    @property
    def id(self) -> str:
        """A name for it that has no blank."""
        return f"{self.urgency.advice}_{self.urgency.within_days}"

    @property
    def mark(self) -> str:
        """The mark of its tone."""
        return MARKS[self.tone]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A question that bears `on` a red flag, or decides whether another question is asked.

    `words` say when.
    """

    question: str
    on: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagNode:
    """A red flag."""

    id: str
    because: str
    advice: AdviceNode
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """An area with its questions, red flags and follow-ups.

    Its own questions stand first, then those that it borrows; the most urgent red flags first.
    """

    id: str
    title: str
    questions: tuple[AskedNode, ...]
    red_flags: tuple[FlagNode, ...]
    follow_ups: tuple[Link, ...]

    @property
    def own(self) -> tuple[AskedNode, ...]:
        """The questions that this area asks itself."""
        return tuple(question for question in self.questions if question.borrowed_from is None)

    @property
    def size(self) -> str:
        """How many questions and red flags it has, in words."""
        questions = count_noun(len(self.own), "question")
        return f"{questions}, {count_noun(len(self.red_flags), 'red flag')}"

    @property
    def linked(self) -> set[str]:
        """The questions that bear on something here."""
        raising = {link.question for flag in self.red_flags for link in flag.links}
        return raising | {name for link in self.follow_ups for name in (link.question, link.on)}

    @property
    def advices(self) -> tuple[AdviceNode, ...]:
        """The advices of its red flags, the most urgent first."""
        return tuple(dict.fromkeys(flag.advice for flag in self.red_flags))


def build_panels(rule_set: RuleSet, chosen: Iterable[str] = ()) -> tuple[Panel, ...]:
    """A panel for each of the areas chosen, or for all, in the order of the rule set."""
    wanted = set(chosen) or {area.id for area in rule_set.areas}
    alone = [_build_alone(area, rule_set) for area in rule_set.areas]
    users: dict[str, list[str]] = {name: [] for name in rule_set.questions}
    for panel in alone:
        for name in panel.linked:
            users[name].append(panel.title)
    homes = {name: area.title for name, area in rule_set.area_of.items()}
    return tuple(_connect(panel, rule_set, homes, users) for panel in alone if panel.id in wanted)


def _build_alone(area: Area, rule_set: RuleSet) -> Panel:
    """An area by itself: only with its own questions."""
    urgent_first = sorted(area.red_flags, key=rank, reverse=True)
    follow_ups = [_links(question.id, question.ask_if, rule_set) for question in area.questions]
    return Panel(
        id=area.id,
        title=area.title,
        questions=tuple(_asked(question) for question in area.questions),
        red_flags=tuple(_flag(flag, rule_set) for flag in urgent_first),
        follow_ups=tuple(link for links in follow_ups for link in links),
    )


def _connect(
    panel: Panel, rule_set: RuleSet, homes: Mapping[str, str], users: Mapping[str, Sequence[str]]
) -> Panel:
    """The panel with the questions that it borrows, and with the users of those it only lends.

    `homes` and `users` have titles of areas by question: of the one that asks it, and of those that
    use it.
    """
    linked, own = panel.linked, {question.id for question in panel.questions}
    questions = [
        question if question.id in linked else replace(question, used_in=tuple(users[question.id]))
        for question in panel.questions
    ]
    borrowed = [name for name in rule_set.questions if name in linked - own]
    questions += [
        replace(_asked(rule_set.questions[name]), borrowed_from=homes[name]) for name in borrowed
    ]
    return replace(panel, questions=tuple(questions))


def _asked(question: Question) -> AskedNode:
    check = get_check(question)
    ask = f"{question.ask} If not sure: {check}" if check else question.ask
    return AskedNode(id=question.id, label=question.label, ask=ask)


def _flag(flag: RedFlag, rule_set: RuleSet) -> FlagNode:
    links = tuple(_links(flag.id, flag.when, rule_set))
    return FlagNode(
        id=flag.id, because=flag.because, advice=describe_advice(flag, rule_set), links=links
    )


def describe_advice(flag: RedFlag, rule_set: RuleSet) -> AdviceNode:
    """What a red flag advises."""
    urgency = Urgency(advice=flag.advice, within_days=flag.within_days)
    soon: Tone = "days" if flag.within_days < 7 else "weeks"
    tone: Tone = "now" if flag.advice == "seek_care_now" else soon
    return AdviceNode(urgency=urgency, words=describe_urgency(flag, rule_set), tone=tone)


def _links(on: str, condition: Condition | None, rule_set: RuleSet) -> Iterator[Link]:
    """One link for each question that the condition compares, with all its comparisons."""
    comparisons: dict[str, dict[str, None]] = {}
    for atom in list_comparisons(condition, rule_set.definitions) if condition else ():
        comparisons.setdefault(atom.question, {})[describe_condition(atom, rule_set).text] = None
    for question, words in comparisons.items():
        yield Link(question=question, on=on, words="; ".join(words))
