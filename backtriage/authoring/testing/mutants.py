"""RuleSet -> mutants of it: rule sets that differ from it in one small mistake each.

No mutant is one that the loader would refuse, such as a comparison that always holds. Only what the
red flags rest on is changed: what the wording of an advice rests on alone, no case can tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from backtriage.answers import describe_answer
from backtriage.authoring.dependencies import list_conditions
from backtriage.authoring.testing.edits import EditKind, list_edits
from backtriage.loader.authored import Part
from backtriage.loader.condition_writer import write_condition
from backtriage.model import Area, Condition, Number, Question, RedFlag, RuleSet, Value
from backtriage.status import find_all_telling_values

Kind: TypeAlias = (
    EditKind | Literal["advice", "deadline", "red flag removed", "not sure", "ask_if removed"]
)
"""What kind of mistake was made."""

DEADLINES = (0, 1, 2, 3, 7, 14, 28)
"""Deadlines in days that a mistake may lead to, beside those that the rule set has."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule set with one mistake in a part, and what the mistake is, in words."""

    part: Part
    kind: Kind
    change: str
    rule_set: RuleSet


_Subject: TypeAlias = RedFlag | Question | Condition
"""What a part is: the red flag, the question, or the condition that a definition stands for."""

_Change: TypeAlias = tuple[Kind, str, _Subject | None]
"""The kind, the words, and what stands in the place of the part; None: nothing."""


def list_mutants(rule_set: RuleSet) -> Iterator[Mutant]:
    """Every mutant once, in the order of the red flags and of what each of them rests on."""
    deadlines = sorted({*DEADLINES, *(flag.within_days for flag in rule_set.red_flags.values())})
    values = find_all_telling_values(rule_set)
    for part in list_conditions(rule_set):
        sort, name = part
        before: _Subject
        if sort == "red flag":
            before = rule_set.red_flags[name]
            changes = _change_red_flag(before, rule_set, deadlines)
        elif sort == "question":
            before = rule_set.questions[name]
            changes = _change_question(before, rule_set, values[name])
        else:
            before = rule_set.definitions[name]
            changes = _change_definition(before, rule_set)
        yield from _build_mutants(part, before, changes, rule_set)


def _build_mutants(
    part: Part, before: _Subject, changes: Iterator[_Change], rule_set: RuleSet
) -> Iterator[Mutant]:
    """Two mistakes may come to the same; one of them is enough."""
    seen: set[_Subject | None] = {before}
    for kind, change, after in changes:
        if after not in seen:
            seen.add(after)
            mutated = _change_rule_set(rule_set, part[1], before, after)
            yield Mutant(part, kind, change, mutated)


def _change_red_flag(flag: RedFlag, rule_set: RuleSet, deadlines: list[int]) -> Iterator[_Change]:
    """No such flag, another advice, another deadline, or a mistake in its condition."""
    if len(rule_set.red_flags) > 1:  # the loader wants one
        yield "red flag removed", "the red flag was removed", None
    if flag.advice == "seek_care_now":
        milder = replace(flag, advice="see_doctor_soon")
        yield "advice", "seek_care_now became see_doctor_soon today", milder
    else:
        more_urgent = replace(flag, advice="seek_care_now", within_days=0)
        yield "advice", "see_doctor_soon became seek_care_now", more_urgent
        for days in _next_to(flag.within_days, deadlines):
            changed = replace(flag, within_days=days)
            yield "deadline", f"within_days: {flag.within_days} became {days}", changed
    for edit in list_edits(flag.when, rule_set):
        yield edit.kind, edit.change, replace(flag, when=edit.condition)


def _next_to(days: int, deadlines: list[int]) -> list[int]:
    """The next shorter and the next longer of the deadlines, which are sorted."""
    place = deadlines.index(days)
    return [*deadlines[:place][-1:], *deadlines[place + 1 :][:1]]


def _change_question(
    question: Question, rule_set: RuleSet, values: tuple[Value, ...]
) -> Iterator[_Change]:
    """Another "not sure", no `ask_if`, or one with a mistake in it."""
    for value in _list_other_not_sure(question, values):
        before, after = _as_yaml(question, question.not_sure), _as_yaml(question, value)
        other = replace(question, not_sure=value)  # type: ignore[arg-type]
        yield "not sure", f"not_sure: {before} became {after}", other
    if question.ask_if is not None:
        change = f"the ask_if was removed: {write_condition(question.ask_if, rule_set)}"
        yield "ask_if removed", change, replace(question, ask_if=None)
        for edit in list_edits(question.ask_if, rule_set):
            yield edit.kind, f"in ask_if, {edit.change}", replace(question, ask_if=edit.condition)


def _list_other_not_sure(question: Question, values: tuple[Value, ...]) -> list[Value]:
    """The telling values of a question that "not sure" does not count as yet.

    None where "not sure" is refused.
    """
    if question.not_sure is None:
        return []
    if not isinstance(question, Number):
        return [value for value in values if value != question.not_sure]
    not_sure = question.not_sure
    alike = max(value for value in values if not isinstance(value, str) and value <= not_sure)
    return [value for value in values if value != alike]


def _as_yaml(question: Question, value: Value | None) -> str:
    """A value as it could stand in YAML: the id of an option, not its label."""
    return describe_answer(question, value) if isinstance(value, int | float) else str(value)


def _change_definition(definition: Condition, rule_set: RuleSet) -> Iterator[_Change]:
    for edit in list_edits(definition, rule_set):
        yield edit.kind, edit.change, edit.condition


# The changed rule set -----------------------------------------------------------------------------


def _change_rule_set(
    rule_set: RuleSet, name: str, before: _Subject, after: _Subject | None
) -> RuleSet:
    """The rule set with one part changed. It has no hash, as it stands in no file."""
    areas = tuple(_change_area(area, name, before, after) for area in rule_set.areas)
    return replace(rule_set, areas=areas, hash="")


def _change_area(area: Area, name: str, before: _Subject, after: _Subject | None) -> Area:
    """The area with the part changed if it is there; `name` says which definition it is."""
    if isinstance(before, RedFlag):
        flags = (after if flag is before else flag for flag in area.red_flags)
        return replace(area, red_flags=tuple(flag for flag in flags if isinstance(flag, RedFlag)))
    if isinstance(before, Question):
        questions = (after if question is before else question for question in area.questions)
        kept = tuple(question for question in questions if isinstance(question, Question))
        return replace(area, questions=kept)
    if area.definitions.get(name) is not before:
        return area
    return replace(area, definitions={**area.definitions, name: after})  # type: ignore[dict-item]
