"""Numbers as people write them, and how they are shown again."""

import itertools
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage.number_words import read_whole_number
from backtriage.units import QuantityError, describe_quantity, has_unit, list_units, parse_quantity

ONE = "write one number, as near as you can"
OPEN = f"leaves the number open; {ONE}"
A_DATE = "a date is no number; count the"


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
        ("30 minutes", "day", 0),
        ("90 mins", "day", 0),
        ("2880 min", "day", 2),
        ("1 night", "day", 1),
        ("2 nights", "day", 2),
        # numbers in words, and parts of one
        ("twenty days", "day", 20),
        ("twenty-one days", "day", 21),
        ("forty five", "year", 45),
        ("a hundred days", "day", 100),
        ("two hundred and five days", "day", 205),
        ("nine hundred and ninety-nine days", "day", 999),
        ("half an hour", "day", 0),
        ("half a year", "day", 182),
        ("a half day", "day", 0.5),
        ("three quarters of a year", "day", 273),
        ("1 1/2 years", "day", 547),
        ("1½ years", "day", 547),
        ("½ year", "day", 182),
        ("1/2 of a year", "day", 182),
        ("1/2 year", "day", 182),
        ("a year and a half", "day", 547),
        ("a day and a half", "day", 1.5),
        ("one and a half weeks", "day", 10),
        ("two and three quarters years", "day", 1003),
        # several parts
        ("3 weeks 2 days", "day", 23),
        ("3 weeks and 2 days", "day", 23),
        ("1 year 2 months", "day", 425),
        ("2 years, 3 months", "day", 821),
        ("1 day 23 hours", "day", 1),
        ("12 hours 720 minutes", "day", 1),
        ("1.5 weeks 1.5 days", "day", 12),
        ("2 years 11 months", "year", 2),
        ("6ft 2in", "cm", 187.96),
        ("5 foot 11", "cm", 180.34),
        ("11 stone 4", "kg", 71.667594),
        # what stands around them
        ("six-week", "day", 42),
        ("6-week-old", "day", 42),
        ("6wks", "day", 42),
        ("6 weeks old", "day", 42),
        ("for the last 6 weeks", "day", 42),
        ("in the last 3 days", "day", 3),
        ("the past month", "day", 30),
        ("last 3 days", "day", 3),
        ("1 day or so", "day", 1),
        ("since 6 weeks", "day", 42),
        ("aged 47", "year", 47),
        ("A couple of weeks", "day", 14),
        ("a couple weeks ago", "day", 14),
        ("for about 3 weeks now.", "day", 21),
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
        ("forty", "year", 40),
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
        ("38.500", "C", 38.5),
        ("38,500", "C", 38.5),
        ("0,125", "C", 0.125),
        ("38 C", "F", 100.4),
        ("10 stone", "kg", 63.502932),
        ("150 lbs", "kg", 68.038855),
        ("1.80 m", "cm", 180),
        ("6 ft", "cm", 182.88),
        ("5%", "%", 5),
        ("-5", "C", -5),
        ("+5 kg", "kg", 5),
        ("+60", "year", None),
        ("+ 6 weeks", "day", None),
        ("\N{ARABIC-INDIC DIGIT THREE} weeks", "day", 21),
        ("9" * 15, "day", 999_999_999_999_999),
        # more than one number, or less
        ("2-3 weeks", "day", None),
        ("2 to 3 weeks", "day", None),
        ("2/3 weeks", "day", None),
        ("3/7", "day", None),
        ("1/2", "year", None),
        ("½", "year", None),
        ("2 days 3 weeks", "day", None),
        ("2 weeks 3 weeks", "day", None),
        ("3 weeks -2 days", "day", None),
        ("-3 weeks 2 days", "day", None),
        ("3 weeks 2 kg", "day", None),
        ("6 weeks 3", "day", None),
        ("5 foot 12", "cm", None),
        ("5'10", "cm", None),
        ("6-", "day", None),
        ("6 weeks and", "day", None),
        ("6 weeks ½", "day", None),
        ("ten hundred days", "day", None),
        ("a couple", "year", None),
        ("the past weeks", "day", None),
        ("the past 6", "year", None),
        ("last week", "day", None),
        ("in 3 days", "day", None),
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
        ("1.500 days", "day", None),
        ("1.234.567 days", "day", None),
        ("1.500 kg", "kg", None),
        ("0.500 days", "day", 0.5),
        ("1500.125 days", "day", 1500.125),
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
def test_a_quantity_is_read_in_the_unit_that_is_wanted(
    text: str, unit: str, number: float | None
) -> None:
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
        ("1.500 days", "day", '"1.500" can mean two numbers; write 1.5 or 1500'),
        ("1.234 days", "day", '"1.234" can mean two numbers; write 1.23 or 1234'),
        ("weeks", "day", 'the number is missing; write for example "5 weeks"'),
        ("over 59", "year", f'"over" {OPEN}'),
        ("60+", "year", f'"+" {OPEN}'),
        ("more than 6 weeks", "day", f'"more than" {OPEN}'),
        ("6 weeks or more", "day", f'"or more" {OPEN}'),
        ("the last few days", "day", f'"few" {OPEN}, for example "5 days"'),
        ("2-3 months", "day", f"these are two numbers; {ONE}"),
        ("a day or two", "day", f"these are two numbers; {ONE}"),
        ("between 40 and 50", "year", f"these are two numbers; {ONE}"),
        (
            "since march",
            "day",
            f'{A_DATE} days or weeks since then, and write for example "6 days"',
        ),
        ("since 2019", "day", f'{A_DATE} days or weeks since then, and write for example "6 days"'),
        ("12/03/1980", "year", f'{A_DATE} years since then, and write for example "47"'),
    ],
)
def test_a_refusal_says_what_to_write(text: str, unit: str, message: str) -> None:
    """The message names what is wrong and shows a way out."""
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, unit)

    assert str(caught.value) == message


@given(months=st.integers(0, 1200))
def test_months_come_out_as_whole_days(months: int) -> None:
    """A month more is never fewer days,
    and twelve months are exactly a year, in days and in years.
    """
    days = parse_quantity(f"{months} months", "day")

    assert isinstance(days, int)
    assert parse_quantity(f"{months + 1} months", "day") - days in (30, 31)
    assert parse_quantity(f"{12 * months} months", "day") == 365 * months
    assert parse_quantity(f"{12 * months} months", "year") == months


@given(text=st.text(max_size=30), unit=st.sampled_from(list_units()))
def test_any_text_is_read_or_refused(text: str, unit: str) -> None:
    """No text gives any other exception than QuantityError."""
    with suppress(QuantityError):
        assert abs(parse_quantity(text, unit)) < float("inf")


VAGUE = [
    "over {}", "above {}", "more than {}", "at least {}", "no less than {}", "past {}",
    "> {}", ">{}", "≥ {}",
    "less than {}", "under {}", "below {}", "at most {}", "up to {}", "not more than {}",
    "< {}", "<{}", "<= {}",
    "{} or more", "{} or less", "{} or longer", "{} or older", "{} plus", "{}+", "{} +",
    "+ {} +", "within {}",
    "nearly {}", "almost {}", "just over {}", "just under {}", "close to {}", "well over {}",
    "maximum {}",
    "about over {}", "for more than {}", "since over {}", "~ <{}", "I'm over {}",
    "{} or over", "a good {}",
    "2-{}", "2 - {}", "2\N{EN DASH}{}", "2 to {}", "2 or {}", "between 2 and {}",
    "{} to 99 weeks", "{}-99",
    "a few {}", "few {}", "several {}", "some {}", "many {}", "the last few {}",
    "since monday {}", "{} or two",
]  # fmt: skip
QUANTITIES = [
    "6 weeks", "59", "a week", "twenty-one days", "1 1/2 years", "3 weeks 2 days", "half a year",
    "1 day or so",
]  # fmt: skip


@pytest.mark.parametrize("vague", VAGUE)
def test_what_leaves_the_number_open_is_never_a_number(vague: str) -> None:
    """At a bound of a rule, a number near it could lower urgency."""
    quantities = [
        *QUANTITIES,
        *(["", "days", "months"] if vague.endswith(("few {}", "several {}", "some {}")) else []),
    ]
    for quantity, unit in itertools.product(quantities, ["day", "year", "C", "kg"]):
        for text in (vague.format(quantity), f"  {vague.format(quantity).upper()} ago."):
            with pytest.raises(QuantityError):
                parse_quantity(text, unit)


@pytest.mark.parametrize(
    "about", ["about {}", "around {}", "roughly {}", "approximately {}", "~{}", "{} or so"]
)
@pytest.mark.parametrize("quantity", QUANTITIES[:-1])
def test_a_number_with_about_is_that_number(about: str, quantity: str) -> None:
    """It may be a little more or less; which of them is not said."""
    assert parse_quantity(about.format(quantity), "day") == parse_quantity(quantity, "day")


@given(
    numbers=st.lists(st.integers(0, 60), min_size=5, max_size=5),
    used=st.sets(st.integers(0, 4), min_size=1),
    joiner=st.sampled_from([" ", ", ", " and "]),
)
def test_several_parts_are_added_up_and_rounded_down_once(
    numbers: list[int], used: set[int], joiner: str
) -> None:
    """24 half hours are half a day, not none."""
    names = ["weeks", "days", "hours", "minutes"]
    minutes = [7 * 1440, 1440, 60, 1]
    parts = [place for place in sorted(used) if place < len(names)] or [1]
    text = joiner.join(f"{numbers[place]} {names[place]}" for place in parts)
    total = sum(numbers[place] * minutes[place] for place in parts)

    assert parse_quantity(text, "day") == total // 1440


SMALL = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def in_words(number: int) -> str:
    """A number below 1000 as it is spelled out."""
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10 - 2] + (f"-{SMALL[number % 10]}" if number % 10 else "")
    rest = f" and {in_words(number % 100)}" if number % 100 else ""
    return f"{SMALL[number // 100]} hundred{rest}"


def test_numbers_in_words() -> None:
    """With and without hyphens and "and", alone and with a unit."""
    for number, spelled in ((number, in_words(number)) for number in range(1000)):
        for words in (spelled, spelled.replace("-", " "), spelled.replace(" and ", " ")):
            assert parse_quantity(words, "year") == number
            assert parse_quantity(f"about {words} weeks", "day") == 7 * number


@pytest.mark.parametrize("unit", list_units())
@given(number=st.integers(-10_000, 10_000))
def test_what_is_described_can_be_typed_in_again(unit: str, number: int) -> None:
    """For every unit."""
    assert parse_quantity(describe_quantity(number, unit), unit) == number


@pytest.mark.parametrize("unit", ["C", "F", "%"])
@given(number=st.decimals(-999, 999, places=3).map(float))
def test_decimals_of_a_temperature_can_be_typed_in_again(unit: str, number: float) -> None:
    """Also three of them, which would be thousands elsewhere."""
    assert parse_quantity(describe_quantity(number, unit), unit) == number


WORDS = st.sampled_from([
    "a", "an", "half", "and", "one", "twenty", "hundred", "couple", "of", "few", "over", "-", "/",
    "+", "~", "½", "1", "2", "1.5", "1,5", "1.500", "\u0660", "²", "week", "weeks", "days", "ft",
    "in", "°F", "c", "%", "st", "since", "last", "the", "past", "or", "so", "ago", ".", "!", "I'm",
    "old", "more than", "to", "\t",
])  # fmt: skip


@given(
    words=st.lists(WORDS, max_size=12),
    times=st.sampled_from([1, 1, 1, 100_000]),
    joiner=st.sampled_from([" ", ""]),
)
def test_any_words_are_read_or_refused_at_once(words: list[str], times: int, joiner: str) -> None:
    """No order of the words that it knows makes it stumble, or think for long."""
    text = joiner.join(words * times)[:1_000_000]
    before = time.perf_counter()
    with suppress(QuantityError):
        assert abs(parse_quantity(text, "day")) < float("inf")

    assert time.perf_counter() - before < 0.2


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("47", 47),
        ("0", 0),
        ("\u0664\u0667", 47),
        ("9" * 9, 999_999_999),
        ("9" * 10, None),
        ("9" * 5000, None),
    ]
    + [(text, None) for text in ("", "-1", "²", "4.0", "four")],
)
def test_a_small_whole_number(text: str, number: int | None) -> None:
    """Thousands of digits are no number, and no error of Python's."""
    assert read_whole_number(text) == number


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
    assert describe_quantity(value, unit) == text


@pytest.mark.parametrize("days", [0, 0.05, 0.5])
def test_a_part_of_a_day_is_told_in_words(days: float) -> None:
    """Nobody says "0.05 days"."""
    assert describe_quantity(days, "day", given=True) == "less than 1 day"


@given(days=st.integers(0, 100_000))
def test_what_is_described_reads_the_same(days: int) -> None:
    """The words for a number of days can be typed in again."""
    assert parse_quantity(describe_quantity(days, "day"), "day") == days


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
