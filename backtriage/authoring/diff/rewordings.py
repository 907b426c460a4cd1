"""Two rule sets -> every text that was added, removed or changed.

None of it changes who gets which urgency. With the texts comes what else bears on what a person or
an author is told, and on no urgency: conditions of the steps of an advice, dates of safety nets,
suspicions of red flags, and sources.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from backtriage.authoring.texts import Keys, Text, list_texts
from backtriage.loader.condition_writer import build_condition_data
from backtriage.model import AdviceStep, Option, RuleSet, SafetyNet


@dataclass(frozen=True, slots=True)
class Rewording:
    """What a text was and what it is; None: there was none, or there is none any more.

    `where` names its part and the keys to it; places in a list count from 1. They are those of the
    new rule set, or of the old one for a text that is gone.
    """

    where: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is compared. Entries of one `series` are items of one list, which may move in it."""

    series: str
    where: str
    shown: str


def find_rewordings(old: RuleSet, new: RuleSet) -> Iterator[Rewording]:
    """The texts that are not in both, in the order of the new rule set, then of what is gone."""
    before, after = _by_series(old), _by_series(new)
    for series in dict.fromkeys((*after, *before)):
        yield from _compare(before.get(series, []), after.get(series, []))


def _compare(before: list[_Entry], after: list[_Entry]) -> Iterator[Rewording]:
    """What is different between two lists. An item put in must not make all behind it look new."""
    olds, news = [entry.shown for entry in before], [entry.shown for entry in after]
    opcodes = SequenceMatcher(a=olds, b=news, autojunk=False).get_opcodes()
    for operation, old_from, old_to, new_from, new_to in opcodes:
        if operation != "equal":
            for was, now in zip_longest(before[old_from:old_to], after[new_from:new_to]):
                where = now.where if now else was.where
                yield Rewording(where, was.shown if was else None, now.shown if now else None)


def _by_series(rule_set: RuleSet) -> dict[str, list[_Entry]]:
    entries: dict[str, list[_Entry]] = {}
    for text in list_texts(rule_set):
        entry = _entry(text)
        entries.setdefault(entry.series, []).append(entry)
    for where, shown in _besides(rule_set):
        entries[where] = [_Entry(where, where, shown)]
    return entries


def _entry(text: Text) -> _Entry:
    sort, name = text.part
    part = sort if sort == "rule set" else f"{sort} {name}"  # the rule set may have a new name
    keys = text.keys
    if isinstance(text.holder, Option):  # the same option wherever it stands
        keys = ("options", text.holder.id, "label")
    series = keys[:1] if any(isinstance(key, int) for key in keys) else keys
    return _Entry(f"{part}: {_path(series)}", f"{part}: {_path(keys)}", _show(text))


def _path(keys: Keys) -> str:
    return " ".join(str(key + 1) if isinstance(key, int) else key for key in keys)


def _show(text: Text) -> str:
    """The text with what it depends on, since a step that others are told is another step."""
    holder = text.holder
    if isinstance(holder, SafetyNet):
        return f"{holder.within_days} days: {text.text}"
    if isinstance(holder, AdviceStep):
        conditions = {"when": holder.when, "unless": holder.unless}
        given = {
            key: build_condition_data(condition)
            for key, condition in conditions.items()
            if condition
        }
        return f"{text.text} {json.dumps(given)}" if given else text.text
    return text.text


def _besides(rule_set: RuleSet) -> Iterator[tuple[str, str]]:
    """What is no text and bears on no urgency."""
    for flag in rule_set.red_flags.values():
        yield f"red flag {flag.id}: suspect", flag.suspect
        yield f"red flag {flag.id}: sources", ", ".join(flag.sources)
    for source in rule_set.sources.values():
        if source.pmid is not None:
            yield f"source {source.id}: pmid", str(source.pmid)
    if rule_set.emergency_numbers.sources:
        yield "emergency numbers: sources", ", ".join(rule_set.emergency_numbers.sources)
