"""PO files: what is written can be read by any program, and nothing is read that is half there."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from hypothesis import given
from hypothesis import strategies as st

from backtriage import load
from backtriage.errors import RuleSetError
from backtriage.language import hold_language
from backtriage.languages import of_program
from backtriage.languages.po import is_usable, read_catalog, read_catalogue, write_catalog
from backtriage.report.words import list_notices
from helpers import SHIPPED, replaced, run, small_with
from translations import marked, write_catalogue

FILES = [*of_program.FOLDER.glob("*.po"), *(SHIPPED / "languages").glob("*.po")]
PLAIN = {"n": "\n", "r": "\r", "t": "\t"}
HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


# Written -----------------------------------------------------------------------------------------


def read_strictly(text: str) -> Iterator[tuple[str, str]]:
    """(keyword, text) of a PO file as gettext defines it, comments of tools and what is gone too.

    Any line that is neither a comment, nor a keyword with a string, nor a string fails.
    """
    keyword = ""
    joined: list[str] = []
    for line in text.split("\n"):
        found = re.fullmatch(r'(#~?\||#~)? ?([a-z_\[\d\]]+ )?"((?:[^"\\]|\\[nrt\\"])*)"', line)
        if found is None:
            assert re.fullmatch("(#([ ,.].*)?)?", line), line
            continue
        if found[2]:
            if keyword:
                yield keyword, "".join(joined)
            keyword, joined = f"{found[1] or ''} {found[2].strip()}".strip(), []
        assert keyword, line
        joined.append(re.sub(r"\\(.)", lambda one: PLAIN.get(one[1], one[1]), found[3]))
    yield keyword, "".join(joined)


def check_with_gettext(path: Path) -> None:
    """By the program that everybody else uses, where it is installed."""
    program = shutil.which("msgfmt")
    if program:
        done = subprocess.run(
            [program, "-c", "-o", "/dev/null", path], capture_output=True, check=False, text=True
        )
        assert done.returncode == 0, done.stderr


TEXTS = [
    " ".join(map(str, range(100))),
    "Weakness that grows... Say yes even if it went away. " * 9,
    "\n".join(f'He said "{number}".' for number in range(20)),
    "\\" * 200,
    "a\n\nb\n",
    "a\tb\rc",
    'msgid "a"',
    '#| msgid "a',
    "short",
]


@pytest.mark.parametrize("before", TEXTS, ids=range(len(TEXTS)))
@pytest.mark.parametrize("is_gone", [False, True])
def test_what_is_written_is_read_by_all(before: str, is_gone: bool, tmp_path: Path) -> None:
    """What a sentence was among it, and also of one that is gone."""
    message = Message(
        f"{before} Now.", f"«{before} Now.»", flags={"fuzzy"}, context=f"c {before}",
        previous_id=[before], user_comments=["a note " * 30, ""], auto_comments=["a hint " * 30],
    )  # fmt: skip
    catalog = Catalog(locale="de", fuzzy=False, project="p", version="1")
    if is_gone:
        catalog.obsolete[message.id] = message
    else:
        catalog[message.id] = message
    path = tmp_path / "de.po"
    path.write_text(write_catalog(catalog), newline="")
    again = read_catalog(path, "de")
    (read,) = again.obsolete.values() if is_gone else [one for one in again if one.id]

    fields = ("id", "string", "context", "flags", "previous_id")
    assert [getattr(read, name) for name in fields] == [getattr(message, name) for name in fields]
    assert [one.strip() for one in read.user_comments] == [("a note " * 30).strip(), ""]
    assert write_catalog(again) == path.read_text()
    sign = ("#~ ", "#~| ") if is_gone else ("", "#| ")
    told = dict(read_strictly(path.read_text()))
    assert told[f"{sign[0]}msgid"] == message.id
    assert told[f"{sign[0]}msgstr"] == message.string
    assert told[f"{sign[0]}msgctxt"] == message.context
    assert told[f"{sign[1]}msgid"] == before
    check_with_gettext(path)


@given(st.text(), st.text(), st.text(min_size=1))
def test_any_text_is_read_as_it_was_written(before: str, string: str, source: str) -> None:
    """By Babel, and by the strict reader."""
    catalog = Catalog(locale="de", fuzzy=False)
    catalog[source] = Message(source, string, flags={"fuzzy"}, previous_id=[before or "x"])
    text = write_catalog(catalog)

    assert dict(read_strictly(text))["#| msgid"] == (before or "x")
    assert dict(read_strictly(text))["msgstr"] == string


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parts[-3]}/{path.name}")
def test_those_that_come_along_are_as_they_would_be_written(path: Path) -> None:
    """So that editors and `translate` change no line that nobody has touched."""
    catalog = read_catalog(path, path.stem)

    assert write_catalog(catalog) == path.read_text()
    assert list(read_strictly(path.read_text()))
    check_with_gettext(path)


def test_a_file_of_translate_is_read_by_all(tmp_path: Path) -> None:
    """After a long sentence has changed."""
    folder = small_with(tmp_path, {})
    file = folder / "past.yaml"
    long = "Did you fall? " + "Say yes even if it was a small fall... " * 6
    file.write_text(file.read_text().replace("Did you fall?", f'"{long.strip()}"'))
    path = write_catalogue(folder)
    file.write_text(file.read_text().replace("a small fall", "only a slip"))
    run("rules", "translate", "de", folder)

    assert dict(read_strictly(path.read_text()))["#| msgid"] == long.strip()
    check_with_gettext(path)


def test_what_older_files_say_of_before_is_still_read(tmp_path: Path) -> None:
    """They were wrapped as prose."""
    path = tmp_path / "de.po"
    old = '#, fuzzy\n#| msgid "" "Was it cold... Say\n#| yes even" " if."\nmsgid "a"\nmsgstr "b"\n'
    path.write_text(HEAD + old)

    assert message_of_text(path, "a").previous_id == ["Was it cold... Say yes even if."]


def message_of_text(path: Path, text: str) -> Message:
    return next(one for one in read_catalog(path, path.stem) if one.id == text)


# Read --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ('msgid "a"\nmsgstr "Poids perdu', 2),
        ("msgid \"a\"\nmsgstr Poids perdu", 2),
        ("msgid \"a\"\nmsgstr 'Poids perdu'", 2),
        ("msgid \"a\"\nmsgstr “Poids perdu”", 2),
        ('msgid "a"\nmsgstr "Poids "perdu" ici"', 2),
        ('msgid "a"\nmsgstr "Poids" "perdu"', 2),
        ('msgid "a"\nmsgstr "Poids perdu" # here', 2),
        ('msgid "a"\nmsgstr "Poids perdu\\"', 2),
        ('msgid "a"\nmsgstr', 2),
        ('msgid "a"\nmsgstr"Poids perdu"', 2),
        ('msgid "a\nmsgstr "b"', 1),
        ('msgctxt "a\nmsgid "a"\nmsgstr "b"', 1),
        ('msgid "a"\nmsgid_plural "b\nmsgstr[0] "b"\nmsgstr[1] "c"', 2),
        ('msgid "a"\nmsgid_plural "b"\nmsgstr[0] "b"\nmsgstr[1] c"', 4),
        ('msgid "a"\nmsgstr ""\n"Poids "\n"perdu', 4),
        ('msgid "a"\nmsgstr ""\nPoids perdu', 3),
        ('msgid "a"\nmsgstr ""\n"Poids \n"perdu"', 3),
        ('#~ msgid "a"\n#~ msgstr "b', 2),
        ('<<<<<<< mine\nmsgid "a"\nmsgstr "b"', 1),
        ('msgid "a"\nmsgstr "b"\nmsgstr "c"', 3),
        ('msgid "a"\nmsgstr "b"\n\nmsgctxt "d"\nmsgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"', 8),
        ('msgid "a b"\nmsgstr "b"\n\nmsgid ""\n"a "\n"b"\nmsgstr "c"', 4),
    ],
)  # fmt: skip
def test_what_would_be_lost_is_refused_with_its_line(line: str, place: int, tmp_path: Path) -> None:
    """Letters that Babel cuts off without a word, and one of two translations."""
    path = tmp_path / "fr.po"
    path.write_text(f"{HEAD}{line}\n")
    with pytest.raises(RuleSetError) as raised:
        read_catalog(path, "fr")

    offset = HEAD.count("\n")
    assert [one.code for one in raised.value.issues] == ["po-syntax"]
    assert [one.line for one in raised.value.issues] == [offset + place]
    assert raised.value.issues[0].suggestion


def test_all_of_it_is_told_at_once(tmp_path: Path) -> None:
    """By `check` and by whoever speaks the language."""
    folder = small_with(tmp_path, {})
    path = write_catalogue(folder)
    path.write_text(re.sub(r'(msgstr "[^"\n]+)"$', r"\1", path.read_text(), flags=re.MULTILINE))
    for command in (["rules", "check", folder], ["assess", "--rules", folder, "--lang", "de"]):
        done = run(*command, stdin="{}")
        assert done.returncode == 4
        assert done.stderr.count("po-syntax") > 20
        assert "this is not one whole text in double quotes" in done.stderr
    for options in ([], ["--lang", "de"]):
        listed = json.loads(run("rules", "check", folder, "--format", "json", *options).stdout)
        assert {one["code"] for one in listed["issues"]} == {"po-syntax"}
        assert all(one["file"] == str(path) and one["line"] for one in listed["issues"])


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ('msgid "a"\nmsgstr "Il dit \\"oui\\"."', 'Il dit "oui".'),
        ('msgid "a"\nmsgstr   ""  \n  "Poids "\r\n"perdu"', "Poids perdu"),
        ('#~| msgid "x"\n#~ msgid "y"\n#~ msgstr "z"\n\nmsgid "a"\nmsgstr "b"', "b"),
        ('msgid "a"\nmsgstr "c"\n\n#~ msgid "a"\n#~ msgstr "b"', "c"),
    ],
)
def test_what_other_programs_write_is_read(text: str, read: str, tmp_path: Path) -> None:
    path = tmp_path / "fr.po"
    path.write_text(f"{HEAD}{text}\n", newline="")

    assert message_of_text(path, "a").string == read


# Places ------------------------------------------------------------------------------------------

SPOILED = [
    "Rufen Sie an.",
    "Rufen Sie {notruf} an.",
    "Rufen Sie {emergency_numbr} an.",
    "Rufen Sie {emergency_number an.",
    "Rufen Sie emergency_number} an.",
    "Rufen Sie { emergency_number } an.",
    "Rufen Sie {Emergency_number} an.",
    "Rufen Sie {{emergency_number}} an.",
    "Rufen Sie {emergency_number!r} an.",
    "Rufen Sie \uff5bemergency_number\uff5d an.",
    "Rufen Sie {emergency_number} an, {emergency_number}.",
    "Rufen Sie {emergency_number} an. {",
    "Rufen Sie {emergency_number} an. {answer}",
]


@pytest.fixture
def called(tmp_path: Path) -> Path:
    """The small rules with a step that has a number to call, and a catalogue of them."""
    folder = small_with(tmp_path, {})
    file = folder / "advice.yaml"
    step = "[Call your emergency number.]"
    file.write_text(replaced(file.read_text(), step, '["Call {emergency_number}."]'))
    write_catalogue(folder)
    return folder


def set_called(folder: Path, text: str) -> Path:
    path = folder / "languages" / "de.po"
    old = marked("Call {emergency_number}.")
    path.write_text(path.read_text().replace(f'"{old}"', f'"{text}"'))
    return path


@pytest.mark.parametrize("text", SPOILED)
def test_a_spoiled_place_is_told_in_english(text: str, called: Path) -> None:
    """As an outdated text is: nobody may be told to call "{notruf}", or nothing at all."""
    set_called(called, text)
    arguments = ("assess", "--rules", called, "--lang", "de", "--format", "text")
    told = run(*arguments, stdin='{"numb": "ja"}').stdout

    assert "Rufen Sie" not in told
    assert "«Call" not in told
    assert "Call " in told
    assert "Ein Teil hiervon ist auf Englisch" in " ".join(told.split())
    check = run("rules", "check", called, "--lang", "de")
    assert check.stdout.count("wrong-placeholder") == 1
    assert "missing-translation" not in check.stdout
    assert ", 0 outdated, 0 missing, 0 gone, 1 with a wrong placeholder" in " ".join(
        run("rules", "translate", "de", called).stdout.split()
    )


def test_a_whole_place_is_told_in_the_language(called: Path) -> None:
    path = set_called(called, "Rufen Sie {emergency_number} an.")
    arguments = ("assess", "--rules", called, "--lang", "de", "--format", "text")

    assert "Rufen Sie" in run(*arguments, stdin='{"numb": "ja"}').stdout
    assert load(called, "de").translation == ("de", read_catalogue(path, "de").hash, ())


def test_an_excuse_makes_no_spoiled_place_whole(called: Path) -> None:
    """The English would be told, and nobody would know."""
    path = set_called(called, "Rufen Sie an.")
    context = next(
        str(one.context) for one in read_catalog(path, "de") if "{emergency" in str(one.id)
    )
    text = path.read_text().replace(
        f'msgctxt "{context}"', f'# excuse wrong-placeholder: short\nmsgctxt "{context}"'
    )
    path.write_text(text)

    assert "wrong-placeholder" in run("rules", "check", called, "--lang", "de").stdout


@pytest.mark.parametrize(
    ("one", "other", "is_whole"),
    [
        ("{count} Tag mit {what}", "{count} Tage mit {what}", True),
        ("Ein Tag mit {what}", "{count} Tage mit {what}", True),
        ("Ein Tag", "{count} Tage mit {what}", False),
        ("{count} Tag mit {what}", "Tage mit {what}", False),
        ("{count} Tag mit {what}", "{count} Tage mit {was}", False),
        ("{count} Tag mit {what} }", "{count} Tage mit {what}", False),
    ],
)
def test_of_several_forms_one_may_leave_the_number_out(
    one: str, other: str, is_whole: bool
) -> None:
    """But not the last, which is for many numbers."""
    message = Message(("{count} day of {what}", "{count} days of {what}"), (one, other))

    assert is_usable(message) == is_whole


@pytest.mark.parametrize("spoiled", ["von {d} bis", "von {a} bis {b} {", "ohne", ""])
def test_so_it_is_with_the_sentences_of_the_program(
    spoiled: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sentence is English, no error, and it is told that some is."""
    source = of_program.FOLDER / "de.po"
    path = tmp_path / "de.po"
    path.write_text(source.read_text())
    message = next(one for one in read_catalog(path, "de") if str(one.id).count("{") > 1)
    catalog = read_catalog(path, "de")
    catalog.get(message.id).string = spoiled
    path.write_text(write_catalog(catalog))
    monkeypatch.setattr(of_program, "FOLDER", tmp_path)
    monkeypatch.setattr(of_program, "find_ready_made", lambda *_: tmp_path / "none.json")
    language = of_program.load_language("de")
    folder = small_with(tmp_path, {})
    write_catalogue(folder)

    assert message.id not in language.sentences
    assert language.has_gaps
    with hold_language(language):
        assert list_notices(load(folder, "de"))[-1].startswith("Ein Teil hiervon")


def test_those_of_the_shipped_languages_are_whole() -> None:
    for code in of_program.list_languages()[1:]:
        assert not of_program.load_language(code).has_gaps
    assert [str(one.id) for path in FILES for one in read_catalog(path, path.stem)
            if one.id and one.context not in ("answer", "quantity") and not is_usable(one)
            ] == []  # fmt: skip
