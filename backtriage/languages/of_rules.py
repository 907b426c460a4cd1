"""(folder of a rule set, language) -> its catalogue, from the folder `languages` beside the rules.

A catalogue is a PO file that is called after its language, such as `languages/de.po`.
"""

from collections.abc import Iterator
from pathlib import Path

from backtriage.errors import Issue, RuleSetError, suggest_nearest
from backtriage.extras import require
from backtriage.languages.ready_made import find_ready_made, read_ready_made, write_ready_made
from backtriage.model import SOURCE_LANGUAGE, RuleSet
from backtriage.translation import Catalogue, translate

FOLDER = "languages"
READY_MADE = "shipped"


def list_languages(folder: Path) -> tuple[str, ...]:
    """The languages that a rule set speaks, English first."""
    try:
        names = sorted(path.stem for path in (folder / FOLDER).glob("*.po"))
    except OSError:
        names = []
    return (SOURCE_LANGUAGE, *names)


def find_file(folder: Path, language: str) -> Path:
    """Where the catalogue of a language is, or would be."""
    return folder / FOLDER / f"{language}.po"


def load_catalogue(folder: Path, language: str, *, is_shipped: bool) -> Catalogue:
    """The catalogue of a rule set; raises RuleSetError, and MissingExtra where Babel is needed."""
    known = list_languages(folder)
    if language not in known:
        message = f'the rule set has no language "{language}"; it has {", ".join(known)}'
        way_out = suggest_nearest(language, known)
        issue = Issue(
            code="unknown-language", message=message, suggestion=way_out, file=str(folder / FOLDER)
        )
        raise RuleSetError([issue])
    path = find_file(folder, language)
    if is_shipped:
        data = read_ready_made(find_ready_made(READY_MADE, language), path)
        if data is not None:
            return Catalogue(language, data["texts"], data["hash"])
    require("languages", "babel")  # an extra: only now may it be imported
    from backtriage.languages.po import read_catalogue

    return read_catalogue(path, language)


def write_catalogues(folder: Path) -> Iterator[tuple[str, str]]:
    """For each language the name of the file that is read in the place of PO, and its content."""
    for language in list_languages(folder)[1:]:
        from backtriage.languages.po import read_catalogue

        path = find_file(folder, language)
        catalogue = read_catalogue(path, language)
        data = {"hash": catalogue.hash, "texts": catalogue.texts}
        yield find_ready_made(READY_MADE, language).name, write_ready_made(data, path)


def load_translated(
    rule_set: RuleSet, folder: Path, language: str, *, is_shipped: bool = False
) -> RuleSet:
    """The rule set of a folder in one of its languages; raises what `load_catalogue` does.

    RuleSetError also where the rule set demands that the language is complete, and it is not.
    """
    catalogue = load_catalogue(folder, language, is_shipped=is_shipped)
    translated = translate(rule_set, catalogue)
    missing = translated.translation.missing if translated.translation else ()
    if missing and language in rule_set.complete_languages:
        message = f"{len(missing)} texts have no translation as they stand, such as {missing[0]}"
        way_out = f"translate them, or take {language} out of complete_languages in ruleset.yaml"
        file = str(find_file(folder, language))
        raise RuleSetError(
            [Issue(code="missing-translation", message=message, suggestion=way_out, file=file)]
        )
    return translated
