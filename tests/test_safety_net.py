"""What would make it more urgent, as events: all of it, none of it milder, the worst first."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import RuleSet, assess, load
from backtriage.conditions import Facts, count_as
from backtriage.loader.cases import load_cases
from backtriage.model import (
    AdviceStep,
    Answer,
    Answers,
    Assessment,
    Between,
    Change,
    Choice,
    Number,
    Urgency,
    Watch,
    YesNo,
)
from backtriage.report.advice import is_told
from backtriage.report.safety_net import (
    MOST_WORDS,
    Event,
    group_events,
    list_events,
    list_lines,
)
from backtriage.status import rank
from helpers import NOW, SHIPPED, SOON, asks, counts, tiny, yes
from strategies import examples, partial_answers, rule_sets

WAYS = ("self_care", "doctor", "emergency_department", "ambulance")


def events_of(rule_set: RuleSet, change: Change, before: Answer) -> Iterator[str]:
    """How the event of a change begins, in the plainest words there are; nothing if it is none."""
    question, answer = rule_set.questions[change.question], change.answer
    match question:
        case YesNo():
            told = question.event if answer == question.worse else None
        case Choice():
            told = next(option.event for option in question.options if option.id == answer)
        case Number():
            now = count_as(question, before)
            assert not isinstance(now, str)
            assert not isinstance(answer, str)
            way = "higher" if now is None or answer > now else "lower"
            told = question.event if way == question.worse else None
    if told is not None:
        yield told


def hold(rule_set: RuleSet, result: Assessment) -> None:
    """What must hold for every safety net."""
    events = list_events(result, rule_set)
    asked = [event for event in events if event.area is not None]
    wanted = [
        (text, change)
        for change in result.what_would_change_it
        for text in events_of(rule_set, change, result.answers[change.question])
    ]
    for text, change in wanted:  # each change is told, if not by its own words by milder ones
        texts = {
            other
            for other, same in wanted
            if same.question == change.question
            and (same.at_most, same.how) == (change.at_most, change.how)
        }
        assert any(
            event.text.startswith(tuple(texts))
            and (event.urgency, event.how) == (change.at_most, change.how)
            for event in asked
        ), text
    for event in asked:  # and nothing else is, nor any as milder than it may be
        assert any(
            event.text.startswith(text)
            and (event.urgency, event.how) == (change.at_most, change.how)
            for text, change in wanted
        ), event
    for event in events:
        above = rank(event.urgency) > rank(result.at_least)
        assert above or (event.how, result.how) == ("ambulance", "emergency_department"), event
    groups = group_events(events)
    assert list(groups) == sorted(groups, key=lambda action: (-WAYS.index(action[0]), action[1]))


def known(rule_set: RuleSet, result: Assessment) -> set[str]:
    """The events that the answers say have come about already.

    Where a second question has the same event as the first, its answer tells: sudden pain was
    there, but no very bad one. An answer to a question that does not apply tells nothing.
    """
    choices = [one for one in rule_set.questions.values() if isinstance(one, Choice)]
    told_apart = {option.event for choice in choices for option in choice.options}
    facts = Facts(rule_set, Answers(result.answers))
    texts: set[str | None] = set()
    for name, answer in result.answers.items():
        question = rule_set.questions[name]
        value = count_as(question, answer)
        if facts.check_applies(name) is False:
            continue
        if isinstance(question, YesNo) and value == question.worse:
            texts |= {question.event} - told_apart
        if isinstance(question, Choice):
            texts |= {o.event for o in question.options if o.id == value}
    return {text for text in texts if text}


@given(st.data())
@examples(300)
def test_the_net_has_every_event_and_none_is_milder_than_it_may_be(data: st.DataObject) -> None:
    """Of random rule sets, whatever is answered."""
    rule_set = data.draw(rule_sets())
    result = assess(rule_set, Answers(data.draw(partial_answers(rule_set))))

    hold(rule_set, result)
    told = {event.text for event in list_events(result, rule_set)}
    assert not told & known(rule_set, result)


@pytest.fixture(scope="module")
def shipped() -> RuleSet:
    return load(SHIPPED)


@given(data=st.data())
@examples(100)
def test_so_it_is_with_the_shipped_rules(shipped: RuleSet, data: st.DataObject) -> None:
    """With complete answers and with gaps."""
    everything = data.draw(st.booleans())
    answers = data.draw(partial_answers(shipped, all_of_them=everything))
    result = assess(shipped, Answers(answers))

    hold(shipped, result)
    told = {event.text for event in list_events(result, shipped)}
    assert not told & known(shipped, result)


def test_nothing_that_is_told_of_a_case_is_milder_than_the_rules(shipped: RuleSet) -> None:
    """Every line that says what to look for, in every case: with it, the engine says no more."""
    looked_at = 0
    for case in load_cases(SHIPPED, shipped):
        result = assess(shipped, case.answers)
        facts = Facts(shipped, case.answers)
        text = shipped.advice[result.at_least.advice]
        steps = [*text.steps, *(net.step for net in text.safety_net)]
        steps += [step for part in text.parts if is_told(part, facts) for step in part.steps]
        steps += [
            step
            for step in shipped.also_watch_for
            if step.watch and rank(step.watch.then) > rank(result.at_least)
        ]
        for step in steps:
            if step.watch and step.watch.answers and is_told(step, facts):
                changed = Answers({**case.answers.values, **step.watch.answers})
                then = assess(shipped, changed).at_least
                assert rank(then) <= rank(step.watch.then), (case.id, step.text)
                looked_at += 1
    assert looked_at > 50


def test_a_number_that_falls_is_no_event_where_higher_is_worse() -> None:
    """Pain of less than two weeks may be more urgent than pain of three, but nobody gets there."""
    rule_set = tiny(
        [counts("days", event="the pain stays")],
        {"new": (SOON, Between("days", None, 14)), "old": (NOW, Between("days", 42, None))},
    )
    result = assess(rule_set, {"days": 21})

    assert {change.answer for change in result.what_would_change_it} == {0, 42}
    assert [event.text for event in list_events(result, rule_set)] == [
        "the pain stays (42 kg or more)"
    ]


def test_an_ambulance_that_is_called_for_is_an_event_of_an_emergency() -> None:
    """Nothing is more urgent than to seek care now, but the way there may change."""
    questions = [asks("numb"), asks("faint", event="you faint")]
    rule_set = tiny(questions, {"n": (NOW, yes("numb")), "f": (NOW, yes("faint"))})
    rule_set = replace(rule_set, ambulance=yes("faint"))

    (event,) = list_events(assess(rule_set, {"numb": "yes", "faint": "no"}), rule_set)

    assert (event.text, event.how) == ("you faint", "ambulance")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("no", ["a calf swells"]), ("yes", [])],
    ids=["less urgent", "as urgent"],
)
def test_what_no_question_asks_is_told_to_whom_it_would_be_more_urgent(
    answer: str, expected: list[str]
) -> None:
    """Who must see a doctor by then anyway need not look for it."""
    watch = Watch(answers={}, then=Urgency(advice="see_doctor_soon", within_days=14))
    rule_set = tiny([asks("fever")], {"f": (SOON, yes("fever"))})
    rule_set = replace(rule_set, also_watch_for=(AdviceStep(text="a calf swells", watch=watch),))

    events = list_events(assess(rule_set, {"fever": answer}), rule_set)

    assert [event.text for event in events] == expected


# Lines --------------------------------------------------------------------------------------------

ACTIONS = {
    "now": (Urgency(advice="seek_care_now", within_days=0), "emergency_department"),
    "today": (Urgency(advice="see_doctor_soon", within_days=0), "doctor"),
    "week": (Urgency(advice="see_doctor_soon", within_days=7), "doctor"),
}


def event(action: str, area: str, words: int, name: str = "e") -> Event:
    urgency, how = ACTIONS[action]
    return Event(" ".join([name] * words), area, urgency, how)


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ([event("now", "a", 40)], [40]),
        ([event("now", "a", 20, "x"), event("now", "a", 20)], [41]),
        ([event("now", "a", 10, "x"), event("now", "b", 10)], [21]),
        ([event("now", "a", 20, "x"), event("now", "b", 20)], [20, 20]),
        ([event("today", "a", 20, "x"), event("today", "b", 20)], [20, 20]),
        ([event("week", "a", 20, "x"), event("week", "b", 20)], [41]),
        ([event("now", "a", 5), event("now", "a", 5)], [5]),
        ([event("now", "a", 5), event("week", "a", 5)], [5, 5]),
    ],
    ids=[
        "one event is never cut",
        "events of one area stay together",
        "short ones of two areas share a line",
        "long ones do not",
        "nor do those of the same day",
        "all that a doctor should see by one day is one line",
        "the same words are told once",
        "what has another deadline stands apart",
    ],
)
def test_events_are_told_in_few_lines(events: list[Event], words: list[int]) -> None:
    """The word between two events counts too."""
    lines = [line for of_action in list_lines(events).values() for line in of_action]

    assert [len(line.split()) for line in lines] == words


@given(
    st.lists(
        st.builds(
            event,
            st.sampled_from(sorted(ACTIONS)),
            st.sampled_from("abc"),
            st.integers(1, 40),
            st.sampled_from("xyz"),
        )
    )
)
def test_no_event_is_lost_in_the_lines(events: list[Event]) -> None:
    """Each stands under what to do, and no line has what fits into two."""
    lines = list_lines(events)

    assert {(action, text) for action, texts in group_events(events).items() for text in texts} == {
        (action, text)
        for action, of_action in lines.items()
        for line in of_action
        for text in line.split("; or ")
    }
    for (how, days), of_action in lines.items():
        if how == "doctor" and days:
            assert len(of_action) == 1
        for before, behind in pairwise(of_action):
            assert len(f"{before}; or {behind}".split()) > MOST_WORDS


def test_the_net_of_the_shipped_rules_is_short(shipped: RuleSet) -> None:
    """A list that nobody reads to its end protects nobody."""
    nets = [
        list_lines(list_events(assess(shipped, case.answers), shipped))
        for case in load_cases(SHIPPED, shipped)
    ]

    assert max(sum(map(len, net.values())) for net in nets) <= 15
