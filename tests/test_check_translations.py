"""`rules check` and `rules diff` on translations; and a language that runs from right to left."""

import json
import re
import shutil
from pathlib import Path

import pytest

from backtriage import assess, load
from backtriage.authoring.check.reading_ease import measure_ease
from backtriage.languages.po import read_catalog
from backtriage.report.html import render_html
from backtriage.translation import list_translatable
from helpers import ROOT, SHIPPED, SMALL, replaced, run, small_with
from javascript import TODAY
from translations import change, write_catalogue

OLD = "question.weak_course.option.old.label"
NEW = "question.weak_course.option.new_stable.label"
PATH = Path("languages") / "de.po"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rules = small_with(tmp_path, {})
    write_catalogue(rules)
    return rules


def check(folder: Path, *options: str) -> list[dict[str, object]]:
    done = run("rules", "check", folder, "--format", "json", *options)
    issues: list[dict[str, object]] = json.loads(done.stdout)["issues"]
    return issues


def test_a_whole_translation_has_no_issue(folder: Path) -> None:
    assert check(folder, "--lang", "de") == []


def line_of(folder: Path, context: str) -> int:
    catalog = read_catalog(folder / PATH, "de")
    return next(one.lineno or 0 for one in catalog if one.context == context)


@pytest.mark.parametrize(
    ("context", "text", "code"),
    [
        ("question.fall.ask", "", "missing-translation"),
        ("question.fall.ask", "Did you fall?", "untranslated-copy"),
        ("question.fall.ask", "Sind Sie gestürzt", "other-end"),
        ("question.fall.event", "Sie stürzen.", "other-end"),
        ("question.fall.ask", "Sind Sie in 6 Wochen gestürzt?", "other-number"),
        ("question.fall.ask", "Sind Sie {answer} gestürzt?", "wrong-placeholder"),
        ("question.fall.label", "Sturz " * 20 + "Sturz", "long-translation"),
        (OLD, "zurück", "reserved-translation"),
        (NEW, "«It is old and does not change»", "equal-options"),
        (
            "question.fall.why",
            "Unfallbedingte Krafteinwirkungen verursachen gegebenenfalls Knochenverletzungen, "
            "insbesondere Wirbelkörperverletzungen, deren "
            "Behandlungsbedürftigkeit anschließend unverzüglich festgestellt wird.",
            "hard-translation long-translation",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    context: str, text: str, code: str, folder: Path
) -> None:
    """Each issue alone, in the PO file; a translator can give a reason for it."""
    change(folder / PATH, context, string=text)
    line = line_of(folder, context)
    issues = check(folder, "--lang", "de")

    assert sorted(str(issue["code"]) for issue in issues) == code.split()
    assert {issue["line"] for issue in issues} == {line}
    assert all(str(issue["file"]).endswith("languages/de.po") for issue in issues)
    assert sorted(str(one["code"]) for one in check(folder)) == sorted(
        [*(str(one["code"]) for one in check(SMALL)), *code.split()]
    )
    reasons = [f"excuse {one}: so it is" for one in code.split()]
    change(folder / PATH, context, user_comments=reasons)
    is_told = code not in ("missing-translation", "wrong-placeholder")
    assert (check(folder, "--lang", "de") == []) == is_told


@pytest.mark.parametrize(
    ("new", "changed"),
    [
        ("Did you fall hard?", 'from "... you fall?" to "... you fall hard?"'),
        ("Did you fall or slip on a wet floor, or down a stair, or from a horse, since then?",
         'to "... you fall or slip on a wet floor, or down a stair, or from..."'),
        ("Was it a fall?", 'from "Did you fall?" to "Was it a fall?"'),
        ("Fell?", 'from "Did you fall?" to "Fell?"'),
        ("Now, did you fall?", 'from "Did you ..." to "Now, did you ..."'),
        ("Xyz!", 'from "Did you fall?" to "Xyz!"'),
    ],
)  # fmt: skip
def test_a_changed_sentence_is_outdated(new: str, changed: str, folder: Path) -> None:
    """Before and after the catalogue is brought up to date, however much it was changed."""
    file = folder / "past.yaml"
    line = line_of(folder, "question.fall.ask")
    file.write_text(replaced(file.read_text(), "Did you fall?", new))
    before = check(folder, "--lang", "de")
    run("rules", "translate", "de", folder)
    after = check(folder, "--lang", "de")

    for (issue,) in (before, after):
        assert issue["code"] == "outdated-translation"
        assert changed in str(issue["message"])
        assert "question.fall.ask" in str(issue["message"])
    assert before[0]["line"] == line
    assert f"`backtriage rules translate de {folder}`" in str(before[0]["suggestion"])
    assert "take the mark fuzzy away" in str(after[0]["suggestion"])


def test_new_texts_are_told_as_one_until_the_catalogue_has_them(folder: Path) -> None:
    """Somebody who writes rules would lose sight of everything else."""
    file = folder / "past.yaml"
    entry = "  - id: slip\n    label: Slip\n    ask: Did you slip?\n    kind: yes_no\n"
    entry += "    not_sure: no\n    event: none\n    why: A slip can hurt.\n  - id: fall\n"
    file.write_text(replaced(file.read_text(), "  - id: fall\n", entry))
    for options in ([], ["--lang", "de"]):
        (issue,) = find_missing(folder, *options)
        assert "3 texts of the area past are not in the catalogue" in str(issue["message"])
        assert "such as question.slip.label: Slip" in str(issue["message"])
        assert f"`backtriage rules translate de {folder}`" in str(issue["suggestion"])
        assert issue["part"] == {"sort": "area", "id": "past"}
        assert "line" not in issue
    run("rules", "translate", "de", folder)
    assert len(find_missing(folder)) == 1
    assert len(find_missing(folder, "--lang", "de")) == 3


def find_missing(folder: Path, *options: str) -> list[dict[str, object]]:
    return [one for one in check(folder, *options) if one["code"] == "missing-translation"]


def test_what_is_not_translated_is_told_as_one_for_each_area(tmp_path: Path) -> None:
    """Each text only to who asks for the language."""
    folder = small_with(tmp_path, {})
    run("rules", "translate", "fr", folder)
    each, areas = find_missing(folder, "--lang", "fr"), find_missing(folder)
    told = [str(one["message"]).partition(" are not translated")[0] for one in areas]

    assert len(each) == len(list(list_translatable(load(folder))))
    assert all(one["line"] and one["suggestion"] == "translate it" for one in each)
    assert [re.sub(r"\d+", "N", one) for one in told] == [
        f"N texts of {place}"
        for place in ("ruleset.yaml", "the area nerves", "the area past", "advice.yaml")
    ]
    assert sum(int(one.split()[0]) for one in told) == len(each)
    assert all("--lang fr` lists each" in str(one["suggestion"]) for one in areas)
    assert [one["line"] for one in areas] == sorted(int(str(one["line"])) for one in areas)
    sarif = json.loads(run("rules", "check", folder, "--format", "sarif").stdout)
    results = [one for one in sarif["runs"][0]["results"] if one["ruleId"] == areas[0]["code"]]
    assert len(results) == len(areas)
    assert all("region" in one["locations"][0]["physicalLocation"] for one in results)


def test_each_text_of_the_shipped_rules_is_of_an_area_or_a_file(tmp_path: Path) -> None:
    """As many as there are, and none is left out."""
    folder = shutil.copytree(SHIPPED, tmp_path / "rules")
    shutil.rmtree(folder / "languages")
    (folder / "languages").mkdir()
    (folder / PATH).with_name("fr.po").write_text("")
    rules = load(SHIPPED)
    told = [str(one["message"]) for one in find_missing(folder)]

    assert sum(int(one.split()[0]) for one in told) == len(list(list_translatable(rules)))
    assert [one.partition(" of ")[2].partition(" are ")[0] for one in told] == [
        "ruleset.yaml",
        *(f"the area {area.id}" for area in rules.areas),
        "advice.yaml",
        "emergency_numbers.yaml",
    ]


def test_a_language_without_a_formula_is_told_once(folder: Path) -> None:
    """Beside the issues, of which it is none: nobody could mend it."""
    write_catalogue(folder, "fr")
    for options in ([], ["--lang", "fr"], ["--format", "json"]):
        done = run("rules", "check", folder, *options)
        assert done.stderr.count("fr: not checked how hard its texts are to read") == 1
        assert "de: not checked" not in done.stderr
    assert run("rules", "check", folder, "--lang", "fr").returncode == 0
    assert "not checked how" not in run("rules", "check", folder, "--lang", "de").stderr


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("Stürzten Sie in 5 Jahren vor 7 Tagen?", "other-number",
         "without 6 and with 5, 7 besides: Stürzten"),
        ("Stürzten Sie?", "other-number", "without 2, 6: Stürzten"),
        ("2, 6 oder 9?", "other-number", "in the original, with 9 besides: 2"),
        ("2 oder 6? ", "other-end", 'it begins or ends with a blank: "2 oder 6? "'),
        (" 2 oder 6?", "other-end", "it begins or ends with a blank"),
        ("2 oder 6?\n", "other-end", "it begins or ends with a blank"),
    ],
)  # fmt: skip
def test_numbers_and_blanks_are_told_exactly(
    text: str, code: str, told: str, tmp_path: Path
) -> None:
    """What is missing, and what is there besides."""
    past = replaced((SMALL / "past.yaml").read_text(), "Did you fall?", "Did 2 of 6 fall?")
    folder = small_with(tmp_path, {"past.yaml": past})
    write_catalogue(folder)
    text = text.replace("in 5 Jahren vor 7", "2 Mal in 5 Jahren vor 7")
    change(folder / PATH, "question.fall.ask", string=text)
    (issue,) = check(folder, "--lang", "de")

    assert issue["code"] == code
    assert told in str(issue["message"])


LONG = "dass ich es vielleicht gar nicht mehr genau sagen kann"


@pytest.mark.parametrize("kind", ["why", "ask", "event", "because", "scope", "step"])
def test_no_kind_of_text_may_be_much_longer_than_the_english(kind: str, folder: Path) -> None:
    """In a language with a formula and in one without."""
    for language in ("de", "fr"):
        path = write_catalogue(folder, language)
        context, source = next(
            (one.context, str(one.id))
            for one in read_catalog(path, language)
            if one.context and one.context.endswith(f".{kind}")
        )
        end = source[-1] if source[-1] in ".?" else ""
        room = int(1.4 * len(source)) + 40
        for length, is_long in ((room - 1, False), (room + 1, True)):
            text = (LONG * 9)[: length - len(end)].rstrip()
            text += "x" * (length - len(end) - len(text)) + end
            change(path, context, string=text)
            codes = [one["code"] for one in check(folder, "--lang", language)]
            assert ("long-translation" in codes) == is_long


def test_a_sentence_may_have_some_words_more_than_in_english(folder: Path) -> None:
    past = folder / "past.yaml"
    past.write_text(replaced(past.read_text(), "A fall can break a bone.", "A fall. " * 40))
    path = write_catalogue(folder)
    for words, is_long in ((35, False), (36, True)):
        change(path, "question.fall.why", string=" ".join(["so"] * words) + ".")
        codes = [one["code"] for one in check(folder, "--lang", "de")]
        assert ("long-translation" in codes) == is_long


def test_one_text_has_one_translation_for_one_use(tmp_path: Path) -> None:
    """Another use may need other words."""
    past = (SMALL / "past.yaml").read_text().replace("label: Fall", "label: Weak leg fell")
    nerves = (SMALL / "nerves.yaml").read_text()
    same = "Weakness that grows can mean pressed nerves."
    nerves = nerves.replace("New weakness needs a look.", same)
    folder = small_with(tmp_path, {"past.yaml": past, "nerves.yaml": nerves})
    write_catalogue(folder)
    assert check(folder, "--lang", "de") == []
    change(folder / PATH, "red_flag.weak_new.because", string="Etwas anderes.")

    assert [one["code"] for one in check(folder, "--lang", "de")] == ["two-translations"]


def test_a_language_that_there_is_not_is_told(folder: Path) -> None:
    done = run("rules", "check", folder, "--lang", "fr")

    assert done.returncode == 2
    assert 'there is no catalogue "fr"; there is de' in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("language", "easy", "hard"),
    [
        ("de", "Haben Sie Fieber? Ist Ihnen kalt? Tut es sehr weh, wenn Sie gehen oder stehen?",
         "Berücksichtigen Sie insbesondere medikamentöse Vorbehandlungen, deren Wechselwirkungen "
         "gegebenenfalls Komplikationen verursachen könnten, bevor Sie Schmerzmittel einnehmen."),
        ("es", "¿Tiene fiebre? ¿Tiene frío? ¿Le duele mucho si anda o está de pie un rato?",
         "Considere especialmente tratamientos farmacológicos anteriores cuyas interacciones "
         "potencialmente ocasionarían complicaciones cardiovasculares significativas."),
    ],
)  # fmt: skip
def test_ease_is_measured_by_the_formula_of_the_language(
    language: str, easy: str, hard: str
) -> None:
    found = [measure_ease(text, language) for text in (easy, hard)]

    assert [ease.is_easy(asked=True) for ease in found if ease] == [True, False]
    assert measure_ease(easy, "fr") is None
    assert measure_ease("Haben Sie Fieber?", language) is None


# Two revisions ------------------------------------------------------------------------------------


def test_a_changed_translation_is_told_by_diff(folder: Path, tmp_path: Path) -> None:
    """And one that came or went; none of it moves a patient."""
    new = Path(shutil.copytree(folder, tmp_path / "new"))
    change(new / PATH, "question.fall.ask", string="Sind Sie gestürzt?")
    change(new / PATH, "question.fall.label", string="")
    done = run("rules", "diff", folder, new)

    assert done.returncode == 0, done.stderr
    assert "No patient gets another urgency." in done.stdout
    told = done.stdout.partition("urgency.")[2].split("\n\n")[-1]
    assert "question.fall.ask in de\n  - «Did you fall?»\n  + Sind Sie gestürzt?" in told
    assert "question.fall.label in de\n  - «Fall»" in told
    assert run("rules", "diff", folder, folder).stdout.count(" in de") == 0


def test_a_language_that_came_or_went_is_one_line_in_a_diff(folder: Path) -> None:
    """Its texts say nothing about a change."""
    came, went = run("rules", "diff", SMALL, folder).stdout, run("rules", "diff", folder, SMALL)
    assert "\n\nAdded: language de\n" in came
    assert "\n\nRemoved: language de\n" in went.stdout
    assert "«" not in came + went.stdout


# From right to left -------------------------------------------------------------------------------


@pytest.fixture
def arabic(tmp_path: Path) -> Path:
    """The small rule set, of which one area and two advices are in Arabic."""
    folder = small_with(tmp_path, {})
    (folder / "languages").mkdir()
    shutil.copy(ROOT / "tests" / "rule_sets" / "arabic.po", folder / "languages" / "ar.po")
    return folder


def test_a_result_from_right_to_left_says_so(arabic: Path) -> None:
    """To the browser, which lays it out."""
    done = run(
        "assess", "--rules", arabic, "--lang", "ar", "--format", "html", stdin='{"numb": "yes"}'
    )

    assert '<html lang="ar" dir="rtl">' in done.stdout
    assert "اطلب الرعاية الآن" in done.stdout
    assert "Some of this is in English" in done.stdout
    english = load(arabic)
    assert "dir=" not in render_html(assess(english, {"numb": "yes"}), english, TODAY)


def test_so_does_the_page_for_a_browser(arabic: Path) -> None:
    page = run("export", "web", "--rules", arabic, "--lang", "ar").stdout
    data = json.loads(re.search(r'id="rules">(.*?)</script>', page)[1])  # type: ignore[index]

    assert '<html lang="ar" dir="rtl">' in page
    assert (data["language"], data["direction"]) == ("ar", "rtl")
    assert data["questions"][0]["ask"] == "هل لديك خدر جديد بين الساقين؟"
    script = run("export", "web", "--embed", "--rules", arabic, "--lang", "ar").stdout
    assert "container.dir = DATA.direction;" in script


def test_looks_do_not_depend_on_the_direction() -> None:
    """No left and right in the styles: they turn with the text."""
    styles = (ROOT / "backtriage" / "web" / "assets" / "page.css").read_text()
    styles += (ROOT / "backtriage" / "report" / "html_style.py").read_text()

    assert re.findall(r"(?:padding|margin|border|text-align)[-:]\s*(?:left|right)", styles) == []


def test_an_interview_from_right_to_left_is_held(arabic: Path) -> None:
    """A terminal turns it by itself; lines are wrapped at words, and nothing is marked as odd."""
    done = run("--rules", arabic, "--lang", "ar", stdin="y\ny\n")

    assert done.returncode == 0, done.stderr
    assert "هل لديك خدر جديد بين الساقين؟" in done.stderr
    assert "اتصل برقم الطوارئ في بلدك." in done.stdout
    assert "\ufffd" not in done.stderr + done.stdout
    assert max(map(len, done.stderr.splitlines()[:-1])) <= 60
