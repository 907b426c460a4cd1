"""(RuleSet, mutant of it) -> somebody in whom they differ, or None: then no case could ever tell them apart."""

from collections.abc import Mapping
from types import MappingProxyType

import z3

from backtriage.authoring.dependencies import users
from backtriage.authoring.prove.encoding import FALSE, Encoding, Formula, Person, freely, where_asked
from backtriage.authoring.prove.search import Found, Search, free_of_complaints
from backtriage.authoring.testing.mutants import Mutant
from backtriage.engine import all_telling_values, rank
from backtriage.model import NOT_SURE, Answer, Answers, RuleSet, Value


def somebody_else(
    rule_set: RuleSet, mutant: Mutant, like: Mapping[str, Value] = MappingProxyType({})
) -> Answers | None:
    """Somebody, whatever they have left out, for whom a red flag comes out otherwise or means another urgency."""
    values = _values(rule_set, mutant.rule_set)
    before = Encoding(rule_set, Person(values, _own_names(rule_set, mutant)), freely)
    after = Encoding(mutant.rule_set, Person(values), freely)
    differs = z3.Or([_comes_out_otherwise(flag, before, after) for flag in users(rule_set)[mutant.part]])
    search = Search(after.person, *before.person.is_one(), *_same_answers(before, after))
    found = search.mildest(_wishes(after, like), differs)
    return _answers(before, after, found) if found else None


def _values(one: RuleSet, other: RuleSet) -> dict[str, tuple[Value, ...]]:
    """The telling values of both: a bound may have moved."""
    values, more = all_telling_values(one), all_telling_values(other)
    return {
        name: tuple(sorted({*of, *more[name]})) if one.questions[name].kind == "number" else of
        for name, of in values.items()
    }


def _own_names(rule_set: RuleSet, mutant: Mutant) -> dict[str, str]:
    """Where "not sure" counts as something else, a person who is not sure has another value before than after."""
    questions = rule_set.questions.values()
    other = [
        question.id for question in questions if question.not_sure != mutant.rule_set.questions[question.id].not_sure
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
    return z3.And([side.person.answers(name, value) for side, value in counts_as if value is not None])


def _comes_out_otherwise(name: str, before: Encoding, after: Encoding) -> Formula:
    """That a case which names the red flag, or expects an advice, could tell the two apart."""
    one, other = before.rule_set.red_flags[name], after.rule_set.red_flags.get(name)
    was = before.outcome(one.when)
    if other is None:
        return z3.Not(was.false)
    if rank(one) != rank(other):
        return _gets_otherwise(before, after)
    now = after.outcome(other.when)
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
        more = encoding.at_most(above[0]) if above else FALSE
        told[level] = z3.And(encoding.at_least(level), z3.Not(more))
    for advice in {level[0] for level in ranks}:
        least = min(level for level in ranks if level[0] == advice)
        above = [level for level in ranks if level[0] > advice]
        more = encoding.at_most(above[0]) if above else FALSE
        told[advice, None] = z3.And(encoding.at_least(least), z3.Not(more))
    return told


def _wishes(encoding: Encoding, like: Mapping[str, Value]) -> list[Formula]:
    """All questions that apply are answered and no others, as far as can be, and without complaints."""
    questions = encoding.rule_set.questions.values()
    as_asked = [encoding.given(question.id) == where_asked(encoding, question) for question in questions]
    return [*as_asked, *free_of_complaints(encoding.rule_set, encoding.person, like)]


def _answers(before: Encoding, after: Encoding, found: Found) -> Answers:
    was, now = found.values(before.person), found.values(after.person)
    answers: dict[str, Answer] = {name: value if value == was[name] else NOT_SURE for name, value in now.items()}
    return Answers({name: answer for name, answer in answers.items() if found.holds(after.given(name))})
