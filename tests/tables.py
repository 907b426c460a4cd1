"""People in tables: those at every bound of a rule set,
how they are written down, and what the engine says of them.
"""

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Any

import duckdb

from backtriage.answers import get_check, parse_answers
from backtriage.conditions import Facts, count_as
from backtriage.model import NOT_SURE, Answer, Answers, AskedTwice, Number, Question, RuleSet, YesNo
from backtriage.status import Status, choose_how, find_all_telling_values
from backtriage.strict_json import write_json
from backtriage.tables.sql import OUTCOME
from reference import find_call
from strategies import harmless_answer

# People at every bound: one answer of a healthy person, and of an ill one, changed at a time ------


def edge_answers(rule_set: RuleSet, question: Question) -> list[Answer | None]:
    """Every kind of answer: each bound, just under and just over it;
    each option; not sure; and none.
    """
    values: set[Answer] = set(find_all_telling_values(rule_set)[question.id])
    if isinstance(question, Number):
        around = [
            bound + step
            for bound in values
            if isinstance(bound, int | float)
            for step in (-1, -0.001, 0.001, 1)
        ]
        values |= {number for number in around if question.minimum <= number <= question.maximum}
        values |= {question.minimum, question.maximum}
    if question.not_sure is not None:
        values.add(NOT_SURE)
    if get_check(question):
        values |= set(AskedTwice)
    return [*sorted(values, key=str), None]


def people_at_the_edges(rule_set: RuleSet) -> Iterator[Mapping[str, Answer]]:
    """One changed answer after the other, upon three people:
    well, with every complaint, and with nothing answered.
    """
    well = {name: harmless_answer(question) for name, question in rule_set.questions.items()}
    ill = {name: _worst(rule_set, question) for name, question in rule_set.questions.items()}
    bases: list[Mapping[str, Answer]] = [well, ill, {}]
    for base in bases:
        for name, question in rule_set.questions.items():
            for answer in edge_answers(rule_set, question):
                changed = {**base, name: answer}
                yield {question: value for question, value in changed.items() if value is not None}


def _worst(rule_set: RuleSet, question: Question) -> Answer:
    values = find_all_telling_values(rule_set)[question.id]
    return values[0] if question.worse in ("no", "lower") else values[-1]


# What the engine says -----------------------------------------------------------------------------


def by_engine(rule_set: RuleSet, answers: Mapping[str, Answer]) -> tuple[object, ...]:
    """What the engine says, as the columns of OUTCOME."""
    facts = Facts(rule_set, Answers(answers))
    status = Status.of(rule_set.red_flags.values(), facts)
    low, high = status.at_least, status.at_most
    return (
        status.advice,
        status.within_days,
        status.complete,
        low.advice,
        low.within_days,
        high.advice,
        high.within_days,
        choose_how(low.advice, needs_ambulance=find_call(facts) is True),
        ",".join(flag.id for flag in status.present),
        ",".join(flag.id for flag in status.open),
        "",
    )


def row_by_engine(rule_set: RuleSet, raw: object) -> dict[str, object]:
    """What the engine says of a row, as it stands in an output with lists."""
    row = dict(zip(OUTCOME, by_engine(rule_set, parse_answers(rule_set, raw).values), strict=True))
    lists = {
        name: [one for one in str(row[name]).split(",") if one]
        for name in ("findings", "unresolved")
    }
    return {name: value for name, value in (row | lists).items() if name != "not_understood"}


def outcome(row: Mapping[str, Any]) -> dict[str, object]:
    """The columns of a row that say what came out."""
    return {name: value for name, value in row.items() if name in OUTCOME}


# How they are written down ------------------------------------------------------------------------


def in_table(question: object, answer: Answer | None, booleans: bool) -> object:
    """An answer as it stands in a table."""
    if isinstance(question, Number):
        return question.not_sure if answer == NOT_SURE else answer
    if isinstance(question, YesNo) and booleans and answer is not None:
        return count_as(question, answer) == "yes"
    return str(answer) if isinstance(answer, Enum) else answer


GIVEN: Sequence[tuple[str, str, Sequence[tuple[object, Answer | None]]]] = (
    (
        "age",
        "text",
        [
            *(("47", 47), ("047.50", 47.5), ("4.7E1", 47), ("0", 0), ("", None), (None, None)),
            *(
                (odd, None)
                for odd in ("NA", "47,5", "1e999", "121", "-1", "1_0", " 47", "6e1", "47 years")
            ),
            *((odd, None) for odd in ("nan", "inf", "0x2F", ".", "not sure", "9" * 400, "47;")),
        ],
    ),
    ("age", "text", [("1e-400", None), ("0.01e-323", None), ("2e-324", None), ("3e-324", 0)]),
    ("age", "number", [(47, 47), (0.00001, 0.00001), (121, None), (-1, None), (None, None)]),
    ("age", "number", [(5.5e-101, 0), (5e-324, 0), (2.3e-308, 0), (1e300, None), (1e16, None)]),
    ("numb", "text", [("yes", "yes"), ("no", "no"), ("false", "no"), ("nope", None), ("0", None)]),
    ("numb", "number", [(0, None), (1, None), (None, None)]),
    ("weak_course", "number", [(0, None), (1, None), (None, None)]),
)
"""Columns of the small rule set by question and type: what is given there, and the answer that it
is, if it is one that SQL knows.
"""


def check_given(
    rule_set: RuleSet,
    question: str,
    given: Sequence[tuple[object, Answer | None]],
    rows: Iterable[Sequence[object]],
) -> None:
    """Each row, with the place of what was given before it, says what the engine says of the
    answer; what is none is named.
    """
    said = {place: tuple(row) for place, *row in rows}
    assert set(said) == set(range(len(given)))
    for place, (value, answer) in enumerate(given):
        *outcome, _ = by_engine(rule_set, {} if answer is None else {question: answer})
        is_odd = answer is None and value not in (None, "")
        assert said[place] == (*outcome, question if is_odd else ""), value


TYPES = {
    "texts": {"yes_no": "VARCHAR", "choice": "VARCHAR", "number": "VARCHAR"},
    "types": {"yes_no": "BOOLEAN", "choice": "VARCHAR", "number": "DOUBLE"},
}
"""The columns of a table without types, and with."""


def write_table(
    rule_set: RuleSet, people: Sequence[Mapping[str, Answer]], file: str, types: Mapping[str, str]
) -> None:
    """A file of any format with a column for each question;
    what its type cannot hold is not answered.
    """
    lines = "".join(
        f"{write_json({'nr': place, **person})}\n" for place, person in enumerate(people)
    )
    if ".jsonl" in file:
        Path(file).write_bytes(
            gzip.compress(lines.encode()) if file.endswith(".gz") else lines.encode()
        )
        return
    Path("all.jsonl").write_text(lines)
    texts = {"nr": "INTEGER", **dict.fromkeys(rule_set.questions, "VARCHAR")}
    typed = [
        f'TRY_CAST("{name}" AS {types[question.kind]}) AS "{name}"'
        for name, question in rule_set.questions.items()
    ]
    with duckdb.connect() as database:
        lines_read = f"read_json('all.jsonl', format = 'newline_delimited', columns = {texts})"
        database.execute(f"COPY (SELECT nr, {', '.join(typed)} FROM {lines_read}) TO '{file}'")


def as_held(
    rule_set: RuleSet, person: Mapping[str, Answer], types: Mapping[str, str]
) -> dict[str, Answer]:
    """What a table with these types can hold of a person."""
    kinds = {name: types[rule_set.questions[name].kind] for name in person}
    return {
        name: answer
        for name, answer in person.items()
        if kinds[name] == "VARCHAR" or not isinstance(answer, Enum)
    }
