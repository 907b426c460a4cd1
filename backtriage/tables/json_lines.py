"""JSON Lines -> batches, as strict as `strict_json`, and fast where lines are plain.

A block of lines is cut at its commas and the ends of its lines. Each piece, such as `"age": 47`,
stands there in few ways, so that each way is given to `parse_json` once, in braces of its own:
where all pieces of a line are one key and a value, and no key is there twice, the line is an object
of these. Of any other line the commas in texts are no longer cut at; what is none then is parsed
alone.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pyarrow import compute

from backtriage.errors import Issue
from backtriage.tables.batches import Batch, Blocks, Broken, Reading, read_files, shorten_line
from backtriage.tables.blocks import has_strange_lines, is_text, read_blocks
from backtriage.tables.json_pieces import Pieces, cut_pieces, parse_line
from backtriage.tables.values import encode_column

ANSWERS = "answers"
"""The key under which all answers of a patient may stand, in what `simulate` writes."""

_FEW = 200
"""So few lines are faster parsed one by one."""

_QUOTED_AT_ONCE = 2_000
"""So many lines are looked through for quotes at once, which takes many times their memory."""

_MOST_CELLS = 20_000_000
"""Lines with so many keys in all are not laid out as a table of lines and keys."""


class JsonLines:
    """Files of JSON Lines; columns have the JSON text of each value."""

    is_json = True

    def __init__(self, files: Sequence[Path], rows: int) -> None:
        self._files = files
        self._rows = rows
        self._names: set[str] = set()

    def list_names(self) -> list[str]:
        """All keys of the lines that were read."""
        return sorted(self._names)

    def find_type(self, _: str) -> Any:
        """The text of a value."""
        return pa.string()

    def read(self, questions: Sequence[str], keys: Sequence[str]) -> Reading:
        """Read the values of these keys."""
        return read_files(self._files, partial(self._read_file, {*questions, *keys}))

    def _read_file(self, wanted: Set[str], file: Path) -> Blocks:
        for block, count, share in read_blocks(file, self._rows):
            yield share, count, partial(read_block, str(file), block, count, wanted, self._names)


def read_block(
    file: str, block: bytes, count: int, wanted: Set[str], names: set[str], first: int
) -> Batch:
    """What so many whole lines say of the keys that are wanted, from line number `first`; all keys
    are added to the names.
    """
    lines = _Lines(block, count, wanted, names)
    is_row, columns = lines.read()
    broken = [
        Broken(first + place, shorten_line(line), issues) for place, line, issues in lines.broken
    ]
    places = np.cumsum(is_row) - 1
    wrong = {int(places[number]): issues for number, issues in lines.wrong.items()}
    return Batch(file, first + np.flatnonzero(is_row), columns, broken, wrong)


def find_begun(column: Any, marks: str) -> Any:
    """Which rows of a column of JSON texts have one that begins with one of these letters."""
    codes, values = encode_column(column)
    first = compute.utf8_slice_codeunits(values, 0, 1).to_pylist()
    return np.array([mark in marks for mark in first] + [False])[codes]


@dataclass(frozen=True, slots=True)
class _Part:
    """Values of some lines: `codes` are their places among the values."""

    lines: Any
    codes: Any
    values: Any


@dataclass(slots=True)
class _Lines:
    """The lines of a block; what is broken, or wrong, is known when they have been read."""

    block: bytes
    count: int
    wanted: Set[str]
    names: set[str]
    broken: list[tuple[int, bytes, tuple[Issue, ...]]] = field(default_factory=list)
    wrong: dict[int, tuple[Issue, ...]] = field(default_factory=dict)
    parts: dict[str, list[_Part]] = field(default_factory=dict)

    def read(self) -> tuple[Any, dict[str, Any]]:
        """Which lines are rows, and the columns of those."""
        is_row = np.zeros(self.count, np.bool_)
        left = np.arange(self.count)
        is_nested = self.block.count(b"{", 0, self.block.find(b"\n")) > 1
        if not is_nested and (has_strange_lines(self.block) or not is_text(self.block)):
            left = self._read_plain(left, is_row, quoted=False)
        elif not is_nested:
            left = self._read_pieces(self.block, left, is_row, quoted=False)
        if len(left) > _FEW and not is_nested:
            parts = np.split(left, range(_QUOTED_AT_ONCE, len(left), _QUOTED_AT_ONCE))
            left = np.concatenate([self._read_plain(part, is_row, quoted=True) for part in parts])
        if len(left):
            self._read_alone(left, is_row)
        mask = None if is_row.all() else pa.array(is_row)
        joined = {name: _join(parts, self.count) for name, parts in self.parts.items()}
        return is_row, {
            name: column if mask is None else column.filter(mask) for name, column in joined.items()
        }

    def _read_plain(self, numbers: Any, is_row: Any, *, quoted: bool) -> Any:
        """Read the plain ones of these lines, whose numbers rise; the numbers of the rest."""
        ends = np.flatnonzero(np.frombuffer(self.block, np.uint8) == ord("\n"))
        first, last = int(numbers[0]), int(numbers[-1])
        start = int(ends[first - 1]) + 1 if first else 0
        lines = self.block[start : int(ends[last]) if last < len(ends) else None].split(b"\n")
        lines = [lines[number - first] for number in numbers.tolist()]
        is_plain = np.array([is_text(line) and not has_strange_lines(line) for line in lines])
        text = b"".join(line + b"\n" for line, plain in zip(lines, is_plain, strict=True) if plain)
        if not text:
            return numbers
        left = self._read_pieces(text, numbers[is_plain], is_row, quoted=quoted)
        return np.sort(np.concatenate([numbers[~is_plain], left]))

    def _read_pieces(self, text: bytes, numbers: Any, is_row: Any, *, quoted: bool) -> Any:
        """Read lines by their pieces; the numbers of those that are left."""
        pieces = cut_pieces(text, quoted=quoted)
        names = dict.fromkeys(key for key in pieces.keys if key is not None)
        if len(names) * len(numbers) > _MOST_CELLS:
            return numbers
        places = {name: place for place, name in enumerate(names)}
        key_of = np.array([-1 if key is None else places[key] for key in pieces.keys], np.int32)
        cells, is_sound = _lay_out(pieces, key_of, len(names), len(numbers))
        is_row[numbers[is_sound]] = True
        for name, place in places.items():
            has_it = is_sound & (cells[place] >= 0)
            if not has_it.any():
                continue
            self.names.add(name)
            if name in self.wanted:
                of_key = np.flatnonzero(key_of == place)
                place_of = np.zeros(len(key_of), np.int32)
                place_of[of_key] = np.arange(len(of_key))
                codes = place_of[cells[place][has_it]]
                self._keep(name, _Part(numbers[has_it], codes, pieces.values.take(of_key)))
        return numbers[~is_sound]

    def _read_alone(self, numbers: Any, is_row: Any) -> None:
        """Read lines one by one."""
        lines = self.block.split(b"\n")
        found: dict[str, list[tuple[int, str]]] = {}
        for number in numbers.tolist():
            line = lines[number]
            if not line.strip():
                continue
            members, issues = parse_line(line)
            if members is None:
                self.broken.append((number, line, issues))
                continue
            if issues:
                self.wrong[number] = issues
            is_row[number] = True
            for name, value in members:
                found.setdefault(name, []).append((number, value))
        for name, values in found.items():
            of = np.array([number for number, _ in values])
            texts = pa.array([value for _, value in values], pa.string())
            self._keep(name, _Part(of, np.arange(len(of)), texts))

    def _keep(self, name: str, part: _Part) -> None:
        self.names.add(name)
        if name in self.wanted:
            self.parts.setdefault(name, []).append(part)


def _lay_out(pieces: Pieces, key_of: Any, names: int, lines: int) -> tuple[Any, Any]:
    """For each key and line the piece, -1 for none, and which lines are objects of their pieces."""
    keys = key_of[pieces.codes]
    begins = np.concatenate([[True], pieces.is_last[:-1]])
    fits = pieces.opens[pieces.codes] == begins
    if fits.all() and _are_alike(keys, begins, names, lines):
        cells = np.empty((names, lines), np.int32)
        cells[keys[:names]] = pieces.codes.reshape(lines, names).T
        return cells, np.full(lines, fill_value=True)
    fits &= keys >= 0
    line_of = np.cumsum(begins, dtype=np.int32) - 1
    cells = np.full((names, lines), -1, np.int32)
    cells[keys[fits], line_of[fits]] = pieces.codes[fits]
    return cells, (cells >= 0).sum(axis=0) == np.bincount(line_of, minlength=lines)


def _are_alike(keys: Any, begins: Any, names: int, lines: int) -> bool:
    """Whether all lines have the same keys in the same order, each once: as is mostly so."""
    if len(keys) != lines * names or not begins[::names].all():
        return False
    return bool((keys.reshape(lines, names) == keys[:names]).all())


def _join(parts: Sequence[_Part], count: int) -> Any:
    """One column of as many lines, of the values of some of them, with each distinct one once."""
    if len(parts[0].lines) == count:
        return pa.DictionaryArray.from_arrays(parts[0].codes, parts[0].values)
    codes = np.full(count, -1, np.int32)
    values = pa.concat_arrays([part.values for part in parts])
    if len(parts) > 1:
        coded = values.dictionary_encode()
        values, same = coded.dictionary, coded.indices.to_numpy()
    else:
        same = np.arange(len(values))
    start = 0
    for part in parts:
        codes[part.lines] = same[part.codes + start]
        start += len(part.values)
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), values)
