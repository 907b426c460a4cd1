"""RuleSet -> one SELECT that assesses every row of a table, with the engine's three-valued meaning.

It goes from the answers in the table to what is known of each question, to definitions, to one column for each red
flag, to the outcome. Built as a syntax tree, in which every name and every text is quoted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlglot import exp

from backtriage.engine import HOME_CARE, rank
from backtriage.model import Question, RedFlag, RuleSet, Urgency
from backtriage.tables import wanted
from backtriage.tables.sql.coding import Kind, code_column, is_answered
from backtriage.tables.sql.conditions import Conditions, Reference, write_known
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

OUTCOME = (*wanted.OUTCOME, "not_understood")
"""The columns of the result, behind those that identify the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The table to assess.

    `columns` has the column of each question; a question without one is not answered by anybody. `keys` are columns
    that the result has too, by their name there. NULL is "not answered". Yes/no questions are texts: yes, no (or true,
    false) or not sure. Choices are texts: the id of an option, or not sure. Numbers are numbers, in the unit of the
    question; "not sure" is the number that it counts as. `kinds` has the questions whose values stand there in another
    way; in a BOOLEAN, "not sure" is what it counts as. Any other value counts as not answered, and is told of.
    """

    name: str
    columns: Mapping[str, str]
    keys: Mapping[str, str] = field(default_factory=dict)
    kinds: Mapping[str, Kind] = field(default_factory=dict)


def build_select(rule_set: RuleSet, table: Table) -> exp.Select:
    """The query. Its columns are the keys and those of OUTCOME.

    `advice` is NULL while it is open, `within_days` while the deadline is. `findings` and `unresolved` have the ids of
    red flags, the most urgent first, with commas between, and `not_understood` those of questions with a value that is
    no answer: it counts as not answered.
    """
    return _Query(rule_set, table).build_outcome()


def render_sql(query: exp.Select, dialect: str, rule_set: RuleSet) -> str:
    """The query in a dialect that sqlglot knows, below a comment that says what was compiled; ends in a semicolon."""
    if (
        dialect == "clickhouse"
    ):  # it would take a column for the result of the same name, made beside it
        query = query.copy()
        query.set("settings", [equal(exp.column("prefer_column_name_to_alias"), number(1))])
    return f"-- {rule_set.id} {rule_set.version}, {rule_set.hash}\n{query.sql(dialect=dialect, pretty=True)};"


DIALECTS = (
    "bigquery", "clickhouse", "databricks", "duckdb", "mysql", "postgres", "redshift", "snowflake", "spark", "trino",
)  # fmt: skip
"""The dialects that can be written."""

_GROUP = 12
"""So many red flags are looked at together before their ids are written down; measured."""


class _Query:
    """The steps of the query, each a common table expression that the next reads."""

    def __init__(self, rule_set: RuleSet, table: Table) -> None:
        self.rule_set = rule_set
        self.table = table
        self.flags = sorted(rule_set.red_flags.values(), key=rank, reverse=True)
        self.urgencies = [HOME_CARE, *_urgencies(reversed(self.flags))]
        self.keys = [
            f"_key_{place}" for place, _ in enumerate(table.keys)
        ]  # no id begins like this

    def build_outcome(self) -> exp.Select:
        """The last step, with all that it rests on."""
        keys = [
            named(column(inner), name)
            for inner, name in zip(self.keys, self.table.keys, strict=True)
        ]
        query = _from("urgency", [*keys, *self._outcome()])
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

    # Steps ------------------------------------------------------------------------------------------------------------

    def _answers(self) -> exp.Select:
        """Every question as it was answered, "not sure" as what it counts as."""
        keys = [
            named(column(key), inner)
            for key, inner in zip(self.table.keys.values(), self.keys, strict=True)
        ]
        answers = [
            named(self._answer(question), question.id)
            for question in self.rule_set.questions.values()
        ]
        given = [
            named(column(self.table.columns[one.id]), _given(one.id)) for one in self._unchecked()
        ]
        return _from(self.table.name, [*keys, *answers, *given])

    def _answer(self, question: Question) -> exp.Expr:
        name = self.table.columns.get(question.id)
        if name is None:
            return nothing(_find_type(question))
        return code_column(question, self._kind(question), name)

    def _kind(self, question: Question) -> Kind:
        return self.table.kinds.get(question.id, "number" if question.kind == "number" else "text")

    def _not_understood(self) -> exp.Expr:
        """The questions with a value that is no answer."""
        return _listed([question.id for question in self._unchecked()], self._is_odd)

    def _is_odd(self, question_id: str) -> exp.Expr:
        kind = self._kind(self.rule_set.questions[question_id])
        return both(is_null(column(question_id)), is_answered(kind, _given(question_id)))

    def _unchecked(self) -> list[Question]:
        """The questions that may have a value that is no answer; to a yes/no question, a BOOLEAN always is one."""
        questions = [self.rule_set.questions[name] for name in self.table.columns]
        return [one for one in questions if (one.kind, self._kind(one)) != ("yes_no", "boolean")]

    def _known(self) -> exp.Select:
        """Every question as it counts: where it does not apply, it is no."""
        known = [
            named(write_known(self.rule_set, name, column), name)
            for name in self.rule_set.questions
        ]
        keys = map(column, self.keys)
        return _from("answers", [*keys, named(self._not_understood(), "_not_understood"), *known])

    def _defined(self) -> exp.Select:
        """The definitions, beside the questions."""
        conditions = Conditions(self.rule_set, column)
        questions = [column(name) for name in self.rule_set.questions]
        defined = [
            named(conditions.write(condition), name)
            for name, condition in self.rule_set.definitions.items()
        ]
        return _from("known", [*self._carried(), *questions, *defined])

    def _red_flags(self) -> exp.Select:
        """The red flags: TRUE, FALSE, or NULL where unresolved."""
        conditions = Conditions(self.rule_set, column, column)
        flags = []
        for flag in self.flags:
            one = named(conditions.write(flag.when), flag.id)
            one.add_comments([f" {flag.because}"])
            flags.append(one)
        return _from("defined", [*self._carried(), *flags])

    def _urgency(self) -> exp.Select:
        """How urgent what is present is, and what is open, as the place among all urgencies, beside the red flags."""
        flags = [column(flag.id) for flag in self.flags]
        present = named(self._most_urgent(column), "_present")
        still_open = named(self._most_urgent(_is_open), "_open")
        return _from("red_flags", [*self._carried(), *flags, present, still_open])

    def _most_urgent(self, holds: Reference) -> exp.Expr:
        """The place of the most urgent red flag that something holds for; 0 if it holds for none."""
        places = reversed(list(enumerate(self.urgencies[1:], 1)))
        branches = (
            (either(*self._with(urgency, holds)), number(place)) for place, urgency in places
        )
        return case(*branches, otherwise=number(0))

    def _with(self, urgency: Urgency, holds: Reference) -> Iterator[exp.Expr]:
        return (holds(flag.id) for flag in self.flags if rank(flag) == rank(urgency))

    def _carried(self) -> list[exp.Expr]:
        """What every step hands on."""
        return [column(name) for name in (*self.keys, "_not_understood")]

    # Outcome ----------------------------------------------------------------------------------------------------------

    def _outcome(self) -> Iterator[exp.Expr]:
        columns = (
            case((equal(self._advice(_low()), self._advice(_high())), self._advice(_low()))),
            case((equal(_low(), _high()), self._within_days(_low()))),
            equal(_low(), _high()),
            self._advice(_low()),
            self._within_days(_low()),
            self._advice(_high()),
            self._within_days(_high()),
            self._ids(column, "_present"),
            self._ids(_is_open, "_open"),
            column("_not_understood"),
        )
        yield from (named(one, name) for one, name in zip(columns, OUTCOME, strict=True))

    def _ids(self, holds: Reference, most_urgent: str) -> exp.Expr:
        """The ids of the red flags that something holds for; no work where it holds for none."""
        none = equal(column(most_urgent), number(0))
        return case((none, text("")), otherwise=_listed([flag.id for flag in self.flags], holds))

    def _advice(self, place: exp.Expr) -> exp.Expr:
        """The advice of an urgency by its place; they stand in order, so that each begins at some place."""
        begins: dict[str, int] = {}
        for number_, urgency in enumerate(self.urgencies):
            begins.setdefault(urgency.advice, number_)
        return case(
            *(
                (at_least(place.copy(), first), text(advice))
                for advice, first in reversed(begins.items())
            )
        )

    def _within_days(self, place: exp.Expr) -> exp.Expr:
        days = ((number_, urgency.within_days) for number_, urgency in enumerate(self.urgencies))
        return case(
            *((number(number_), number(day)) for number_, day in days if day is not None), of=place
        )


def _urgencies(flags: Iterable[RedFlag]) -> Iterator[Urgency]:
    """Each urgency once, in the order of the red flags."""
    seen = set()
    for flag in flags:
        if rank(flag) not in seen:
            seen.add(rank(flag))
            yield Urgency(advice=flag.advice, within_days=flag.within_days)


def _find_type(question: Question) -> str:
    """The type of what a question counts as."""
    return {"yes_no": "BOOLEAN", "number": "DOUBLE", "choice": "VARCHAR"}[question.kind]


def build_boolean_kinds(rule_set: RuleSet) -> dict[str, Kind]:
    """The kinds of a table in which every yes/no question is BOOLEAN."""
    return {
        question.id: "boolean"
        for question in rule_set.questions.values()
        if question.kind == "yes_no"
    }


def _listed(names: Sequence[str], holds: Reference) -> exp.Expr:
    """Those of these names for which something holds, with commas between; an empty text if there are none.

    In groups, each looked at only where something of it holds: that is rare, and texts cost more than anything else.
    """
    groups = [names[place : place + _GROUP] for place in range(0, len(names), _GROUP)]
    pieces = [
        case(
            (
                either(*map(holds, group)),
                concat(
                    *(case((holds(name), text(f",{name}")), otherwise=text("")) for name in group)
                ),
            ),
            otherwise=text(""),
        )
        for group in groups
    ]
    return exp.func("SUBSTRING", concat(*pieces), number(2)) if pieces else text("")


def _given(question: str) -> str:
    """The column with what was given to a question, as it stands in the table."""
    return f"_given_{question}"


def _low() -> exp.Expr:
    return column("_present")


def _high() -> exp.Expr:
    return exp.func("GREATEST", column("_present"), column("_open"))


def _is_open(flag: str) -> exp.Expr:
    return is_null(column(flag))


def _from(table: str, columns: Sequence[exp.Expr]) -> exp.Select:
    """Columns of a table by its name, which may have that of its schema and database before it."""
    name, schema, database = [*reversed(table.split(".")), None, None][:3]
    return exp.select(*columns, copy=False).from_(
        exp.table_(name or "", schema, database, quoted=True), copy=False
    )
