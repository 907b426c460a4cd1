"""Authored -> what its rules get wrong for some patient, as issues with such a patient.

A *patient* has answered every question that applies and no other, so nothing is unknown. Each claim
is decided for all patients that there can be; the urgency that is told of a patient is the
engine's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
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
from backtriage.condition_parts import find_dependencies, list_advice_conditions, list_promises
from backtriage.errors import Issue
from backtriage.loader.authored import Authored
from backtriage.model import Answers, Question, RedFlag, RuleSet, Value
from backtriage.report.words import describe_urgency_in_brief
from backtriage.status import find_affected, find_all_telling_values, rank


class Claims:
    """What has to hold for a rule set; each method yields the issues that refute it.

    The patients that are shown are as much `like` somebody as can be, by value for each question
    (see `case_outcomes.find_well_patient`).
    """

    def __init__(
        self, authored: Authored, like: Mapping[str, Value] = MappingProxyType({})
    ) -> None:
        self.authored = authored
        self.rule_set = authored.rule_set
        self.flags = tuple(self.rule_set.red_flags.values())
        told = (*list_advice_conditions(self.rule_set), *list_promises(self.rule_set))
        self.person = AnswerSymbols(find_all_telling_values(self.rule_set, told))
        self.encoding = Encoding(self.rule_set, self.person, encode_where_asked)
        self.search = Search(self.person)
        self.wishes = choose_mildest_answers(self.rule_set, self.person, like)
        self._bearing: dict[str, _Bearing] = {}

    def find_refuted(self) -> Iterator[Issue]:
        """All the issues: the home care claim, then flag by flag, then question by question."""
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
        as_urgent_without_it = self.encoding.build_at_least(rank(flag), without=flag)
        if not self._nobody(present, z3.Not(as_urgent_without_it)):
            return
        part = ("red flag", flag.id)
        somebody = self.search.find_mildest(self.wishes, present)
        if somebody is None:
            message = "no patient can have this red flag: its condition cannot hold"
            way_out = "mend the condition, or remove the red flag"
            yield self.authored.build_issue(part, "never-present", message, way_out)
            return
        patient = build_patient(self.rule_set, somebody.read_values(self.person))
        twins = [other.id for other in self.flags if self._are_twins(flag, other)]
        if twins:
            message = f"exactly the patients with this red flag have {_listed(twins)} too"
            way_out = "make one of them"
            yield self.authored.build_issue(part, "equivalent", message, way_out, patient)
        else:
            message = f"this red flag never decides the outcome: {self._why_outranked(flag)}"
            yield self.authored.build_issue(part, "never-decisive", message, patient=patient)

    def _are_twins(self, flag: RedFlag, other: RedFlag) -> bool:
        """Whether another red flag is present in the same patients."""
        if other is flag:
            return False
        return self._nobody(self.encoding.build_present(flag) != self.encoding.build_present(other))

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
        raises = [self._some_higher(question, after, before) for before, after in steps]
        lowers = [self._some_higher(question, before, after) for before, after in steps]
        changes = z3.Or([*raises, *lowers])
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
        asked = self.encode_also_asked(question)
        hidden = self.encoding.build_truth(question.ask_if).false
        bearing = self._find_bearing(question)
        higher = self._some_higher(question, self._levels(asked, bearing.flags), bearing.levels)
        somebody = self.search.find_mildest(self.wishes, hidden, higher)
        if somebody is not None:
            values = somebody.read_values(self.person)
            patient = build_patient(self.rule_set, values)
            other = build_patient(self.rule_set, values, also=question.id)
            answer = describe_answer(question, values[question.id])
            less, more = ("this is not asked, and", patient), (f'"{answer}"', other)
            yield self._contrast(question, "hides-urgency", less, more)

    def check_is_monotone(self, question: Question) -> Iterator[Issue]:
        """No more worrying answer leads to less urgency."""
        values = list(self.person.cells[question.id])
        if question.worse in ("no", "lower"):
            values.reverse()
        for milder, worse in pairwise(values) if question.worse else ():
            name = "the more worrying answer"
            yield from self._find_milder(question, worse, milder, "not-monotone", name)

    def check_not_sure_is_safe(self, question: Question) -> Iterator[Issue]:
        """Whatever "not sure" may stand for, it does not lead to less urgency.

        One value for which it does is enough.
        """
        counts_as = question.not_sure
        if counts_as is None:
            return
        for value in reversed(self.person.cells[question.id]):
            if value != counts_as:
                name = '"not sure" as'
                issues = self._find_milder(question, counts_as, value, "not-sure-milder", name)
                if (issue := next(issues, None)) is not None:
                    yield issue
                    return

    # What they share ------------------------------------------------------------------------------

    def _find_milder(
        self, question: Question, low: Value, high: Value, code: str, name: str
    ) -> Iterator[Issue]:
        """An issue if somebody with the answer `low` gets less urgency than with `high`."""
        higher = self._some_higher(
            question, self._levels_with(question, high), self._levels_with(question, low)
        )
        answers_low = self.person.build_answers(question.id, low)
        somebody = self.search.find_mildest(self.wishes, answers_low, higher)
        if somebody is not None:
            values = somebody.read_values(self.person)
            patient = build_patient(self.rule_set, values | {question.id: low})
            other = build_patient(self.rule_set, values | {question.id: high})
            less = (f'{name} "{describe_answer(question, low)}"', patient)
            more = (f'"{describe_answer(question, high)}"', other)
            yield self._contrast(question, code, less, more)

    def _contrast(
        self, question: Question, code: str, less: tuple[str, Answers], more: tuple[str, Answers]
    ) -> Issue:
        """The urgency of a patient, and the greater one that they would get with another answer.

        `less` and `more` are each what was answered, in words, and the patient who answers so.
        """
        (words_less, patient), (words_more, other) = less, more
        low, high = find_urgency(self.rule_set, patient), find_urgency(self.rule_set, other)
        assert rank(low) < rank(high)  # the engine judges, whatever the solver has found
        message = (
            f"{words_less} leads to {describe_urgency_in_brief(low)}, "
            f"but {words_more} would lead to {describe_urgency_in_brief(high)}"
        )
        return self.authored.build_issue(_part(question), code, message, patient=patient)

    def encode_also_asked(self, question: Question) -> Encoding:
        """The patients if one question is answered whether or not it applies."""
        return Encoding(
            self.rule_set,
            self.person,
            lambda this, other: TRUE if other is question else encode_where_asked(this, other),
        )

    def find_with(self, *formulas: Formula) -> dict[str, Value] | None:
        """What somebody for whom the formulas hold would answer to each question; None: nobody."""
        somebody = self.search.find_mildest(self.wishes, *formulas)
        return None if somebody is None else somebody.read_values(self.person)

    def _nobody(self, *formulas: Formula) -> bool:
        return self.search.find_anybody(*formulas) is None

    def _find_bearing(self, question: Question) -> "_Bearing":
        if question.id not in self._bearing:
            flags = find_affected(self.rule_set, question.id)
            affected = {flag.id for flag in flags}
            others = [flag for flag in self.flags if flag.id not in affected]
            self._bearing[question.id] = _Bearing(
                flags=flags,
                levels=self._levels(self.encoding, flags),
                others=self._levels(self.encoding, others),
            )
        return self._bearing[question.id]

    def _levels(self, encoding: Encoding, flags: Sequence[RedFlag]) -> list[Formula]:
        """For each urgency, the least first: that a flag is present, as urgent or more."""
        ranks = sorted({rank(flag) for flag in self.flags})
        return [
            encoding.build_any_present(flag for flag in flags if rank(flag) >= level)
            for level in ranks
        ]

    def _levels_with(self, question: Question, value: Value) -> list[Formula]:
        """The levels that the question bears on, if it is answered with this value."""
        symbols = self.person.list_symbols(question.id, value)
        return [z3.substitute(level, *symbols) for level in self._find_bearing(question).levels]

    def _some_higher(
        self, question: Question, these: list[Formula], those: list[Formula]
    ) -> Formula:
        """That these levels are more urgent than those; the other red flags are alike in both."""
        others = self._find_bearing(question).others
        return z3.Or(
            [
                z3.And(this, z3.Not(other), z3.Not(that))
                for this, other, that in zip(these, others, those, strict=True)
            ]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bearing:
    """The red flags that a question bears on, their levels, and the levels of all the others.

    A level is a formula: that one of the red flags is present which are as urgent as that or more.
    """

    flags: Sequence[RedFlag]
    levels: list[Formula]
    others: list[Formula]


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
