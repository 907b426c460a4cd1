"""Numbers as people write them, and how they are shown again."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage.units import QuantityError, describe, has_unit, parse_quantity, units


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        # durations
        ("6 weeks", "day", 42),
        ("6weeks", "day", 42),
        ("6 WKS", "day", 42),
        ("six weeks", "day", 42),
        ("Twelve weeks", "day", 84),
        ("a week", "day", 7),
        ("an year", "day", 365),
        ("about 3 wks", "day", 21),
        ("~3 weeks", "day", 21),
        ("about a week ago", "day", 7),
        ("  6\N{NO-BREAK SPACE}weeks ", "day", 42),
        ("1.5 weeks", "day", 10),
        ("2.9 days", "day", 2.9),
        ("3 hours", "day", 0),
        ("47 hours", "day", 1),
        ("48 hrs", "day", 2),
        ("a fortnight", "day", 14),
        ("a few days", "day", 3),
        ("few weeks", "day", 21),
        ("A couple of weeks", "day", 14),
        ("a couple weeks ago", "day", 14),
        ("over 10 years", "day", 3650),
        ("for about 3 weeks now.", "day", 21),
        ("more than a year", "day", 365),
        ("today", "day", 0),
        ("This morning.", "day", 0),
        ("since yesterday", "day", 1),
        ("since tuesday", "day", None),
        ("almost 7 weeks", "day", None),
        ("nearly 16", "year", None),
        ("yesterday", "day", 1),
        ("0 days", "day", 0),
        ("zero", "day", 0),
        ("11 months", "day", 334),
        ("12 months", "day", 365),
        ("1 year", "day", 365),
        ("2 months", "day", 60),
        ("3 months", "day", 91),
        ("13 weeks", "day", 91),
        ("100 years", "day", 36500),
        ("18 months", "year", 1),
        ("10 days", "week", 1.428571),
        ("36 hours", "week", 0.214286),
        # ages
        ("47", "year", 47),
        ("47 years old", "year", 47),
        ("47 years of age", "year", 47),
        ("forty", "year", None),
        ("41yo", "year", 41),
        ("28 y/o", "year", 28),
        ("I'm 28", "year", 28),
        ("I\N{RIGHT SINGLE QUOTATION MARK}m 28!", "year", 28),
        ("today", "year", None),
        ("a few", "year", None),
        # other measures
        ("101 F", "C", 38.333333),
        ("101\N{DEGREE SIGN}F", "C", 38.333333),
        ("38,5", "C", 38.5),
        ("38.5 celsius", "C", 38.5),
        ("0,125", "C", 0.125),
        ("38 C", "F", 100.4),
        ("10 stone", "kg", 63.502932),
        ("150 lbs", "kg", 68.038855),
        ("1.80 m", "cm", 180),
        ("6 ft", "cm", 182.88),
        ("5%", "%", 5),
        ("-5", "C", -5),
        ("+5 kg", "kg", 5),
        ("\N{ARABIC-INDIC DIGIT THREE} weeks", "day", 21),
        ("9" * 15, "day", 999_999_999_999_999),
        # more than one number, or less
        ("2-3 weeks", "day", None),
        ("2 to 3 weeks", "day", None),
        ("1 year 2 months", "day", None),
        ("5'10", "cm", None),
        ("half a year", "day", None),
        ("weeks", "day", None),
        ("a", "day", None),
        ("an", "year", None),
        ("", "day", None),
        (" ", "day", None),
        ("\N{SLIGHTLY SMILING FACE}", "day", None),
        ("6 \N{SLIGHTLY SMILING FACE}", "day", None),
        ("\N{SUPERSCRIPT TWO}", "day", None),
        ("--3", "day", None),
        ("nan", "day", None),
        ("inf", "day", None),
        ("1e5", "day", None),
        # a comma that may stand before thousands
        ("1,000", "day", None),
        ("12,345 days", "day", None),
        ("1,000,000", "day", None),
        ("1 000", "day", None),
        # too long to be meant
        ("9" * 16, "day", None),
        ("9" * 400, "day", None),
        ("9" * 5000, "day", None),
        ("6 weeks" + " ." * 500_000 + "x", "day", None),
        # units that do not fit
        ("6 kg", "day", None),
        ("6 m", "day", None),
        ("6 moons", "day", None),
        ("101 F", "kg", None),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_a_quantity_is_read_in_the_unit_that_is_wanted(text: str, unit: str, number: float | None) -> None:
    """What is one number with a unit that fits is converted; None: it is refused."""
    try:
        read = parse_quantity(text, unit)
    except QuantityError as error:
        assert number is None
        assert str(error)
    else:
        assert read == number


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("soon", "day", 'write one number, for example "6 days"'),
        ("hot", "C", 'write one number, for example "38.5 C"'),
        ("6 moons", "day", 'unknown unit "moons"; write for example "6 days"'),
        ("6 kg", "year", '"kg" does not fit here; write for example "47"'),
        ("1,000", "day", '"1,000" can mean two numbers; write it without the comma'),
    ],
)
def test_a_refusal_says_what_to_write(text: str, unit: str, message: str) -> None:
    """The message names what is wrong and shows a way out."""
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, unit)

    assert str(caught.value) == message


@given(months=st.integers(0, 1200))
def test_months_come_out_as_whole_days(months: int) -> None:
    """A month more is never fewer days, and twelve months are exactly a year, in days and in years."""
    days = parse_quantity(f"{months} months", "day")

    assert isinstance(days, int)
    assert parse_quantity(f"{months + 1} months", "day") - days in (30, 31)
    assert parse_quantity(f"{12 * months} months", "day") == 365 * months
    assert parse_quantity(f"{12 * months} months", "year") == months


@given(text=st.text(max_size=30), unit=st.sampled_from(units()))
def test_any_text_is_read_or_refused(text: str, unit: str) -> None:
    """No text gives any other exception than QuantityError."""
    with suppress(QuantityError):
        assert abs(parse_quantity(text, unit)) < float("inf")


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0, "day", "0 days"),
        (1, "day", "1 day"),
        (6, "day", "6 days"),
        (7, "day", "1 week"),
        (42, "day", "6 weeks"),
        (60, "day", "60 days"),
        (91, "day", "13 weeks"),
        (365, "day", "1 year"),
        (730, "day", "2 years"),
        (10.5, "day", "10.5 days"),
        (1, "year", "1 year"),
        (47, "year", "47 years"),
        (38.5, "C", "38.5 \N{DEGREE SIGN}C"),
        (101, "F", "101 \N{DEGREE SIGN}F"),
        (5, "%", "5%"),
        (70, "kg", "70 kg"),
        (1, "ft", "1 ft"),
    ],
)
def test_a_quantity_is_described_in_words(value: float, unit: str, text: str) -> None:
    """Days are shown as whole weeks or years where they are whole; one is singular."""
    assert describe(value, unit) == text


@given(days=st.integers(0, 100_000))
def test_what_is_described_reads_the_same(days: int) -> None:
    """The words for a number of days can be typed in again."""
    assert parse_quantity(describe(days, "day"), "day") == days


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("6", False),
        ("6.5", False),
        ("about six", False),
        ("6 ago", False),
        ("six weeks", True),
        ("6 weeks", True),
        ("5%", True),
        ("a", True),
        ("", True),
    ],
)
def test_whether_a_unit_is_named(text: str, named: bool) -> None:
    """A bare number names no unit."""
    assert has_unit(text) is named
