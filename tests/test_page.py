"""The page of a result: well-formed, self-contained, everything escaped, two sheets."""

from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from backtriage import assess, load
from backtriage.loader.cases import load_cases
from backtriage.model import Case
from backtriage.report.html import render_html
from backtriage.report.sections import build_report
from helpers import SHIPPED, edited, small_with

RULES = load(SHIPPED)
CASES = load_cases(SHIPPED, RULES)[::25]
TODAY = date(2026, 11, 23)
EMPTY = {"meta"}


class Page(HTMLParser):
    """The texts of a page, and whether its elements are closed as they were opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open, "not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style" and data.strip():
            self.texts.append(data)


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_a_page_has_every_section_and_loads_nothing(case: Case) -> None:
    """All that the text says, in one file without a script and without an address to load."""
    result = assess(RULES, case.answers)
    page = Page(render_html(result, RULES, TODAY))
    told = "\n".join(page.texts)
    for section in build_report(result, RULES, TODAY).sections:
        for words in (*section.paragraphs, *section.items):
            if section.heading != "What to do":
                assert words in told
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name in ("src", "href", "onclick")]
    policy = dict(page.attributes)["content"]
    assert policy is not None


def test_a_text_is_never_taken_for_markup(tmp_path: Path) -> None:
    """A rule set may hold whatever it likes."""
    odd = "Numb <b>skin</b> & </style><script>alert(1)</script>."
    change = ("because: Numb skin between the legs can mean pressed nerves.", f'because: "{odd}"')
    rule_set = load(small_with(tmp_path, edited("nerves.yaml", change)))
    page = Page(render_html(assess(rule_set, {"numb": "yes"}), rule_set, TODAY))
    assert "script" not in page.tags
    assert any(odd in text for text in page.texts)
