"""The page in a browser: whole interviews go as those of `Interview` do, and nobody is kept out.

`tests/fetch.sh` fetches what drives a browser; what is not there is skipped, and said so.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from backtriage import assess, load
from backtriage.answers import describe_answer, parse_answer
from backtriage.errors import AnswersError
from backtriage.interview import Interview
from backtriage.json_io.result import render_result
from backtriage.model import NOT_SURE, Answer, Choice, Number, Question, RuleSet, YesNo
from backtriage.report.advice import describe_headline
from backtriage.report.words import capitalize_first, is_plain_no
from backtriage.steps import Step
from backtriage.terminal.talk import describe_left
from backtriage.web.data import build_data
from backtriage.web.page import render_page
from javascript import TODAY, draw_rule_set, in_browser, run_browser
from strategies import harmless_answer

Given = str | tuple[str, str]
"""What is pressed for a question, or the number and the unit that are typed."""


def as_answer(question: Question, given: Given) -> Answer:
    """What is pressed or typed, as the terminal would understand it."""
    return parse_answer(question, given if isinstance(given, str) else " ".join(given))


def draw_given(question: Question, typed: list[dict[str, Any]], draw: Random) -> Given:
    if question.not_sure is not None and draw.random() < 0.15:
        return str(NOT_SURE)
    match question:
        case YesNo():
            return draw.choice(["yes", "no"])
        case Choice(options=options):
            return draw.choice(options).id
        case Number():
            while True:
                number = draw.choice([str(draw.randrange(130)), f"{draw.uniform(0, 99):.1f}"])
                given = (number, draw.choice(typed)["unit"])
                try:
                    as_answer(question, given)
                except AnswersError:
                    continue
                return given


def harmless_given(question: Question) -> Given:
    answer = harmless_answer(question)
    return (str(answer), question.unit) if isinstance(question, Number) else str(answer)


@dataclass(frozen=True)
class Person:
    """Who answers so, and goes back or changes an answer as the draws say."""

    id: str
    answers: list[dict[str, Given]]
    draws: list[float]
    code: str


def draw_person(rule_set: RuleSet, name: str, seed: int) -> Person:
    draw = Random(seed)
    complains = draw.choice([0.01, 0.05, 0.2, 0.6])
    typed = {row["id"]: row.get("typed", []) for row in build_data(rule_set, TODAY)["questions"]}
    answers = [
        {
            name: draw_given(question, typed[name], draw)
            if draw.random() < complains
            else harmless_given(question)
            for name, question in rule_set.questions.items()
        }
        for _ in range(2)
    ]
    draws = [draw.random() for _ in range(97)]
    return Person(name, answers, draws, draw.choice(["", *rule_set.emergency_numbers.countries]))


class Talk:
    """The same interview without a page: what it would show, move by move."""

    def __init__(self, rule_set: RuleSet, person: Person) -> None:
        self.rule_set, self.person = rule_set, person
        self.interview = Interview(rule_set)
        self.country = rule_set.emergency_numbers.countries.get(person.code)
        self.place, self.changes = 0, 0
        self.warned = self.more = False
        self.asked: Counter[str] = Counter()

    def draw(self) -> float:
        self.place += 1
        return self.person.draws[(self.place - 1) % len(self.person.draws)]

    def hold(self) -> Iterator[list[Any]]:
        yield ["start"]
        while True:
            urgent = self.interview.status.at_least.advice == "seek_care_now"
            if urgent and not self.warned:
                headline = describe_headline(self.interview.status.at_least, self.rule_set, TODAY)
                yield ["emergency", headline]
            if urgent or not self.interview.waiting:
                self.warned = urgent
            if self.interview.doubtful:
                yield self.settle()
            elif self.interview.step is not None:
                yield from self.ask(self.interview.step)
            else:
                yield (review := self.review())
                if review[-1] == "change":
                    yield from self.ask(self.interview.step)
                    continue
                yield (result := self.tell())
                if result[-1] == "end":
                    return

    def settle(self) -> list[Any]:
        keep = self.draw() < 0.5
        self.interview = self.interview.settle(self.interview.doubtful[0], keep=keep)
        return ["doubtful", keep]

    def ask(self, step: Step | None) -> Iterator[list[Any]]:
        """Steps that follow each other without anything that could be told between them."""
        while step is not None:
            ids = [question.id for question in step.questions]
            left = capitalize_first(describe_left(self.interview))
            shown = ["question", ids, step.ask, left]
            if self.draw() >= 0.06:
                yield [*shown, "answer"]
                self.interview = self.interview.take_answers(
                    {question.id: self.answer(question) for question in step.questions}
                )
                return
            yield [*shown, "back"]
            if not self.interview.history or self.interview.cursor == 0:
                yield ["start"]
                return
            self.interview = self.interview.go_back()
            step = self.interview.step

    def answer(self, question: Question) -> Answer:
        given = self.person.answers[self.asked[question.id] % 2][question.id]
        self.asked[question.id] += 1
        return as_answer(question, given)

    def review(self) -> list[Any]:
        questions = self.rule_set.questions
        self.interview = replace(self.interview, cursor=None)
        rows = sorted(
            self.interview.answers.items(), key=lambda row: is_plain_no(questions[row[0]], row[1])
        )
        told = [
            [name, f"{questions[name].label}: {describe_answer(questions[name], answer)}"]
            for name, answer in rows
        ]
        drawn = self.draw()
        if drawn < 0.4 and self.changes < 2 and rows:
            self.changes += 1
            self.interview = self.interview.reopen(rows[int(drawn * 1e4) % len(rows)][0])
            return ["review", told, "change"]
        return ["review", told, "result"]

    def tell(self) -> list[Any]:
        result = assess(self.rule_set, self.interview.get_answers())
        told = json.loads(render_result(result, self.rule_set, TODAY, self.country))
        no_advice = not result.complete and result.at_least.advice == "home_care"
        title = "No advice yet" if no_advice else self.rule_set.advice[result.at_least.advice].title
        further = replace(self.interview, also_ask=self.rule_set.questions_for_doctor)
        if further.step is not None and not self.more and self.draw() < 0.5:
            self.more, self.interview = True, further
            return ["result", told, title, "more"]
        return ["result", told, title, "end"]


def check_interviews(folder: Path, groups: list[tuple[RuleSet, list[Person]]], **job: Any) -> int:
    """Every move of every person shows the same; gives how many moves there were."""
    pages = []
    for number, (rule_set, people) in enumerate(groups):
        path = folder / f"{number}.html"
        path.write_text(render_page(rule_set, TODAY))
        pages.append({"path": str(path), "people": [vars(person) for person in people]})
    seen = run_browser("web/interviews.mjs", {"pages": pages, **job})
    moves = 0
    for (rule_set, people), told in zip(groups, seen["told"], strict=True):
        for person, theirs in zip(people, told, strict=True):
            ours = list(Talk(rule_set, person).hold())
            moves += len(ours)
            for their_move, our_move in zip(theirs, ours, strict=False):
                assert their_move == our_move, person
            assert len(theirs) == len(ours), person
    assert seen["faults"] == []
    return moves


@in_browser
@pytest.mark.parametrize("part", range(3))
def test_whole_interviews_go_alike(part: int, tmp_path: Path) -> None:
    """100 on the shipped rules, with going back, changes, doubtful answers, more for the doctor."""
    rule_set = load()
    people = [draw_person(rule_set, f"{part}-{seed}", 1000 * part + seed) for seed in range(100)]

    assert check_interviews(tmp_path, [(rule_set, people)]) > 2000


@in_browser
def test_so_they_do_with_random_rule_sets(tmp_path: Path) -> None:
    """200 on twenty rule sets; random rules leave more answers in doubt than written ones."""
    groups = []
    for number in range(20):
        rule_set = draw_rule_set(number)
        people = [draw_person(rule_set, f"{number}-{seed}", seed) for seed in range(10)]
        groups.append((rule_set, people))

    check_interviews(tmp_path, groups)


@in_browser
@pytest.mark.parametrize("dark", [False, True])
def test_no_screen_keeps_anybody_out(dark: bool, tmp_path: Path) -> None:
    """On all screens of ten interviews axe finds nothing, and nothing runs out of the window.

    At 320 and 390 pixels, also with letters twice as large, and in a page from right to left.
    """
    rule_set = load()
    people = [draw_person(rule_set, str(seed), seed) for seed in range(5 * dark, 5 * dark + 5)]

    check_interviews(tmp_path, [(rule_set, people)], axe=True, dark=dark)
