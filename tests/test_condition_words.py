"""Conditions in plain English, and lines of nested phrases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import load
from backtriage.condition_parts import list_comparisons
from backtriage.model import AllOf, AnyOf, AtLeast, Between, Condition, Defined, Not, OneOf, Urgency
from backtriage.report.condition_words import describe_condition
from backtriage.report.layout import Phrase, lay_out_bullets
from backtriage.report.words import describe_urgency
from helpers import SHIPPED, SMALL
from strategies import rule_sets

RULES = load(SMALL)

FALL, NO_STEROIDS = OneOf("fall", ("yes",)), OneOf("steroids", ("no",))

WORDS: list[tuple[Condition, str]] = [
    (FALL, "- Fall: yes"),
    (OneOf("weak_course", ("worse",)), '- Course of the weakness: "It gets worse"'),
    (
        OneOf("weak_course", ("new_stable", "worse")),
        '- Course of the weakness: "It is new and stays the same" or "It gets worse"',
    ),
    (Between("age", 50, None), "- Age: 50 years or more"),
    (Between("age", None, 80), "- Age: below 80 years"),
    (Between("age", 65, 80), "- Age: 65 years or more, but below 80 years"),
    (Between("duration", 42, None), "- How long the pain has lasted: 6 weeks or more"),
    (
        Between("duration", 1, 10),
        "- How long the pain has lasted: 1 day or more, but below 10 days",
    ),
    (AllOf((FALL, NO_STEROIDS)), "- All of:\n  - Fall: yes\n  - Steroid tablets: no"),
    (
        Not(AnyOf((FALL, NO_STEROIDS))),
        "- Not:\n  - Any of:\n    - Fall: yes\n    - Steroid tablets: no",
    ),
    (AtLeast(2, (FALL, NO_STEROIDS)), "- At least 2 of:\n  - Fall: yes\n  - Steroid tablets: no"),
    (
        AnyOf((FALL, Defined("new_weakness"))),
        """\
- Any of:
  - Fall: yes
  - new_weakness, which means all of:
    - Weak leg: yes
    - Course of the weakness: "It is new and stays the same" or "It gets worse\"""",
    ),
]


@pytest.mark.parametrize(
    ("condition", "expected"), WORDS, ids=[words.partition("\n")[0] for _, words in WORDS]
)
def test_a_condition_is_told_in_the_words_of_its_questions(
    condition: Condition, expected: str
) -> None:
    """Labels, the labels of options in quotes, and numbers with their unit;
    what a condition combines stands below.
    """
    phrase = describe_condition(condition, RULES, write_out=True)

    assert "\n".join(lay_out_bullets([phrase], 200)) == expected


def test_a_definition_is_only_named_unless_it_shall_be_written_out() -> None:
    """Where it is told elsewhere what it means, its name is enough."""
    assert describe_condition(Defined("new_weakness"), RULES) == Phrase("new_weakness")


def leaves(phrase: Phrase) -> list[str]:
    """The texts at the ends of a phrase."""
    return (
        [leaf for part in phrase.parts for leaf in leaves(part)] if phrase.parts else [phrase.text]
    )


@given(st.data())
def test_written_out_every_comparison_is_told_in_its_place(data: st.DataObject) -> None:
    """So none is lost inside of a definition, and a rule can be judged from its words alone."""
    rules = data.draw(rule_sets())
    for flag in rules.red_flags.values():
        written_out = describe_condition(flag.when, rules, write_out=True)

        assert leaves(written_out) == [
            describe_condition(atom, rules).text
            for atom in list_comparisons(flag.when, rules.definitions)
        ]


@pytest.mark.parametrize("width", [40, 60, 80])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """Neither the deepest nor the longest condition of the shipped rule set."""
    rules = load(SHIPPED)
    phrases = [
        describe_condition(flag.when, rules, write_out=True) for flag in rules.red_flags.values()
    ]

    assert [line for line in lay_out_bullets(phrases, width) if len(line) > width] == []


def test_what_cannot_be_broken_is_never_cut() -> None:
    """An address that was cut into two lines could not be followed."""
    address = "https://example.org/a-very-long-address/which-does-not-fit"

    assert list(lay_out_bullets([Phrase(f"See {address}")], 20)) == ["- See", f"  {address}"]


@pytest.mark.parametrize(
    ("urgency", "expected"),
    [
        (Urgency(advice="seek_care_now", within_days=0), "Seek care now"),
        (Urgency(advice="see_doctor_soon", within_days=0), "See a doctor soon: today"),
        (Urgency(advice="see_doctor_soon", within_days=14), "See a doctor soon: within 2 weeks"),
        (Urgency(advice="home_care", within_days=None), "Conservative home care"),
    ],
)
def test_an_urgency_is_told_with_its_deadline(urgency: Urgency, expected: str) -> None:
    """Now has no other deadline, and home care has none."""
    assert describe_urgency(urgency, RULES) == expected
