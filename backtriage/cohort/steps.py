"""The steps of a job as SQL, for any database.

source: every row with its place, keys, and for each question what a plain value counts as, and any odd value
words:  what odd values count as: question, raw and value, all of them texts
coded:  the rows that can be understood, as they count
result: their assessment
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlglot import exp

from backtriage.cohort.values import Column, Kind, coded
from backtriage.model import RuleSet
from backtriage.sql import Table, select, type_of
from backtriage.sql.conditions import coalesce, concat, number, text

SOURCE, WORDS, CODED, RESULT = "source", "words", "coded", "result"
"""The names of the tables and views."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The column of each question that has one, and the columns that the output has too."""

    questions: Mapping[str, str]
    keys: Sequence[str]

    @property
    def columns(self) -> list[str]:
        """All of them, each once."""
        return list(dict.fromkeys([*self.questions.values(), *self.keys]))


class Steps:
    """Writes the queries of a job; `places` are the columns of the source that the output has, by their name there.

    The source also has `_file`, `_row` (from 1), and `_broken`: what is no row.
    """

    def __init__(self, rule_set: RuleSet, wanted: Wanted, dialect: str, places: Mapping[str, str]) -> None:
        self.rule_set = rule_set
        self.questions = list(wanted.questions)
        self.kinds: dict[str, Kind] = {}
        self._wanted = wanted
        self._dialect = dialect
        self._places = dict(places)
        self._keys = {name: f"_key_{place}" for place, name in enumerate(wanted.keys)}

    @property
    def keys(self) -> list[str]:
        """The columns that the output has too."""
        return list(self._keys)

    @property
    def columns(self) -> list[str]:
        """The columns of the table that are needed."""
        return self._wanted.columns

    def source(self, columns: Mapping[str, Column]) -> str:
        """What a source has for the keys and the questions, from the columns that are there: a list for a SELECT."""
        odd = [_named(value, _odd_name(question)) for question, value in self._odd_values(columns).items()]
        return self._list([*self._plain_values(columns), *odd])

    def staged(self, columns: Mapping[str, Column]) -> str:
        """The same with all odd values of a row in one JSON object, `_odds`, since most rows have none."""
        pairs: list[exp.Case] = [
            exp.case().when(
                exp.not_(value.is_(exp.null())), concat(text(f',"{question}":'), exp.func("TO_JSON", value.copy()))
            )
            for question, value in self._odd_values(columns).items()
        ]
        pieces: list[exp.Expr] = [pair.else_(text("")) for pair in pairs] or [text("")]
        return self._list([*self._plain_values(columns), _named(concat(*pieces), "_odds")])

    def unpacked(self) -> str:
        """The source out of what was staged."""
        odds = exp.case().when(
            _raw("_odds").neq(text("")), concat(text("{"), exp.func("SUBSTR", _raw("_odds"), number(2)), text("}"))
        )
        odd = [
            _named(exp.func("JSON_EXTRACT_STRING", odds.copy(), text(f"$.{question}")), _odd_name(question))
            for question in self.questions
        ]
        return self._list([*map(_raw, (*self._keys.values(), *self.questions)), *odd])

    def _plain_values(self, columns: Mapping[str, Column]) -> list[exp.Expr]:
        keys = [_named(_raw(name), inner) for name, inner in self._keys.items()]
        wanted = self._wanted.questions.items()
        return [*keys, *(_named(self._coded(question, columns[name]), question) for question, name in wanted)]

    def _odd_values(self, columns: Mapping[str, Column]) -> dict[str, exp.Expr]:
        """By question: its value as a text, if it is odd."""
        found: dict[str, exp.Expr] = {}
        for question, name in self._wanted.questions.items():
            self.kinds[question] = columns[name].kind
            is_odd = exp.and_(_is_given(columns[name]), self._coded(question, columns[name]).is_(exp.null()))
            found[question] = exp.case().when(is_odd, exp.cast(_raw(name), "VARCHAR"))
        return found

    def _coded(self, question: str, column: Column) -> exp.Expr:
        return coded(self.rule_set.questions[question], column, _raw(column.name))

    def _list(self, expressions: Sequence[exp.Expr]) -> str:
        return ", ".join(expression.sql(self._dialect) for expression in expressions)

    def count_odd(self) -> str:
        """How many odd values each question has, in their order."""
        counts = [exp.Count(this=_odd(question)) for question in self.questions]
        return self._write(exp.select(*counts).from_(_table(SOURCE)))

    def odd_values(self, question: str) -> str:
        """Every odd value of a question once."""
        given = exp.not_(_odd(question).is_(exp.null()))
        return self._write(exp.select(_odd(question)).distinct().from_(_table(SOURCE)).where(given))

    def coded(self, understood: Collection[str], wrong: Collection[str]) -> str:
        """The rows that can be understood. The two are the questions with odd values that can be, and that cannot."""
        values = [_named(self._value(question, understood), question) for question in self.questions]
        places = [_column(name) for name in (*self._places.values(), *self._keys.values())]
        rejected = exp.paren(self._is_rejected(understood, wrong))
        return self._write(self._from_source([*places, *values], understood).where(exp.not_(rejected)))

    def rejected(self, understood: Collection[str], wrong: Collection[str]) -> str:
        """The other rows: where they are, what is broken, the keys, and the odd values of the questions in `wrong`."""
        columns = [_column(name) for name in ("_file", "_row", "_broken", *self._keys.values())]
        query = self._from_source([*columns, *map(_odd, wrong)], understood)
        query = query.where(self._is_rejected(understood, wrong))
        return self._write(query.order_by(_column("_file"), _column("_row")))

    def result(self) -> str:
        """The assessment of all coded rows."""
        columns = {name: name for name in self.questions}
        keys = self._places | self._keys
        return self._write(select(self.rule_set, Table(name=CODED, columns=columns, keys=keys, checked=True)))

    # What they share --------------------------------------------------------------------------------------------------

    def _value(self, question: str, understood: Collection[str]) -> exp.Expr:
        """A plain value as it counts, or else what was understood of it."""
        if question not in understood:
            return _column(question)
        return coalesce(
            _column(question), exp.cast(_word(question, "value"), type_of(self.rule_set.questions[question]))
        )

    def _is_rejected(self, understood: Collection[str], wrong: Collection[str]) -> exp.Expr:
        broken = exp.not_(_column("_broken").is_(exp.null()))
        odd = (
            exp.and_(exp.not_(_odd(name).is_(exp.null())), self._value(name, understood).is_(exp.null()))
            for name in wrong
        )
        return exp.or_(broken, *odd)

    def _from_source(self, columns: Sequence[exp.Expr], understood: Collection[str]) -> exp.Select:
        """Columns of the source, with the words for the questions that have some."""
        query = exp.select(*columns).from_(_table(SOURCE))
        for question in understood:
            here = _word(question, "question").eq(text(question))
            words = _table(WORDS).as_(_alias(question), quoted=True)
            query = query.join(words, on=exp.and_(here, _word(question, "raw").eq(_odd(question))), join_type="left")
        return query

    def _write(self, query: exp.Expr) -> str:
        return query.sql(dialect=self._dialect)


def _is_given(column: Column) -> exp.Expr:
    given = exp.not_(_raw(column.name).is_(exp.null()))
    return exp.and_(given, _raw(column.name).neq(text("null"))) if column.kind == "json" else given


def _raw(name: str) -> exp.Expr:
    return exp.column(name, quoted=True)


def _column(name: str) -> exp.Expr:
    """A column of the source; the words may have one by the same name."""
    return exp.column(name, table=SOURCE, quoted=True)


def _odd(question: str) -> exp.Expr:
    return _column(_odd_name(question))


def _odd_name(question: str) -> str:
    return f"_odd_{question}"


def _word(question: str, name: str) -> exp.Expr:
    return exp.column(name, table=_alias(question), quoted=True)


def _alias(question: str) -> str:
    return f"words_{question}"


def _table(name: str) -> exp.Table:
    return exp.table_(name, quoted=True)


def _named(expression: exp.Expr, name: str) -> exp.Expr:
    return exp.alias_(expression, name, quoted=True)
