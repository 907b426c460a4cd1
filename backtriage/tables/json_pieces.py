"""Lines of JSON, cut at commas -> the key and the JSON text of the value of each piece.

It is as strict as `strict_json`.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from backtriage.errors import AnswersError, Issue
from backtriage.strict_json import FHIR_KEY, is_fhir, parse_json, write_json

_PIECE = (
    r'^(?P<open>[ \t\r]*\{)?[ \t\r]*"(?P<key>[^"\\\x00-\x1f]{0,500})"[ \t\r]*:[ \t\r]*'
    r"(?P<value>true|false|null|-?(?:0|[1-9][0-9]{0,50})(?:\.[0-9]{1,50})?"
    r'|"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt])*")[ \t\r]*(?:,|\}[ \t\r]*\n)$'
)
"""A piece that is JSON for sure, with what ends it: no other text is taken for one."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """The pieces of lines, one behind the other.

    `codes` are their places among the distinct ones, and `is_last` has those that end a line. Each
    distinct piece has a key, None if it is not a key and a value; the JSON text of the value; and
    whether a brace opens it.
    """

    codes: Any
    is_last: Any
    keys: Sequence[str | None]
    values: Any
    opens: Any


def cut_pieces(text: bytes, *, quoted: bool) -> Pieces:
    """Cut lines at their commas; with `quoted`, at none that stands in a text."""
    text = text if text.endswith(b"\n") else text + b"\n"
    letters = np.frombuffer(text, np.uint8)
    is_cut = letters == ord(",")
    if quoted:
        is_cut[_find_quoted(text)] = False
    is_cut |= letters == ord("\n")
    ends = np.flatnonzero(is_cut)
    starts = np.concatenate([[0], ends + 1]).astype(np.int32)
    pieces = pa.StringArray.from_buffers(len(ends), pa.py_buffer(starts), pa.py_buffer(text))
    coded = pieces.dictionary_encode()
    keys, values, opens = _understand(coded.dictionary)
    return Pieces(coded.indices.to_numpy(), letters[ends] == ord("\n"), keys, values, opens)


def _find_quoted(text: bytes) -> Any:
    """Where the commas are that stand behind an odd number of quotes in their line."""
    shape = text.replace(rb"\\", b"  ").replace(rb"\"", b"  ")  # quotes that end no text
    letters = np.frombuffer(shape, np.uint8)
    quotes, commas, ends = (np.flatnonzero(letters == ord(mark)) for mark in '",\n')
    before = np.searchsorted(quotes, commas)
    above = np.searchsorted(quotes, np.concatenate([[0], ends]))[np.searchsorted(ends, commas)]
    return commas[(before - above) % 2 == 1]


def _understand(pieces: Any) -> tuple[list[str | None], Any, Any]:
    """The keys and the JSON texts of the values of pieces, and whether a brace opens each."""
    plain = compute.extract_regex(pieces, _PIECE)
    opened, keys, values = (compute.struct_field(plain, name) for name in ("open", "key", "value"))
    opens = compute.not_equal(compute.fill_null(opened, ""), "").to_numpy(zero_copy_only=False)
    listed = [None if key == FHIR_KEY else key for key in keys.to_pylist()]
    if None not in listed:
        return listed, values, opens
    texts = values.to_pylist()
    for place in np.flatnonzero(keys.is_null().to_numpy(zero_copy_only=False)).tolist():
        listed[place], texts[place], opens[place] = _read_piece(pieces[place].as_py())
    return listed, pa.array(texts, pa.string()), opens


@lru_cache(maxsize=10_000)
def _read_piece(piece: str) -> tuple[str | None, str | None, bool]:
    """The key of a piece, the JSON text of its value, and whether a brace opens it."""
    body = piece[:-1].strip(" \t\r")
    opens = body.startswith("{")
    line = f"{'' if opens else '{'}{body}{'' if piece.endswith(chr(10)) else '}'}"
    members, issues = parse_line(line.encode())
    key, value = members[0] if members and len(members) == 1 and not issues else (None, None)
    return key, value, opens


def parse_line(line: bytes) -> tuple[list[tuple[str, str]] | None, tuple[Issue, ...]]:
    """The keys of a line with the JSON texts of their values, None where it is no object of
    answers; and all that is wrong with it.
    """
    issues: list[Issue] = []
    try:
        value = parse_json(line, issues)
    except AnswersError as error:
        return None, (*issues, *(_tell_return(issue, line) for issue in error.issues))
    if not isinstance(value, dict):
        message = "a row must be one object of question ids and values"
        is_list = isinstance(value, list)
        way_out = "write one object on each line, without the list around them" if is_list else None
        issues.append(Issue(code="not-an-object", message=message, suggestion=way_out))
        return None, tuple(issues)
    if is_fhir(value):
        message = "this is FHIR, where plain answers are read"
        way_out = "put FHIR into files of its own, and run `cohort` on them alone"
        issues.append(Issue(code="is-fhir", message=message, suggestion=way_out))
        return None, tuple(issues)
    if issues:  # what is left of the value is read too, so that all is told at once
        return [(key, write_json(one)) for key, one in value.items()], tuple(issues)
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
