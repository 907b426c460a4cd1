"""(Authored, cases) -> issues of its parts: unused, untested, repeated or in the wrong order."""

from collections.abc import Collection, Iterator
from typing import assert_never

from backtriage.authoring.codes import EXCUSABLE
from backtriage.condition_parts import find_dependencies, list_advice_conditions, list_names
from backtriage.errors import Issue, suggest_nearest
from backtriage.loader.authored import Authored, Part
from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Case,
    Condition,
    Defined,
    Not,
    OneOf,
    RuleSet,
    YesNo,
)

_WAYS = {"findings": "present", "absent": "absent", "unresolved": "unresolved"}
"""What a case can expect of a red flag: the key, and what it means."""


def check_structure(authored: Authored, cases: Collection[Case]) -> Iterator[Issue]:
    """Every issue of every part."""
    for part, code, message in _unused(authored.rule_set):
        yield authored.build_issue(part, code, message, "use it, or remove it")
    yield from _unused_suspicions(authored)
    yield from _unchecked(authored)
    yield from _untested(authored, cases)
    yield from _repeated(authored)
    yield from _late_emergencies(authored)
    yield from _unknown_excuses(authored)


def _unused(rule_set: RuleSet) -> Iterator[tuple[Part, str, str]]:
    """Questions, definitions and sources that nothing uses, each with the code and the message."""
    used = [*(flag.when for flag in rule_set.red_flags.values()), *list_advice_conditions(rule_set)]
    asked = {question for condition in used for question in find_dependencies(condition, rule_set)}
    for name in rule_set.questions.keys() - asked:
        yield ("question", name), "unused-question", "no red flag and no advice uses this question"
    named = {name for _, condition in _conditions(rule_set) for name in list_names(condition)}
    for name in rule_set.definitions.keys() - named:
        yield ("definition", name), "unused-definition", "nothing uses this definition"
    cited = {source for flag in rule_set.red_flags.values() for source in flag.sources}
    for name in rule_set.sources.keys() - cited - set(rule_set.emergency_numbers.sources):
        yield ("source", name), "uncited-source", "nothing cites this source"


def _conditions(rule_set: RuleSet) -> Iterator[tuple[Part, Condition]]:
    """Every condition, and the part that it belongs to."""
    for flag in rule_set.red_flags.values():
        yield ("red flag", flag.id), flag.when
    for question in rule_set.questions.values():
        if question.ask_if:
            yield ("question", question.id), question.ask_if
    for name, condition in rule_set.definitions.items():
        yield ("definition", name), condition
    for condition in list_advice_conditions(rule_set):
        yield ("rule set", rule_set.id), condition


def _unused_suspicions(authored: Authored) -> Iterator[Issue]:
    suspected = {flag.suspect for flag in authored.rule_set.red_flags.values()}
    for name in authored.rule_set.suspicions.keys() - suspected:
        yield authored.build_issue(
            ("rule set", authored.rule_set.id),
            "unused-suspicion",
            f'no red flag suspects "{name}"',
            "use it, or remove it",
            at=("suspicions", name),
        )


def _unchecked(authored: Authored) -> Iterator[Issue]:
    """Where doubt counts as the worst, there is something to do about the doubt first."""
    for question in authored.rule_set.questions.values():
        if not isinstance(question, YesNo) or question.background or question.list:
            continue
        if question.check is None and question.not_sure == question.worse:
            message = f'"not sure" counts as {question.not_sure} here, without a second look'
            way_out = 'add a "check": what one can do now to find out, and the question once more'
            yield authored.build_issue(("question", question.id), "no-check", message, way_out)


def _untested(authored: Authored, cases: Collection[Case]) -> Iterator[Issue]:
    """A red flag needs a patient who has it, one who just misses it, and one who leaves it open."""
    expected = {
        key: {flag for case in cases for flag in getattr(case.expected, key)} for key in _WAYS
    }
    for name in authored.rule_set.red_flags:
        missing = [way for key, way in _WAYS.items() if name not in expected[key]]
        if missing:
            message = f"no case expects this red flag to be {' or '.join(missing)}"
            way_out = "add one to the folder cases/"
            yield authored.build_issue(("red flag", name), "no-case", message, way_out)


def _repeated(authored: Authored) -> Iterator[Issue]:
    for part, condition in _conditions(authored.rule_set):
        if _repeats(condition):
            message = "the same condition stands here twice"
            yield authored.build_issue(part, "repeated-part", message, "remove one")


def _repeats(condition: Condition) -> bool:
    """Whether some of its parts are the same."""
    match condition:
        case OneOf() | Between() | Defined():
            return False
        case Not(of):
            return _repeats(of)
        case AllOf(of) | AnyOf(of) | AtLeast(_, of):
            return len(set(of)) < len(of) or any(map(_repeats, of))
        case _:
            assert_never(condition)


def _late_emergencies(authored: Authored) -> Iterator[Issue]:
    """Every area with an emergency stands before every area without.

    So an emergency is found first, and whoever gives up early has been asked what matters most.
    """
    asked = [area for area in authored.rule_set.areas if area.questions]
    urgent = [any(flag.advice == "seek_care_now" for flag in area.red_flags) for area in asked]
    for place, area in enumerate(asked):
        if not urgent[place] and any(urgent[place:]):
            later = asked[urgent.index(True, place)].id
            message = f'this area has no emergencies, but is asked before "{later}", which has'
            yield authored.build_issue(
                ("area", area.id), "late-emergencies", message, "move it down in ruleset.yaml"
            )


def _unknown_excuses(authored: Authored) -> Iterator[Issue]:
    # By place, since an excuse in an area is also that of each of its definitions.
    each = {
        excuse.place: (code, excuse)
        for excuses in authored.excuses.values()
        for code, excuse in excuses.items()
    }
    for code, excuse in each.values():
        if code not in EXCUSABLE:
            message = f'there is no issue "{code}" that could be excused'
            way_out = suggest_nearest(code, EXCUSABLE)
            yield excuse.place.build_issue("unknown-excuse", message, way_out)
