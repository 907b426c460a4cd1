"""(RuleSet, ids of questions) -> the prompts in which they are asked, in the order of asking."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

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
    return [_make_step(rule_set, questions) for questions in _put_together(rule_set, ids)]


def find_first_step(rule_set: RuleSet, ids: Collection[str]) -> Step | None:
    """The first of these steps, if there is any."""
    return next((_make_step(rule_set, first) for first in _put_together(rule_set, ids)), None)


def count_steps(rule_set: RuleSet, ids: Collection[str]) -> int:
    """How many steps these are."""
    return len(_put_together(rule_set, ids))


def _put_together(rule_set: RuleSet, ids: Collection[str]) -> Collection[list[Question]]:
    """The questions of each step, in the order of the rule set."""
    together: dict[int, list[Question]] = {}
    for name, (place, question) in _place_all(rule_set).items():
        if name in ids:
            together.setdefault(place, []).append(question)
    return together.values()


@lru_cache(maxsize=8)
def _place_all(rule_set: RuleSet) -> dict[str, tuple[int, Question]]:
    """Every question, and its place in the order of asking: that of the first in its list."""
    places: dict[str, tuple[int, Question]] = {}
    of_list: dict[str, int] = {}
    for place, question in enumerate(rule_set.questions.values()):
        asked_by = _list_of(question)
        first = of_list.setdefault(asked_by, place) if asked_by else place
        places[question.id] = (first, question)
    return places


def _make_step(rule_set: RuleSet, questions: Sequence[Question]) -> Step:
    first = questions[0]
    # the last one left of a list is asked in full, as if it stood in none
    name = _list_of(first) if len(questions) > 1 else None
    asked_by = rule_set.lists[name] if name else None
    return Step(rule_set.area_of[first.id], tuple(questions), asked_by)
