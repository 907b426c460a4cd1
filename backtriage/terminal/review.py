"""All answers on the screen -> the person's word that they are right, or one of them to change."""

from backtriage.answer_words import ALL, means_no, means_yes, normalize, place_of
from backtriage.answers import describe_answer
from backtriage.interview import Interview
from backtriage.model import Answer
from backtriage.report.wording import Wording
from backtriage.report.words import is_plain_no
from backtriage.terminal.prompt import leave_if_asked
from backtriage.terminal.screen import EndOfInput, Screen

ALL_RIGHT = Wording.ALL_RIGHT


def show_answers(interview: Interview, screen: Screen, *, everything: bool = False) -> None:
    """Show the answers with their numbers; the many plain "no" on one line, unless `everything`."""
    questions, absent = interview.rule_set.questions, []
    screen.say()
    screen.say(Wording.YOUR_ANSWERS, "bold underline")
    for number, (question_id, answer) in enumerate(_list_answers(interview), 1):
        question = questions[question_id]
        if everything or not is_plain_no(question, answer):
            row = f"{number:3}  {question.label}: {describe_answer(question, answer)}"
            screen.say(row, indent=5)
        else:
            absent.append(question.label)
    if absent:
        screen.say(f"No: {'; '.join(absent)}.", indent=4)
        screen.say("To change a no, type all: then each has its number.", "dim")


def ask_if_right(interview: Interview, screen: Screen) -> Interview | None:
    """Ask whether the answers are right.

    None if they are, or the interview with one of them reopened. Raises Back, Quit or EndOfInput.
    """
    numbered = _list_answers(interview)
    screen.say()
    ways_on = "Type y to see the result, or the number of an answer to change it."
    screen.say(f"{ALL_RIGHT} {ways_on}", "bold")
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
        if 1 <= number <= len(numbered):
            question_id, _ = numbered[number - 1]
            return interview.reopen(question_id)
        if normalize(line) in ALL:
            show_answers(interview, screen, everything=True)
        else:
            last = f", 1 to {len(numbered)}" if len(numbered) > 1 else ""
            numbers = f"the number of the wrong answer{last}"
            all_shown = "all shows them with their numbers."
            if means_no(line):
                screen.refuse(f"Which one is wrong? Type {numbers}; {all_shown}")
            else:
                screen.refuse(f"Type y if all is right, or {numbers}; {all_shown}")


def _list_answers(interview: Interview) -> list[tuple[str, Answer]]:
    """The answers as they are numbered: first those that are not a plain no."""
    questions = interview.rule_set.questions
    return sorted(interview.answers.items(), key=lambda row: is_plain_no(questions[row[0]], row[1]))
