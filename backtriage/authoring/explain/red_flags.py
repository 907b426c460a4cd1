"""(red flag, Authored, cases) -> what an author wants to know of it.

Its condition in words, the questions that it rests on, its boundaries, sources and cases.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from backtriage.answers import describe_not_sure
from backtriage.authoring.explain.in_short import Where, build_where, find_where
from backtriage.condition_parts import find_dependencies, list_comparisons
from backtriage.conditions import Facts, evaluate, is_in_range
from backtriage.loader.authored import Authored
from backtriage.loader.condition_writer import build_condition_data
from backtriage.model import Between, Case, Number, RedFlag, RuleSet, Source
from backtriage.report.condition_words import describe_bounds, describe_condition
from backtriage.report.layout import Phrase
from backtriage.report.words import describe_urgency
from backtriage.status import rank
from backtriage.units import describe_quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """A question that bears on a red flag.

    `asked` is its `ask_if` in words, None where it is always asked; `direct` is False if only the
    `ask_if` of another question names it.
    """

    id: str
    label: str
    not_sure: str
    asked: Phrase | None
    direct: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A number near a bound, and whether the comparison holds there."""

    value: float
    words: str
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """A comparison of a number, tried at and around each of its bounds."""

    question: str
    words: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseUse:
    """A case that expects something of the red flag by name."""

    id: str
    note: str
    where: Where


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectations:
    """The cases that name a red flag, by what they expect of it."""

    findings: tuple[CaseUse, ...]
    absent: tuple[CaseUse, ...]
    unresolved: tuple[CaseUse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Another red flag that is present in `cases` of the cases with this one.

    `outranks`: it is more urgent than this one.
    """

    id: str
    urgency: str
    cases: int
    outranks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlagExplained:
    """A red flag in words.

    `when` is its condition as data and `condition` the same in words. `present_in` is the number
    of cases in which it is present, named there or not, and `together` what else is present there.
    """

    sort: Literal["red flag"] = "red flag"
    id: str
    area: str
    where: Where
    advice: str
    within_days: int
    urgency: str
    suspect: str
    suspicion: str
    because: str
    rationale: str | None
    when: dict[str, Any]
    condition: Phrase
    questions: tuple[Dependence, ...]
    boundaries: tuple[Boundary, ...]
    sources: tuple[Source, ...]
    cases: Expectations
    present_in: int
    together: tuple[Company, ...]


def explain_red_flag(flag: RedFlag, authored: Authored, cases: Iterable[Case]) -> RedFlagExplained:
    """Explain a red flag of the rule set; the cases tell what else is present with it."""
    rule_set, cases = authored.rule_set, tuple(cases)
    everybody = [Facts(rule_set, case.answers) for case in cases]
    with_it = [facts for facts in everybody if evaluate(flag.when, facts) is True]
    return RedFlagExplained(
        id=flag.id,
        area=next(area.id for area in rule_set.areas if flag in area.red_flags),
        where=find_where(authored, ("red flag", flag.id)),
        advice=flag.advice,
        within_days=flag.within_days,
        urgency=describe_urgency(flag, rule_set),
        suspect=flag.suspect,
        suspicion=rule_set.suspicions[flag.suspect],
        because=flag.because,
        rationale=flag.rationale,
        when=build_condition_data(flag.when),
        condition=describe_condition(flag.when, rule_set, write_out=True),
        questions=tuple(_dependences(flag, rule_set)),
        boundaries=tuple(_boundaries(flag, rule_set)),
        sources=tuple(rule_set.sources[name] for name in flag.sources),
        cases=_expectations(flag.id, cases, authored),
        present_in=len(with_it),
        together=_company(flag, with_it, rule_set),
    )


def _expectations(name: str, cases: tuple[Case, ...], authored: Authored) -> Expectations:
    def use(case: Case) -> CaseUse:
        where = build_where(case.file, case.line, authored)
        return CaseUse(id=case.id, note=case.note, where=where)

    return Expectations(
        findings=tuple(use(case) for case in cases if name in case.expected.findings),
        absent=tuple(use(case) for case in cases if name in case.expected.absent),
        unresolved=tuple(use(case) for case in cases if name in case.expected.unresolved),
    )


def _dependences(flag: RedFlag, rule_set: RuleSet) -> Iterator[Dependence]:
    comparisons = list_comparisons(flag.when, rule_set.definitions)
    direct = {comparison.question for comparison in comparisons}
    bearing = find_dependencies(flag.when, rule_set)
    for name, question in rule_set.questions.items():
        if name in bearing:
            yield Dependence(
                id=name,
                label=question.label,
                not_sure=describe_not_sure(question),
                asked=describe_condition(question.ask_if, rule_set) if question.ask_if else None,
                direct=name in direct,
            )


def _boundaries(flag: RedFlag, rule_set: RuleSet) -> Iterator[Boundary]:
    for comparison in dict.fromkeys(list_comparisons(flag.when, rule_set.definitions)):
        if isinstance(comparison, Between):
            question = rule_set.questions[comparison.question]
            assert isinstance(question, Number)
            bounds = describe_bounds(question, comparison.at_least, comparison.below)
            yield Boundary(
                question=question.id,
                words=f"{question.label}: {bounds}",
                points=tuple(_points(question, comparison)),
            )


def _points(question: Number, comparison: Between) -> Iterator[Point]:
    """The bounds and their neighbours that somebody can answer, in order."""
    step = _step(question, comparison)
    ends = (comparison.at_least, comparison.below)
    near = {  # rounded, since 37.7 + 0.1 is 37.800000000000004
        round(bound + move, 6) for bound in ends if bound is not None for move in (-step, 0, step)
    }
    for value in sorted(value for value in near if question.minimum <= value <= question.maximum):
        holds = is_in_range(value, comparison.at_least, comparison.below) is True
        yield Point(value=value, words=describe_quantity(value, question.unit), holds=holds)


def _step(question: Number, comparison: Between) -> float:
    """How finely people answer.

    A temperature to a tenth, all else by whole numbers if the bounds are whole.
    """
    bounds = (comparison.at_least, comparison.below)
    whole = all(bound is None or bound == int(bound) for bound in bounds)
    return 1 if whole and question.unit not in ("C", "F") else 0.1


def _company(flag: RedFlag, with_it: list[Facts], rule_set: RuleSet) -> tuple[Company, ...]:
    """What else is present where the red flag is, the most frequent and then urgent first."""
    company = []
    for other in sorted(rule_set.red_flags.values(), key=rank, reverse=True):
        cases = sum(evaluate(other.when, facts) is True for facts in with_it)
        if other is not flag and cases:
            urgency = describe_urgency(other, rule_set)
            outranks = rank(other) > rank(flag)
            company.append(Company(id=other.id, urgency=urgency, cases=cases, outranks=outranks))
    return tuple(sorted(company, key=lambda other: -other.cases))
