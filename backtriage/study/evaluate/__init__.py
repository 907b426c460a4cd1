"""(RuleSet, a file of patients whose right advice is known) -> how well it does, beside others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from backtriage.errors import MOST_ISSUES, AnswersError, Issue
from backtriage.model import RuleSet
from backtriage.study.evaluate.counting import PatientCounter
from backtriage.study.evaluate.labels import Columns, LabelReader
from backtriage.study.evaluate.missed import Picker
from backtriage.study.evaluate.reading import LabelledFile
from backtriage.study.evaluate.results import Evaluated, Malformed
from backtriage.study.evaluate.totals import Tell, Totals, Way
from backtriage.tables import Job
from backtriage.tables.files import check_files
from backtriage.tables.notation import Notation
from backtriage.tables.pool import run_in_threads
from backtriage.tables.work import ROWS

__all__ = ["MOST_LISTED", "Columns", "Evaluated", "Malformed", "Options", "evaluate"]

BASELINE = "any red flag: seek care now"

MOST_LISTED = 1000
"""So many patients that are missed or not settled, and rows that are malformed, are held."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to evaluate.

    With `any_red_flag` also compare with the plainest rule, by which whoever has any red flag is an
    emergency; with `versus`, a name and another rule set, also with that. `most_listed` patients
    are told one by one; `tell` is given the rows that cannot be used, batch by batch. `rows` are
    in hand at once; no result depends on how many. `notation` is how the file is written, `named`
    has the column of each question that has one by another name than its own, and `left_out` the
    questions without a column, as for `cohort`.
    """

    columns: Columns = field(default_factory=Columns)
    any_red_flag: bool = False
    versus: tuple[str, RuleSet] | None = None
    most_listed: int = MOST_LISTED
    tell: Tell = lambda _, __: None
    rows: int = ROWS
    notation: Notation = field(default_factory=Notation)
    named: Mapping[str, str] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()


def evaluate(rule_set: RuleSet, file: Path, options: Options | None = None) -> Evaluated:
    """Decide on all patients of a file by the rule set, and compare that with what is right.

    However many there are, memory stays bounded. Raises FileError, and AnswersError if there are
    none.
    """
    options = options or Options()
    job = Job(
        rule_set=rule_set,
        inputs=check_files([file]),
        output=file,
        columns=options.named,
        left_out=options.left_out,
        notation=options.notation,
    )
    labelled = LabelledFile(job, options.columns, options.rows)
    labels = LabelReader(options.columns, is_json=labelled.is_json)
    understandings = labelled.build_understandings(rule_set)
    picker = Picker(rule_set, understandings, labels, options.most_listed)
    counter = PatientCounter(
        rule_set,
        labelled,
        understandings,
        labels,
        picker,
        max(options.most_listed, MOST_ISSUES),
        any_red_flag=options.any_red_flag,
        versus=options.versus[1] if options.versus else None,
    )
    totals = Totals(_list_ways(rule_set, options), picker, options.most_listed, options.tell)
    for _, part in run_in_threads(counter.count, labelled.read()):
        totals.add(part)
    if totals.is_empty:
        raise AnswersError([Issue(code="no-input", message="the input has no patients in it")])
    labelled.check_names()
    if totals.patients:  # else each row is told, with what is wrong with it
        labelled.check_answered()
    return totals.summarize(labelled.list_ignored(), has_weights=labelled.has_weights)


def _list_ways(rule_set: RuleSet, options: Options) -> list[Way]:
    """In the order of the counts."""
    ways = [(f"{rule_set.id} {rule_set.version}", rule_set)]
    if options.any_red_flag:
        ways.append((BASELINE, rule_set))
    if options.versus:
        ways.append(options.versus)
    return ways
