"""A PO file <-> Babel's Catalog, and the translations in it that can be used.

Babel leaves out what a message said before it was changed ("#| msgid"); here it is kept.
"""

import io
import json
import re
from hashlib import sha256
from pathlib import Path

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po, unescape, write_po

from backtriage.errors import Issue, RuleSetError
from backtriage.files import describe_failure
from backtriage.translation import Catalogue

_PREVIOUS = re.compile(r'\bmsgid ((?:"(?:[^"\\]|\\.)*"\s*)+)')
"""What a message said before, in pieces: Babel wraps it as prose, wherever a line is full."""
_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"')
WIDTH = 100
"""So many characters a line may have."""


def read_catalog(path: Path, language: str) -> Catalog:
    """What a PO file says, all of it; raises RuleSetError.

    Messages know their line (`lineno`) and, if they are outdated, what they said (`previous_id`).
    """
    try:
        data = path.read_bytes()
        catalog = read_po(io.BytesIO(data), locale=language, abort_invalid=True)
    except OSError as error:
        message = describe_failure(error)
        raise RuleSetError(
            [Issue(code="unreadable-file", message=message, file=str(path))]
        ) from None
    except PoFileError as error:
        message = "this cannot be read as a PO file"
        issue = Issue(
            code="po-syntax",
            message=f"{message}: {error.line.strip()}" if error.line.strip() else message,
            suggestion="mend the line, or write the file anew with an editor for PO files",
            file=str(path),
            line=error.lineno + 1,
        )
        raise RuleSetError([issue]) from None
    except (UnknownLocaleError, ValueError) as error:
        raise RuleSetError([Issue(code="po-syntax", message=str(error), file=str(path))]) from None
    for message in [*catalog, *catalog.obsolete.values()]:
        _restore_previous(message)
    return catalog


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
    written = io.BytesIO()
    write_po(written, catalog, width=WIDTH, include_previous=True)
    return written.getvalue().decode().rstrip("\n") + "\n"


def get_source(message: Message) -> str:
    """What a message translates; of a text for one thing and for several, that for one."""
    return message.id if isinstance(message.id, str) else message.id[0]


def list_strings(message: Message) -> tuple[str, ...]:
    """The translations of a message, one for each plural form if it has those; "" for none."""
    texts = message.string
    return tuple(texts) if isinstance(texts, list | tuple) else (texts or "",)


def is_usable(message: Message) -> bool:
    """Whether a message has a translation of what stands in the rules now."""
    return bool(message.id) and all(list_strings(message)) and not message.fuzzy


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
