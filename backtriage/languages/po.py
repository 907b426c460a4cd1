"""A PO file <-> Babel's Catalog, and the translations in it that can be used.

Babel leaves out what a message said before it was changed ("#| msgid"), and refuses that of one
that is gone ("#~| msgid"); here both are kept.
"""

import io
import json
import re
from hashlib import sha256
from pathlib import Path

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, unescape

from backtriage.errors import Issue, RuleSetError, limit_issues, shorten
from backtriage.files import describe_failure
from backtriage.languages.po_lines import OBSOLETE, Fault, find_faults, write_message
from backtriage.translation import Catalogue

_PREVIOUS = re.compile(r'\bmsgid ((?:"(?:[^"\\]|\\.)*"\s*)+)')
"""What a message said before, in pieces; Babel wraps it as prose, wherever a line is full."""
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"')
_PREVIOUS_OF_GONE = re.compile(rb"^#~\|", re.MULTILINE)
_PLACE = re.compile(r"\{[^{}]*\}|[{}]")
_COUNT = "{count}"


def read_catalog(path: Path, language: str) -> Catalog:
    """What a PO file says, all of it; raises RuleSetError.

    Messages know their line (`lineno`) and, if they are outdated, what they said (`previous_id`).
    """
    try:
        data = _PREVIOUS_OF_GONE.sub(b"#|", path.read_bytes())
        _refuse_faults(data, path)
        catalog = read_po(io.BytesIO(data), locale=language, abort_invalid=True)
    except OSError as error:
        message = describe_failure(error)
        raise RuleSetError(
            [Issue(code="unreadable-file", message=message, file=str(path))]
        ) from None
    except PoFileError as error:
        told = shorten(error.line.strip()) or str(error).rpartition(" on ")[0]
        message = f"this cannot be read as a PO file: {told}"
        way_out = "mend the line, or write the file anew with an editor for PO files"
        raise RuleSetError([_place(Fault(error.lineno + 1, message, way_out), path)]) from None
    except (UnknownLocaleError, ValueError) as error:
        raise RuleSetError([Issue(code="po-syntax", message=str(error), file=str(path))]) from None
    for message in [*catalog, *catalog.obsolete.values()]:
        _restore_previous(message)
    return catalog


def _refuse_faults(data: bytes, path: Path) -> None:
    """Raise RuleSetError for lines that Babel would read otherwise than they are meant."""
    faults = find_faults(data.decode(errors="surrogateescape"))
    if faults:
        raise RuleSetError(limit_issues(faults, lambda fault: _place(fault, path)))


def _place(fault: Fault, path: Path) -> Issue:
    return Issue(
        code="po-syntax",
        message=fault.message,
        suggestion=fault.suggestion,
        file=str(path),
        line=fault.line,
    )


def _restore_previous(message: Message) -> None:
    """Take what a message said before out of its comments, where Babel leaves it."""
    old = [line for line in message.user_comments if line.startswith("|")]
    if old:
        message.user_comments = [line for line in message.user_comments if line not in old]
        found = _PREVIOUS.search(" ".join(line.removeprefix("| ") for line in old))
        pieces = _PIECE.findall(found[1]) if found else []
        message.previous_id = ["".join(map(unescape, pieces))] if pieces else []


def write_catalog(catalog: Catalog) -> str:
    """The text of the PO file."""
    messages = [write_message(message, catalog) for message in catalog]
    messages += [write_message(one, catalog, OBSOLETE) for one in catalog.obsolete.values()]
    return "\n".join(messages)


def get_source(message: Message) -> str:
    """What a message translates; of a text for one thing and for several, that for one."""
    return message.id if isinstance(message.id, str) else message.id[0]


def list_strings(message: Message) -> tuple[str, ...]:
    """The translations of a message, one for each plural form if it has those; "" for none."""
    texts = message.string
    return tuple(texts) if isinstance(texts, list | tuple) else (texts or "",)


def is_usable(message: Message) -> bool:
    """Whether a message has a translation of what stands in the rules now, with all its places."""
    is_whole = bool(message.id) and all(list_strings(message)) and not message.fuzzy
    return is_whole and has_same_places(message)


def has_same_places(message: Message) -> bool:
    """Whether each translation has what is filled in, such as {answer}, as often as the original.

    A brace that is no part of that is as wrong. Of several forms all but the last may leave out how
    many there are: they can be for one number alone.
    """
    if isinstance(message.id, str):
        wanted = list_places(message.id)
        return all(list_places(text) == wanted for text in list_strings(message))
    *first, last = map(list_places, list_strings(message))
    wanted = list_places(message.id[1])
    uncounted = [place for place in wanted if place != _COUNT]
    return last == wanted and all(found in (wanted, uncounted) for found in first)


def list_places(text: str) -> list[str]:
    """What is filled in there, and braces that belong to nothing of that, sorted."""
    return sorted(_PLACE.findall(text))


def read_catalogue(path: Path, language: str) -> Catalogue:
    """The translations of a rule set that can be used; raises RuleSetError."""
    texts: dict[str, dict[str, str]] = {}
    for message in read_catalog(path, language):
        if is_usable(message):
            texts.setdefault(message.context or "", {})[str(message.id)] = str(message.string)
    return build_catalogue(language, texts)


def build_catalogue(language: str, texts: dict[str, dict[str, str]]) -> Catalogue:
    """A catalogue of these texts; its hash is that of the texts, however they are laid out."""
    content = json.dumps(texts, sort_keys=True)
    return Catalogue(language, texts, sha256(content.encode()).hexdigest())
