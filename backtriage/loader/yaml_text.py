"""Bytes of a YAML file -> its text, without what cannot be seen or only looks like a space."""

import re
from collections import Counter

from backtriage.errors import Issue
from backtriage.loader.folder import MOST_BYTES
from backtriage.loader.yaml_nodes import Place
from backtriage.odd_characters import describe_hidden, describe_odd

_UNPRINTABLE = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff"
)
"""Control characters, what cannot be seen, and what turns the direction of the text."""
_BLANKS = "".join(map(chr, (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)))
"""What looks like a space, and is none to YAML."""

ODD = re.compile(f"[{_UNPRINTABLE}{_BLANKS}]")
"""What no text of a rule set may have."""
_AS_IT_LOOKS = str.maketrans(dict.fromkeys(_BLANKS, " ") | {"\r": "\n"})


def read_text(data: bytes, file: str, issues: list[Issue]) -> str | None:
    """The text of a file; None where it is too long or has what cannot be shown.

    What is wrong is added to the issues. Blanks that are no spaces, and line ends of another
    system, are told and then read as what they look like, so that other mistakes are found too.
    """
    if len(data) > MOST_BYTES:
        message = f"the file has more than {MOST_BYTES:,} bytes"
        place = Place(file, 1, 1)
        issues.append(place.build_issue("too-large", message, "split it into two files"))
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # the object of the error is what stands behind a byte order mark
        place = _place_after(error.object[: error.start].decode(), file)
        message = f"byte 0x{error.object[error.start]:02x} is not UTF-8"
        issues.append(place.build_issue("not-utf8", message, "save the file as UTF-8"))
        return None
    text = text.replace("\r\n", "\n")
    odd = Counter(ODD.findall(text))
    if "\0" in odd:  # UTF-16 has one for every letter, and more that need not be told
        odd = Counter({"\0": odd["\0"]})
    for character, times in odd.items():
        before = text.partition(character)[0]
        issues.append(_explain(character, times, _place_after(before, file)))
    readable = text.translate(_AS_IT_LOOKS)
    return None if ODD.search(readable) else readable


def _place_after(text: str, file: str) -> Place:
    """The place of what follows the text."""
    return Place(file, text.count("\n") + 1, len(text) - text.rfind("\n"))


def _explain(character: str, times: int, place: Place) -> Issue:
    """The issue for a character that stands so often in a file, at its first place."""
    code, message, suggestion = _describe(character)
    if times > 1:
        suggestion += f"; it stands in this file {times:,} times"
    return place.build_issue(code, message, suggestion)


def _describe(character: str) -> tuple[str, str, str]:
    """The code for a character, what is wrong with it, and what to do."""
    match character:
        case "\t":
            return "yaml-syntax", "a tab stands here", "use spaces"
        case "\r":
            message = "the character U+000D (carriage return) ends a line alone"
            return "control-character", message, "save the file with the line ends of Unix (LF)"
        case "\0":
            return "control-character", describe_hidden(character), "save the file as UTF-8"
    message, suggestion = describe_odd(character) or (describe_hidden(character), "remove it")
    code = "yaml-syntax" if character in _BLANKS else "control-character"
    return code, message, suggestion
