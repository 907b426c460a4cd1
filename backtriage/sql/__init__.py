"""RuleSet -> one SELECT that assesses every row of a table, with the engine's three-valued meaning.

It goes from the answers in the table to what is known of each question, to definitions, to one column for each red
flag, to the outcome. Built as a syntax tree, in which every name and every text is quoted.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from sqlglot import exp

from backtriage.engine import HOME_CARE, rank
from backtriage.model import NOT_SURE, Choice, Number, Question, RedFlag, RuleSet, Urgency, YesNo
from backtriage.sql.conditions import Conditions, Reference, concat, known_of, number, text

OUTCOME = (
    "advice",
    "within_days",
    "complete",
    "at_least",
    "at_least_within_days",
    "at_most",
    "at_most_within_days",
    "findings",
    "unresolved",
    "not_understood",
)
"""The columns of the result, behind those that identify the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The table to assess.

    `columns` has the column of each question; a question without one is not answered by anybody. `keys` are columns
    that the result has too, by their name there. NULL is "not answered". Yes/no questions are texts: yes, no or not
    sure; with `booleans` they are BOOLEAN, where "not sure" is what it counts as. Choices are texts: the id of an
    option, or not sure. Numbers are numbers, in the unit of the question; "not sure" is the number that it counts as.
    Any other value counts as not answered, and is told of, unless the table is `checked` and has none.
    """

    name: str
    columns: Mapping[str, str]
    keys: Mapping[str, str] = field(default_factory=dict)
    booleans: bool = False
    checked: bool = False


def select(rule_set: RuleSet, table: Table) -> exp.Select:
    """The query. Its columns are the keys and those of OUTCOME.

    `advice` is NULL while it is open, `within_days` while the deadline is. `findings` and `unresolved` have the ids of
    red flags, the most urgent first, with commas between, and `not_understood` those of questions with a value that is
    no answer: it counts as not answered.
    """
    return _Query(rule_set, table).outcome()


def as_text(query: exp.Select, dialect: str, rule_set: RuleSet) -> str:
    """The query in a dialect that sqlglot knows, below a comment that says what was compiled; ends in a semicolon."""
    return f"-- {rule_set.id} {rule_set.version}, {rule_set.hash}\n{query.sql(dialect=dialect, pretty=True)};"


DIALECTS = (
    "bigquery", "clickhouse", "databricks", "duckdb", "mysql", "postgres", "redshift", "snowflake", "spark", "trino",
)  # fmt: skip
"""The dialects that can be written."""


class _Query:
    """The steps of the query, each a common table expression that the next reads."""

    def __init__(self, rule_set: RuleSet, table: Table) -> None:
        self.rule_set = rule_set
        self.table = table
        self.flags = sorted(rule_set.red_flags.values(), key=rank, reverse=True)
        self.urgencies = [HOME_CARE, *_urgencies(reversed(self.flags))]
        self.keys = [f"_key_{place}" for place, _ in enumerate(table.keys)]  # no id begins like this

    def outcome(self) -> exp.Select:
        """The last step, with all that it rests on."""
        keys = [_named(_column(inner), name) for inner, name in zip(self.keys, self.table.keys, strict=True)]
        query = exp.select(*keys, *self._outcome()).from_(_table("urgency"))
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
        keys = [_named(_column(key), inner) for key, inner in zip(self.table.keys.values(), self.keys, strict=True)]
        answers = [_named(self._answer(question), question.id) for question in self.rule_set.questions.values()]
        odd = _named(self._not_understood(), "_not_understood")
        return exp.select(*keys, *answers, odd).from_(_table(self.table.name))

    def _answer(self, question: Question) -> exp.Expr:
        column = self.table.columns.get(question.id)
        if column is None:
            return exp.cast(exp.null(), type_of(question))
        if self.table.checked or (self.table.booleans and isinstance(question, YesNo)):
            return _column(column)
        return _coded(question, column)

    def _not_understood(self) -> exp.Expr:
        """The questions with a value that is no answer; a BOOLEAN is always one."""
        if self.table.checked:
            return text("")
        questions = [self.rule_set.questions[name] for name in self.table.columns]
        may_be_odd = [one for one in questions if not (self.table.booleans and isinstance(one, YesNo))]
        return _listed((question.id, self._is_odd(question)) for question in may_be_odd)

    def _is_odd(self, question: Question) -> exp.Expr:
        column = self.table.columns[question.id]
        return exp.and_(exp.not_(_column(column).is_(exp.null())), _coded(question, column).is_(exp.null()))

    def _known(self) -> exp.Select:
        """Every question as it counts: where it does not apply, it is no."""
        known = [_named(known_of(self.rule_set, name, _column), name) for name in self.rule_set.questions]
        return exp.select(*self._carried(), *known).from_(_table("answers"))

    def _defined(self) -> exp.Select:
        """The definitions, beside the questions."""
        conditions = Conditions(self.rule_set, _column)
        questions = [_column(name) for name in self.rule_set.questions]
        defined = [_named(conditions.write(condition), name) for name, condition in self.rule_set.definitions.items()]
        return exp.select(*self._carried(), *questions, *defined).from_(_table("known"))

    def _red_flags(self) -> exp.Select:
        """The red flags: TRUE, FALSE, or NULL where unresolved."""
        conditions = Conditions(self.rule_set, _column, _column)
        flags = []
        for flag in self.flags:
            column = _named(conditions.write(flag.when), flag.id)
            column.add_comments([f" {flag.because}"])
            flags.append(column)
        return exp.select(*self._carried(), *flags).from_(_table("defined"))

    def _urgency(self) -> exp.Select:
        """How urgent what is present is, and what is open, as the place among all urgencies, beside the red flags."""
        flags = [_column(flag.id) for flag in self.flags]
        present = _named(self._most_urgent(_column), "_present")
        still_open = _named(self._most_urgent(_is_open), "_open")
        return exp.select(*self._carried(), *flags, present, still_open).from_(_table("red_flags"))

    def _most_urgent(self, holds: Reference) -> exp.Expr:
        """The place of the most urgent red flag that something holds for; 0 if it holds for none."""
        found = exp.case()
        for place, urgency in reversed(list(enumerate(self.urgencies[1:], 1))):
            flags = [holds(flag.id) for flag in self.flags if rank(flag) == rank(urgency)]
            found = found.when(exp.or_(*flags), number(place))
        return found.else_(number(0))

    def _carried(self) -> list[exp.Expr]:
        """What every step hands on."""
        return [_column(name) for name in (*self.keys, "_not_understood")]

    # Outcome ----------------------------------------------------------------------------------------------------------

    def _outcome(self) -> Iterator[exp.Expr]:
        low, high = _column("_present"), exp.func("GREATEST", _column("_present"), _column("_open"))
        same = exp.EQ(this=low, expression=high)
        one_advice = exp.EQ(this=self._advice(low), expression=self._advice(high))
        columns = (
            exp.case().when(one_advice, self._advice(low)),
            exp.case().when(same, self._within_days(low)),
            same,
            self._advice(low),
            self._within_days(low),
            self._advice(high),
            self._within_days(high),
            self._ids(_column, "_present"),
            self._ids(_is_open, "_open"),
            _column("_not_understood"),
        )
        yield from (_named(column, name) for column, name in zip(columns, OUTCOME, strict=True))

    def _ids(self, holds: Reference, most_urgent: str) -> exp.Expr:
        """The ids of the red flags that something holds for; no work where it holds for none."""
        none = _column(most_urgent).eq(number(0))
        return exp.case().when(none, text("")).else_(_listed((flag.id, holds(flag.id)) for flag in self.flags))

    def _advice(self, place: exp.Expr) -> exp.Expr:
        """The advice of an urgency by its place; they stand in order, so that each begins at some place."""
        begins: dict[str, int] = {}
        for number_, urgency in enumerate(self.urgencies):
            begins.setdefault(urgency.advice, number_)
        found = exp.case()
        for advice, first in reversed(begins.items()):
            found = found.when(exp.GTE(this=place.copy(), expression=number(first)), text(advice))
        return found

    def _within_days(self, place: exp.Expr) -> exp.Expr:
        found = exp.case(place.copy())
        for number_, urgency in enumerate(self.urgencies):
            if urgency.within_days is not None:
                found = found.when(number(number_), number(urgency.within_days))
        return found


def _urgencies(flags: Iterable[RedFlag]) -> Iterator[Urgency]:
    """Each urgency once, in the order of the red flags."""
    seen = set()
    for flag in flags:
        if rank(flag) not in seen:
            seen.add(rank(flag))
            yield Urgency(advice=flag.advice, within_days=flag.within_days)


def _coded(question: Question, column: str) -> exp.Expr:
    """An answer in words as it is counted; NULL for what is no answer."""
    given = _column(column)
    match question:
        case YesNo(not_sure=not_sure):
            words = {"yes": exp.true(), "no": exp.false(), NOT_SURE: exp.true() if not_sure == "yes" else exp.false()}
            found = exp.case(given)
            for word, value in words.items():
                found = found.when(text(word), value)
            return found
        case Choice(options=options, not_sure=not_sure):
            known = given.isin(*(text(option.id) for option in options))
            return exp.case().when(known, given.copy()).when(given.copy().eq(text(NOT_SURE)), text(not_sure))
        case Number(minimum=minimum, maximum=maximum):
            within = exp.and_(given >= number(minimum), given.copy() <= number(maximum))
            return exp.case().when(within, given.copy())
        case _:
            assert_never(question)


def type_of(question: Question) -> str:
    """The type of what a question counts as."""
    return {"yes_no": "BOOLEAN", "number": "DOUBLE", "choice": "VARCHAR"}[question.kind]


def _listed(entries: Iterable[tuple[str, exp.Expr]]) -> exp.Expr:
    """The ids for which something holds, with commas between; an empty text if there are none."""
    ids = [exp.case().when(holds, text(f",{name}")).else_(text("")) for name, holds in entries]
    return exp.func("SUBSTRING", concat(*ids), number(2)) if ids else text("")


def _is_open(flag: str) -> exp.Expr:
    return _column(flag).is_(exp.null())


def _column(name: str) -> exp.Expr:
    return exp.column(name, quoted=True)


def _named(expression: exp.Expr, name: str) -> exp.Expr:
    return exp.alias_(expression, name, quoted=True)


def _table(name: str) -> exp.Expr:
    """A table by its name, which may have that of its schema and database before it."""
    table, schema, database = [*reversed(name.split(".")), None, None][:3]
    return exp.table_(table or "", schema, database, quoted=True)
