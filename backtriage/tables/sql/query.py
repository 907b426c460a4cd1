"""(RuleSet, Table) -> the steps of the query, each of them a SELECT that reads the one before.

answers:   what was given to each question, as what it counts as
known:     what is known of each question: one that does not apply counts too
defined:   the definitions, beside the questions
red_flags: the red flags: TRUE, FALSE, or NULL while they are open
urgency:   how urgent what is present is, and what is open
and at the end the columns of OUTCOME.
"""

from collections.abc import Iterable, Iterator, Sequence

from sqlglot import exp

from backtriage.model import AdviceId, Question, RedFlag, RuleSet, Urgency
from backtriage.status import HOME_CARE, choose_how, rank
from backtriage.tables.sql.coding import Kind, code_column, find_type, is_answered
from backtriage.tables.sql.conditions import Conditions, Reference, write_known
from backtriage.tables.sql.names import InnerNames
from backtriage.tables.sql.table import OUTCOME, Table
from backtriage.tables.sql.tree import (
    at_least,
    both,
    case,
    column,
    concat,
    either,
    equal,
    is_null,
    named,
    nothing,
    number,
    text,
)

_GROUP = 12
"""So many red flags are looked at together before their ids are written down; measured."""

# Names of columns within the query. No id begins with a low line, so they are never those of a
# question, a definition or a red flag.
_NOT_UNDERSTOOD = "_not_understood"
_PRESENT = "_present"
_OPEN = "_open"
_CALLED = "_called"


class Query:
    """Builds the query, step by step; each step is a common table expression."""

    def __init__(self, rule_set: RuleSet, table: Table) -> None:
        self.rule_set = rule_set
        self.table = table
        self.flags = sorted(rule_set.red_flags.values(), key=rank, reverse=True)
        self.urgencies = [HOME_CARE, *_each_urgency(reversed(self.flags))]
        self.names = InnerNames(rule_set)
        self.keys = [f"_key_{place}" for place, _ in enumerate(table.keys)]

    def build(self) -> exp.Select:
        """The last step, with all that it rests on."""
        keys = [
            named(column(inner), name)
            for inner, name in zip(self.keys, self.table.keys, strict=True)
        ]
        query = _select_from("urgency", [*keys, *self._outcome()])
        steps = {
            "answers": self._answers(),
            "known": self._known(),
            "defined": self._defined(),
            "red_flags": self._red_flags(),
            "urgency": self._urgency(),
        }
        for name, step in steps.items():
            query = query.with_(name, as_=step, copy=False)
        return query

    # Steps ----------------------------------------------------------------------------------------

    def _answers(self) -> exp.Select:
        """Every question as it was answered, "not sure" as what it counts as."""
        keys = [
            named(column(key), inner)
            for key, inner in zip(self.table.keys.values(), self.keys, strict=True)
        ]
        questions = self.rule_set.questions.values()
        answers = [
            named(self._answer(question), self.names.get(question.id)) for question in questions
        ]
        given = [
            named(column(self.table.columns[question.id]), self.names.get_given(question.id))
            for question in self._unchecked()
        ]
        return _select_from(self.table.name, [*keys, *answers, *given])

    def _answer(self, question: Question) -> exp.Expr:
        name = self.table.columns.get(question.id)
        if name is None:
            return nothing(find_type(question))
        return code_column(question, self._kind(question), name)

    def _kind(self, question: Question) -> Kind:
        return self.table.kinds.get(question.id, "number" if question.kind == "number" else "text")

    def _known(self) -> exp.Select:
        """Every question as it counts: where it does not apply, it is no."""
        keys = map(column, self.keys)
        not_understood = named(self._not_understood(), _NOT_UNDERSTOOD)
        known = [
            named(write_known(self.rule_set, question, self._column), self.names.get(question))
            for question in self.rule_set.questions
        ]
        return _select_from("answers", [*keys, not_understood, *known])

    def _not_understood(self) -> exp.Expr:
        """The ids of the questions with a value that is no answer."""
        return _list_where([question.id for question in self._unchecked()], self._is_odd)

    def _is_odd(self, question_id: str) -> exp.Expr:
        kind = self._kind(self.rule_set.questions[question_id])
        return both(
            is_null(self._column(question_id)), is_answered(kind, self.names.get_given(question_id))
        )

    def _unchecked(self) -> list[Question]:
        """The questions that may have a value that is no answer."""
        questions = (self.rule_set.questions[name] for name in self.table.columns)
        return [question for question in questions if not self._takes_any_value(question)]

    def _takes_any_value(self, question: Question) -> bool:
        """Every BOOLEAN is an answer to a yes/no question."""
        return question.kind == "yes_no" and self._kind(question) == "boolean"

    def _defined(self) -> exp.Select:
        """The definitions, beside the questions."""
        conditions = Conditions(self.rule_set, self._column)
        questions = [self._column(name) for name in self.rule_set.questions]
        defined = [
            named(conditions.write(condition), self.names.get(name))
            for name, condition in self.rule_set.definitions.items()
        ]
        return _select_from("known", [*self._carried(), *questions, *defined])

    def _red_flags(self) -> exp.Select:
        """The red flags: TRUE, FALSE, or NULL where unresolved; each with its reason beside it."""
        conditions = Conditions(self.rule_set, self._column, self._column)
        flags = []
        for flag in self.flags:
            flag_column = named(conditions.write(flag.when), self.names.get(flag.id))
            flag_column.add_comments([f" {flag.because}"])
            flags.append(flag_column)
        if self.rule_set.ambulance is not None:
            flags.append(named(conditions.write(self.rule_set.ambulance), _CALLED))
        return _select_from("defined", [*self._carried(), *flags])

    def _urgency(self) -> exp.Select:
        """How urgent what is present is, and what is open, beside the red flags.

        Both are the place among all urgencies.
        """
        flags = [self._column(flag.id) for flag in self.flags]
        if self.rule_set.ambulance is not None:
            flags.append(column(_CALLED))
        present = named(self._most_urgent(self._column), _PRESENT)
        still_open = named(self._most_urgent(self._is_open), _OPEN)
        return _select_from("red_flags", [*self._carried(), *flags, present, still_open])

    def _most_urgent(self, holds: Reference) -> exp.Expr:
        """The place of the most urgent red flag for which something holds; 0 if there is none."""
        places = reversed(list(enumerate(self.urgencies[1:], 1)))
        branches = (
            (either(*self._where_as_urgent(urgency, holds)), number(place))
            for place, urgency in places
        )
        return case(*branches, otherwise=number(0))

    def _where_as_urgent(self, urgency: Urgency, holds: Reference) -> Iterator[exp.Expr]:
        """For each red flag of this urgency, that something holds for it."""
        return (holds(flag.id) for flag in self.flags if rank(flag) == rank(urgency))

    def _carried(self) -> list[exp.Expr]:
        """What every step hands on."""
        return [column(name) for name in (*self.keys, _NOT_UNDERSTOOD)]

    def _column(self, name: str) -> exp.Expr:
        """The column of a question, definition or red flag."""
        return column(self.names.get(name))

    def _is_open(self, flag: str) -> exp.Expr:
        return is_null(self._column(flag))

    # Outcome --------------------------------------------------------------------------------------

    def _outcome(self) -> Iterator[exp.Expr]:
        values = (
            case((equal(self._advice(_low()), self._advice(_high())), self._advice(_low()))),
            case((equal(_low(), _high()), self._within_days(_low()))),
            equal(_low(), _high()),
            self._advice(_low()),
            self._within_days(_low()),
            self._advice(_high()),
            self._within_days(_high()),
            self._how(),
            self._ids(self._column, _PRESENT),
            self._ids(self._is_open, _OPEN),
            column(_NOT_UNDERSTOOD),
        )
        yield from (named(value, name) for value, name in zip(values, OUTCOME, strict=True))

    def _ids(self, holds: Reference, most_urgent: str) -> exp.Expr:
        """The ids of the red flags for which something holds; no work where it holds for none."""
        none = equal(column(most_urgent), number(0))
        ids = _list_where([flag.id for flag in self.flags], holds)
        return case((none, text("")), otherwise=ids)

    def _advice(self, place: exp.Expr) -> exp.Expr:
        """The advice of an urgency by its place; they stand in order, so each has a first place."""
        firsts: dict[str, int] = {}
        for urgency_place, urgency in enumerate(self.urgencies):
            firsts.setdefault(urgency.advice, urgency_place)
        branches = (
            (at_least(place.copy(), first), text(advice))
            for advice, first in reversed(firsts.items())
        )
        return case(*branches)

    def _how(self) -> exp.Expr:
        """The way to get the care of what is present."""
        usual = [
            (equal(self._advice(_low()), text(advice)), self._name_how(advice))
            for advice in dict.fromkeys(urgency.advice for urgency in self.urgencies)
        ]
        return case(*usual)

    def _name_how(self, advice: AdviceId) -> exp.Expr:
        usual = text(choose_how(advice, needs_ambulance=False))
        called = choose_how(advice, needs_ambulance=True)
        if self.rule_set.ambulance is None or text(called) == usual:
            return usual
        return case((column(_CALLED), text(called)), otherwise=usual)

    def _within_days(self, place: exp.Expr) -> exp.Expr:
        branches = (
            (number(urgency_place), number(urgency.within_days))
            for urgency_place, urgency in enumerate(self.urgencies)
            if urgency.within_days is not None
        )
        return case(*branches, of=place)


def _each_urgency(flags: Iterable[RedFlag]) -> Iterator[Urgency]:
    """Each urgency once, in the order of the red flags."""
    seen = set()
    for flag in flags:
        if rank(flag) not in seen:
            seen.add(rank(flag))
            yield Urgency(advice=flag.advice, within_days=flag.within_days)


def _list_where(names: Sequence[str], holds: Reference) -> exp.Expr:
    """Those names for which something holds, with commas between; an empty text if there are none.

    In groups, each looked at only where something of it holds: that is rare, and texts cost more
    than anything else.
    """
    if not names:
        return text("")
    groups = [names[place : place + _GROUP] for place in range(0, len(names), _GROUP)]
    # Each name has a comma before it, so the first is left off.
    return exp.func(
        "SUBSTRING", concat(*(_list_group(group, holds) for group in groups)), number(2)
    )


def _list_group(names: Sequence[str], holds: Reference) -> exp.Expr:
    listed = [case((holds(name), text(f",{name}")), otherwise=text("")) for name in names]
    return case((either(*map(holds, names)), concat(*listed)), otherwise=text(""))


# Trees are used up where they stand, so each of these makes a new one every time.


def _low() -> exp.Expr:
    """The least urgency that there can be: that of what is present."""
    return column(_PRESENT)


def _high() -> exp.Expr:
    """The most urgency that there can be: as if everything open were present."""
    return exp.func("GREATEST", column(_PRESENT), column(_OPEN))


def _select_from(table: str, columns: Sequence[exp.Expr]) -> exp.Select:
    """Columns of a table by its name, which may have those of its database and schema before it."""
    name, schema, database = [*reversed(table.split(".")), None, None][:3]
    source = exp.table_(name or "", schema, database, quoted=True)
    return exp.select(*columns, copy=False).from_(source, copy=False)
