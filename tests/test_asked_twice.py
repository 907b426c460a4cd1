"""Who is not sure is asked once more, and one answer holds both: through every door."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import jsonschema
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backtriage import RuleSet, assess, load
from backtriage.answers import parse_answers
from backtriage.conditions import hold_both, take_last
from backtriage.errors import AnswersError
from backtriage.interview import Interview
from backtriage.json_io.result import render_result
from backtriage.json_io.schema import build_answers_schema, build_assessment_schema
from backtriage.model import NOT_SURE, Answer, Answers, AskedTwice, Assessment, OneOf
from backtriage.status import rank
from backtriage.steps import has_check
from helpers import (
    CHECKS,
    NOW,
    SHIPPED,
    SMALL,
    SOON,
    answered,
    asked,
    asks,
    run,
    small_with,
    tiny,
    with_checks,
    yes,
)
from strategies import answers_to, examples, partial_answers, rule_sets

SHIPPED_RULES = load(SHIPPED)
KINDS = ["random", "shipped"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small rule set, with checks."""
    return small_with(tmp_path_factory.mktemp("checks"), with_checks())


@pytest.fixture(scope="module")
def rules(folder: Path) -> RuleSet:
    return load(folder)


# One answer that holds two ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("not sure, then yes", AskedTwice.YES),
        ("Not  sure, then NO.", AskedTwice.NO),
        ("not sure, twice", AskedTwice.NOT_SURE),
        (AskedTwice.NO, AskedTwice.NO),
        ("not sure", NOT_SURE),
    ],
)
def test_one_text_holds_both_answers(text: object, expected: Answer, rules: RuleSet) -> None:
    assert parse_answers(rules, {"numb": text}).values == {"numb": expected}


@pytest.mark.parametrize(
    ("question", "text"),
    [
        *((name, text) for name in ("steroids", "age", "weak_course") for text in AskedTwice),
        ("steroids", "not sure, then no"),
        ("numb", "yes, then not sure"),
        ("numb", "not sure, then perhaps"),
        ("numb", "not sure, not sure"),
        ("numb", "not sure, then yes, then no"),
    ],
)
def test_two_answers_where_nobody_is_asked_twice_are_refused(
    question: str, text: object, rules: RuleSet
) -> None:
    """And so is what only looks like two; it is never one of them."""
    with pytest.raises(AnswersError) as caught:
        parse_answers(rules, {question: text})

    (issue,) = caught.value.issues
    assert issue.path == question
    assert issue.suggestion


def outcome(result: Assessment) -> Assessment:
    """What came out, without the answers as they were given."""
    findings = tuple(replace(finding, answers={}) for finding in result.findings)
    return replace(result, answers={}, findings=findings)


@given(st.data())
@examples(100)
def test_two_answers_count_as_the_second(data: st.DataObject) -> None:
    """In all that comes out, and not sure twice as not sure."""
    rule_set = data.draw(rule_sets())
    both = data.draw(partial_answers(rule_set))
    second = {name: take_last(answer) for name, answer in both.items()}

    result = assess(rule_set, Answers(both))

    assert outcome(result) == outcome(assess(rule_set, Answers(second)))
    assert result.answers == both
    assert assess(rule_set, json.loads(json.dumps(result.answers, default=str))) == result


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("not sure, then no", "Numb between the legs: not sure, then no"),
        ("not sure, then yes", "Numb between the legs: not sure, then yes"),
        ("not sure, twice", "Numb between the legs: not sure, twice (counted as yes)"),
    ],
)
@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_the_result_tells_both_answers(folder: Path, form: str, text: str, told: str) -> None:
    """Also a no that is none of the many plain ones."""
    given = json.dumps({"numb": text, "weak": "no"})

    done = run("assess", "--rules", folder, "--format", form, stdin=given, COLUMNS="300")

    assert told in done.stdout


def test_a_saved_result_is_replayed_with_both_answers(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    given = '{"numb": "not sure, then no", "weak": "not sure, twice", "age": 40}'
    file.write_text(run("assess", "--rules", folder, stdin=given).stdout)

    assert json.loads(file.read_text())["answers"] == json.loads(given)
    assert run("replay", file, "--rules", folder).stdout.startswith("Result: the same.")


def test_a_table_takes_both_answers_and_rejects_them_where_nobody_is_asked_twice(
    folder: Path, tmp_path: Path
) -> None:
    table, out = tmp_path / "in.csv", tmp_path / "out.jsonl"
    values = ["not sure", *map(str, AskedTwice), "yes", "no"]
    rows = [f'"{value}",no' for value in values] + ['no,"not sure, then no"']
    table.write_text("\n".join(["numb,steroids", *rows]) + "\n")

    done = run("cohort", table, "--output", out, "--rules", folder)

    assert done.returncode == 3
    advices = [json.loads(line)["advice"] for line in out.read_text().splitlines()]
    now = "seek_care_now"
    assert advices == [now, now, None, now, now, None]
    rejected = json.loads(out.with_name("out.jsonl.rejects.jsonl").read_text())
    assert (rejected["row"], rejected["errors"][0]["path"]) == (7, "steroids")


# The interview ------------------------------------------------------------------------------------


def test_not_sure_leads_to_the_check_of_the_same_question(rules: RuleSet) -> None:
    interview = answered(Interview(rules), NOT_SURE)

    assert interview.step
    assert (asked(interview), interview.step.again) == (("numb",), True)
    assert interview.step.ask == CHECKS["numb"]
    assert not interview.status.present
    assert asked(answered(interview, "no")) == ("weak",)
    assert answered(interview, "no").answers == {"numb": AskedTwice.NO}


@pytest.mark.parametrize(
    ("second", "both"), [("yes", AskedTwice.YES), (NOT_SURE, AskedTwice.NOT_SURE)]
)
def test_a_second_not_sure_counts(second: Answer, both: AskedTwice, rules: RuleSet) -> None:
    """As a yes does, and is not asked a third time."""
    interview = answered(Interview(rules), NOT_SURE, second)

    assert interview.answers == {"numb": both}
    assert interview.step is None
    assert interview.status.at_least.advice == "seek_care_now"


def test_a_question_without_a_check_is_asked_once() -> None:
    interview = answered(Interview(load(SMALL)), NOT_SURE)

    assert interview.step is None
    assert interview.status.at_least.advice == "seek_care_now"


def test_nothing_is_asked_once_more_where_the_answer_can_no_longer_matter(rules: RuleSet) -> None:
    """With an emergency by another answer; with it taken back, it is."""
    given = Answers({"numb": "yes", "weak": NOT_SURE})
    settled = Interview.resumed(rules, given)

    assert settled.step is None
    assert settled.waiting == ()

    changed = answered(settled.reopen("numb"), "no")

    assert changed.step
    assert (asked(changed), changed.step.again) == (("weak",), True)
    complete = Interview.resumed(rules, given, complete=True)
    assert complete.waiting == ("weak",)


def test_resumed_answers_are_asked_once_more_in_the_order_of_asking(rules: RuleSet) -> None:
    """Before anything new."""
    resumed = Interview.resumed(
        rules, Answers({"fall": NOT_SURE, "weak": NOT_SURE, "numb": "no", "age": 75})
    )

    assert resumed.waiting == ("weak", "fall")
    after = answered(resumed, "no")
    assert (asked(after), after.step and after.step.again) == (("fall",), True)
    assert asked(answered(after, "no")) == ("duration",)


def test_back_from_a_check_is_its_question_and_then_the_one_before(rules: RuleSet) -> None:
    check = answered(Interview(rules), "no", NOT_SURE)
    question = check.go_back()

    assert question.step
    assert (asked(question), question.step.again) == (("weak",), False)
    assert asked(question.go_back()) == ("numb",)
    kept = answered(question, NOT_SURE)
    assert kept.step
    assert kept.step.again
    assert answered(question, "no").answers["weak"] == "no"


def test_an_answer_given_twice_is_reopened_as_its_question(rules: RuleSet) -> None:
    """And has one place in the history."""
    done = answered(Interview(rules), NOT_SURE, "no", NOT_SURE, "no", 40)
    again = done.reopen("numb")

    assert done.history == (("numb",), ("weak",), ("age",))
    assert again.step
    assert not again.step.again
    assert answered(again, AskedTwice.NO).step == done.step  # left as it was
    asks_again = answered(again, NOT_SURE).step
    assert asks_again
    assert asks_again.again


def test_a_follow_up_is_not_dropped_before_the_check_is_answered() -> None:
    """What hangs on the answer may come to hang on it once more."""
    first = replace(asks("a"), not_sure="no", worse="no", check="Look. A?")
    rules = tiny(
        [first, asks("b", ask_if=yes("a"))],
        {"soon": (SOON, yes("b")), "now": (NOW, OneOf("a", ("no",)))},
    )
    interview = answered(Interview(rules, complete=True), "yes", "no").reopen("a")

    waiting = answered(interview, NOT_SURE)

    assert waiting.dropped == ()
    assert answered(waiting, "yes").answers == {"a": AskedTwice.YES, "b": "no"}
    assert answered(waiting, "no").dropped == ("b",)


def test_what_does_not_apply_is_not_asked_once_more_and_counts() -> None:
    """An answer that was given always counts: unknown is never no."""
    follow_up = replace(asks("b", ask_if=yes("a")), check="Look. B?")
    rules = tiny([asks("a"), follow_up], {"now": (NOW, yes("b"))})

    resumed = Interview.resumed(rules, Answers({"a": "no", "b": NOT_SURE}))

    assert resumed.step is None
    assert resumed.status.at_least.advice == "seek_care_now"


def rule_set_of(kind: str, data: st.DataObject) -> RuleSet:
    return SHIPPED_RULES if kind == "shipped" else data.draw(rule_sets())


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@examples(100, everyday=15)
def test_doubt_costs_one_prompt_each_and_changes_nothing_else(
    kind: str, data: st.DataObject
) -> None:
    """Who is sure after the checks is asked and told the same as who was sure at once.

    While a check is to come, nothing is known that was not known before the question.
    """
    rule_set = rule_set_of(kind, data)
    person = {name: data.draw(answers_to(one)) for name, one in rule_set.questions.items()}
    sure = unsure = Interview(rule_set)
    while step := sure.step:
        given = {one.id: take_last(person[one.id]) for one in step.questions}
        assert unsure.step == step
        if has_check(step):
            # as it stands after the check, since a plain "not sure" would wait for it
            given = {name: hold_both(answer) for name, answer in given.items()}
            before, unsure = unsure, answered(unsure, NOT_SURE)
            assert unsure.step == replace(step, again=True)
            assert unsure.status == before.status
            assert unsure.at_most_more == before.at_most_more - 1
        sure, unsure = sure.take_answers(given), unsure.take_answers(given)

    assert unsure.step is None
    assert unsure.status == sure.status
    assert unsure.history == sure.history
    results = [assess(rule_set, one.get_answers()) for one in (unsure, sure)]
    assert outcome(results[0]) == outcome(results[1])


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@examples(100, everyday=15)
def test_answers_in_any_order_lead_on_as_the_interview_does(kind: str, data: st.DataObject) -> None:
    """So that a client over `assess` alone, and a saved interview, are asked the same."""
    rule_set = rule_set_of(kind, data)
    interview = Interview(rule_set)
    while interview.step and data.draw(st.integers(0, 9)):
        given = {one.id: data.draw(answers_to(one)) for one in interview.step.questions}
        interview = interview.take_answers(given)
    shuffled = dict(data.draw(st.permutations(list(interview.answers.items()))))

    assert Interview.resumed(rule_set, Answers(shuffled)).step == interview.step


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@examples(100, everyday=15)
def test_what_an_assessment_knows_leads_on_as_its_answers_do(
    kind: str, data: st.DataObject
) -> None:
    rule_set = rule_set_of(kind, data)
    result = assess(rule_set, Answers(data.draw(partial_answers(rule_set))))
    after, resumed = (
        Interview.after(rule_set, result),
        Interview.resumed(rule_set, Answers(result.answers)),
    )
    while step := resumed.step:
        assert (after.step, after.at_most_more) == (step, resumed.at_most_more)
        given = {one.id: data.draw(answers_to(one)) for one in step.questions}
        after, resumed = after.take_answers(given), resumed.take_answers(given)
    assert after.step is None


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
@examples(100, everyday=15)
def test_whatever_was_answered_the_end_is_what_assess_says(kind: str, data: st.DataObject) -> None:
    """From any saved answers on: nothing is asked a third time, and nothing is left open.

    While something is waiting, nobody is told more than the other answers show by themselves.
    """
    rule_set = rule_set_of(kind, data)
    interview = Interview.resumed(rule_set, Answers(data.draw(partial_answers(rule_set))))
    bound = interview.at_most_more + 1 if interview.step else 0
    prompts = 0
    while step := interview.step:
        if interview.waiting:
            others = Answers({n: a for n, a in interview.answers.items() if n in interview.counted})
            assert rank(interview.status.at_least) == rank(assess(rule_set, others).at_least)
            assert step.again
            assert interview.answers[step.questions[0].id] is NOT_SURE
        given = {one.id: data.draw(answers_to(one)) for one in step.questions}
        interview = interview.take_answers(given)
        assume(not interview.doubtful)
        prompts += 1
    result = assess(rule_set, interview.get_answers())

    assert prompts <= bound
    assert result.complete
    assert result.at_least == interview.status.at_least


# What is shown of a check -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("questions",), f"Not sure at first: {CHECKS['weak']}"),
        (("questions", "--format", "json"), f'"check": "{CHECKS["weak"]}"'),
        (("schema", "answers"), '"not sure, twice"'),
    ],
)
def test_whoever_builds_a_form_is_told_of_the_checks(
    words: tuple[str, ...], told: str, folder: Path
) -> None:
    assert told in run(*words, "--rules", folder, COLUMNS="200").stdout


def test_whoever_writes_rules_is_shown_the_checks(folder: Path) -> None:
    explained = run("rules", "explain", "weak", "--rules", folder).stdout
    drawn = run("rules", "graph", folder, "--format", "svg").stdout

    heading, text = "Asked once more of who is not sure", CHECKS["weak"]
    assert f"{heading}\n{'-' * len(heading)}\n{text}\n" in explained
    assert f"If not sure: {text}" in drawn


def test_a_check_that_is_reworded_is_told_and_moves_nobody(folder: Path) -> None:
    done = run("rules", "diff", SMALL, folder, COLUMNS="200")

    assert done.returncode == 0
    assert f"Wording of question weak: check\n  + {CHECKS['weak']}" in done.stdout
    assert "No patient gets another urgency." in done.stdout


@pytest.mark.parametrize("answers", [{"numb": text} for text in AskedTwice])
def test_the_schema_of_answers_knows_both_answers(
    answers: dict[str, AskedTwice], rules: RuleSet
) -> None:
    """Where they can be given, and nowhere else."""
    schema = jsonschema.Draft202012Validator(build_answers_schema(rules))
    given = {name: str(answer) for name, answer in answers.items()}

    assert schema.is_valid(given)
    assert not schema.is_valid({"steroids": given["numb"]})
    told = render_result(assess(rules, given), rules, date(2026, 11, 23))
    jsonschema.Draft202012Validator(build_assessment_schema()).validate(json.loads(told))
