"""(Job, the columns that are there) -> an error if no question is among them, or next to none.

Every patient would come out as "not settled" then, which a script takes for a success.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress

from backtriage.answer_words import read_plain
from backtriage.answers import read_cell
from backtriage.errors import AnswersError, FileError, Issue, NothingRead, shorten, suggest_nearest
from backtriage.strict_json import is_fhir, parse_json
from backtriage.tables import Job
from backtriage.tables.blocks import read_first_line
from backtriage.tables.files import CSV, JSON_LINES, find_kind
from backtriage.tables.wanted import find_columns

_SEPARATORS = {",": ",", ";": ";", "\t": "tab", "|": "|", ":": ":", " ": "space"}
"""What may stand between values, and how it is typed."""

_SHOWN = 5
"""So many columns are named that should perhaps be called otherwise."""


def check_read(job: Job, names: Sequence[str]) -> None:
    """Raise NothingRead where no question has a column, or fewer than would have one but for the
    case and the marks in its name.
    """
    there = set(names)
    used = [name for name in find_columns(job).values() if name in there]
    meant = dict(_find_meant(job, [name for name in names if name not in used]))
    if used and (job.columns or job.left_out or len(meant) <= len(used)):
        return
    told = f"the columns are: {shorten(', '.join(names), 200)}" if names else "there is no column"
    issue = Issue(
        code="nothing-read",
        message=f"{'hardly a' if used else 'no'} column is a question; {told}",
        suggestion=_find_way_out(job, names, meant),
        file=str(job.inputs[0]),
    )
    raise NothingRead([issue])


def _find_meant(job: Job, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The questions that columns are called like but for case and marks, with these."""
    plain = {_strip_marks(question): question for question in job.rule_set.questions}
    for name in names:
        question = plain.get(_strip_marks(name))
        if question is not None and question not in job.left_out:
            yield question, name


def _strip_marks(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _find_way_out(job: Job, names: Sequence[str], meant: dict[str, str]) -> str:
    return (
        _suggest_columns(meant)
        or _suggest_separator(job, names)
        or _suggest_shape(job)
        or _suggest_header(job, names)
        or _suggest_nearest(job, names)
        or "name them with --column QUESTION=COLUMN"
    )


def _suggest_columns(meant: dict[str, str]) -> str | None:
    """How to name the columns that are meant."""
    pairs = " ".join(
        f'--column "{question}={name}"' for question, name in list(meant.items())[:_SHOWN]
    )
    more = ", and so on" if len(meant) > _SHOWN else ""
    return f"call them by their ids, or say {pairs}{more}" if meant else None


def _suggest_separator(job: Job, names: Sequence[str]) -> str | None:
    """Another mark between columns that makes questions of them, or parts the only one."""
    if find_kind(job.inputs[0]) not in CSV:
        return None

    def count_questions(mark: str) -> int:
        pieces = {piece.strip() for name in names for piece in name.split(mark)}
        return len(pieces & {*find_columns(job).values()})

    best = max(_SEPARATORS, key=count_questions)
    is_likely = count_questions(best) > 0
    if not is_likely and len(names) == 1:
        best = max(_SEPARATORS, key=names[0].count)
        is_likely = best in names[0] and best != " "
    return f'say what separates them: --separator "{_SEPARATORS[best]}"' if is_likely else None


def _suggest_shape(job: Job) -> str | None:
    """What is told of JSON whose first line has the answers elsewhere than beside each other."""
    if find_kind(job.inputs[0]) not in JSON_LINES:
        return None
    value = None
    with suppress(AnswersError, FileError, OSError):
        value = parse_json(read_first_line(job.inputs[0]), [])
    if is_fhir(value):
        return "FHIR is read by `cohort` and by `assess`"
    inside = value.items() if isinstance(value, dict) else ()
    for key, one in inside:
        if isinstance(one, dict) and not job.rule_set.questions.keys().isdisjoint(one):
            return f'write the answers beside each other, not in an object "{shorten(key)}"'
    return None


def _suggest_header(job: Job, names: Sequence[str]) -> str | None:
    """What is told of a first line that has values, or one cell alone, and so is no header."""
    if find_kind(job.inputs[0]) not in CSV:
        return None
    has_values = any(
        not isinstance(read_cell(name), str) or read_plain(name) is not None for name in names
    )
    if has_values or len(names) == 1:
        return "the first line is taken for the header; it must have the names of the columns"
    return None


def _suggest_nearest(job: Job, names: Sequence[str]) -> str | None:
    pairs = ((name, suggest_nearest(name, job.rule_set.questions)) for name in names[:_SHOWN])
    near = [f"{shorten(name)}: {hint}" for name, hint in pairs if hint]
    return ", ".join([*near, "name them with --column QUESTION=COLUMN"]) if near else None
