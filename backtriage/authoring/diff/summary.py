"""Difference -> text for those who write rules, or data for JSON."""

import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import Any

from backtriage.authoring.diff import Difference, Move
from backtriage.errors import shorten
from backtriage.model import RuleSet, Urgency
from backtriage.report.words import describe_patient, describe_urgency_in_brief


def render_text(found: Difference, old: RuleSet, new: RuleSet, width: int) -> str:
    """Who moves, most important first; then the parts that have changed, and the words."""
    lines = [f"{old.id} {old.version} -> {new.id} {new.version}", ""]
    lines += _moves("Less urgency", [move for move in found.moves if move.is_down], old, new, width)
    lines += _moves(
        "More urgency", [move for move in found.moves if not move.is_down], old, new, width
    )
    if not found.moves:
        lines += ["No patient gets another urgency.", ""]
    lines += [line for name, told in _changes(found) for line in _listed(name, told, width)]
    for part in found.changed:
        lines += [
            f"Rules of {part.sort} {part.id}",
            *_reworded("-", part.old, width),
            *_reworded("+", part.new, width),
        ]
    for change in found.rewordings:
        lines += [
            f"Wording of {change.where}",
            *_reworded("-", change.old, width),
            *_reworded("+", change.new, width),
        ]
    return "\n".join(lines).rstrip() + "\n"


def build_data(found: Difference) -> dict[str, Any]:
    """The same for JSON."""
    parts = {"added": found.added, "removed": found.removed}
    return {
        "lowers_urgency": found.lowers_urgency,
        "moves": [_move_as_data(move) for move in found.moves],
        **{key: [{"sort": sort, "id": name} for sort, name in told] for key, told in parts.items()},
        "changed": [asdict(part) for part in found.changed],
        "reordered": found.reordered,
        "not_comparable": list(found.apart),
        "wording": [
            {"where": change.where, "old": change.old, "new": change.new}
            for change in found.rewordings
        ],
    }


def _moves(title: str, moves: list[Move], old: RuleSet, new: RuleSet, width: int) -> Iterator[str]:
    if moves:
        yield from (title, "-" * len(title))
    for (before, after), group in groupby(moves, lambda move: (move.before, move.after)):
        yield f"{describe_urgency_in_brief(before)} -> {describe_urgency_in_brief(after)}"
        for move in group:
            patient = describe_patient(new, move.new.values)
            yield from textwrap.wrap(
                f"by the red flag {move.flag}: {patient}",
                width,
                initial_indent="  ",
                subsequent_indent="    ",
            )
            yield from _otherwise(move, old, width)
        yield ""


def _otherwise(move: Move, old: RuleSet, width: int) -> Iterator[str]:
    """What the same person answers to the old questions alone, or otherwise."""
    other = {
        name: answer
        for name, answer in move.old.values.items()
        if move.new.values.get(name) != answer
    }
    if other:
        text = f"before, the same person: {describe_patient(old, other)}"
        yield from textwrap.wrap(text, width, initial_indent="    ", subsequent_indent="    ")


def _changes(found: Difference) -> Iterator[tuple[str, list[str]]]:
    for title, parts in (("Added", found.added), ("Removed", found.removed)):
        yield title, [f"{sort} {name}" for sort, name in parts]
    yield "Asked in another order", ["the questions in both"] if found.reordered else []
    yield "Answers cannot be compared", [f"question {name}" for name in found.apart]


def _listed(title: str, told: list[str], width: int) -> list[str]:
    if not told:
        return []
    return [*textwrap.wrap(f"{title}: {', '.join(told)}", width, subsequent_indent="  "), ""]


def _reworded(mark: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(
        shorten(text, 400), width, initial_indent=f"  {mark} ", subsequent_indent="    "
    )


def _move_as_data(move: Move) -> dict[str, Any]:
    return {
        "before": _urgency(move.before),
        "after": _urgency(move.after),
        "red_flag": move.flag,
        "old_answers": dict(move.old.values),
        "new_answers": dict(move.new.values),
    }


def _urgency(urgency: Urgency) -> dict[str, Any]:
    return {"advice": urgency.advice, "within_days": urgency.within_days}
