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
from helpers import ROOT, SMALL, run, small_with
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
        ("question.fall.label", "Sturz " * 20, "long-translation"),
        (OLD, "zurück", "reserved-translation"),
        (NEW, "«It is old and does not change»", "equal-options"),
        (
            "question.fall.why",
            "Unfallbedingte Krafteinwirkungen verursachen gegebenenfalls Knochenverletzungen, "
            "insbesondere Wirbelkörperverletzungen, deren "
            "Behandlungsbedürftigkeit anschließend unverzüglich festgestellt wird.",
            "hard-translation",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    context: str, text: str, code: str, folder: Path
) -> None:
    """Each issue alone, in the PO file; a translator can give a reason for it."""
    change(folder / PATH, context, string=text)
    line = line_of(folder, context)
    (issue,) = check(folder, "--lang", "de")

    assert (issue["code"], issue["line"]) == (code, line)
    assert str(issue["file"]).endswith("languages/de.po")
    assert [one["code"] for one in check(folder)] == [
        *(one["code"] for one in check(SMALL)), code,
    ]  # fmt: skip
    if code != "missing-translation":
        change(folder / PATH, context, user_comments=[f"excuse {code}: so it is"])
        assert check(folder, "--lang", "de") == []


def test_a_changed_sentence_is_outdated(folder: Path) -> None:
    file = folder / "past.yaml"
    file.write_text(file.read_text().replace("Did you fall?", "Did you fall hard?"))
    assert [one["code"] for one in check(folder, "--lang", "de")] == ["missing-translation"]
    run("rules", "translate", "de", folder)
    assert [one["code"] for one in check(folder, "--lang", "de")] == ["outdated-translation"]


def test_new_texts_are_told_as_one_until_the_catalogue_has_them(folder: Path) -> None:
    """Somebody who writes rules would lose sight of everything else."""
    file = folder / "past.yaml"
    changed = file.read_text().replace("Did you fall?", "Did you fall hard?")
    file.write_text(changed.replace("label: Fall", "label: A fall"))
    (issue,) = check(folder, "--lang", "de")

    assert "2 texts have no translation, such as question.fall.label: A fall" in str(issue)
    assert f"`backtriage rules translate de {folder}`" in str(issue)
    run("rules", "translate", "de", folder)
    assert len(check(folder, "--lang", "de")) == 2


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
