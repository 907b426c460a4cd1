"""`backtriage rules translate`."""

from shlex import quote
from typing import Annotated

import typer

from backtriage.cli.app import show_examples
from backtriage.cli.rules.app import WrittenFolder, check_named, read_rules, rules_app
from backtriage.errors import make_one_line, make_printable
from backtriage.extras import require
from backtriage.files import write_part
from backtriage.streams import tell

Language = Annotated[
    str, typer.Argument(metavar="LANG", help="The language, such as de, es or pt_BR.")
]


@rules_app.command(
    "translate",
    epilog=show_examples(
        "backtriage rules translate de rules/mine", "backtriage rules check rules/mine --lang de"
    ),
)
def translate_rules(language: Language, folder: WrittenFolder = None) -> None:
    """Write, or bring up to date, the texts to be translated.

    They go to languages/LANG.po in the folder, a file that editors for translators know.
    New texts are empty there, those of a sentence that was changed are marked as fuzzy, and what is
    gone stays at the end.
    """
    require("languages", "babel")
    from babel.core import Locale, UnknownLocaleError

    from backtriage.authoring.translating import build_update, list_entries
    from backtriage.languages.of_program import list_languages
    from backtriage.languages.of_rules import find_file
    from backtriage.languages.po import read_catalog, write_catalog

    try:
        Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        message = f'"{make_printable(language)}" is no language; write it as in de, es or pt_BR'
        raise typer.BadParameter(message) from None
    check_named(folder, f"backtriage rules translate {language} rules/mine")
    authored = read_rules(folder)
    rule_set, path = authored.rule_set, find_file(authored.folder, language)
    old = read_catalog(path, language) if path.exists() else None
    entries = list_entries(rule_set, language)
    update = build_update(entries, old, language, rule_set.id, rule_set.version)
    path.parent.mkdir(exist_ok=True)
    write_part(path, write_catalog(update.catalog))
    typer.echo(make_one_line(f"{path}: {len(entries)} texts, {update.describe()}"))
    tell(f"next: translate what is empty or fuzzy in {path}")
    tell(f"then: backtriage rules check {quote(str(folder))} --lang {language}")
    if language not in list_languages():
        tell(f"the program does not speak {language}: what is around these texts is in English")
