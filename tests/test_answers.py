"""How raw values become answers, and what is said of those that cannot."""

import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import AnswersError, load, parse_answers
from backtriage.answer_words import is_reserved, place_of
from backtriage.answers import parse_answer
from backtriage.countries import suggest_country
from backtriage.errors import MOST_ISSUES
from backtriage.model import NOT_SURE, Choice, Number, Option
from helpers import SHIPPED, SMALL

RULES = load(SMALL)


@pytest.mark.parametrize(
    ("question", "given", "expected"),
    [
        ("numb", True, "yes"),
        ("numb", False, "no"),
        ("numb", "Yes ", "yes"),
        ("numb", "N", "no"),
        ("numb", "YES!!", "yes"),
        ("numb", "nah.", "no"),
        ("numb", "idk", NOT_SURE),
        ("numb", "I'd rather not say.", NOT_SURE),
        ("numb", "?", NOT_SURE),
        ("numb", "I don\N{RIGHT SINGLE QUOTATION MARK}t know", NOT_SURE),
        ("numb", "prefer not to say", NOT_SURE),
        ("numb", "dont know", NOT_SURE),
        ("numb", "I do not know.", NOT_SURE),
        ("numb", "I'm not sure", NOT_SURE),
        ("numb", "yes" + 900 * " ", "yes"),
        ("age", 47, 47),
        ("age", 47.0, 47),
        ("age", "47", 47),
        ("age", "47 years old", 47),
        ("age", 0, 0),
        ("age", 120, 120),
        ("age", "not sure", NOT_SURE),
        ("duration", 42, 42),
        ("duration", "6 weeks", 42),
        ("duration", "about six weeks", 42),
        ("duration", "1.5 weeks", 10),
        ("weak_course", "worse", "worse"),
        ("weak_course", "It gets worse", "worse"),
        ("weak_course", "NOT SURE", NOT_SURE),
    ],
)
def test_values_and_words(question: str, given: object, expected: object) -> None:
    """Native values and the words that people use mean the same."""
    assert parse_answers(RULES, {question: given}).values == {question: expected}


PLAIN = [
    ("numb", "yes", "wrong-type"),
    ("age", "47", "wrong-type"),
    ("duration", "6 weeks", "wrong-type"),
    ("weak_course", "old", "not-an-option"),
]
"""A question, an answer to it, and the code of what is no answer any more."""

BEHIND = [2_000 * " " + "x", 1_000_000 * " " + "no", 1_000_000 * ".", 1_000_000 * "#"]
"""What makes an answer none, also where only its beginning is looked at."""


@pytest.mark.parametrize(
    ("question", "given", "code"),
    [
        ("numb", 1, "wrong-type"),
        ("numb", "yess", "wrong-type"),
        ("numb", "not really", "wrong-type"),
        ("numb", "no, but last year yes", "wrong-type"),
        ("numb", "...", "wrong-type"),
        ("numb", "", "wrong-type"),
        ("numb", ["yes"], "wrong-type"),
        ("age", -1, "out-of-range"),
        ("age", 120.5, "out-of-range"),
        ("age", True, "wrong-type"),
        ("age", "old", "wrong-type"),
        ("age", "40-50", "wrong-type"),
        ("age", "5 kg", "wrong-type"),
        ("age", "over 59", "wrong-type"),
        ("age", "60+", "wrong-type"),
        ("duration", "more than 6 weeks", "wrong-type"),
        ("duration", "a few days", "wrong-type"),
        ("duration", "since monday", "wrong-type"),
        *((question, word + behind, code) for question, word, code in PLAIN for behind in BEHIND),
        ("age", math.nan, "wrong-type"),
        ("age", math.inf, "wrong-type"),
        pytest.param("age", 10**5000, "out-of-range", id="age-thousands-of-digits"),
        ("weak_course", "wrose", "not-an-option"),
        ("weak_course", 2, "not-an-option"),
        ("weak_course", {"a": 1}, "not-an-option"),
        ("nmub", "yes", "unknown-question"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_what_cannot_be_an_answer_is_refused(question: str, given: object, code: str) -> None:
    """A value that means nothing here is an error, never a no."""
    with pytest.raises(AnswersError) as caught:
        parse_answers(RULES, {question: given})

    assert [(issue.code, issue.path) for issue in caught.value.issues] == [(code, question)]


def test_all_mistakes_are_told_at_once() -> None:
    """Nobody has to run it three times to find three mistakes."""
    with pytest.raises(AnswersError) as caught:
        parse_answers(RULES, {"agee": 47, "numb": "maybe not", "duration": -3, "weak": "yes"})

    assert [issue.path for issue in caught.value.issues] == ["agee", "numb", "duration"]
    assert caught.value.issues[0].suggestion == 'did you mean "age"?'


def test_of_very_many_mistakes_the_first_are_told_and_how_many_more_there_are() -> None:
    """Soon, and with every value that is wrong, wherever it stands."""
    raw: dict[str, object] = {f"steroids_{number}": 1 for number in range(50_000)} | {
        "numb": "perhaps so",
        "age": -1,
    }
    before = time.perf_counter()
    with pytest.raises(AnswersError) as caught:
        parse_answers(RULES, raw)

    told = caught.value.issues
    assert time.perf_counter() - before < 2
    assert len(told) == MOST_ISSUES + 1
    assert [issue.path for issue in told[:3]] == ["numb", "age", "steroids_0"]
    assert (told[-1].code, told[-1].message) == (
        "more-issues",
        "there are 49,902 more issues, which are not listed",
    )


@pytest.mark.parametrize("length", [10_000, 1_000_000])
def test_a_long_key_or_value_is_told_in_short_and_at_once(length: int) -> None:
    """Nothing of it is looked through to the end."""
    raw = {
        "x" * length: 1,
        "numb": "\N{SLIGHTLY SMILING FACE}" * length,
        "age": "9 " * length,
        "weak_course": "w" * length,
    }
    before = time.perf_counter()
    with pytest.raises(AnswersError) as caught:
        parse_answers(RULES, raw)

    assert time.perf_counter() - before < 0.2
    assert len(caught.value.issues) == 4
    assert all(len(str(issue)) < 400 for issue in caught.value.issues)


@pytest.mark.parametrize(
    ("text", "place"),
    [("3", 3), ("3.", 3), (" (3) ", 3), ("#3", 3), ("3!", 3), ("12", 12), ("0", 0)]
    + [
        (text, None)
        for text in ("", "three", "3 months", "-3", "3?", "9" * 5000, "#" * 999 + "1" * 5000, "²")
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_place_in_a_list(text: str, place: int | None) -> None:
    """Numbers as people type them; an option cannot be called so."""
    assert place_of(text) == place
    assert place is None or is_reserved(text)


@pytest.mark.parametrize("raw", [None, [], "yes", 3, True])
def test_answers_must_be_one_object(raw: object) -> None:
    """A list or a bare value is no set of answers."""
    with pytest.raises(AnswersError, match="not-an-object"):
        parse_answers(RULES, raw)


def test_null_is_no_answer() -> None:
    """null leaves the question open, as a missing key does."""
    assert parse_answers(RULES, {"numb": None}).values == {}


def test_a_duration_in_words_must_name_its_unit() -> None:
    """6 may mean days or weeks; whoever writes it is asked."""
    with pytest.raises(AnswersError, match="of what"):
        parse_answer(RULES.questions["duration"], "6")

    assert parse_answer(RULES.questions["duration"], "6 weeks") == 42
    assert parse_answer(RULES.questions["duration"], 42) == 42
    assert parse_answer(RULES.questions["age"], "60") == 60


def test_a_saved_result_is_no_set_of_answers() -> None:
    """The way out is named, in place of an unknown question for each of its keys."""
    with pytest.raises(AnswersError) as caught:
        parse_answers(RULES, {"advice": None, "rule_set": {}, "answers": {}})

    assert [issue.code for issue in caught.value.issues] == ["not-answers"]


def test_an_option_is_what_it_is_called_before_anything_else() -> None:
    """An id wins over a word for "not sure" and over a label,
    and a label that two options share is none of them.
    """
    options = (
        Option(id="old", label="worse"),
        Option(id="unknown", label="Same words"),
        Option(id="worse", label="Same words"),
    )
    course = Choice(
        id="c", label="C", ask="C?", why="W.", options=options, not_sure="worse", worse="later"
    )

    assert parse_answer(course, "unknown") == "unknown"
    assert parse_answer(course, "worse") == "worse"
    assert parse_answer(course, "maybe") == NOT_SURE
    with pytest.raises(AnswersError, match="not-an-option"):
        parse_answer(course, "same words")


@pytest.mark.parametrize(
    ("given", "suggestion"),
    [
        (101, 'did you mean "101 F"?'),
        ("102.5", 'did you mean "102.5 F"?'),
        (50, None),
        (1e-7, None),
    ],
)
def test_a_temperature_of_the_other_scale_is_asked_about(
    given: object, suggestion: str | None
) -> None:
    """101 is no fever in degrees C, but may be one in F; it is never converted without asking."""
    fever = Number(
        id="t",
        label="T",
        ask="T?",
        why="W.",
        unit="C",
        minimum=34,
        maximum=43,
        not_sure=39,
        worse="higher",
    )
    with pytest.raises(AnswersError) as caught:
        parse_answer(fever, given)

    assert caught.value.issues[0].suggestion == suggestion
    assert parse_answer(fever, "101 F") == pytest.approx(38.333333)


@given(
    st.dictionaries(
        st.text(),
        st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), st.lists),
    )
)
def test_any_mapping_is_read_or_refused_in_words(raw: dict[str, object]) -> None:
    """No input brings anything but answers or an error that can be shown."""
    try:
        parsed = parse_answers(RULES, raw)
    except AnswersError as error:
        assert all(str(issue).isprintable() for issue in error.issues)
    else:
        assert set(parsed.values) <= set(RULES.questions)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *(("Germny", "DE"), ("Romenia", "RO"), ("Engalnd", "GB"), ("Swizerland", "CH")),
        *(("untied kingdom", "GB"), ("indai", "IN"), ("finnland", "FI"), ("mexcio", "MX")),
        *((name, None) for name in ("Narnia", "Wakanda", "Utopia", "Ruritania", "Nambia", "?")),
    ],
)
def test_a_country_is_suggested_only_where_it_may_be_meant(typed: str, meant: str | None) -> None:
    """One with a letter or two wrong; a place that is not listed is no other one."""
    told = suggest_country(load(SHIPPED).emergency_numbers, typed)

    assert told.startswith(f"did you mean {meant} for " if meant else "write its name")
