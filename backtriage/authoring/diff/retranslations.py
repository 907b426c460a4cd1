"""Two folders of a rule set -> the languages and translations that came, went or changed."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from backtriage.authoring.diff import Difference
from backtriage.authoring.diff.rewordings import Rewording
from backtriage.extras import require
from backtriage.languages.of_rules import find_file, list_languages

_Text = tuple[str, str]
"""Its context, and the text in the rules."""


def add_translations(difference: Difference, old: Path, new: Path) -> Difference:
    """The difference with that of the languages; of one that came or went its code is enough.

    Raises RuleSetError, and MissingExtra where translations differ and Babel is not installed.
    """
    was, now = list_languages(old)[1:], list_languages(new)[1:]
    reworded = (
        rewording
        for code in was
        if code in now
        for rewording in _find_retranslations(find_file(old, code), find_file(new, code), code)
    )
    return replace(
        difference,
        added=(*difference.added, *(("language", code) for code in now if code not in was)),
        removed=(*difference.removed, *(("language", code) for code in was if code not in now)),
        rewordings=(*difference.rewordings, *reworded),
    )


def _find_retranslations(old: Path, new: Path, code: str) -> Iterator[Rewording]:
    """What is not the same in both; of a sentence that was changed, what stood for the old one."""
    if old.read_bytes() == new.read_bytes():
        return
    before, after = _read(old, code), _read(new, code)
    gone = {key: text for key, text in before.items() if key not in after}
    for key, text in after.items():
        was = before.get(key)
        if was is None:
            former = next((other for other in gone if other[0] == key[0]), None)
            was = gone.pop(former) if former else None
        if was != text:
            yield Rewording(f"{key[0]} in {code}", was, text)
    for (context, _), text in gone.items():
        yield Rewording(f"{context} in {code}", text, None)


def _read(path: Path, code: str) -> dict[_Text, str]:
    """The translations of a catalogue that can be used."""
    require("languages", "babel")
    from backtriage.languages.po import read_catalogue

    return {
        (context, source): text
        for context, texts in read_catalogue(path, code).texts.items()
        for source, text in texts.items()
    }
