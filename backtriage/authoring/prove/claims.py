"""Authored -> what its rules get wrong for some patient, each issue with such a patient where there is one.

A *patient* has answered every question that applies and no other, so nothing is unknown. Each claim is decided for
all patients that there can be; the urgency that is told of a patient is the engine's.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise
from types import MappingProxyType

import z3

from backtriage.answers import describe_answer
from backtriage.authoring.prove.encoding import (
    TRUE,
    AnswerSymbols,
    Encoding,
    Formula,
    encode_where_asked,
)
from backtriage.authoring.prove.patients import build_patient, find_urgency
from backtriage.authoring.prove.search import Search, choose_mildest_answers
from backtriage.conditions import find_dependencies, list_advice_conditions
from backtriage.engine import find_affected, find_all_telling_values, rank
from backtriage.errors import Issue
from backtriage.loader.authored import Authored
from backtriage.model import Answers, Question, RedFlag, RuleSet, Value
from backtriage.report.words import describe_urgency_in_brief


class Claims:
    """What has to hold for a rule set; each method yields the issues that refute it.

    The patients that are shown are as much `like` somebody as can be (see `free_of_complaints`).
    """

    def __init__(
        self, authored: Authored, like: Mapping[str, Value] = MappingProxyType({})
    ) -> None:
        self.authored = authored
        self.rule_set = authored.rule_set
        self.flags = tuple(self.rule_set.red_flags.values())
        self.person = AnswerSymbols(find_all_telling_values(self.rule_set))
        self.encoding = Encoding(self.rule_set, self.person, encode_where_asked)
        self.search = Search(self.person)
        self._kept: dict[str, tuple[list[Formula], list[Formula]]] = {}
        self.wishes = choose_mildest_answers(self.rule_set, self.person, like)

    def find_refuted(self) -> Iterator[Issue]:
        """All the issues."""
        yield from self.check_home_care_can_be_reached()
        for flag in self.flags:
            yield from self.check_decides(flag)
        for question in self.rule_set.questions.values():
            yield from self.check_matters(question)
            yield from self.check_can_be_asked(question)
            yield from self.check_hides_nothing(question)
            yield from self.check_is_monotone(question)
            yield from self.check_not_sure_is_safe(question)

    def check_home_care_can_be_reached(self) -> Iterator[Issue]:
        """Somebody is well enough for home care."""
        if self._nobody(z3.Not(self.encoding.build_any_present(self.flags))):
            part = ("rule set", self.rule_set.id)
            yield self.authored.build_issue(
                part, "no-home-care", "whatever a patient answers, some red flag is present"
            )

    # Red flags ------------------------------------------------------------------------------------

    def check_decides(self, flag: RedFlag) -> Iterator[Issue]:
        """The red flag is present in somebody in whom nothing else is as urgent."""
        present = self.encoding.build_present(flag)
        if (
            self.search.find_anybody(
                present, z3.Not(self.encoding.build_at_least(rank(flag), without=flag))
            )
            is not None
        ):
            return
        part = ("red flag", flag.id)
        found = self.search.find_mildest(self.wishes, present)
        if found is None:
            message = "no patient can have this red flag: its condition cannot hold"
            yield self.authored.build_issue(
                part, "never-present", message, "mend the condition, or remove the red flag"
            )
            return
        patient = build_patient(self.rule_set, found.read_values(self.person))
        twins = [
            other.id for other in self.flags if other is not flag and self._are_equal(flag, other)
        ]
        if twins:
            message = f"exactly the patients with this red flag have {_listed(twins)} too"
            yield self.authored.build_issue(
                part, "equivalent", message, "make one of them", patient
            )
        else:
            message = f"this red flag never decides the outcome: {self._why_outranked(flag)}"
            yield self.authored.build_issue(part, "never-decisive", message, patient=patient)

    def _are_equal(self, one: RedFlag, other: RedFlag) -> bool:
        return self._nobody(self.encoding.build_present(one) != self.encoding.build_present(other))

    def _why_outranked(self, flag: RedFlag) -> str:
        present = self.encoding.build_present(flag)
        above = [other for other in self.flags if other is not flag and rank(other) >= rank(flag)]
        always = [
            other.id
            for other in above
            if self._nobody(present, z3.Not(self.encoding.build_present(other)))
        ]
        if always:
            return f"all patients with it also have {_listed(always)}, at least as urgent"
        return "all patients with it also have one or another that is at least as urgent"

    # Questions ------------------------------------------------------------------------------------

    def check_matters(self, question: Question) -> Iterator[Issue]:
        """Another answer changes the outcome of somebody, or what the advice says."""
        levels = [self._levels_with(question, value) for value in self.person.cells[question.id]]
        steps = list(pairwise(levels))
        changes = z3.Or(
            [self._some_higher(question, *step) for pair in steps for step in (pair, pair[::-1])]
        )
        if question.id not in _asked_for_advice(self.rule_set) and self._nobody(changes):
            message = "no answer to this question changes the outcome of any patient"
            yield self.authored.build_issue(
                _part(question), "idle-question", message, "use it, or remove it"
            )

    def check_can_be_asked(self, question: Question) -> Iterator[Issue]:
        """The question is asked of somebody."""
        if question.ask_if and self._nobody(self.encoding.build_truth(question.ask_if).true):
            message = "this question is asked of nobody: its ask_if cannot hold"
            yield self.authored.build_issue(_part(question), "never-asked", message)

    def check_hides_nothing(self, question: Question) -> Iterator[Issue]:
        """Where the question is not asked, no answer to it would be more urgent."""
        if question.ask_if is None:
            return
        asked = Encoding(
            self.rule_set,
            self.person,
            lambda this, other: TRUE if other is question else encode_where_asked(this, other),
        )
        hidden = self.encoding.build_truth(question.ask_if).false
        higher = self._some_higher(
            question, self._levels(asked, question), self._own_levels(question)
        )
        found = self.search.find_mildest(self.wishes, hidden, higher)
        if found is not None:
            values = found.read_values(self.person)
            patient = build_patient(self.rule_set, values)
            other = build_patient(self.rule_set, values, also=question.id)
            answer = describe_answer(question, values[question.id])
            yield self._contrast(
                question,
                "hides-urgency",
                ("this is not asked, and", patient),
                (f'"{answer}"', other),
            )

    def check_is_monotone(self, question: Question) -> Iterator[Issue]:
        """No more worrying answer leads to less urgency."""
        values = list(self.person.cells[question.id])
        if question.worse in ("no", "lower"):
            values.reverse()
        for milder, worse in pairwise(values) if question.worse else ():
            yield from self._milder(
                question, worse, milder, "not-monotone", "the more worrying answer"
            )

    def check_not_sure_is_safe(self, question: Question) -> Iterator[Issue]:
        """Whatever "not sure" may stand for, it does not lead to less urgency."""
        counts_as = question.not_sure
        if counts_as is not None:
            values = [
                value for value in reversed(self.person.cells[question.id]) if value != counts_as
            ]
            found = (
                self._milder(question, counts_as, value, "not-sure-milder", '"not sure" as')
                for value in values
            )
            yield from islice((issue for issues in found for issue in issues), 1)

    # What they share ------------------------------------------------------------------------------

    def _milder(
        self, question: Question, low: Value, high: Value, code: str, name: str
    ) -> Iterator[Issue]:
        """An issue if somebody with the answer `low` gets less urgency than they would get with `high`."""
        higher = self._some_higher(
            question, self._levels_with(question, high), self._levels_with(question, low)
        )
        found = self.search.find_mildest(
            self.wishes, self.person.build_answers(question.id, low), higher
        )
        if found is not None:
            values = found.read_values(self.person)
            patient = build_patient(self.rule_set, values | {question.id: low})
            other = build_patient(self.rule_set, values | {question.id: high})
            one = f'{name} "{describe_answer(question, low)}"'
            yield self._contrast(
                question, code, (one, patient), (f'"{describe_answer(question, high)}"', other)
            )

    def _contrast(
        self, question: Question, code: str, less: tuple[str, Answers], more: tuple[str, Answers]
    ) -> Issue:
        """The urgency of a patient, and the greater one that the same patient would get with another answer."""
        low, high = find_urgency(self.rule_set, less[1]), find_urgency(self.rule_set, more[1])
        assert rank(low) < rank(high)
        message = f"{less[0]} leads to {describe_urgency_in_brief(low)}, but {more[0]} would lead to {describe_urgency_in_brief(high)}"
        return self.authored.build_issue(_part(question), code, message, patient=less[1])

    def _nobody(self, *formulas: Formula) -> bool:
        return self.search.find_anybody(*formulas) is None

    def _levels(self, encoding: Encoding, question: Question) -> list[Formula]:
        """By urgency: that a red flag which the question bears on is present, and as urgent or more."""
        return [
            encoding.build_any_present(flags)
            for flags in self._flags_above(find_affected(self.rule_set, question.id))
        ]

    def _levels_with(self, question: Question, value: Value) -> list[Formula]:
        """The same if the question is answered with this value."""
        symbols = self.person.list_symbols(question.id, value)
        return [z3.substitute(level, *symbols) for level in self._own_levels(question)]

    def _own_levels(self, question: Question) -> list[Formula]:
        if question.id not in self._kept:
            about = {flag.id for flag in find_affected(self.rule_set, question.id)}
            others = self._flags_above([flag for flag in self.flags if flag.id not in about])
            self._kept[question.id] = (
                self._levels(self.encoding, question),
                [z3.Not(self.encoding.build_any_present(flags)) for flags in others],
            )
        return self._kept[question.id][0]

    def _some_higher(
        self, question: Question, these: list[Formula], those: list[Formula]
    ) -> Formula:
        """That these levels are more urgent than those; the other red flags are the same in both."""
        self._own_levels(question)
        no_others = self._kept[question.id][1]
        return z3.Or(
            [
                z3.And(*all_of, z3.Not(that))
                for *all_of, that in zip(these, no_others, those, strict=True)
            ]
        )

    def _flags_above(self, flags: Sequence[RedFlag]) -> list[list[RedFlag]]:
        """By urgency, the least first: those that are as urgent or more."""
        ranks = sorted({rank(flag) for flag in self.flags})
        return [[flag for flag in flags if rank(flag) >= level] for level in ranks]


def _part(question: Question) -> tuple[str, str]:
    return ("question", question.id)


def _listed(names: list[str]) -> str:
    return " and ".join(f'"{name}"' for name in names)


def _asked_for_advice(rule_set: RuleSet) -> set[str]:
    """The questions on which it depends what an advice says."""
    return {
        question
        for condition in list_advice_conditions(rule_set)
        for question in find_dependencies(condition, rule_set)
    }
