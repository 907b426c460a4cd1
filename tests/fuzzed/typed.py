"""Lines typed at a prompt -> the answer that the same text is in JSON, or none."""

import io
from contextlib import redirect_stderr
from dataclasses import dataclass
from random import Random

from backtriage import AnswersError, load, parse_answers
from backtriage.interview import Interview
from backtriage.model import NOT_SURE, Answer, AskedTwice, Choice, Number, Question, YesNo
from backtriage.steps import Step
from backtriage.terminal.prompt import Back, Quit, ask
from backtriage.terminal.screen import EndOfInput, NotUnderstood, Screen
from helpers import SMALL

TRIES = 1

RULES = load(SMALL)
INTERVIEW = Interview(RULES)
AREAS = {question.id: area for area in RULES.areas for question in area.questions}

NUMBERS = {
    "1": 1, "3": 3, "14": 14, "05": 5, "47": 47, "119": 119, "one": 1, "two": 2, "twelve": 12,
    "thirty": 30, "forty-seven": 47, "twenty one": 21, "a hundred": 100,
}  # fmt: skip
LENGTHS = {"day": 1, "days": 1, "DAYS": 1, "nights": 1, "week": 7, "weeks": 7, "wks": 7}
AROUND = ["", "", "about ", "for ", "  ", "roughly "]
"""What may stand before a quantity and leaves it as it is."""

OPEN = ["over ", "under ", "more than ", "less than ", "at least ", "up to ", "nearly "]
"""What leaves a quantity open: it is never taken for a number near it."""

WORDS = """
yes no y n not sure unsure dont know ? ?? maybe idk yep nope none all 0 1 2 3 -1 1.5 1,5 1,000 6
half quarter a an and or of the past couple few several over about than less more at least weeks
days year month old ago kg F C worse new better it gets same -5 + ½ 1e3 inf nan 0x1f w b q
yes, no; "yes" 'n' y/n y. N!
"""
CHARACTERS = [
    "\N{RIGHT SINGLE QUOTATION MARK}",
    "\N{EN DASH}",
    "\x1b[31m",
    "\x00",
    "\xa0",
    "\u0663",
]
FRAGMENTS = [*WORDS.split(), *CHARACTERS]


@dataclass(frozen=True)
class Line:
    """A text typed as an answer to a question.

    `means` is what it must count as, if that is known; what `is_open` must not be understood.
    """

    question: str
    text: str
    means: Answer | None = None
    is_open: bool = False


def draw(random: Random) -> Line:
    """Words and marks in any order, or a quantity whose meaning is known."""
    name = random.choice(list(RULES.questions))
    if isinstance(RULES.questions[name], Number) and random.random() < 0.7:
        return _quantity(random)
    words = random.choices(FRAGMENTS, k=random.choice((1, 1, 2, 2, 3, 5)))
    text = random.choice((" ", " ", "", "-", "  ")).join(words)
    if random.random() < 0.1:
        text += chr(random.randrange(1, 0x11000)) * random.choice((1, 1, 5000))
    return Line(name, " ".join(text.split("\n")).replace("\r", " "))


def _quantity(random: Random) -> Line:
    word, unit = random.choice(list(NUMBERS)), random.choice(list(LENGTHS))
    if random.random() < 0.5:
        name, text, means = "duration", f"{word} {unit}", NUMBERS[word] * LENGTHS[unit]
    else:
        name, text, means = "age", word + random.choice(("", " years", " years old")), NUMBERS[word]
    if random.random() < 0.3:
        return Line(name, random.choice(OPEN) + text, is_open=True)
    return Line(name, random.choice(AROUND) + text, means)


def check(line: Line) -> None:
    """What is typed means what it means in JSON; what is known of its meaning holds."""
    question = RULES.questions[line.question]
    typed = in_terminal(question, line.text)
    if typed == STEERS:
        return
    assert typed == in_json(question, line.text) or _is_number_of_option(question, line.text)
    assert typed is None or _is_answer(question, typed)
    assert line.means is None or typed == line.means
    assert not line.is_open or typed is None


STEERS = "steers"
"""Not an answer, but a wish to go back, to leave, or to hear why."""


def in_terminal(question: Question, text: str) -> Answer | None:
    """What a typed line counts as; None where it is not understood."""
    step = Step(AREAS[question.id], (question,), None)
    try:
        with redirect_stderr(io.StringIO()):
            return ask(INTERVIEW, step, Screen(io.StringIO(f"{text}\n", newline="\n")))[question.id]
    except NotUnderstood:
        return None
    except (Back, Quit, EndOfInput):
        return STEERS


def in_json(question: Question, text: str) -> Answer | None:
    """What a text in JSON counts as; None where it is an error, which can be shown."""
    try:
        return parse_answers(RULES, {question.id: text}).values[question.id]
    except AnswersError as error:
        assert error.issues
        assert all(str(issue).isprintable() for issue in error.issues)
        return None


def _is_number_of_option(question: Question, text: str) -> bool:
    return isinstance(question, Choice) and text.strip().isdecimal()


def _is_answer(question: Question, answer: Answer) -> bool:
    match question:
        case _ if answer is NOT_SURE:
            return question.not_sure is not None
        case YesNo(check=check) if isinstance(answer, AskedTwice):
            return check is not None
        case YesNo():
            return answer in ("yes", "no")
        case Number(minimum=minimum, maximum=maximum):
            return isinstance(answer, int | float) and minimum <= answer <= maximum
        case Choice(options=options):
            return answer in [option.id for option in options]
