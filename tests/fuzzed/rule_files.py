"""Rule files with slips of the keyboard -> a rule set,
or issues that can be read, each with its place.
"""

import atexit
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from backtriage import assess
from backtriage.errors import RuleSetError
from backtriage.loader import load
from backtriage.model import RuleSet
from helpers import SMALL

TRIES = 1

FILES = {path.name: path.read_text() for path in SMALL.glob("*.yaml")}

OF_A_WHOLE_FILE = {"missing-file", "unused-file", "unreadable-file"}

WORDS = """
{ } [ ] , : - ? | > # & * ! % @ ` ' " ~ << --- ... &a *a
!!str !x !%1B "\\e" "\\u202e" "\\0" "\\ud800"
yes no true null 0 -1 1.5 1e9 .inf .nan 0x1f 9999999999999999999 1,000 2weeks
all any not at_least below count of id kind yes_no number choice options list ask_if when not_sure
numb weak weak_course worse new_weakness age duration past nerves small_2020 break
"""
SPACES = ["", " ", "\n", "\n  ", "\t", "\r", "\xa0"]
CHARACTERS = ["\x1b[31m", "\u202e", "\ufeff", "\uffff", "\N{GRINNING FACE}", "%YAML 1.1"]
FRAGMENTS = [*WORDS.split(), *SPACES, *CHARACTERS]


def draw(random: Random) -> dict[str, bytes]:
    """One or two files of the small rule set, each with a few changes."""
    changed = {}
    for name in random.sample(sorted(FILES), random.randint(1, 2)):
        text = FILES[name]
        for _ in range(random.randint(0, 4)):
            spoil = random.choice([_cut, _on_lines, _on_words, _on_words, _on_characters])
            text = spoil(random, text)
        changed[name] = text.encode("utf-8", "surrogatepass")
    return changed


def _cut(random: Random, text: str) -> str:
    return text[: random.randint(0, len(text))]


def _on_lines(random: Random, text: str) -> str:
    """Delete, repeat, indent or swap lines."""
    lines = text.splitlines(keepends=True)
    if not lines:
        return text
    here, there = (random.randint(0, len(lines) - 1) for _ in range(2))
    deed = random.choice(["delete", "repeat", "indent", "swap"])
    if deed == "delete":
        del lines[here]
    elif deed == "repeat":
        lines.insert(there, lines[here])
    elif deed == "indent":
        lines[here] = random.choice(["  ", " ", "\t", "- "]) + lines[here]
    else:
        lines[here], lines[there] = lines[there], lines[here]
    return "".join(lines)


def _on_words(random: Random, text: str) -> str:
    """Put something else in the place of a word."""
    words = text.split(" ")
    words[random.randint(0, len(words) - 1)] = random.choice(FRAGMENTS)
    return " ".join(words)


def _on_characters(random: Random, text: str) -> str:
    """Put characters in, or take some out."""
    start = random.randint(0, len(text))
    put_in = random.choice([*FRAGMENTS, chr(random.randint(0, 0x10FFFF))])
    return text[:start] + put_in + text[start + random.randint(0, 5) :]


def check(changed: Mapping[str, bytes]) -> None:
    """What can be loaded is the same each time, and nothing known is never home care."""
    folder = _folder()
    write(folder, changed)
    rule_set = judge(folder)
    if rule_set is not None:
        assert repr(rule_set) == repr(judge(folder))
        assert assess(rule_set, {}).at_most.advice != "home_care"


@cache
def _folder() -> Path:
    """One folder for all tries."""
    folder = TemporaryDirectory()
    atexit.register(folder.cleanup)
    return Path(folder.name)


def write(folder: Path, changed: Mapping[str, bytes]) -> None:
    """The small rule set in this folder, with these files instead of its own."""
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
            # a carriage return alone ends a line for the places of issues, and is an issue itself
            lines = len(re.split(rb"\r\n|\r|\n", Path(issue.file).read_bytes()))
            assert issue.line is not None
            assert issue.column is not None
            assert 1 <= issue.line <= lines + 1
            assert issue.column >= 1
    return None
