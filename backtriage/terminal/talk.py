"""The interview as a talk: questions, review of the answers, and what is said when it stops."""

from collections.abc import Callable
from datetime import date
from typing import NoReturn

from backtriage.answer_words import (
    ALL,
    QUIT,
    means_no,
    means_not_sure,
    means_yes,
    normalize,
    place_of,
)
from backtriage.answers import describe_answer
from backtriage.errors import AnswersError, Issue, shorten
from backtriage.interview import Interview
from backtriage.model import Answer, Area, Country, RuleSet
from backtriage.report import sections as report
from backtriage.report.words import describe_day, is_plain_no
from backtriage.terminal.prompt import Back, Quit, ask, build_text, leave_if_asked
from backtriage.terminal.screen import EndOfInput, NotUnderstood, Screen

_KEYS = (
    "y = yes, n = no, ? = not sure. You can also type:\n"
    "w = why we ask, b = back to the question before, q = stop.\n"
    "Press Enter after each answer. What you type stays on this computer."
)


_STILL_TRUE = "Is this answer still true?"
_ALL_RIGHT = "Are these right?"


class Stopped(Exception):
    """The person stopped; carries the interview as it stood."""

    def __init__(self, interview: Interview) -> None:
        super().__init__()
        self.interview = interview


def greet(rule_set: RuleSet, screen: Screen) -> None:
    """Say what this is and which keys there are."""
    screen.say(rule_set.title, "bold")
    screen.say(rule_set.scope)
    screen.say()
    screen.say(_KEYS)


def welcome_back(answered_on: date | None, today: date, screen: Screen) -> None:
    """Say from when the answers are that the interview goes on from: what was true then may have changed."""
    screen.say()
    if answered_on is None:
        screen.say("It is not known from which day your saved answers are.")
    else:
        days = (today - answered_on).days
        age = {0: "today", 1: "yesterday"}.get(
            days, f"{days} days ago" if days > 1 else "a day still to come"
        )
        screen.say(f"Your saved answers are from {describe_day(answered_on)} ({age}).")
    screen.say(
        "If something has changed since then, type b to go back to it. You will see all answers at the end."
    )


def hold_interview(
    interview: Interview,
    screen: Screen,
    today: date,
    keep: Callable[[Interview], None],
    country: Country | None = None,
) -> Interview:
    """Ask until nothing is left to ask and the person has confirmed the answers; `keep` is called after each step.

    Raises Stopped when the person stops, and AnswersError where input that is not a terminal ends
    early or goes on after the end.
    """
    talk = _Talk(interview, screen, today, country)
    while True:
        try:
            if talk.move():
                return talk.interview
            keep(talk.interview)
        except (Quit, KeyboardInterrupt):
            raise Stopped(talk.interview) from None
        except EndOfInput:
            if screen.is_terminal:
                raise Stopped(talk.interview) from None
            _input_ended(talk.interview)
        except NotUnderstood as error:
            _not_understood(talk.interview, error)


class _Talk:
    """Where the talk stands: the interview, the area last announced, and whether an emergency was told."""

    def __init__(
        self, interview: Interview, screen: Screen, today: date, country: Country | None
    ) -> None:
        self.interview = interview
        self.screen = screen
        self.today = today
        self.country = country
        self.area: str | None = None
        self.warned = False

    def move(self) -> bool:
        """Take one step; True when the person has confirmed the answers."""
        try:
            if self.interview.doubtful:
                self._tell_emergency(again=False)
                self.interview = _settle(self.interview, self.interview.doubtful[0], self.screen)
                return False
            if self.interview.step is None:
                return self._end()
            self._tell_emergency(again=False)
            self._announce(self.interview.step.area)
            self.interview = self.interview.take_answers(
                ask(self.interview, self.interview.step, self.screen)
            )
            for question_id in self.interview.dropped:
                label = self.interview.rule_set.questions[question_id].label
                self.screen.say(f"No longer asked, so dropped: {label}.", "dim")
        except Back:
            if not self.interview.history or self.interview.cursor == 0:
                self.screen.say("This is the first question.", "yellow")
            self.interview, self.area = self.interview.go_back(), None
        return False

    def _announce(self, area: Area) -> None:
        """Name the area where it begins, and say how many questions may still come: told each time, it would weary."""
        if area.id != self.area:
            self.area = area.id
            more = self.interview.at_most_more
            questions = "question" if more == 1 else "questions"
            left = (
                f"at most {more} more {questions} after this one" if more else "the last question"
            )
            self.screen.say()
            self.screen.say(area.title, "bold underline")
            self.screen.say(f"({left})", "dim")

    def _end(self) -> bool:
        _show_answers(self.interview, self.screen)
        self._tell_emergency(again=True)  # below the answers, which could push it off the screen
        reopened = _review(self.interview, self.screen)
        if reopened is None:
            _refuse_left_over(self.screen)
            return True
        self.interview, self.area = reopened, None
        return False

    def _tell_emergency(self, *, again: bool) -> None:
        """An emergency is told as soon as it shows, before anything else is asked; `again`: even if it was told."""
        urgent = [flag for flag in self.interview.status.present if flag.advice == "seek_care_now"]
        if urgent and (again or not self.warned):
            headline = report.describe_headline(
                self.interview.status.at_least, self.interview.rule_set, self.today
            )
            self.screen.say()
            self.screen.say(headline.upper(), "bold red")
            _say_first_step(self.interview, self.country, self.screen)
            for flag in urgent:
                self.screen.say(flag.because)
            if self.interview.step is not None:
                self.screen.say("You need not answer the rest first: type q to stop here.")
        if self.warned and not urgent:
            self.screen.say()
            self.screen.say(
                "After this change your answers show no emergency so far. There is no advice yet.",
                "bold",
            )
        self.warned = bool(urgent)


def _settle(interview: Interview, question_id: str, screen: Screen) -> Interview:
    """Ask whether an answer still holds that no longer applies, but that a red flag rests on; not sure keeps it."""
    question = interview.rule_set.questions[question_id]
    screen.say()
    screen.say(f"{question.label}: {describe_answer(question, interview.answers[question_id])}.")
    screen.say("After your change we would not ask this. But a warning sign rests on your answer.")
    screen.say(_STILL_TRUE, "bold")
    while True:
        line = screen.read("y, n or ?")
        if normalize(line) in QUIT:
            raise Quit
        if means_yes(line) or means_not_sure(line):
            screen.say(f"Kept: {question.label}.", "dim")
            return interview.settle(question_id, keep=True)
        if means_no(line):
            screen.say(f"Dropped: {question.label}.", "dim")
            return interview.settle(question_id, keep=False)
        screen.refuse(
            "y = yes, it is still true. n = no, drop it. ? = not sure, so keep it. q = stop."
        )


def _say_first_step(interview: Interview, country: Country | None, screen: Screen) -> None:
    """The first thing to do, given the answers so far, and for an emergency the number to call."""
    text = interview.rule_set.advice[interview.status.at_least.advice]
    screen.say(report.choose_steps(text.steps, interview.rule_set, interview.answers)[0], "bold")
    if country and interview.status.at_least.advice == "seek_care_now":
        screen.say(report.describe_emergency_number(country), "bold")


def _not_understood(interview: Interview, error: NotUnderstood) -> NoReturn:
    message = f'"{shorten(error.line)}" is no answer to "{_asked(interview)}"'
    suggestion = "nothing was decided; send JSON to `backtriage assess` if the questions are not known beforehand"
    raise AnswersError(
        [Issue(code="not-understood", message=message, suggestion=suggestion, line=error.number)]
    )


def _input_ended(interview: Interview) -> NoReturn:
    """Nothing is decided silently: say what is still open."""
    waiting = interview.at_most_more + 1
    message = f'the input ended before the interview did; still open, among at most {waiting}: "{_asked(interview)}"'
    suggestion = "answer every question on a line of its own, or send JSON to `backtriage assess`"
    raise AnswersError([Issue(code="input-ended", message=message, suggestion=suggestion)])


def _asked(interview: Interview) -> str:
    """What the person is being asked."""
    if interview.doubtful:
        return _STILL_TRUE
    return build_text(interview.step) if interview.step else _ALL_RIGHT


def _refuse_left_over(screen: Screen) -> None:
    line = screen.left_over()
    if line is not None:
        message = f'the interview was over before the input was; not used: "{shorten(line)}" and what follows'
        suggestion = "answers may have gone to other questions than you meant; send JSON to `backtriage assess`"
        raise AnswersError([Issue(code="input-left-over", message=message, suggestion=suggestion)])


def _rows(interview: Interview) -> list[tuple[str, Answer]]:
    """The answers as they are numbered in the review: first those that are not a plain no."""
    questions = interview.rule_set.questions
    return sorted(interview.answers.items(), key=lambda row: is_plain_no(questions[row[0]], row[1]))


def _show_answers(interview: Interview, screen: Screen, *, everything: bool = False) -> None:
    questions, absent = interview.rule_set.questions, []
    screen.say()
    screen.say("Your answers", "bold underline")
    for number, (question_id, answer) in enumerate(_rows(interview), 1):
        question = questions[question_id]
        if everything or not is_plain_no(question, answer):
            screen.say(
                f"{number:3}  {question.label}: {describe_answer(question, answer)}", indent=5
            )
        else:
            absent.append(question.label)
    if absent:
        screen.say(f"No: {'; '.join(absent)}.", indent=4)
        screen.say("To change a no, type all: then each has its number.", "dim")


def _review(interview: Interview, screen: Screen) -> Interview | None:
    """Ask whether the answers are right; None if they are, or the interview with one of them reopened."""
    rows = _rows(interview)
    screen.say()
    screen.say(
        f"{_ALL_RIGHT} Type y to see the result, or the number of an answer to change it.", "bold"
    )
    while True:
        try:
            line = screen.read("y, a number, all, b or q")
        except EndOfInput:
            if screen.is_terminal:
                raise
            screen.say("(The input ends here; the answers are taken as given.)", "dim")
            return None
        leave_if_asked(line)
        if means_yes(line):
            return None
        number = place_of(line) or 0
        if 1 <= number <= len(rows):
            return interview.reopen(rows[number - 1][0])
        if normalize(line) in ALL:
            _show_answers(interview, screen, everything=True)
        else:
            screen.refuse(
                f"Type y if all is right, or the number of the wrong answer, 1 to {len(rows)}. all shows them."
            )


def say_so_far(
    interview: Interview, screen: Screen, today: date, country: Country | None = None
) -> None:
    """What the answers already show when the person stops early."""
    screen.say()
    if interview.status.present:
        screen.say("You stopped early. Your answers already show that you need care:", "bold")
        status = interview.status
        sooner = "" if status.at_least == status.at_most else ", or sooner (not settled yet)"
        screen.say(
            report.describe_headline(status.at_least, interview.rule_set, today) + sooner,
            "bold red",
        )
        _say_first_step(interview, country, screen)
        screen.say(status.present[0].because)
    else:
        screen.say(
            "You stopped early. There is no advice yet; this does not mean that all is well.",
            "bold",
        )


def ask_file_name(screen: Screen) -> str | None:
    """Where the person wants the answers saved, or None."""
    if not screen.is_terminal:
        return None
    screen.say(
        "Save your answers, to go on later? Type a name for the file, or press Enter to leave without saving."
    )
    try:
        name = screen.read("file name")
    except (EndOfInput, KeyboardInterrupt):
        return None
    if means_yes(name) or means_not_sure(name):
        screen.say("Please type a name for the file, for example back.json.")
        return ask_file_name(screen)
    return None if not name or means_no(name) or normalize(name) in QUIT else name
