"""(Job, the columns that are there) -> what is needed of them, or what is wrong with what was
named.
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from pathlib import Path

from backtriage.errors import FileError, Issue, find_repeated, shorten, suggest_nearest
from backtriage.tables import Job
from backtriage.tables.files import JSON_LINES, PARQUET, find_kind, list_folder_columns
from backtriage.tables.notation import Notation

OUTCOME = (
    "advice",
    "within_days",
    "complete",
    "at_least",
    "at_least_within_days",
    "at_most",
    "at_most_within_days",
    "how",
    "findings",
    "unresolved",
)
"""The columns of the output, behind those that identify the row."""

_TAKEN = {*OUTCOME, "not_understood", "row", "file", "errors", "line"}


def find_columns(job: Job) -> dict[str, str]:
    """The column that each question has, if there is one by that name."""
    return {
        question: job.columns.get(question, question)
        for question in job.rule_set.questions
        if question not in job.left_out
    }


def check_names(job: Job, names: Sequence[str] | None) -> None:
    """Raise FileError for columns that were named and are not there, or cannot be told apart.

    Where the names are not known yet, that is told which does not depend on them.
    """
    issues = find_misnamed(job, names)
    if issues:
        raise FileError(issues)


def find_misnamed(job: Job, names: Sequence[str] | None, others: Iterable[str] = ()) -> list[Issue]:
    """The same as a list; `others` are columns that are read too, if they are there."""
    issues = [*_find_reserved(job), *_find_twice(job), *_find_unfit(job)]
    if names is None:
        return issues
    named = [*job.columns.values(), *job.keys]
    used = {*named, *job.rule_set.questions, *others}
    absent = find_absent(named, names, job.inputs)
    folders = _find_in_folders({*find_columns(job).values()} - {*named}, names, job.inputs)
    return [*absent, *folders, *issues, *_find_alike(used, names)]


def _find_in_folders(
    wanted: Iterable[str], names: Sequence[str], files: Sequence[Path]
) -> Iterator[Issue]:
    """The columns that have values in names of folders alone, where nobody reads them."""
    for name in sorted({*wanted}.intersection(list_folder_columns(files)) - {*names}):
        yield Issue(
            code="no-column",
            message=f'values of "{name}" stand in names of folders alone, which are not read',
            suggestion="write them into the files as a column, or rename the folders",
        )


def find_absent(
    wanted: Sequence[str], names: Sequence[str], files: Sequence[Path]
) -> Iterator[Issue]:
    """The columns that were named, and are not among those that are there."""
    yield from _find_in_folders(wanted, names, files)
    there = {*names, *list_folder_columns(files)}
    for name in wanted:
        if name not in there or not name:
            there_are = f"there are: {shorten(', '.join(names), 200)}"
            yield Issue(
                code="no-column",
                message=f'there is no column "{shorten(name)}"',
                suggestion=suggest_nearest(name, names) or there_are,
            )


def _find_reserved(job: Job) -> Iterator[Issue]:
    for name in job.keys:
        if name.casefold() in _TAKEN:
            message = f'the output has a column "{name}" of its own'
            yield Issue(code="reserved-id", message=message, suggestion="rename yours")
    for name in (*job.columns.values(), *job.keys):
        if name.startswith("_"):
            message = f'a column "{name}" cannot be used'
            yield Issue(code="reserved-id", message=message, suggestion="rename it")


def _find_twice(job: Job) -> Iterator[Issue]:
    for name in find_repeated(map(str.casefold, job.keys)):
        yield Issue(code="duplicate-id", message=f'the column "{name}" is named twice')


def _find_unfit(job: Job) -> Iterator[Issue]:
    """Marks that are said of files that have none."""
    has_marks = job.notation.separator is not None or job.notation.quote != Notation().quote
    if has_marks and find_kind(job.inputs[0]) in JSON_LINES | PARQUET:
        message = "only CSV has separators and quotes; leave --separator and --quote out"
        yield Issue(code="no-csv", message=message, file=str(job.inputs[0]))


def _find_alike(used: Set[str], names: Sequence[str]) -> Iterator[Issue]:
    """A table in which two columns differ by their case alone cannot be read by all."""
    for name in find_repeated(map(str.casefold, sorted(used & set(names)))):
        message = f'two columns are called "{name}" but for their case; rename one'
        yield Issue(code="duplicate-id", message=message)
