"""Headings with paragraphs and items under them -> wrapped lines of text."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from backtriage.errors import make_printable


def lay_out(sections: Iterable[tuple[str, Sequence[str]]], width: int) -> str:
    """The sections; a paragraph that begins with "- " is an item, and one that begins with blanks stays so far in."""
    blocks = (
        _block(heading, paragraphs, width, "=" if not place else "-")
        for place, (heading, paragraphs) in enumerate(sections)
    )
    return make_printable("\n".join("".join(f"{line}\n" for line in block) for block in blocks))


def _block(heading: str, paragraphs: Sequence[str], width: int, mark: str) -> Iterator[str]:
    title = textwrap.wrap(heading, width)
    yield from (*title, mark * max(map(len, title)))
    for paragraph in paragraphs:
        indent = paragraph[: len(paragraph) - len(paragraph.lstrip())]
        further = f"{indent}  " if indent or paragraph.startswith("- ") else ""
        yield from wrap_text(paragraph, width, further)


def wrap_text(text: str, width: int, further: str = "", first: str = "") -> list[str]:
    """A text in lines, behind `first` and `further`; what has no blank in it, such as an address, is never cut."""
    wrap = textwrap.TextWrapper(
        width,
        initial_indent=first,
        subsequent_indent=further,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return wrap.wrap(text)
