"""Batches with labels -> what is right for each patient, how much each counts, and what is wrong
with that.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from pyarrow import types

from backtriage.errors import Issue, quote_value, shorten, suggest_nearest
from backtriage.model import ADVICES, AdviceId
from backtriage.tables.batches import Batch
from backtriage.tables.values import encode_column, list_given, read_numbers

SIMULATED, WEIGHT = "simulated", "weight"
"""The columns by which `simulate` says that a patient is not real, and for how many it stands."""

_MOST_WEIGHT = 1e12

WrongLabels: TypeAlias = dict[int, list[Issue]]
"""What is wrong, by row in the batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The labels of a patient: in which column each of them stands.

    Without the name of a column for the weight, those patients alone count by a `weight` who say
    that they are simulated: elsewhere that may well be what a body weighs.
    """

    expected: str = "expected"
    diagnosis: str = "diagnosis"
    id: str = "id"
    weight: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """All columns that a label may stand in."""
        return self.expected, self.diagnosis, self.id, self.weight or WEIGHT, SIMULATED

    @property
    def needed(self) -> tuple[str, ...]:
        """Those that must be there: the right advice, and what was named by somebody."""
        usual = Columns()
        named = (self.diagnosis, usual.diagnosis), (self.id, usual.id), (self.weight, None)
        return self.expected, *(name for name, other in named if name and name != other)


@dataclass(frozen=True, slots=True)
class Codes:
    """The distinct labels of a batch, and which of them each row has; -1 for none."""

    names: Sequence[str]
    codes: Any

    def find(self, *labels: str) -> Any:
        """Which rows have one of these labels, as an array of truths."""
        places = [place for place, name in enumerate(self.names) if name in labels]
        return np.isin(self.codes, places)


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of a batch.

    `expected` has the rows for which each advice is right, and `simulated` and `by_weight` those
    that are so, and count so; all as arrays of truths. `weights` is None if all count as one.
    """

    expected: Mapping[AdviceId, Any]
    diagnoses: Codes
    simulated: Any
    by_weight: Any
    weights: Any | None


class LabelReader:
    """Reads the labels of batches."""

    def __init__(self, columns: Columns, *, is_json: bool) -> None:
        """`is_json` says that values are JSON texts."""
        self._columns = columns
        self._is_json = is_json

    def read(self, batch: Batch) -> tuple[Labels, WrongLabels]:
        """The labels of a batch, and by row what is wrong with them."""
        wrong: WrongLabels = {}
        found = self._read(batch, SIMULATED)
        is_simulated = found.find(*(name for name in found.names if name.casefold() == "true"))
        expected = self._read(batch, self._columns.expected)
        self._refuse_others(expected, wrong)
        by_weight, weights = self._read_weights(batch, is_simulated, wrong)
        labels = Labels(
            expected={advice: expected.find(advice) for advice in ADVICES},
            diagnoses=self._read(batch, self._columns.diagnosis),
            simulated=is_simulated,
            by_weight=by_weight,
            weights=weights,
        )
        return labels, wrong

    def read_ids(self, batch: Batch, rows: Any) -> list[str | None]:
        """The names of the patients in some rows."""
        return self._read_texts(batch, self._columns.id, rows)

    def read_diagnoses(self, batch: Batch, rows: Any) -> list[str | None]:
        """Their diagnoses."""
        return self._read_texts(batch, self._columns.diagnosis, rows)

    def _read_texts(self, batch: Batch, name: str, rows: Any) -> list[str | None]:
        column = _get_column(batch, name).take(rows)
        if types.is_dictionary(column.type):
            column = column.dictionary_decode()  # it has the values of all other rows too
        found = self._code(column)
        return [found.names[code] if code >= 0 else None for code in found.codes.tolist()]

    def _read(self, batch: Batch, name: str) -> Codes:
        return self._code(_get_column(batch, name))

    def _code(self, column: Any) -> Codes:
        codes, values = encode_column(column)
        texts = [self._write(value) for value in values.to_pylist()]
        is_none = np.array([text is None for text in texts] + [True])
        names = [text or "" for text in texts]
        return Codes(names, np.where(is_none[codes], -1, codes))

    def _write(self, value: object) -> str | None:
        """A label as a text; a blank one is none."""
        if self._is_json and isinstance(value, str):
            value = json.loads(value)
        text = "" if value is None else str(value).strip()
        return text or None

    def _refuse_others(self, expected: Codes, wrong: WrongLabels) -> None:
        """Say of each row whose right advice is none what stands there."""
        issues: dict[int, Issue] = {}
        for row in np.flatnonzero(~expected.find(*ADVICES)).tolist():
            code = int(expected.codes[row])
            if code not in issues:
                name = expected.names[code] if code >= 0 else None
                issues[code] = _build_issue(name, self._columns.expected)
            wrong.setdefault(row, []).append(issues[code])

    # Weights --------------------------------------------------------------------------------------

    def _read_weights(
        self, batch: Batch, is_simulated: Any, wrong: WrongLabels
    ) -> tuple[Any, Any | None]:
        """Which rows count by a weight, and how much all count."""
        name = self._columns.weight or WEIGHT
        counts = np.ones(len(batch.rows), np.bool_) if self._columns.weight else is_simulated
        codes, values = encode_column(_get_column(batch, name))
        given, is_given = (of_values[codes] for of_values in self._read_numbers(values))
        if not self._columns.weight:
            counts = counts & is_given  # who simulates without weights lets all count as one
        sound = (given >= 0) & (given <= _MOST_WEIGHT)
        unsound = np.flatnonzero(counts & ~sound)
        for row, code in zip(unsound.tolist(), codes[unsound].tolist(), strict=True):
            wrong.setdefault(row, []).append(self._refuse_weight(values.slice(code, 1), name))
        by_weight = counts & sound
        return by_weight, np.where(by_weight, given, 1.0) if by_weight.any() else None

    def _refuse_weight(self, value: Any, name: str) -> Issue:
        """What is wrong with a column of one weight, or of none."""
        (given,) = list_given(value, is_json=self._is_json) or [None]
        shown = "nothing" if given is None else quote_value(given)
        return Issue(
            code="wrong-value",
            message=f"{shown} is no weight, which is a number from 0 to 1,000,000,000,000",
            suggestion="write for how many people the patient stands",
            path=name,
        )

    def _read_numbers(self, values: Any) -> tuple[Any, Any]:
        """The number of each value, NaN where it is none, and whether it is anything; a last one is
        that of rows without a value.
        """
        numbers = np.append(read_numbers(values), np.nan)
        odd = np.flatnonzero(np.isnan(numbers[:-1]))
        is_given = np.ones(len(numbers), np.bool_)
        is_given[-1] = False
        if len(odd) and types.is_string(values.type):
            others = list_given(values.take(odd), is_json=self._is_json)
            for place, value in zip(odd.tolist(), others, strict=True):
                is_given[place] = value is not None and str(value).strip() != ""
                if isinstance(value, int | float) and not isinstance(value, bool):
                    numbers[place] = value
        return numbers, is_given


def _get_column(batch: Batch, name: str) -> Any:
    """A column of a batch, without any value if it is missing there."""
    return batch.columns.get(name, pa.nulls(len(batch.rows)))


def _build_issue(given: str | None, column: str) -> Issue:
    shown = "nothing" if given is None else f'"{shorten(given)}"'
    near = suggest_nearest(given or "", ADVICES)
    return Issue(
        code="wrong-value",
        message=f"{shown} is not an advice",
        suggestion=near or f"choose from {', '.join(ADVICES)}",
        path=column,
    )
