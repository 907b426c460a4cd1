"""The program in other languages: each sentence is there, and what people type is understood."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import assess, load
from backtriage.answer_words import (
    means_all,
    means_back,
    means_declined,
    means_no,
    means_none,
    means_not_sure,
    means_quit,
    means_why,
    means_yes,
)  # fmt: skip
from backtriage.answers import describe_answer, parse_answer
from backtriage.authoring.translating import State
from backtriage.json_io.result import render_result
from backtriage.language import ENGLISH, Language, describe_number, hold_language, say, say_number
from backtriage.languages import of_program
from backtriage.languages.of_program import (
    ANSWER,
    FOLDER,
    QUANTITY,
    list_languages,
    load_language,
)
from backtriage.languages.po import get_source, is_usable, list_strings, read_catalog
from backtriage.model import NOT_SURE, RuleSet
from backtriage.number_words import ONES, TENS
from backtriage.report.formats import render_markdown, render_text
from backtriage.report.html import render_html
from backtriage.report.words import describe_day, describe_deadline
from backtriage.translation import translate
from backtriage.units import (
    QuantityError,
    describe_quantity,
    list_units,
    name_unit,
    parse_quantity,
)
from drawn import draw_patients, told_in_javascript, told_in_python
from helpers import SHIPPED, SMALL
from javascript import TODAY, in_node
from translations import catalogue_of, find_english
from words import COUNT, PACKAGE, SAY, update

CODES = list_languages()[1:]
LANGUAGES = {code: load_language(code) for code in CODES}
PLACE = re.compile(r"\{\w+\}")


@pytest.fixture
def german() -> Iterator[None]:
    with hold_language(LANGUAGES["de"]):
        yield


@pytest.fixture
def spanish() -> Iterator[None]:
    with hold_language(LANGUAGES["es"]):
        yield


# The catalogues -----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_every_sentence_of_the_program_is_translated(code: str) -> None:
    """And nothing is kept for what it no longer says; `python tests/words.py` writes it."""
    updated = update(code)
    open_ = [one.id for one in updated.catalog if not is_usable(one) and one.context is None]

    assert [text for text in open_ if text] == []
    assert updated.gone == 0
    assert set(updated.states) <= {State.TRANSLATED, State.MISSING}
    written = {(one.context, get_source(one)) for one in read_catalog(FOLDER / f"{code}.po", code)}
    assert written == {(one.context, get_source(one)) for one in updated.catalog}


@pytest.mark.parametrize("code", CODES)
def test_placeholders_are_those_of_the_english_sentence(code: str) -> None:
    """Each is filled, and none is lost; one thing may be said without its number."""
    for message in read_catalog(FOLDER / f"{code}.po", code):
        sources = (message.id,) if isinstance(message.id, str) else message.id
        places = set(PLACE.findall(sources[-1]))
        for text in list_strings(message):
            if message.id and text:
                found = set(PLACE.findall(text))
                assert found == places or (len(sources) > 1 and found | {"{count}"} == places)


@pytest.mark.parametrize("code", CODES)
def test_a_catalogue_says_that_no_clinician_has_seen_it(code: str) -> None:
    head = (FOLDER / f"{code}.po").read_text().partition("msgid")[0]

    assert "No native clinician has reviewed this translation." in head


def test_what_is_said_can_be_found_in_the_code() -> None:
    """A sentence is written out where it is said, or has a name, so that none is forgotten."""
    odd = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            says = isinstance(node, ast.Call) and getattr(node.func, "id", None) in (SAY, *COUNT)
            if says and isinstance(node.args[0], ast.JoinedStr | ast.BinOp):
                odd.append(f"{path.name}:{node.lineno}")
    assert odd == []


def test_what_has_a_name_is_said_in_the_language() -> None:
    """Handed on as it is, it would stay English."""
    odd = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            called = getattr(node.func, "id", None) if isinstance(node, ast.Call) else None
            says = called in (SAY, *COUNT, "_say_section")  # which says its heading
            pieces = node.args if isinstance(node, ast.Call) and not says else []
            pieces = [node.value] if isinstance(node, ast.FormattedValue) else pieces
            names = [getattr(getattr(one, "value", None), "id", None) for one in pieces]
            if {"Wording", "Words"} & set(names):
                odd.append(f"{path.name}:{node.lineno}")
    assert odd == []


def test_english_needs_no_catalogue() -> None:
    """What is said is the sentence itself."""
    assert load_language("en") is ENGLISH
    assert say("What to do") == "What to do"
    assert say("{a} of {b}", a=1, b="{a}") == "1 of {a}"
    assert [say_number("1 day", "{count} days", count) for count in (0, 1, 2)] == [
        "0 days", "1 day", "2 days",
    ]  # fmt: skip


@pytest.mark.parametrize("code", CODES)
def test_a_language_is_the_same_when_it_is_read_ahead(
    code: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As an installation has it, without Babel."""
    for name, text in of_program.write_languages():
        (tmp_path / name).write_text(text)
    monkeypatch.setattr(
        of_program, "find_ready_made", lambda _, one: tmp_path / f"_language_{one}.json"
    )
    monkeypatch.setattr(of_program, "_build_data", None)

    assert vars(load_language(code)) == {
        key: value for key, value in vars(LANGUAGES[code]).items() if key != "pattern_of_typed"
    }


# How things are written ---------------------------------------------------------------------------


@pytest.mark.usefixtures("german")
def test_german_is_written_as_germans_do() -> None:
    assert describe_day(date(2026, 11, 30)) == "Montag, 30. November 2026"
    assert describe_quantity(42, "day") == "6 Wochen"
    assert describe_quantity(1, "day") == "1 Tag"
    assert describe_quantity(38.5, "C") == "38,5 °C"
    assert describe_number(0.25) == "0,25"
    assert [describe_deadline(days) for days in (0, 1, 3, 7, 14)] == [
        "heute", "innerhalb von 1 Tag", "innerhalb von 3 Tagen", "innerhalb von 1 Woche",
        "innerhalb von 2 Wochen",
    ]  # fmt: skip


@pytest.mark.usefixtures("spanish")
def test_spanish_is_written_as_its_speakers_do() -> None:
    assert describe_day(date(2026, 11, 30)) == "lunes, 30 de noviembre de 2026"
    assert describe_quantity(47, "year") == "47 años"
    assert describe_quantity(1, "year") == "1 año"
    assert describe_quantity(38.5, "C") == "38,5 °C"


def test_plural_forms_are_those_of_the_language() -> None:
    """Also beyond the numbers that are written down."""
    arabic = Language(code="ar", forms="012" + "3" * 8 + "4" * 89 + "555" + "3" * 8 + "4" * 89
                      + "555" + "3" * 8 + "4" * 89)  # fmt: skip
    forms = tuple("012345")

    numbers = (0, 1, 2, 3, 10, 11, 99, 100, 103, 300, 303, 311, 1103, 0.5)
    assert "".join(arabic.choose_form(number, forms) for number in numbers) == "01233445353435"


# What people type ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "text", "unit", "number"),
    [
        ("de", "3 Wochen", "day", 21),
        ("de", "seit 3 Wochen", "day", 21),
        ("de", "vor zwei Monaten", "day", 60),
        ("de", "seit gestern", "day", 1),
        ("de", "vorgestern", "day", 2),
        ("de", "seit heute Morgen", "day", 0),
        ("de", "ungefähr sechs Wochen", "day", 42),
        ("de", "ein halbes Jahr", "day", 182),
        ("de", "anderthalb Jahre", "day", 547),
        ("de", "eine Woche und 2 Tage", "day", 9),
        ("de", "1,5 Jahre", "day", 547),
        ("de", "in den letzten 6 Wochen", "day", 42),
        ("de", "3 Wochen lang", "day", 21),
        ("de", "47 Jahre alt", "year", 47),
        ("de", "Ich bin 47", "year", 47),
        ("de", "dreißig", "year", 30),
        ("de", "dreiundsechzig", "year", 63),
        ("de", "Ich bin einundvierzig Jahre alt", "year", 41),
        ("de", "vor siebenunddreißig Tagen", "day", 37),
        ("de", "38,5 Grad", "C", 38.5),
        ("de", "six weeks", "day", 42),
        ("es", "3 semanas", "day", 21),
        ("es", "sesenta y tres", "year", 63),
        ("es", "treinta y un años", "year", 31),
        ("es", "hace veintiún días", "day", 21),
        ("es", "cuarenta y una semanas", "day", 287),
        ("es", "hace 2 meses", "day", 60),
        ("es", "desde hace tres semanas", "day", 21),
        ("es", "desde ayer", "day", 1),
        ("es", "anteayer", "day", 2),
        ("es", "unas seis semanas", "day", 42),
        ("es", "medio año", "day", 182),
        ("es", "un año y medio", "day", 547),
        ("es", "un par de semanas", "day", 14),
        ("es", "tengo 47 años", "year", 47),
        ("es", "treinta y cinco años", "year", 35),
        ("es", "veinte anos", "year", 20),
        ("es", "once dias", "day", 11),
        ("es", "38,5 grados", "C", 38.5),
    ],
)
def test_a_length_of_time_is_understood(code: str, text: str, unit: str, number: float) -> None:
    """In the words of the language, and in English."""
    with hold_language(LANGUAGES[code]):
        assert parse_quantity(text, unit) == number


@pytest.mark.parametrize(
    ("code", "text", "unit", "message"),
    [
        ("de", "mehr als 60", "year", "das lässt die Zahl offen"),
        ("de", "über 60", "year", "das lässt die Zahl offen"),
        ("de", "60+", "year", "das lässt die Zahl offen"),
        ("de", "ein paar Tage", "day", "das lässt die Zahl offen"),
        ("de", "fast 6 Wochen", "day", "das lässt die Zahl offen"),
        ("de", "einige Wochen", "day", "das lässt die Zahl offen"),
        ("de", "schon lange", "day", "das lässt die Zahl offen"),
        ("de", "zwei bis drei Wochen", "day", "das sind zwei Zahlen"),
        ("de", "2-3 Wochen", "day", "das sind zwei Zahlen"),
        ("de", "seit März", "day", "ein Datum ist keine Zahl"),
        ("de", "seit Montag", "day", "ein Datum ist keine Zahl"),
        ("de", "letzte Woche", "day", "ein Datum ist keine Zahl"),
        ("de", "1.500 Tage", "day", '"1.500" kann zwei Zahlen bedeuten; schreiben Sie 1,5 oder'),
        ("de", "Wochen", "day", "die Zahl fehlt"),
        ("de", "6 Monde", "day", 'die Einheit "Monde" ist nicht bekannt'),
        ("de", "5 Fuß", "day", 'die Einheit "Fuß" ist nicht bekannt'),
        ("de", "6 Jahre", "kg", '"Jahre" passt hier nicht'),
        ("es", "más de 60", "year", "así no queda claro qué número es"),
        ("es", "casi 6 semanas", "day", "así no queda claro qué número es"),
        ("es", "unos pocos días", "day", "así no queda claro qué número es"),
        ("es", "varias semanas", "day", "así no queda claro qué número es"),
        ("es", "dos o tres semanas", "day", "son dos números"),
        ("es", "desde marzo", "day", "una fecha no es un número"),
        ("es", "la semana pasada", "day", "una fecha no es un número"),
    ],
)
def test_what_is_open_is_refused_as_in_english(
    code: str, text: str, unit: str, message: str
) -> None:
    """In the words of the language."""
    with hold_language(LANGUAGES[code]), pytest.raises(QuantityError) as refused:
        parse_quantity(text, unit)
    assert str(refused.value).startswith(message)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("unit", ["day", "year"])
def test_a_refusal_quotes_nothing_but_what_was_typed(code: str, unit: str) -> None:
    """Or the unit that this is, and not the English word that was found for it."""
    quoted = 0
    with hold_language(LANGUAGES[code]):
        units = {*map(name_unit, list_units())}
        for word in LANGUAGES[code].typed:
            typed = f"3 {word.capitalize()}"
            try:
                parse_quantity(typed, unit)
            except QuantityError as refused:
                found = re.findall('"([^"]*)"', refused.message)
                is_example = refused.way_out is None
                assert is_example or {*found} <= {*typed.split(), word, *units}, typed
                quoted += not is_example and len(found)
    assert quoted > 20


@given(st.sampled_from(CODES), st.text("0123456789 ,.-+<>/abcdehkmnorswy", max_size=12),
       st.sampled_from(["day", "year", "kg", "C"]))  # fmt: skip
def test_what_is_a_number_in_english_is_no_other_in_another_language(
    code: str, text: str, unit: str
) -> None:
    """It may not be understood there, where a word means something else."""

    def read() -> float | None:
        try:
            return parse_quantity(text, unit)
        except QuantityError:
            return None

    words = set(re.findall(r"[^\W\d_]+", text.casefold()))
    own = {word for phrase in LANGUAGES[code].typed for word in phrase.split()}
    before = read()
    with hold_language(LANGUAGES[code]):
        assert read() == before or words & own


def test_each_word_that_can_be_typed_for_a_quantity_stands_for_one_in_english() -> None:
    """A catalogue has no word of its own invention."""
    for code in CODES:
        listed = {one.id for one in read_catalog(FOLDER / f"{code}.po", code)
                  if one.context == QUANTITY}  # fmt: skip
        months = {name.casefold() for name in (*ENGLISH.months, *ENGLISH.weekdays)}
        numbers = {f"{ten}-{one}" for ten in TENS for one in ONES}
        assert set(LANGUAGES[code].typed.values()) <= {*listed, *months, *numbers}


MEANINGS = {
    "yes": means_yes, "no": means_no, "not sure": means_not_sure, "none": means_none,
    "no thanks": means_declined, "back": means_back, "quit": means_quit, "why": means_why,
    "all": means_all,
}  # fmt: skip


ALSO = {"no": {"none", "no thanks"}, "none": {"no thanks"}, "quit": {"no thanks"}}
"""What else a word of each meaning is taken for, where something is offered or listed."""


@pytest.mark.parametrize("code", CODES)
def test_each_word_for_an_answer_means_that_alone(code: str) -> None:
    """As do the English ones, which stay; no word has two meanings."""
    catalog = read_catalog(FOLDER / f"{code}.po", code)
    with hold_language(LANGUAGES[code]):
        for message in catalog:
            if message.context == ANSWER:
                for word in str(message.string).split(", "):
                    asks = {name for name, means in MEANINGS.items() if means(word.upper())}
                    also = {
                        "no": {"none", "no thanks"},
                        "none": {"no thanks"},
                        "quit": {"no thanks"},
                    }
                    assert asks == {message.id} | also.get(str(message.id), set()), word
        for name, means in MEANINGS.items():
            assert means(name)


@pytest.mark.usefixtures("german")
def test_a_yes_is_a_yes_in_any_language_that_is_spoken() -> None:
    rules = load(SMALL)
    fall, duration = rules.questions["fall"], rules.questions["duration"]

    assert parse_answer(fall, "Ja") == "yes"
    assert parse_answer(fall, "j") == "yes"
    assert parse_answer(fall, "yes") == "yes"
    assert parse_answer(fall, "weiß nicht") is NOT_SURE
    assert parse_answer(duration, "6 Wochen") == 42
    assert describe_answer(fall, "yes") == "ja"
    assert describe_answer(fall, NOT_SURE) == "nicht sicher"


def test_nothing_of_that_holds_in_english() -> None:
    """Where nobody has chosen another language."""
    assert not means_yes("ja")
    with pytest.raises(QuantityError):
        parse_quantity("3 Wochen", "day")


# What is told -------------------------------------------------------------------------------------


def translated(code: str) -> RuleSet:
    """The shipped rules in a language, each of their texts marked with its brackets."""
    rules = load(SHIPPED)
    return translate(rules, catalogue_of(rules, code))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("render", [render_text, render_markdown, render_html, render_result])
def test_a_result_has_no_english_sentence_of_the_program(
    code: str, render: Callable[..., str]
) -> None:
    """In any format, for all kinds of patients."""
    rules = translated(code)
    with hold_language(LANGUAGES[code]):
        for answers, place in draw_patients(rules, 100, Random(1)):
            country = rules.emergency_numbers.countries.get(place or "")
            result = assess(rules, dict(answers))
            told = render(result, rules, TODAY, country=country)
            assert find_english(told, LANGUAGES[code]) == []


@pytest.mark.parametrize("code", CODES)
def test_only_words_of_a_result_are_another(code: str) -> None:
    """Ids, days and numbers in JSON are for scripts, and stay."""
    rules, original = translated(code), load(SHIPPED)
    keys = ("advice", "within_days", "complete", "how", "answers", "unresolved", "rule_set")
    for answers, _ in draw_patients(original, 50, Random(2)):
        with hold_language(LANGUAGES[code]):
            told = json.loads(render_result(assess(rules, dict(answers)), rules, TODAY))
        before = json.loads(render_result(assess(original, dict(answers)), original, TODAY))
        assert [told[key] for key in keys] == [before[key] for key in keys]
        assert [step["by"] for step in told["steps"]] == [step["by"] for step in before["steps"]]


@pytest.mark.usefixtures("german")
def test_a_page_says_in_which_language_it_is() -> None:
    """To programs that read it aloud."""
    rules = translated("de")
    page = render_html(assess(rules, {}), rules, TODAY)

    assert '<html lang="de">' in page
    assert "Diese Übersetzung hat keine medizinische Fachkraft geprüft" in page


@in_node
@pytest.mark.parametrize("code", CODES)
def test_the_page_tells_the_same_as_the_engine(code: str) -> None:
    """Letter by letter, as it does in English."""
    rules = translated(code)
    patients = list(draw_patients(rules, 200, Random(3)))
    with hold_language(LANGUAGES[code]):
        told = told_in_javascript([(rules, patients)])
        for patient, theirs in zip(patients, told, strict=True):
            assert theirs == told_in_python(rules, *patient), patient
