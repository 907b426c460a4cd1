"""What a person reads, exactly."""

from dataclasses import replace
from datetime import date

import pytest

from backtriage import assess, load
from backtriage.model import (
    AdvicePart,
    AdviceStep,
    AdviceText,
    Between,
    Country,
    EmergencyNumbers,
    OneOf,
    RuleSet,
    Urgency,
    Watch,
)
from backtriage.report import formats
from backtriage.report.sections import build_report
from helpers import SMALL
from strategies import harmless_answer

RULES = load(SMALL)
TODAY = date(2026, 11, 23)
HOME = {
    "numb": "no",
    "weak": "no",
    "age": 40,
    "fall": "no",
    "duration": 5,
    "steroids": "?",
    "osteoporosis": "no",
}


def watched(text: str, within_days: int) -> AdviceStep:
    then = Urgency(advice="see_doctor_soon", within_days=within_days)
    return AdviceStep(text=text, watch=Watch(answers={}, then=then))


WATCHED = replace(
    RULES,
    ambulance=OneOf("numb", ("yes",)),
    also_watch_for=(
        watched("you limp", 3),
        watched("you sweat", 14),
        watched("you itch", 0),
        watched("you cough", 3),
    ),
)


def text(answers: dict[str, object], width: int = 60) -> str:
    return formats.render_text(assess(RULES, answers), RULES, TODAY, width)


def test_the_whole_text_of_home_care() -> None:
    """Dated safety net, what would change it, limits,
    answers with what "not sure" counted as, and the record.
    """
    told = f"""\
Conservative home care
======================

What to do
----------
Your answers do not show a warning sign today.
1. Keep moving.

Go to an emergency department at once if
----------------------------------------
- you go numb between the legs; or a leg gets weak

When to look again
------------------
- Monday 7 December 2026: If it gets worse, see a doctor.

What this cannot tell
---------------------
- This is a rule set for tests.

All your answers
----------------
- Age: 40 years
- How long the pain has lasted: 5 days
- Steroid tablets: not sure (counted as no)
- No: Numb between the legs; Weak leg; Fall; Thin bones
  (osteoporosis)

Record
------
Monday 23 November 2026. Rule set small 1.0.0
({RULES.hash[:12]}), backtriage 0.1.0.

In short
--------
Conservative home care
Look again on Monday 7 December 2026

1. Keep moving.

Why: Your answers do not show a warning sign today.

Get help at once if you go numb between the legs; or a leg
gets weak.
"""

    assert text(HOME) == told


@pytest.mark.parametrize(
    ("answers", "title"),
    [
        ({"numb": "yes"}, "Seek care now"),
        ({}, "Not settled yet: from conservative home care to seek care now"),
        (
            HOME | {"weak": "yes", "weak_course": "new_stable"},
            "See a doctor soon: within 2 days, by Wednesday 25 November 2026",
        ),
        (
            {"numb": "no", "age": 70, "fall": "yes"},
            "See a doctor soon: within 1 day, by Tuesday 24 November 2026, "
            "or sooner (not settled yet)",
        ),
        (
            HOME | {"fall": "yes", "age": 70},
            "See a doctor soon: within 1 day, by Tuesday 24 November 2026",
        ),
        (
            HOME | {"age": 60, "duration": 42},
            "See a doctor soon: within 2 weeks, by Monday 7 December 2026",
        ),
        (
            {"numb": "no", "weak": "yes", "weak_course": "new_stable"},
            "See a doctor soon: within 2 days, by Wednesday 25 November 2026, "
            "or sooner (not settled yet)",
        ),
    ],
)
def test_the_title_says_what_to_do_and_by_when(answers: dict[str, object], title: str) -> None:
    """Advice, deadline in words and as a date, and whether it is settled."""
    assert text(answers, width=200).splitlines()[0] == title


def test_what_is_open_is_asked_for_and_no_advice_is_made_up() -> None:
    """Without answers there is no home care, but a list of what matters most."""
    shown = text({})

    assert "There is no advice yet." in shown
    assert "Keep moving" not in shown
    assert "1. Are you newly numb between the legs?" in shown


@pytest.mark.parametrize("width", [20, 40, 60])
def test_lines_fit_the_width(width: int) -> None:
    """Nothing is wider than the terminal."""
    assert all(len(line) <= width for line in text(HOME, width).splitlines())


def test_the_doctor_is_told_what_to_think_of_and_why() -> None:
    """The names of the suspicions stand behind the answers,
    each once, with the answers that raised it; the ids of the red flags stand in the record.
    """
    told = text(
        {"numb": "yes", "weak": "yes", "weak_course": "worse", "fall": "yes", "age": 80}, width=80
    )

    section = """
What to check for
-----------------
For the doctor: these answers ask for a check of the following. They do not show
that any of it is there.
- Pressed nerves: Numb between the legs: yes; Weak leg: yes; Course of the
  weakness: It gets worse
- A broken bone: Fall: yes; Age: 80 years
"""
    assert section in told
    assert "Red flags: numb, weak_worse, fall_and_weak_bones, weak_new." in told
    assert told.index("All your answers") < told.index("What to check for")


def test_the_most_urgent_stands_first() -> None:
    """Of what the answers show, and of what would change it."""
    shown = text(
        {"numb": "no", "weak": "yes", "weak_course": "new_stable", "fall": "yes", "age": 80},
        width=80,
    )

    assert shown.index("A fall can break") < shown.index("New weakness needs")

    headings = [
        section.heading
        for section in build_report(assess(WATCHED, HOME), WATCHED, TODAY).sections
        if section.heading.endswith((" if", "See a doctor"))
    ]
    assert headings == [
        "Call the emergency number at once if",
        "Go to an emergency department at once if",
        "Call a doctor the same day if",
        "See a doctor",
    ]


def test_what_may_happen_stands_behind_what_to_do_then() -> None:
    """With the number to call where the country is known, and by when to be seen."""
    country = Country(name="Utopia", call="1 or 2")
    sections = build_report(assess(WATCHED, HOME), WATCHED, TODAY, country).sections
    items = {section.heading: section.items for section in sections}

    assert items["Call 1 or 2 at once if"] == ("you go numb between the legs",)
    assert items["Go to an emergency department at once if"] == ("a leg gets weak",)
    assert items["See a doctor"] == (
        "within 3 days if you limp; or you cough",
        "within 2 weeks if you sweat",
    )


def test_titles_are_those_of_the_rule_set() -> None:
    """A rule set may call its advices otherwise."""
    advice = {name: replace(RULES.advice[name], title=f"Title of {name}") for name in RULES.advice}
    rules = replace(RULES, advice=advice)

    titles = [
        formats.render_text(assess(rules, answers), rules, TODAY).split("\n")[0]
        for answers in (HOME, {}, {"numb": "yes"})
    ]

    assert titles == [
        "Title of home_care",
        "Not settled yet: from title of home_care to title of seek_care_now",
        "Title of seek_care_now",
    ]


def test_markdown_has_the_same_words_and_no_markup_from_outside() -> None:
    """Headings and lists; stars and brackets of a rule text stay what they are."""
    shown = formats.render_markdown(assess(RULES, HOME), RULES, TODAY)

    assert shown.startswith("# Conservative home care\n\n## What to do\n\n")
    assert "- Steroid tablets: not sure (counted as no)" in shown
    assert formats._escape("*a* <b> [c](d) `e` #1") == "\\*a\\* \\<b\\> \\[c\\](d) \\`e\\` \\#1"


def test_the_report_never_says_that_nothing_is_wrong() -> None:
    """It says what the answers show, and no more."""
    assert "nothing" not in text(HOME).casefold()


ADVISED = replace(
    RULES,
    advice=dict(RULES.advice)
    | {
        "see_doctor_soon": AdviceText(
            title="See a doctor soon",
            lead="A doctor should see you.",
            say="I have back pain and a sign",
            steps=(
                AdviceStep(text="Always."),
                AdviceStep(text="Weak.", when=OneOf("weak", ("yes",))),
                AdviceStep(text="Not steroids.", unless=OneOf("steroids", ("yes",))),
            ),
            parts=(
                AdvicePart(
                    title="Later", steps=(AdviceStep(text="Old.", when=Between("age", 70, None)),)
                ),
                AdvicePart(title="Then", steps=(AdviceStep(text="Rest."),)),
            ),
        )
    },
)


def with_say(rules: RuleSet, said: dict[str, str]) -> RuleSet:
    """A rule set that knows how people tell these answers."""
    areas = tuple(
        replace(
            area,
            questions=tuple(
                replace(question, say=said[question.id]) if question.id in said else question
                for question in area.questions
            ),
        )
        for area in rules.areas
    )
    return replace(rules, areas=areas)


SAYING = with_say(ADVISED, {"age": "I am {answer} old", "weak": "My leg is weak"})


@pytest.mark.parametrize(
    ("answers", "told", "not_told"),
    [
        (
            {"weak": "yes", "weak_course": "new_stable", "steroids": "no"},
            ["Weak.", "Not steroids."],
            ["Old.", "Later"],
        ),
        (
            {"weak": "no", "fall": "yes", "age": 70, "steroids": "yes"},
            ["Old.", "Later"],
            ["Weak.", "Not steroids."],
        ),
        ({"fall": "yes", "osteoporosis": "yes"}, ["Not steroids."], ["Weak.", "Old.", "Later"]),
    ],
)
def test_steps_depend_on_what_the_answers_show(
    answers: dict[str, object], told: list[str], not_told: list[str]
) -> None:
    """`when` needs to be known to hold, `unless` leaves out only what is known to;
    a part without steps is not told.
    """
    shown = formats.render_text(assess(ADVISED, answers), ADVISED, TODAY)

    assert [word for word in ["Always.", "Then", "Rest.", *told] if word not in shown] == []
    assert [word for word in not_told if word in shown] == []


def test_what_to_say_is_made_of_the_answers_that_decided() -> None:
    """Not of those that raised a less urgent red flag."""
    answers = {"numb": "no", "weak": "yes", "weak_course": "new_stable", "fall": "yes", "age": 80}

    shown = formats.render_text(assess(ADVISED, answers), ADVISED, TODAY, 200)

    assert (
        "I have back pain and a sign within 1 day. The questions found: Fall; Age: 80 years.\n"
        in shown
    )


def test_what_to_say_begins_with_what_a_doctor_asks_first() -> None:
    """As a person says it, in the order of the rule set; a plain no and what is open are left."""
    rules = replace(SAYING, say_first=("duration", "age", "steroids", "osteoporosis", "weak"))
    answers = {
        "numb": "no",
        "weak": "yes",
        "weak_course": "new_stable",
        "fall": "no",
        "age": 80,
        "steroids": "yes",
    }

    shown = formats.render_text(assess(rules, answers), rules, TODAY, 300)

    assert (
        "I have back pain and a sign within 2 days. I am 80 years old. My leg is weak. "
        "The questions found: Steroid tablets; Course of the weakness: "
        "It is new and stays the same.\n"
    ) in shown


@pytest.mark.parametrize("sign", ["yes", "?"], ids=["sure", "not sure"])
@pytest.mark.parametrize("own", [None, "My leg is weak"], ids=["no sentence", "own sentence"])
def test_a_sign_is_not_named_where_the_answer_to_its_follow_up_says_more(
    sign: str, own: str | None
) -> None:
    """ "The questions found: Weak leg" behind "My leg gets weaker" tells a nurse nothing, and
    "I am not sure about: Weak leg" is against it. A doubt is told where nothing else names it.
    """
    follow_up = replace(
        SAYING.questions["weak_course"],
        options=tuple(
            replace(option, say=f"It is {option.id}")
            for option in SAYING.questions["weak_course"].options
        ),
    )
    mute = replace(SAYING.questions["weak"], say=own)
    area = SAYING.areas[0]
    questions = tuple(
        {"weak": mute, "weak_course": follow_up}.get(question.id, question)
        for question in area.questions
    )
    rules = replace(SAYING, areas=(replace(area, questions=questions), *SAYING.areas[1:]))

    shown = formats.render_text(
        assess(rules, {"weak": sign, "weak_course": "new_stable"}), rules, TODAY, 300
    )

    said = ["It is new_stable." if sign == "yes" else "It is new_stable (I am not sure)."]
    if own and sign == "yes":
        said.insert(0, f"{own}.")
    elif own:
        said.append("I am not sure about: Weak leg.")
    assert f"I have back pain and a sign within 2 days. {' '.join(said)}\n" in shown


@pytest.mark.parametrize(
    ("sign", "follow_up", "said"),
    [
        ("both_legs", {"both_legs_course": "recent"}, "I have new or worse signs in both legs"),
        ("leg_weakness", {"weakness_course": "recent"}, "A leg or foot is newly weak"),
        (
            "numb_leg",
            {"numb_course": "spreading"},
            "Part of a leg or foot is numb or tingly, and it",
        ),
    ],
)
def test_who_is_asked_further_after_a_doubt_has_not_said_that_it_is_so(
    sign: str, follow_up: dict[str, object], said: str
) -> None:
    """The follow-up was sure, but it was put only because "not sure" counts as yes."""
    doubt, safe_side = " (I am not sure).", "You were not sure, and we take the safe side."
    for answer, is_doubtful in (("yes", False), ("not sure", True), ("not sure, then yes", False)):
        shown = formats.render_text(assess(load(), {sign: answer, **follow_up}), load(), TODAY, 300)
        assert f". {said}" in shown
        assert (doubt in shown) == is_doubtful
        assert (safe_side in shown) == is_doubtful


def test_what_was_asked_because_of_what_decided_is_said_with_it() -> None:
    """The fall decided, and not its kind; but the kind is what a person can say."""
    rules = load()
    answers = {"injury": "yes", "injury_kind": "small", "blood_thinner": "yes", "age": 50}

    shown = formats.render_text(assess(rules, answers), rules, TODAY, 300)

    said = "I am 50 years old. I take a blood thinner. I fell, slipped or got a knock.\n"
    assert f"get help at once. {said}" in shown


def test_that_two_events_may_be_more_urgent_together_is_told_where_they_may() -> None:
    """The net looks at one change at a time."""
    asks_again = "If two things to call or see a doctor for come together"

    well = {name: harmless_answer(asked) for name, asked in load().questions.items()}

    assert asks_again in formats.render_text(assess(load(), well), load(), TODAY)
    assert asks_again not in text(HOME)  # all that may happen leads to hospital already


def test_the_emergency_number_of_a_country_is_told_with_its_name_and_source() -> None:
    """The locale may be wrong, so the person can see for which country the number is."""
    rules = replace(RULES, emergency_numbers=EmergencyNumbers(sources=("small_2020",)))
    shown = formats.render_text(
        assess(rules, {"numb": "yes"}), rules, TODAY, 80, Country(name="Utopia", call="1 or 2")
    )

    assert "1 or 2 is the emergency number in Utopia. Elsewhere it may be another." in shown
    assert "A. Author. A small study. 2020." in shown
