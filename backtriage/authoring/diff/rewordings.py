"""Two rule sets -> every text that was added, removed or changed.

None of it changes who gets which urgency. With the texts comes what else bears on what a person or
an author is told, and on no urgency: who is told a step or part of an advice and what it is held
to, dates of safety nets, what a doctor is told first, suspicions of red flags, and sources.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from backtriage.authoring.texts import Keys, Text, list_texts
from backtriage.loader.advice_shapes import UNASKED
from backtriage.loader.condition_writer import build_condition_data
from backtriage.model import AdvicePart, AdviceStep, Option, RuleSet, SafetyNet


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
        keys = ("options", text.holder.id, keys[-1])
    series = keys[:1] if any(isinstance(key, int) for key in keys) else keys
    return _Entry(f"{part}: {_path(series)}", f"{part}: {_path(keys)}", _show(text))


def _path(keys: Keys) -> str:
    return " ".join(str(key + 1) if isinstance(key, int) else key for key in keys)


def _show(text: Text) -> str:
    """The text with what it depends on, since a step that others are told is another step."""
    holder, shown = text.holder, text.text
    if isinstance(holder, SafetyNet):
        shown = f"{holder.within_days} days: {shown}"
        holder = holder.step
    if isinstance(holder, AdvicePart | AdviceStep):
        beside = _list_beside(holder)
        return f"{shown} {json.dumps(beside)}" if beside else shown
    return shown


def _list_beside(holder: AdvicePart | AdviceStep) -> dict[str, Any]:
    """What stands beside a text as data: for whom it is told, and what it is held to."""
    conditions = {"when": holder.when, "unless": holder.unless, "never_if": holder.never_if}
    beside: dict[str, Any] = {
        key: build_condition_data(condition) for key, condition in conditions.items() if condition
    }
    if isinstance(holder, AdviceStep):
        if holder.how is not None:
            beside["how"] = holder.how
        if holder.watch is not None:
            watched = dict(holder.watch.answers) or UNASKED
            beside["watch"] = {
                "for": watched,
                "then": holder.watch.then.advice,
                "within_days": holder.watch.then.within_days,
            }
    return beside


def _besides(rule_set: RuleSet) -> Iterator[tuple[str, str]]:
    """What is no text and bears on no urgency."""
    if rule_set.say_first:
        yield "advice: say_first", ", ".join(rule_set.say_first)
    if rule_set.ask_for_doctor:
        yield "advice: ask_for_doctor", ", ".join(rule_set.ask_for_doctor)
    for flag in rule_set.red_flags.values():
        yield f"red flag {flag.id}: suspect", flag.suspect
        yield f"red flag {flag.id}: sources", ", ".join(flag.sources)
    for source in rule_set.sources.values():
        if source.pmid is not None:
            yield f"source {source.id}: pmid", str(source.pmid)
    if rule_set.emergency_numbers.sources:
        yield "emergency numbers: sources", ", ".join(rule_set.emergency_numbers.sources)
