"""(RuleSet, cases) -> Overview -> text or JSON.

Its red flags by area, and how many there are of everything.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from backtriage.errors import make_printable
from backtriage.model import Area, Case, RedFlag, RuleSet
from backtriage.report.layout import lay_out_heading, lay_out_item, wrap_text
from backtriage.report.words import count_noun, describe_urgency
from backtriage.status import rank
from backtriage.strict_json import write_json


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagRow:
    """A red flag in short; `cases` is the number of cases that expect something of it by name."""

    id: str
    advice: str
    within_days: int
    urgency: str
    suspect: str
    sources: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaRows:
    """An area with its red flags, in the order of the file."""

    id: str
    title: str
    red_flags: tuple[FlagRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyCount:
    """How many red flags have this advice and deadline."""

    advice: str
    within_days: int
    urgency: str
    red_flags: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How many there are of everything."""

    areas: int
    questions: int
    red_flags: int
    suspicions: int
    sources: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What `rules list` tells of a rule set; `urgencies` has the most urgent first."""

    id: str
    version: str
    title: str
    areas: tuple[AreaRows, ...]
    totals: Totals
    urgencies: tuple[UrgencyCount, ...]


def build_overview(rule_set: RuleSet, cases: Iterable[Case]) -> Overview:
    """Count and list what the rule set has; the cases are counted for the red flags they name."""
    cases = tuple(cases)
    naming = Counter(flag for case in cases for flag in list_named(case))
    return Overview(
        id=rule_set.id,
        version=rule_set.version,
        title=rule_set.title,
        areas=tuple(_area(area, naming, rule_set) for area in rule_set.areas),
        totals=Totals(
            areas=len(rule_set.areas),
            questions=len(rule_set.questions),
            red_flags=len(rule_set.red_flags),
            suspicions=len(rule_set.suspicions),
            sources=len(rule_set.sources),
            cases=len(cases),
        ),
        urgencies=_urgencies(rule_set),
    )


def list_named(case: Case) -> set[str]:
    """The red flags of which a case expects something by name."""
    return {*case.expected.findings, *case.expected.absent, *case.expected.unresolved}


def _area(area: Area, naming: Counter[str], rule_set: RuleSet) -> AreaRows:
    rows = tuple(_row(flag, naming[flag.id], rule_set) for flag in area.red_flags)
    return AreaRows(id=area.id, title=area.title, red_flags=rows)


def _row(flag: RedFlag, cases: int, rule_set: RuleSet) -> FlagRow:
    return FlagRow(
        id=flag.id,
        advice=flag.advice,
        within_days=flag.within_days,
        urgency=describe_urgency(flag, rule_set),
        suspect=flag.suspect,
        sources=len(flag.sources),
        cases=cases,
    )


def _urgencies(rule_set: RuleSet) -> tuple[UrgencyCount, ...]:
    """The red flags counted by urgency, the most urgent first."""
    groups: dict[tuple[int, int], list[RedFlag]] = {}
    for flag in sorted(rule_set.red_flags.values(), key=rank, reverse=True):
        groups.setdefault(rank(flag), []).append(flag)
    return tuple(
        UrgencyCount(
            advice=flags[0].advice,
            within_days=flags[0].within_days,
            urgency=describe_urgency(flags[0], rule_set),
            red_flags=len(flags),
        )
        for flags in groups.values()
    )


def render_json(overview: Overview) -> str:
    """The overview as one JSON object."""
    return write_json(overview, indent=2) + "\n"


def render_text(overview: Overview, width: int) -> str:
    """The overview for a reader, in lines of at most `width` characters."""
    title = f"{overview.title} ({overview.id} {overview.version})"
    lines = lay_out_heading(title, "=", width)
    for area in overview.areas:
        lines += ["", *lay_out_heading(f"{area.title} ({area.id})", "-", width)]
        rows = [line for row in area.red_flags for line in _lines(row, width)]
        lines += rows or ["No red flags."]
    totals = dataclasses.asdict(overview.totals)
    lines += ["", *lay_out_heading("In total", "-", width), *_table(totals.items())]
    lines += ["", *lay_out_heading("Red flags by advice", "-", width)]
    lines += _table((count.urgency, count.red_flags) for count in overview.urgencies)
    return make_printable("\n".join(lines) + "\n")


def _lines(row: FlagRow, width: int) -> Iterator[str]:
    yield from wrap_text(row.id, width)
    sources, cases = count_noun(row.sources, "source"), count_noun(row.cases, "case")
    details = f"{row.urgency}; {row.suspect}; {sources}, {cases}"
    yield from lay_out_item(details, width, "  ")


def _table(rows: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Numbers first, so that nothing needs to be lined up behind words of any length."""
    shown = [(f"{number:,}", name.replace("_", " ")) for name, number in rows]
    longest = max(len(number) for number, _ in shown)
    return (f"{number:>{longest}}  {name}" for number, name in shown)
