"""What a reader of tables gives: batches of rows, and what is no row."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from backtriage.errors import Issue
from backtriage.strict_json import MOST_BYTES
from backtriage.tables.files import tell_file

_SHOWN = 1000
"""So much is shown of a line that is too long."""


@dataclass(frozen=True, slots=True)
class Broken:
    """What is no row: its number, its text, and why it is none."""

    row: int
    line: str
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of a file (its name) with their numbers, and Arrow arrays by the names of columns.

    A column without a value in the batch may be missing. `wrong` has what is wrong with a row that
    was read all the same, by its place in the batch; what its values count as is told beside it.
    """

    file: str
    rows: Any
    columns: Mapping[str, Any]
    broken: Sequence[Broken] = ()
    wrong: Mapping[int, Sequence[Issue]] = field(default_factory=dict)

    def get_file(self) -> str:
        """The name of the file as a text: bytes in it that are not UTF-8 are written out."""
        return os.fsencode(self.file).decode(errors="backslashreplace")


Reading: TypeAlias = Iterator[tuple[float, Callable[[], Batch]]]
"""The share that is read behind each batch, and what makes it, in any thread."""


class RowSource(Protocol):
    """Files that are one table; `is_json` says that values stand there as JSON texts."""

    is_json: bool

    def list_names(self) -> list[str]:
        """All columns; those of JSON Lines are known when all is read."""

    def find_type(self, name: str) -> Any:
        """The Arrow type of a column, for an output that keeps it."""

    def read(self, questions: Sequence[str], keys: Sequence[str]) -> Reading:
        """Read these columns, if they are there; raises FileError."""


Blocks: TypeAlias = Iterator[tuple[float, int, Callable[[int], Batch]]]
"""Of a file: the share that is read behind each block of rows, how many of them have a number, and
what makes a batch of it, given the number of the first.
"""


def read_files(files: Sequence[Path], read: Callable[[Path], Blocks]) -> Reading:
    """One file behind the other, each with rows that are counted from 1; raises FileError."""
    for place, file in enumerate(files):
        first = 1
        with tell_file(file):
            for share, rows, make in read(file):
                yield (place + share) / len(files), partial(make, first)
                first += rows


def shorten_line(line: bytes) -> str:
    """A line as it is shown in rejects, of a very long one the beginning."""
    text = line.rstrip(b"\r\n")
    shown = text[: _SHOWN if len(text) > MOST_BYTES else None].decode(errors="backslashreplace")
    return f"{shown}\N{HORIZONTAL ELLIPSIS}" if len(text) > MOST_BYTES else shown
