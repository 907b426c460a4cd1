"""A language code -> the Language that the program speaks, from its own catalogue beside this.

Entries with the context "answer" or "quantity" are no sentences: they list, with commas, what
people type for an English word, as a whole answer or within a length of time.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from backtriage.errors import Issue, RuleSetError, suggest_nearest
from backtriage.extras import require
from backtriage.language import ENGLISH, Language, build_unspoken
from backtriage.languages.ready_made import find_ready_made, read_ready_made, write_ready_made
from backtriage.number_words import ONES, TENS

FOLDER = Path(__file__).parent
ANSWER, QUANTITY = "answer", "quantity"
TENS_AND_ONES = "{tens}-{ones}"
"""Stands for how a language says a number such as fifty-one, where it does so by one rule."""
_READY_MADE = "language"


def list_languages() -> tuple[str, ...]:
    """The languages that the program speaks, English first."""
    return (ENGLISH.code, *sorted(path.stem for path in FOLDER.glob("*.po")))


def load_language(code: str) -> Language:
    """The language of this code; raises RuleSetError, and MissingExtra where Babel is needed."""
    if code == ENGLISH.code:
        return ENGLISH
    known = list_languages()
    if code not in known:
        message = f'backtriage does not speak "{code}"; it speaks {", ".join(known)}'
        way_out = suggest_nearest(code, known)
        raise RuleSetError([Issue(code="unknown-language", message=message, suggestion=way_out)])
    path = FOLDER / f"{code}.po"
    data = read_ready_made(find_ready_made(_READY_MADE, code), path)
    if data is None:
        require("languages", "babel")
        data = _build_data(code, path)
    return _build_language(data)


def load_spoken(code: str) -> Language:
    """The language of this code; English under that code where the program does not speak it."""
    return load_language(code) if code in list_languages() else build_unspoken(code)


def write_languages() -> Iterator[tuple[str, str]]:
    """For each language the name of the file that is read in the place of PO, and its content."""
    for code in list_languages()[1:]:
        path = FOLDER / f"{code}.po"
        data = _build_data(code, path)
        yield find_ready_made(_READY_MADE, code).name, write_ready_made(data, path)


def _build_data(code: str, path: Path) -> dict[str, Any]:
    """The fields of the language, as JSON has them."""
    from backtriage.languages.po import get_source, is_usable, list_strings, read_catalog
    from backtriage.languages.tables import build_tables

    data = build_tables(code)
    sentences: dict[str, str] = {}
    counted: dict[str, tuple[str, ...]] = {}
    typed: dict[str, dict[str, str]] = {ANSWER: {}, QUANTITY: {}}
    has_gaps = False
    for message in read_catalog(path, code):
        if not is_usable(message):
            has_gaps |= bool(message.id) and message.context not in typed
            continue
        source, strings = get_source(message), list_strings(message)
        if message.context in typed:
            words = [word.casefold() for word in re.split(r",\s*", strings[0])]
            typed[message.context] |= dict.fromkeys(filter(None, words), source)
        elif isinstance(message.id, str):
            sentences[source] = strings[0]
        else:
            counted[message.id[1]] = strings
    names = _name_days(data) | _join_tens_and_ones(typed[QUANTITY])
    return data | {
        "sentences": sentences,
        "counted": counted,
        "answers": typed[ANSWER],
        "typed": names,
        "unit_names": _list_unit_names(typed[QUANTITY]),
        "has_gaps": has_gaps,
    }


def _name_days(data: dict[str, Any]) -> dict[str, str]:
    """Weekdays and months, which stand in dates that people type."""
    english = (*ENGLISH.weekdays, *ENGLISH.months)
    own = (*data["weekdays"], *data["months"])
    return {word.casefold(): name.casefold() for word, name in zip(own, english, strict=True)}


def _join_tens_and_ones(typed: dict[str, str]) -> dict[str, str]:
    """The same with a word for each number in the place of the rule for them, if there is one."""
    rules = [word for word, english in typed.items() if english == TENS_AND_ONES]
    tens = {word: english for word, english in typed.items() if english in TENS}
    ones = {word: english for word, english in typed.items() if english in ONES}
    # German and Spanish say "ein" and "un" there
    ones |= {word: "one" for word, english in typed.items() if english == "a"}
    joined = {
        rule.format(tens=ten, ones=one): f"{tens[ten]}-{ones[one]}"
        for rule in rules
        for ten in tens
        for one in ones
    }
    return {word: name for word, name in (joined | typed).items() if word not in rules}


def _list_unit_names(typed: dict[str, str]) -> dict[str, list[str]]:
    """How people write each unit, by its English name."""
    names: dict[str, list[str]] = {}
    for word, name in typed.items():
        names.setdefault(name, []).append(word)
    return names


def _build_language(data: dict[str, Any]) -> Language:
    """The language of these fields, with tuples for the lists of JSON."""

    def freeze(value: Any) -> Any:
        if isinstance(value, list):
            return tuple(value)
        if isinstance(value, dict):
            return {key: freeze(item) for key, item in value.items()}
        return value

    return Language(**freeze(data))
