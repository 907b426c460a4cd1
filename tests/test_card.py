"""What stands last: the care card, short enough for every screen, never milder than the rules."""

from datetime import date

import pytest

from backtriage import assess, load
from backtriage.loader.cases import load_cases
from backtriage.model import Country
from backtriage.report.card import Card, build_card, lay_out_card
from backtriage.terminal.ending import View, end_with_card
from backtriage.terminal.screen import Screen
from helpers import SHIPPED

RULES = load(SHIPPED)
CASES = load_cases(SHIPPED, RULES)
TODAY = date(2026, 11, 23)
COUNTRY = Country(name="the United Kingdom", call="999 or 112")
FRAME = 2
"""Lines, and at each side characters, that a frame takes with its margin."""

SCREENS = {"wide": (80, 24, 3), "narrow": (40, 40, 4)}
"""Columns, rows, and the lines that what can be typed takes below the card."""


@pytest.mark.parametrize(("columns", "rows", "prompt"), SCREENS.values(), ids=SCREENS)
def test_a_card_fits_the_screen_whoever_it_is_for(columns: int, rows: int, prompt: int) -> None:
    """With its frame and the prompt below it, none of it scrolls away."""
    for case in CASES:
        card = build_card(assess(RULES, case.answers), RULES, TODAY, COUNTRY)
        lines = lay_out_card(card, columns - 2 * FRAME)
        assert len(lines) + FRAME + prompt <= rows, case.id
        assert max(map(len, lines)) <= columns - 2 * FRAME, case.id


def test_a_card_says_what_the_assessment_says() -> None:
    """Its advice, its first step as in the full text, and a day where there is one."""
    for case in CASES:
        result = assess(RULES, case.answers)
        card = build_card(result, RULES, TODAY, COUNTRY)
        if not result.complete and result.at_least.advice == "home_care":
            assert (card.advice, card.title) == (None, "No advice yet"), case.id
            continue
        assert card.advice == result.at_least.advice, case.id
        assert card.title == RULES.advice[result.at_least.advice].title, case.id
        assert 1 <= len(card.steps) <= 3, case.id
        calls = card.steps[0].startswith("Call 999 or 112 now and ask for an ambulance")
        assert calls == (result.how == "ambulance"), case.id
        when = card.by_when or ""
        urgency = result.at_least
        today = urgency.advice == "see_doctor_soon" and urgency.within_days == 0
        assert when.startswith("Today") == today, case.id
        assert when.startswith("Look again on") == (result.advice == "home_care"), case.id


def test_an_open_advice_is_told_as_open() -> None:
    """Who has not answered all may need help sooner, and is told so."""
    card = build_card(assess(RULES, {"numb_leg": "yes", "numb_course": "stable"}), RULES, TODAY)
    assert card.by_when is not None
    assert card.by_when.endswith("or sooner")


class Typist(Screen):
    """Someone who types these lines below a card, and then Enter; `shown` is what they saw."""

    def __init__(self, *typed: str) -> None:
        super().__init__()
        self.typed = [*typed]
        self.shown: list[str] = []

    def read(self, _: str) -> str:
        return self.typed.pop(0) if self.typed else ""

    def say(self, text: str = "", style: str = "") -> None:
        pass

    def show_card(self, _: Card) -> None:
        self.shown.append("card")

    def show_result(self, text: str) -> None:
        self.shown.append(text.splitlines()[0])


@pytest.mark.parametrize(
    ("typed", "shown", "more"),
    [
        ([], ["card"], False),
        (["s"], ["card", "short"], False),
        (["d", ""], ["card", "0", "5", "card"], False),
        (["d", "n"], ["card", "0", "card"], False),
        (["d", "s"], ["card", "0", "card", "short"], False),
        (["d", "D", ""], ["card", "0", "card", "0", "5", "card"], False),
        (["d", "m"], ["card", "0", "card"], True),
        (["x", "m"], ["card"], True),
    ],
)
def test_below_the_card_each_key_is_heard_and_the_card_stands_last(
    typed: list[str], shown: list[str], more: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also a key that is typed between the pages of the details."""
    monkeypatch.setenv("LINES", "7")
    views = {
        "d": View("details", lambda: "\n".join(map(str, range(10))), is_long=True),
        "s": View("what to say", lambda: "short\n"),
    }
    card = build_card(assess(RULES, CASES[0].answers), RULES, TODAY)
    typist = Typist(*typed)

    assert end_with_card(card, views, typist, more="answer more") == more
    assert typist.shown == shown
