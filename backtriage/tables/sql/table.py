"""The table that a query assesses, and the columns of what it makes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from backtriage.tables import wanted

OUTCOME = (*wanted.OUTCOME, "not_understood")
"""The columns of the result, behind those that identify the row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The table to assess: one row for each patient.

    `columns` has the column of each question; a question without one is not answered by anybody.
    `keys` are columns that the result has too, by their name there.

    NULL is "not answered". Yes/no questions are texts: yes, no (or true, false) or not sure; with
    `booleans` all of them are BOOLEAN, in which "not sure" is what it counts as. Choices are texts:
    the id of an option, or not sure. Numbers are numbers, or texts of numbers, in the unit of the
    question; "not sure" is the number that it counts as.

    Any other value counts as not answered, and is told of.
    """

    name: str
    columns: Mapping[str, str]
    keys: Mapping[str, str] = field(default_factory=dict)
    booleans: bool = False
