"""Claims -> what a form that is filled in whole would get wrong, as issues with such a patient.

An interview asks no question that does not apply. A form, or a script, may answer it all the same,
and mean nothing by it; yet an answer that was given counts.
"""

from collections.abc import Iterator

import z3

from backtriage.answers import describe_answer
from backtriage.authoring.prove.claims import Claims
from backtriage.authoring.prove.patients import build_patient
from backtriage.condition_parts import list_comparisons
from backtriage.errors import Issue
from backtriage.model import Question, RedFlag


class FormClaims:
    """What has to hold for answers to questions that do not apply.

    It is decided for the patients of `claims`.
    """

    def __init__(self, claims: Claims) -> None:
        self.claims = claims
        self.rule_set = claims.rule_set

    def find_refuted(self) -> Iterator[Issue]:
        """All the issues, question by question."""
        for question in self.rule_set.questions.values():
            if question.ask_if is not None:
                yield from self.check_follow_up(question)

    def check_follow_up(self, question: Question) -> Iterator[Issue]:
        """No red flag rests on the answer to a question that does not apply."""
        alone = [flag for flag in self._list_using(question) if self._find(question, flag)]
        if not alone:
            return
        values = self._find(question, alone[0])
        assert values is not None
        answer = describe_answer(question, values[question.id])
        names = ", ".join(f'"{flag.id}"' for flag in alone)
        yield self.claims.authored.build_issue(
            ("question", question.id),
            "follow-up-alone",
            f'where this does not apply, an answer such as "{answer}" alone still raises {names}',
            "name the question in front in the condition, or say why the answer stands for itself",
            build_patient(self.rule_set, values, also=question.id),
        )

    def _list_using(self, question: Question) -> list[RedFlag]:
        """The red flags whose condition compares the question."""
        return [
            flag
            for flag in self.claims.flags
            if any(
                one.question == question.id
                for one in list_comparisons(flag.when, self.rule_set.definitions)
            )
        ]

    def _find(self, question: Question, flag: RedFlag) -> dict[str, str | int | float] | None:
        """Somebody who has the red flag only because they answered the question all the same."""
        assert question.ask_if is not None
        own = self.claims.encoding
        return self.claims.find_with(
            own.build_truth(question.ask_if).false,
            self.claims.encode_also_asked(question).build_present(flag),
            z3.Not(own.build_present(flag)),
        )
