"""All answers on the screen -> the person's word that they are right, or one of them to change."""

from backtriage.answer_words import means_all, means_no, means_yes, place_of
from backtriage.answers import describe_answer
from backtriage.interview import Interview
from backtriage.language import say, say_number
from backtriage.model import Answer
from backtriage.report.wording import Wording
from backtriage.report.words import is_plain_no
from backtriage.terminal.prompt import leave_if_asked
from backtriage.terminal.screen import EndOfInput, Screen


def show_answers(interview: Interview, screen: Screen, *, everything: bool = False) -> None:
    """Show the answers with their numbers; the many plain "no" on one line, unless `everything`."""
    questions, absent = interview.rule_set.questions, []
    screen.say()
    screen.say(say(Wording.YOUR_ANSWERS), "bold underline")
    for number, (question_id, answer) in enumerate(_list_answers(interview), 1):
        question = questions[question_id]
        if everything or not is_plain_no(question, answer):
            row = f"{number:3}  {question.label}: {describe_answer(question, answer)}"
            screen.say(row, indent=5)
        else:
            absent.append(question.label)
    if absent:
        screen.say(say("No: {labels}.", labels="; ".join(absent)), indent=4)
        screen.say(say("To change a no, type all: then each has its number."), "dim")


def ask_if_right(interview: Interview, screen: Screen) -> Interview | None:
    """Ask whether the answers are right.

    None if they are, or the interview with one of them reopened. Raises Back, Quit or EndOfInput.
    """
    numbered = _list_answers(interview)
    screen.say()
    ways_on = say("Type y to see the result, or the number of an answer to change it.")
    screen.say(f"{say(Wording.ALL_RIGHT)} {ways_on}", "bold")
    while True:
        try:
            line = screen.read(say("y, a number, all, b or q"))
        except EndOfInput:
            if screen.is_terminal:
                raise
            screen.say(say("(The input ends here; the answers are taken as given.)"), "dim")
            return None
        leave_if_asked(line)
        if means_yes(line):
            return None
        number = place_of(line) or 0
        if 1 <= number <= len(numbered):
            question_id, _ = numbered[number - 1]
            return interview.reopen(question_id)
        if means_all(line):
            show_answers(interview, screen, everything=True)
        else:
            screen.refuse(_describe_ways(len(numbered), is_wrong=means_no(line)))


def _describe_ways(last: int, *, is_wrong: bool) -> str:
    """What can be typed; `is_wrong` if the person said that some answer is."""
    if is_wrong:
        return say_number(
            "Which one is wrong? Type the number of the wrong answer; "
            "all shows them with their numbers.",
            "Which one is wrong? Type the number of the wrong answer, 1 to {count}; "
            "all shows them with their numbers.",
            last,
        )
    return say_number(
        "Type y if all is right, or the number of the wrong answer; "
        "all shows them with their numbers.",
        "Type y if all is right, or the number of the wrong answer, 1 to {count}; "
        "all shows them with their numbers.",
        last,
    )


def _list_answers(interview: Interview) -> list[tuple[str, Answer]]:
    """The answers as they are numbered: first those that are not a plain no."""
    questions = interview.rule_set.questions
    return sorted(interview.answers.items(), key=lambda row: is_plain_no(questions[row[0]], row[1]))
