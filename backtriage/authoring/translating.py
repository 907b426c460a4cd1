"""(texts, a catalogue) -> the catalogue brought up to date with them.

Of a rule set, and of the program. Nothing that somebody has written is thrown away: a translation
of a sentence that was changed stays, marked as fuzzy, beside what the sentence was.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TypeAlias

from babel.core import Locale
from babel.messages.catalog import Catalog, Message

from backtriage.languages.of_program import load_spoken
from backtriage.languages.po import get_source, is_usable, list_strings
from backtriage.model import RuleSet
from backtriage.translation import list_translatable

Source: TypeAlias = str | tuple[str, str]
"""A text, or a text for one thing and for several."""

Key: TypeAlias = tuple[str | None, str]
"""The context of a text, and the text; of one for several things, that for one."""

_NEAR = 0.5
"""Two texts of one list that are less alike than that have nothing to do with each other."""

_BEHIND_IF = (
    'Stands behind the word "if" and a blank. The program does not elide, so begin with a word '
    'before which that is not needed (in French "vous", not "il").'
)
_COMMENTS = {
    "event": f'{_BEHIND_IF} "; or" may join it to others.',
    "say": "What the person says of themselves to a doctor. No full stop: that is put behind it.",
    "because": "Why this sign matters, to the person.",
    "label": "Names the question or the answer in a list; no full stop.",
    "item": "One of several things to tick.",
    "check": "Asked of those who were not sure: what to try, and the question once more.",
    "why": "Why it is asked.",
    "watch": _BEHIND_IF,
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


class State(StrEnum):
    """How a text is translated; one that is SPOILED has a translation with another placeholder."""

    TRANSLATED = "translated"
    OUTDATED = "outdated"
    MISSING = "missing"
    SPOILED = "with a wrong placeholder"


@dataclass(frozen=True, slots=True)
class Update:
    """A catalogue that is up to date, how many of its texts are how, and how many are gone."""

    catalog: Catalog
    states: Counter[State]
    gone: int

    def describe(self) -> str:
        """How many there are of each, in words."""
        told = [f"{self.states[state]} {state}" for state in State if state != State.SPOILED]
        spoiled = self.states[State.SPOILED]
        told += [f"{self.gone} gone", *([f"{spoiled} {State.SPOILED}"] if spoiled else [])]
        return ", ".join(told)


def list_entries(rule_set: RuleSet, language: str) -> list[Entry]:
    """What is to be translated of a rule set.

    Unicode knows the names of the countries, and the program how "999 or 112" is said.
    """
    territories = Locale.parse(language).territories
    spoken = load_spoken(language)
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
    matched = match(wanted, old)
    for key, entry in wanted.items():
        new[entry.source] = _build_message(entry, matched.get(key))
    kept = {id(message) for message in matched.values()}
    for message in _list_messages(old).values():
        if id(message) not in kept and any(list_strings(message)):
            new.obsolete[new._key_for(message.id, message.context)] = message
    return Update(new, Counter(map(find_state, (one for one in new if one.id))), len(new.obsolete))


def find_state(message: Message) -> State:
    """What is to be done with a message."""
    if is_usable(message):
        return State.TRANSLATED
    if message.fuzzy:
        return State.OUTDATED
    return State.SPOILED if all(list_strings(message)) else State.MISSING


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


def _get_id(source: Source) -> str:
    return source if isinstance(source, str) else source[0]


def match(wanted: Collection[Key], old: Catalog | None) -> dict[Key, Message]:
    """The message of each text that has one: its own, or that of a text which was changed into it.

    The latter has a translation; what stands alone in its context was changed however much.
    """
    before = _list_messages(old)
    matched = {key: before[key] for key in wanted if key in before}
    spare = [one for key, one in before.items() if key not in matched and any(list_strings(one))]
    gone = {id(one) for one in old.obsolete.values()} if old is not None else set()
    together = Counter(context for context, _ in wanted)
    for context, text in wanted:
        if (context, text) not in matched:
            near = {
                (id(one) not in gone, _measure_likeness(one, text)): one
                for one in spare
                if one.context == context
            }
            if together[context] > 1:
                near = {rank: one for rank, one in near.items() if rank[1] >= _NEAR}
            if near:
                matched[context, text] = former = near[max(near)]
                spare = [one for one in spare if one is not former]
    return matched


def _list_messages(old: Catalog | None) -> dict[Key, Message]:
    """Every message by context and text, what is gone among them, without the head."""
    if old is None:
        return {}
    each = [*old.obsolete.values(), *(message for message in old if message.id)]
    return {(message.context, get_source(message)): message for message in each}


def _measure_likeness(message: Message, text: str) -> float:
    return SequenceMatcher(None, get_source(message), text).ratio()


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
