"""(rules, their catalogues) -> issues of the translations: missing, outdated, or not the same.

Nobody here understands them. What can be seen without that is whether they are there, whether
numbers and placeholders are those of the original, and how hard they are to read. An excuse is a
comment of the translator above the text: "# excuse untranslated-copy: it is called so here, too".
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Message

from backtriage.answer_words import is_reserved, normalize
from backtriage.authoring.check.reading_ease import measure_ease
from backtriage.authoring.excuses import Judged
from backtriage.authoring.texts import list_texts
from backtriage.errors import Issue, shorten
from backtriage.language import ENGLISH, hold_language
from backtriage.languages.of_program import list_languages as list_spoken
from backtriage.languages.of_program import load_language
from backtriage.languages.of_rules import find_file
from backtriage.languages.po import is_usable, list_strings, read_catalog
from backtriage.model import RuleSet
from backtriage.translation import list_translatable

_PLACE = re.compile(r"\{[^{}]*\}")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_EXCUSE = re.compile(r"excuse ([a-z-]+): (\S.*)")
_COLUMNS = 55
"""So much of a line of 60 is left for a label behind its number."""
_CLOSING = ')"»”“'
"""What may stand behind a full stop."""
_ONE_LINE = ("label", "item", "title")
_NAMES = ("country.", "suspicion.")
"""What may well be called the same in two languages."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A text of the rules with its translation, at its place."""

    message: Message
    context: str
    source: str
    text: str

    @property
    def kind(self) -> str:
        """What it is for: the end of its context."""
        return self.context.rpartition(".")[2]


@dataclass(frozen=True, slots=True)
class _Objection:
    code: str
    message: str
    suggestion: str | None = None


def check_translations(rule_set: RuleSet, folder: Path, languages: Iterable[str]) -> Judged:
    """Every issue of the catalogues of these languages, and those that are excused there."""
    issues: list[Issue] = []
    excused: list[tuple[Issue, str]] = []
    for language in languages:
        spoken = load_language(language) if language in list_spoken() else ENGLISH
        with hold_language(spoken):
            for issue, reason in _check_language(rule_set, folder, language):
                if reason is None:
                    issues.append(issue)
                else:
                    excused.append((issue, reason))
    return Judged(tuple(issues), tuple(excused))


def _check_language(
    rule_set: RuleSet, folder: Path, language: str
) -> Iterator[tuple[Issue, str | None]]:
    """Each issue of one catalogue, with the reason if it is excused."""
    path = find_file(folder, language)
    catalog = read_catalog(path, language)
    pairs: list[_Pair] = []
    new: list[str] = []
    for context, source in list_translatable(rule_set):
        message = catalog.get(source, context)
        if message is None:
            new.append(f"{context}: {shorten(source)}")
        elif not is_usable(message):
            yield _place(_describe_missing(message, context, source), path, message), None
        else:
            pairs.append(_Pair(message, context, source, list_strings(message)[0]))
    if new:
        yield _place(_describe_new(new, language, folder), path, None), None
    objections = [(pair, wrong) for pair in pairs for check in _CHECKS for wrong in check(pair)]
    objections += _find_two_translations(pairs)
    objections += _find_equal_options(pairs)
    objections += _find_hard(pairs, rule_set, language)
    for pair, wrong in sorted(objections, key=lambda row: row[0].message.lineno or 0):
        yield _place(wrong, path, pair.message), _find_excuse(pair.message, wrong.code)


def _place(wrong: _Objection, path: Path, message: Message | None) -> Issue:
    line = message.lineno if message is not None else None
    return Issue(
        code=wrong.code,
        message=wrong.message,
        suggestion=wrong.suggestion,
        file=str(path),
        line=line,
        column=None if line is None else 1,
    )


def _find_excuse(message: Message, code: str) -> str | None:
    """The reason that stands above a text for an issue of this code."""
    found = (_EXCUSE.fullmatch(comment) for comment in message.user_comments)
    return next((match[2] for match in found if match and match[1] == code), None)


def _describe_new(texts: list[str], language: str, folder: Path) -> _Objection:
    """Texts that are not in the catalogue: they have no line there, so all are told as one."""
    message = f"{texts[0]} has no translation"
    if len(texts) > 1:
        message = f"{len(texts)} texts have no translation, such as {texts[0]}"
    way_out = f"run `backtriage rules translate {language} {folder}`, which writes each down"
    return _Objection("missing-translation", message, way_out)


def _describe_missing(message: Message, context: str, source: str) -> _Objection:
    where = f"{context}: {shorten(source)}"
    if message.fuzzy:
        way_out = "mend the translation, and take the mark fuzzy away"
        return _Objection("outdated-translation", f"the text has changed; {where}", way_out)
    return _Objection("missing-translation", f"not translated; {where}", "translate it")


# Text by text ------------------------------------------------------------------------------------


def _check_places(pair: _Pair) -> Iterator[_Objection]:
    """What is filled in stands there as often as in the original."""
    wanted, found = (sorted(_PLACE.findall(text)) for text in (pair.source, pair.text))
    if wanted != found:
        shown = " and ".join(wanted) or "no placeholder"
        yield _Objection("wrong-placeholder", f"it must have {shown}: {shorten(pair.text)}")


def _check_numbers(pair: _Pair) -> Iterator[_Objection]:
    """Six weeks that become eight would be another rule to who reads it."""
    wanted, found = (
        {number.replace(",", ".") for number in _NUMBER.findall(text)}
        for text in (pair.source, pair.text)
    )
    if wanted != found:
        other = ", ".join(sorted(wanted ^ found))
        message = f"the numbers are not those of the original ({other}): {shorten(pair.text)}"
        yield _Objection("other-number", message)


def _check_copy(pair: _Pair) -> Iterator[_Objection]:
    """What was left as it was."""
    if pair.text == pair.source and " " in pair.source and not pair.context.startswith(_NAMES):
        yield _Objection(
            "untranslated-copy", f"the text is that of the rules: {shorten(pair.text)}"
        )


def _check_length(pair: _Pair) -> Iterator[_Objection]:
    """What stands on one line in English does so."""
    if pair.kind in _ONE_LINE and len(pair.source) <= _COLUMNS < len(pair.text):
        message = f"{len(pair.text)} characters take two lines, where the English takes one"
        yield _Objection("long-translation", f"{message}: {shorten(pair.text)}")


def _check_end(pair: _Pair) -> Iterator[_Objection]:
    """What stands within a sentence has no full stop, and what is one has."""
    ends = [
        text.rstrip(_CLOSING)[-1:] in (".", "?", "!", ":", "؟") for text in (pair.source, pair.text)
    ]
    if ends[0] != ends[1]:
        wanted = "a full stop or question mark" if ends[0] else "none"
        message = f"it ends otherwise than the English, which has {wanted}: {shorten(pair.text)}"
        yield _Objection("other-end", message)


def _check_reserved(pair: _Pair) -> Iterator[_Objection]:
    """An option that is called as a command could not be chosen by its label."""
    if ".option." in pair.context and pair.kind == "label" and is_reserved(pair.text):
        message = f'"{shorten(pair.text)}" means something else when it is typed'
        yield _Objection("reserved-translation", message, "call it otherwise")


_CHECKS: tuple[Callable[[_Pair], Iterator[_Objection]], ...] = (
    _check_places,
    _check_numbers,
    _check_copy,
    _check_length,
    _check_end,
    _check_reserved,
)


# Texts beside each other -------------------------------------------------------------------------


def _find_two_translations(pairs: Collection[_Pair]) -> Iterator[tuple[_Pair, _Objection]]:
    """The same English text, for the same use, in two ways."""
    first: dict[tuple[str, str], _Pair] = {}
    for pair in pairs:
        before = first.setdefault((pair.kind, pair.source), pair)
        if before.text != pair.text:
            line = before.message.lineno
            message = f"the same text is translated otherwise in line {line}: {shorten(pair.text)}"
            yield pair, _Objection("two-translations", message)


def _find_equal_options(pairs: Collection[_Pair]) -> Iterator[tuple[_Pair, _Objection]]:
    """Two options of one question that read the same."""
    seen: dict[tuple[str, str], str] = {}
    for pair in pairs:
        question, is_option, _ = pair.context.partition(".option.")
        if is_option and pair.kind == "label":
            key = question, normalize(pair.text)
            if seen.setdefault(key, pair.context) != pair.context:
                message = f"two options of one question are called {shorten(pair.text)}"
                yield pair, _Objection("equal-options", message)


def _find_hard(
    pairs: Collection[_Pair], rule_set: RuleSet, language: str
) -> Iterator[tuple[_Pair, _Objection]]:
    """What is harder to read than it may be, by a formula for the language where there is one."""
    readers = {text.text: text.reader for text in list_texts(rule_set) if text.is_sentence}
    for pair in pairs:
        reader = readers.get(pair.source)
        ease = measure_ease(pair.text, language) if reader else None
        if ease is not None and reader and not ease.is_easy(asked=reader == "asked"):
            message = f"{ease.describe()}: {shorten(pair.text)}"
            yield pair, _Objection("hard-translation", message, "use shorter words and sentences")
