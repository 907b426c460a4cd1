"""Input that is no terminal, where nobody can type a line again -> errors that say what is open."""

from typing import NoReturn

from backtriage.errors import AnswersError, Issue, shorten
from backtriage.interview import Interview
from backtriage.language import say
from backtriage.report.wording import Wording
from backtriage.terminal.screen import NotUnderstood, Screen


def refuse_line(interview: Interview, error: NotUnderstood) -> NoReturn:
    """A line that is no answer; raises AnswersError."""
    message = say(
        '"{line}" is no answer to "{question}"',
        line=shorten(error.line),
        question=_asked(interview),
    )
    suggestion = say(
        "nothing was decided; send JSON to `backtriage assess` "
        "if the questions are not known beforehand"
    )
    issue = Issue(code="not-understood", message=message, suggestion=suggestion, line=error.number)
    raise AnswersError([issue])


def refuse_end(interview: Interview) -> NoReturn:
    """Nothing is decided silently: say what is still open."""
    message = say(
        'the input ended before the interview did; still open, among at most {count}: "{question}"',
        count=interview.at_most_more + 1,
        question=_asked(interview),
    )
    suggestion = say(
        "answer every question on a line of its own, or send JSON to `backtriage assess`"
    )
    raise AnswersError([Issue(code="input-ended", message=message, suggestion=suggestion)])


def _asked(interview: Interview) -> str:
    """What the person is being asked."""
    if interview.doubtful:
        return say(Wording.STILL_TRUE)
    return interview.step.ask if interview.step else say(Wording.ALL_RIGHT)


def refuse_left_over(screen: Screen) -> None:
    """Raise AnswersError if there is more input: then it was not written for this interview."""
    line = screen.read_left_over()
    if line is not None:
        message = say(
            'the interview was over before the input was; not used: "{line}" and what follows',
            line=shorten(line),
        )
        suggestion = say(
            "answers may have gone to other questions than you meant; "
            "send JSON to `backtriage assess`"
        )
        raise AnswersError([Issue(code="input-left-over", message=message, suggestion=suggestion)])
