"""Catalogues for tests: translations that can be told from the English texts at a glance."""

import re
from pathlib import Path

from babel.messages.catalog import Message

from backtriage.authoring.translating import build_update, list_entries
from backtriage.language import Language
from backtriage.languages.of_rules import find_file
from backtriage.languages.po import read_catalog, write_catalog
from backtriage.loader.build import build
from backtriage.model import RuleSet
from backtriage.translation import Catalogue, list_translatable


def marked(text: str) -> str:
    """What stands for the translation of a text, with its placeholders."""
    return f"«{text}»"


def catalogue_of(rule_set: RuleSet, language: str = "de") -> Catalogue:
    """A catalogue in which each text is marked."""
    texts: dict[str, dict[str, str]] = {}
    for context, text in list_translatable(rule_set):
        texts.setdefault(context, {})[text] = marked(text)
    return Catalogue(language, texts, "0123")


def write_catalogue(folder: Path, language: str = "de") -> Path:
    """A PO file beside the rules in which each text is marked."""
    rule_set, path = build(folder), find_file(folder, language)
    catalog = build_update(list_entries(rule_set, language), None, language, "r", "1").catalog
    for message in catalog:
        if message.id:
            message.string = marked(str(message.id))
    path.parent.mkdir(exist_ok=True)
    path.write_text(write_catalog(catalog))
    return path


def change(path: Path, context: str, **fields: object) -> None:
    """Set fields of the first message of a PO file with this context."""
    catalog = read_catalog(path, path.stem)
    message = message_of(path, context)
    message = catalog.get(message.id, message.context)
    assert message is not None
    for name, value in fields.items():
        setattr(message, name, value)
    path.write_text(write_catalog(catalog))


def message_of(path: Path, context: str) -> Message:
    """The first message of a PO file with this context."""
    return next(one for one in read_catalog(path, path.stem) if one.context == context)


def find_english(text: str, language: Language) -> list[str]:
    """The sentences of the program that stand there in English, as far as they have several words.

    What is said of answers is left out: in JSON these stay as they are.
    """
    marks = text.replace(r"\u00ab", "«").replace(r"\u00bb", "»")  # as JSON has them
    plain = " ".join(re.sub(r"«[^«»]*»", "", marks).split())
    sentences = {**language.sentences, **{key: of[-1] for key, of in language.counted.items()}}
    found = []
    for source, told in sentences.items():
        longest = max((piece.strip() for piece in re.split(r"\{\w+\}", source)), key=len)
        is_english = longest in plain and longest not in told
        if is_english and len(longest.split()) > 1 and not source.startswith("not sure"):
            found.append(longest)
    return found
