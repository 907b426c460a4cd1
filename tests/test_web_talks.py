"""The interview in JavaScript stands where `Interview` does after every move.

Going back, opening answers again, checks, answers that go stale or into doubt: all of it, without a
page, so that many can be held. It runs in Node; where that is not there, this is skipped.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from backtriage import load
from backtriage.interview import Interview
from backtriage.model import NOT_SURE, Answer, RuleSet, YesNo
from backtriage.strict_json import write_json
from backtriage.web.data import build_data
from helpers import SMALL
from javascript import TODAY, draw_answer, draw_rule_set, in_node, run_node
from strategies import IN_CI, harmless_answer

MOST_MOVES = 150
PEOPLE = 100 if IN_CI else 20
RULE_SETS = 50 if IN_CI else 8


@dataclass(frozen=True)
class Person:
    """Who gives these answers, and moves as the draws say."""

    answers: list[Mapping[str, Answer]]
    draws: list[float]
    complete: bool


def draw_person(rule_set: RuleSet, draw: Random) -> Person:
    complains, unsure = draw.choice([0.02, 0.2, 1]), draw.choice([0, 0.1, 0.5])
    answers = [
        {
            name: NOT_SURE
            if isinstance(question, YesNo) and draw.random() < unsure
            else draw_answer(question, draw, twice=False)
            if draw.random() < complains
            else harmless_answer(question)
            for name, question in rule_set.questions.items()
        }
        for _ in range(2)
    ]
    draws = [draw.random() for _ in range(draw.choice([10, 60, MOST_MOVES]))]
    return Person(answers, draws, complete=draw.random() < 0.3)


def describe(interview: Interview) -> dict[str, Any]:
    step = interview.step
    return {
        "step": step and [question.id for question in step.questions],
        "ask": step and step.ask,
        "again": step is not None and step.again,
        "answers": list(interview.answers.items()),
        "history": interview.history,
        "cursor": interview.cursor,
        "dropped": interview.dropped,
        "doubtful": interview.doubtful,
        "waiting": interview.waiting,
        "present": [flag.id for flag in interview.status.present],
        "open": [flag.id for flag in interview.status.open],
        "at_most_more": interview.at_most_more,
        "usual_more": interview.usual_more,
    }


def hold(rule_set: RuleSet, person: Person) -> list[dict[str, Any]]:
    """What `tests/web/talks.mjs` does, move by move."""
    interview = Interview(rule_set, person.complete)
    asked: Counter[str] = Counter()
    states: list[dict[str, Any]] = []
    for draw in person.draws:
        states.append(describe(interview))
        given = list(interview.answers)
        if interview.doubtful:
            interview = interview.settle(interview.doubtful[0], keep=draw < 0.5)
        elif draw < 0.1:
            interview = interview.go_back()
        elif draw < (0.8 if interview.step is None else 0.2) and given:
            interview = interview.reopen(given[int(draw * 1e6) % len(given)])
        elif interview.step is not None:
            names = [question.id for question in interview.step.questions]
            answers = {name: person.answers[asked[name] % 2][name] for name in names}
            asked.update(names)
            interview = interview.take_answers(answers)
        else:
            break
    return states


def check_talks(groups: list[tuple[RuleSet, list[Person]]]) -> Counter[str]:
    """Every state of every interview is the same; gives in how many something happened."""
    jobs = [
        {"data": build_data(rule_set, TODAY), "people": list(map(vars, people))}
        for rule_set, people in groups
    ]
    told = iter(run_node("web/talks.mjs", "\n".join(map(write_json, jobs))).splitlines())
    met: Counter[str] = Counter()
    for rule_set, people in groups:
        for person in people:
            theirs, ours = json.loads(next(told)), hold(rule_set, person)
            for state, our_state in zip(theirs, ours, strict=True):
                assert state == json.loads(write_json(our_state)), person
                met.update(name for name, value in state.items() if value not in (None, False, []))
    return met


@in_node
@pytest.mark.parametrize("rules", [None, SMALL])
def test_every_move_leads_to_the_same(rules: Any) -> None:
    rule_set, draw = load(rules), Random(18)
    people = [draw_person(rule_set, draw) for _ in range(PEOPLE)]

    met = check_talks([(rule_set, people)])

    assert met["cursor"] > 0


@in_node
def test_so_it_does_on_random_rule_sets() -> None:
    """Chains of follow-ups, checks and answers in doubt are met there more often."""
    groups = []
    for seed in range(RULE_SETS):
        rule_set, draw = draw_rule_set(seed), Random(seed)
        groups.append((rule_set, [draw_person(rule_set, draw) for _ in range(60)]))

    met = check_talks(groups)

    rare = ("again", "waiting", "cursor", "dropped", "doubtful")
    assert min(met[name] for name in rare) > (50 if IN_CI else 0), met
