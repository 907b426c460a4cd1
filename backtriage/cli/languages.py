"""Which language a command speaks: that of --lang, or that of the locale, or English."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from backtriage.errors import MissingExtra, make_printable, suggest_nearest
from backtriage.language import build_unspoken, keep_language
from backtriage.loader import load
from backtriage.loader.shipped import SHIPPED
from backtriage.model import SOURCE_LANGUAGE, RuleSet
from backtriage.streams import tell

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
    code = _find(lang, rules)
    if code is None:
        known = _list_known(rules)
        way_out = suggest_nearest(lang, known) or f"choose from {', '.join(known)}"
        message = f'"{make_printable(lang)}" is no language of these rules; {way_out}'
        raise typer.BadParameter(message)
    return _speak(rules, code)


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
    from backtriage.languages.of_program import list_languages, load_language

    rule_set = load(rules, code)
    is_spoken = code in list_languages()
    keep_language(load_language(code) if is_spoken else build_unspoken(code))
    return rule_set


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
