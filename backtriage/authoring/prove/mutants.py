"""(RuleSet, mutant of it) -> somebody in whom they differ, or None: then no case could ever tell them apart."""

from collections.abc import Mapping
from types import MappingProxyType

import z3

from backtriage.authoring.dependencies import find_dependents
from backtriage.authoring.prove.encoding import (
    FALSE,
    AnswerSymbols,
    Encoding,
    Formula,
    encode_freely,
    encode_where_asked,
)
from backtriage.authoring.prove.search import Found, Search, choose_mildest_answers
from backtriage.authoring.testing.mutants import Mutant
from backtriage.engine import find_all_telling_values, rank
from backtriage.model import NOT_SURE, Answer, Answers, RuleSet, Value


def find_difference(
    rule_set: RuleSet, mutant: Mutant, like: Mapping[str, Value] = MappingProxyType({})
) -> Answers | None:
    """Somebody, whatever they have left out, for whom a red flag comes out otherwise or means another urgency."""
    values = _values(rule_set, mutant.rule_set)
    before = Encoding(rule_set, AnswerSymbols(values, _own_names(rule_set, mutant)), encode_freely)
    after = Encoding(mutant.rule_set, AnswerSymbols(values), encode_freely)
    differs = z3.Or(
        [
            _comes_out_otherwise(flag, before, after)
            for flag in find_dependents(rule_set)[mutant.part]
        ]
    )
    search = Search(after.person, *before.person.build_is_somebody(), *_same_answers(before, after))
    found = search.find_mildest(_wishes(after, like), differs)
    return _answers(before, after, found) if found else None


def _values(one: RuleSet, other: RuleSet) -> dict[str, tuple[Value, ...]]:
    """The telling values of both: a bound may have moved."""
    values, more = find_all_telling_values(one), find_all_telling_values(other)
    return {
        name: tuple(sorted({*of, *more[name]})) if one.questions[name].kind == "number" else of
        for name, of in values.items()
    }


def _own_names(rule_set: RuleSet, mutant: Mutant) -> dict[str, str]:
    """Where "not sure" counts as something else, a person who is not sure has another value before than after."""
    questions = rule_set.questions.values()
    other = [
        question.id
        for question in questions
        if question.not_sure != mutant.rule_set.questions[question.id].not_sure
    ]
    return {name: f"{name} before" for name in other}


def _same_answers(before: Encoding, after: Encoding) -> list[Formula]:
    """A person says the same to both: a value that is the same, or "not sure", which may not be."""
    return [
        z3.Or(
            *[z3.And(cell, before.person.cells[name][value]) for value, cell in cells.items()],
            _not_sure(name, before, after),
        )
        for name, cells in after.person.cells.items()
        if before.rule_set.questions[name].not_sure != after.rule_set.questions[name].not_sure
    ]


def _not_sure(name: str, before: Encoding, after: Encoding) -> Formula:
    counts_as = [(side, side.rule_set.questions[name].not_sure) for side in (before, after)]
    return z3.And(
        [side.person.build_answers(name, value) for side, value in counts_as if value is not None]
    )


def _comes_out_otherwise(name: str, before: Encoding, after: Encoding) -> Formula:
    """That a case which names the red flag, or expects an advice, could tell the two apart."""
    one, other = before.rule_set.red_flags[name], after.rule_set.red_flags.get(name)
    was = before.build_truth(one.when)
    if other is None:
        return z3.Not(was.false)
    if rank(one) != rank(other):
        return _gets_otherwise(before, after)
    now = after.build_truth(other.when)
    return z3.Or(was.true != now.true, was.false != now.false)


def _gets_otherwise(before: Encoding, after: Encoding) -> Formula:
    """That the advice, or the deadline, is another one: what `engine.Status` has as `advice` and `within_days`."""
    old, new = _told(before), _told(after)
    return z3.Or([old.get(what, FALSE) != new.get(what, FALSE) for what in {**old, **new}])


def _told(encoding: Encoding) -> dict[tuple[int, int | None], Formula]:
    """When which advice is settled (None), and when which deadline is, by the rank of the urgency."""
    ranks = sorted({rank(flag) for flag in encoding.rule_set.red_flags.values()})
    told: dict[tuple[int, int | None], Formula] = {}
    for place, level in enumerate(ranks):
        above = ranks[place + 1 :]
        more = encoding.build_at_most(above[0]) if above else FALSE
        told[level] = z3.And(encoding.build_at_least(level), z3.Not(more))
    for advice in {level[0] for level in ranks}:
        least = min(level for level in ranks if level[0] == advice)
        above = [level for level in ranks if level[0] > advice]
        more = encoding.build_at_most(above[0]) if above else FALSE
        told[advice, None] = z3.And(encoding.build_at_least(least), z3.Not(more))
    return told


def _wishes(encoding: Encoding, like: Mapping[str, Value]) -> list[Formula]:
    """All questions that apply are answered and no others, as far as can be, and without complaints."""
    questions = encoding.rule_set.questions.values()
    as_asked = [
        encoding.build_given(question.id) == encode_where_asked(encoding, question)
        for question in questions
    ]
    return [*as_asked, *choose_mildest_answers(encoding.rule_set, encoding.person, like)]


def _answers(before: Encoding, after: Encoding, found: Found) -> Answers:
    was, now = found.read_values(before.person), found.read_values(after.person)
    answers: dict[str, Answer] = {
        name: value if value == was[name] else NOT_SURE for name, value in now.items()
    }
    return Answers(
        {
            name: answer
            for name, answer in answers.items()
            if found.check_holds(after.build_given(name))
        }
    )
