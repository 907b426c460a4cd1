"""(texts, a catalogue) -> the catalogue brought up to date with them.

Of a rule set, and of the program. Nothing that somebody has written is thrown away: a translation
of a sentence that was changed stays, marked as fuzzy, beside what the sentence was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TypeAlias

from babel.core import Locale
from babel.messages.catalog import Catalog, Message

from backtriage.language import ENGLISH
from backtriage.languages.of_program import list_languages, load_language
from backtriage.languages.po import get_source, is_usable, list_strings
from backtriage.model import RuleSet
from backtriage.translation import list_translatable

Source: TypeAlias = str | tuple[str, str]
"""A text, or a text for one thing and for several."""

_NEAR = 0.5
"""Two texts of one list that are less alike than that have nothing to do with each other."""

_COMMENTS = {
    "event": 'Stands behind the word "if"; "; or" may join it to others.',
    "say": "What the person says of themselves to a doctor. No full stop: that is put behind it.",
    "because": "Why this sign matters, to the person.",
    "label": "Names the question or the answer in a list; no full stop.",
    "item": "One of several things to tick.",
    "check": "Asked of those who were not sure: what to try, and the question once more.",
    "why": "Why it is asked.",
    "watch": 'Stands behind the word "if".',
    "net": "What to do on a day to look again.",
    "call": "The number to call.",
    "name": "The country, alone or in brackets.",
}
"""What a translator has to know of a text, by the end of its context."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A text to be translated, where it is used, and what a translator has to know of it.

    `known` is a translation that is there already, such as the name of a country.
    """

    context: str | None
    source: Source
    comment: str = ""
    known: str = ""


@dataclass(frozen=True, slots=True)
class Update:
    """A catalogue that is up to date, and how many of its texts are how."""

    catalog: Catalog
    translated: int
    outdated: int
    missing: int
    gone: int


def list_entries(rule_set: RuleSet, language: str) -> list[Entry]:
    """What is to be translated of a rule set.

    Unicode knows the names of the countries, and the program how "999 or 112" is said.
    """
    territories = Locale.parse(language).territories
    spoken = load_language(language) if language in list_languages() else ENGLISH
    entries = []
    for context, text in list_translatable(rule_set):
        _, *path = context.split(".")
        known = ""
        if context.startswith("country."):
            known = territories.get(path[0], "")
            if path[-1] == "call":
                known = text.replace(" or ", spoken.sentences.get(" or ", " or "))
        comment = _COMMENTS.get(context.rpartition(".")[2], "")
        entries.append(Entry(context, text, comment, known))
    return entries


def build_update(
    entries: Iterable[Entry], old: Catalog | None, language: str, project: str, version: str
) -> Update:
    """A catalogue of these texts, with what an `old` one says of them."""
    new = _begin_catalog(old, language, project, version)
    wanted = {(entry.context, _get_id(entry.source)): entry for entry in entries}
    before = _list_messages(old)
    spare = [message for key, message in before.items() if key not in wanted]
    for key, entry in wanted.items():
        message = before.get(key) or _find_former(entry, spare)
        new[entry.source] = _build_message(entry, message)
    for message in spare:
        if any(list_strings(message)):
            new.obsolete[new._key_for(message.id, message.context)] = message
    messages = [message for message in new if message.id]
    usable = sum(map(is_usable, messages))
    outdated = sum(message.fuzzy for message in messages)
    return Update(new, usable, outdated, len(messages) - usable - outdated, gone=len(new.obsolete))


def _begin_catalog(old: Catalog | None, language: str, project: str, version: str) -> Catalog:
    """A catalogue with a head and nothing else."""
    if old is None:
        name = Locale.parse(language).get_display_name("en")
        return Catalog(
            locale=language,
            project=project,
            version=version,
            fuzzy=False,
            msgid_bugs_address="",
            header_comment=f"# {name} texts of {project}.\n"
            "# No native clinician has reviewed this translation.",
        )
    return Catalog(
        locale=language,
        project=project,
        version=version,
        fuzzy=False,
        msgid_bugs_address=old.msgid_bugs_address,
        header_comment=old.header_comment,
        last_translator=old.last_translator,
        language_team=old.language_team,
        creation_date=old.creation_date,
        revision_date=old.revision_date,
    )


_Key: TypeAlias = tuple[str | None, str]


def _get_id(source: Source) -> str:
    return source if isinstance(source, str) else source[0]


def _list_messages(old: Catalog | None) -> dict[_Key, Message]:
    """Every message by context and text, what is gone among them, without the head."""
    if old is None:
        return {}
    each = [*old.obsolete.values(), *(message for message in old if message.id)]
    return {(message.context, get_source(message)): message for message in each}


def _find_former(entry: Entry, spare: list[Message]) -> Message | None:
    """The message whose text was changed into this one, which is then no longer spare."""
    near: Mapping[float, Message] = {
        SequenceMatcher(None, get_source(message), _get_id(entry.source)).ratio(): message
        for message in spare
        if message.context == entry.context and any(list_strings(message))
    }
    if not near or max(near) < _NEAR:
        return None
    former = near[max(near)]
    spare.remove(former)
    return former


def _build_message(entry: Entry, before: Message | None) -> Message:
    """The message of an entry, with the translation that there was."""
    comments = [entry.comment] if entry.comment else []
    if before is None or (entry.known and not any(list_strings(before))):
        text: str | tuple[str, ...] = entry.known if isinstance(entry.source, str) else ("", "")
        return Message(entry.source, text, context=entry.context, auto_comments=comments)
    is_same = get_source(before) == _get_id(entry.source)
    is_fuzzy = bool(any(list_strings(before)) and (before.fuzzy or not is_same))
    previous = before.previous_id or ([] if is_same else [get_source(before)])
    return Message(
        entry.source,
        before.string,
        flags=(before.flags | {"fuzzy"}) if is_fuzzy else before.flags - {"fuzzy"},
        auto_comments=comments,
        user_comments=before.user_comments,
        previous_id=previous if is_fuzzy else [],
        context=entry.context,
    )
