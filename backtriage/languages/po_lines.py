"""The text of a PO file -> what is wrong with its lines; a message -> its lines.

Babel reads what others refuse: a quote that is missing costs a letter, and of two translations of
one text the second is lost, both without a word. And it wraps what a message said before as prose,
where no other program can read it.
"""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass, field

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import normalize

from backtriage.errors import shorten

WIDTH = 100
"""So many characters a line may have."""
OBSOLETE = "#~ "

_KEYWORD = r"msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?"
_STATEMENT = re.compile(rf'(?:(?:{_KEYWORD}) +)?("(?:[^"\\]|\\.)*")')
_BEGUN = re.compile(rf"({_KEYWORD})(?![a-z_])|\"")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a line, counted from 1, and what to do."""

    line: int
    message: str
    suggestion: str


@dataclass(slots=True)
class _Entry:
    """What stands in the lines of one message: the strings and the first line of each keyword."""

    is_gone: bool = False
    strings: dict[str, list[str]] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    @property
    def key(self) -> tuple[bool, str, str]:
        """What no other message may share."""
        context, text = ("".join(self.strings.get(name, [])) for name in ("msgctxt", "msgid"))
        return self.is_gone, context.replace('""', ""), text.replace('""', "")


def find_faults(text: str) -> list[Fault]:
    """Every line that is no whole statement, and every message that stands there twice."""
    faults: list[Fault] = []
    entries: list[_Entry] = [_Entry()]
    keyword = ""
    for number, line in enumerate(text.split("\n"), 1):
        body = line.removeprefix("#~").strip()
        if not body or body.startswith("#"):
            continue
        begun, whole = _BEGUN.match(body), _STATEMENT.fullmatch(body)
        if whole is None:
            faults.append(_describe(number, body, is_begun=begun is not None))
        if begun and begun[1]:
            keyword = begun[1]
            entry = _choose_entry(entries, keyword, is_gone=line.startswith("#~"))
            if keyword in entry.lines:
                faults.append(_build_twice(number, f"a second {keyword}", entry.lines[keyword]))
            entry.lines.setdefault(keyword, number)
        entries[-1].strings.setdefault(keyword, []).append(whole[1] if whole else body)
    return sorted([*faults, *_find_twice(entries)], key=lambda fault: fault.line)


def _describe(number: int, body: str, *, is_begun: bool) -> Fault:
    if is_begun:
        message = f"this is not one whole text in double quotes: {shorten(body)}"
        return Fault(number, message, r'write it as msgstr "...", with \" for a quote within')
    message = f"this cannot be read as a PO file: {shorten(body)}"
    return Fault(number, message, "mend the line, or put # in front of it if it is a comment")


def _choose_entry(entries: list[_Entry], keyword: str, *, is_gone: bool) -> _Entry:
    """The entry that a keyword belongs to; a context, or a text behind one, begins another."""
    last = entries[-1]
    begins = (keyword == "msgctxt" and last.lines) or (keyword == "msgid" and "msgid" in last.lines)
    if begins:
        entries.append(_Entry())
    entries[-1].is_gone = is_gone
    return entries[-1]


def _find_twice(entries: list[_Entry]) -> Iterator[Fault]:
    first: dict[tuple[bool, str, str], int] = {}
    for entry in entries:
        line = entry.lines.get("msgid")
        if line is not None and first.setdefault(entry.key, line) != line:
            yield _build_twice(line, "the same text once more", first[entry.key])


def _build_twice(line: int, what: str, first: int) -> Fault:
    return Fault(line, f"{what}, after that in line {first}", "keep one of the two")


# Writing -----------------------------------------------------------------------------------------


def write_message(message: Message, catalog: Catalog, prefix: str = "") -> str:
    """The lines of a message; with the prefix OBSOLETE those of one that is gone."""
    return "".join(f"{line}\n" for line in _list_lines(message, catalog, prefix))


def _list_lines(message: Message, catalog: Catalog, prefix: str) -> Iterator[str]:
    if not message.id:
        yield catalog.header_comment
    for comment in message.user_comments:
        yield f"# {comment}".rstrip()
    for comment in message.auto_comments:
        for line in textwrap.wrap(comment, WIDTH, break_long_words=False, break_on_hyphens=False):
            yield f"#. {line}"
    if message.flags:
        yield f"#, {', '.join(sorted(message.flags))}"
    before = f"{prefix.strip() or '#'}| "
    for keyword, text in zip(("msgid", "msgid_plural"), message.previous_id, strict=False):
        yield _state(f"{before}{keyword}", text, before)
    for keyword, text in _list_statements(message, catalog):
        yield _state(f"{prefix}{keyword}", text, prefix)


def _list_statements(message: Message, catalog: Catalog) -> Iterator[tuple[str, str]]:
    if message.context:
        yield "msgctxt", message.context
    if isinstance(message.id, str):
        yield "msgid", message.id
        yield "msgstr", str(message.string or "")
        return
    yield from zip(("msgid", "msgid_plural"), message.id, strict=True)
    strings = dict(enumerate(message.string or ()))
    for place in range(catalog.num_plurals):
        yield f"msgstr[{place}]", strings.get(place, "")


def _state(keyword: str, text: str, prefix: str) -> str:
    return f"{keyword} {normalize(text, prefix=prefix, width=WIDTH)}"
