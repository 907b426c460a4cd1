"""(RuleSet, Table) -> the steps of the query, each of them a SELECT that reads the one before.

answers:   what was given to each question, as what it counts as
known:     what is known of each question: one that does not apply counts too
defined:   the definitions, beside the questions
red_flags: the red flags: TRUE, FALSE, or NULL while they are open
urgency:   how urgent what is present is, and what is open
and at the end the columns of OUTCOME.
"""

from collections.abc import Iterable, Iterator, Sequence

from backtriage.model import AdviceId, Question, RuleSet
from backtriage.status import HOME_CARE, choose_how, make_index, rank
from backtriage.tables.sql.coding import code_column, write_given, write_nothing
from backtriage.tables.sql.conditions import Conditions, Reference, write_known
from backtriage.tables.sql.names import InnerNames
from backtriage.tables.sql.table import OUTCOME, Table
from backtriage.tables.sql.text import (
    write_any,
    write_case,
    write_comment,
    write_concat,
    write_name,
    write_text,
)

_GROUP = 12
"""So many red flags are looked at together before their ids are written down; measured."""

# Names of columns within the query. No id begins with a low line, so they are never those of a
# question, a definition or a red flag.
_NOT_UNDERSTOOD = '"_not_understood"'
_PRESENT = '"_present"'
_OPEN = '"_open"'
_CALLED = '"_called"'
_HIGH = f"GREATEST({_PRESENT}, {_OPEN})"
"""The most urgency that there can be: as if everything open were present."""


class Query:
    """Writes the query, step by step; each step is a common table expression."""

    def __init__(self, rule_set: RuleSet, table: Table) -> None:
        self.rule_set = rule_set
        self.table = table
        self.flags = [flag for flag, _ in make_index(rule_set).ranked]
        levels = (urgency for urgency, _ in reversed(make_index(rule_set).levels))
        self.urgencies = [HOME_CARE, *levels]
        self.names = InnerNames(rule_set)
        self.keys = [f'"_key_{place}"' for place, _ in enumerate(table.keys)]

    def write(self) -> str:
        """All steps, and what is selected of them."""
        steps = {
            "answers": self._answers(),
            "known": self._known(),
            "defined": self._defined(),
            "red_flags": self._red_flags(),
            "urgency": self._urgency(),
        }
        written = ", ".join(f"{write_name(name)} AS ({step})" for name, step in steps.items())
        keys = map(_name, self.keys, map(write_name, self.table.keys))
        outcome = map(_name, self._outcome(), map(write_name, OUTCOME))
        return f"WITH {written} {_select([*keys, *outcome], 'urgency')}"

    # Steps ----------------------------------------------------------------------------------------

    def _answers(self) -> str:
        """Every question as it was answered, "not sure" as what it counts as."""
        keys = map(_name, map(write_name, self.table.keys.values()), self.keys)
        answers = [
            _name(self._answer(question), self._column(name))
            for name, question in self.rule_set.questions.items()
        ]
        given = [
            _name(write_given(self.table.columns[name]), write_name(self.names.get_given(name)))
            for name in self._list_unchecked()
        ]
        return _select([*keys, *answers, *given], self.table.name)

    def _answer(self, question: Question) -> str:
        name = self.table.columns.get(question.id)
        if not name:
            return write_nothing(question)
        return write_name(name) if self._is_boolean(question) else code_column(question, name)

    def _is_boolean(self, question: Question) -> bool:
        return self.table.booleans and question.kind == "yes_no"

    def _known(self) -> str:
        """Every question as it counts: where it does not apply, it is no."""
        not_understood = _list_where(self._list_unchecked(), self._is_odd)
        known = [
            _name(write_known(self.rule_set, question, self._column), self._column(question))
            for question in self.rule_set.questions
        ]
        return _select([*self.keys, _name(not_understood, _NOT_UNDERSTOOD), *known], "answers")

    def _is_odd(self, question_id: str) -> str:
        """The question has a value that is no answer; an empty text is no value."""
        given = write_name(self.names.get_given(question_id))
        return f"({self._column(question_id)} IS NULL AND NOT {given} IS NULL AND {given} <> '')"

    def _list_unchecked(self) -> list[str]:
        """The questions that may have a value that is no answer; every BOOLEAN is one."""
        questions = (self.rule_set.questions[name] for name in self.table.columns)
        return [question.id for question in questions if not self._is_boolean(question)]

    def _defined(self) -> str:
        """The definitions, beside the questions."""
        conditions = Conditions(self.rule_set, self._column)
        questions = map(self._column, self.rule_set.questions)
        defined = [
            _name(conditions.write(condition), self._column(name))
            for name, condition in self.rule_set.definitions.items()
        ]
        return _select([*self.keys, _NOT_UNDERSTOOD, *questions, *defined], "known")

    def _red_flags(self) -> str:
        """The red flags: TRUE, FALSE, or NULL where unresolved; each with its reason beside it."""
        conditions = Conditions(self.rule_set, self._column, self._column)
        flags = [
            f"{_name(conditions.write(flag.when), self._column(flag.id))} "
            f"{write_comment(flag.because)}"
            for flag in self.flags
        ]
        if self.rule_set.ambulance is not None:
            flags.append(_name(conditions.write(self.rule_set.ambulance), _CALLED))
        return _select([*self.keys, _NOT_UNDERSTOOD, *flags], "defined")

    def _urgency(self) -> str:
        """How urgent what is present is, and what is open, beside the red flags.

        Both are the place among all urgencies.
        """
        flags = [self._column(flag.id) for flag in self.flags]
        if self.rule_set.ambulance is not None:
            flags.append(_CALLED)
        present = _name(self._find_most_urgent(self._column), _PRESENT)
        still_open = _name(self._find_most_urgent(self._is_open), _OPEN)
        return _select([*self.keys, _NOT_UNDERSTOOD, *flags, present, still_open], "red_flags")

    def _find_most_urgent(self, holds: Reference) -> str:
        """The place of the most urgent red flag for which something holds; 0 if there is none."""
        places = reversed([*enumerate(self.urgencies)][1:])
        branches = (
            (write_any(holds(flag.id) for flag in self.flags if rank(flag) == rank(urgency)), place)
            for place, urgency in places
        )
        return write_case(((any_, str(place)) for any_, place in branches), "0")

    def _column(self, name: str) -> str:
        """The column of a question, definition or red flag."""
        return write_name(self.names.get(name))

    def _is_open(self, flag: str) -> str:
        return f"{self._column(flag)} IS NULL"

    # Outcome --------------------------------------------------------------------------------------

    def _outcome(self) -> Iterator[str]:
        """The columns of OUTCOME; the least urgency there can be is that of what is present."""
        least, most = self._advice(_PRESENT), self._advice(_HIGH)
        is_complete = f"{_PRESENT} = {_HIGH}"
        days = self._within_days(_PRESENT)
        yield write_case([(f"{least} = {most}", least)])
        yield write_case([(is_complete, days)])
        yield is_complete
        yield least
        yield days
        yield most
        yield self._within_days(_HIGH)
        yield self._how(least)
        yield self._ids(self._column, _PRESENT)
        yield self._ids(self._is_open, _OPEN)
        yield _NOT_UNDERSTOOD

    def _ids(self, holds: Reference, most_urgent: str) -> str:
        """The ids of the red flags for which something holds; no work where it holds for none."""
        ids = _list_where([flag.id for flag in self.flags], holds)
        return write_case([(f"{most_urgent} = 0", "''")], ids)

    def _advice(self, place: str) -> str:
        """The advice of an urgency by its place; they stand in order, so each has a first place."""
        firsts: dict[str, int] = {}
        for urgency_place, urgency in enumerate(self.urgencies):
            firsts.setdefault(urgency.advice, urgency_place)
        return write_case(
            (f"{place} >= {first}", write_text(advice))
            for advice, first in reversed(firsts.items())
        )

    def _within_days(self, place: str) -> str:
        days = "".join(
            f"WHEN {urgency_place} THEN {urgency.within_days} "
            for urgency_place, urgency in enumerate(self.urgencies)
            if urgency.within_days is not None
        )
        return f"CASE {place} {days}END" if days else "NULL"

    def _how(self, advice: str) -> str:
        """The way to get the care of what is present."""
        advices = dict.fromkeys(urgency.advice for urgency in self.urgencies)
        return write_case((f"{advice} = {write_text(one)}", self._name_how(one)) for one in advices)

    def _name_how(self, advice: AdviceId) -> str:
        usual, called = (choose_how(advice, needs_ambulance=needed) for needed in (False, True))
        if self.rule_set.ambulance is None or called == usual:
            return write_text(usual)
        return write_case([(_CALLED, write_text(called))], write_text(usual))


def _list_where(names: Sequence[str], holds: Reference) -> str:
    """Those names for which something holds, with commas between; an empty text if there are none.

    In groups, each looked at only where something of it holds: that is rare, and texts cost more
    than anything else.
    """
    groups = [names[place : place + _GROUP] for place in range(0, len(names), _GROUP)]
    listed = write_concat(_list_group(group, holds) for group in groups)
    # Each name has a comma before it, so the first is left off.
    return f"SUBSTRING({listed}, 2)" if names else "''"


def _list_group(names: Sequence[str], holds: Reference) -> str:
    listed = (write_case([(holds(name), write_text(f",{name}"))], "''") for name in names)
    return write_case([(write_any(map(holds, names)), write_concat(listed))], "''")


def _name(expression: str, name: str) -> str:
    """An expression as a column of the result."""
    return f"{expression} AS {name}"


def _select(columns: Iterable[str], table: str) -> str:
    """Columns of a table by its name, which may have those of its database and schema before it."""
    source = ".".join(map(write_name, table.split(".")))
    return f"SELECT {', '.join(columns)} FROM {source}"  # noqa: S608  all of it is quoted
