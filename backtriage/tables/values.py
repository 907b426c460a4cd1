"""(Question, a column of a batch) -> planes of what each row counts as, and the rows whose value is
no answer.

Each distinct value comes to `answers` once, by the same code that reads what `assess` is given.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache, partial
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
from pyarrow import compute, types

from backtriage.answers import parse_answer, read_cell
from backtriage.conditions import count_as
from backtriage.errors import AnswersError, Issue
from backtriage.model import Answer, Number, Question, Value
from backtriage.plane_code import Slot
from backtriage.tables.notation import NO_CODES, Codes, suggest_codes

Meaning: TypeAlias = Value | Issue | None
"""What a value counts as, what is wrong with it, or None where it is no answer at all."""

_MANY = 1000
"""So many distinct numbers are no longer looked at one by one."""

_KEPT = 10_000
"""So many distinct values of a question are remembered from one batch to the next."""

_PLAIN_NUMBER = r"^-?[0-9]{1,15}(\.[0-9]{1,15})?$"


def understand_value(question: Question, given: object, codes: Codes = NO_CODES) -> Meaning:
    """What a value counts as, or the issue with it; None is not answered."""
    answer = read_answer(question, given, codes)
    return answer if answer is None or isinstance(answer, Issue) else count_as(question, answer)


def read_answer(question: Question, given: object, codes: Codes) -> Answer | Issue | None:
    """The answer that a value stands for, or the issue with it; None is not answered."""
    value = codes.read(given)
    if value is None:
        return None
    try:
        return parse_answer(question, value)
    except AnswersError as error:
        issue = error.issues[0]
        way_out = suggest_codes(question, given, codes) or _add_missing(issue.suggestion)
        return replace(issue, suggestion=way_out, path=question.id)


def _add_missing(suggestion: str | None) -> str | None:
    """The way out, and that of a value that is not known, which is never "not sure"."""
    if suggestion and '"not sure"' in suggestion:
        return f"{suggestion}; leave it empty where nothing is known"
    return suggestion


class Understanding:
    """Understands the columns of one question, batch by batch."""

    def __init__(self, question: Question, slot: Slot, codes: Codes = NO_CODES) -> None:
        self._question = question
        self._slot = slot
        self._codes = codes
        self._missing_numbers = [code for code in codes.missing if not isinstance(code, str)]
        self._understand_once = partial(understand_value, question, codes=codes)
        self._understand: Callable[[object], Meaning] = lru_cache(maxsize=_KEPT, typed=True)(
            self._understand_once
        )

    def hold(self, column: Any, *, is_json: bool) -> tuple[list[int], dict[int, Issue]]:
        """The planes of a column, in the order of the slot, and by row what is wrong; `is_json`
        says that it has JSON texts.
        """
        codes, values = encode_column(column)
        says, issues = self._look_up(values, is_json=is_json)
        planes = build_planes(says[:-1], codes)
        if not issues:
            return planes, {}
        rows = np.flatnonzero(says[-1][codes])
        found = zip(rows.tolist(), codes[rows].tolist(), strict=True)
        return planes, {row: issues[code] for row, code in found}

    def list_answers(self, column: Any, *, is_json: bool) -> list[Answer | None]:
        """The answer in each row of a column, None where there is none; for few rows, of which
        `hold` found nothing wrong.
        """
        codes, values = encode_column(column)
        distinct, places = np.unique(codes, return_inverse=True)
        used = values.take(pa.array(distinct[distinct < len(values)]))
        answers: list[Answer | None] = []
        for given in list_given(used, is_json=is_json):
            answer = read_answer(self._question, given, self._codes)
            answers.append(None if isinstance(answer, Issue) else answer)
        answers.append(None)  # of rows without a value, whose place is the last
        return [answers[place] for place in places.tolist()]

    def _look_up(self, values: Any, *, is_json: bool) -> tuple[Any, dict[int, Issue]]:
        """What each plane says of each value, and a last one where it is wrong; the issues.

        The last value of all is none, for rows without an answer.
        """
        says = np.zeros((self._slot.size + 1, len(values) + 1), np.bool_)
        others = np.arange(len(values))
        if isinstance(self._question, Number) and len(values) > _MANY:
            others = self._hold_numbers(read_numbers(values), says)
            values = values.take(pa.array(others))
        issues: dict[int, Issue] = {}
        for place, given in zip(others.tolist(), list_given(values, is_json=is_json), strict=True):
            is_hashable = isinstance(given, str | int | float | None)
            understand = self._understand if is_hashable else self._understand_once
            meaning = understand(given)
            if isinstance(meaning, Issue):
                issues[place] = meaning
                says[-1, place] = True
            elif meaning is not None:
                says[:-1, place] = self._slot.hold(meaning)
        return says, issues

    def _hold_numbers(self, numbers: Any, says: Any) -> Any:
        """Hold all numbers in the range of the question at once; the places of the other values."""
        assert isinstance(self._question, Number)
        sound = (numbers >= self._question.minimum) & (numbers <= self._question.maximum)
        sound &= ~np.isin(numbers, self._missing_numbers)
        says[0, :-1] = sound
        for place, bound in enumerate(self._slot.marks, 1):
            says[place, :-1] = sound & (numbers >= bound)
        return np.flatnonzero(~sound)


def encode_column(column: Any) -> tuple[Any, Any]:
    """The place of the value of each row among the distinct values, and these; no value: behind
    all.
    """
    if not types.is_dictionary(column.type):
        column = _simplify(column).dictionary_encode()
    values = _simplify(column.dictionary)
    codes = compute.fill_null(column.indices.cast(pa.int32()), len(values))
    return codes.to_numpy(zero_copy_only=False), values


def _simplify(values: Any) -> Any:
    """Values of a type that Arrow can compare, and that has one way to write each."""
    type_ = values.type
    if types.is_float16(type_):
        values = values.cast(pa.float32())
    if types.is_float16(type_) or types.is_float32(type_) or types.is_decimal(type_):
        # a short number is what is written of it
        return values.cast(pa.string()).cast(pa.float64())
    if types.is_integer(type_) or types.is_floating(type_) or types.is_boolean(type_):
        return values
    return write_texts(values)


def write_texts(values: Any) -> Any:
    """The values of any type as texts; bytes that are no text are written out."""
    try:
        return values.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array([_as_text(one) for one in values.to_pylist()], pa.string())


def _as_text(value: object) -> str | None:
    if isinstance(value, bytes):
        return value.decode(errors="backslashreplace")
    return None if value is None else str(value)


def list_given(values: Any, *, is_json: bool) -> list[object]:
    """The values as a script would give them to `assess`; in a table an empty or blank text is no
    answer.
    """
    given: list[Any] = values.to_pylist()
    if is_json:
        return [None if one is None else json.loads(one) for one in given]
    if types.is_string(values.type):
        return [read_cell(one) if one and not one.isspace() else None for one in given]
    return given


def read_numbers(values: Any) -> Any:
    """The plain numbers among the values, which mean the same in every notation; NaN for others."""
    if types.is_boolean(values.type):
        return np.full(len(values), np.nan)
    if types.is_string(values.type):
        is_plain = compute.match_substring_regex(values, _PLAIN_NUMBER)
        values = compute.if_else(is_plain, values, pa.scalar(None, pa.string()))
    numbers = values.cast(pa.float64(), safe=False)
    return compute.fill_null(numbers, float("nan")).to_numpy(zero_copy_only=False)


def build_planes(says: Any, codes: Any) -> list[int]:
    """The plane of each line of a table that says of each code whether it is so."""
    packed = np.packbits(says, axis=0, bitorder="little")  # eight planes are looked up at once
    planes = []
    for first, octet in enumerate(packed):
        looked_up = octet.take(codes)  # in half the time of octet[codes]
        for bit in range(min(8, len(says) - 8 * first)):
            bits = np.packbits(looked_up & np.uint8(1 << bit), bitorder="little")
            planes.append(int.from_bytes(bits.tobytes(), "little"))
    return planes
