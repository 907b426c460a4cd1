"""JSON Lines -> batches, as strict as `strict_json`, and fast where lines are plain.

A line of a flat object is cut at its commas. Each piece, such as `"age": 47`, stands there in few
ways, so that each way is given to `parse_json` once, in braces of its own: where all pieces of a
line are one key and a value, and no key is there twice, the line is an object of these. Any other
line, such as one with a comma in a text, is parsed alone.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from backtriage.errors import Issue
from backtriage.tables.batches import Batch, Blocks, Broken, Reading, read_files, shorten_line
from backtriage.tables.blocks import CODED, cut_block, has_strange_lines, is_text, read_blocks
from backtriage.tables.json_pieces import (
    HIDDEN,
    Pieces,
    hide_commas,
    is_plain_line,
    parse_line,
    understand_pieces,
)

_FEW = 200
"""So few lines are faster parsed one by one."""

_HIDDEN_AT_ONCE = 2_000
"""So many lines have their commas hidden at once, which takes many times their memory."""


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
    return Batch(file, first + np.flatnonzero(is_row), columns, broken)


@dataclass(frozen=True, slots=True)
class _Part:
    """Values of some lines: `codes` are their places among the values."""

    lines: Any
    codes: Any
    values: Any


@dataclass(slots=True)
class _Lines:
    """The lines of a block; what is broken is known when they have been read."""

    block: bytes
    count: int
    wanted: Set[str]
    names: set[str]
    broken: list[tuple[int, bytes, tuple[Issue, ...]]] = field(default_factory=list)
    parts: dict[str, list[_Part]] = field(default_factory=dict)

    def read(self) -> tuple[Any, dict[str, Any]]:
        """Which lines are rows, and the columns of those."""
        is_row = np.zeros(self.count, np.bool_)
        everything = np.arange(self.count)
        is_nested = self.block.count(b"{", 0, self.block.find(b"\n")) > 1
        if is_nested:
            alone = everything
        elif has_strange_lines(self.block) or not is_text(self.block):
            alone = self._read_strange(everything, is_row)
        else:
            alone = self._read_alike(self.block, everything, is_row)
        if len(alone) > _FEW and not is_nested:
            parts = range(0, len(alone), _HIDDEN_AT_ONCE)
            alone = np.concatenate(
                [self._read_hidden(alone[part : part + _HIDDEN_AT_ONCE], is_row) for part in parts]
            )
        if len(alone):
            self._read_alone(alone, is_row)
        mask = None if is_row.all() else pa.array(is_row)
        joined = {name: _join(parts, self.count) for name, parts in self.parts.items()}
        return is_row, {
            name: column if mask is None else column.filter(mask) for name, column in joined.items()
        }

    def _read_strange(self, numbers: Any, is_row: Any) -> Any:
        """Read the lines that are not strange; the numbers of those that are left."""
        lines = self.block.split(b"\n")[: len(numbers)]
        is_plain = np.array([is_plain_line(line) for line in lines])
        plain = b"".join(lines[number] + b"\n" for number in numbers[is_plain].tolist())
        left = self._read_alike(plain, numbers[is_plain], is_row) if plain else numbers[:0]
        return np.sort(np.concatenate([numbers[~is_plain], left]))

    def _find_lines(self, numbers: Any) -> list[bytes]:
        """The lines with these numbers, which rise."""
        first, last = int(numbers[0]), int(numbers[-1])
        ends = np.flatnonzero(np.frombuffer(self.block, np.uint8) == ord("\n"))
        start = int(ends[first - 1]) + 1 if first else 0
        end = int(ends[last]) if last < len(ends) else len(self.block)
        lines = self.block[start:end].split(b"\n")
        return [lines[number - first] for number in numbers.tolist()]

    def _read_hidden(self, numbers: Any, is_row: Any) -> Any:
        """Read lines with their commas in texts hidden; the numbers of those that are left."""
        lines = self._find_lines(numbers)
        can_hide = np.array([is_plain_line(line, HIDDEN) for line in lines])
        text = b"".join(line + b"\n" for line, can in zip(lines, can_hide, strict=True) if can)
        if not text:
            return numbers
        left = self._read_alike(hide_commas(text), numbers[can_hide], is_row, hidden=True)
        return np.sort(np.concatenate([numbers[~can_hide], left]))

    def _read_alike(self, block: bytes, numbers: Any, is_row: Any, *, hidden: bool = False) -> Any:
        """Read the lines of a block as most of them are; the numbers of those that are left."""
        first = block[: block.index(b"\n")] if b"\n" in block else block
        width = first.count(b",") + 1
        cut = cut_block(block, ",", {str(place): CODED for place in range(width)})
        columns = list(cut.columns.values())
        pieces = understand_pieces([column.dictionary for column in columns], hidden=hidden)
        codes = [column.indices.to_numpy(zero_copy_only=False) for column in columns]
        left = [self._read_cut(numbers[cut.rows], pieces, codes, is_row)]
        others = sorted(cut.others, key=lambda other: other[2])
        for _, group in groupby(others, key=lambda other: other[2]):
            alike = list(group)
            places = numbers[[place for place, _, _ in alike]]
            if len(alike) < _FEW:
                left.append(places)
            else:
                text = "".join(f"{line}\n" for _, line, _ in alike)
                left.append(self._read_alike(text.encode(), places, is_row, hidden=hidden))
        return np.sort(np.concatenate(left))

    def _read_cut(
        self, numbers: Any, pieces: Sequence[Pieces], codes: Sequence[Any], is_row: Any
    ) -> Any:
        """Read lines that were cut at their commas; the numbers of those that are left."""
        keys = [next(iter(set(piece.keys)), None) for piece in pieces]
        is_same = all(len(set(piece.keys)) == 1 for piece in pieces)
        if is_same and None not in keys and len(set(keys)) == len(keys):
            is_row[numbers] = True
            for key, piece, of in zip(keys, pieces, codes, strict=True):
                self._keep(key, _Part(numbers, of, piece.values))
            return numbers[:0]
        return self._read_mixed(numbers, pieces, codes, is_row)

    def _read_mixed(
        self, numbers: Any, pieces: Sequence[Pieces], codes: Sequence[Any], is_row: Any
    ) -> Any:
        """The same where lines differ in their keys."""
        names = sorted({key for piece in pieces for key in piece.keys if key is not None})
        places: dict[str | None, int] = {name: place for place, name in enumerate(names)}
        starts = np.cumsum([0, *(len(piece.keys) for piece in pieces)])
        values = pa.concat_arrays([piece.values for piece in pieces])
        key_of = np.array([places.get(key, -1) for piece in pieces for key in piece.keys], np.int32)
        all_codes = np.stack([of + start for of, start in zip(codes, starts, strict=False)], axis=1)
        all_keys = key_of[all_codes]
        by_key = np.full((len(numbers), len(names) + 1), -1, np.int32)  # the last for those of none
        by_key[np.arange(len(numbers))[:, None], all_keys] = all_codes
        is_sound = (by_key[:, :-1] >= 0).sum(axis=1) == len(pieces)
        is_row[numbers[is_sound]] = True
        for name, place in places.items():
            has_it = is_sound & (by_key[:, place] >= 0)
            if name in self.wanted and has_it.any():
                used, of = np.unique(by_key[has_it, place], return_inverse=True)
                self._keep(name, _Part(numbers[has_it], of, values.take(pa.array(used))))
            elif has_it.any():
                self._keep(name, None)
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
            if issues:
                self.broken.append((number, line, issues))
                continue
            is_row[number] = True
            for name, value in members:
                found.setdefault(name, []).append((number, value))
        for name, values in found.items():
            of = np.array([number for number, _ in values])
            texts = pa.array([value for _, value in values], pa.string())
            self._keep(name, _Part(of, np.arange(len(of)), texts))

    def _keep(self, name: str | None, part: _Part | None) -> None:
        if name is not None:
            self.names.add(name)
            if part is not None and name in self.wanted:
                self.parts.setdefault(name, []).append(part)


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
