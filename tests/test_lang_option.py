"""--lang and the locale: an interview, a result, questions and a page in another language."""

import json
import re
from pathlib import Path

import pytest

from backtriage import load
from backtriage.languages.of_program import load_language
from helpers import SMALL, run, small_with
from translations import change, find_english, marked, write_catalogue

GERMAN = load_language("de")
ENGLISH_LOCALE = {"LC_ALL": "en_GB.UTF-8", "LANGUAGE": ""}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small rule set with a German catalogue, whose texts are marked."""
    rules = small_with(tmp_path, {})
    write_catalogue(rules)
    return rules


TALK = "\n".join(("n", "ja", "warum", "2", "47 Jahre", "nein", "3 Wochen", "0", "j")) + "\n"
"""Answers, and once the question why."""
COMPLETE = ("--complete", "--format", "json")


def test_an_interview_is_held_in_the_language(folder: Path) -> None:
    """Each prompt, each confirmation, the review and the result."""
    done = run("--rules", folder, "--lang", "de", "--complete", "--date", "2026-11-28", stdin=TALK)
    talk = " ".join(done.stderr.split())

    assert done.returncode == 0, done.stderr
    for asked in ("Are you newly numb between the legs?", "How long have you had this pain?"):
        assert marked(asked) in talk
    assert "j, n oder ? >" in talk
    assert "1 bis 3, oder ? >" in talk
    assert "zum Beispiel 3 Tage, oder ? >" in talk
    assert "Nummern wie 1 3, oder 0, oder ? >" in talk
    assert f"{marked('How long the pain has lasted')}: 3 Wochen." in talk
    assert "Ihre Antworten" in talk
    assert "Stimmt das alles? Geben Sie j ein" in talk
    assert find_english(done.stderr, GERMAN) == []
    assert find_english(done.stdout, GERMAN) == []
    assert "innerhalb von 2 Tagen, bis Montag, 30. November 2026" in " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("vielleicht morgen", 'ist keine Antwort auf "«Are you newly numb between the legs?»"'),
        ("n\n", "die Eingabe endete vor der Befragung; noch offen, unter höchstens"),
    ],
)
def test_errors_of_an_interview_are_told_in_the_language(
    typed: str, answer: str, folder: Path
) -> None:
    done = run("--rules", folder, "--lang", "de", stdin=typed)

    assert done.returncode == 3
    assert answer in " ".join(done.stderr.split())
    assert find_english(done.stderr, GERMAN) == []


@pytest.mark.parametrize(
    ("option", "file", "why"),
    [
        ("--save", "rules/ruleset.yaml", "diese Datei gehört zu den Regeln"),
        ("--save", "there.json", "diese Datei gibt es schon; wählen Sie einen anderen Namen"),
        ("--save", "no/such.json", "diesen Ordner gibt es nicht"),
        ("--output", "rules", "das ist ein Ordner"),
        ("--resume", "nowhere.json", "diese Datei oder diesen Ordner gibt es nicht"),
        ("--resume", "there.json", "das sind keine gespeicherten Antworten und kein Ergebnis"),
        ("--resume", "other.json", "diese Antworten gehören zu anderen Regeln"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_in_the_language(
    option: str, file: str, why: str, folder: Path
) -> None:
    """Before the interview begins."""
    place = folder.parent
    (place / "there.json").write_text("{}")
    other = {"rule_set": {"id": "a", "version": "1", "hash": "b"}, "answers": {}}
    (place / "other.json").write_text(json.dumps(other))

    done = run("--rules", folder, "--lang", "de", option, place / file)

    assert why in done.stderr
    assert find_english(done.stderr, GERMAN) == []
    assert (place / "there.json").read_text() == "{}"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b'{"a": 1,}', b"{'a': 1}", b'{"a": "x', b"{} {}", b'{"a": 1, "a": 2}',
        b'{"a": NaN}', b"[" * 30, b"\xff", b'{"a" 1}', b'{"a": 1 "b": 2}', b'{"a": "\\q"}',
        b"9" * 5000, b" " * 1_000_001, b"[]",
        *(
            b'{"rule_set": %s, "answers": %s}' % (b"RULES", answers)
            for answers in (
                b"[]", b"null", b'{"numb": 1}', b'{"nimb": "no"}', b'{"age": true}',
                b'{"age": 1e999}', b'{"age": "not sure, then no"}', b'{"course": []}',
                b'{"rule_set": {}, "answers": {}}', b'{"course": "better"}', b'{"age": 900}',
                b"{%s}" % b",".join(b'"x%d": "no"' % number for number in range(150)),
            )
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_saved_file_is_told_in_the_language(
    content: bytes, folder: Path
) -> None:
    """Whether it was cut short, or edited by hand."""
    file, rule_set = folder.parent / "back.json", load(folder)
    made_by = {"id": rule_set.id, "version": rule_set.version, "hash": rule_set.hash}
    file.write_bytes(content.replace(b"RULES", json.dumps(made_by).encode()))

    done = run("--rules", folder, "--lang", "de", "--resume", file, stdin="n\n")

    assert done.returncode == 3
    assert "back.json: " in done.stderr
    assert find_english(done.stderr.replace("backtriage ", ""), GERMAN) == []


def test_english_words_count_as_well(folder: Path) -> None:
    """Who knows the letters of the English interview need not learn others."""
    english = TALK.replace("ja", "y").replace("warum", "w").replace("3 Wochen", "3 weeks")
    german, other = (
        run("--rules", folder, "--lang", "de", "--complete", "--date", "2026-11-28", stdin=stdin)
        for stdin in (TALK, english.replace("47 Jahre", "47"))
    )

    assert german.stdout == other.stdout


def test_the_same_answers_give_the_same_result(folder: Path) -> None:
    """In JSON, where only words differ."""
    english = "n\ny\n2\n47\nn\n3 weeks\n0\ny\n"
    told = json.loads(run(*COMPLETE, "--rules", folder, "--lang", "de", stdin=TALK).stdout)
    before = json.loads(run(*COMPLETE, "--rules", SMALL, stdin=english).stdout)

    assert told["answers"] == before["answers"]
    assert told["advice"] == before["advice"] == "see_doctor_soon"
    assert told["translation"]["language"] == "de"


GIVEN = '{"numb": "ja", "duration": "3 Wochen"}'


@pytest.mark.parametrize("form", ["text", "markdown", "html", "json"])
def test_assess_speaks_it(form: str, folder: Path) -> None:
    done = run("assess", "--rules", folder, "--lang", "de", "--format", form, stdin=GIVEN)

    assert done.returncode == 0, done.stderr
    assert "Seek care now" in done.stdout
    assert find_english(done.stdout.replace("&lt;", "<"), GERMAN) == []


def test_questions_are_listed_in_it(folder: Path) -> None:
    text = run("questions", "--rules", folder, "--lang", "de").stdout
    rows = json.loads(
        run("questions", "--rules", folder, "--lang", "de", "--format", "json").stdout
    )

    assert "Antworten: ja oder nein. Nicht sicher zählt als: ja." in " ".join(text.split())
    assert find_english(text, GERMAN) == []
    assert rows[0]["id"] == "numb"
    assert rows[0]["ask"] == marked("Are you newly numb between the legs?")


def test_the_page_speaks_it(folder: Path) -> None:
    page = run("export", "web", "--rules", folder, "--lang", "de").stdout
    data = json.loads(re.search(r'id="rules">(.*?)</script>', page)[1])  # type: ignore[index]

    assert '<html lang="de" dir="ltr">' in page
    assert data["words"]["YES"] == "Ja"
    assert data["answers"]["yes"] == "ja"
    assert data["questions"][0]["ask"] == marked("Are you newly numb between the legs?")
    units = {unit["unit"]: unit for unit in data["questions"][5]["typed"]}
    assert units["week"]["label"] == "Wochen"
    assert {"wochen", "weeks"} <= set(units["week"]["names"])


# Which language -----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["xx", "fr", "german"])
@pytest.mark.parametrize("command", [[], ["assess"], ["questions"], ["export", "web"]])
def test_an_unknown_language_is_told_with_those_that_there_are(
    code: str, command: list[str], folder: Path
) -> None:
    done = run(*command, "--rules", folder, "--lang", code)

    assert done.returncode == 2
    told = " ".join(done.stderr.split())
    assert f'"{code}" is no language of these rules' in told
    assert "en, de" in told or 'did you mean "' in told


@pytest.mark.parametrize("code", ["de", "de-AT", "de_CH"])
def test_a_language_may_be_named_with_its_country(code: str, folder: Path) -> None:
    assert "Was zu tun ist" in run(
        "assess", "--rules", folder, "--lang", code, "--format", "text", stdin="{}"
    ).stdout  # fmt: skip


@pytest.mark.parametrize(
    ("locale", "heading"),
    [
        ({"LC_ALL": "de_DE.UTF-8"}, "Was zu tun ist"),
        ({"LC_ALL": "", "LC_MESSAGES": "de_AT", "LANG": "en_GB.UTF-8"}, "Was zu tun ist"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": "de"}, "Was zu tun ist"),
        ({"LC_ALL": "en_GB.UTF-8", "LANGUAGE": "fr:de:en"}, "Was zu tun ist"),
        ({"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "en:de"}, "What to do"),
        ({"LC_ALL": "C", "LANGUAGE": "de"}, "What to do"),
        ({"LC_ALL": "fr_FR.UTF-8"}, "What to do"),
        ({"LC_ALL": "en_GB.UTF-8"}, "What to do"),
        ({"LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}, "What to do"),
    ],
    ids=str,
)
def test_without_the_option_the_locale_says_it(
    locale: dict[str, str], heading: str, folder: Path
) -> None:
    """Where the rule set has that language, and else it is English."""
    environment = {"LANGUAGE": ""} | locale
    done = run("assess", "--rules", folder, "--format", "text", stdin="{}", **environment)

    assert heading in done.stdout


def test_rules_without_that_language_are_told_in_english() -> None:
    """All of them: no half of it."""
    done = run("assess", "--rules", SMALL, "--format", "text", stdin="{}", LC_ALL="de_DE.UTF-8")

    assert "What to do" in done.stdout


def test_english_can_be_asked_for(folder: Path) -> None:
    arguments = ("assess", "--rules", folder, "--format", "text", "--lang", "en")
    done = run(*arguments, stdin=GIVEN.replace("ja", "yes").replace("Wochen", "weeks"),
               LC_ALL="de_DE.UTF-8")  # fmt: skip

    assert "What to do" in done.stdout
    assert "«" not in done.stdout


def test_one_command_leaves_no_language_to_the_next(folder: Path) -> None:
    """Where both run in one process."""
    run("assess", "--rules", folder, "--lang", "de", stdin="{}")
    assert "What to do" in run("assess", "--rules", SMALL, "--format", "text", stdin="{}",
                               **ENGLISH_LOCALE).stdout  # fmt: skip


# What is missing ----------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{"string": ""}, {"flags": {"fuzzy"}}])
def test_a_question_without_a_translation_is_asked_in_english_and_told(
    fields: dict[str, object], folder: Path
) -> None:
    change(folder / "languages" / "de.po", "question.numb.ask", **fields)
    done = run("--rules", folder, "--lang", "de", stdin="j\nj\n")
    talk = " ".join(done.stderr.split())

    assert "Ein Teil hiervon ist auf Englisch, weil er noch nicht übersetzt ist." in talk
    assert " Are you newly numb between the legs?" in talk
    assert done.returncode == 0


def test_where_a_language_must_be_complete_it_is_refused(folder: Path) -> None:
    head = folder / "ruleset.yaml"
    head.write_text(f"{head.read_text()}complete_languages: [de]\n")
    change(folder / "languages" / "de.po", "question.numb.ask", string="")
    done = run("assess", "--rules", folder, "--lang", "de", stdin="{}")

    assert done.returncode == 4
    assert "missing-translation 1 texts have no translation" in done.stderr


# Saved ones ---------------------------------------------------------------------------------------


def test_a_saved_result_is_replayed_in_its_language(folder: Path, tmp_path: Path) -> None:
    """Its words are part of it."""
    for option in ([], ["--brief"]):
        saved = tmp_path / "saved.json"
        saved.write_text(
            run("assess", "--rules", folder, "--lang", "de", *option, stdin=GIVEN).stdout
        )
        done = run("replay", saved, "--rules", folder)
        assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Result: the same.")

    change(folder / "languages" / "de.po", "red_flag.numb.because", string="Anders.")
    done = run("replay", saved, "--rules", folder)
    assert done.returncode == 6
    assert "different in findings" in done.stdout


def test_saved_answers_go_on_in_any_language(folder: Path, tmp_path: Path) -> None:
    """They are ids and numbers."""
    saved = tmp_path / "saved.json"
    run("--rules", folder, "--lang", "de", "--save", saved, stdin="n\nq\n")
    assert json.loads(saved.read_text())["answers"] == {"numb": "no"}
    done = run(
        *COMPLETE, "--rules", folder, "--resume", saved, stdin="y\n2\n47\nn\n3 weeks\n0\ny\n"
    )

    assert done.returncode == 0, done.stderr
    assert load(folder).hash == load(folder, "de").hash
