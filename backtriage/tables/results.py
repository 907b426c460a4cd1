"""(A batch, what is decided of it) -> the rows of the output as an Arrow table."""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, get_args

import numpy as np
import pyarrow as pa
from pyarrow import compute, types

from backtriage.model import How, RuleSet, Urgency
from backtriage.status import choose_how
from backtriage.tables.batches import Batch
from backtriage.tables.decide import Decided, Members, Order, find_order
from backtriage.tables.wanted import OUTCOME

_HOWS: tuple[How, ...] = get_args(How)


def build_schema(places: Mapping[str, Any], keys: Mapping[str, Any]) -> Any:
    """The columns of the output: where a row is from, those of `--id`, and what came out."""
    text = pa.dictionary(pa.int16(), pa.string())
    days, several = pa.int32(), pa.list_(text)
    types_ = (text, days, pa.bool_(), text, days, text, days, text, several, several)
    return pa.schema([*places.items(), *keys.items(), *zip(OUTCOME, types_, strict=True)])


def build_table(
    rule_set: RuleSet, batch: Batch, decided: Decided, kept: Any, schema: Any, *, is_json: bool
) -> Any:
    """The rows that are `kept`; `is_json` says that keys are JSON texts, to be made plain."""
    rows = batch.rows[kept]
    mask = pa.array(kept)
    columns: dict[str, Any] = {
        "file": pa.repeat(batch.get_file(), len(rows)),
        "row": pa.array(rows),
        **_decide_columns(rule_set, decided),
    }
    for field in schema:
        if field.name not in columns:
            column = batch.columns.get(field.name)
            if column is None:
                columns[field.name] = pa.nulls(len(rows), field.type)
            else:
                values = _spread(column.filter(mask), make_plain if is_json else None)
                columns[field.name] = values.cast(field.type)
    return pa.table([columns[name] for name in schema.names], schema)


def _decide_columns(rule_set: RuleSet, decided: Decided) -> dict[str, Any]:
    order = find_order(rule_set)
    low, high = decided.at_least, decided.at_most
    complete = low == high
    names = list(dict.fromkeys(level.advice for level in order.levels))
    advices = np.array([names.index(level.advice) for level in order.levels], np.int16)
    ids = [flag.id for flag in order.flags]

    def name(levels: Any, unknown: Any = None) -> Any:
        codes = pa.array(advices[levels], pa.int16(), mask=unknown)
        return pa.DictionaryArray.from_arrays(codes, pa.array(names))

    def days(levels: Any) -> Any:
        each = pa.array([level.within_days for level in order.levels], pa.int32())
        return each.take(pa.array(levels))

    def list_flags(members: Members) -> Any:
        values = pa.DictionaryArray.from_arrays(pa.array(members.flags), pa.array(ids, pa.string()))
        return pa.ListArray.from_arrays(pa.array(members.starts), values)

    open_days = compute.if_else(pa.array(complete), days(low), pa.scalar(None, pa.int32()))
    usual, called = (_list_hows(order, needs_ambulance=needed) for needed in (False, True))
    how = np.where(decided.called, called[low], usual[low])
    return dict(
        zip(
            OUTCOME,
            (
                name(low, advices[low] != advices[high]),
                open_days,
                pa.array(complete),
                name(low),
                days(low),
                name(high),
                days(high),
                pa.DictionaryArray.from_arrays(pa.array(how), pa.array(_HOWS)),
                list_flags(decided.findings),
                list_flags(decided.unresolved),
            ),
            strict=True,
        )
    )


def _list_hows(order: Order, *, needs_ambulance: bool) -> Any:
    """The way to get care at each level, as its place in `_HOWS`."""
    hows = (choose_how(level.advice, needs_ambulance=needs_ambulance) for level in order.levels)
    return np.array([_HOWS.index(how) for how in hows], np.int16)


def _spread(column: Any, write: Callable[[Any], Any] | None) -> Any:
    """A column with the value of each row, written in another way if there is one."""
    if not types.is_dictionary(column.type):
        return write(column) if write else column
    values = write(column.dictionary) if write else column.dictionary
    return values.take(column.indices)


def make_plain(texts: Any) -> Any:
    """JSON texts as they are outside of JSON: a text is itself, and null is no value."""
    is_text = compute.starts_with(texts, '"')
    odd = compute.and_(is_text, compute.match_substring(texts, "\\"))
    if compute.any(odd).as_py():
        values = [_read_text(one) if one and one[0] == '"' else one for one in texts.to_pylist()]
        texts = pa.array(values, pa.string())
    else:
        texts = compute.if_else(is_text, compute.utf8_slice_codeunits(texts, 1, -1), texts)
    is_null = compute.and_(compute.equal(texts, "null"), compute.invert(is_text))
    return compute.if_else(is_null, pa.scalar(None, pa.string()), texts)


def _read_text(written: str) -> str:
    """The text that a JSON text stands for; half a character, which no file holds, stays written
    as it was.
    """
    return str(json.loads(written)).encode(errors="backslashreplace").decode()


def count_outcomes(rule_set: RuleSet, decided: Decided) -> Counter[Urgency | None]:
    """How many patients have which urgency, None for those that are not settled."""
    levels = find_order(rule_set).levels
    complete = decided.at_least == decided.at_most
    counts = np.bincount(decided.at_least[complete], minlength=len(levels)).tolist()
    found: Counter[Urgency | None] = Counter(dict(zip(levels, counts, strict=True)))
    found[None] = int((~complete).sum())
    return +found
