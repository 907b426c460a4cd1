"""Which question comes next, when the interview ends, and what going back keeps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import RuleSet, assess, load
from backtriage.condition_parts import find_dependencies
from backtriage.conditions import Facts, evaluate
from backtriage.interview import Interview
from backtriage.model import Answers, Choice, OneOf
from backtriage.status import rank
from helpers import NOW, SHIPPED, SMALL, SOON, answered, asked, asks, tiny, yes
from strategies import answers_to, examples, rule_sets

RULES = load(SMALL)


def test_the_areas_are_asked_in_order_and_a_list_in_one_step() -> None:
    """A healthy person meets every question that matters, in the order of the rule set."""
    interview, met = Interview(RULES), []
    for value in ("no", "no", 30, "yes", 5, "no"):
        met.append(asked(interview))
        interview = answered(interview, value)

    assert met == [
        ("numb",),
        ("weak",),
        ("age",),
        ("fall",),
        ("duration",),
        ("steroids", "osteoporosis"),
    ]
    assert interview.step is None


def test_a_list_of_which_one_question_is_left_is_asked_as_that_question() -> None:
    """One item is no list."""
    known = Answers({"numb": "no", "weak": "no", "age": 30, "fall": "yes", "steroids": "no"})
    step = Interview.resumed(RULES, known).step

    assert step is not None
    assert [question.id for question in step.questions] == ["osteoporosis"]
    assert step.list is None


def test_it_stops_as_soon_as_the_most_urgent_advice_is_settled() -> None:
    """An emergency ends the questions at once; with `complete` they go on."""
    assert answered(Interview(RULES), "yes").step is None
    assert asked(answered(Interview(RULES, complete=True), "yes")) == ("weak",)


def test_a_follow_up_is_asked_only_where_it_applies() -> None:
    """The course of a weakness is asked if there is one."""
    assert asked(answered(Interview(RULES), "no", "yes")) == ("weak_course",)
    assert asked(answered(Interview(RULES), "no", "no")) == ("age",)


def test_a_question_that_can_no_longer_change_the_outcome_is_not_asked() -> None:
    """With no fall and a doctor within 2 days, what could only lead to 2 weeks is left out."""
    interview = answered(Interview(RULES), "no", "yes", "new_stable", 30, "no")

    assert interview.step is None


def test_back_asks_the_step_before_again_and_keeps_what_still_holds() -> None:
    """From any depth: the later answers stay, the one that the change made stale goes."""
    interview = answered(Interview(RULES), "no", "yes", "old", 30)
    again = interview.go_back().go_back().go_back()

    assert asked(again) == ("weak",)
    assert again.answers["age"] == 30

    changed = answered(again, "no")

    assert changed.dropped == ("weak_course",)
    assert dict(changed.answers) == {"numb": "no", "weak": "no", "age": 30}
    assert asked(changed) == ("fall",)


def test_the_number_of_prompts_that_may_follow_is_exact_where_every_answer_is_harmless() -> None:
    """Six may follow the first; a step asked again does not count itself."""
    first = Interview(RULES)
    again = answered(first, "no").go_back()

    assert (first.at_most_more, again.at_most_more) == (6, 6)
    # The course of a weakness may come.
    assert answered(Interview(RULES), "no", "no").go_back().at_most_more == 5


def test_a_chain_of_follow_ups_is_dropped_to_its_end() -> None:
    """What hangs on a dropped answer goes with it, and all of it is told."""
    chain = tiny(
        [asks("a"), asks("b", ask_if=yes("a")), asks("c", ask_if=yes("b"))],
        {"now": (NOW, yes("c"))},
    )
    interview = answered(Interview(chain, complete=True), "yes", "yes", "no").reopen("a")
    changed = answered(interview, "no")

    assert changed.dropped == ("b", "c")
    assert (dict(changed.answers), changed.history) == ({"a": "no"}, (("a",),))


def test_a_list_is_resumed_and_reopened_as_a_list() -> None:
    """Its questions were asked in one step, and are so again."""
    given = {
        "numb": "no",
        "weak": "no",
        "age": 30,
        "fall": "yes",
        "duration": 5,
        "steroids": "no",
        "osteoporosis": "no",
    }
    resumed = Interview.resumed(RULES, Answers(given))

    assert asked(resumed.go_back()) == ("steroids", "osteoporosis")
    assert asked(resumed.reopen("osteoporosis")) == ("steroids", "osteoporosis")
    assert answered(resumed.go_back(), "no").history == resumed.history


def test_back_at_the_first_question_stays_there() -> None:
    """There is nothing before the first question."""
    assert asked(Interview(RULES).go_back()) == ("numb",)
    assert asked(answered(Interview(RULES), "no").go_back().go_back()) == ("numb",)


def test_an_answer_can_be_reopened_by_name() -> None:
    """The review can change any answer, and the interview goes on from there."""
    done = answered(Interview(RULES), "yes")
    reopened = done.reopen("numb")

    assert asked(reopened) == ("numb",)
    assert asked(answered(reopened, "no")) == ("weak",)


def test_a_resumed_interview_goes_on_where_it_stopped() -> None:
    """Answers given earlier are not asked again, and can be gone back to."""
    resumed = Interview.resumed(RULES, Answers({"numb": "no", "weak": "no"}))

    assert asked(resumed) == ("age",)
    assert asked(resumed.go_back()) == ("weak",)


def test_a_resumed_answer_that_never_applied_still_counts() -> None:
    """An answer that was given always counts: only what a change makes stale is dropped."""
    resumed = Interview.resumed(
        RULES, Answers({"numb": "no", "weak": "no", "weak_course": "worse", "age": 30})
    )

    assert answered(resumed, "no").answers["weak_course"] == "worse"


CHAIN = tiny(
    [asks("a"), asks("b", ask_if=yes("a")), asks("c", ask_if=yes("b"))],
    {"now": (NOW, yes("c")), "soon": (SOON, yes("b"))},
)


def test_an_answer_that_a_red_flag_rests_on_is_not_dropped_unasked() -> None:
    """A correction elsewhere must not take an emergency away:
    both answers count until the person speaks.
    """
    changed = answered(
        answered(Interview(CHAIN, complete=True), "yes", "yes", "yes").reopen("a"), "no"
    )

    assert (changed.doubtful, changed.dropped) == (("b", "c"), ())
    assert changed.status.at_least.advice == "seek_care_now"


def test_what_is_doubtful_because_another_is_kept_is_not_dropped_either() -> None:
    """With b kept, c applies again,
    and the emergency that rests on c must not become open unasked.
    """
    rules = tiny(
        [asks("a"), asks("b", ask_if=yes("a")), asks("c", ask_if=yes("b"))],
        {"now": (NOW, OneOf("c", ("no",))), "soon": (SOON, yes("b"))},
    )
    changed = answered(
        answered(Interview(rules, complete=True), "yes", "yes", "no").reopen("a"), "no"
    )

    assert (changed.doubtful, changed.dropped) == (("b", "c"), ())
    assert changed.status.at_least.advice == "seek_care_now"


@pytest.mark.parametrize(
    ("keep_b", "keep_c", "left", "advice"),
    [
        (True, True, {"a": "no", "b": "yes", "c": "yes"}, "seek_care_now"),
        (True, False, {"a": "no", "b": "yes"}, "see_doctor_soon"),
        (False, True, {"a": "no", "c": "yes"}, "seek_care_now"),
        (False, False, {"a": "no"}, "home_care"),
    ],
)
def test_the_person_settles_each_doubtful_answer(
    keep_b: bool, keep_c: bool, left: dict[str, str], advice: str
) -> None:
    """What is kept counts, what is dropped does not."""
    changed = answered(answered(Interview(CHAIN), "yes", "yes", "yes").reopen("a"), "no")

    settled = changed.settle("b", keep=keep_b).settle("c", keep=keep_c)

    assert dict(settled.answers) == left
    assert settled.doubtful == ()
    assert settled.status.at_least.advice == advice


@pytest.mark.parametrize("folder", [None, SMALL, SHIPPED], ids=["random", "small", "shipped"])
@given(data=st.data())
@examples(100, everyday=8)
def test_going_back_loses_no_red_flag_unasked_and_keeps_to_the_bound(
    folder: str | None, data: st.DataObject
) -> None:
    """Whatever is changed, a red flag goes only with the
    changed answer itself or with the person's word.
    """
    rule_set: RuleSet = load(folder) if folder else data.draw(rule_sets())
    interview = Interview(rule_set)
    for _ in range(data.draw(st.integers(1, 8))):
        if interview.step is not None:
            interview = interview.take_answers(
                {q.id: data.draw(answers_to(q)) for q in interview.step.questions}
            )
    again = interview.reopen(data.draw(st.sampled_from(list(interview.answers))))
    assert again.step is not None
    given = {question.id: data.draw(answers_to(question)) for question in again.step.questions}

    changed = again.take_answers(given)

    kept = Interview.resumed(rule_set, Answers({**again.answers, **given}))
    assert {flag.id for flag in changed.status.present} >= {flag.id for flag in kept.status.present}
    assert rank(changed.status.at_most) >= rank(kept.status.at_most)
    while changed.doubtful:
        changed = changed.settle(changed.doubtful[0], keep=data.draw(st.booleans()))
    assert again.at_most_more >= (changed.at_most_more + 1 if changed.step else 0)


def test_what_alone_is_an_emergency_is_asked_before_the_background() -> None:
    """Trap 26 of the evidence: nobody with an emergency sits through questions about the past.

    Alone means a yes, with the worst answers to the questions that are asked because of it.
    """
    rules = load(SHIPPED)

    def answer_worst(name: str) -> Answers:
        worst = {name: "yes"}
        for other, question in rules.questions.items():
            asked_because = question.ask_if and find_dependencies(question.ask_if, rules)
            if isinstance(question, Choice) and asked_because and asked_because <= set(worst):
                worst[other] = question.options[-1].id
        return Answers(worst)

    emergencies = [flag.when for flag in rules.red_flags.values() if flag.advice == "seek_care_now"]
    order = list(rules.questions)
    alone = [
        name
        for name, question in rules.questions.items()
        if question.kind == "yes_no"
        and question.ask_if is None
        and any(evaluate(when, Facts(rules, answer_worst(name))) for when in emergencies)
    ]
    first_list = min(
        order.index(name)
        for name, question in rules.questions.items()
        if getattr(question, "list", None)
    )

    assert len(alone) >= 8
    assert [name for name in alone if order.index(name) > first_list] == []


@pytest.mark.parametrize("folder", [None, SMALL, SHIPPED], ids=["random", "small", "shipped"])
@given(data=st.data())
@examples(100, everyday=8)
def test_the_interview_ends_with_what_assess_says_and_never_asks_more_than_announced(
    folder: str | None, data: st.DataObject
) -> None:
    """Each step brings the announced bound down, and puts what is known to apply;
    at the end nothing is left that could change the result.
    """
    rule_set: RuleSet = load(folder) if folder else data.draw(rule_sets())
    also_ask = data.draw(st.lists(st.sampled_from(list(rule_set.questions)), max_size=6))
    interview = Interview(
        rule_set, complete=data.draw(st.booleans()), also_ask=tuple(dict.fromkeys(also_ask))
    )
    bound, asked_before = None, set()
    while step := interview.step:
        ids = {question.id for question in step.questions}
        facts = Facts(rule_set, Answers(interview.counted))
        assert all(facts.check_applies(name) for name in ids)
        assert ids <= asked_before if step.again else not ids & asked_before
        assert bound is None or interview.at_most_more < bound
        bound, asked_before = interview.at_most_more, asked_before | ids
        interview = interview.take_answers(
            {question.id: data.draw(answers_to(question)) for question in step.questions}
        )
    result = assess(rule_set, interview.get_answers())

    assert result.complete
    assert result.at_least == interview.status.at_least


@given(data=st.data())
def test_an_early_stop_gives_the_same_advice_as_asking_everything(data: st.DataObject) -> None:
    """What is not asked could not have changed the advice or the deadline."""
    rule_set = data.draw(rule_sets())
    person = {
        name: data.draw(answers_to(question)) for name, question in rule_set.questions.items()
    }

    def outcome(*, complete: bool) -> object:
        interview = Interview(rule_set, complete=complete)
        while step := interview.step:
            interview = interview.take_answers(
                {question.id: person[question.id] for question in step.questions}
            )
        return interview.status.at_least

    assert outcome(complete=False) == outcome(complete=True)
