"""(RuleSet, a batch) -> planes of what its rows count as, and what is wrong with them."""

from collections.abc import Mapping
from typing import Any

from backtriage.errors import Issue
from backtriage.model import Answer, RuleSet
from backtriage.planes import compile_kernel
from backtriage.tables.batches import Batch
from backtriage.tables.notation import Notation
from backtriage.tables.values import Understanding


class Understandings:
    """Understands the columns of all questions of a rule set, batch by batch."""

    def __init__(
        self, rule_set: RuleSet, columns: Mapping[str, str], notation: Notation, *, is_json: bool
    ) -> None:
        """`columns` has the column of each question that may have one, `notation` its codes;
        `is_json` says that values are JSON texts.
        """
        questions = {name: rule_set.questions[name] for name in columns}
        self._kernel = compile_kernel(rule_set)
        self._columns = columns
        self._is_json = is_json
        self._understandings = {
            name: Understanding(question, self._kernel.slots[name], notation.find_codes(question))
            for name, question in questions.items()
        }

    def hold(self, batch: Batch) -> tuple[list[int], dict[int, list[Issue]]]:
        """The planes of all questions, and by row in the batch what is wrong."""
        planes = [0] * self._kernel.size
        wrong = {row: list(issues) for row, issues in batch.wrong.items()}
        for question, name in self._columns.items():
            if name in batch.columns:
                column = batch.columns[name]
                own, issues = self._understandings[question].hold(column, is_json=self._is_json)
                start = self._kernel.slots[question].place
                planes[start : start + len(own)] = own
                for row, issue in issues.items():
                    wrong.setdefault(row, []).append(issue)
        return planes, wrong

    def list_answers(self, batch: Batch, rows: Any) -> list[dict[str, Answer]]:
        """By question the answers in some rows of a batch, of which `hold` found nothing wrong."""
        answers: list[dict[str, Answer]] = [{} for _ in rows]
        for question, name in self._columns.items():
            if name in batch.columns:
                column = batch.columns[name].take(rows)
                of_rows = self._understandings[question].list_answers(column, is_json=self._is_json)
                for own, answer in zip(answers, of_rows, strict=True):
                    if answer is not None:
                        own[question] = answer
        return answers
