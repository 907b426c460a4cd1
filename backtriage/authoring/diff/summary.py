"""(Difference, the two rule sets) -> text for those who write rules, or data for JSON."""

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from backtriage.authoring.diff import Difference, Move
from backtriage.errors import make_printable
from backtriage.model import RuleSet, Urgency
from backtriage.report.layout import wrap_text
from backtriage.report.words import describe_patient, describe_urgency_in_brief


def render_text(difference: Difference, old: RuleSet, new: RuleSet, width: int) -> str:
    """Who moves, downwards first; then the parts whose rules have changed; then every text."""
    down = [move for move in difference.moves if move.is_down]
    up = [move for move in difference.moves if not move.is_down]
    lines = [f"{old.id} {old.version} -> {new.id} {new.version}", ""]
    lines += _moves("Less urgency", down, old, new, width)
    lines += _moves("More urgency", up, old, new, width)
    if not difference.moves:
        lines += ["No patient gets another urgency.", ""]
    for title, names in _in_short(difference):
        lines += _listed(title, names, width)
    for part in difference.changed:
        lines += _contrast(f"Rules of {part.sort} {part.id}", part.old, part.new, width)
    for text in difference.rewordings:
        lines += _contrast(f"Wording of {text.where}", text.old, text.new, width)
    return make_printable("\n".join(lines).rstrip() + "\n")


def build_data(difference: Difference) -> dict[str, Any]:
    """The difference as data for JSON: answers by question, null for a text that one side lacks."""
    return {
        "lowers_urgency": difference.lowers_urgency,
        "moves": [_move_as_data(move) for move in difference.moves],
        "added": [{"sort": sort, "id": name} for sort, name in difference.added],
        "removed": [{"sort": sort, "id": name} for sort, name in difference.removed],
        "changed": [asdict(part) for part in difference.changed],
        "reordered": difference.reordered,
        "not_comparable": list(difference.apart),
        "wording": [asdict(text) for text in difference.rewordings],
    }


def _moves(title: str, moves: list[Move], old: RuleSet, new: RuleSet, width: int) -> Iterator[str]:
    if moves:
        yield from (title, "-" * len(title))
    for (before, after), group in groupby(moves, lambda move: (move.before, move.after)):
        yield f"{describe_urgency_in_brief(before)} -> {describe_urgency_in_brief(after)}"
        for move in group:
            patient = describe_patient(new, move.new.values)
            text = f"by the red flag {move.flag}: {patient}"
            yield from textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="    ")
            yield from _other_answers(move, old, width)
        yield ""


def _other_answers(move: Move, old: RuleSet, width: int) -> Iterator[str]:
    """What the same person answers to the old questions alone, or otherwise."""
    other = {
        name: answer
        for name, answer in move.old.values.items()
        if move.new.values.get(name) != answer
    }
    if other:
        text = f"before, the same person: {describe_patient(old, other)}"
        yield from textwrap.wrap(text, width, initial_indent="    ", subsequent_indent="    ")


def _in_short(difference: Difference) -> Iterator[tuple[str, list[str]]]:
    """Titles, each with the names that stand behind it; without names a title is left out."""
    yield "Added", [f"{sort} {name}" for sort, name in difference.added]
    yield "Removed", [f"{sort} {name}" for sort, name in difference.removed]
    yield "Asked in another order", ["the questions in both"] if difference.reordered else []
    yield "Answers cannot be compared", [f"question {name}" for name in difference.apart]


def _listed(title: str, names: list[str], width: int) -> list[str]:
    if not names:
        return []
    return [*textwrap.wrap(f"{title}: {', '.join(names)}", width, subsequent_indent="  "), ""]


def _contrast(title: str, old: str | None, new: str | None, width: int) -> Iterator[str]:
    """A title, what was and what is, both whole: what is cut off could be what has changed."""
    yield title
    for mark, text in (("-", old), ("+", new)):
        if text is not None:
            yield from wrap_text(make_printable(text), width, further="    ", first=f"  {mark} ")


def _move_as_data(move: Move) -> dict[str, Any]:
    return {
        "before": _urgency_as_data(move.before),
        "after": _urgency_as_data(move.after),
        "red_flag": move.flag,
        "old_answers": dict(move.old.values),
        "new_answers": dict(move.new.values),
    }


def _urgency_as_data(urgency: Urgency) -> dict[str, Any]:
    return {"advice": urgency.advice, "within_days": urgency.within_days}
