"""The words of the shipped rule set: easy to read, one idea, nothing that people trip over."""

import re
from collections.abc import Iterator

import pytest

from backtriage import RuleSet, load
from backtriage.model import Choice
from paths import SHIPPED
from reading import grade

RULES: RuleSet = load(SHIPPED)

EXCUSED = {"diabetes": "the word that people with it know", "osteoporosis": "in brackets, behind plain words"}
"""Words that do not count towards the reading grade, each with the reason."""


def asked() -> Iterator[tuple[str, str]]:
    """Every text that a person reads before answering, with its place."""
    for question in RULES.questions.values():
        yield f"ask of {question.id}", question.ask
        yield f"why of {question.id}", question.why
        if isinstance(question, Choice):
            yield from ((f"option {option.id} of {question.id}", option.label) for option in question.options)
    for entry in RULES.lists.values():
        yield f"ask of {entry.id}", entry.ask
        yield f"why of {entry.id}", entry.why


def told() -> Iterator[tuple[str, str]]:
    """Every text of a result, with its place."""
    yield from ((f"because of {flag.id}", flag.because) for flag in RULES.red_flags.values())
    for name, text in RULES.advice.items():
        yield f"lead of {name}", text.lead
        steps = (*text.steps, *(step for part in text.parts for step in part.steps))
        yield from ((f"step of {name}", step.text) for step in steps)
        yield from ((f"safety net of {name}", net.text) for net in text.safety_net)


ASKED, TOLD = dict(asked()), list(told())


def plain(text: str) -> str:
    """The text without words that are excused."""
    return re.sub(r"\b(" + "|".join(EXCUSED) + r")\b", "it", text, flags=re.IGNORECASE)


@pytest.mark.parametrize(
    ("text", "expected"), [("The cat sat on the mat.", -1.45), ("Ibuprofen eases inflammation.", 24.91)]
)
def test_the_grade_is_that_of_flesch_and_kincaid(text: str, expected: float) -> None:
    """6 words of 1 syllable in 1 sentence; and 3 words of 4, 2 and 4 syllables."""
    assert grade(text) == pytest.approx(expected, abs=0.01)


def test_questions_can_be_read_at_grade_6() -> None:
    """An age of 11 to 12, the level that the American Medical Association asks for."""
    assert {place: round(grade(plain(text)), 1) for place, text in ASKED.items() if grade(plain(text)) > 6} == {}


def test_advice_can_be_read_at_grade_8() -> None:
    """What is told may name more, but not much."""
    assert [(place, text) for place, text in TOLD if grade(plain(text)) > 8] == []


@pytest.mark.parametrize(
    "trap",
    [
        r"and/or",
        r"\b(?:not|n't|never|no)\b[^.?!,;]*\b(?:not|n't|never|un(?!til|less|der|it)\w+ed)\b",
        r"\bnot un",
    ],
    ids=["and_or", "double_negative", "not_un"],
)
def test_nothing_to_trip_over(trap: str) -> None:
    """Words that make a yes or a no doubtful."""
    assert [text for text in ASKED.values() if re.search(trap, text, re.IGNORECASE)] == []


def test_no_sentence_of_a_question_is_long() -> None:
    """At most 25 words, so that the beginning is not forgotten at the end."""
    sentences = [sentence for text in ASKED.values() for sentence in re.split(r"(?<=[.?!]) ", text)]

    assert [sentence for sentence in sentences if len(sentence.split()) > 25] == []


def test_no_country_is_taken_for_granted() -> None:
    """Emergency numbers differ; they stand in a table alone."""
    texts = [*ASKED.values(), *(text for _, text in TOLD)]

    assert [text for text in texts if re.search(r"\b(?:111|112|911|999|A&E|GP|ER|NHS)\b", text)] == []


def test_nothing_is_ever_said_to_be_all_right() -> None:
    """The tool never says that nothing is wrong."""
    claims = r"nothing (?:is )?(?:wrong|serious)|you are (?:fine|healthy|well)|no need to worry|safe to"

    assert [text for _, text in TOLD if re.search(claims, text, re.IGNORECASE)] == []
