"""Whatever stands in the files, the loader gives a rule set or issues that can be read, and never anything else."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage.errors import RuleSetError
from backtriage.loader import load
from backtriage.loader.yaml_reader import MOST_DEPTH
from backtriage.model import RuleSet
from helpers import SMALL
from strategies import examples

FILES = {path.name: path.read_text() for path in SMALL.glob("*.yaml")}
OF_A_WHOLE_FILE = {"missing-file", "unused-file", "unreadable-file"}
WORDS = """
{ } [ ] , : - ? | > # & * ! % @ ` ' " ~ << --- ... &a *a !!str !x !%1B "\\e" "\\u202e" "\\0" "\\ud800"
yes no true null 0 -1 1.5 1e9 .inf .nan 0x1f 9999999999999999999 1,000 2weeks
all any not at_least below count of id kind yes_no number choice options list ask_if when not_sure
numb weak weak_course worse new_weakness age duration past nerves small_2020 break
"""
SPACES = ["", " ", "\n", "\n  ", "\t", "\r", "\xa0"]
CHARACTERS = ["\x1b[31m", "\u202e", "\ufeff", "\uffff", "\N{GRINNING FACE}", "%YAML 1.1"]
FRAGMENTS = [*WORDS.split(), *SPACES, *CHARACTERS]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rules")


def write(folder: Path, changed: dict[str, bytes]) -> None:
    for name, text in FILES.items():
        (folder / name).write_bytes(changed.get(name, text.encode()))


def judge(folder: Path) -> RuleSet | None:
    """The rule set, or None after looking at each issue."""
    try:
        return load(folder)
    except RuleSetError as error:
        issues = error.issues
    assert issues
    places = [issue.get_sort_key() for issue in issues]
    assert places == sorted(places)
    assert len(set(issues)) == len(issues)
    for issue in issues:
        assert str(issue).isprintable()
        assert issue.file is not None
        assert Path(issue.file).parent == folder
        if issue.code not in OF_A_WHOLE_FILE:
            lines = Path(issue.file).read_bytes().count(b"\n") + 1
            assert issue.line is not None
            assert issue.column is not None
            assert 1 <= issue.line <= lines + 1
            assert issue.column >= 1
    return None


def cut(draw: st.DrawFn, text: str) -> str:
    return text[: draw(st.integers(0, len(text)))]


def on_lines(draw: st.DrawFn, text: str) -> str:
    """Delete, repeat, indent or swap lines."""
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    one, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    deed = draw(st.sampled_from(["delete", "repeat", "indent", "swap"]))
    if deed == "delete":
        del lines[one]
    elif deed == "repeat":
        lines.insert(other, lines[one])
    elif deed == "indent":
        lines[one] = draw(st.sampled_from(["  ", " ", "\t", "- "])) + lines[one]
    else:
        lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def on_words(draw: st.DrawFn, text: str) -> str:
    """Put something else in the place of a word."""
    words = text.split(" ")
    words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(FRAGMENTS))
    return " ".join(words)


def on_characters(draw: st.DrawFn, text: str) -> str:
    """Put characters in, or take some out."""
    start = draw(st.integers(0, len(text)))
    put_in = draw(st.sampled_from(FRAGMENTS) | st.text(max_size=3))
    return text[:start] + put_in + text[start + draw(st.integers(0, 5)) :]


@st.composite
def mutated(draw: st.DrawFn) -> dict[str, bytes]:
    """Some files of the small rule set, each with a few changes."""
    changed = {}
    for name in draw(st.lists(st.sampled_from(sorted(FILES)), min_size=1, max_size=2, unique=True)):
        text = FILES[name]
        for mutate in draw(
            st.lists(
                st.sampled_from([cut, on_lines, on_words, on_words, on_characters]), max_size=4
            )
        ):
            text = mutate(draw, text)
        changed[name] = text.encode("utf-8", "surrogatepass")
    return changed


@examples(500)
@given(changed=mutated())
def test_a_mutated_rule_set_loads_or_says_what_is_wrong(
    folder: Path, changed: dict[str, bytes]
) -> None:
    """Slips of the keyboard end in a rule set or in issues with a place."""
    write(folder, changed)

    judge(folder)


@examples(150)
@given(name=st.sampled_from(sorted(FILES)), data=st.binary(max_size=300))
def test_bytes_load_or_say_what_is_wrong(folder: Path, name: str, data: bytes) -> None:
    """Any bytes as a file, and any bytes behind a file that is right."""
    for content in (data, FILES[name].encode() + data):
        write(folder, {name: content})

        judge(folder)


FORMS = {
    "{not: %s}": 1,
    "{all: [%s]}": 2,
    "{any: [{weak: no}, %s]}": 2,
    "{at_least: {count: 1, of: [%s]}}": 3,
}
"""How a condition can stand inside another, and how many levels of YAML deeper it then is."""

LEVELS_ABOVE = 4
"""The answer in `when: {numb: yes}` is that deep: the file, the list of red flags, the red flag, the condition."""


@examples(150)
@given(forms=st.lists(st.sampled_from(sorted(FORMS)), max_size=MOST_DEPTH))
def test_conditions_nest_up_to_the_limit(folder: Path, forms: list[str]) -> None:
    """A condition loads exactly if its YAML is not nested too deeply."""
    condition = "{numb: yes}"
    for form in forms:
        condition = form % condition
    text = FILES["nerves.yaml"].replace("when: {numb: yes}", f"when: {condition}")
    write(folder, {"nerves.yaml": text.encode()})

    loaded = judge(folder)

    assert (loaded is not None) == (LEVELS_ABOVE + sum(FORMS[form] for form in forms) <= MOST_DEPTH)
