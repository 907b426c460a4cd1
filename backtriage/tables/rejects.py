"""(A batch, what is wrong with its rows) -> a line of JSON for each row that is no patient."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from heapq import merge
from operator import itemgetter

from backtriage.errors import Issue
from backtriage.strict_json import write_json
from backtriage.tables.batches import Batch


def write_rejects(
    batch: Batch, keys: Sequence[str], wrong: Mapping[int, Sequence[Issue]], *, is_json: bool
) -> Iterator[bytes]:
    """Say by row number where each such row is, and all that is wrong with it; `wrong` is by the
    place in the batch.

    A line is made when it is asked for: all of a batch may take a hundred times its memory.
    """

    @cache  # many rows have the same one
    def write_issue(issue: Issue) -> str:
        return write_json(issue.build_json())

    broken = _write_broken(batch, keys, write_issue)
    others = _write_wrong(batch, keys, wrong, write_issue, is_json=is_json)
    for _, line in merge(broken, others, key=itemgetter(0)):
        yield line


def _write_broken(
    batch: Batch, keys: Sequence[str], write_issue: Callable[[Issue], str]
) -> Iterator[tuple[int, bytes]]:
    for broken in batch.broken:
        place = {"file": batch.get_file(), "row": broken.row, **dict.fromkeys(keys)}
        errors = map(write_issue, broken.issues)
        yield broken.row, _write_line(place, errors, {"line": broken.line})


def _write_wrong(
    batch: Batch,
    keys: Sequence[str],
    wrong: Mapping[int, Sequence[Issue]],
    write_issue: Callable[[Issue], str],
    *,
    is_json: bool,
) -> Iterator[tuple[int, bytes]]:
    for row in sorted(wrong):
        number = int(batch.rows[row])
        place: dict[str, object] = {"file": batch.get_file(), "row": number}
        for key in keys:
            value = batch.columns[key][row].as_py() if key in batch.columns else None
            place[key] = _read_key(value, is_json=is_json)
        yield number, _write_line(place, map(write_issue, wrong[row]), {})


def _write_line(place: object, errors: Iterator[str], line: Mapping[str, str]) -> bytes:
    """One object of the place, the errors, which are JSON texts, and the line if there is one."""
    begin = write_json(place).removesuffix("}")
    end = f", {write_json(line).removeprefix('{')}" if line else "}"
    return f'{begin}, "errors": [{", ".join(errors)}]{end}\n'.encode()


def _read_key(key: object, *, is_json: bool) -> object:
    if is_json and isinstance(key, str):
        return json.loads(key)
    return key if key is None or isinstance(key, str | bool | int | float) else str(key)
