"""The catalogue of mistakes: what an author of a rule set can do wrong,
and what the loader must tell.

It stands in mistakes/*.yaml. An entry changes the small rule set in one place:

    - name: the mistake, in a few words
      file: the file that has it
      old: what stands there in the small rule set; it occurs in the file exactly once
      new: what stands there instead; it may be empty
      expect: the messages, one a line, each as file:line:column: code message

`from` instead of `old` says where that begins which is replaced: all that follows goes too. `whole`
instead of both is all that the file says, and the file may be a new one. Changes in several places
stand as a list under `edits`.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from helpers import SMALL, around, replaced

FOLDER = Path(__file__).parent / "mistakes"


@dataclass(frozen=True)
class Mistake:
    """One entry: its name, its edits in their order, and the messages that it must give."""

    name: str
    edits: tuple[dict[str, str], ...]
    expect: tuple[str, ...]

    def files(self) -> dict[str, str]:
        """The files that are not as in the small rule set."""
        texts: dict[str, str] = {}
        for edit in self.edits:
            file = edit["file"]
            text = texts.get(file) or (
                (SMALL / file).read_text() if (SMALL / file).exists() else ""
            )
            texts[file] = after(text, edit)
        return texts


def after(text: str, edit: dict[str, str]) -> str:
    """The text of a file with one edit made."""
    match {key: value for key, value in edit.items() if key != "file"}:
        case {"whole": whole, **others} if not others:
            return whole
        case {"old": old, "new": new, **others} if not others:
            return replaced(text, old, new)
        case {"from": start, "new": new, **others} if not others:
            return around(text, start)[0] + new
        case other:
            raise ValueError(
                f"an edit has old and new, from and new, or whole, but not {sorted(other)}"
            )


@cache
def mistakes() -> dict[str, Mistake]:
    """Every entry by its name, file after file; no two have the same."""
    entries = [
        entry for file in sorted(FOLDER.iterdir()) for entry in yaml.safe_load(file.read_text())
    ]
    known = [_mistake(**entry) for entry in entries]
    assert len({mistake.name for mistake in known}) == len(known), "two entries have the same name"
    return {mistake.name: mistake for mistake in known}


def _mistake(
    name: str, expect: str, edits: list[dict[str, str]] | None = None, **edit: str
) -> Mistake:
    assert (edits is None) != (not edit), f"{name}: give either edits or one edit"
    return Mistake(name=name, edits=tuple(edits or [edit]), expect=tuple(expect.splitlines()))
