"""Evaluated -> one HTML page: no scripts, no other files; real tables, with pictures beside them.

It is built as a tree, so that every text in it is escaped.
"""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from backtriage.errors import shorten
from backtriage.model import ADVICES, RuleSet
from backtriage.report.words import capitalize_first
from backtriage.study.evaluate.html import add_row, add_table, add_text
from backtriage.study.evaluate.missed_page import add_missed
from backtriage.study.evaluate.results import Accuracy, Evaluated, Score
from backtriage.study.evaluate.style import CSS
from backtriage.study.evaluate.summary import (
    AGREEMENT,
    HOW,
    describe_left_out,
    list_columns,
    list_notes,
    name_row,
)
from backtriage.study.evaluate.words import describe_advice, describe_suspicion
from backtriage.study.intervals import Share

_MOST_ROWS = 20
"""So many rows that could not be used are told on the page."""

_BAR = 120
_HEIGHT = 14
"""The size of the picture of a share, in pixels."""

_MOVES = {
    "more": "more urgency",
    "less": "less",
    "same": "the same",
    "nearer": "nearer to what is right",
    "farther": "farther",
    "unsettled": "not settled in one",
}
"""The counts of moves by name, with what they are called."""


def render_html(evaluated: Evaluated) -> str:
    """The whole page."""
    root = Element("html", {"lang": "en"})
    head = SubElement(root, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    title = f"Evaluation of {evaluated.rule_set.id} {evaluated.rule_set.version}"
    add_text(head, "title", title)
    add_text(head, "style", CSS)
    main = SubElement(SubElement(root, "body"), "main")
    add_text(main, "h1", title)
    _add_introduction(main, evaluated)
    if evaluated.patients:
        _add_overview(main, evaluated)
        for score in evaluated.scores:
            _add_score(main, evaluated.rule_set, score)
        _add_moves(main, evaluated)
        add_missed(main, evaluated)
    _add_malformed(main, evaluated)
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _add_introduction(main: Element, evaluated: Evaluated) -> None:
    patients = f"{evaluated.patients:,} patients whose right advice is known."
    add_text(main, "p", f"{patients} Rule set {evaluated.rule_set.hash}.")
    if evaluated.patients:
        add_text(main, "p", HOW)
    for note in list_notes(evaluated):
        add_text(main, "p", note)


def _add_overview(main: Element, evaluated: Evaluated) -> None:
    """What each way comes to, side by side: its agreement, and who is missed."""
    section = SubElement(main, "section")
    add_text(section, "h2", "Overview")
    scores = evaluated.scores
    caption = "Agreement of each way to decide, with 95% intervals"
    body = add_table(section, caption, ("", *(score.name for score in scores)), class_="told")
    for name, label in ({"unsettled": "Not settled"} | AGREEMENT).items():
        add_row(body, label, [str(getattr(score, name)) for score in scores])
    label = describe_advice(evaluated.rule_set, "seek_care_now")
    accuracies = [score.by_advice["seek_care_now"] for score in scores]
    add_row(body, f"{label}: sensitivity", [str(one.sensitivity) for one in accuracies])
    add_row(body, f"{label}: specificity", [str(one.specificity) for one in accuracies])


def _add_score(main: Element, rule_set: RuleSet, score: Score) -> None:
    section = SubElement(main, "section")
    add_text(section, "h2", score.name)
    _add_matrix(section, rule_set, score)
    body = add_table(section, "Agreement", ("", "Share", "95% interval", ""))
    _add_share_row(body, "Not settled", score.unsettled)
    for name, label in AGREEMENT.items():
        _add_share_row(body, label, getattr(score, name))
    by_advice = [
        (describe_advice(rule_set, advice), one) for advice, one in score.by_advice.items()
    ]
    _add_accuracies(section, "By advice", by_advice)
    if score.by_suspicion:
        caption = "By suspicion, where the diagnosis is known"
        by_suspicion = [
            (describe_suspicion(rule_set, name), one) for name, one in score.by_suspicion.items()
        ]
        _add_accuracies(section, caption, by_suspicion)


def _add_matrix(section: Element, rule_set: RuleSet, score: Score) -> None:
    """The counts, darker where there are more of those with the same right advice."""
    heads = [describe_advice(rule_set, advice) for advice in list_columns()]
    caption = "Patients by right advice (rows) and advice given (columns)"
    body = add_table(section, caption, ("", *heads))
    for expected in reversed(ADVICES):
        row = SubElement(body, "tr")
        add_text(row, "th", describe_advice(rule_set, expected), scope="row")
        counts = [score.matrix.get((expected, advice), 0) for advice in list_columns()]
        for advice, count in zip(list_columns(), counts, strict=True):
            shade = round(9 * count / (sum(counts) or 1))
            kind = "right" if advice == expected else "wrong"
            add_text(row, "td", f"{count:,}", class_=f"heat {kind} h{shade}")


def _add_accuracies(
    section: Element, caption: str, accuracies: Iterable[tuple[str, Accuracy]]
) -> None:
    heads = ("", "Sensitivity", "95% interval", "", "Specificity", "95% interval", "")
    body = add_table(section, caption, heads)
    for name, accuracy in accuracies:
        row = SubElement(body, "tr")
        add_text(row, "th", name, scope="row")
        _add_share_cells(row, accuracy.sensitivity, accuracy.open_with)
        _add_share_cells(row, accuracy.specificity, accuracy.open_without)


def _add_share_row(body: Element, label: str, share: Share) -> None:
    row = SubElement(body, "tr")
    add_text(row, "th", label, scope="row")
    _add_share_cells(row, share)


def _add_share_cells(row: Element, share: Share, still_open: int = 0) -> None:
    """The share, its interval, and both as a picture, which has nothing that the numbers lack."""
    value, _, interval = str(share).partition(" ")
    add_text(row, "td", value)
    base = "nobody" if share.value is None else f"{interval.strip('()')}, of {share.of:,.0f}"
    add_text(row, "td", f"{base}{describe_left_out(still_open)}")
    _add_bar(SubElement(row, "td"), share)


def _add_bar(cell: Element, share: Share) -> None:
    if share.value is None:
        return
    width, height = str(_BAR), str(_HEIGHT)
    box = f"0 0 {_BAR} {_HEIGHT}"
    # It says nothing new, so nobody need have it read out.
    size = {"width": width, "height": height, "viewBox": box, "aria-hidden": "true"}
    picture = SubElement(cell, "svg", size)
    SubElement(picture, "rect", {"class": "all", "width": width, "height": height})
    bar = {"class": "bar", "width": f"{_BAR * share.value:.1f}", "height": height}
    SubElement(picture, "rect", bar)
    middle = str(_HEIGHT // 2)
    ends = {"x1": f"{_BAR * share.low:.1f}", "x2": f"{_BAR * share.high:.1f}"}
    SubElement(picture, "line", {"class": "reach", **ends, "y1": middle, "y2": middle})


def _add_moves(main: Element, evaluated: Evaluated) -> None:
    if not evaluated.moves:
        return
    section = SubElement(main, "section")
    add_text(section, "h2", "The same patients, one by one")
    caption = f"Compared with {evaluated.scores[0].name}"
    body = add_table(section, caption, ("", *_MOVES.values()))
    for moves in evaluated.moves:
        row = SubElement(body, "tr")
        add_text(row, "th", moves.name, scope="row")
        for name in _MOVES:
            add_text(row, "td", f"{getattr(moves, name):,}")


def _add_malformed(main: Element, evaluated: Evaluated) -> None:
    if not evaluated.malformed_rows:
        return
    section = SubElement(main, "section")
    add_text(section, "h2", f"Rows that could not be used: {evaluated.malformed_rows:,}")
    items = SubElement(section, "ul")
    for malformed in evaluated.malformed[:_MOST_ROWS]:
        issues = shorten("; ".join(map(str, malformed.issues)), 500)
        row = capitalize_first(name_row(malformed.file, malformed.row))
        add_text(items, "li", f"{row}: {issues}")
    if more := evaluated.malformed_rows - min(len(evaluated.malformed), _MOST_ROWS):
        listed = f"{len(evaluated.malformed):,} of all {evaluated.malformed_rows:,}"
        text = f"And {more:,} more; --format json has {listed} (--most-listed)."
        add_text(section, "p", text)
