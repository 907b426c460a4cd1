"""(Rules, Answers) -> which red flags are present and open, and the urgency that follows.

Red flags are combined in one way only: the most urgent wins, then the shortest deadline.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from backtriage.condition_parts import (
    find_comparisons,
    find_dependencies,
    find_telling_values,
    list_comparisons,
)
from backtriage.conditions import Facts, evaluate
from backtriage.model import (
    ADVICES,
    AdviceId,
    Condition,
    Finding,
    How,
    RedFlag,
    Rules,
    Unresolved,
    Urgency,
    Value,
)
from backtriage.planes import Outcome, Planes, compile_kernel

_PLACES: Mapping[AdviceId, int] = {advice: place for place, advice in enumerate(ADVICES)}

HOME_CARE = Urgency(advice="home_care", within_days=None)


def rank(urgency: Urgency | RedFlag | Finding | Unresolved) -> tuple[int, int]:
    """A key that sorts by urgency, the least urgent first: the advice, then the deadline."""
    return _PLACES[urgency.advice], -(urgency.within_days or 0)


def choose_how(advice: AdviceId, *, needs_ambulance: bool) -> How:
    """The way to get the care that an advice asks for."""
    match advice:
        case "home_care":
            return "self_care"
        case "see_doctor_soon":
            return "doctor"
        case "seek_care_now":
            return "ambulance" if needs_ambulance else "emergency_department"


def read_call(rule_set: Rules, outcome: Outcome) -> bool | None:
    """Whether the answers of world 0 call for an ambulance in an emergency; None: not known."""
    if rule_set.ambulance is None:
        return False
    is_called, is_not = (plane & 1 for plane in outcome[-2:])
    return None if not is_called | is_not else bool(is_called)


@dataclass(frozen=True, slots=True)
class Status:
    """Which red flags are present and which are still open, each the most urgent first."""

    present: tuple[RedFlag, ...]
    open: tuple[RedFlag, ...]

    @classmethod
    def of(cls, red_flags: Iterable[RedFlag], facts: Facts) -> "Status":
        """Evaluate the red flags on these facts."""
        return cls.from_outcomes([(flag, evaluate(flag.when, facts)) for flag in red_flags])

    @classmethod
    def from_outcomes(cls, outcomes: Collection[tuple[RedFlag, bool | None]]) -> "Status":
        """Sort red flags that were evaluated: present (True), absent (False) or open (None)."""
        return cls(
            present=_most_urgent_first(flag for flag, outcome in outcomes if outcome is True),
            open=_most_urgent_first(flag for flag, outcome in outcomes if outcome is None),
        )

    @property
    def at_least(self) -> Urgency:
        """The urgency of what is present already."""
        return _urgency(self.present[:1])

    @property
    def at_most(self) -> Urgency:
        """The urgency if every open red flag should turn out to be present."""
        return max(self.at_least, _urgency(self.open[:1]), key=rank)

    @property
    def complete(self) -> bool:
        """Whether no open red flag can raise the urgency."""
        return self.at_least == self.at_most

    @property
    def advice(self) -> AdviceId | None:
        """The advice, or None while it is open."""
        return self.at_least.advice if self.at_least.advice == self.at_most.advice else None

    @property
    def within_days(self) -> int | None:
        """The deadline: None while it is open, and for home care."""
        return self.at_least.within_days if self.complete else None

    @property
    def decisive(self) -> tuple[RedFlag, ...]:
        """The open red flags that could still raise the urgency."""
        least = rank(self.at_least)
        return tuple(flag for flag in self.open if rank(flag) > least)


def find_status(rule_set: Rules, planes: Planes) -> Status:
    """Which red flags are present and open: what `Status.of` says of all of them, by the kernel.

    `planes` are those of one world, from `planes.hold_answers`.
    """
    return read_status(rule_set, compile_kernel(rule_set).run(1, planes))


def read_status(rule_set: Rules, outcome: Outcome) -> Status:
    """Which red flags are present and open in world 0 of those that the kernel looked at."""
    ranked = make_index(rule_set).ranked
    return Status(
        present=tuple([flag for flag, place in ranked if outcome[place] & 1]),
        open=tuple(
            [flag for flag, place in ranked if not (outcome[place] | outcome[place + 1]) & 1]
        ),
    )


def _most_urgent_first(red_flags: Iterable[RedFlag]) -> tuple[RedFlag, ...]:
    return tuple(sorted(red_flags, key=rank, reverse=True))


def _urgency(red_flags: tuple[RedFlag, ...]) -> Urgency:
    """The urgency of the first red flag, the most urgent; home care where there is none."""
    if not red_flags:
        return HOME_CARE
    return Urgency(advice=red_flags[0].advice, within_days=red_flags[0].within_days)


def find_affected(rule_set: Rules, question_id: str) -> tuple[RedFlag, ...]:
    """The red flags that a question bears on, also through the `ask_if` of another."""
    return _list_affected(rule_set)[question_id]


@lru_cache(maxsize=8)
def _list_affected(rule_set: Rules) -> Mapping[str, tuple[RedFlag, ...]]:
    affected: dict[str, tuple[RedFlag, ...]] = dict.fromkeys(rule_set.questions, ())
    for flag in rule_set.red_flags.values():
        for question_id in find_dependencies(flag.when, rule_set):
            affected[question_id] += (flag,)
    return affected


@dataclass(frozen=True, slots=True)
class Index:
    """The telling values of each question, and the order of the red flags.

    `ranked` has all red flags, the most urgent first, each with its place in what the kernel gives;
    `levels` has the same by urgency.
    """

    values: Mapping[str, tuple[Value, ...]]
    ranked: tuple[tuple[RedFlag, int], ...]
    levels: tuple[tuple[Urgency, tuple[tuple[str, int], ...]], ...]


@lru_cache(maxsize=8)
def make_index(rule_set: Rules) -> Index:
    """What is looked up of a rule set again and again; made on first use."""
    places = {name: 2 * number for number, name in enumerate(rule_set.red_flags)}
    ranked = [(flag, places[flag.id]) for flag in _most_urgent_first(rule_set.red_flags.values())]
    return Index(
        values=find_all_telling_values(rule_set),
        ranked=tuple(ranked),
        levels=tuple(
            (
                Urgency(advice=advice, within_days=within_days),
                tuple((flag.id, place) for flag, place in same),
            )
            for (advice, within_days), same in groupby(ranked, key=_urgency_of)
        ),
    )


def _urgency_of(ranked: tuple[RedFlag, int]) -> tuple[AdviceId, int]:
    return ranked[0].advice, ranked[0].within_days


def find_all_telling_values(
    rule_set: Rules, also: Iterable[Condition] = ()
) -> dict[str, tuple[Value, ...]]:
    """By question: one value for each way in which the conditions that decide can come out.

    So can those that are given beside them.
    """
    comparisons = {name: [*known] for name, known in find_comparisons(rule_set).items()}
    for condition in also:
        for comparison in list_comparisons(condition, rule_set.definitions):
            comparisons[comparison.question].append(comparison)
    return {
        name: find_telling_values(question, comparisons[name])
        for name, question in rule_set.questions.items()
    }
