"""What an assessment says, and what must hold for every rule set and every input."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from itertools import product
from math import prod
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backtriage import RuleSet, assess, load
from backtriage.conditions import Facts, evaluate, find_awaited, find_open_questions
from backtriage.loader.build import read_folder
from backtriage.loader.cases import load_cases
from backtriage.model import (
    NOT_SURE,
    AllOf,
    Answer,
    Answers,
    AnyOf,
    Between,
    Choice,
    Number,
    Question,
    RedFlag,
    Urgency,
    YesNo,
)
from backtriage.planes import hold_answers
from backtriage.status import (
    Status,
    find_all_telling_values,
    find_status,
    rank,
)
from helpers import NOW, SHIPPED, SMALL, SOON, asks, counts, tiny, yes
from reference import find_changes
from strategies import answers_to, examples, partial_answers, rule_sets

MOST_COMPLETIONS = 1_000


@cache
def rules(folder: str) -> RuleSet:
    return load(folder)


@cache
def find_excused(folder: str, code: str) -> set[str]:
    """The questions of a rule set that are excused from an issue."""
    excuses = read_folder(Path(folder)).excuses
    return {name for (sort, name), codes in excuses.items() if sort == "question" and code in codes}


def bounds(rule_set: RuleSet, given: Mapping[str, Answer]) -> tuple[Urgency, Urgency]:
    """at_least and at_most alone, for tests that need very many of them."""
    status = Status.of(rule_set.red_flags.values(), Facts(rule_set, Answers(given)))
    return status.at_least, status.at_most


def urgencies(rule_set: RuleSet, given: Mapping[str, Answer]) -> Iterator[Urgency]:
    """Every outcome that the answers leave open: by brute force, without what is to be tested."""
    values = find_all_telling_values(rule_set)
    missing = [name for name in rule_set.questions if name not in given]
    assume(prod(len(values[name]) for name in missing) <= MOST_COMPLETIONS)
    for combination in product(*(values[name] for name in missing)):
        completed = dict(given)
        for name, value in zip(missing, combination, strict=True):
            ask_if = rule_set.questions[name].ask_if
            if ask_if is None or evaluate(ask_if, Facts(rule_set, Answers(completed))):
                completed[name] = value
        least, most = bounds(rule_set, completed)
        assert least == most
        yield least


# Small examples -----------------------------------------------------------------------------------


def test_nothing_known_is_not_home_care() -> None:
    """No answer at all leaves everything open,
    and names what would settle it, the most decisive first.
    """
    result = assess(rules(SMALL), {})

    assert result.advice is None
    assert (result.at_least.advice, result.at_most.advice) == ("home_care", "seek_care_now")
    assert [flag.id for flag in result.unresolved] == [
        "numb",
        "weak_worse",
        "fall_and_weak_bones",
        "weak_new",
        "two_of_three",
    ]
    assert result.unresolved[1].questions == ("weak", "weak_course")


def test_a_finding_shows_the_answers_that_raised_it_and_which_were_not_sure() -> None:
    """The person can see why, and that a "not sure" was counted."""
    result = assess(rules(SMALL), {"weak": "not sure", "weak_course": "worse", "fall": "no"})
    finding = result.findings[0]

    assert finding.id == "weak_worse"
    assert finding.answers == {"weak": NOT_SURE, "weak_course": "worse"}
    assert finding.counted_from_not_sure == ("weak",)
    assert result.complete


def test_the_most_urgent_finding_wins_and_then_the_shortest_deadline() -> None:
    """Two days outrank two weeks, and care now outranks both."""
    soon = {
        "numb": "no",
        "weak": "yes",
        "weak_course": "new_stable",
        "age": 80,
        "fall": "no",
        "duration": 50,
    }
    result = assess(rules(SMALL), soon | {"steroids": "no", "osteoporosis": "no"})
    worse = assess(rules(SMALL), soon | {"numb": "yes"})

    assert [finding.id for finding in result.findings] == ["weak_new", "two_of_three"]
    assert (result.advice, result.within_days) == ("see_doctor_soon", 2)
    assert (worse.advice, worse.within_days) == ("seek_care_now", 0)


def test_an_advice_can_be_settled_while_its_deadline_is_open() -> None:
    """A doctor soon is sure; whether it is by tomorrow is not."""
    known = {"numb": "no", "weak": "yes", "weak_course": "new_stable"}
    result = assess(rules(SMALL), known)

    assert (result.advice, result.within_days, result.complete) == ("see_doctor_soon", None, False)
    assert (result.at_least.within_days, result.at_most.within_days) == (2, 1)


def test_what_would_change_it_names_symptoms_and_not_the_background() -> None:
    """Age cannot change by tomorrow, a fall can happen;
    of a number the nearest value that matters is named.
    """
    home = {
        "numb": "no",
        "weak": "no",
        "age": 71,
        "fall": "no",
        "duration": 35,
        "steroids": "no",
        "osteoporosis": "no",
    }
    result = assess(rules(SMALL), home)
    changes = {change.question: change for change in result.what_would_change_it}

    assert result.advice == "home_care"
    assert set(changes) == {"numb", "weak", "fall", "duration"}
    assert changes["duration"].answer == 42
    assert changes["weak"].at_least.advice == "home_care"
    assert changes["weak"].at_most.advice == "seek_care_now"


def test_the_record_holds_what_decided() -> None:
    """Rule set, version, hash and answers are there to replay the assessment."""
    rule_set = rules(SMALL)
    result = assess(rule_set, {"age": "47 years", "numb": False})

    assert result.answers == {"age": 47, "numb": "no"}
    assert (result.rule_set.id, result.rule_set.version, result.rule_set.hash) == (
        "small",
        "1.0.0",
        rule_set.hash,
    )


def test_a_change_never_promises_less_than_what_is_found_already() -> None:
    """With a doctor soon settled,
    a change that may lead to an emergency is at least a doctor soon.
    """
    questions = [asks("a"), asks("b"), asks("c", ask_if=yes("b"))]
    rule_set = tiny(
        questions, {"soon": (SOON, yes("a")), "now": (NOW, AllOf((yes("b"), yes("c"))))}
    )
    (change,) = assess(rule_set, {"a": "yes", "b": "no"}).what_would_change_it

    assert change.question == "b"
    assert (change.at_least.within_days, change.at_most.advice) == (14, "seek_care_now")


def test_what_is_open_anyway_is_not_blamed_on_a_change() -> None:
    """A red flag that waits for another question waits for it with and without the change."""
    questions = [asks("a"), asks("b"), asks("c")]
    rule_set = tiny(questions, {"now": (NOW, AnyOf((yes("a"), AllOf((yes("b"), yes("c"))))))})

    assert assess(rule_set, {"b": "no"}).what_would_change_it == ()


def test_of_a_number_the_nearest_value_that_matters_is_named_once() -> None:
    """10 and 20 lead to the same, so 10 is named; a value that only opens a question counts too."""
    soon = {"ten": (SOON, Between("n", 10, None)), "twenty": (SOON, Between("n", 20, None))}
    opens = {"now": (NOW, yes("b"))}

    assert [
        change.answer for change in assess(tiny([counts("n")], soon), {"n": 5}).what_would_change_it
    ] == [10]
    assert [
        change.answer
        for change in assess(tiny([counts("n")], soon), {"n": "not sure"}).what_would_change_it
    ] == [10]

    follow_up = tiny([counts("n"), asks("b", ask_if=Between("n", 30, None))], opens)

    assert [change.answer for change in assess(follow_up, {"n": 5}).what_would_change_it] == [30]


def test_what_cannot_change_by_tomorrow_is_not_named() -> None:
    """Age, tablets and past illness would raise the urgency after a fall, but cannot happen."""
    fallen = {
        "numb": "no",
        "weak": "no",
        "age": 40,
        "fall": "yes",
        "duration": 5,
        "steroids": "no",
        "osteoporosis": "no",
    }
    named = {change.question for change in assess(rules(SMALL), fallen).what_would_change_it}

    assert named == {"numb", "weak"}


def test_the_most_decisive_question_is_the_one_in_the_most_urgent_and_then_in_most_red_flags() -> (
    None
):
    """b and c stand in the emergency, c also in another red flag; a only in a lesser one."""
    questions = [asks("a"), asks("b"), asks("c")]
    flags = {
        "now": (NOW, AllOf((yes("b"), yes("c")))),
        "one": (SOON, yes("c")),
        "two": (SOON, AllOf((yes("a"), yes("c")))),
    }
    unresolved = {flag.id: flag.questions for flag in assess(tiny(questions, flags), {}).unresolved}

    assert unresolved == {"now": ("c", "b"), "one": ("c",), "two": ("c", "a")}


# What must always hold ----------------------------------------------------------------------------


@given(st.data())
def test_the_range_contains_every_outcome_that_is_still_possible(data: st.DataObject) -> None:
    """Whatever the missing answers turn out to be, the outcome lies from at_least to at_most."""
    rule_set = data.draw(rule_sets())
    given = data.draw(partial_answers(rule_set))
    result = assess(rule_set, Answers(given))

    for urgency in urgencies(rule_set, given):
        assert rank(result.at_least) <= rank(urgency) <= rank(result.at_most)


@given(st.data())
@examples(150)
def test_on_the_shipped_rules_the_range_is_exactly_what_is_possible(data: st.DataObject) -> None:
    """With few questions open, brute force finds both ends of the range."""
    rule_set = rules(SHIPPED)
    answers = data.draw(partial_answers(rule_set, all_of_them=True))
    taken = data.draw(
        st.lists(st.sampled_from(list(rule_set.questions)), min_size=1, max_size=4, unique=True)
    )
    given = {name: answer for name, answer in answers.items() if name not in taken}
    result = assess(rule_set, Answers(given))
    outcomes = sorted(urgencies(rule_set, given), key=rank)

    assert (result.at_least, result.at_most) == (outcomes[0], outcomes[-1])


@pytest.mark.parametrize("folder", [None, SMALL, SHIPPED], ids=["random", "small", "shipped"])
@given(data=st.data())
def test_one_answer_more_never_widens_the_range(folder: str | None, data: st.DataObject) -> None:
    """An answer to a question that was open narrows the range, or leaves it."""
    rule_set = rules(folder) if folder else data.draw(rule_sets())
    given = data.draw(partial_answers(rule_set))
    facts = Facts(rule_set, Answers(given))
    unanswered = [
        name
        for name in rule_set.questions
        if name not in given and facts.check_applies(name) is not False
    ]
    assume(unanswered)
    asked = rule_set.questions[data.draw(st.sampled_from(unanswered))]
    before = assess(rule_set, Answers(given))
    after = assess(rule_set, Answers(given | {asked.id: data.draw(answers_to(asked))}))

    outside = (rank(before.at_least), rank(before.at_most))
    assert outside[0] <= rank(after.at_least) <= rank(after.at_most) <= outside[1]


@pytest.mark.parametrize("folder", [None, SMALL, SHIPPED], ids=["random", "small", "shipped"])
@given(data=st.data())
def test_home_care_needs_every_red_flag_to_be_absent(
    folder: str | None, data: st.DataObject
) -> None:
    """Unknown is never no: home care is given only where no red flag is present or open."""
    rule_set = rules(folder) if folder else data.draw(rule_sets())
    given = data.draw(partial_answers(rule_set))
    result = assess(rule_set, Answers(given))
    facts = Facts(rule_set, Answers(given))
    outcomes = [evaluate(flag.when, facts) for flag in rule_set.red_flags.values()]

    assert (result.advice == "home_care") == all(outcome is False for outcome in outcomes)


@pytest.mark.parametrize("folder", [None, SMALL, SHIPPED], ids=["random", "small", "shipped"])
@given(data=st.data())
def test_the_order_of_the_answers_does_not_matter(folder: str | None, data: st.DataObject) -> None:
    """The same answers in another order give the same result."""
    rule_set = rules(folder) if folder else data.draw(rule_sets())
    given = data.draw(partial_answers(rule_set))
    shuffled = dict(data.draw(st.permutations(list(given.items()))))
    one, other = assess(rule_set, Answers(given)), assess(rule_set, Answers(shuffled))

    def unordered(changes: tuple[object, ...]) -> set[str]:
        return {repr(change) for change in changes}

    assert replace(one, what_would_change_it=()) == replace(other, what_would_change_it=())
    assert unordered(one.what_would_change_it) == unordered(other.what_would_change_it)


@pytest.mark.parametrize("folder", [SMALL, SHIPPED], ids=["small", "shipped"])
@given(data=st.data())
@examples(400, everyday=30)
def test_a_worse_answer_never_lowers_the_urgency(folder: str, data: st.DataObject) -> None:
    """Moving one answer in the direction that the question
    calls worse never lowers either end of the range.

    But for questions that are excused from it in their file, with the reason.
    """
    rule_set, excused = rules(folder), find_excused(folder, "not-monotone")
    given = data.draw(partial_answers(rule_set, all_of_them=data.draw(st.booleans())))
    directed = [
        name
        for name in given
        if rule_set.questions[name].worse and given[name] != NOT_SURE and name not in excused
    ]
    assume(directed)
    asked = rule_set.questions[data.draw(st.sampled_from(directed))]
    worse = worse_answers(asked, given[asked.id])
    assume(worse)
    before = assess(rule_set, Answers(given))
    after = assess(rule_set, Answers(given | {asked.id: data.draw(st.sampled_from(worse))}))

    assert rank(before.at_least) <= rank(after.at_least)
    assert rank(before.at_most) <= rank(after.at_most)


def worse_answers(asked: Question, answer: Answer) -> list[Answer]:
    match asked:
        case YesNo(worse=worse):
            return [worse] if worse and answer != worse else []
        case Choice(options=options):
            ids = [option.id for option in options]
            return list(ids[ids.index(str(answer)) + 1 :])
        case Number(worse=worse, minimum=minimum, maximum=maximum):
            end = maximum if worse == "higher" else minimum
            return [(float(answer) + end) / 2, end] if answer != end else []


@given(st.data())
def test_another_red_flag_never_lowers_the_urgency(data: st.DataObject) -> None:
    """Nothing lowers urgency: with one red flag taken away, the range moves down or stays."""
    rule_set = data.draw(rule_sets())
    given = Answers(data.draw(partial_answers(rule_set)))
    dropped = data.draw(st.sampled_from(list(rule_set.red_flags)))
    fewer = without(rule_set, dropped)
    more_flags, less_flags = assess(rule_set, given), assess(fewer, given)

    assert rank(less_flags.at_least) <= rank(more_flags.at_least)
    assert rank(less_flags.at_most) <= rank(more_flags.at_most)


def without(rule_set: RuleSet, flag_id: str) -> RuleSet:
    def kept(flags: tuple[RedFlag, ...]) -> tuple[RedFlag, ...]:
        return tuple(flag for flag in flags if flag.id != flag_id)

    areas = tuple(replace(area, red_flags=kept(area.red_flags)) for area in rule_set.areas)
    return replace(rule_set, areas=areas)


@pytest.mark.parametrize("folder", [None, SMALL, SHIPPED], ids=["random", "small", "shipped"])
@given(data=st.data())
@examples(50)
def test_what_would_change_it_is_true_and_leaves_nothing_out(
    folder: str | None, data: st.DataObject
) -> None:
    """Every change named raises the urgency as it says,
    and every symptom that would raise it is named.
    """
    rule_set = rules(folder) if folder else data.draw(rule_sets())
    given = data.draw(partial_answers(rule_set, all_of_them=True))
    result = assess(rule_set, Answers(given))
    named = {(change.question, change.at_least) for change in result.what_would_change_it}

    assert result.complete
    for change in result.what_would_change_it:
        after = bounds(rule_set, given | {change.question: change.answer})
        if rank(change.at_most) > rank(result.at_least):
            assert after == (change.at_least, change.at_most)
        else:  # it calls for an ambulance, beside the emergency that there is
            assert (result.how, change.how) == ("emergency_department", "ambulance")
            assert change.at_least == change.at_most == result.at_least
    for question, values in find_all_telling_values(rule_set).items():
        for value in values:
            least, _ = bounds(rule_set, given | {question: value})
            if rank(least) > rank(result.at_least) and not rule_set.questions[question].background:
                assert (question, least) in named


@given(data=st.data())
@examples(150)
def test_what_would_change_it_is_what_one_answer_after_the_other_would_change(
    data: st.DataObject,
) -> None:
    """All at once, by the kernel, come out as each of them by itself; so does the status."""
    rule_set = data.draw(rule_sets())
    answers = Answers(data.draw(partial_answers(rule_set)))

    result = assess(rule_set, answers)

    assert list(result.what_would_change_it) == list(find_changes(rule_set, answers))
    assert find_status(rule_set, hold_answers(rule_set, answers.values)) == Status.of(
        rule_set.red_flags.values(), Facts(rule_set, answers)
    )


@pytest.mark.parametrize("folder", [None, SHIPPED], ids=["random", "shipped"])
@given(data=st.data())
@examples(100, everyday=20)
def test_what_a_red_flag_waits_for_does_not_depend_on_who_came_before(
    folder: Path | None, data: st.DataObject
) -> None:
    """It is kept for others, also where they differ in one answer alone."""
    rule_set = load(folder) if folder else data.draw(rule_sets())
    first = {**data.draw(partial_answers(rule_set))}
    question = data.draw(st.sampled_from([*rule_set.questions.values()]))
    other = {**first, question.id: data.draw(answers_to(question))}
    fewer = {name: answer for name, answer in first.items() if name != question.id}
    for given_ in (first, other, fewer):
        facts = Facts(rule_set, Answers(given_))
        for flag in rule_set.red_flags.values():
            alone = Facts(replace(rule_set), Answers(given_))  # nobody has looked at this copy
            assert find_awaited(flag.id, facts) == find_open_questions(flag.when, alone)


@given(st.data())
@examples(200)
def test_the_way_to_get_care_is_that_of_the_advice_and_the_ambulance_condition(
    data: st.DataObject,
) -> None:
    """Only an emergency needs an ambulance, and only where the answers show the need."""
    rule_set = data.draw(rule_sets())
    answers = Answers(data.draw(partial_answers(rule_set)))

    result = assess(rule_set, answers)

    shown = rule_set.ambulance and evaluate(rule_set.ambulance, Facts(rule_set, answers)) is True
    ways = {
        "home_care": "self_care",
        "see_doctor_soon": "doctor",
        "seek_care_now": "ambulance" if shown else "emergency_department",
    }
    assert result.how == ways[result.at_least.advice]
    for change in result.what_would_change_it:
        changed = Answers({**answers.values, change.question: change.answer})
        then = assess(rule_set, changed)
        facts = Facts(rule_set, changed)
        # where the need of an ambulance would be open, the change may well call for one
        is_open = rule_set.ambulance and evaluate(rule_set.ambulance, facts) is None
        if rank(then.at_least) == rank(change.at_most) and change.at_least == change.at_most:
            assert change.how == (
                "ambulance" if is_open and change.how == "ambulance" else then.how
            )


@pytest.mark.parametrize(
    ("answers", "how"),
    [
        ({"numb": "no", "faint": "no"}, "self_care"),
        ({"numb": "yes"}, "emergency_department"),
        ({"numb": "yes", "faint": "no"}, "emergency_department"),
        ({"numb": "yes", "faint": "yes"}, "ambulance"),
        ({"numb": "yes", "faint": "not sure"}, "ambulance"),
        ({}, "self_care"),
    ],
)
def test_an_ambulance_that_is_not_known_to_be_needed_is_not_named(
    answers: dict[str, object], how: str
) -> None:
    """The result says so as soon as an answer shows it, "not sure" among them."""
    rule_set = tiny([asks("numb"), asks("faint")], {"n": (NOW, yes("numb"))})

    assert assess(replace(rule_set, ambulance=yes("faint")), answers).how == how


@pytest.mark.slow
def test_in_the_cases_of_the_shipped_rules_so_it_is() -> None:
    """In all of them, each with some answers left out as well."""
    rule_set = rules(SHIPPED)
    for number, case in enumerate(load_cases(SHIPPED, rule_set)):
        some = dict(list(case.answers.values.items())[number % 3 :: 1 + number % 2])
        for answers in (case.answers, Answers(some)):
            result = assess(rule_set, answers)
            assert list(result.what_would_change_it) == list(find_changes(rule_set, answers))
