"""Two folders of a rule set -> every translation that was added, removed or changed."""

from collections.abc import Iterator
from pathlib import Path

from backtriage.authoring.diff.rewordings import Rewording
from backtriage.extras import require
from backtriage.languages.of_rules import find_file, list_languages

_Text = tuple[str, str]
"""Its context, and the text in the rules."""


def read_translations(folder: Path) -> dict[str, dict[_Text, str]]:
    """The translations in a folder that can be used, by language; raises RuleSetError.

    MissingExtra, where there are some and Babel is not installed.
    """
    languages = list_languages(folder)[1:]
    if not languages:
        return {}
    require("languages", "babel")
    from backtriage.languages.po import read_catalogue

    catalogues = {code: read_catalogue(find_file(folder, code), code) for code in languages}
    return {
        code: {
            (context, source): text
            for context, texts in catalogue.texts.items()
            for source, text in texts.items()
        }
        for code, catalogue in catalogues.items()
    }


def find_retranslations(
    old: dict[str, dict[_Text, str]], new: dict[str, dict[_Text, str]]
) -> Iterator[Rewording]:
    """What is not the same in both; of a sentence that was changed, what stood for the old one."""
    for code in dict.fromkeys((*new, *old)):
        before, after = old.get(code, {}), new.get(code, {})
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
