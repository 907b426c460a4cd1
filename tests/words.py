"""The sentences of the program -> its catalogues in backtriage/languages, brought up to date.

`python tests/words.py` writes all of them anew, `python tests/words.py fr` begins another one.
What people type (yes, weeks, about) is listed below by its English word.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from backtriage._version import __version__
from backtriage.authoring.translating import Entry, Update, build_update
from backtriage.errors import list_kinds
from backtriage.files import list_failures
from backtriage.languages.of_program import (
    ANSWER,
    FOLDER,
    QUANTITY,
    TENS_AND_ONES,
    list_languages,
)
from backtriage.languages.po import read_catalog, write_catalog
from backtriage.not_json import list_problems
from backtriage.report.wording import list_wording
from backtriage.web.words import Words

PACKAGE = FOLDER.parent
SAY, COUNT = "say", ("say_number", "list_forms")

ANSWERS = (
    "yes", "no", "not sure", "none", "no thanks", "back", "quit", "why", "all",
)  # fmt: skip
"""Texts that are an answer or a command as a whole."""

QUANTITIES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty", "twenty-one", "twenty-two", "twenty-three", "twenty-four", "twenty-five",
    "twenty-six", "twenty-seven", "twenty-eight", "twenty-nine", "thirty", "forty", "fifty",
    "sixty", "seventy", "eighty", "ninety", "hundred", "a", "a couple of", "half",
    "quarter", "1.5", "2.5", "and", "and a half", "or", "to", "between",
    "minute", "hour", "day", "week", "fortnight", "month", "year", "kg", "cm", "m", "C", "F", "%",
    "about", "for", "since", "i am", "in the last", "last", "this", "ago", "old", "now",
    "today", "this morning", "yesterday", "last night", "2 days",
    "more than", "less than", "longer than", "over", "under", "at least", "at most", "up to",
    "nearly", "just", "a few", "several", "some", "many", "a while", "always", "forever", "born",
    "christmas", "easter",
)  # fmt: skip
"""Words of a length of time, of another quantity, or of what is refused because it is none."""


def list_entries() -> list[Entry]:
    """All that the program says, and then what people type."""
    said = {source: Entry(None, source, comment) for source, comment in _list_said()}
    typed = "What people type for this, with commas between; leave it empty where nothing fits."
    return [
        *said.values(),
        *(Entry(ANSWER, word, f"A whole answer or command. {typed}") for word in ANSWERS),
        *(Entry(QUANTITY, word, f"Part of a length of time. {typed}") for word in QUANTITIES),
        Entry(QUANTITY, TENS_AND_ONES, "How fifty-one is said, such as {ones}und{tens} in German."),
    ]


def _list_said() -> Iterator[tuple[str | tuple[str, str], str]]:
    counted = [*_list_counted()]
    named = {f"Wording.{name}": sentence for name, sentence in list_wording().items()}
    named |= {f"Words.{entry.name}": str(entry) for entry in Words}
    for name, sentence in named.items():
        pairs = [pair for pair in counted if sentence in pair]
        yield (pairs[0] if pairs else sentence), name
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE).as_posix()
        for call in _list_calls(path):
            if call.func.id == SAY and isinstance(call.args[0], ast.Constant):
                yield call.args[0].value, place
    listed = {
        "why a file cannot be read or written": list_failures(),
        "what is wrong with JSON": list_problems(),
        "what stands there, but should not": list_kinds(),
    }
    for comment, sentences in listed.items():
        yield from ((sentence, comment) for sentence in sentences)
    for pair in counted:
        yield pair, "one, or several"


def _list_calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text())):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if is_call and node.func.id in (SAY, *COUNT) and node.args:
            yield node


def _list_counted() -> Iterator[tuple[str, str]]:
    """The sentences on one thing, each with that on several."""
    yield str(Words.ONE_NO), str(Words.NOS)
    for path in sorted(PACKAGE.rglob("*.py")):
        for call in _list_calls(path):
            if call.func.id == "say_number":
                one, several = map(_find_text, call.args[:2])
                yield one, several


def _find_text(node: ast.expr) -> str:
    """What stands in the code: a text, or a name of Wording."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.Attribute)
    return list_wording()[node.attr]


def update(language: str) -> Update:
    """The catalogue of a language as it should stand."""
    path = FOLDER / f"{language}.po"
    old = read_catalog(path, language) if path.exists() else None
    return build_update(list_entries(), old, language, "backtriage", __version__)


if __name__ == "__main__":
    for language in sys.argv[1:] or list_languages()[1:]:
        catalog = update(language)
        (FOLDER / f"{language}.po").write_text(write_catalog(catalog.catalog))
        print(f"{language}: {catalog.describe()}")
