"""Evaluated -> one HTML page: no scripts, no other files; real tables, with pictures beside them.

It is built as a tree, so that every text in it is escaped.
"""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from backtriage.errors import make_printable
from backtriage.model import ADVICES
from backtriage.study.evaluate.results import Accuracy, Evaluated, Score
from backtriage.study.evaluate.style import CSS
from backtriage.study.evaluate.summary import (
    AGREEMENT,
    HOW,
    describe_left_out,
    list_columns,
    list_notes,
    name_patient,
)
from backtriage.study.intervals import Share

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
    _add_text(head, "title", title)
    _add_text(head, "style", CSS)
    main = SubElement(SubElement(root, "body"), "main")
    _add_text(main, "h1", title)
    _add_introduction(main, evaluated)
    for score in evaluated.scores:
        _add_score(main, score)
    _add_moves(main, evaluated)
    _add_missed(main, evaluated)
    _add_malformed(main, evaluated)
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _add_text(parent: Element, name: str, text: str, **attributes: str) -> Element:
    """A new element with a text in it; the attribute `class` is given as `class_`."""
    named = {key.rstrip("_"): value for key, value in attributes.items()}
    element = SubElement(parent, name, named)
    element.text = make_printable(text)
    return element


def _add_introduction(main: Element, evaluated: Evaluated) -> None:
    patients = f"{evaluated.patients:,} patients whose right advice is known."
    _add_text(main, "p", f"{patients} Rule set {evaluated.rule_set.hash}.")
    _add_text(main, "p", HOW)
    for note in list_notes(evaluated):
        _add_text(main, "p", note)


def _add_score(main: Element, score: Score) -> None:
    section = SubElement(main, "section")
    _add_text(section, "h2", score.name)
    _add_matrix(section, score)
    body = _add_table(section, "Agreement", ("", "Share", "95% interval", ""))
    _add_share_row(body, "Not settled", score.unsettled)
    for name, label in AGREEMENT.items():
        _add_share_row(body, label, getattr(score, name))
    _add_accuracies(section, "By advice", score.by_advice.items())
    if score.by_suspicion:
        caption = "By suspicion, where the diagnosis is known"
        _add_accuracies(section, caption, score.by_suspicion.items())


def _add_matrix(section: Element, score: Score) -> None:
    """The counts, darker where there are more of those with the same right advice."""
    heads = [advice or "not settled" for advice in list_columns()]
    caption = "Patients by right advice (rows) and advice given (columns)"
    body = _add_table(section, caption, ("", *heads))
    for expected in reversed(ADVICES):
        row = SubElement(body, "tr")
        _add_text(row, "th", expected, scope="row")
        counts = [score.matrix.get((expected, advice), 0) for advice in list_columns()]
        for advice, count in zip(list_columns(), counts, strict=True):
            shade = round(9 * count / (sum(counts) or 1))
            kind = "right" if advice == expected else "wrong"
            _add_text(row, "td", f"{count:,}", class_=f"heat {kind} h{shade}")


def _add_accuracies(
    section: Element, caption: str, accuracies: Iterable[tuple[str, Accuracy]]
) -> None:
    heads = ("", "Sensitivity", "95% interval", "", "Specificity", "95% interval", "")
    body = _add_table(section, caption, heads)
    for name, accuracy in accuracies:
        row = SubElement(body, "tr")
        _add_text(row, "th", name, scope="row")
        _add_share_cells(row, accuracy.sensitivity, accuracy.open_with)
        _add_share_cells(row, accuracy.specificity, accuracy.open_without)


def _add_table(section: Element, caption: str, heads: Sequence[str]) -> Element:
    """A new table with its caption and header; what comes back is its body, still empty."""
    # A wide table scrolls by itself, not the whole page with it.
    table = SubElement(SubElement(section, "div", {"class": "wide"}), "table")
    _add_text(table, "caption", caption)
    row = SubElement(SubElement(table, "thead"), "tr")
    for head in heads:
        if head:
            _add_text(row, "th", head, scope="col")
        else:  # a cell without a text heads nothing, so it is no header
            _add_text(row, "td", "")
    return SubElement(table, "tbody")


def _add_share_row(body: Element, label: str, share: Share) -> None:
    row = SubElement(body, "tr")
    _add_text(row, "th", label, scope="row")
    _add_share_cells(row, share)


def _add_share_cells(row: Element, share: Share, still_open: int = 0) -> None:
    """The share, its interval, and both as a picture, which has nothing that the numbers lack."""
    value, _, interval = str(share).partition(" ")
    _add_text(row, "td", value)
    base = "nobody" if share.value is None else f"{interval.strip('()')}, of {share.of:,.0f}"
    _add_text(row, "td", f"{base}{describe_left_out(still_open)}")
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
    _add_text(section, "h2", "The same patients, one by one")
    caption = f"Compared with {evaluated.scores[0].name}"
    body = _add_table(section, caption, ("", *_MOVES.values()))
    for moves in evaluated.moves:
        row = SubElement(body, "tr")
        _add_text(row, "th", moves.name, scope="row")
        for name in _MOVES:
            _add_text(row, "td", f"{getattr(moves, name):,}")


def _add_missed(main: Element, evaluated: Evaluated) -> None:
    section = SubElement(main, "section")
    _add_text(section, "h2", f"Too little urgency: {len(evaluated.missed)}")
    if not evaluated.missed:
        _add_text(section, "p", "Nobody.")
        return
    heads = (
        "Patient", "Diagnosis", "Right", "Given", "Red flags present", "Absent, but enough",
        "Answers",
    )  # fmt: skip
    body = _add_table(section, "Patients who got a less urgent advice than is right", heads)
    for missed in evaluated.missed:
        row = SubElement(body, "tr")
        _add_text(row, "th", name_patient(missed.patient), scope="row")
        cells = (
            missed.patient.diagnosis or "",
            missed.patient.expected,
            missed.given,
            ", ".join(missed.present) or "none",
            ", ".join(missed.absent),
            missed.answers,
        )
        for words in cells:
            _add_text(row, "td", words, class_="words")


def _add_malformed(main: Element, evaluated: Evaluated) -> None:
    if not evaluated.malformed:
        return
    section = SubElement(main, "section")
    _add_text(section, "h2", f"Rows that could not be used: {len(evaluated.malformed)}")
    items = SubElement(section, "ul")
    for malformed in evaluated.malformed:
        issues = "; ".join(map(str, malformed.issues))
        _add_text(items, "li", f"Line {malformed.line}: {issues}")
