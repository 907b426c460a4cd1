"""(Authored, cases, red flag) -> what an author wants to know of it: condition, boundaries, sources, cases."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from backtriage.answers import describe_not_sure
from backtriage.conditions import Facts, evaluate, find_dependencies, is_in_range, list_comparisons
from backtriage.engine import rank
from backtriage.loader.authored import Authored
from backtriage.loader.condition_writer import build_condition_data
from backtriage.model import Between, Case, Number, RedFlag, RuleSet, Source
from backtriage.report.condition_words import describe_bounds, describe_condition
from backtriage.report.layout import Phrase
from backtriage.report.words import describe_urgency
from backtriage.units import describe_quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The place of a part; `near` is the file as seen from the folder of the rule set."""

    file: str
    line: int
    near: str

    def __str__(self) -> str:
        return f"{self.near}:{self.line}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependence:
    """A question that bears on a red flag; `direct` is False if only the `ask_if` of another question names it."""

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
    """Another red flag that is present in `cases` of the cases with this one."""

    id: str
    urgency: str
    cases: int
    outranks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RedFlagExplained:
    """A red flag in words. `present_in` is the number of cases in which it is present, named there or not."""

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
    """Explain a red flag; the cases tell what else fires with it."""
    rule_set, cases = authored.rule_set, tuple(cases)
    present_in, together = _company(flag, cases, rule_set)
    return RedFlagExplained(
        id=flag.id,
        area=next(area.id for area in rule_set.areas if flag in area.red_flags),
        where=find_place(authored, "red flag", flag.id),
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
        present_in=present_in,
        together=together,
    )


def find_place(authored: Authored, sort: str, name: str) -> Where:
    """Where a part stands."""
    place = authored.places[sort, name]
    return _where(place.file, place.line, authored)


def _where(file: str, line: int, authored: Authored) -> Where:
    return Where(file=file, line=line, near=file.removeprefix(str(authored.folder)).lstrip("/\\"))


def _expectations(name: str, cases: tuple[Case, ...], authored: Authored) -> Expectations:
    return Expectations(
        findings=tuple(_use(case, authored) for case in cases if name in case.expected.findings),
        absent=tuple(_use(case, authored) for case in cases if name in case.expected.absent),
        unresolved=tuple(
            _use(case, authored) for case in cases if name in case.expected.unresolved
        ),
    )


def _use(case: Case, authored: Authored) -> CaseUse:
    return CaseUse(id=case.id, note=case.note, where=_where(case.file, case.line, authored))


def _dependences(flag: RedFlag, rule_set: RuleSet) -> Iterator[Dependence]:
    direct = {atom.question for atom in list_comparisons(flag.when, rule_set.definitions)}
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
    for atom in dict.fromkeys(list_comparisons(flag.when, rule_set.definitions)):
        if isinstance(atom, Between):
            question = rule_set.questions[atom.question]
            assert isinstance(question, Number)
            yield Boundary(
                question=question.id,
                words=f"{question.label}: {describe_bounds(question, atom.at_least, atom.below)}",
                points=tuple(_points(question, atom)),
            )


def _points(question: Number, atom: Between) -> Iterator[Point]:
    """The bounds and their neighbours that somebody can answer, in order."""
    step = _step(question, atom)
    bounds = [bound for bound in (atom.at_least, atom.below) if bound is not None]
    near = {round(bound + move, 6) for bound in bounds for move in (-step, 0, step)}
    for value in sorted(value for value in near if question.minimum <= value <= question.maximum):
        holds = is_in_range(value, atom.at_least, atom.below) is True
        yield Point(value=value, words=describe_quantity(value, question.unit), holds=holds)


def _step(question: Number, atom: Between) -> float:
    """How finely people answer: a temperature to a tenth, all else by whole numbers if the bounds are whole."""
    whole = all(bound is None or bound == int(bound) for bound in (atom.at_least, atom.below))
    return 1 if whole and question.unit not in ("C", "F") else 0.1


def _company(
    flag: RedFlag, cases: Iterable[Case], rule_set: RuleSet
) -> tuple[int, tuple[Company, ...]]:
    """In how many cases it is present, and what is present there besides, the most frequent and then urgent first."""
    everybody = (Facts(rule_set, case.answers) for case in cases)
    with_it = [facts for facts in everybody if evaluate(flag.when, facts) is True]
    others = [other for other in rule_set.red_flags.values() if other is not flag]
    times = Counter(
        {
            other.id: sum(evaluate(other.when, facts) is True for facts in with_it)
            for other in others
        }
    )
    present = sorted((other for other in others if times[other.id]), key=rank, reverse=True)
    company = (
        Company(
            id=other.id,
            urgency=describe_urgency(other, rule_set),
            cases=times[other.id],
            outranks=rank(other) > rank(flag),
        )
        for other in sorted(present, key=lambda other: times[other.id], reverse=True)
    )
    return len(with_it), tuple(company)
