"""Rules in other languages: each text has a place in a catalogue, and no rule depends on it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from backtriage import assess, load
from backtriage.authoring.texts import list_texts
from backtriage.engine import assess as assess_answers
from backtriage.errors import RuleSetError
from backtriage.json_io.result import render_result
from backtriage.languages import of_rules, ready_made
from backtriage.languages.po import read_catalog, read_catalogue
from backtriage.loader.build import build
from backtriage.model import Answers, Choice, RuleSet, Source
from backtriage.translation import Catalogue, list_translatable, translate, translate_texts
from filled import all_filled, words_of
from helpers import SHIPPED, SMALL, replaced, run, small_with
from strategies import partial_answers, rule_sets
from translations import catalogue_of, change, marked, message_of, write_catalogue

RULES = build(SMALL)


# Which texts there are ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule_set", [all_filled(words_of), RULES, build(SHIPPED)], ids=lambda one: one.id
)
def test_whatever_a_person_reads_can_be_translated(rule_set: RuleSet) -> None:
    """The walk and the list of texts know the same; citations and numbers to call are no words."""
    read = {
        text.text
        for text in list_texts(rule_set)
        if text.reader != "authors"
        and not isinstance(text.holder, Source)
        and not (text.keys == ("call",) and text.text.isdecimal())
    }

    assert {text for _, text in list_translatable(rule_set)} == read


def test_what_is_not_changed_stays_to_the_letter() -> None:
    """Nothing else of a rule set is touched."""
    for rule_set in (RULES, build(SHIPPED), all_filled(words_of)):
        assert repr(translate_texts(rule_set, lambda _, text: text)) == repr(rule_set)


def test_contexts_are_made_of_ids_not_of_places() -> None:
    """A question that moves, or a step, keeps its translation."""
    contexts = {context for context, _ in list_translatable(build(SHIPPED))}

    assert "question.faint.ask" in contexts
    assert "advice.home_care.part.step" in contexts
    assert not any(part.isdecimal() for context in contexts for part in context.split("."))


def test_a_step_that_moves_keeps_its_translation() -> None:
    """As its words are part of the key."""
    rules = build(SHIPPED)
    text = rules.advice["home_care"]
    turned = replace(text, steps=text.steps[::-1])
    moved = replace(rules, advice={**rules.advice, "home_care": turned})
    translated = translate(moved, catalogue_of(rules))

    told = translated.advice["home_care"].steps
    assert [step.text for step in told] == [marked(step.text) for step in turned.steps]


def test_a_country_is_known_by_both_names() -> None:
    """What it is called in English can still be typed."""
    rules = build(SHIPPED)
    catalogue = Catalogue("de", {"country.DE.name": {"Germany": "Deutschland"}})
    country = translate(rules, catalogue).emergency_numbers.countries["DE"]

    assert country.name == "Deutschland"
    assert "Germany" in country.also


# That no rule depends on it -----------------------------------------------------------------------


@given(st.data())
def test_a_translated_rule_set_decides_the_same(data: st.DataObject) -> None:
    """For any rules and any answers; only words differ."""
    rules = data.draw(rule_sets())
    answers = Answers(data.draw(partial_answers(rules)))
    original = assess_answers(rules, answers)
    translated = assess_answers(translate(rules, catalogue_of(rules)), answers)
    because = {flag.id: flag.because for flag in rules.red_flags.values()}

    for finding in translated.findings:
        assert finding.because == marked(because[finding.id])
    findings = tuple(
        replace(finding, because=because[finding.id]) for finding in translated.findings
    )
    assert replace(translated, findings=findings) == original


def test_ids_and_the_hash_stay() -> None:
    """Saved answers fit every language."""
    translated = translate(RULES, catalogue_of(RULES))

    assert translated.hash == RULES.hash
    assert list(translated.questions) == list(RULES.questions)
    course = translated.questions["weak_course"]
    assert isinstance(course, Choice)
    assert [option.id for option in course.options] == ["old", "new_stable", "worse"]
    assert translated.definitions == RULES.definitions
    assert translated.language == "de"
    assert RULES.language == "en"


def test_a_missing_text_stays_english_and_is_named() -> None:
    """It is never left out."""
    catalogue = catalogue_of(RULES)
    texts = {key: value for key, value in catalogue.texts.items() if key != "question.fall.ask"}
    translated = translate(RULES, replace(catalogue, texts=texts))

    assert translated.questions["fall"].ask == "Did you fall?"
    assert translated.questions["fall"].label == marked("Fall")
    assert translated.translation is not None
    assert translated.translation.missing == ("question.fall.ask: Did you fall?",)


def test_the_result_tells_the_catalogue() -> None:
    """So that it is known who said this, in JSON too; an English one says nothing of it."""
    from datetime import date

    told, original = (
        json.loads(render_result(assess(rules, {"numb": "yes"}), rules, date(2026, 11, 28)))
        for rules in (translate(RULES, catalogue_of(RULES)), RULES)
    )

    assert told["translation"] == {"language": "de", "hash": "0123", "missing": 0}
    assert told["findings"][0]["because"].startswith("«")
    assert "translation" not in original


@pytest.mark.parametrize("option", [[], ["--brief"]])
def test_a_result_says_how_many_texts_are_missing_and_not_which(
    option: list[str], tmp_path: Path
) -> None:
    """With each patient they would come again: a catalogue without translations has hundreds."""
    folder = small_with(tmp_path, {})
    run("rules", "translate", "de", folder)
    arguments = ("assess", "--rules", folder, "--lang", "de", *option)
    told = json.loads(run(*arguments, stdin="{}").stdout)
    number = len(list(list_translatable(RULES)))
    schema = json.loads(run("schema", "assessment", "--rules", folder).stdout)

    assert told["translation"]["missing"] == number
    Draft202012Validator(schema).validate(told)
    page = run("export", "web", "--rules", folder, "--lang", "de").stdout
    assert f'"missing":{number}' in page.replace(": ", ":")


# Files --------------------------------------------------------------------------------------------


def test_a_folder_is_loaded_in_its_language(tmp_path: Path) -> None:
    """The catalogue stands beside the rules."""
    folder = small_with(tmp_path, {})
    path = write_catalogue(folder)
    rules = load(folder, "de")

    assert of_rules.list_languages(folder) == ("en", "de")
    assert rules.questions["fall"].ask == marked("Did you fall?")
    assert rules.translation is not None
    assert rules.translation.hash == read_catalogue(path, "de").hash
    assert repr(load(folder, "en")) == repr(load(folder)) == repr(RULES)


@pytest.mark.parametrize("fields", [{"string": ""}, {"flags": {"fuzzy"}}])
def test_what_is_empty_or_fuzzy_is_not_used(fields: dict[str, object], tmp_path: Path) -> None:
    """A fuzzy text says what an older sentence meant."""
    folder = small_with(tmp_path, {})
    change(write_catalogue(folder), "question.fall.ask", **fields)
    rules = load(folder, "de")

    assert rules.questions["fall"].ask == "Did you fall?"
    assert rules.translation and len(rules.translation.missing) == 1


def test_a_changed_sentence_is_outdated_by_itself(tmp_path: Path) -> None:
    """Also before anybody brings the catalogue up to date."""
    folder = small_with(tmp_path, {})
    write_catalogue(folder)
    file = folder / "past.yaml"
    file.write_text(file.read_text().replace("Did you fall?", "Did you fall hard?"))

    assert load(folder, "de").questions["fall"].ask == "Did you fall hard?"


def test_a_rule_set_may_demand_a_whole_language(tmp_path: Path) -> None:
    """Then it is refused rather than told by halves."""
    head = (SMALL / "ruleset.yaml").read_text() + "complete_languages: [de]\n"
    folder = small_with(tmp_path, {"ruleset.yaml": head})
    path = write_catalogue(folder)
    assert load(folder, "de").language == "de"

    change(path, "question.fall.ask", string="")
    with pytest.raises(RuleSetError) as raised:
        load(folder, "de")
    (issue,) = raised.value.issues
    assert issue.code == "missing-translation"
    assert "question.fall.ask: Did you fall?" in issue.message
    assert load(folder).language == "en"


def test_an_unknown_language_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    """And nothing is told in English without a word."""
    folder = small_with(tmp_path, {})
    write_catalogue(folder)
    with pytest.raises(RuleSetError, match=r'unknown-language .* "fr"; it has en, de'):
        load(folder, "fr")


@pytest.mark.parametrize(
    ("text", "line"),
    [('msgid "a"\nmsgstr "b"\nnonsense\n', 3), ('msgid "a"\nmsgid "b"\nmsgstr ""\n', 1)],
)
def test_a_file_that_is_no_po_is_told_with_its_line(text: str, line: int, tmp_path: Path) -> None:
    """Like any other mistake in a rule set."""
    path = tmp_path / "de.po"
    path.write_text(text)
    with pytest.raises(RuleSetError) as raised:
        read_catalog(path, "de")
    assert [(issue.code, issue.line) for issue in raised.value.issues] == [("po-syntax", line)]


# Read ahead ---------------------------------------------------------------------------------------


@pytest.fixture
def ready(tmp_path: Path) -> tuple[Path, Path]:
    """A folder with a catalogue, and what is written down of it."""
    folder = small_with(tmp_path, {})
    write_catalogue(folder)
    ((_, text),) = of_rules.write_catalogues(folder)
    written = tmp_path / "_shipped_de.json"
    written.write_text(text)
    return folder, written


def test_what_is_read_ahead_is_what_the_file_says(ready: tuple[Path, Path]) -> None:
    """To the letter."""
    folder, written = ready
    path = of_rules.find_file(folder, "de")
    catalogue = read_catalogue(path, "de")

    data = ready_made.read_ready_made(written, path)
    assert data == {"hash": catalogue.hash, "texts": catalogue.texts}


@pytest.mark.parametrize("damage", ["file", "copy", "gone"])
def test_what_is_read_ahead_is_used_only_while_it_agrees(
    damage: str, ready: tuple[Path, Path]
) -> None:
    """An edited translation is never ignored, and a damaged copy gives way to the file."""
    folder, written = ready
    path = of_rules.find_file(folder, "de")
    if damage == "file":
        path.write_text(path.read_text() + "\n# a note\n")
    elif damage == "copy":
        written.write_text(written.read_text().replace("Fall", "Fail", 1))
    else:
        written.unlink()

    assert ready_made.read_ready_made(written, path) is None


# Bringing a catalogue up to date ------------------------------------------------------------------


def test_a_new_catalogue_has_all_texts_and_no_translation(tmp_path: Path) -> None:
    """And says that nobody has reviewed it."""
    folder = small_with(tmp_path, {})
    done = run("rules", "translate", "es", folder)
    path = folder / "languages" / "es.po"

    assert done.returncode == 0, done.stderr
    number = len(list(list_translatable(RULES)))
    assert f"{number} texts, 0 translated, 0 outdated, {number} missing, 0 gone" in done.stdout
    assert "No native clinician has reviewed this translation." in path.read_text()
    assert "nplurals=" in path.read_text()
    catalogue = read_catalog(path, "es")
    listed = [(one.context, one.id) for one in catalogue if one.id]
    assert listed == list(list_translatable(RULES))


def test_names_of_countries_come_with_it(tmp_path: Path) -> None:
    """Unicode knows them."""
    numbers = 'sources: [small_2020]\ncountries:\n  AT: {name: Austria, call: "112"}\n'
    folder = small_with(tmp_path, {"emergency_numbers.yaml": numbers})
    assert run("rules", "translate", "de", folder).returncode == 0

    assert message_of(folder / "languages" / "de.po", "country.AT.name").string == "Österreich"


def test_a_changed_sentence_keeps_its_translation_as_fuzzy(tmp_path: Path) -> None:
    """With the old sentence beside it, however often the file is written again."""
    folder = small_with(tmp_path, {})
    path = write_catalogue(folder)
    file = folder / "past.yaml"
    file.write_text(file.read_text().replace("Did you fall?", "Did you fall hard?"))
    for _ in range(2):
        assert ", 1 outdated, 0 missing, 0 gone" in run("rules", "translate", "de", folder).stdout
        message = message_of(path, "question.fall.ask")
        assert message.id == "Did you fall hard?"
        assert message.string == marked("Did you fall?")
        assert message.fuzzy
        assert message.previous_id == ["Did you fall?"]
    file.write_text(file.read_text().replace("Did you fall hard?", "Did you fall?"))
    run("rules", "translate", "de", folder)
    assert load(folder, "de").questions["fall"].ask == "Did you fall?", "nobody has looked at it"


@pytest.mark.parametrize(
    "before",
    [
        " ".join(map(str, range(100))),
        "\n".join(f'He said "{number}".' for number in range(20)),
        "\\" * 200,
        "a\n\nb",
        'msgid "a"',
    ],
    ids=["long", "quotes and lines", "one word", "an empty line", "like PO"],
)
def test_what_a_sentence_was_is_read_as_it_is_written(before: str, tmp_path: Path) -> None:
    """However long: Babel wraps it as it does prose."""
    path = write_catalogue(small_with(tmp_path, {}))
    change(path, "question.fall.ask", previous_id=[before], flags={"fuzzy"})

    assert message_of(path, "question.fall.ask").previous_id == [before]


@pytest.mark.parametrize("new", ["Fell?", "Xyz!", "Was there any fall in the last few weeks?"])
def test_a_text_that_stands_alone_was_changed_however_much(new: str, tmp_path: Path) -> None:
    """Its context is made of ids: no other text can be meant."""
    folder = small_with(tmp_path, {})
    path = write_catalogue(folder)
    file = folder / "past.yaml"
    file.write_text(replaced(file.read_text(), "Did you fall?", new))
    assert ", 1 outdated, 0 missing, 0 gone" in run("rules", "translate", "de", folder).stdout
    message = message_of(path, "question.fall.ask")

    assert (message.id, message.string, message.fuzzy) == (new, marked("Did you fall?"), True)
    assert message.previous_id == ["Did you fall?"]


@pytest.mark.parametrize(
    ("new", "outdated"),
    [("This is no advice of a doctor at all.", 1), ("Xyz zyx yxz.", 0)],
)
def test_of_several_texts_the_one_that_is_like_it_was_changed(
    new: str, outdated: int, tmp_path: Path
) -> None:
    """In a list nothing but their words tells them apart."""
    head = (SMALL / "ruleset.yaml").read_text()
    limits = "limits:\n  - This is no advice of a doctor.\n  - Xyzzy."
    folder = small_with(tmp_path, {"ruleset.yaml": head.replace("limits:", limits)})
    write_catalogue(folder)
    file = folder / "ruleset.yaml"
    file.write_text(replaced(file.read_text(), "This is no advice of a doctor.", new))

    counts = f", {outdated} outdated, {1 - outdated} missing, {1 - outdated} gone"
    assert counts in run("rules", "translate", "de", folder).stdout


def test_an_outdated_text_that_was_gone_comes_back_outdated(tmp_path: Path) -> None:
    """Nobody has looked at it meanwhile."""
    folder = small_with(tmp_path, {})
    path = write_catalogue(folder)
    file = folder / "past.yaml"
    whole = file.read_text()
    entry = whole[whole.index("  - id: fall\n") : whole.index("  - id: duration")]
    change(path, "question.fall.ask", flags={"fuzzy"}, previous_id=["Was it a fall?"])
    gone = whole.replace(entry, "").replace("fall: yes", "steroids: yes")
    file.write_text(gone)
    assert ", 0 outdated" in run("rules", "translate", "de", folder).stdout
    file.write_text(whole)
    run("rules", "translate", "de", folder)
    message = message_of(path, "question.fall.ask")

    assert message.fuzzy
    assert message.previous_id == ["Was it a fall?"]


def test_what_is_gone_stays_at_the_end_and_may_come_back(tmp_path: Path) -> None:
    """Nothing that somebody wrote is thrown away."""
    folder = small_with(tmp_path, {})
    write_catalogue(folder)
    file = folder / "ruleset.yaml"
    before = file.read_text()
    second = f"{before.replace('limits:', 'limits:' + chr(10) + '  - Another limit for a while.')}"
    file.write_text(second)
    path = write_catalogue(folder)
    file.write_text(before)

    assert ", 0 outdated, 0 missing, 1 gone" in run("rules", "translate", "de", folder).stdout
    assert '#~ msgid "Another limit for a while."' in path.read_text()
    file.write_text(second)
    assert ", 0 outdated, 0 missing, 0 gone" in run("rules", "translate", "de", folder).stdout
    assert load(folder, "de").limits[0] == marked("Another limit for a while.")


def test_what_translators_wrote_beside_it_stays(tmp_path: Path) -> None:
    """Their notes, and who they are."""
    folder = small_with(tmp_path, {})
    path = write_catalogue(folder)
    change(path, "question.fall.ask", user_comments=["Not a stumble."])
    path.write_text(path.read_text().replace("FULL NAME <EMAIL@ADDRESS>", "A. B."))
    run("rules", "translate", "de", folder)

    assert "# Not a stumble." in path.read_text()
    assert '"Last-Translator: A. B.\\n"' in path.read_text()


@pytest.mark.parametrize(("language", "is_spoken"), [("de", True), ("fr", False)])
def test_it_is_said_what_to_do_next(language: str, is_spoken: bool, tmp_path: Path) -> None:
    """Beside the file that was written; and what stays English."""
    folder = small_with(tmp_path, {})
    done = run("rules", "translate", language, folder)

    assert f"translate what is empty or fuzzy in {folder}/languages/{language}.po" in done.stderr
    assert f"backtriage rules check {folder} --lang {language}" in done.stderr
    assert ("does not speak fr" in done.stderr) != is_spoken


@pytest.mark.parametrize("words", [("translate", "fr"), ("lock",)], ids=["translate", "lock"])
def test_rules_that_nobody_has_named_are_not_written_to(words: tuple[str, ...]) -> None:
    """The shipped ones may stand where packages are installed."""
    before = {path: path.is_file() and path.read_bytes() for path in SHIPPED.rglob("*")}
    done = run("rules", *words)

    assert done.returncode == 2
    assert "name the folder of your rules" in " ".join(done.stderr.split())
    assert f"backtriage rules {' '.join(words)} rules/mine" in " ".join(done.stderr.split())
    assert {path: path.is_file() and path.read_bytes() for path in SHIPPED.rglob("*")} == before


def test_a_language_that_there_is_not_is_refused(tmp_path: Path) -> None:
    """Before anything is written."""
    folder = small_with(tmp_path, {})
    for language in ("german", "../de", "x1"):
        done = run("rules", "translate", language, folder)
        assert done.returncode == 2
        assert "is no language" in done.stderr
    assert not (folder / "languages").exists()
