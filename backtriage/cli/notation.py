"""How a table is written, as it is typed -> the notation that its reader goes by."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer

from backtriage.answer_words import read_plain
from backtriage.answers import parse_answer
from backtriage.errors import AnswersError, make_printable
from backtriage.model import RuleSet

if TYPE_CHECKING:
    from backtriage.tables.notation import Code, Notation

Separator = Annotated[
    str | None,
    typer.Option(
        "--separator", metavar="MARK", help="What stands between values of CSV, such as ; or tab."
    ),
]
Quote = Annotated[
    str | None,
    typer.Option("--quote", metavar="MARK", help='What stands around values of CSV, if not ".'),
]
Missing = Annotated[
    list[str] | None,
    typer.Option(
        "--missing",
        metavar="CODES",
        help="Codes for no answer, such as NA,.,-9; QUESTION=CODES for those of one question.",
    ),
]
YesCodes = Annotated[
    list[str] | None,
    typer.Option("--yes", metavar="CODES", help="Codes for yes, such as 1."),
]
NoCodes = Annotated[
    list[str] | None,
    typer.Option("--no", metavar="CODES", help="Codes for no, such as 0."),
]

_TYPED = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "space": " ", "none": ""}


def build_notation(
    rule_set: RuleSet,
    *,
    separator: str | None,
    quote: str | None,
    missing: list[str] | None,
    yes: list[str] | None,
    no: list[str] | None,
) -> "Notation":
    """The notation that was typed; raises BadParameter for what cannot be meant."""
    from backtriage.tables.notation import Notation

    mark = None if separator is None else _TYPED.get(separator, separator)
    around = '"' if quote is None else _TYPED.get(quote, quote)
    if mark is not None:
        _check_mark("--separator", mark, other=around)
    if around:
        _check_mark("--quote", around, other=mark)
    words = {"yes": list(_cut(yes)), "no": list(_cut(no))}
    _check_words(words)
    notation = Notation(
        separator=mark,
        quote=around,
        missing=_read_missing(rule_set, missing or []),
        yes=_read_codes(words["yes"]),
        no=_read_codes(words["no"]),
    )
    _check_once(rule_set, notation)
    return notation


def _check_mark(option: str, mark: str, *, other: str | None) -> None:
    is_mark = len(mark) == 1 and mark.isascii() and (mark.isprintable() or mark == "\t")
    if not is_mark or mark.isalnum() or mark == other:
        raise typer.BadParameter(
            f'{option} "{make_printable(mark)}": write one mark that stands nowhere else, such as '
            "; or tab"
        )


def _cut(given: list[str] | None) -> Iterator[str]:
    """Each of the codes that are typed with commas between them."""
    for codes in given or []:
        yield from (code.strip() for code in codes.split(",") if code.strip())


def _read_codes(words: Iterable[str]) -> "frozenset[Code]":
    from backtriage.tables.notation import read_code

    return frozenset(code for code in map(read_code, words) if code is not None)


def _read_missing(rule_set: RuleSet, given: list[str]) -> "Mapping[str, frozenset[Code]]":
    """The codes for no answer by question."""
    everywhere: list[str] = []
    by_question: dict[str, list[str]] = {question: [] for question in rule_set.questions}
    for codes in given:
        question, equals, rest = codes.partition("=")
        if equals and question in by_question:
            by_question[question] += _cut([rest])
        else:
            everywhere += _cut([codes])
    for question, words in by_question.items():
        words += everywhere
        for word in words:
            _check_missing(rule_set, question, word)
    return {question: _read_codes(words) for question, words in by_question.items() if words}


def _check_missing(rule_set: RuleSet, name: str, word: str) -> None:
    """A word that is an answer may not be taken for none; what number is a code is not known."""
    with suppress(AnswersError):
        if isinstance(parse_answer(rule_set.questions[name], word), str):
            raise typer.BadParameter(
                f'--missing "{make_printable(word)}": this is an answer to {name}; '
                "name the questions that have the code, as in --missing age=99"
            )


def _check_words(words: Mapping[str, Iterable[str]]) -> None:
    """A code may be no word that means something else: least of all is "unknown" a no."""
    for answer, codes in words.items():
        for word in codes:
            meant = read_plain(word)
            if meant is not None and str(meant) != answer:
                typed = make_printable(word)
                raise typer.BadParameter(f'--{answer} "{typed}": this word means "{meant}"')


def _check_once(rule_set: RuleSet, notation: "Notation") -> None:
    """A number that is no answer to one question may well be one to another."""
    for question in rule_set.questions.values():
        codes = notation.find_codes(question)
        for code in (codes.yes & codes.no) | ((codes.yes | codes.no) & codes.missing):
            raise typer.BadParameter(
                f'the code "{make_printable(str(code))}" has two meanings for {question.id}'
            )
