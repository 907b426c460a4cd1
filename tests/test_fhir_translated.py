"""The form in several languages: HL7 accepts it, it says what the catalogues say, and forms that
were shown in any of them are read alike.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from backtriage import load
from backtriage.answers import get_check
from backtriage.fhir.names import CHECK_SUFFIX, NOT_SURE_SUFFIX, WHY
from backtriage.fhir.questionnaire import build_questionnaire
from backtriage.fhir.response import build_response
from backtriage.fhir.translated import build_translated
from backtriage.language import Language, hold_language
from backtriage.languages.of_program import load_language
from backtriage.model import Answer, Choice, Number, RuleSet
from backtriage.translation import translate
from forms import Json, list_items, mistakes
from helpers import run, small_with
from javascript import TODAY
from strategies import rule_sets
from translations import catalogue_of, marked, write_catalogue

CODES = ("de", "es")
ANSWERS: dict[str, Answer] = {"age": 47, "anatomy": "any", "faint": "no", "saddle_numbness": "yes"}


def spoken(*codes: str) -> list[tuple[Language, RuleSet]]:
    return [(load_language(code), load(language=code)) for code in codes]


def form_in(*codes: str) -> Json:
    return build_translated(load(), spoken(*codes), TODAY)


def without_translations(part: Any) -> Any:
    if isinstance(part, list):
        return [without_translations(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        key: without_translations(value)
        for key, value in part.items()
        if not key.startswith("_") and key != "designation"
    }


def said(part: Json, key: str, code: str) -> str:
    """What stands for a text in a language, as HL7 has it; English where nothing does."""
    for one in part.get(f"_{key}", {}).get("extension", ()):
        lang, content = one["extension"]
        assert one["url"] == "http://hl7.org/fhir/StructureDefinition/translation"
        assert (lang["url"], content["url"]) == ("lang", "content")
        if lang["valueCode"] == code:
            return str(content["valueString"])
    return str(part[key])


# The form ----------------------------------------------------------------------------------------


def test_hl7_accepts_the_form_in_all_languages_and_in_english_it_is_the_same() -> None:
    form = form_in(*CODES)

    assert mistakes(form) == []
    assert without_translations(form) == build_questionnaire(load(), TODAY) == form_in()
    assert form["language"] == "en"


@given(rule_sets())
def test_so_it_is_for_any_rules(rule_set: RuleSet) -> None:
    other = (load_language("de"), translate(rule_set, catalogue_of(rule_set)))
    form = build_translated(rule_set, [other], TODAY)

    assert mistakes(form) == []
    assert without_translations(form) == build_questionnaire(rule_set, TODAY)
    assert said(form, "title", "de") == marked(rule_set.title)


@pytest.mark.parametrize("code", CODES)
def test_each_text_is_that_of_the_catalogue(code: str) -> None:
    """Title, headings, questions, checks, reasons for asking, short names."""
    form, there = form_in(*CODES), load(language=code)
    texts = {item["linkId"]: said(item, "text", code) for item in list_items(form)}
    short = {
        item["linkId"]: said(one, "valueString", code)
        for item in list_items(form)
        for one in item.get("extension", ())
        if "valueString" in one
    }

    assert said(form, "title", code) == there.title
    assert {f"area.{area.id}": texts[f"area.{area.id}"] for area in there.areas} == {
        f"area.{area.id}": area.title for area in there.areas
    }
    for question in there.questions.values():
        assert texts[question.id] == question.ask
        assert short[question.id] == question.label
        assert texts[f"{WHY}{question.id}"] == question.why
        assert texts.get(question.id + CHECK_SUFFIX) == get_check(question)
        if isinstance(question, Number) and question.not_sure is not None:
            english = "If you are not sure of the number, say so here."
            assert texts[question.id + NOT_SURE_SUFFIX] == load_language(code).sentences[english]


@pytest.mark.parametrize("code", CODES)
def test_each_option_is_that_of_the_catalogue_for_renderers_and_for_terminologies(
    code: str,
) -> None:
    """In the expansion as an extension, and in what it is expanded from as a designation."""
    sets = {one["id"]: one for one in form_in(*CODES)["contained"]}
    for question in load(language=code).questions.values():
        if isinstance(question, Choice):
            labels = [option.label for option in question.options]
            chosen = sets[question.id.replace("_", "-")]
            shown = [said(one, "display", code) for one in chosen["expansion"]["contains"]]
            assert shown[: len(labels)] == labels
            assert shown[-1] == load_language(code).sentences["Not sure"]
            assert list(list_designations(chosen, code)) == shown


def list_designations(value_set: Json, code: str) -> Iterator[str]:
    for include in value_set["compose"]["include"]:
        for concept in include["concept"]:
            told = {one["language"]: one["value"] for one in concept.get("designation", ())}
            yield told.get(code, concept["display"])


def test_the_number_to_call_is_told_in_each_language() -> None:
    rule_set = load()
    form = build_translated(
        rule_set, spoken("de"), TODAY, rule_set.emergency_numbers.countries["GB"]
    )
    opening = [said(item, "text", "de") for item in form["item"] if item["type"] == "display"]

    assert any("Rufen Sie jetzt 999 oder 112 an" in text for text in opening)


# The command -------------------------------------------------------------------------------------


def export(*words: str | Path, **environment: str) -> Json:
    form: Json = json.loads(run("export", "fhir-questionnaire", *words, **environment).stdout)
    return form


def test_only_languages_that_are_named_stand_in_it() -> None:
    """A form is published for others, so the locale of who writes it says nothing."""
    plain = export("--date", str(TODAY), LC_ALL="de.UTF-8", LANGUAGE="de")
    both = export("--date", str(TODAY), "--lang", "de", "--lang", "es", "--lang", "en")

    assert plain == form_in()
    assert both == form_in("de", "es") == export("--date", str(TODAY), "--lang", "all")


def test_a_language_that_is_not_there_is_refused_with_those_that_are() -> None:
    done = run("export", "fhir-questionnaire", "--lang", "fr")

    assert done.returncode == 2
    assert '"fr" is no language of these rules; choose from en, de, es' in done.stderr


# Forms filled in ---------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small rule set with a German catalogue, whose texts are marked."""
    rules = small_with(tmp_path, {})
    write_catalogue(rules)
    return rules


def fill_in(rule_set: RuleSet, language: str, answers: Mapping[str, Answer]) -> Json:
    """A form as somebody was shown it, who sends back what was shown."""
    with hold_language(load_language(language)):
        return build_response(rule_set, answers, complete=False, authored=None)


@pytest.mark.parametrize("code", ["en", *CODES])
@pytest.mark.parametrize("spoken_here", [("--lang", "en"), ("--lang", "de")])
def test_a_form_is_read_in_whichever_language_it_was_shown(
    code: str, spoken_here: tuple[str, ...]
) -> None:
    """And whichever is spoken where it is read."""
    response = fill_in(load(language=code), code, ANSWERS)
    done = run("assess", "--brief", *spoken_here, stdin=json.dumps(response))

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["answers"] == ANSWERS
    assert response.get("language", "en") == code


def test_so_do_many(folder: Path, tmp_path: Path) -> None:
    response = fill_in(load(folder, "de"), "de", {"numb": "yes", "age": 30})
    (tmp_path / "in.jsonl").write_text(json.dumps(response) + "\n")
    done = run(
        "cohort", tmp_path / "in.jsonl", "--output", tmp_path / "out.jsonl", "--rules", folder
    )

    assert done.returncode == 0, done.stderr
    assert json.loads((tmp_path / "out.jsonl").read_text())["advice"] == "seek_care_now"


@pytest.mark.parametrize(
    ("old", "new"),
    [("«Are you newly numb", "«Bist du gerade taub"), ('"Ja"', '"Nein"'), ('"Ja"', '"Oui"')],
)
def test_other_words_are_refused_as_ever(old: str, new: str, folder: Path) -> None:
    """A yes that was shown as a no is neither."""
    response = json.dumps(fill_in(load(folder, "de"), "de", {"numb": "yes"}), ensure_ascii=False)
    assert old in response
    done = run("assess", "--rules", folder, stdin=response.replace(old, new))

    assert done.returncode == 3
    assert "other-text" in done.stderr
