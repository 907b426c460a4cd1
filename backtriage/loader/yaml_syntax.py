"""Where libyaml gave up -> what is wrong there, and what to do."""

import yaml

from backtriage.errors import Issue
from backtriage.loader.lookalikes import find_lookalike
from backtriage.loader.yaml_nodes import Place

_ASTRAY = "this does not fit what stands before it"
_NO_TEXT = ("a text cannot begin like this", "put the text in quotes")
_NOT_YAML = ("this cannot be read as YAML", "put a text with signs in it in quotes")
_UNCLOSED = ", or a comma is missing behind it"
_BAD_ESCAPE = ("this \\ has no meaning", "use single quotes instead of double ones")
_IN_WORDS = {
    "mapping values are not allowed in this context": (
        '": " cannot stand here',
        'put a text with ": " in it in quotes, or mend the indentation',
    ),
    "block sequence entries are not allowed in this context": (
        '"- " cannot stand here',
        "begin a new line",
    ),
    "did not find expected key": (_ASTRAY, "mend the indentation, or put the whole text in quotes"),
    "did not find expected '-' indicator": (_ASTRAY, "mend the indentation"),
    "did not find expected node content": ("this cannot stand inside of { } or [ ]", None),
    "did not find expected <document start>": (_ASTRAY, "mend the indentation"),
    "found character that cannot start any token": _NO_TEXT,
    "did not find expected comment or line break": _NO_TEXT,
    "did not find expected alphabetic or numeric character": _NO_TEXT,
    "found unknown escape character": _BAD_ESCAPE,
    "could not find expected ':'": (
        'a ":" is missing in this line',
        "write a key, a colon, a space and the value",
    ),
    "found unexpected document indicator": ("a quote before this line is not closed", None),
    "did not find expected hexdecimal number": _BAD_ESCAPE,
    "found invalid Unicode character escape code": _BAD_ESCAPE,
    "found unexpected end of stream": ("the quote that begins here is not closed", None),
    "did not find expected ',' or '}'": ("the { here is not closed" + _UNCLOSED, None),
    "did not find expected ',' or ']'": ("the [ here is not closed" + _UNCLOSED, None),
}
"""What libyaml says, and what it means: what is wrong, and what to do."""

_TOLD_AT_THE_BEGINNING = (
    "could not find expected ':'",
    "found unexpected end of stream",
    "did not find expected ','",
)
"""Where libyaml stops says little of these: the mistake is where the thing begins (its context)."""


def explain_syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Issue:
    """The issue for what the parser could not read.

    A sign that only looks like one of YAML comes before all that the parser says.
    """
    problem = error.problem or ""
    lines = text.split("\n")
    for mark in _list_marks(error):
        line = lines[mark.line] if mark.line < len(lines) else ""
        if found := find_lookalike(line):
            column, *explained = found
            return Place(file, mark.line + 1, column).build_issue("yaml-syntax", *explained)
    place = place_mistake(error, file)
    message, suggestion = _IN_WORDS.get(problem, _NOT_YAML)
    return place.build_issue("yaml-syntax", message, suggestion)


def place_mistake(error: yaml.MarkedYAMLError, file: str) -> Place:
    """Where the mistake is that the parser stumbled over."""
    mark = next(iter(_list_marks(error)), None)
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)


def _list_marks(error: yaml.MarkedYAMLError) -> list[yaml.Mark]:
    """The places that the parser names, the most telling first."""
    marks = [error.problem_mark, error.context_mark]
    if (error.problem or "").startswith(_TOLD_AT_THE_BEGINNING):
        marks.reverse()
    return [mark for mark in marks if mark]
