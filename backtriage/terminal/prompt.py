"""One question on the screen -> the answer that was typed, or a wish to go back or to stop."""

from collections.abc import Mapping

from backtriage.answer_words import (
    means_back,
    means_no,
    means_none,
    means_not_sure,
    means_quit,
    means_why,
    means_yes,
    normalize,
    place_of,
)
from backtriage.answers import describe_answer, describe_not_sure, parse_answer
from backtriage.conditions import take_last
from backtriage.errors import AnswersError, Issue, shorten
from backtriage.interview import Interview
from backtriage.language import read_typed, say
from backtriage.model import NOT_SURE, Answer, Choice, Number, Question, RuleSet, YesNo
from backtriage.report.sources import MOST_CITED, list_sources
from backtriage.report.wording import Wording
from backtriage.report.words import capitalize_first, is_plain_no, make_sentence
from backtriage.steps import Step
from backtriage.terminal.screen import Screen


class Back(Exception):
    """The person wants the question before."""


class Quit(Exception):
    """The person wants to stop."""


def ask(interview: Interview, step: Step, screen: Screen) -> Mapping[str, Answer]:
    """Ask until there is an answer; raises Back or Quit."""
    _draw(interview, step, screen)
    while True:
        line = screen.read(_prompt(step))
        if means_why(line):
            _explain(interview.rule_set, step, screen)
            _draw(interview, step, screen)
        elif not line and (kept := _find_kept(interview, step)):
            return kept
        elif not line:
            nothing = say("Please type an answer. Enter alone counts as nothing.")
            screen.refuse(f"{nothing} {_hint(step)}")
        else:
            leave_if_asked(line)
            try:
                given = _understand(step, line)
            except AnswersError as error:
                screen.refuse(_describe_error(error, step))
                continue
            _confirm(interview, step, given, screen)
            return given


def _find_kept(interview: Interview, step: Step) -> Mapping[str, Answer] | None:
    """The answers that Enter alone keeps: those of a step that is asked again, if it has all."""
    given = {
        question.id: interview.answers[question.id]
        for question in step.questions
        if question.id in interview.answers
    }
    return given if interview.cursor is not None and len(given) == len(step.questions) else None


def leave_if_asked(line: str) -> None:
    """Raise Back or Quit if that is what was typed."""
    if means_back(line):
        raise Back
    if means_quit(line):
        raise Quit


def read_yes_no(screen: Screen, refusal: str, *, or_not_sure: bool = False) -> bool | None:
    """Read until there is a yes or a no to a question of the tool itself; raises Quit.

    None is "not sure", where that is an answer. `refusal` says what can be typed.
    """
    while True:
        line = screen.read(say("y, n or ?") if or_not_sure else say("y or n"))
        if means_quit(line):
            raise Quit
        if means_yes(line) or means_no(line):
            return means_yes(line)
        if or_not_sure and means_not_sure(line):
            return None
        screen.refuse(refusal)


def _draw(interview: Interview, step: Step, screen: Screen) -> None:
    """Show the question with what can be chosen, and the answer that it had before."""
    screen.say()
    if interview.cursor is not None:
        screen.say(say("(changing an answer)"), "dim")
    again = say("Not sure? Try this: {check}", check=step.ask)
    screen.say(again if step.again else step.ask, "bold")
    if step.list:
        screen.say(_describe_answers(step))
    for number, label in enumerate(_labels(step), 1):
        screen.say(f"{number:3}  {label}", indent=5)
    if step.list:
        screen.say(f"{0:3}  {say('None of these')}", indent=5)
    before = "" if step.again else _describe_before(interview, step)
    if before:
        screen.say(say("Your answer was: {answer}", answer=before), "dim")
    if _find_kept(interview, step):
        screen.say(say("Press Enter to leave it as it is."), "dim")


def _describe_before(interview: Interview, step: Step) -> str:
    """The answer that was given before, in one line also for a list; empty if there is none."""
    given = [
        (question, interview.answers[question.id])
        for question in step.questions
        if question.id in interview.answers
    ]
    if not step.list:
        return "".join(describe_answer(question, answer) for question, answer in given)
    absent = [question.label for question, answer in given if is_plain_no(question, answer)]
    if len(absent) == len(step.questions):
        return say("None of these")
    described = [
        say(Wording.LABELLED, label=question.label, answer=describe_answer(question, answer))
        for question, answer in given
        if not is_plain_no(question, answer)
    ]
    if absent:
        described.append(say(Wording.PLAIN_NO, labels=", ".join(absent)))
    return "; ".join(described)


def _labels(step: Step) -> list[str]:
    """What is numbered on the screen: the questions of a list, or the options of a choice."""
    if step.list:
        return [_label_in_list(question) for question in step.questions]
    question = step.questions[0]
    return [option.label for option in question.options] if isinstance(question, Choice) else []


def _label_in_list(question: Question) -> str:
    item = question.item if isinstance(question, YesNo) else None
    return item or question.label


def _prompt(step: Step) -> str:
    """What stands before the place where the answer is typed: what can be typed, in few words."""
    if step.list:
        return say("numbers such as 1 3, or 0, or ?")
    match step.questions[0]:
        case YesNo():
            return say("y, n or ?")
        case Choice(options=options):
            return say("1 to {last}, or ?", last=len(options))
        case Number(unit=unit, not_sure=not_sure):
            example = _name_example(unit)
            return example if not_sure is None else say("{example}, or ?", example=example)


def _name_example(unit: str) -> str:
    """What is typed for a number, in as few words as will do."""
    match unit:
        case "day":
            return say("such as 3 days")
        case "year":
            return say("years")
        case "C":
            return say("°C or °F")
        case _:
            return unit


def _hint(step: Step) -> str:
    """What can be typed, in sentences: for somebody whose line was not understood."""
    return f"{_describe_answers(step)} {say(Wording.COMMANDS)}"


def _describe_answers(step: Step) -> str:
    if step.list:
        return say(
            'Type the numbers of all that apply, such as "1 3", or 0 for none. '
            "Put ? behind a number for not sure."
        )
    match step.questions[0]:
        case YesNo():
            return say(
                "Type y for yes, even if only a little or at times, n for no, or ? for not sure. "
                "Type n if it cannot apply to you."
            )
        case Choice(options=options):
            last = len(options)
            return say("Type a number from 1 to {last}, or ? if you are not sure.", last=last)
        case Number(unit=unit, not_sure=not_sure):
            return _describe_number(unit, or_not_sure=not_sure is not None)


def _describe_number(unit: str, *, or_not_sure: bool) -> str:
    """What can be typed for a number, in a sentence."""
    if unit == "day":
        if or_not_sure:
            return say('For example "3 days", "6 weeks" or "2 months", or ? if you are not sure.')
        return say('For example "3 days", "6 weeks" or "2 months".')
    if or_not_sure:
        return say("Type a number, or ? if you are not sure.")
    return say("Type a number.")


def _describe_error(error: AnswersError, step: Step) -> str:
    """What was wrong with a line; of a number it can be said, the rest is just no answer."""
    if not isinstance(step.questions[0], Number):
        return f"{say('Sorry, that was not understood.')} {_hint(step)}"
    issue = error.issues[0]
    return " ".join(map(make_sentence, filter(None, (issue.message, issue.suggestion))))


def _understand(step: Step, line: str) -> Mapping[str, Answer]:
    """The answers that a typed line stands for; raises AnswersError."""
    if step.list:
        return _understand_list(step, line)
    question = step.questions[0]
    number = place_of(line)
    if isinstance(question, Choice) and number is not None and 1 <= number <= len(question.options):
        return {question.id: question.options[number - 1].id}
    return {question.id: parse_answer(question, line)}


def _understand_list(step: Step, line: str) -> Mapping[str, Answer]:
    """Read "1 3?" as yes to the first, not sure of the third, and no to the others."""
    ids = [question.id for question in step.questions]
    if means_not_sure(line):
        return dict.fromkeys(ids, NOT_SURE)
    given: dict[str, Answer] = dict.fromkeys(ids, "no")
    if means_none(line):
        return given
    plain = read_typed(normalize(line)).replace(",", " ").replace("&", " ").replace(" and ", " ")
    for word in plain.split():
        place = (place_of(word.removesuffix("?")) or 0) - 1
        if not 0 <= place < len(ids) or given[ids[place]] != "no":
            message = f'"{shorten(word)}" is not in the list, or stands there twice'
            raise AnswersError([Issue(code="not-an-option", message=message)])
        given[ids[place]] = NOT_SURE if word.endswith("?") else "yes"
    return given


def _confirm(interview: Interview, step: Step, given: Mapping[str, Answer], screen: Screen) -> None:
    """Say back what is not plain: a number with its unit, a choice, what "not sure" counts as.

    It does not count yet where the question is asked once more.
    """
    waiting = interview.take_answers(given).waiting if NOT_SURE in given.values() else ()
    for question in step.questions:
        answer = given[question.id]
        if question.id in waiting:
            continue
        if take_last(answer) is NOT_SURE:
            counted = describe_not_sure(question)
            not_sure = say(Wording.NOT_SURE)
            name = capitalize_first(not_sure)
            if step.list:
                name = say(Wording.LABELLED, label=question.label, answer=not_sure)
            is_worse = isinstance(question, YesNo) and question.not_sure == question.worse
            words = Wording.COUNTED_SAFELY if is_worse else Wording.COUNTED_AS
            screen.say(say(words, name=name, counted=counted), "dim")
        elif isinstance(question, Number | Choice) or (step.list and answer == "yes"):
            screen.say(f"{question.label}: {describe_answer(question, answer)}.", "dim")


def _explain(rule_set: RuleSet, step: Step, screen: Screen) -> None:
    """Say why the question is asked, and two sources at most."""
    screen.say(step.list.why if step.list else step.questions[0].why)
    if step.list:
        for number, question in enumerate(step.questions, 1):
            screen.say(f"{number:3}  {question.ask}", indent=5)
    for source in list_sources(rule_set, step.questions)[:MOST_CITED]:
        screen.say(say(Wording.SOURCE, source=rule_set.sources[source].citation), "dim")
