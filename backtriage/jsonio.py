"""Bytes -> JSON values, strictly: no duplicate keys, no NaN, UTF-8 only, bounded size and depth."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from backtriage.errors import AnswersError, Issue, shorten

MOST_BYTES = 1_000_000
MOST_DEPTH = 20


@dataclass(frozen=True, slots=True)
class _Constant:
    """NaN or Infinity, which JSON does not have but Python reads."""

    name: str


def parse_json(data: bytes, issues: list[Issue]) -> Any:
    """The value of one JSON text.

    Where the text can be read but is not strict (`duplicate-key`, `not-a-number`), that is added to the issues, and
    the value is what remains, so that other mistakes in it can be told too.
    Raises AnswersError with one issue where it cannot be read: `too-large`, `not-utf8`, `not-json` or `too-deep`.
    """
    if len(data) > MOST_BYTES:
        raise _error("too-large", f"the input has more than {MOST_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"byte {error.start + 1} (0x{data[error.start]:02x}) is not UTF-8"
        raise _error("not-utf8", message, "save the input as UTF-8") from None
    if text.count("[") + text.count("{") > MOST_DEPTH and _depth(text) > MOST_DEPTH:
        raise _error("too-deep", f"the nesting is deeper than {MOST_DEPTH} levels", "answers are one flat object")
    try:
        value = json.loads(text, object_pairs_hook=lambda pairs: _object(pairs, issues), parse_constant=_Constant)
    except json.JSONDecodeError as error:
        place = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno}, column {error.colno}"
        problem = error.msg[0].lower() + error.msg[1:]
        raise _error("not-json", f"this is not JSON: {problem}, at {place}") from None
    except ValueError:  # Python refuses integers of thousands of digits
        raise _error("not-a-number", "a number has too many digits") from None
    return _without_constant(value, None, issues)


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


def ends(line: bytes) -> tuple[bytes, bytes]:
    """The first and the last character of a line, byte order mark and blanks aside: what its brackets show."""
    text = line.strip().removeprefix(b"\xef\xbb\xbf").strip()
    return text[:1], text[-1:]


def _error(code: str, message: str, suggestion: str | None = None) -> AnswersError:
    return AnswersError([Issue(code=code, message=message, suggestion=suggestion)])


def _object(pairs: list[tuple[str, Any]], issues: list[Issue]) -> dict[str, Any]:
    """The object of these pairs; of a key that stands twice the last value, with an issue."""
    for key, times in Counter(key for key, _ in pairs).items():
        if times > 1:
            message = f'the key "{shorten(key)}" stands in the object {times} times'
            issues.append(
                Issue(code="duplicate-key", message=message, suggestion="keep one of them", path=shorten(key))
            )
    return {key: _without_constant(value, key, issues) for key, value in pairs}


def _without_constant(value: Any, path: str | None, issues: list[Issue]) -> Any:
    """The value, or None with an issue for each NaN or Infinity."""
    if isinstance(value, list):
        return [_without_constant(item, path, issues) for item in value]
    if not isinstance(value, _Constant):
        return value
    message, suggestion = f"{value.name} is not a number in JSON", "leave the key out, or write null"
    place = None if path is None else shorten(path)
    issues.append(Issue(code="not-a-number", message=message, suggestion=suggestion, path=place))
    return None


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
