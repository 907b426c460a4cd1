"""Draws a question and reads an answer, line by line: nothing is redrawn, so a screen reader can follow.

The talk goes to stderr. This is the only module that knows rich.
"""

import os
import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import NoReturn, TextIO

from rich.console import Console, ConsoleDimensions
from rich.text import Text

from backtriage import report
from backtriage.answers import describe_answer, parse_typed
from backtriage.conditions import depends_on
from backtriage.engine import rank
from backtriage.errors import AnswersError, BacktriageError, Issue, printable
from backtriage.interview import Interview, Step
from backtriage.model import NOT_SURE, Answer, Choice, Number, Question, RuleSet, YesNo

WIDEST = 80

_KEYS = (
    "y = yes, n = no, ? = not sure. You can also type:\n"
    "w = why we ask, b = back to the question before, q = stop.\n"
    "Press Enter after each answer."
)


class Stopped(Exception):
    """The person stopped; carries the interview as it stood."""

    def __init__(self, interview: Interview) -> None:
        super().__init__()
        self.interview = interview


class _Back(Exception):
    """The person wants the question before."""


class _Quit(Exception):
    """The person wants to stop."""


class _EndOfInput(Exception):
    """There are no more lines."""


class Screen:
    """Where the talk goes, and where typed lines come from."""

    def __init__(self, lines: TextIO | None = None) -> None:
        self.lines = lines or sys.stdin
        self.console = Console(stderr=True, highlight=False, markup=False, emoji=False)
        self.is_terminal = self.lines.isatty()
        self.refused = 0
        """How many lines were not understood."""

    def say(self, text: str = "", style: str = "") -> None:
        """Show a paragraph, wrapped to the width of the terminal."""
        self._fit()
        self.console.print(Text(printable(text), style=style))

    def _fit(self) -> None:
        """Follow the width of the terminal; rich takes a dumb terminal for 80 wide unless it has both measures."""
        self.console.size = ConsoleDimensions(width(), 25)

    def refuse(self, text: str) -> None:
        """Say that a line was not understood."""
        self.refused += 1
        self.say(text, "yellow")

    def read(self, prompt: str) -> str:
        """One line, without the spaces around it; raises _EndOfInput."""
        self._fit()
        self.console.print(Text(f"{prompt} > ", style="bold"), end="")
        line = self.lines.readline()
        if not self.is_terminal:
            self.say(line.strip())
        if not line:
            raise _EndOfInput
        return line.strip()

    def left_over(self) -> str | None:
        """The next line that is not blank, if there is one, where the input is not a terminal."""
        if self.is_terminal:
            return None
        return next((line.strip() for line in self.lines if line.strip()), None)


def width() -> int:
    """The width of the terminal that the talk goes to, `WIDEST` at most."""
    given = os.environ.get("COLUMNS", "")
    if given.isdigit() and int(given) > 0:
        return min(int(given), WIDEST)
    try:
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    return min(columns, WIDEST) if columns > 0 else WIDEST


def run(interview: Interview, screen: Screen, today: date, keep: Callable[[Interview], None]) -> Interview:
    """Ask until nothing is left to ask and the person has confirmed the answers; `keep` is called after each step.

    Raises Stopped when the person stops, and AnswersError where input that is not a terminal ends early or goes on
    after the end.
    """
    area = None
    while True:
        try:
            if interview.step is None:
                confirmed = _review(interview, screen, today)
                if confirmed is None:
                    _refuse_left_over(screen)
                    return interview
                interview, area = confirmed, None
                continue
            if interview.step.area.id != area:
                area = interview.step.area.id
                screen.say()
                screen.say(interview.step.area.title, "bold underline")
            interview = interview.answer(_ask(interview, interview.step, screen))
            keep(interview)
            _tell_dropped(interview, screen)
        except _Back:
            if not interview.history or interview.cursor == 0:
                screen.say("This is the first question.", "yellow")
            interview, area = interview.back(), None
        except (_Quit, KeyboardInterrupt):
            raise Stopped(interview) from None
        except _EndOfInput:
            if screen.is_terminal:
                raise Stopped(interview) from None
            _input_ended(interview)


def greet(rule_set: RuleSet, screen: Screen) -> None:
    """Say what this is and which keys there are."""
    screen.say(rule_set.title, "bold")
    screen.say(rule_set.scope)
    screen.say()
    screen.say(_KEYS)


def _input_ended(interview: Interview) -> NoReturn:
    """Nothing is decided silently: say what is still open."""
    if interview.step is None:
        message = "the input ended before the answers were confirmed, and a line in it was not understood"
        raise AnswersError([Issue(code="input-ended", message=message, suggestion='add a last line "y" to confirm')])
    waiting = interview.step.at_most_more + 1
    message = (
        f'the input ended before the interview did; still open, among at most {waiting}: "{_text_of(interview.step)}"'
    )
    suggestion = "answer every question on a line of its own, or send JSON to `backtriage assess`"
    raise AnswersError([Issue(code="input-ended", message=message, suggestion=suggestion)])


def _refuse_left_over(screen: Screen) -> None:
    line = screen.left_over()
    if line is not None:
        message = f'the interview was over before the input was; not used: "{line[:60]}" and what follows'
        suggestion = "answers may have gone to other questions than you meant; send JSON to `backtriage assess`"
        raise AnswersError([Issue(code="input-left-over", message=message, suggestion=suggestion)])


def _text_of(step: Step) -> str:
    return step.list.ask if step.list else step.questions[0].ask


# One question ---------------------------------------------------------------------------------------------------------


def _ask(interview: Interview, step: Step, screen: Screen) -> Mapping[str, Answer]:
    """Ask until there is an answer; raises _Back or _Quit."""
    _draw(interview, step, screen)
    while True:
        line = screen.read(_prompt(step))
        command = line.casefold()
        if command in ("w", "why"):
            _explain(interview.rule_set, step, screen)
        elif not line:
            screen.refuse(f"Please type an answer. Enter alone counts as nothing. {_hint(step)}")
        else:
            _leave_if_asked(command)
            try:
                given = _understand(step, line)
            except AnswersError as error:
                screen.refuse(_in_words(error, step))
                continue
            _confirm(step, given, screen)
            return given


def _leave_if_asked(command: str) -> None:
    if command in ("b", "back"):
        raise _Back
    if command in ("q", "quit", "stop", "exit"):
        raise _Quit


def _draw(interview: Interview, step: Step, screen: Screen) -> None:
    more = step.at_most_more
    screen.say()
    screen.say(f"({f'at most {more} more after this one' if more else 'the last question'})", "dim")
    screen.say(_text_of(step), "bold")
    for number, label in enumerate(_labels(step), 1):
        screen.say(f"{number:3}  {label}")
    for question in step.questions:
        if question.id in interview.answers:
            before = describe_answer(question, interview.answers[question.id])
            screen.say(f"Your answer was: {f'{question.label}: ' if step.list else ''}{before}", "dim")


def _labels(step: Step) -> list[str]:
    """What is numbered on the screen: the questions of a list, or the options of a choice."""
    if step.list:
        return [question.label for question in step.questions]
    question = step.questions[0]
    return [option.label for option in question.options] if isinstance(question, Choice) else []


def _prompt(step: Step) -> str:
    if step.list:
        return "numbers, none or ?"
    match step.questions[0]:
        case YesNo():
            return "y, n or ?"
        case Choice(options=options):
            return f"1 to {len(options)}, or ?"
        case Number(unit="day"):
            return "days, weeks, months or years, or ?"
        case Number(unit=unit):
            return {"year": "years, or ?", "C": "°C or °F, or ?"}.get(unit, f"{unit}, or ?")


def _hint(step: Step) -> str:
    if step.list:
        return 'Type the numbers of all that apply, such as "1 3", or "none". Put ? behind a number for not sure.'
    match step.questions[0]:
        case YesNo():
            return "y = yes, n = no, ? = not sure, w = why, b = back, q = stop."
        case Choice(options=options):
            return f"Type a number from 1 to {len(options)}, or ? if you are not sure."
        case Number(unit="day"):
            return 'For example "3 days", "6 weeks" or "2 months", or ? if you are not sure.'
        case Number():
            return "Type a number, or ? if you are not sure."


def _in_words(error: BacktriageError, step: Step) -> str:
    issue = error.issues[0]
    message = issue.message[0].upper() + issue.message[1:]
    way_out = f" {issue.suggestion[0].upper()}{issue.suggestion[1:]}" if issue.suggestion else ""
    if isinstance(step.questions[0], Number):
        return f"{message}.{way_out}"
    return f"Sorry, that was not understood. {_hint(step)}"


def _understand(step: Step, line: str) -> Mapping[str, Answer]:
    """The answers that a typed line stands for; raises AnswersError."""
    if step.list:
        return _understand_list(step, line)
    question = step.questions[0]
    if isinstance(question, Choice) and line.rstrip(".)").isdecimal():
        number = int(line.rstrip(".)"))
        if 1 <= number <= len(question.options):
            return {question.id: question.options[number - 1].id}
    return {question.id: parse_typed(question, line)}


def _understand_list(step: Step, line: str) -> Mapping[str, Answer]:
    """Read "1 3?" as yes to the first, not sure of the third, and no to the others."""
    ids = [question.id for question in step.questions]
    if line == "?" or line.casefold() == NOT_SURE:
        return dict.fromkeys(ids, NOT_SURE)
    given: dict[str, Answer] = dict.fromkeys(ids, "no")
    if line.casefold() in ("none", "none of these", "0"):
        return given
    for word in line.replace(",", " ").replace(" ?", "?").split():
        digits = word.removesuffix("?").rstrip(".)")
        if not digits.isdecimal() or not 1 <= int(digits) <= len(ids):
            raise AnswersError([Issue(code="not-an-option", message=f'"{word}" is not in the list')])
        given[ids[int(digits) - 1]] = NOT_SURE if word.endswith("?") else "yes"
    return given


def _confirm(step: Step, given: Mapping[str, Answer], screen: Screen) -> None:
    """Say back what is not plain: a number with its unit, the choice, and what "not sure" counts as."""
    for question in step.questions:
        answer = given[question.id]
        if answer == NOT_SURE:
            counted = describe_answer(question, question.not_sure)
            name = f"{question.label}: not sure" if step.list else "Not sure"
            screen.say(f"{name}. It counts as: {counted}.", "dim")
        elif isinstance(question, Number | Choice) or (step.list and answer == "yes"):
            screen.say(f"{question.label}: {describe_answer(question, answer)}.", "dim")


def _explain(rule_set: RuleSet, step: Step, screen: Screen) -> None:
    why = step.list.why if step.list else step.questions[0].why
    screen.say(why)
    for citation in _citations(rule_set, step.questions)[:3]:
        screen.say(f"Source: {citation}", "dim")


def _citations(rule_set: RuleSet, questions: tuple[Question, ...]) -> list[str]:
    """The sources of the red flags that the questions bear on, of the most urgent first."""
    ids = {question.id for question in questions}
    flags = sorted(rule_set.red_flags.values(), key=rank, reverse=True)
    used = (source for flag in flags if ids & depends_on(flag.when, rule_set) for source in flag.sources)
    return [rule_set.sources[source].citation for source in dict.fromkeys(used)]


def _tell_dropped(interview: Interview, screen: Screen) -> None:
    for question_id in interview.dropped:
        screen.say(f"No longer asked, so dropped: {interview.rule_set.questions[question_id].label}.", "dim")


# The end --------------------------------------------------------------------------------------------------------------


def _review(interview: Interview, screen: Screen, today: date) -> Interview | None:
    """Show all answers; None if the person confirms them, or the interview with one of them reopened."""
    if interview.status.at_least.advice == "seek_care_now":
        _warn_at_once(interview, screen, today)
    rows = list(interview.answers.items())
    screen.say()
    screen.say("Your answers", "bold underline")
    for number, (question_id, answer) in enumerate(rows, 1):
        question = interview.rule_set.questions[question_id]
        screen.say(f"{number:3}  {question.label}: {describe_answer(question, answer)}")
    screen.say()
    screen.say("Are these right? Type y to see the result, or the number of an answer to change it.", "bold")
    while True:
        try:
            line = screen.read("y or a number").casefold()
        except _EndOfInput:
            if screen.is_terminal or screen.refused:
                raise
            screen.say("(The input ends here; the answers are taken as given.)", "dim")
            return None
        _leave_if_asked(line)
        if line in ("y", "yes"):
            return None
        if line.isdecimal() and 1 <= int(line) <= len(rows):
            return interview.reopen(rows[int(line) - 1][0])
        screen.refuse(f"Type y if all is right, or a number from 1 to {len(rows)} to change an answer.")


def _warn_at_once(interview: Interview, screen: Screen, today: date) -> None:
    """An emergency is told before anything else."""
    urgent = [flag for flag in interview.status.present if flag.advice == "seek_care_now"]
    screen.say()
    screen.say(report.headline(interview.status.at_least, today).upper(), "bold red")
    for flag in urgent:
        screen.say(flag.because, "bold")


def say_so_far(interview: Interview, screen: Screen, today: date) -> None:
    """What the answers already show when the person stops early."""
    screen.say()
    if interview.status.present:
        screen.say("You stopped early. Your answers already show that you need care:", "bold")
        screen.say(report.headline(interview.status.at_least, today), "bold red")
        screen.say(interview.status.present[0].because)
    else:
        screen.say("You stopped early. There is no advice yet; this does not mean that all is well.", "bold")


def ask_file_name(screen: Screen) -> str | None:
    """Where to save the answers, or None."""
    if not screen.is_terminal:
        return None
    screen.say("Save your answers, to go on later? Type a name for the file, or press Enter to leave without saving.")
    try:
        return screen.read("file name") or None
    except (_EndOfInput, KeyboardInterrupt):
        return None
