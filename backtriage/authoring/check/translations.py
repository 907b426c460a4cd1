"""(rules, their catalogues) -> issues of the translations: missing, outdated, or not the same.

An excuse is a comment of the translator above the text: "# excuse untranslated-copy: it is called
so here, too". What is missing is told as one for each area, or whoever looks for an issue of their
own area would lose sight of it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from babel.messages.catalog import Message

from backtriage.authoring.check.translated import Pair, find_objections
from backtriage.authoring.check.wording import Objection
from backtriage.authoring.excuses import Judged
from backtriage.authoring.translating import State, find_state, match
from backtriage.errors import Issue, shorten
from backtriage.language import hold_language
from backtriage.languages.of_program import load_spoken
from backtriage.languages.of_rules import find_file
from backtriage.languages.po import get_source, list_places, list_strings, read_catalog
from backtriage.loader.authored import Part
from backtriage.model import RuleSet
from backtriage.translation import list_translatable

_EXCUSE = re.compile(r"excuse ([a-z-]+): (\S.*)")
_FILES = {
    "rule_set": "ruleset.yaml",
    "suspicion": "ruleset.yaml",
    "advice": "advice.yaml",
    "watch": "advice.yaml",
    "country": "emergency_numbers.yaml",
}
"""Where a text stands that is of no area, by the beginning of its context."""


@dataclass(frozen=True, slots=True)
class _Untranslated:
    """A text of the rules without a translation; one that the catalogue has not has no message."""

    context: str
    source: str
    message: Message | None

    def describe(self) -> str:
        """Its context and its words."""
        return f"{self.context}: {shorten(self.source)}"

    def find_place(self, areas: Mapping[str, str]) -> str:
        """The area that it is of, or the file."""
        sort, *names = self.context.split(".")
        area = areas.get(".".join([sort, *names[:1]]))
        return f"the area {area}" if area else _FILES[sort]


def check_translations(
    rule_set: RuleSet, folder: Path, languages: Iterable[str], *, each: bool
) -> Judged:
    """Every issue of the catalogues of these languages, and those that are excused there.

    With `each`, each text that is not translated has an issue, and not only each area.
    """
    issues: list[Issue] = []
    excused: list[tuple[Issue, str]] = []
    for language in languages:
        with hold_language(load_spoken(language)):
            found = [*_check_language(rule_set, folder, language, each=each)]
        for issue, reason in sorted(found, key=lambda row: row[0].line or 0):
            if reason is None:
                issues.append(issue)
            else:
                excused.append((issue, reason))
    return Judged(tuple(issues), tuple(excused))


def _check_language(
    rule_set: RuleSet, folder: Path, language: str, *, each: bool
) -> Iterator[tuple[Issue, str | None]]:
    """Each issue of one catalogue, with the reason if it is excused."""
    path = find_file(folder, language)
    catalog = read_catalog(path, language)
    texts = [*list_translatable(rule_set)]
    matched = match(texts, catalog)
    update = f"run `backtriage rules translate {language} {folder}`"
    pairs: list[Pair] = []
    missing: list[_Untranslated] = []
    for context, source in texts:
        message, before = catalog.get(source, context), matched.get((context, source))
        state = find_state(message) if message is not None else State.MISSING
        if message is not None and state == State.TRANSLATED:
            pairs.append(Pair(message, context, source, list_strings(message)[0]))
        elif message is None and before is not None and get_source(before) != source:
            way_out = f"{update}, which marks its translation, and mend that"
            wrong = _describe_outdated(get_source(before), context, source, way_out)
            yield _place(wrong, path, before), None
        elif message is None or state == State.MISSING:
            missing.append(_Untranslated(context, source, message))
        else:
            yield _place(_describe_unusable(message, context, source), path, message), None
    lists_each = None if each else f"`backtriage rules check {folder} --lang {language}` lists each"
    for issue in _tell_missing(missing, rule_set, path, update, lists_each):
        yield issue, None
    for pair, wrong in find_objections(pairs, rule_set, language):
        yield _place(wrong, path, pair.message), _find_excuse(pair.message, wrong.code)


def _place(
    wrong: Objection, path: Path, message: Message | None, part: Part | None = None
) -> Issue:
    line = message.lineno if message is not None else None
    return Issue(
        code=wrong.code,
        message=wrong.message,
        suggestion=wrong.suggestion,
        file=str(path),
        line=line,
        column=None if line is None else 1,
        part=part,
    )


def _find_excuse(message: Message, code: str) -> str | None:
    """The reason that stands above a text for an issue of this code."""
    found = (_EXCUSE.fullmatch(comment) for comment in message.user_comments)
    return next((match[2] for match in found if match and match[1] == code), None)


# What cannot be used ------------------------------------------------------------------------------


def _describe_unusable(message: Message, context: str, source: str) -> Objection:
    """A translation that is there, and in whose place the English is told."""
    if message.fuzzy:
        way_out = "mend the translation, and take the mark fuzzy away"
        before = message.previous_id[0] if message.previous_id else source
        return _describe_outdated(before, context, source, way_out)
    shown = " and ".join(list_places(source)) or "no placeholder"
    text = shorten(list_strings(message)[0])
    told = f"it must have {shown}, or the English is told: {text}"
    return Objection("wrong-placeholder", told, "write it as it stands in the English")


def _describe_outdated(before: str, context: str, source: str, way_out: str) -> Objection:
    """The words that are otherwise than they were, with one on either side."""
    old, new = before.split(), source.split()
    if old == new:
        message = f"the translation is marked as fuzzy; {context}: {shorten(source)}"
        return Objection("outdated-translation", message, way_out)
    start = _count_same(old, new)
    end = _count_same(old[start:][::-1], new[start:][::-1])
    was, now = (_cut(words, start, len(words) - end) for words in (old, new))
    message = f'the text has changed, from "{was}" to "{now}"; {context}: {shorten(source)}'
    return Objection("outdated-translation", message, way_out)


def _count_same(old: list[str], new: list[str]) -> int:
    """How many words at the beginning are the same."""
    same = takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))
    return sum(1 for _ in same)


def _cut(words: list[str], start: int, end: int) -> str:
    """So many of the words, with one on either side; dots stand for others."""
    first, last = max(start - 1, 0), min(end + 1, len(words))
    before, behind = "... " if first else "", " ..." if last < len(words) else ""
    return before + shorten(" ".join(words[first:last])) + behind


def _tell_missing(
    texts: Iterable[_Untranslated],
    rule_set: RuleSet,
    path: Path,
    update: str,
    lists_each: str | None,
) -> Iterator[Issue]:
    """Texts that are not translated: one issue for an area, or a file of the rules without one.

    With nothing that lists each of them, one for each, as far as they have a line.
    """
    areas = _list_areas(rule_set)
    groups: dict[tuple[str, str, int | None], list[_Untranslated]] = {}
    for text in texts:
        is_single = lists_each is None and text.message is not None
        state = "not in the catalogue" if text.message is None else "not translated"
        key = text.find_place(areas), state, id(text) if is_single else None
        groups.setdefault(key, []).append(text)
    for (place, state, _), group in groups.items():
        first = group[0]
        told = f"{state}; {first.describe()}"
        if len(group) > 1:
            told = f"{len(group)} texts of {place} are {state}, such as {first.describe()}"
        way_out = "translate it" if len(group) == 1 else lists_each
        if first.message is None:
            way_out = f"{update}, which writes down what is to be translated"
        area = place.removeprefix("the area ")
        part = ("area", area) if area != place else None
        yield _place(Objection("missing-translation", told, way_out), path, first.message, part)


def _list_areas(rule_set: RuleSet) -> dict[str, str]:
    """The area of each beginning of a context that is of one, such as `question.faint`."""
    found: dict[str, str] = {}
    for area in rule_set.areas:
        parts = (("question", area.questions), ("list", area.lists), ("red_flag", area.red_flags))
        found |= {f"{sort}.{one.id}": area.id for sort, holders in parts for one in holders}
        found[f"area.{area.id}"] = area.id
    return found
