"""Which language a command speaks: that of --lang, or that of the locale, or English."""

import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backtriage.errors import MissingExtra, make_printable, suggest_nearest
from backtriage.language import keep_language
from backtriage.loader import load
from backtriage.loader.shipped import SHIPPED
from backtriage.model import SOURCE_LANGUAGE, RuleSet
from backtriage.streams import tell

if TYPE_CHECKING:
    from backtriage.fhir.coding import Words
    from backtriage.fhir.translated import Spoken

ALL = "all"
"""Named in the place of a language: all that the rules have."""

Lang = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="CODE",
        help="Speak this language, such as de; if left out, that of the locale, or English.",
    ),
]


def load_rules(rules: Path | None, lang: str | None) -> RuleSet:
    """The rule set in the language that is wanted, which the program speaks from now on."""
    if lang is None:
        return _load_for_locale(rules)
    return _speak(rules, _find_named(lang, rules))


def _find_named(lang: str, rules: Path | None) -> str:
    """The language of the rules that somebody has named; raises BadParameter."""
    code = _find(lang, rules)
    if code is None:
        known = _list_known(rules)
        way_out = suggest_nearest(lang, known) or f"choose from {', '.join(known)}"
        message = f'"{make_printable(lang)}" is no language of these rules; {way_out}'
        raise typer.BadParameter(message)
    return code


def _load_for_locale(rules: Path | None) -> RuleSet:
    """The rule set in the first language of the locale that it has, or in English."""
    for wanted in _list_wanted():
        code = _find(wanted, rules)
        if code is not None:
            try:
                return _speak(rules, code)
            except MissingExtra as error:  # nobody has asked for it by name
                tell(f"the language {code} cannot be used; {error.issues[0].suggestion}")
                break
    return load(rules)


def _speak(rules: Path | None, code: str) -> RuleSet:
    if code == SOURCE_LANGUAGE:
        return load(rules)
    from backtriage.languages.of_program import load_spoken

    rule_set = load(rules, code)
    keep_language(load_spoken(code))
    return rule_set


def load_translations(rules: Path | None, langs: Iterable[str]) -> "list[Spoken]":
    """The rule set in each of these languages, and the language for the rest; "all" is all.

    English is none of them. Raises BadParameter, and what `load` does.
    """
    from backtriage.languages.of_program import load_spoken

    codes: dict[str, None] = {}
    for lang in langs:
        wanted = _list_known(rules) if lang == ALL else (_find_named(lang, rules),)
        codes |= dict.fromkeys(wanted)
    codes.pop(SOURCE_LANGUAGE, None)
    return [(load_spoken(code), load(rules, code)) for code in codes]


@cache
def find_form_words(rules: Path | None) -> "Words":
    """What stands for the texts of a form of FHIR in the other languages of the rules.

    None of them where they cannot be read, as nobody has asked for them by name.
    """
    from backtriage.fhir.translated import list_words

    try:
        return list_words(load_original(rules), load_translations(rules, [ALL]))
    except MissingExtra:
        return {}


@cache
def load_original(rules: Path | None) -> RuleSet:
    """The rule set in English."""
    return load(rules)


def _find(wanted: str, rules: Path | None) -> str | None:
    """The language of the rules that is meant by a code such as de-AT: de_AT, or de."""
    full = wanted.replace("-", "_")
    base = full.partition("_")[0]
    if base == SOURCE_LANGUAGE:
        return SOURCE_LANGUAGE
    known = _list_known(rules)
    return next((code for code in (full, base) if code in known), None)


def _list_known(rules: Path | None) -> tuple[str, ...]:
    from backtriage.languages.of_rules import list_languages

    return list_languages(rules or SHIPPED)


def _list_wanted() -> Iterator[str]:
    """The languages of the locale, as gettext would look for them."""
    variables = ("LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((os.environ[name] for name in variables if os.environ.get(name)), "")
    own = locale.partition(".")[0].partition("@")[0]
    if own in ("", "C", "POSIX"):
        return
    yield from filter(None, os.environ.get("LANGUAGE", "").split(":"))
    yield own
