"""What a person would write for DuckDB in the place of `export sql`:
once in a hurry, and once with the same result.
"""

from collections.abc import Callable, Iterable
from typing import assert_never

from backtriage.model import (
    AllOf,
    AnyOf,
    AtLeast,
    Between,
    Choice,
    Condition,
    Defined,
    Not,
    Number,
    OneOf,
    Question,
    RedFlag,
    RuleSet,
    YesNo,
)
from benchmarks.translate import SQL, written

NOW, SOON, HOME = "seek_care_now", "see_doctor_soon", "home_care"


def two_valued(rule_set: RuleSet, table: str) -> str:
    """For a complete table alone: unknown is no.

    The same advice, deadline and findings, and nothing else.
    """
    flags = _by_urgency(rule_set)
    columns = ", ".join(f'{written(flag.when, rule_set, SQL)} AS "{flag.id}"' for flag in flags)
    urgent, soon = (_any(flag for flag in flags if flag.advice == advice) for advice in (NOW, SOON))
    days = sorted({flag.within_days for flag in flags})
    deadline = " ".join(
        f"WHEN {_any(flag for flag in flags if flag.within_days == day)} THEN {day}" for day in days
    )
    findings = ", ".join(f"CASE WHEN \"{flag.id}\" THEN ',{flag.id}' ELSE '' END" for flag in flags)
    advice = f"CASE WHEN {urgent} THEN '{NOW}' WHEN {soon} THEN '{SOON}' ELSE '{HOME}' END"
    return (
        f"SELECT patient_id, {advice} AS advice, CASE {deadline} END AS within_days, "
        f"substr(concat({findings}), 2) AS findings "
        f"FROM (SELECT patient_id, {columns} FROM {table})"
    )


def three_valued(rule_set: RuleSet, table: str) -> str:
    """For any table of the words that are known:
    the same result as `export sql`, but for `not_understood`.
    """
    flags = _by_urgency(rule_set)
    questions = rule_set.questions.values()
    conditions = _Conditions(rule_set)
    coded = ", ".join(f'{_coded(question)} AS "{question.id}"' for question in questions)
    known = ", ".join(
        f'{_known(question, conditions)} AS "{question.id}"' for question in questions
    )
    defined = "".join(
        f', {conditions.write(of)} AS "{name}"' for name, of in rule_set.definitions.items()
    )
    named = _Conditions(rule_set, by_name=True)
    present = ", ".join(f'{named.write(flag.when)} AS "{flag.id}"' for flag in flags)
    urgencies = list(dict.fromkeys((flag.advice, flag.within_days) for flag in reversed(flags)))
    soons = len(urgencies) - 1

    def place(holds: Callable[[RedFlag], str]) -> str:
        """Where the most urgent red flag stands that something holds for;
        0 if it holds for none.
        """
        branches = ""
        for number, urgency in reversed(list(enumerate(urgencies, 1))):
            equals = [flag for flag in flags if (flag.advice, flag.within_days) == urgency]
            branches += f"WHEN {' OR '.join(map(holds, equals))} THEN {number} "
        return f"CASE {branches}ELSE 0 END"

    def advice(at: str) -> str:
        return (
            f"CASE WHEN {at} > {soons} THEN '{NOW}' WHEN {at} > 0 THEN '{SOON}' ELSE '{HOME}' END"
        )

    def days(at: str) -> str:
        branches = (f"WHEN {number} THEN {day}" for number, (_, day) in enumerate(urgencies, 1))
        return f"CASE {at} {' '.join(branches)} END"

    def ids(holds: Callable[[RedFlag], str]) -> str:
        texts = (f"CASE WHEN {holds(flag)} THEN '{flag.id}' END" for flag in flags)
        return f"concat_ws(',', {', '.join(texts)})"

    return f"""
        WITH coded AS (SELECT patient_id, {coded} FROM {table}),
        known AS (SELECT patient_id, {known} FROM coded),
        defined AS (SELECT *{defined} FROM known),
        red_flags AS (SELECT patient_id, {present} FROM defined),
        urgency AS (
            SELECT *, {place(_is)} AS low, greatest({place(_is)}, {place(_is_open)}) AS high
            FROM red_flags
        )
        SELECT
            patient_id,
            CASE WHEN {advice("low")} = {advice("high")} THEN {advice("low")} END AS advice,
            CASE WHEN low = high THEN {days("low")} END AS within_days,
            low = high AS complete,
            {advice("low")} AS at_least, {days("low")} AS at_least_within_days,
            {advice("high")} AS at_most, {days("high")} AS at_most_within_days,
            {ids(_is)} AS findings, {ids(_is_open)} AS unresolved
        FROM urgency
    """


class _Conditions:
    """Writes conditions over coded columns:
    BOOLEAN for yes/no, '' for a choice that does not apply.
    """

    def __init__(self, rule_set: RuleSet, *, by_name: bool = False) -> None:
        self.rule_set = rule_set
        self.by_name = by_name

    def write(self, condition: Condition) -> str:
        match condition:
            case OneOf(question, values):
                if isinstance(self.rule_set.questions[question], YesNo):
                    return f'"{question}"' if "yes" in values else f'NOT "{question}"'
                return f'"{question}" IN ({", ".join(map(repr, values))})'
            case Between():
                return self._between(condition)
            case Defined(name):
                return f'"{name}"' if self.by_name else self.write(self.rule_set.definitions[name])
            case Not(of):
                return f"NOT ({self.write(of)})"
            case AllOf(of):
                return f"({' AND '.join(map(self.write, of))})"
            case AnyOf(of):
                return f"({' OR '.join(map(self.write, of))})"
            case AtLeast(count, of):
                true = " + ".join(f"CASE WHEN {self.write(part)} THEN 1 ELSE 0 END" for part in of)
                false = " + ".join(
                    f"CASE WHEN NOT ({self.write(part)}) THEN 1 ELSE 0 END" for part in of
                )
                holds = f"WHEN {true} >= {count} THEN true"
                return f"CASE {holds} WHEN {false} > {len(of) - count} THEN false END"
            case _:
                assert_never(condition)

    def _between(self, condition: Between) -> str:
        bounds = ((">=", condition.at_least), ("<", condition.below))
        within = " AND ".join(
            f'"{condition.question}" {sign} {bound:g}'
            for sign, bound in bounds
            if bound is not None
        )
        ask_if = self.rule_set.questions[condition.question].ask_if
        if ask_if is None:
            return f"({within})"
        return f"coalesce({within}, CASE WHEN NOT ({self.write(ask_if)}) THEN false END)"


def _coded(question: Question) -> str:
    """What an answer counts as."""
    column = f'"{question.id}"'
    if isinstance(question, YesNo):
        unsure = "true" if question.not_sure == "yes" else "false"
        known = "WHEN 'no' THEN false WHEN 'yes' THEN true"
        return f"CASE {column} {known} WHEN 'not sure' THEN {unsure} END"
    if isinstance(question, Choice):
        return f"CASE {column} WHEN 'not sure' THEN '{question.not_sure}' ELSE {column} END"
    return column


def _known(question: Question, conditions: _Conditions) -> str:
    """What is known of a question that need not be asked: no."""
    if question.ask_if is None or isinstance(question, Number):
        return f'"{question.id}"'
    no = "''" if isinstance(question, Choice) else "false"
    need_not_be_asked = f"NOT ({conditions.write(question.ask_if)})"
    return f'coalesce("{question.id}", CASE WHEN {need_not_be_asked} THEN {no} END)'


def _by_urgency(rule_set: RuleSet) -> list[RedFlag]:
    return sorted(
        rule_set.red_flags.values(),
        key=lambda flag: (flag.advice == NOW, -flag.within_days),
        reverse=True,
    )


def _any(flags: Iterable[RedFlag]) -> str:
    return " OR ".join(f'"{flag.id}"' for flag in flags)


def _is(flag: RedFlag) -> str:
    return f'"{flag.id}"'


def _is_open(flag: RedFlag) -> str:
    return f'"{flag.id}" IS NULL'
