"""Summary -> text for those who run a job."""

import textwrap
from collections.abc import Iterable, Iterator

from backtriage.answers import normalize
from backtriage.cohort import Job, Summary
from backtriage.errors import did_you_mean, printable
from backtriage.report import urgency_in_brief

MOST_FLAGS = 20
"""So many red flags are told; the output has all of them."""


def as_text(job: Job, summary: Summary, width: int) -> str:
    """What came of a job: rows by urgency, the most frequent red flags, and what was not as it should be."""
    lines = [f"{summary.rows:,} rows, {summary.rejected:,} rejected", ""]
    assessed = summary.rows - summary.rejected
    for urgency, count in summary.outcomes.items():
        name = urgency_in_brief(urgency) if urgency else "not settled"
        lines.append(_row(count, assessed, name))
    lines += ["", "Red flags, the most frequent first"]
    lines += [_row(count, assessed, flag) for flag, count in list(summary.red_flags.items())[:MOST_FLAGS]]
    if len(summary.red_flags) > MOST_FLAGS:
        lines.append(f"and {len(summary.red_flags) - MOST_FLAGS} more")
    for note in _notes(job, summary):
        lines += ["", *textwrap.wrap(note, width)]
    return printable("\n".join(lines)) + "\n"


def _row(count: int, of: int, name: str) -> str:
    share = 100 * count / of if of else 0
    return f"{count:>12,}  {share:5.1f} %  {name}"


def _notes(job: Job, summary: Summary) -> Iterator[str]:
    if len(summary.missing) == len(job.rule_set.questions):
        yield "No question has a column, so nothing is known of anybody; name the columns with --column."
    elif summary.missing:
        yield f"No column, so not answered by anybody: {', '.join(summary.missing)}."
    if summary.others:
        others = ", ".join(named_with_hint(name, job.rule_set.questions) for name in summary.others)
        yield f"Columns that were not used: {others}."
    if summary.rejected:
        yield f"Rejected rows, with the reasons: {job.rejects}"


def named_with_hint(name: str, questions: Iterable[str]) -> str:
    """A column that was not used; some may be misspelt."""
    hint = did_you_mean(normalize(name).replace(" ", "_"), questions)
    return f"{name} ({hint})" if hint else name
