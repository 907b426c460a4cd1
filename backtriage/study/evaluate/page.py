"""Evaluated -> one HTML page: no scripts, no other files; real tables, with pictures beside the numbers.

It is built as a tree, so that every text in it is escaped.
"""

from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from backtriage.errors import make_printable
from backtriage.model import ADVICES
from backtriage.study.evaluate.results import Accuracy, Evaluated, Score
from backtriage.study.evaluate.style import CSS
from backtriage.study.evaluate.summary import AGREEMENT, list_columns, list_notes, name_patient
from backtriage.study.intervals import Share

_BAR = 120
_HEIGHT = 14


def render_html(found: Evaluated) -> str:
    """The page."""
    root = Element("html", {"lang": "en"})
    head = SubElement(root, "head")
    SubElement(head, "meta", {"charset": "utf-8"})
    SubElement(head, "meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"})
    title = f"Evaluation of {found.rule_set.id} {found.rule_set.version}"
    _text(head, "title", title)
    _text(head, "style", CSS)
    main = SubElement(SubElement(root, "body"), "main")
    _text(main, "h1", title)
    _introduction(main, found)
    for score in found.scores:
        _score(main, score)
    _moves(main, found)
    _missed(main, found)
    _unusable(main, found)
    return "<!DOCTYPE html>\n" + tostring(root, encoding="unicode", method="html") + "\n"


def _text(parent: Element, name: str, text: str, **attributes: str) -> Element:
    element = SubElement(
        parent, name, {key.rstrip("_"): value for key, value in attributes.items()}
    )
    element.text = make_printable(text)
    return element


def _introduction(main: Element, found: Evaluated) -> None:
    rules = found.rule_set
    _text(
        main,
        "p",
        f"{found.patients:,} patients whose right advice is known. Rule set {rules.hash}.",
    )
    _text(
        main,
        "p",
        "Shares are with a 95% interval (Wilson). Patients who are not settled are counted apart, never as home care.",
    )
    for note in list_notes(found):
        _text(main, "p", note)


def _score(main: Element, score: Score) -> None:
    section = SubElement(main, "section")
    _text(section, "h2", score.name)
    _matrix(section, score)
    body = _table(section, "Agreement", ("", "Share", "95% interval", ""))
    _share_row(body, "Not settled", score.unsettled)
    for name, label in AGREEMENT.items():
        _share_row(body, label, getattr(score, name))
    _accuracies(section, "By advice", score.by_advice.items())
    if score.by_suspicion:
        _accuracies(
            section, "By suspicion, where the diagnosis is known", score.by_suspicion.items()
        )


def _matrix(section: Element, score: Score) -> None:
    """The counts, darker where there are more of those with the same right advice."""
    heads = [advice or "not settled" for advice in list_columns()]
    body = _table(
        section, "Patients by right advice (rows) and advice given (columns)", ("", *heads)
    )
    for expected in reversed(ADVICES):
        row = SubElement(body, "tr")
        _text(row, "th", expected, scope="row")
        counts = [score.matrix.get((expected, advice), 0) for advice in list_columns()]
        for advice, count in zip(list_columns(), counts, strict=True):
            shade = round(9 * count / (sum(counts) or 1))
            kind = "right" if advice == expected else "wrong"
            _text(row, "td", f"{count:,}", class_=f"heat {kind} h{shade}")


def _accuracies(section: Element, caption: str, found: Iterable[tuple[str, Accuracy]]) -> None:
    heads = ("", "Sensitivity", "95% interval", "", "Specificity", "95% interval", "")
    body = _table(section, caption, heads)
    for name, accuracy in found:
        row = SubElement(body, "tr")
        _text(row, "th", name, scope="row")
        _share_cells(row, accuracy.sensitivity, accuracy.open_with)
        _share_cells(row, accuracy.specificity, accuracy.open_without)


def _table(section: Element, caption: str, heads: Sequence[str]) -> Element:
    table = SubElement(SubElement(section, "div", {"class": "wide"}), "table")
    _text(table, "caption", caption)
    row = SubElement(SubElement(table, "thead"), "tr")
    for head in heads:
        _text(row, "th" if head else "td", head, **({"scope": "col"} if head else {}))
    return SubElement(table, "tbody")


def _share_row(body: Element, label: str, share: Share) -> None:
    row = SubElement(body, "tr")
    _text(row, "th", label, scope="row")
    _share_cells(row, share)


def _share_cells(row: Element, share: Share, still_open: int = 0) -> None:
    """The share, its interval, and both as a picture, which has nothing that the numbers do not say."""
    value, _, interval = str(share).partition(" ")
    _text(row, "td", value)
    left_out = f", {still_open:,} more open" if still_open else ""
    _text(
        row,
        "td",
        f"{interval.strip('()')}, of {share.of:,.0f}{left_out}"
        if share.value is not None
        else f"nobody{left_out}",
    )
    _bar(SubElement(row, "td"), share)


def _bar(cell: Element, share: Share) -> None:
    if share.value is None:
        return
    size = {
        "width": str(_BAR),
        "height": str(_HEIGHT),
        "viewBox": f"0 0 {_BAR} {_HEIGHT}",
        "aria-hidden": "true",
    }
    picture = SubElement(cell, "svg", size)
    SubElement(picture, "rect", {"class": "all", "width": str(_BAR), "height": str(_HEIGHT)})
    width = f"{_BAR * share.value:.1f}"
    SubElement(picture, "rect", {"class": "bar", "width": width, "height": str(_HEIGHT)})
    low, high, middle = f"{_BAR * share.low:.1f}", f"{_BAR * share.high:.1f}", str(_HEIGHT // 2)
    SubElement(
        picture, "line", {"class": "reach", "x1": low, "x2": high, "y1": middle, "y2": middle}
    )


def _moves(main: Element, found: Evaluated) -> None:
    if not found.moves:
        return
    section = SubElement(main, "section")
    _text(section, "h2", "The same patients, one by one")
    heads = (
        "",
        "more urgency",
        "less",
        "the same",
        "nearer to what is right",
        "farther",
        "not settled in one",
    )
    body = _table(section, f"Compared with {found.scores[0].name}", heads)
    for moves in found.moves:
        row = SubElement(body, "tr")
        _text(row, "th", moves.name, scope="row")
        for count in (
            moves.more,
            moves.less,
            moves.same,
            moves.nearer,
            moves.farther,
            moves.unsettled,
        ):
            _text(row, "td", f"{count:,}")


def _missed(main: Element, found: Evaluated) -> None:
    section = SubElement(main, "section")
    _text(section, "h2", f"Too little urgency: {len(found.missed)}")
    if not found.missed:
        _text(section, "p", "Nobody.")
        return
    heads = (
        "Patient",
        "Diagnosis",
        "Right",
        "Given",
        "Red flags present",
        "Absent, but enough",
        "Answers",
    )
    body = _table(section, "Patients who got a less urgent advice than is right", heads)
    for missed in found.missed:
        row = SubElement(body, "tr")
        _text(row, "th", name_patient(missed.row), scope="row")
        given = (missed.row.diagnosis or "", missed.row.expected, missed.given)
        for words in (
            *given,
            ", ".join(missed.present) or "none",
            ", ".join(missed.absent),
            missed.answers,
        ):
            _text(row, "td", words, class_="words")


def _unusable(main: Element, found: Evaluated) -> None:
    if not found.malformed:
        return
    section = SubElement(main, "section")
    _text(section, "h2", f"Rows that could not be used: {len(found.malformed)}")
    items = SubElement(section, "ul")
    for bad in found.malformed:
        _text(items, "li", f"Line {bad.line}: {'; '.join(map(str, bad.issues))}")
