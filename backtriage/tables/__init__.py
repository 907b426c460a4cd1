"""A table of patients -> the same table assessed, rejects, and a summary.

Batches of columns are read (`csv_rows`, `json_lines`, `parquet_rows`), each distinct value is given
to `answers` (`values`), the rules are decided on planes (`decide`), and rows are written
(`results`, `writers`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from backtriage.fhir.coding import FindWords, find_no_words
from backtriage.model import RuleSet, Urgency
from backtriage.tables.files import REJECTS
from backtriage.tables.notation import Notation


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What to assess and where to.

    `columns` has the column of each question that has one by another name than its own, and
    `left_out` the questions without a column, even if there should be one. `keys` are columns that
    the output has too. `notation` is how the inputs are written. `find_words` finds what forms of
    FHIR may have been shown with in other languages.
    """

    rule_set: RuleSet
    inputs: tuple[Path, ...]
    output: Path
    columns: Mapping[str, str] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    left_out: frozenset[str] = frozenset()
    notation: Notation = field(default_factory=Notation)
    find_words: FindWords = find_no_words

    @property
    def rejects(self) -> Path:
        """Where the rows go that cannot be understood."""
        return self.output.with_name(f"{self.output.name}{REJECTS}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What came of a job.

    `outcomes` counts the rows by urgency, None for those that are not settled; `red_flags` those in
    which each is present. `hints` are ways out for rows that were rejected, with how many of these
    have each. `missing` are questions without a column, and `others` columns that are
    neither a question nor a key.
    """

    rows: int
    rejected: int
    outcomes: Mapping[Urgency | None, int]
    red_flags: Mapping[str, int]
    missing: tuple[str, ...]
    others: tuple[str, ...]
    hints: Mapping[str, int] = field(default_factory=dict)
