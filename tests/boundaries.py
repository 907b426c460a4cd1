"""People at every bound of a rule set: one answer of a healthy person, and of an ill one, changed at a time."""

from collections.abc import Iterator, Mapping

from backtriage.engine import all_telling_values
from backtriage.model import NOT_SURE, Answer, Number, Question, RuleSet
from strategies import harmless_answer


def edge_answers(rule_set: RuleSet, question: Question) -> list[Answer | None]:
    """Every kind of answer: each bound, just under and just over it; each option; not sure; and none."""
    values: set[Answer] = set(all_telling_values(rule_set)[question.id])
    if isinstance(question, Number):
        around = [bound + step for bound in values if not isinstance(bound, str) for step in (-1, -0.001, 0.001, 1)]
        values |= {number for number in around if question.minimum <= number <= question.maximum}
        values |= {question.minimum, question.maximum}
    if question.not_sure is not None:
        values.add(NOT_SURE)
    return [*sorted(values, key=str), None]


def people_at_the_edges(rule_set: RuleSet) -> Iterator[Mapping[str, Answer]]:
    """One changed answer after the other, upon three people: well, with every complaint, and with nothing answered."""
    well = {name: harmless_answer(question) for name, question in rule_set.questions.items()}
    ill = {name: _worst(rule_set, question) for name, question in rule_set.questions.items()}
    bases: list[Mapping[str, Answer]] = [well, ill, {}]
    for base in bases:
        for name, question in rule_set.questions.items():
            for answer in edge_answers(rule_set, question):
                changed = {**base, name: answer}
                yield {question: value for question, value in changed.items() if value is not None}


def _worst(rule_set: RuleSet, question: Question) -> Answer:
    values = all_telling_values(rule_set)[question.id]
    return values[0] if question.worse in ("no", "lower") else values[-1]
