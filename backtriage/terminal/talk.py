"""An interview -> the same, held as a talk: questions, warnings, and what is said at its end."""

from collections.abc import Callable
from datetime import date

from backtriage.answers import describe_answer
from backtriage.engine import assess
from backtriage.interview import Interview
from backtriage.language import say, say_number
from backtriage.model import EMERGENCY_NUMBER, Answers, Area, Assessment, Country, RuleSet
from backtriage.report.advice import (
    choose_steps,
    describe_emergency_number,
    describe_headline,
    describe_result,
    name_emergency_number,
)
from backtriage.report.say import describe_what_to_say, list_decisive
from backtriage.report.wording import Wording
from backtriage.report.words import (
    describe_because,
    describe_day,
    list_notices,
)
from backtriage.terminal.piped import refuse_end, refuse_left_over, refuse_line
from backtriage.terminal.prompt import Back, Quit, ask, read_yes_no
from backtriage.terminal.review import ask_if_right, show_answers
from backtriage.terminal.screen import EndOfInput, NotUnderstood, Screen


class Stopped(Exception):
    """The person stopped; carries the interview as it stood."""

    def __init__(self, interview: Interview) -> None:
        super().__init__()
        self.interview = interview


def greet(rule_set: RuleSet, screen: Screen, country: Country | None = None) -> None:
    """Say what this is, when not to go on but to call, and which keys there are."""
    for paragraph in rule_set.opening:
        screen.say()
        screen.say(paragraph.replace(EMERGENCY_NUMBER, name_emergency_number(country)))
    screen.say()
    screen.say(rule_set.scope)
    screen.say()
    for notice in list_notices(rule_set):
        screen.say(notice)
    screen.say(say(Wording.KEYS))


def welcome_back(answered_on: date | None, today: date, screen: Screen) -> None:
    """Say from when the saved answers are: what was true then may have changed."""
    screen.say()
    if answered_on is None:
        screen.say(say("It is not known from which day your saved answers are."))
    else:
        age, day = _describe_age((today - answered_on).days), describe_day(answered_on)
        screen.say(say("Your saved answers are from {day} ({age}).", day=day, age=age))
    screen.say(
        say(
            "If something has changed since then, type b to go back to it. "
            "You will see all answers at the end."
        )
    )


def _describe_age(days: int) -> str:
    """How long ago something was; a day may be still to come where a clock is wrong."""
    if days < 0:
        return say("a day still to come")
    if days == 0:
        return say(Wording.TODAY)
    if days == 1:
        return say("yesterday")
    return say_number("{count} day ago", "{count} days ago", days)


def hold_interview(
    interview: Interview,
    screen: Screen,
    today: date,
    keep: Callable[[Interview], None],
    country: Country | None = None,
) -> Interview:
    """Ask until nothing is left to ask and the person has confirmed the answers.

    `keep` is called with the interview after each step, so that it can be saved.
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
            refuse_end(talk.interview)
        except NotUnderstood as error:
            refuse_line(talk.interview, error)


class _Talk:
    """Where the talk stands: the interview, the area last announced, if an emergency was told."""

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
            answers = ask(self.interview, self.interview.step, self.screen)
            self.interview = self.interview.take_answers(answers)
            for question_id in self.interview.dropped:
                label = self.interview.rule_set.questions[question_id].label
                self.screen.say(say(Wording.DROPPED, label=label), "dim")
        except Back:
            if not self.interview.history or self.interview.cursor == 0:
                self.screen.say(say("This is the first question."), "yellow")
            self.interview, self.area = self.interview.go_back(), None
        return False

    def _announce(self, area: Area) -> None:
        """Name the area where it begins, and say how many questions may still come.

        Told with each question, it would weary.
        """
        is_for_doctor = bool(self.interview.also_ask)  # these are from here and there
        if area.id == self.area or (is_for_doctor and self.area):
            return
        self.area = area.id
        self.screen.say()
        if not is_for_doctor:
            self.screen.say(area.title, "bold underline")
        self.screen.say(f"({describe_left(self.interview)})", "dim")

    def _end(self) -> bool:
        """Let the person confirm the answers; True if all are right."""
        show_answers(self.interview, self.screen)
        self._tell_emergency(again=True)  # below the answers, which could push it off the screen
        reopened = ask_if_right(self.interview, self.screen)
        if reopened is None:
            refuse_left_over(self.screen)
            return True
        self.interview, self.area = reopened, None
        return False

    def _tell_emergency(self, *, again: bool) -> None:
        """Tell an emergency as soon as it shows, before anything else is asked.

        `again`: even if it was told. That it shows no more is told as well.
        """
        interview, screen = self.interview, self.screen
        urgent = [flag for flag in interview.status.present if flag.advice == "seek_care_now"]
        if urgent and (again or not self.warned):
            urgency = interview.status.at_least
            screen.say()
            headline = describe_headline(urgency, interview.rule_set, self.today)
            screen.say(headline.upper(), "bold red")
            so_far = assess(interview.rule_set, Answers(interview.counted))
            _say_first_step(so_far, interview.rule_set, self.country, screen)
            for because in _list_reasons(so_far, interview.rule_set):
                screen.say(because)
            if interview.step is not None:
                screen.say(say("You need not answer the rest first: type q to stop here."))
        if interview.waiting and not urgent:
            return  # the check to come may show it once more
        if self.warned and not urgent:
            screen.say()
            screen.say(say(Wording.NO_EMERGENCY), "bold")
        self.warned = bool(urgent)


def _list_reasons(result: Assessment, rule_set: RuleSet) -> list[str]:
    """Why it is as urgent as it is so far."""
    return [describe_because(finding, result, rule_set) for finding in list_decisive(result)]


def describe_left(interview: Interview) -> str:
    """How many questions most people still have, in words that never promise too little."""
    if not interview.at_most_more:
        return say(Wording.LAST)
    usual = interview.usual_more
    if not usual:
        return say(Wording.USUALLY_LAST)
    return say_number(Wording.ONE_LEFT, Wording.LEFT, usual)


def _settle(interview: Interview, question_id: str, screen: Screen) -> Interview:
    """Ask whether an answer still holds that no longer applies, but that a red flag rests on.

    Not sure keeps it: only the person's word may lower the urgency.
    """
    question = interview.rule_set.questions[question_id]
    screen.say()
    screen.say(f"{question.label}: {describe_answer(question, interview.answers[question_id])}.")
    screen.say(say(Wording.DOUBTFUL))
    screen.say(say(Wording.STILL_TRUE), "bold")
    refusal = say("y = yes, it is still true. n = no, drop it. ? = not sure, so keep it. q = stop.")
    keep = read_yes_no(screen, refusal, or_not_sure=True) is not False
    kept = say("Kept: {label}.", label=question.label)
    screen.say(kept if keep else say("Dropped: {label}.", label=question.label), "dim")
    return interview.settle(question_id, keep=keep)


def _say_first_step(
    result: Assessment, rule_set: RuleSet, country: Country | None, screen: Screen
) -> None:
    """The first thing to do, given the answers so far, and for an emergency the number to call."""
    advice = result.at_least.advice
    steps = rule_set.advice[advice].steps
    screen.say(choose_steps(steps, rule_set, result.answers, country)[0], "bold")
    if country and advice == "seek_care_now":
        screen.say(describe_emergency_number(country), "bold")


def show_what_to_say(result: Assessment, rule_set: RuleSet, screen: Screen) -> None:
    """Show what steps call "What to say", under that heading, where there is something to say."""
    said = describe_what_to_say(result, rule_set)
    if said is not None:
        screen.say()
        screen.say(say(Wording.TO_SAY), "bold underline")
        screen.say(said)


def say_so_far(
    interview: Interview, screen: Screen, today: date, country: Country | None = None
) -> None:
    """Say what the answers already show when the person stops early.

    A question that waits for its check is not asked any more, so the "not sure" counts.
    """
    rule_set = interview.rule_set
    result = assess(rule_set, interview.get_answers())
    screen.say()
    if not result.findings:
        warning = say(
            "You stopped early. There is no advice yet; this does not mean that all is well."
        )
        screen.say(warning, "bold")
        return
    care = say("You stopped early. Your answers already show that you need care:")
    screen.say(care, "bold")
    screen.say(describe_result(result, rule_set, today), "bold red")
    _say_first_step(result, rule_set, country, screen)
    screen.say(_list_reasons(result, rule_set)[0])
    show_what_to_say(result, rule_set, screen)
