"""Bytes -> JSON values, strictly: no duplicate keys, no NaN, UTF-8 only, bounded size and depth."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from backtriage.errors import AnswersError, Issue, shorten

MOST_BYTES = 1_000_000
MOST_DEPTH = 20


class _Duplicate(ValueError):
    """An object has a key twice."""


class _NotANumber(ValueError):
    """NaN or Infinity, which JSON does not have."""


def parse_json(data: bytes) -> Any:
    """The value of one JSON text.

    Raises AnswersError with one issue: `too-large`, `not-utf8`, `not-json`, `duplicate-key`, `not-a-number`
    or `too-deep`.
    """
    if len(data) > MOST_BYTES:
        raise _error("too-large", f"the input has more than {MOST_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} (0x{data[error.start]:02x}) is not UTF-8"
        raise _error("not-utf8", message, "save the input as UTF-8") from None
    if _depth(text) > MOST_DEPTH:
        raise _error("too-deep", f"the nesting is deeper than {MOST_DEPTH} levels", "answers are one flat object")
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        place = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno}, column {error.colno}"
        problem = error.msg[0].lower() + error.msg[1:]
        raise _error("not-json", f"this is not JSON: {problem}, at {place}") from None
    except _Duplicate as error:
        raise _error("duplicate-key", f'the key "{error}" stands in the object twice', "keep one of them") from None
    except _NotANumber as error:
        raise _error("not-a-number", f"{error} is not a number in JSON", "leave the key out, or write null") from None
    except ValueError:  # Python refuses integers of thousands of digits
        raise _error("not-a-number", "a number has too many digits") from None


def lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a stream that are not blank, each with its number, as soon as they are there.

    Of a line that is too large only so much is kept that `parse_json` sees that it is.
    """
    number = 0
    while line := stream.readline(MOST_BYTES + 2):
        number += 1
        rest = line
        while rest and not rest.endswith(b"\n") and len(line) > MOST_BYTES:
            rest = stream.readline(MOST_BYTES)
        if line.strip():
            yield number, line


def opens_a_document(line: bytes) -> bool:
    """Whether a first line begins a JSON text that goes on in the next lines, rather than being one by itself."""
    text = line.strip().removeprefix(b"\xef\xbb\xbf").strip()
    return text[:1] in (b"{", b"[") and text[-1:] not in (b"}", b"]")


def _error(code: str, message: str, suggestion: str | None = None) -> AnswersError:
    return AnswersError([Issue(code=code, message=message, suggestion=suggestion)])


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Duplicate(shorten(next(key for key in keys if keys.count(key) > 1)))
    return found


def _refuse_constant(name: str) -> None:
    raise _NotANumber(name)


def _depth(text: str) -> int:
    """The deepest nesting of brackets outside of strings; the parser itself would run out of stack."""
    depth = deepest = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            in_string = escaped or character != '"'
            escaped = character == "\\" and not escaped
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "]}":
            depth -= 1
    return deepest
