"""(RuleSet, columns that are wanted) -> the steps of a job as SQL, for any database.

table:  the columns that are needed, where files are read as they stand
source: every row with its place, keys, and for each question what a plain value counts as,
        and any odd value
words:  what odd values count as: question, raw and value, all of them texts
coded:  the rows that can be understood, as they count
result: their assessment
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeAlias

from sqlglot import exp

from backtriage.model import RuleSet
from backtriage.tables import Wanted
from backtriage.tables.sql import Table, build_select, find_type
from backtriage.tables.sql.coding import Kind, code_column, is_answered
from backtriage.tables.sql.tree import (
    both,
    case,
    cast,
    coalesce,
    column,
    either,
    equal,
    is_given,
    is_null,
    named,
    negated,
    number,
    table,
    text,
    written,
)

TABLE, SOURCE, WORDS, CODED, RESULT = "patients", "source", "words", "coded", "result"
"""The names of the tables and views."""

_MOST_WRITTEN = 50
"""So many words of a question stand in the query."""


Understood: TypeAlias = Mapping[str, Mapping[str, str]]
"""By question: the odd values that can be understood, and what each counts as, both as texts."""


def list_words(understood: Understood) -> list[tuple[str, str, str]]:
    """The rows of the table of words: question, raw and value."""
    return [
        (question, raw, value)
        for question, words in understood.items()
        if _is_looked_up(words)
        for raw, value in words.items()
    ]


def _is_looked_up(words: Mapping[str, str]) -> bool:
    """So many words are looked up in a table of their own; each such table costs."""
    return len(words) > _MOST_WRITTEN


class Steps:
    """Writes the queries of a job.

    `kinds` says how values stand in the columns that the table has, by the name of the column.
    `places` are the columns of the source that the output has, by their name there. The source also
    has `_file`, `_row` (from 1), `_broken`: what is no row, and `_why`, if that is known.
    """

    def __init__(
        self,
        rule_set: RuleSet,
        wanted: Wanted,
        kinds: Mapping[str, Kind],
        dialect: str,
        places: Mapping[str, str],
    ) -> None:
        self.rule_set = rule_set
        self.questions = list(wanted.questions)
        self.kinds = {question: kinds[name] for question, name in wanted.questions.items()}
        self._wanted = wanted
        self._all_columns = list(kinds)
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

    @property
    def others(self) -> list[str]:
        """The columns of the table that are not needed."""
        return [name for name in self._all_columns if name not in self.columns]

    def write_at_once(self) -> str:
        """The assessment of the table as it stands.

        An odd value counts as not answered, and is told of.
        """
        keys = self._places | {name: name for name in self._keys}
        table = Table(name=TABLE, columns=self._wanted.questions, keys=keys, kinds=self.kinds)
        return self._list([build_select(self.rule_set, table)])

    def write_source(self) -> str:
        """What a source has for the keys and the questions: a list for a SELECT of the columns."""
        odd = [
            named(self._odd_value(question, name), _odd_name(question))
            for question, name in self._wanted.questions.items()
        ]
        return self._list([*self._plain_values(), *odd, named(self._any_odd(), "_has_odd")])

    def _odd_value(self, question: str, name: str) -> exp.Expr:
        return case((self._is_odd(question), cast(column(name), "VARCHAR")))

    def write_staged(self, row: exp.Expr) -> str:
        """What a source has, in one column, `_values`: a list for a SELECT.

        A table of few columns is made faster and with less memory. In the place of the odd values
        it has, for a row with any, all its values by column as one JSON object; most rows have
        none. `row` is that object.
        """
        odds = case((self._any_odd(), row))
        fields = (
            exp.PropertyEQ(this=exp.to_identifier(value.alias), expression=value.this)
            for value in (*self._plain_values(), named(odds, "_odds"))
        )
        return self._list([named(exp.Struct(expressions=list(fields)), "_values")])

    def write_row_values(self) -> str:
        """All that is staged of a row with odd values, by question, as a list.

        So the JSON object is read once for all of them.
        """
        places = [
            text(f"/{name.replace('~', '~0').replace('/', '~1')}")
            for name in self._wanted.questions.values()
        ]
        function = "json_extract" if self._is_json else "json_extract_string"
        values = exp.Anonymous(
            this=function, expressions=[_staged("_odds"), exp.Array(expressions=places)]
        )
        return self._list([named(values if places else exp.null(), "_row_values")])

    def write_unpacked(self) -> str:
        """The source out of what was staged, with what `write_row_values` has made.

        An odd value is one that is there, and yet has no plain one.
        """
        odd = [
            named(self._unpacked_odd_value(question), _odd_name(question))
            for question in self.questions
        ]
        values = (named(_staged(name), name) for name in (*self._keys.values(), *self.questions))
        return self._list([*values, *odd, named(is_given(_staged("_odds")), "_has_odd")])

    def _unpacked_odd_value(self, question: str) -> exp.Expr:
        is_odd = both(is_given(_staged("_odds")), is_null(_staged(question)))
        place = number(self.questions.index(question) + 1)
        inner = exp.Anonymous(this="list_extract", expressions=[column("_row_values"), place])
        value = cast(inner, "VARCHAR")
        if self._is_json:
            value = exp.Nullif(this=value, expression=text("null"))
        return case((is_odd, value))

    @property
    def _is_json(self) -> bool:
        return "json" in self.kinds.values()

    def _plain_values(self) -> list[exp.Expr]:
        keys = [named(column(name), inner) for name, inner in self._keys.items()]
        return [*keys, *(named(self._coded(question), question) for question in self.questions)]

    def _coded(self, question: str) -> exp.Expr:
        return code_column(
            self.rule_set.questions[question],
            self.kinds[question],
            self._wanted.questions[question],
        )

    def _is_odd(self, question: str) -> exp.Expr:
        given = is_answered(self.kinds[question], self._wanted.questions[question])
        return both(given, is_null(self._coded(question)))

    def _any_odd(self) -> exp.Expr:
        return either(exp.false(), *map(self._is_odd, self.questions))

    def _list(self, expressions: Sequence[exp.Expr]) -> str:
        return written(expressions, self._dialect)

    def write_odd_columns(self) -> str:
        """The columns of the source with odd values, by question in order: a list for an array."""
        return self._list([_odd(question) for question in self.questions])

    def write_coded(self, understood: Understood, wrong: Collection[str]) -> str:
        """The rows that can be understood; `wrong` are questions with odd values that cannot be."""
        values = [named(self._value(question, understood), question) for question in self.questions]
        places = [_of_source(name) for name in (*self._places.values(), *self._keys.values())]
        sound = negated(self._is_rejected(understood, wrong))
        return self._list([self._from_source([*places, *values], understood).where(sound)])

    def write_rejected(self, understood: Understood, wrong: Collection[str]) -> str:
        """The other rows: where they are, what is broken and why, and the keys.

        Behind them are the odd values of the questions in `wrong`.
        """
        columns = [
            _of_source(name) for name in ("_file", "_row", "_broken", "_why", *self._keys.values())
        ]
        query = self._from_source([*columns, *map(_odd, wrong)], understood)
        query = query.where(self._is_rejected(understood, wrong))
        return self._list([query.order_by(_of_source("_file"), _of_source("_row"))])

    def write_result(self) -> str:
        """The assessment of all coded rows."""
        columns = {name: name for name in self.questions}
        keys = self._places | self._keys
        coded = Table(name=CODED, columns=columns, keys=keys, checked=True)
        return self._list([build_select(self.rule_set, coded)])

    # What they share ------------------------------------------------------------------------------

    def _value(self, question: str, understood: Understood) -> exp.Expr:
        """A plain value as it counts, or else what was understood of it."""
        if question not in understood:
            return _of_source(question)
        words = understood[question]
        if _is_looked_up(words):
            value = _word(question, "value")
        else:
            branches = (
                (equal(_odd(question), text(raw)), text(word)) for raw, word in words.items()
            )
            value = case(*branches)
        type_ = find_type(self.rule_set.questions[question])
        return coalesce(_of_source(question), cast(value, type_))

    def _is_rejected(self, understood: Understood, wrong: Collection[str]) -> exp.Expr:
        odd = (both(is_given(_odd(name)), is_null(self._value(name, understood))) for name in wrong)
        return either(is_given(_of_source("_broken")), *odd)

    def _from_source(self, columns: Sequence[exp.Expr], understood: Understood) -> exp.Select:
        """Columns of the source, with the words for the questions that have many."""
        query = exp.select(*columns).from_(table(SOURCE))
        for question in (name for name, words in understood.items() if _is_looked_up(words)):
            here = equal(_word(question, "question"), text(question))
            words = table(WORDS).as_(_alias(question), quoted=True)
            query = query.join(
                words,
                on=both(here, equal(_word(question, "raw"), _odd(question))),
                join_type="left",
            )
        return query


Plan: TypeAlias = Callable[[Mapping[str, Kind]], Steps]
"""From all columns and how values stand in them, by name, what is to be done; raises FileError.

It keeps nothing, so it may be asked as often as need be.
"""


def _of_source(name: str) -> exp.Expr:
    """A column of the source; the words may have one by the same name."""
    return column(name, table=SOURCE)


def _staged(name: str) -> exp.Expr:
    """A value of what was staged."""
    return column(name, table="_values")


def _odd(question: str) -> exp.Expr:
    return _of_source(_odd_name(question))


def _odd_name(question: str) -> str:
    return f"_odd_{question}"


def _word(question: str, name: str) -> exp.Expr:
    return column(name, table=_alias(question))


def _alias(question: str) -> str:
    return f"words_{question}"
