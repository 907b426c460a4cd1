"""Raw mapping -> Answers: the one place where "yes", "6 weeks" and "not sure" become values."""

import math
import re
from collections.abc import Mapping
from typing import assert_never

from backtriage.answer_words import LONGEST_TEXT, normalize, read_plain
from backtriage.errors import (
    MOST_ISSUES,
    AnswersError,
    Issue,
    limit_issues,
    name_kind,
    quote_value,
    shorten,
    suggest_nearest,
)
from backtriage.language import describe_number, say
from backtriage.model import (
    NOT_SURE,
    Answer,
    Answers,
    AskedTwice,
    Choice,
    NotSure,
    Number,
    Question,
    RuleSet,
    YesNo,
)
from backtriage.units import QuantityError, convert, describe_quantity, has_unit, parse_quantity

# Python's float takes more than what people write in a table, such as "nan" and "1_000".
_WRITTEN_NUMBER = re.compile(r"\s*-?\d{1,300}(\.\d*)?([eE][-+]?\d{1,2})?\s*", re.ASCII)


class _Refused(ValueError):
    """A value cannot be taken; carries the issue without its place."""

    def __init__(self, code: str, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.code, self.message, self.suggestion = code, message, suggestion

    def issue(self, path: str | None = None) -> Issue:
        """The issue, at its place."""
        return Issue(code=self.code, message=self.message, suggestion=self.suggestion, path=path)


def parse_answers(rule_set: RuleSet, raw: object) -> Answers:
    """Turn a mapping of question id to value into Answers.

    Values may be native (True, 47, "option_id") or words ("yes", "6 weeks", "not sure", the text of
    an option). A number means days where the question asks for a length of time; a text must name
    its unit there, since "6" may well mean weeks. Of a question with a check, "not sure, then no"
    and the like hold both answers. None means not answered.

    Raises AnswersError with every issue: `not-an-object`, `not-answers`, `unknown-question`,
    `wrong-type`, `out-of-range`, `not-an-option`, `not-sure-refused`; of very many the first, and
    `more-issues`.
    """
    if not isinstance(raw, Mapping):
        message = say(
            "answers must be one object of question ids and values, not {given}",
            given=name_kind(raw),
        )
        raise AnswersError([Issue(code="not-an-object", message=message)])
    if "rule_set" in raw and "answers" in raw and "answers" not in rule_set.questions:
        message = say("this is a saved interview or result, not a set of answers")
        suggestion = say(
            "`backtriage replay` assesses it again, `backtriage --resume` goes on with it"
        )
        raise AnswersError([Issue(code="not-answers", message=message, suggestion=suggestion)])
    values: dict[str, Answer] = {}
    faults: list[Issue | str] = []
    for key, given in raw.items():
        question = rule_set.questions.get(key) if isinstance(key, str) else None
        if question is None:
            faults.append(str(key))
        elif given is not None:
            try:
                values[question.id] = _parse(question, given)
            except _Refused as error:
                faults.append(error.issue(question.id))
    if faults:
        raise AnswersError(_issues(faults, rule_set))
    return Answers(values)


def _issues(faults: list[Issue | str], rule_set: RuleSet) -> list[Issue]:
    """What is wrong with values, and an issue for each key that is no question."""
    if len(faults) > MOST_ISSUES:
        # values that are wrong come first, so that each of them is told
        faults = sorted(faults, key=lambda fault: isinstance(fault, str))

    def issue_of(fault: Issue | str) -> Issue:
        return _unknown_question(fault, rule_set) if isinstance(fault, str) else fault

    return limit_issues(faults, issue_of)


def parse_answer(question: Question, given: object) -> Answer:
    """The Answer that a value or a text stands for; raises AnswersError with one issue."""
    try:
        return _parse(question, given)
    except _Refused as error:
        raise AnswersError([error.issue()]) from None


def read_cell(cell: str) -> float | str:
    """What a cell of a table of texts gives for a number question.

    The number that stands there, which counts in the unit of the question, or else the text itself.
    """
    if len(cell) > LONGEST_TEXT or not _WRITTEN_NUMBER.fullmatch(cell):
        return cell
    number = float(cell)
    return int(number) if number.is_integer() else number


def _unknown_question(key: str, rule_set: RuleSet) -> Issue:
    near = suggest_nearest(key, rule_set.questions)
    return Issue(
        code="unknown-question",
        message=say("there is no question {name}", name=quote_value(key)),
        suggestion=near or say("`backtriage questions` lists them all"),
        path=shorten(key),
    )


# Values ------------------------------------------------------------------------------------------


def get_check(question: Question) -> str | None:
    """What whoever is not sure is asked once more, if the question has that."""
    return question.check if isinstance(question, YesNo) else None


def _parse(question: Question, given: object) -> Answer:
    meant = read_plain(given) if isinstance(given, str) else given
    if isinstance(meant, AskedTwice):
        return _parse_twice(question, meant)
    if isinstance(meant, NotSure) and not _is_option(question, given):
        if question.not_sure is None:
            suggestion = say("a number that is near enough will do")
            raise _Refused("not-sure-refused", say('"not sure" is no answer here'), suggestion)
        return NOT_SURE
    match question:
        case YesNo():
            return _parse_yes_no(given, meant)
        case Number():
            return _parse_number(question, given)
        case Choice():
            return _parse_choice(question, given)
        case _:
            assert_never(question)


def _parse_twice(question: Question, given: AskedTwice) -> AskedTwice:
    """Both answers to a question with a check: no other is asked once more."""
    if get_check(question) is None:
        message = say(
            "{given} is no answer here, as the question has no check", given=quote_value(str(given))
        )
        raise _Refused("wrong-type", message, say("write the last of the two answers alone"))
    return given


def _is_option(question: Question, given: object) -> bool:
    """Whether a text is the id of an option, even one such as "unknown", elsewhere "not sure"."""
    if not isinstance(question, Choice) or not isinstance(given, str):
        return False
    return normalize(given) in {option.id for option in question.options}


def _parse_yes_no(given: object, meant: object) -> Answer:
    """`meant` is what the value says by itself, where it is a text."""
    if meant is True or meant == "yes":
        return "yes"
    if meant is False or meant == "no":
        return "no"
    message = say("{given} is not an answer here", given=quote_value(given))
    raise _Refused("wrong-type", message, say('write "yes", "no" or "not sure"'))


def _parse_number(question: Number, given: object) -> Answer:
    number = _number_from(question, given)
    if not question.minimum <= number <= question.maximum:
        least = describe_quantity(question.minimum, question.unit)
        most = describe_quantity(question.maximum, question.unit)
        message = say(
            "{given} is not from {least} to {most}",
            given=quote_value(given),
            least=least,
            most=most,
        )
        raise _Refused("out-of-range", message, _other_unit(question, number))
    return number


def _number_from(question: Number, given: object) -> float:
    if isinstance(given, str):
        return _number_from_text(question, given)
    # bool is an int to Python, but true is no number of weeks
    if isinstance(given, bool) or not isinstance(given, int | float):
        message = say("{given} is not a number", given=quote_value(given))
    elif isinstance(given, float) and not math.isfinite(given):
        message = say("{given} is not a number that can be used", given=given)
    else:
        return int(given) if isinstance(given, float) and given.is_integer() else given
    raise _Refused("wrong-type", message, say('write a number or "not sure"'))


def _number_from_text(question: Number, given: str) -> float:
    if question.unit == "day" and not has_unit(given):
        suggestion = say('write the unit with it, for example "6 weeks"')
        raise _Refused("wrong-type", say("{given} of what?", given=quote_value(given)), suggestion)
    try:
        return parse_quantity(given, question.unit)
    except QuantityError as error:
        message = f"{quote_value(given)}: {error.message}"
        raise _Refused("wrong-type", message, error.way_out) from None


def _other_unit(question: Number, number: float) -> str | None:
    """A way out for a temperature that makes sense in the other unit alone."""
    other = {"C": "F", "F": "C"}.get(question.unit)
    if other is None or not -1000 < number < 1000:
        return None
    converted = convert(number, other, question.unit)
    makes_sense = question.minimum <= converted <= question.maximum
    if not makes_sense:
        return None
    return say('did you mean "{number} {unit}"?', number=describe_number(number), unit=other)


def _parse_choice(question: Choice, given: object) -> Answer:
    ids = [option.id for option in question.options]
    near = None
    if isinstance(given, str):
        word = normalize(given)
        labelled = [option.id for option in question.options if normalize(option.label) == word]
        named = [word] if word in ids else labelled
        if len(named) == 1:
            return named[0]
        near = suggest_nearest(word, ids)
    message = say("{given} is not an option", given=quote_value(given))
    way_out = near or say("choose from {options}", options=", ".join(ids))
    raise _Refused("not-an-option", message, way_out)


# Words for values --------------------------------------------------------------------------------


def describe_not_sure(question: Question) -> str:
    """What "not sure" counts as, in the words of the question."""
    if question.not_sure is None:
        return say("refused")
    described = describe_answer(question, question.not_sure)
    return f'"{described}"' if isinstance(question, Choice) else described  # often a sentence


def describe_answer(question: Question, answer: Answer) -> str:
    """An answer in the words of the question: "yes", "6 weeks", an option's label, "not sure"."""
    if isinstance(question, Number) and isinstance(answer, int | float):
        return describe_quantity(answer, question.unit, given=True)
    if isinstance(question, Choice):
        labels = (option.label for option in question.options if option.id == answer)
        return next(labels, say(str(answer)))
    return say(str(answer))
