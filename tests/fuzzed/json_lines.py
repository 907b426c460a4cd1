"""Streams of JSON Lines, most of them nearly right -> one outcome for each line,
and the right one.
"""

import io
import json
from collections.abc import Sequence
from random import Random
from typing import Any

from backtriage import AnswersError, Assessment, assess, load
from backtriage.json_io.stream import assess_stream
from backtriage.report.formats import render_json
from backtriage.strict_json import MOST_DEPTH
from helpers import SMALL

TRIES = 100
"""Lines of one stream."""

RULES = load(SMALL)

VALUES: list[object] = [
    None, True, False, "yes", "no", "Y", "not sure", "dunno", "maybe so", "?", "worse",
    "new_stable", "It gets worse", 0, 47, 47.5, 120, 121, -1, "47", "47 years", "6 weeks",
    "42 days", "6", 42, "1e1", "NaN", "", " ", [], {"a": 1}, [[]], 10**30, 1e300, "ÿ\u2028",
    "\ud800", "\x1b[31m", "\x00", "x" * 1000,
]  # fmt: skip
"""Answers, what is nearly one, and what is none."""

KEYS = ["", "agee", "AGE", "numb ", "weakness", "\ud800", "\x1b[31m", "x" * 200]

PIECES = [
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u", b"\\ud800", b"\xff", b"\xef\xbb\xbf",
    b"\x00", b"\r", b"\x0c", b" ", b"NaN", b"-Infinity", b"1e999", b"9" * 5000, b"[" * 30,
    b'{"a":' * 25, b"true", b"tru", b'"age": 1,', b'"age": 2', b"//", b"'",
]  # fmt: skip


def draw(random: Random) -> bytes:
    """A stream of lines; in one in ten streams the last line has no end."""
    lines = [_line(random) for _ in range(TRIES)]
    return b"\n".join(lines) + (b"" if random.random() < 0.1 else b"\n")


def _line(random: Random) -> bytes:
    names = [*RULES.questions, random.choice(KEYS)] if random.random() < 0.1 else RULES.questions
    chosen = random.sample(list(names), random.choice((0, 1, 1, 2, 2, 3, 6)))
    row = {name: random.choice(VALUES) for name in chosen}
    line = json.dumps(row, ensure_ascii=random.random() < 0.5).encode("utf-8", "surrogatepass")
    for _ in range(random.choice((0, 0, 0, 0, 1, 1, 2))):
        line = _spoil(random, line)
    return line.replace(b"\n", b" ")


def _spoil(random: Random, line: bytes) -> bytes:
    """The line with something put in, or in the place of up to three bytes, or cut off."""
    start = random.randint(0, len(line))
    if random.random() < 0.2:
        return line[:start]
    return line[:start] + random.choice(PIECES) + line[start + random.choice((0, 0, 1, 3)) :]


def check(stream: bytes) -> None:
    """Each line that is not blank has one outcome, in its order, and it is the right one."""
    outcomes = list(assess_stream(RULES, io.BytesIO(stream), json_lines=True))
    lines = [(number, line) for number, line in enumerate(stream.split(b"\n"), 1) if line.strip()]
    if not lines:
        return

    assert [outcome.line for outcome in outcomes] == [number for number, _ in lines]
    for outcome, (_, line) in zip(outcomes, lines, strict=True):
        _check_outcome(outcome.result, line)


def _check_outcome(result: Assessment | AnswersError, line: bytes) -> None:
    raw = strict_object(line)
    if isinstance(result, Assessment):
        assert raw is not None, line
        assert result == assess(RULES, raw), line
        assert json.loads(render_json(result))["advice"] == result.advice
        return
    assert result.issues, line
    assert all(str(issue).isprintable() for issue in result.issues), line
    json.dumps([issue.build_json() for issue in result.issues])
    if raw is not None:
        assert codes(raw) == [issue.code for issue in result.issues], line


def codes(raw: object) -> list[str]:
    """What is wrong with answers that are no JSON text any more."""
    try:
        assess(RULES, raw)
    except AnswersError as error:
        return [issue.code for issue in error.issues]
    return []


def strict_object(line: bytes) -> dict[str, Any] | None:
    """The object that a line is by Python's own reader, if it is strict JSON; None if it is not."""
    try:
        text = line.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and depth(value) <= MOST_DEPTH else None


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a key stands there twice")
    return value


def _refuse(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def depth(value: object) -> int:
    """How many brackets are around the innermost value."""
    if not isinstance(value, dict | list):
        return 0
    return 1 + max(map(depth, value.values() if isinstance(value, dict) else value), default=0)
