"""Bytes -> JSON values, strictly: no duplicate keys, no NaN, UTF-8 only, bounded size and depth."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, BinaryIO, TypeAlias

from backtriage.errors import AnswersError, Issue, limit_issues, shorten
from backtriage.language import say

MOST_BYTES = 1_000_000
MOST_DEPTH = 20

FHIR_KEY = "resourceType"
"""The key by which FHIR says what it is; no question can have this id."""
FHIR_MARK = b'"resourceType"'
"""The same as it stands in a text that is not read yet, or cannot be."""

_SURROGATE = re.compile(r"\\\\|\\ud[89ab]..\\ud[c-f]..|(?P<lone>\\ud[89a-f]..)")
"""Of JSON in ASCII: a backslash that is one, a whole character, and the half of one."""

_Fault: TypeAlias = tuple[str | None, "_Constant | int"]
"""A key, and NaN or Infinity under it, or how many times it stands in its object."""


def is_fhir(value: object) -> bool:
    """Whether a JSON value says of itself that it is FHIR."""
    return isinstance(value, dict) and FHIR_KEY in value


@dataclass(frozen=True, slots=True)
class _Constant:
    """NaN or Infinity, which JSON does not have but Python reads."""

    name: str


_MAY_HAVE_CONSTANTS = frozenset({_Constant, list})
"""The types of values in an object that are looked through for NaN or Infinity."""


def write_json(value: object, indent: int | None = None) -> str:
    """The JSON text of a value, in ASCII to survive every pipe; on one line without `indent`.

    A frozen dataclass is an object with its fields.
    """
    text = _get_encoder(indent).encode(value)
    # one character is found ten times as fast as two, and most texts have neither
    if "\\" in text and "\\ud" in text:
        text = _SURROGATE.sub(_replace_lone, text)
    # what would be a command in one of GitHub's logs, written in another way
    return text.replace("##[", "##\\u005b") if "#" in text else text


def _replace_lone(found: re.Match[str]) -> str:
    """Half a character, as in a name that is not UTF-8, is no text: a mark stands in its place."""
    return "\\ufffd" if found["lone"] else found[0]


@lru_cache
def _get_encoder(indent: int | None) -> json.JSONEncoder:
    return json.JSONEncoder(indent=indent, default=_simplify, check_circular=False)


def _simplify(value: object) -> object:
    """What stands for a dataclass, or for the answer "not sure"; anything else JSON does not have.

    `dataclasses.asdict` would copy everything inside as well, which takes longer than to assess.
    """
    fields = getattr(value, "__dataclass_fields__", None)
    if fields is not None:
        return {name: getattr(value, name) for name in fields}
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"JSON has no {type(value).__name__}")


def parse_json(data: bytes, issues: list[Issue]) -> Any:
    """The value of one JSON text.

    Where the text can be read but is not strict (`duplicate-key`, `not-a-number`), that is added
    to the issues, and the value is what remains, so that other mistakes in it can be told too.
    Raises AnswersError with one issue where it cannot be read: `too-large`, `not-utf8`, `not-json`
    or `too-deep`.
    """
    if len(data) > MOST_BYTES:
        message = say("the input has more than {count} bytes", count=f"{MOST_BYTES:,}")
        raise _error("too-large", message)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place, byte = error.start + 1, f"0x{data[error.start]:02x}"
        message = say("byte {place} ({byte}) is not UTF-8", place=place, byte=byte)
        raise _error("not-utf8", message, say("save the input as UTF-8")) from None
    # two quick counts settle it for nearly every text; `_depth` looks at each character
    if text.count("[") + text.count("{") > MOST_DEPTH and _depth(text) > MOST_DEPTH:
        message = say("the nesting is deeper than {count} levels", count=MOST_DEPTH)
        raise _error("too-deep", message, say("answers are one flat object"))
    faults: list[_Fault] = []
    try:
        value = json.loads(
            text, object_pairs_hook=lambda pairs: _object(pairs, faults), parse_constant=_Constant
        )
        return _without_constant(value, None, faults)
    except json.JSONDecodeError as error:
        from backtriage.not_json import explain_not_json

        raise AnswersError([explain_not_json(error)]) from None
    except ValueError:  # Python refuses integers of thousands of digits
        raise _error("not-a-number", say("a number has too many digits")) from None
    finally:
        issues += limit_issues(faults, _issue)


def read_lines(stream: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """The lines of a stream that are not blank, each with its number, as soon as they are there.

    Of a line that is too large only so much is kept that `parse_json` sees that it is.
    """
    for number, (line, is_blank) in enumerate(cut_lines(stream), 1):
        if not is_blank:
            yield number, line


def cut_lines(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """All lines of a stream, and whether all of the line is blank.

    Of one that has more than `MOST_BYTES` only so much is kept that one sees that it has, and it
    comes before its end is looked for, which may be nowhere.
    """
    while line := stream.readline(MOST_BYTES + 2):
        rest, is_blank = line, not line.strip()
        if not is_blank:
            yield line, False
        while rest and not rest.endswith(b"\n") and len(line) > MOST_BYTES:
            rest = stream.readline(MOST_BYTES)
            if is_blank and rest.strip():
                is_blank = False
                yield line, False
        if is_blank:
            yield line, True


def find_ends(line: bytes) -> tuple[bytes, bytes]:
    """The first and the last character of a line, byte order mark and blanks aside."""
    text = line.strip().removeprefix(b"\xef\xbb\xbf").strip()
    return text[:1], text[-1:]


def _error(code: str, message: str, suggestion: str | None = None) -> AnswersError:
    return AnswersError([Issue(code=code, message=message, suggestion=suggestion)])


def _object(pairs: list[tuple[str, Any]], faults: list[_Fault]) -> dict[str, Any]:
    """The object of these pairs; of a key that stands twice the last value, which is a fault."""
    found = dict(pairs)
    if len(found) < len(pairs):
        counted = Counter(key for key, _ in pairs)
        faults += ((key, times) for key, times in counted.items() if times > 1)
    if _MAY_HAVE_CONSTANTS.isdisjoint(map(type, found.values())):  # nearly always: a third faster
        return found
    return {key: _without_constant(value, key, faults) for key, value in pairs}


def _without_constant(value: Any, path: str | None, faults: list[_Fault]) -> Any:
    """The value, or None and a fault for each NaN or Infinity."""
    if isinstance(value, list):
        return [_without_constant(item, path, faults) for item in value]
    if not isinstance(value, _Constant):
        return value
    faults.append((path, value))
    return None


def _issue(fault: _Fault) -> Issue:
    key, constant_or_times = fault
    path = None if key is None else shorten(key)
    if isinstance(constant_or_times, _Constant):
        message = say("{name} is not a number in JSON", name=constant_or_times.name)
        suggestion = say("leave the key out, or write null")
        return Issue(code="not-a-number", message=message, suggestion=suggestion, path=path)
    message = say(
        'the key "{key}" stands in the object {count} times', key=path, count=constant_or_times
    )
    suggestion = say("keep one of them")
    return Issue(code="duplicate-key", message=message, suggestion=suggestion, path=path)


def _depth(text: str) -> int:
    """The deepest nesting of brackets outside of strings.

    Counted before the parser sees the text: it would run out of stack.
    """
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
