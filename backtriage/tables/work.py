"""(Job, database) -> the output, the rejects and a summary; the database is told every step."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from backtriage.errors import (
    AnswersError,
    FileError,
    Issue,
    find_repeated,
    shorten,
    suggest_nearest,
)
from backtriage.files import write_private
from backtriage.model import ADVICES, RuleSet, Urgency, Value
from backtriage.strict_json import parse_json
from backtriage.tables import Job, Summary, Wanted
from backtriage.tables.files import JSON_LINES, find_kind
from backtriage.tables.sql import OUTCOME
from backtriage.tables.sql.coding import Kind
from backtriage.tables.steps import Plan, Steps, list_words
from backtriage.tables.values import understand_value

Meaning: TypeAlias = Value | bool | Issue
"""What a value counts as, or what is wrong with it."""

Odd: TypeAlias = Mapping[str, Mapping[str, Meaning]]
"""By question, and by value as a text: the meaning of each value that is not plain."""


class Database(Protocol):
    """What does the work."""

    dialect: str

    def places(self, files: int) -> Mapping[str, str]:
        """The columns of the source that say where a row is from, by their name in the output."""

    def read(self, files: Sequence[Path], plan: Plan) -> Steps:
        """Read files, or look at them; what comes back are the steps for the columns they have.

        `plan` makes steps of columns, and may be asked again if there turn out to be more of them.
        """

    def finish_at_once(self, steps: Steps, output: Path) -> bool:
        """Do what `finish` does in one pass, with no source; False if that cannot be done.

        It cannot where there are odd values, for one.
        """

    def make_source(self, steps: Steps) -> None:
        """Make the source of what was read."""

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query."""

    def odd_values(self, columns: str) -> Iterator[tuple[int, str]]:
        """Every odd value of each of these columns of the source once.

        It comes behind the place of the column, from 0.
        """

    def keep_words(self, words: Sequence[tuple[str, str, str]]) -> None:
        """Make the table of what odd values count as: question, raw and value."""

    def keep_coded(self, sql: str) -> None:
        """Give a name to the coded rows."""

    def finish(self, sql: str, output: Path) -> None:
        """Work out the result, write it beside the output, and keep it for what counts it."""

    def publish(self, output: Path) -> None:
        """Move what was written to where it is wanted, in one move."""

    def outcomes(self) -> Iterator[tuple[str | None, int | None, int]]:
        """How many rows of the result have which advice and deadline.

        Advice and deadline are None for those that are not settled.
        """

    def findings(self) -> Iterator[tuple[str, int]]:
        """How many rows of the result have which red flag."""


def run_job(job: Job, database: Database) -> Summary:
    """Do the job; raises FileError."""
    places = database.places(len(job.inputs))
    steps = database.read(job.inputs, partial(_plan, job, database.dialect, places))
    is_finished = database.finish_at_once(steps, job.output)
    rejects = [] if is_finished else _finish_in_steps(job, steps, database)
    summary = _summary(job, steps, database, len(rejects))
    _publish(job, database, rejects)
    return summary


def _plan(job: Job, dialect: str, places: Mapping[str, str], kinds: Mapping[str, Kind]) -> Steps:
    """The steps for a table with these columns; raises FileError if it lacks one that is named."""
    return Steps(job.rule_set, _wanted(job, list(kinds)), kinds, dialect, places)


def _publish(job: Job, database: Database, rejects: Sequence[str]) -> None:
    """Put the output and the rejects where they are wanted.

    In such an order that there is never an output without its rejects.
    """
    if rejects:
        write_private(job.rejects, "".join(rejects))
        database.publish(job.output)
    else:
        database.publish(job.output)
        job.rejects.unlink(missing_ok=True)


def _finish_in_steps(job: Job, steps: Steps, database: Database) -> list[str]:
    """Finish the result; the rejects as lines of JSON."""
    database.make_source(steps)
    odd = _understand(job.rule_set, steps, database)
    understood = {
        question: words for question, meanings in odd.items() if (words := _words(meanings))
    }
    database.keep_words(list_words(understood))
    wrong = [
        question
        for question, meanings in odd.items()
        if any(isinstance(meaning, Issue) for meaning in meanings.values())
    ]
    database.keep_coded(steps.write_coded(understood, wrong))
    database.finish(steps.write_result(), job.output)
    rows = database.rows(steps.write_rejected(understood, wrong))
    return [f"{json.dumps(_reject(job, wrong, row, odd))}\n" for row in rows]


def _summary(job: Job, steps: Steps, database: Database, rejected: int) -> Summary:
    outcomes = {_urgency(advice, days): count for advice, days, count in database.outcomes()}
    return Summary(
        rows=sum(outcomes.values()) + rejected,
        rejected=rejected,
        outcomes=outcomes,
        red_flags=dict(database.findings()),
        missing=tuple(
            question for question in job.rule_set.questions if question not in steps.questions
        ),
        others=tuple(steps.others),
    )


def _wanted(job: Job, names: Sequence[str]) -> Wanted:
    """What is needed of the columns that there are; raises FileError for those that cannot be."""
    if issues := list(_wrong_columns(job, names)):
        raise FileError(issues)
    columns = {
        question: job.columns.get(question, question)
        for question in job.rule_set.questions
        if question not in job.left_out
    }
    return Wanted(
        questions={question: name for question, name in columns.items() if name in names},
        keys=job.keys,
    )


def _wrong_columns(job: Job, names: Sequence[str]) -> Iterator[Issue]:
    """What is wrong with the columns that were named, and with those that are used unnamed."""
    named = (*job.columns.values(), *job.keys)
    for name in named:
        if name not in names or not name:
            there_are = f"there are: {shorten(', '.join(names), 200)}"
            yield Issue(
                code="no-column",
                message=f'there is no column "{shorten(name)}"',
                suggestion=suggest_nearest(name, names) or there_are,
            )
    taken = {*OUTCOME, "row", "file", "errors", "line"}
    for name in job.keys:
        if name.casefold() in taken:
            message = f'the output has a column "{name}" of its own'
            yield Issue(code="reserved-id", message=message, suggestion="rename yours")
    for name in named:
        if name.startswith("_"):  # as those of the steps do
            message = f'a column "{name}" cannot be used'
            yield Issue(code="reserved-id", message=message, suggestion="rename it")
    for name in find_repeated(map(str.casefold, job.keys)):
        yield Issue(code="duplicate-id", message=f'the column "{name}" is named twice')
    used = {name for name in (*named, *job.rule_set.questions) if name in names}
    for name in find_repeated(map(str.casefold, used)):  # to a database they are the same
        message = f'two columns are called "{name}" but for their case; rename one'
        yield Issue(code="duplicate-id", message=message)


def _understand(rule_set: RuleSet, steps: Steps, database: Database) -> Odd:
    """Look up every odd value once."""
    odd: dict[str, dict[str, Meaning]] = {}
    for place, raw in database.odd_values(steps.write_odd_columns()) if steps.questions else ():
        question = steps.questions[place]
        meaning = understand_value(rule_set.questions[question], raw, steps.kinds[question])
        odd.setdefault(question, {})[raw] = meaning
    return {question: odd[question] for question in steps.questions if question in odd}


def _words(meanings: Mapping[str, Meaning]) -> dict[str, str]:
    """Those that can be understood, with values so that the database can cast them back."""
    return {
        raw: str(meaning).lower() if isinstance(meaning, bool) else str(meaning)
        for raw, meaning in meanings.items()
        if not isinstance(meaning, Issue)
    }


def _urgency(advice: str | None, within_days: int | None) -> Urgency | None:
    known = next((known for known in ADVICES if known == advice), None)
    return Urgency(advice=known, within_days=within_days) if known else None


# Rejects ------------------------------------------------------------------------------------------


def _reject(job: Job, wrong: Sequence[str], row: tuple[Any, ...], odd: Odd) -> dict[str, object]:
    """A row that cannot be understood: where it is, and what is wrong with it."""
    file, number, broken, why, *others = row
    keys, raws = others[: len(job.keys)], others[len(job.keys) :]
    write_key = _as_it_was if find_kind(job.inputs[0]) in JSON_LINES else _plain
    written = map(write_key, keys)
    place = {"file": file, "row": number, **dict(zip(job.keys, written, strict=True))}
    if broken is not None:
        errors = [issue.build_json() for issue in _what_is_broken(broken, why)]
        return place | {"errors": errors, "line": broken}
    meanings = [
        odd[question][raw] for question, raw in zip(wrong, raws, strict=True) if raw is not None
    ]
    errors = [meaning.build_json() for meaning in meanings if isinstance(meaning, Issue)]
    return place | {"errors": errors}


def _as_it_was(key: object) -> object:
    """A key out of JSON Lines as the value it was there."""
    try:
        return json.loads(key) if isinstance(key, str) else _plain(key)
    except (ValueError, RecursionError):
        return key


def _plain(key: object) -> object:
    return key if key is None or isinstance(key, str | bool | int | float) else str(key)


def _what_is_broken(text: str, why: str | None) -> list[Issue]:
    """Why a line is no row: what the database says of it, or the reader of JSON."""
    if why or not text.lstrip().startswith(("{", "[")):
        return [Issue(code="not-a-row", message=why or "this is not JSON")]
    issues: list[Issue] = []
    try:
        value = parse_json(text.encode(errors="backslashreplace"), issues)
    except AnswersError as error:
        return list(error.issues)
    if not isinstance(value, dict):
        message = "a row must be one object of question ids and values"
        issues.append(Issue(code="not-an-object", message=message))
    return issues or [Issue(code="not-json", message="this is not JSON that can be read safely")]
