"""Summary -> text for those who run a job."""

import textwrap
from collections.abc import Collection, Iterable, Iterator, Sequence

from backtriage.answer_words import normalize
from backtriage.errors import MOST_ISSUES, make_printable, shorten, suggest_nearest
from backtriage.report.words import describe_urgency_in_brief
from backtriage.tables import Job, Summary

MOST_FLAGS = 20
"""So many red flags are told; the output has all of them."""


def render_text(job: Job, summary: Summary, width: int) -> str:
    """What came of a job: rows by urgency, the most frequent red flags, and what was amiss."""
    lines = [f"{summary.rows:,} rows, {summary.rejected:,} rejected", ""]
    assessed = summary.rows - summary.rejected
    for urgency, count in summary.outcomes.items():
        name = describe_urgency_in_brief(urgency) if urgency else "not settled"
        lines.append(_row(count, assessed, name))
    if summary.red_flags:
        lines += ["", "Red flags, the most frequent first"]
    most_frequent = list(summary.red_flags.items())[:MOST_FLAGS]
    lines += [_row(count, assessed, flag) for flag, count in most_frequent]
    if len(summary.red_flags) > MOST_FLAGS:
        lines.append(f"and {len(summary.red_flags) - MOST_FLAGS} more")
    for note in _notes(job, summary):
        lines += ["", *textwrap.wrap(note, width)]
    return make_printable("\n".join(lines)) + "\n"


def _row(count: int, of: int, name: str) -> str:
    share = 100 * count / of if of else 0
    return f"{count:>12,}  {share:5.1f} %  {name}"


def _notes(job: Job, summary: Summary) -> Iterator[str]:
    if summary.missing:
        yield f"No column, so not answered by anybody: {', '.join(summary.missing)}."
    if summary.others:
        others = name_with_hints(summary.others, job.rule_set.questions)
        yield f"Columns that were not used: {others}."
    for hint, rows in summary.hints.items():
        yield f"Of the rejected rows, {rows:,}: {hint}."
    if summary.rejected:
        yield f"Rejected rows, with the reasons: {job.rejects}"


def name_with_hints(names: Sequence[str], questions: Collection[str]) -> str:
    """The columns that were not used, some of which may be misspelt; of very many the first."""
    named = [_named_with_hint(name, questions) for name in names[:MOST_ISSUES]]
    more = len(names) - len(named)
    return ", ".join([*named, *([f"and {more:,} more"] if more else [])])


def _named_with_hint(name: str, questions: Iterable[str]) -> str:
    hint = suggest_nearest(normalize(name).replace(" ", "_"), questions)
    return f"{shorten(name)} ({hint})" if hint else shorten(name)
