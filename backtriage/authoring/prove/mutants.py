"""(RuleSet, mutant of it) -> somebody in whom the two differ, or None.

None means that no case could ever tell them apart.
"""

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
from backtriage.authoring.prove.search import Search, Somebody, choose_mildest_answers
from backtriage.authoring.testing.mutants import Mutant
from backtriage.interrupts import postpone_interrupts
from backtriage.model import NOT_SURE, Answer, Answers, RuleSet, Value
from backtriage.status import find_all_telling_values, rank


def find_difference(
    rule_set: RuleSet, mutant: Mutant, like: Mapping[str, Value] = MappingProxyType({})
) -> Answers | None:
    """Somebody for whom a red flag comes out otherwise, or means another urgency.

    They may have left out any answers. They are as much `like` somebody as can be, by value for
    each question.
    """
    with postpone_interrupts():
        values = _merge_telling_values(rule_set, mutant.rule_set)
        names = {
            name: f"{name} before" for name in _list_counting_otherwise(rule_set, mutant.rule_set)
        }
        before = Encoding(rule_set, AnswerSymbols(values, names), encode_freely)
        after = Encoding(mutant.rule_set, AnswerSymbols(values), encode_freely)
        bearing = find_dependents(rule_set)[mutant.part]
        differs = z3.Or([_comes_out_otherwise(flag, before, after) for flag in bearing])
        search = Search(
            after.person, *before.person.build_is_somebody(), *_same_answers(before, after)
        )
        somebody = search.find_mildest(_list_wishes(after, like), differs)
        return _read_answers(before, after, somebody) if somebody else None


def _merge_telling_values(old: RuleSet, new: RuleSet) -> dict[str, tuple[Value, ...]]:
    """By question: the telling values of both, since a bound may have moved.

    Those of a yes/no question or a choice are its options, which no mutant changes.
    """
    values, more = find_all_telling_values(old), find_all_telling_values(new)
    for name, question in old.questions.items():
        if question.kind == "number":
            values[name] = tuple(sorted({*values[name], *more[name]}))
    return values


def _list_counting_otherwise(old: RuleSet, new: RuleSet) -> list[str]:
    """The questions where "not sure" counts as something else in the mutant.

    A person who is not sure has another value before than after, so they need symbols of their own.
    """
    return [
        name
        for name, question in old.questions.items()
        if question.not_sure != new.questions[name].not_sure
    ]


def _same_answers(before: Encoding, after: Encoding) -> list[Formula]:
    """A person says the same to both: a value that is the same, or "not sure", which may not be."""
    formulas = []
    for name in _list_counting_otherwise(before.rule_set, after.rule_set):
        cells = after.person.cells[name]
        same = [z3.And(cell, before.person.cells[name][value]) for value, cell in cells.items()]
        formulas.append(z3.Or(*same, _is_not_sure(name, before, after)))
    return formulas


def _is_not_sure(name: str, before: Encoding, after: Encoding) -> Formula:
    """That the answers are those which "not sure" counts as, before and after."""
    formulas = []
    for side in (before, after):
        counts_as = side.rule_set.questions[name].not_sure
        if counts_as is not None:
            formulas.append(side.person.build_answers(name, counts_as))
    return z3.And(formulas)


def _comes_out_otherwise(name: str, before: Encoding, after: Encoding) -> Formula:
    """That a case which names the red flag, or expects an advice, could tell the two apart."""
    old, new = before.rule_set.red_flags[name], after.rule_set.red_flags.get(name)
    was = before.build_truth(old.when)
    if new is None:  # what has to be present or open in a case would be absent
        return z3.Not(was.false)
    if rank(old) != rank(new):
        return _gets_otherwise(before, after)
    now = after.build_truth(new.when)
    return z3.Or(was.true != now.true, was.false != now.false)


def _gets_otherwise(before: Encoding, after: Encoding) -> Formula:
    """That the advice or the deadline is another: `advice`, `within_days` of `engine.Status`."""
    old, new = _build_settled(before), _build_settled(after)
    return z3.Or([old.get(what, FALSE) != new.get(what, FALSE) for what in {**old, **new}])


def _build_settled(encoding: Encoding) -> dict[tuple[int, int | None], Formula]:
    """When an advice is settled with its deadline, by rank, and when without, by (advice, None)."""
    ranks = sorted({rank(flag) for flag in encoding.rule_set.red_flags.values()})
    settled: dict[tuple[int, int | None], Formula] = {}
    for place, level in enumerate(ranks):
        above = ranks[place + 1 :]
        more = encoding.build_at_most(above[0]) if above else FALSE
        settled[level] = z3.And(encoding.build_at_least(level), z3.Not(more))
    for advice in {level[0] for level in ranks}:
        least = min(level for level in ranks if level[0] == advice)
        above = [level for level in ranks if level[0] > advice]
        more = encoding.build_at_most(above[0]) if above else FALSE
        settled[advice, None] = z3.And(encoding.build_at_least(least), z3.Not(more))
    return settled


def _list_wishes(encoding: Encoding, like: Mapping[str, Value]) -> list[Formula]:
    """All questions that apply are answered and no others, as far as can be, without complaints."""
    questions = encoding.rule_set.questions.values()
    as_asked = [
        encoding.build_given(question.id) == encode_where_asked(encoding, question)
        for question in questions
    ]
    return [*as_asked, *choose_mildest_answers(encoding.rule_set, encoding.person, like)]


def _read_answers(before: Encoding, after: Encoding, somebody: Somebody) -> Answers:
    """What somebody has answered; "not sure" where their value before is not that after."""
    was, now = somebody.read_values(before.person), somebody.read_values(after.person)
    answers: dict[str, Answer] = {}
    for name, value in now.items():
        if somebody.check_holds(after.build_given(name)):
            answers[name] = value if value == was[name] else NOT_SURE
    return Answers(answers)
