"""What stands last: the care card, short enough for every screen, never milder than the rules."""

from datetime import date

import pytest

from backtriage import assess, load
from backtriage.loader.cases import load_cases
from backtriage.model import Country
from backtriage.report.card import build_card, lay_out_card
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
