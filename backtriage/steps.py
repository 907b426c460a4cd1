"""(RuleSet, ids of questions) -> the prompts in which they are asked, in the order of asking."""

from collections.abc import Collection
from dataclasses import dataclass

from backtriage.answers import get_check
from backtriage.model import Area, Choice, Number, Question, QuestionList, RuleSet, Value, YesNo


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked in one prompt: one question, or several of one list.

    `again`: the person was not sure, so the question is asked once more, with its check.
    """

    area: Area
    questions: tuple[Question, ...]
    list: QuestionList | None
    again: bool = False

    @property
    def ask(self) -> str:
        """The words in which it is asked."""
        check = get_check(self.questions[0]) if self.again else None
        return check or (self.list.ask if self.list else self.questions[0].ask)


def has_check(step: Step) -> bool:
    """Whether a step is asked once more if the answer is "not sure"."""
    return not step.again and get_check(step.questions[0]) is not None


def choose_mildest(question: Question) -> Value:
    """The answer that worries least."""
    match question:
        case YesNo(worse=worse):
            return "yes" if worse == "no" else "no"
        case Choice(options=options):
            return options[0].id
        case Number(worse="higher", minimum=minimum):
            return minimum
        case Number(worse="lower", maximum=maximum):
            return maximum
        case Number(minimum=minimum, maximum=maximum):
            return minimum + (maximum - minimum) / 3  # of ages, one in the middle of life


def _list_of(question: Question) -> str | None:
    return question.list if isinstance(question, YesNo) else None


def is_asked_with(rule_set: RuleSet, question_id: str, other_id: str) -> bool:
    """Whether two questions are asked in one prompt."""
    name = _list_of(rule_set.questions[question_id])
    return name is not None and name == _list_of(rule_set.questions[other_id])


def list_steps(rule_set: RuleSet, ids: Collection[str]) -> list[Step]:
    """The steps in which the questions are asked, in the order of the rule set."""
    steps: list[Step] = []
    for area in rule_set.areas:
        seen_lists: set[str] = set()
        for question in area.questions:
            if question.id not in ids:
                continue
            name = _list_of(question)
            if name in seen_lists:
                continue
            if name is None:
                steps.append(Step(area, (question,), None))
            else:
                seen_lists.add(name)
                members = tuple(
                    other for other in area.questions if other.id in ids and _list_of(other) == name
                )
                # the last one left of a list is asked in full, as if it stood in none
                asked_by = rule_set.lists[name] if len(members) > 1 else None
                steps.append(Step(area, members, asked_by))
    return steps
