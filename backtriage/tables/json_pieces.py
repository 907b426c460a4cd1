"""Pieces of lines of JSON, cut at commas -> their keys and the JSON texts of their values, as
strict as `strict_json`.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from backtriage.errors import AnswersError, Issue
from backtriage.strict_json import FHIR_KEY, is_fhir, parse_json
from backtriage.tables.blocks import has_strange_lines, is_text

HIDDEN = b"\x1f"
"""What stands for a comma within quotes; no text of JSON has it."""

_MANY = 200
"""So many distinct pieces are looked at all at once, if they are plain."""

_BLANKS = " \t\r"
_OPEN, _CLOSE = r"[ \t\r]*\{", r"\}[ \t\r]*"
_PIECE = (
    r'[ \t\r]*"(?P<key>[^"\\\x00-\x1f]{0,500})"[ \t\r]*:[ \t\r]*'
    r"(?P<value>true|false|null|-?(?:0|[1-9][0-9]{0,50})(?:\.[0-9]{1,50})?"
    r'|"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt])*")[ \t\r]*'
)
"""A piece that is JSON for sure: no other text is taken for one."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The key and the JSON text of the value of each distinct piece; no key where it is none."""

    keys: Sequence[str | None]
    values: Any


def understand_pieces(columns: Sequence[Any], *, hidden: bool) -> list[Pieces]:
    """The pieces of each column; `hidden` says that commas in their texts are."""
    last = len(columns) - 1
    return [
        _understand(
            compute.replace_substring(column, HIDDEN.decode(), ",") if hidden else column,
            begins=place == 0,
            ends=place == last,
        )
        for place, column in enumerate(columns)
    ]


def _understand(pieces: Any, *, begins: bool, ends: bool) -> Pieces:
    """`begins` and `ends` say that a brace stands before or behind each piece."""
    cut = partial(_cut_piece, begins=begins, ends=ends)
    if len(pieces) < _MANY:
        found = [cut(piece) for piece in pieces.to_pylist()]
        values = pa.array([value for _, value in found], pa.string())
        return Pieces([key for key, _ in found], values)
    before, behind = _OPEN if begins else "", _CLOSE if ends else ""
    plain = compute.extract_regex(pieces, f"^{before}{_PIECE}{behind}$")
    keys, values = (compute.struct_field(plain, name) for name in ("key", "value"))
    return Pieces(*_repair(keys, values, pieces, cut))


def _repair(
    keys: Any, values: Any, pieces: Any, cut: Callable[[str], tuple[str | None, str | None]]
) -> tuple[list[str | None], Any]:
    """The keys and values of all pieces, of those that are not plain by parsing them."""
    listed = [None if key == FHIR_KEY else key for key in keys.to_pylist()]
    if None not in listed:
        return listed, values
    texts = values.to_pylist()
    for place in np.flatnonzero(keys.is_null().to_numpy(zero_copy_only=False)).tolist():
        listed[place], texts[place] = cut(pieces[place].as_py())
    return listed, pa.array(texts, pa.string())


@lru_cache(maxsize=10_000)
def _cut_piece(piece: str, *, begins: bool, ends: bool) -> tuple[str | None, str | None]:
    """The key of a piece and the JSON text of its value; None where it is not these."""
    stripped = piece.strip(_BLANKS)
    if (begins and not stripped.startswith("{")) or (ends and not stripped.endswith("}")):
        return None, None
    line = f"{'' if begins else '{'}{stripped}{'' if ends else '}'}"
    members, issues = parse_line(line.encode())
    return (None, None) if issues or len(members) != 1 else members[0]


def is_plain_line(line: bytes, without: bytes = b"\n") -> bool:
    """Whether a line may be cut with others, and has not that mark in it."""
    return without not in line and not has_strange_lines(line) and is_text(line)


def hide_commas(text: bytes) -> bytes:
    """Lines with another mark for each comma that stands within quotes."""
    shape = text.replace(rb"\\", b"  ").replace(rb"\"", b"  ")  # quotes that end no text
    letters = np.frombuffer(shape, np.uint8)
    quotes, commas, ends = (np.flatnonzero(letters == ord(mark)) for mark in '",\n')
    before = np.searchsorted(quotes, commas)
    above = np.searchsorted(quotes, np.concatenate([[0], ends]))[np.searchsorted(ends, commas)]
    hidden = np.frombuffer(text, np.uint8).copy()
    hidden[commas[(before - above) % 2 == 1]] = ord(HIDDEN)
    return hidden.tobytes()


def parse_line(line: bytes) -> tuple[list[tuple[str, str]], tuple[Issue, ...]]:
    """The keys of a line with the JSON texts of their values, and all that is wrong with it."""
    issues: list[Issue] = []
    try:
        value = parse_json(line, issues)
    except AnswersError as error:
        return [], (*issues, *(_tell_return(issue, line) for issue in error.issues))
    if not isinstance(value, dict):
        message = "a row must be one object of question ids and values"
        is_list = isinstance(value, list)
        way_out = "write one object on each line, without the list around them" if is_list else None
        issues.append(Issue(code="not-an-object", message=message, suggestion=way_out))
    elif is_fhir(value):
        message = "this is FHIR, and the file is read as plain answers, as its beginning is"
        way_out = "put FHIR into files of its own, and run them alone"
        issues.append(Issue(code="is-fhir", message=message, suggestion=way_out))
    if issues:
        return [], tuple(issues)
    return list(_members(line.decode("utf-8-sig"))), ()


def _tell_return(issue: Issue, line: bytes) -> Issue:
    """The issue, with what may be behind it: lines that end as on old Macs."""
    if issue.code != "not-json" or b"\r" not in line.strip():
        return issue
    return replace(issue, suggestion="it has a carriage return (CR) within it; end lines with LF")


_DECODER = json.JSONDecoder()
_MARK = re.compile(r"[ \t\r\n]*[{,:][ \t\r\n]*")


def _members(text: str) -> Iterator[tuple[str, str]]:
    """The keys and the texts of the values of a text that is one object."""
    mark = _MARK.match(text)
    while mark and not text.startswith("}", mark.end()):
        key, end = _DECODER.raw_decode(text, mark.end())
        colon = _MARK.match(text, end)
        assert colon is not None  # as it is an object
        _, end = _DECODER.raw_decode(text, colon.end())
        yield key, text[colon.end() : end]
        mark = _MARK.match(text, end)
