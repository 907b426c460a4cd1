"""Where Python's reader of JSON gave up -> what is wrong there, and what to write in its place."""

import json
import re
from collections.abc import Iterator

from backtriage.errors import Issue
from backtriage.language import say
from backtriage.odd_characters import describe_odd, name_character

_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANKS = " \t\r\n"
"""What JSON allows between its parts."""

_DOUBLE_QUOTES = "put keys and texts in double quotes"
_IN_WORDS: dict[str, tuple[str, str | None]] = {
    "Expecting property name enclosed in double quotes": (
        "a key must stand here",
        _DOUBLE_QUOTES,
    ),
    "Expecting ':' delimiter": ('a ":" must stand here, behind the key', None),
    "Expecting ',' delimiter": ("a comma is missing here, or the end of the object or list", None),
    "Expecting value": (
        "a value must stand here",
        "write a number, true, false, null, or a text in double quotes",
    ),
    "Extra data": (
        "something stands behind the end of the value",
        "remove it, or put each object on a line of its own (JSON Lines)",
    ),
    "Unterminated string starting at": ("the text that begins here is not closed", None),
    "Invalid \\escape": ("this \\ has no meaning", "write \\\\ for a \\"),
    "Invalid \\uXXXX escape": ("four digits in hex must stand behind \\u", None),
}
"""What Python says, and what it means: what is wrong, and what to do."""

_SINGLE_QUOTE = ("a single quote stands here", _DOUBLE_QUOTES)
_ANYTHING = ("this cannot stand here", None)
_COMMA_TOO_MANY = ("nothing stands behind the comma", "remove the comma")
_TOO_SHORT = ("the text ends before its value is whole", "is some of it missing?")
_OLD_LINE_ENDS = (
    "a line ends with a carriage return (U+000D) alone",
    "save the file with the line ends of Unix (LF)",
)


def explain_not_json(error: json.JSONDecodeError) -> Issue:
    """The issue for a text that is not JSON."""
    problem, suggestion = _explain(error)
    before = error.doc[: error.pos]
    # what ends too early does so at its last sign, and not on a line behind it
    lines = _LINE_END.split(before.rstrip(_BLANKS) if _is_cut(error) else before)
    places = {"problem": say(problem), "column": len(lines[-1]) + 1}
    if len(lines) > 1:
        message = say(
            "this is not JSON: {problem}, at line {line}, column {column}",
            line=len(lines),
            **places,
        )
    else:
        message = say("this is not JSON: {problem}, at column {column}", **places)
    return Issue(code="not-json", message=message, suggestion=suggestion and say(suggestion))


def list_problems() -> Iterator[str]:
    """What can be wrong, and what to do then, in English; what is said of characters aside."""
    named = (_COMMA_TOO_MANY, _TOO_SHORT, _OLD_LINE_ENDS, _SINGLE_QUOTE, _ANYTHING)
    pairs = (*named, *_IN_WORDS.values())
    yield from dict.fromkeys(text for pair in pairs for text in pair if text)


def _explain(error: json.JSONDecodeError) -> tuple[str, str | None]:
    """What is wrong, and what to do: what can hardly be seen comes before what Python says."""
    before, character = error.doc[: error.pos].rstrip(), error.doc[error.pos : error.pos + 1]
    if _is_cut(error):
        return _TOO_SHORT
    if error.msg.startswith("Invalid control character"):
        problem = say("{character} stands in a text", character=name_character(character))
        return problem, say("write it as {escape}", escape=json.dumps(character)[1:-1])
    if error.msg == "Extra data" and _ends_in_return(error):
        return _OLD_LINE_ENDS
    if odd := describe_odd(character):
        return odd
    if character == "'":
        return _SINGLE_QUOTE
    if error.msg.startswith("Illegal trailing comma") or (
        character in "}]" and before.endswith(",")
    ):
        return _COMMA_TOO_MANY
    return _IN_WORDS.get(error.msg, _ANYTHING)


def _is_cut(error: json.JSONDecodeError) -> bool:
    """Whether nothing stands there any more; the end of a line is nothing, also within a text."""
    return not error.doc[error.pos :].strip(_BLANKS)


def _ends_in_return(error: json.JSONDecodeError) -> bool:
    """Whether nothing but a carriage return parts what is behind the value from it."""
    between = error.doc[len(error.doc[: error.pos].rstrip()) : error.pos]
    return "\r" in between and "\n" not in between
