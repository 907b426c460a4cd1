"""A character -> what is odd about it and what to write in its place, for who cannot see it.

What was copied out of a web page, a mail or a word processor may look right and be something else.
"""

import unicodedata

_LOOKS_LIKE = {
    '"': "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02",
    "'": "\u2018\u2019\u201a\u201b\u2032\u00b4\uff07",
    ":": "\uff1a\ufe55\ua789\u2236",
    ",": "\uff0c\u3001\ufe50",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d",
    "{": "\uff5b",
    "}": "\uff5d",
    "[": "\uff3b",
    "]": "\uff3d",
    "#": "\uff03",
}
_PLAIN = {odd: plain for plain, all_odd in _LOOKS_LIKE.items() for odd in all_odd}

_NO_NAME = {
    "\r": "carriage return",
    "\n": "line break",
    "\t": "tab",
    "\x00": "NUL",
    "\x1b": "escape",
}
"""Unicode itself has no names for control characters."""


def list_lookalikes(sign: str) -> str:
    """The characters that look like a sign of YAML or JSON; most are at home in a sentence."""
    return _LOOKS_LIKE[sign]


def is_odd_blank(character: str) -> bool:
    """Whether it looks like a space and is none, such as a no-break space."""
    return character != " " and unicodedata.category(character) == "Zs"


def describe_odd(character: str) -> tuple[str, str] | None:
    """What is wrong with a character, and what to do; None for one that is what it looks like."""
    if character in _PLAIN:
        return f"{name_character(character)} stands here", f"use {_PLAIN[character]}"
    if is_odd_blank(character):
        return f"{name_character(character)} stands here", "use a space"
    if not character.isprintable():
        return describe_hidden(character), "remove it"
    return None


def describe_hidden(character: str) -> str:
    """What is wrong with a character that leaves no trace on a screen."""
    code = f"U+{ord(character):04X}"
    name = _find_name(character)
    return f"the character {code}{f' ({name})' if name else ''} cannot be shown"


def name_character(character: str) -> str:
    """What a character is called: "a no-break space (U+00A0)"."""
    name = _find_name(character) or "character"
    article = "an" if name[0] in "aeiou" else "a"
    return f"{article} {name} (U+{ord(character):04X})"


def _find_name(character: str) -> str:
    return _NO_NAME.get(character) or unicodedata.name(character, "").lower()
