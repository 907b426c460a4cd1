"""Headings, paragraphs, items and nested phrases -> wrapped lines of text."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from backtriage.errors import make_printable


@dataclass(frozen=True, slots=True)
class Phrase:
    """A few words, and those that stand one level below them."""

    text: str
    parts: tuple["Phrase", ...] = ()


def lay_out(sections: Iterable[tuple[str, Sequence[str]]], width: int) -> str:
    """Sections, each a heading with paragraphs, as lines of text; the first is the title of all.

    A paragraph that begins with "- " is an item, and one that begins with blanks stays so far in.
    """
    blocks: list[str] = []
    for heading, paragraphs in sections:
        lines = _lay_out_section(heading, paragraphs, width, "-" if blocks else "=")
        blocks.append("".join(f"{line}\n" for line in lines))
    return make_printable("\n".join(blocks))


def _lay_out_section(
    heading: str, paragraphs: Sequence[str], width: int, mark: str
) -> Iterator[str]:
    yield from lay_out_heading(heading, mark, width)
    for paragraph in paragraphs:
        indent = paragraph[: len(paragraph) - len(paragraph.lstrip())]
        further = f"{indent}  " if indent or paragraph.startswith("- ") else ""
        yield from wrap_text(paragraph, width, further)


def wrap_text(text: str, width: int, further: str = "", first: str = "") -> list[str]:
    """A text in lines, the first behind `first`, the others behind `further`.

    What has no blank in it, such as an address, is never cut: it is to be copied.
    """
    wrap = textwrap.TextWrapper(
        width,
        initial_indent=first,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrap.wrap(text)


def lay_out_bullets(phrases: Iterable[Phrase], width: int) -> Iterator[str]:
    """The phrases as nested items of a list, in lines of `width` characters where words allow."""
    for phrase in phrases:
        yield from lay_out_item(phrase.text, width, "- ")
        yield from (f"  {line}" for line in lay_out_bullets(phrase.parts, width - 2))


def lay_out_item(text: str, width: int, mark: str) -> list[str]:
    """A text in lines, the first behind `mark`, the others as far in."""
    return wrap_text(text, max(width, len(mark) + 1), further=" " * len(mark), first=mark)


def lay_out_heading(heading: str, mark: str, width: int) -> list[str]:
    """A heading with a line of `mark` below it."""
    lines = wrap_text(heading, width)
    return [*lines, mark * max(map(len, lines))]
