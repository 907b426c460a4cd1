"""NDJSON of FHIR responses, or Bundles with one -> batches: a column for each question of the form.

A line is read as `assess` reads it; what it says stands in the columns as JSON texts, as of
`json_lines`.
"""

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from backtriage.errors import AnswersError, Issue
from backtriage.fhir.coding import FindWords
from backtriage.fhir.names import Resource
from backtriage.fhir.reading import read_fhir
from backtriage.fhir.sent import find_response
from backtriage.model import RuleSet
from backtriage.strict_json import FHIR_MARK, is_fhir, parse_json, write_json
from backtriage.tables.batches import Batch, Blocks, Broken, Reading, read_files, shorten_line
from backtriage.tables.blocks import read_blocks, read_first_line
from backtriage.tables.files import tell_file

KEYS = ("id", "subject", "encounter", "authored", "status")
"""What an output can have too beside the answers; of a reference its address."""


def is_fhir_lines(file: Path) -> bool:
    """Whether the first line of a file that is not blank is FHIR; raises FileError."""
    with tell_file(file):
        line = read_first_line(file)
    try:
        return is_fhir(parse_json(line, []))
    except AnswersError:
        return FHIR_MARK in line


class FhirLines:
    """Files of NDJSON with one person's form in each line."""

    is_json = True

    def __init__(
        self, rule_set: RuleSet, files: Sequence[Path], rows: int, find_words: FindWords
    ) -> None:
        self._rule_set = rule_set
        self._find_words = find_words
        self._files = files
        self._rows = rows

    def list_names(self) -> list[str]:
        """Every question of the form, and what can be a key."""
        return [*self._rule_set.questions, *KEYS]

    def find_type(self, _: str) -> Any:
        """The text of a value."""
        return pa.string()

    def read(self, questions: Sequence[str], keys: Sequence[str]) -> Reading:
        """Read the answers to these questions, and these keys."""
        return read_files(self._files, partial(self._read_file, questions, keys))

    def _read_file(self, questions: Sequence[str], keys: Sequence[str], file: Path) -> Blocks:
        for block, count, share in read_blocks(file, self._rows):
            yield share, count, partial(self._read_block, questions, keys, str(file), block)

    def _read_block(
        self, questions: Sequence[str], keys: Sequence[str], file: str, block: bytes, first: int
    ) -> Batch:
        """What whole lines say, from line number `first`."""
        read: dict[int, dict[str, str]] = {}
        broken: list[Broken] = []
        for number, line in enumerate(block.split(b"\n"), first):
            if not line.strip():
                continue
            try:
                read[number] = self._read_line(line, keys)
            except AnswersError as error:
                broken.append(Broken(number, shorten_line(line), error.issues))
        columns = {
            name: pa.array([one.get(name) for one in read.values()], pa.string())
            for name in {*questions, *keys}
        }
        return Batch(file, np.array(list(read), np.int64), columns, broken)

    def _read_line(self, line: bytes, keys: Sequence[str]) -> dict[str, str]:
        """The JSON texts of the answers of a line and of its keys; raises AnswersError."""
        issues: list[Issue] = []
        try:
            raw = parse_json(line, issues)
            answers = read_fhir(self._rule_set, raw, find_words=self._find_words).values
        except AnswersError as error:
            raise AnswersError([*issues, *error.issues]) from None
        if issues:
            raise AnswersError(issues)
        wanted = [name for name in keys if name not in self._rule_set.questions]
        response = find_response(self._rule_set, raw).response if wanted else {}
        found = {name: _find_key(response, name) for name in wanted}
        return {name: write_json(value) for name, value in {**answers, **found}.items()}


def _find_key(response: Resource, name: str) -> str | None:
    """A key of a response as a text."""
    value = response.get(name)
    if isinstance(value, dict):
        value = value.get("reference")
    return value if isinstance(value, str) or value is None else json.dumps(value)
