"""What is typed for a number in the page: what it takes means the same in the terminal.

It runs in Node; where that is not there, this is skipped.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from backtriage.answers import parse_answer
from backtriage.errors import AnswersError
from backtriage.language import hold_language
from backtriage.languages.of_program import list_languages, load_language
from backtriage.model import Number
from backtriage.strict_json import write_json
from backtriage.web.data import build_data
from helpers import counts, tiny
from javascript import TODAY, in_node, run_node

UNITS = ("day", "year", "kg", "cm", "C", "F", "%", "week")
RULES = tiny(
    [replace(counts(f"q{place}"), unit=unit, maximum=3000) for place, unit in enumerate(UNITS)], {}
)
QUESTIONS = dict(zip(UNITS, RULES.questions.values(), strict=True))


def read(texts: list[tuple[str, str]]) -> list[Any]:
    """What the page makes of texts, each with the unit of its question: a number, or a message.

    The page is in the language that is spoken now.
    """
    job = {
        "data": build_data(RULES, TODAY),
        "texts": [[QUESTIONS[unit].id, text] for unit, text in texts],
    }
    told: list[Any] = json.loads(run_node("web/typed.mjs", write_json(job)))
    return told


@in_node
@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("4 days.", "day", 4),
        ("4 days ago", "day", 4),
        ("about 6 weeks", "day", 42),
        ("~6 wks", "day", 42),
        ("since 3 weeks", "day", 21),
        ("3 weeks and 2 days", "day", 23),
        ("3 weeks 2 days", "day", 23),
        ("3 Weeks, 2 days ago.", "day", 23),
        ("1 month and 2 days", "day", 32),
        ("1 fortnight", "day", 14),
        ("2,5 weeks", "day", 17),
        ("1.5 days", "day", 1.5),
        ("47", "year", 47),
        ("aged 47 years old", "year", 47),
        ("11 st 4 lb", "kg", 71.667594),
        ("1 m 70 cm", "cm", 170),
        ("101 F", "C", 38.333333),
        ("38.5°C", "C", 38.5),
        ("5 %", "%", 5),
    ],
)
def test_what_is_simple_is_taken(text: str, unit: str, number: float) -> None:
    assert read([(unit, text)]) == [number] == [parse_answer(QUESTIONS[unit], text)]


@in_node
@pytest.mark.parametrize(
    ("text", "unit", "told"),
    [
        ("six weeks", "day", 'Write one number in figures and a unit, for example "23 days".'),
        ("since yesterday", "day", 'for example "23 days"'),
        ("3-4 days", "day", 'for example "23 days"'),
        ("2 days and 3 weeks", "day", 'for example "23 days"'),
        ("3 weeks or 4 weeks", "day", 'for example "23 days"'),
        ("over 59", "year", 'for example "23 years"'),
        ("38 C 2 F", "C", 'for example "23 °C"'),
        ("", "day", 'for example "23 days"'),
        ("3", "day", "choose one of these: hours, days, weeks"),
        ("3 moons", "day", '"moons" is not known here'),
        ("1.500 days", "day", "without a point or comma for thousands"),
        ("90 years", "day", "from 0 days to 3000 days"),
    ],
)
def test_for_all_else_it_says_what_to_write(text: str, unit: str, told: str) -> None:
    [said] = read([(unit, text)])

    assert told in said


@in_node
@pytest.mark.parametrize(
    ("language", "text", "number"),
    [
        ("de", "seit etwa 3 Wochen", 21),
        ("de", "ca. 6 Wochen", 42),
        ("de", "vor 2 Wochen und 3 Tagen", 17),
        ("de", "2,5 Wochen lang", 17),
        ("de", "3 weeks", 21),
        ("es", "hace 3 semanas y 2 días", 23),
        ("es", "desde hace 6 semanas.", 42),
        ("es", "unos 4 dias", 4),
    ],
)
def test_it_reads_the_words_of_its_language(language: str, text: str, number: float) -> None:
    with hold_language(load_language(language)):
        assert read([("day", text)]) == [number] == [parse_answer(QUESTIONS["day"], text)]


@in_node
@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "mehr als 3 Wochen"), ("de", "gut 3 Wochen"), ("de", "seit 3"),
        ("de", "fast 3 Tage"),
        ("es", "más de 3 semanas"), ("es", "hace casi 3 semanas"), ("es", "desde el 3"),
        ("es", "unos pocos días"),
    ],
)  # fmt: skip
def test_what_leaves_the_number_open_is_refused_there_too(language: str, text: str) -> None:
    with hold_language(load_language(language)):
        [said] = read([("day", text)])
    assert isinstance(said, str)


@in_node
@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("de", "3 Monde", "Monde"),
        ("de", "3 vor", "vor"),
        ("de", "3 Und", "Und"),
        ("es", "3 hoy", "hoy"),
        ("es", "3 lunas", "lunas"),
        ("es", "3 unos", "unos"),
    ],
)
def test_a_word_that_is_not_known_is_quoted_as_it_was_typed(
    language: str, text: str, word: str
) -> None:
    """And not as the English word that was found for it."""
    with hold_language(load_language(language)):
        [said] = read([("year", text)])
    assert f'"{word}"' in said


NUMBERS = ["3", "47", "2,5", "0.5", "12", "1", "1.500", "-4", "six", "1/2", "a", "1e3", "3-4"]
TIMES = ["day", "days", "week", "wks", "mo", "months", "years", "y", "hours", "fortnight", "min"]
WRITTEN = {
    "day": TIMES, "week": TIMES, "year": ["y", "years", "yo", "days"], "kg": ["kg", "st", "lb"],
    "cm": ["cm", "m", "ft", "in"], "C": ["C", "°F"], "F": ["C", "f"], "%": ["%", "percent", "tage"],
}  # fmt: skip
BEFORE = ["about ", "since ", "for ", "~", "over ", "in the last ", "aged ", "and "]
BETWEEN = [" and ", ", ", "", " or ", "-", " & "]
BEHIND = [".", " ago", " ago.", " old", " or so", " or more", " and a half", "!", "+"]


def draw_text(unit: str, draw: Random, own: Sequence[str]) -> str:
    """What people might write, and much that nobody would; `own` are words of the language."""
    names = [*WRITTEN[unit], *draw.sample(own, min(len(own), 3))]
    parts = [
        draw.choice(NUMBERS[: draw.choice([6, 99])])
        + draw.choice([" ", " ", "", "-"])
        + draw.choice(["", *names])
        for _ in range(draw.choice([1, 1, 2, 3]))
    ]
    before, behind, between = (
        draw.choice(["", draw.choice([*some, *(f" {word} " for word in own)])])
        for some in (BEFORE, BEHIND, BETWEEN)
    )
    return before + (between or " ").join(parts) + behind


def as_terminal(question: Number, text: str) -> object:
    try:
        return parse_answer(question, text)
    except AnswersError:
        return None


@in_node
@pytest.mark.parametrize("code", list_languages())
def test_what_is_taken_means_the_same_in_the_terminal(code: str) -> None:
    draw, language = Random(1), load_language(code)
    own = sorted(language.typed)
    units = [draw.choice(UNITS) for _ in range(20_000)]
    texts = [(unit, draw_text(unit, draw, own)) for unit in units]
    with hold_language(language):
        taken = [
            (unit, text, number)
            for (unit, text), number in zip(texts, read(texts), strict=True)
            if not isinstance(number, str)
        ]
        meant = [as_terminal(QUESTIONS[unit], text) for unit, text, _ in taken]

    assert len(taken) > 500
    for (unit, text, number), other in zip(taken, meant, strict=True):
        assert (text, other) == (text, number), unit
