"""Evaluating in batches is the same as deciding on one patient after the other, by weight or not,
and however many there are.
"""

import json
import tracemalloc
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backtriage import AnswersError, load
from backtriage.answers import parse_answer
from backtriage.model import ADVICES, AdviceId, Answers, RuleSet
from backtriage.strict_json import write_json
from backtriage.study.evaluate import Columns, Evaluated, Options, evaluate
from backtriage.study.evaluate.results import Accuracy, Score
from backtriage.study.evaluate.summary import render_json
from backtriage.study.intervals import Share, estimate_weighted_share
from decisions import Decision, decide
from helpers import NOW, SMALL, asks, tiny, yes
from strategies import examples, partial_answers, rule_sets

RULES = load(SMALL)
WELL = {
    "numb": "no",
    "weak": "no",
    "age": 40,
    "fall": "no",
    "duration": "5 days",
    "steroids": "no",
    "osteoporosis": "no",
}


# One patient after the other ----------------------------------------------------------------------


@dataclass(frozen=True)
class Person:
    """A patient as it stands in a file."""

    answers: Mapping[str, object]
    expected: AdviceId
    diagnosis: str | None
    weight: float

    def write(self, *, nested: bool) -> str:
        labels = {"expected": self.expected, "diagnosis": self.diagnosis, "w": self.weight}
        whole = {**labels, "answers": self.answers} if nested else {**self.answers, **labels}
        return write_json(whole)


def as_asked(rule_set: RuleSet, own: RuleSet, person: Person) -> Answers:
    """The answers to the questions that both rule sets have, as far as they can be taken."""
    values = {}
    for name, value in person.answers.items():
        try:
            if name in rule_set.questions and name in own.questions:
                values[name] = parse_answer(rule_set.questions[name], value)
        except AnswersError:
            continue
    return Answers(values)


@dataclass(frozen=True)
class OneByOne:
    """What one way to decide makes of each person, by the engine."""

    rule_set: RuleSet
    people: Sequence[Person]
    decisions: Sequence[Decision]
    advices: Sequence[AdviceId | None]

    def share(self, pairs: Sequence[tuple[Person, bool]]) -> Share:
        return estimate_weighted_share((person.weight, 1, hit) for person, hit in pairs)

    def levels(self) -> list[tuple[Person, int]]:
        return [
            (person, ADVICES.index(person.expected) - ADVICES.index(advice))
            for person, advice in zip(self.people, self.advices, strict=True)
            if advice is not None
        ]

    def agreement(self, level: int) -> Share:
        return self.share([(person, by == level) for person, by in self.levels()])

    def accuracy(self, outcomes: Sequence[tuple[Person, bool, bool | None]]) -> Accuracy:
        """From who has it, and who is told so."""
        told = [one for one in outcomes if one[2] is not None]
        return Accuracy(
            self.share([(person, bool(said)) for person, has, said in told if has]),
            self.share([(person, not said) for person, has, said in told if not has]),
            sum(has and said is None for _, has, said in outcomes),
            sum(not has and said is None for _, has, said in outcomes),
        )

    def of_advice(self, advice: AdviceId) -> Accuracy:
        return self.accuracy(
            [
                (person, person.expected == advice, None if given is None else given == advice)
                for person, given in zip(self.people, self.advices, strict=True)
            ]
        )

    def of_suspicion(self, suspicion: str) -> Accuracy:
        outcomes = []
        for person, decision in zip(self.people, self.decisions, strict=True):
            if person.diagnosis is not None:
                raised, open_ = (
                    suspicion in {self.rule_set.red_flags[name].suspect for name in flags}
                    for flags in (decision.findings, decision.unresolved)
                )
                said = True if raised else None if open_ else False
                outcomes.append((person, person.diagnosis == suspicion, said))
        return self.accuracy(outcomes)


def by_rules(rule_set: RuleSet, own: RuleSet, people: Sequence[Person]) -> OneByOne:
    decisions = list(decide(rule_set, (as_asked(rule_set, own, one) for one in people)))
    return OneByOne(rule_set, people, decisions, [decision.advice for decision in decisions])


def by_any_red_flag(way: OneByOne) -> OneByOne:
    advices: list[AdviceId | None] = [
        "seek_care_now" if one.findings else None if one.unresolved else "home_care"
        for one in way.decisions
    ]
    return OneByOne(way.rule_set, way.people, way.decisions, advices)


def check(share: Share, expected: Share) -> None:
    assert (share.value is None) == (expected.value is None)
    assert (share.value or 0) == pytest.approx(expected.value or 0, abs=1e-9)
    ends = share.low, share.high, share.of
    assert ends == pytest.approx((expected.low, expected.high, expected.of), abs=1e-6)


def check_accuracy(found: Accuracy, expected: Accuracy) -> None:
    check(found.sensitivity, expected.sensitivity)
    check(found.specificity, expected.specificity)
    assert (found.open_with, found.open_without) == (expected.open_with, expected.open_without)


def check_score(score: Score, way: OneByOne) -> None:
    people = zip(way.people, way.advices, strict=True)
    assert score.matrix == Counter((person.expected, advice) for person, advice in people)
    unsettled = [advice is None for advice in way.advices]
    check(score.unsettled, way.share(list(zip(way.people, unsettled, strict=True))))
    names = ("over_by_two", "over_by_one", "exact", "under_by_one", "under_by_two")
    for level, name in enumerate(names, -2):
        check(getattr(score, name), way.agreement(level))
    for advice in ADVICES:
        check_accuracy(score.by_advice[advice], way.of_advice(advice))
    for suspicion, found in score.by_suspicion.items():
        check_accuracy(found, way.of_suspicion(suspicion))


@st.composite
def people_of(draw: st.DrawFn, rule_set: RuleSet, *, weighted: bool) -> list[Person]:
    weights = st.sampled_from([0.25, 1.0, 3.0, 40.0]) if weighted else st.just(1.0)
    diagnoses = st.sampled_from([*rule_set.suspicions, "strain", None])
    people = [
        Person(
            json.loads(write_json(draw(partial_answers(rule_set)))),
            draw(st.sampled_from(ADVICES)),
            draw(diagnoses),
            draw(weights),
        )
        for _ in range(draw(st.integers(1, 12)))
    ]
    assume(any(person.answers for person in people))  # else nothing is read, which is told
    return people


@given(st.data(), st.booleans(), st.booleans())
@examples(100)
def test_batches_say_what_the_engine_says_of_one_after_the_other(
    data: st.DataObject, weighted: bool, nested: bool
) -> None:
    """Counts, shares, accuracies, moves and the missed, of each way to decide."""
    rule_set = data.draw(rule_sets() | st.just(RULES))
    other = data.draw(rule_sets())
    people = data.draw(people_of(rule_set, weighted=weighted))
    rows = data.draw(st.integers(1, 5))
    columns = Columns(weight="w") if weighted else Columns()
    found = evaluate_lines(
        rule_set,
        [one.write(nested=nested) for one in people],
        Options(columns=columns, any_red_flag=True, versus=("other", other), rows=rows),
    )

    own = by_rules(rule_set, rule_set, people)
    ways = (own, by_any_red_flag(own), by_rules(other, rule_set, people))
    assert (found.patients, found.by_weight) == (len(people), len(people) * weighted)
    for score, way in zip(found.scores, ways, strict=True):
        check_score(score, way)
    for moves, way in zip(found.moves, ways[1:], strict=True):
        check_moves(moves, own, way)
    check_missed(found, own)


def evaluate_lines(rule_set: RuleSet, lines: Sequence[str], options: Options) -> Evaluated:
    with TemporaryDirectory() as folder:
        file = Path(folder, "t.jsonl")
        file.write_text("".join(f"{line}\n" for line in lines))
        return evaluate(rule_set, file, options)


def check_moves(moves: Any, own: OneByOne, way: OneByOne) -> None:
    counts: Counter[str] = Counter()
    for person, old, new in zip(own.people, own.advices, way.advices, strict=True):
        if old is None or new is None:
            counts["unsettled"] += 1
            continue
        right, before, after = (ADVICES.index(one) for one in (person.expected, old, new))
        counts["more"] += after > before
        counts["less"] += after < before
        counts["same"] += after == before
        counts["nearer"] += abs(after - right) < abs(before - right)
        counts["farther"] += abs(after - right) > abs(before - right)
    for name in ("more", "less", "same", "unsettled", "nearer", "farther"):
        assert getattr(moves, name) == counts[name]


def check_missed(found: Evaluated, own: OneByOne) -> None:
    levels = [
        None if advice is None else ADVICES.index(person.expected) - ADVICES.index(advice)
        for person, advice in zip(own.people, own.advices, strict=True)
    ]
    rows = [place for place, by in enumerate(levels) if by is not None and by > 0]
    assert [missed.patient.row for missed in found.missed] == [place + 1 for place in rows]
    assert found.missed_patients == len(rows)
    known = set(found.rule_set.suspicions)
    diagnoses = [own.people[place].diagnosis for place in rows]
    assert +Counter(found.missed_by_diagnosis) == Counter(
        name if name in known else None for name in diagnoses
    )
    for place, missed in zip(rows, found.missed, strict=True):
        decision, person = own.decisions[place], own.people[place]
        assert missed.levels == levels[place]
        assert missed.present == decision.findings
        assert missed.patient.diagnosis == person.diagnosis
        assert json.loads(write_json(missed.answers)) == person.answers
        assert missed.absent == tuple(
            flag.id
            for flag in own.rule_set.red_flags.values()
            if flag.suspect == person.diagnosis
            and ADVICES.index(flag.advice) >= ADVICES.index(person.expected)
            and flag.id not in (*decision.findings, *decision.unresolved)
        )
    assert [patient.row for patient in found.unsettled] == [
        place for place, by in enumerate(levels, 1) if by is None
    ]


# However many there are ---------------------------------------------------------------------------


@given(st.data(), st.integers(0, 6))
@examples(100)
def test_few_are_listed_and_all_are_counted(data: st.DataObject, most: int) -> None:
    """The worst first, then the first of the file, whatever the size of a batch."""
    people = data.draw(people_of(RULES, weighted=False))
    lines = [one.write(nested=data.draw(st.booleans())) for one in people]
    lines += ["{}"] * data.draw(st.integers(0, 3))
    everything = evaluate_lines(RULES, lines, Options())
    told: list[int] = []
    few = evaluate_lines(
        RULES,
        lines,
        Options(
            most_listed=most, rows=2, tell=lambda rows, _: told.extend(one.row for one in rows)
        ),
    )

    worst = sorted(everything.missed, key=lambda one: (-one.levels, one.patient.row))[:most]
    assert few.missed == tuple(sorted(worst, key=lambda one: one.patient.row))
    assert few.unsettled == everything.unsettled[:most]
    assert few.malformed == everything.malformed[:most]
    assert told == [malformed.row for malformed in everything.malformed]
    lists = {"missed", "unsettled", "malformed"}
    one, other = (json.loads(render_json(found)) for found in (few, everything))
    assert {name: one[name] for name in one if name not in lists} == {
        name: other[name] for name in other if name not in lists
    }


def test_of_very_many_diagnoses_the_first_are_counted_by_name() -> None:
    """And all the others together, so that a column of free text does not fill the memory."""
    lines = [
        json.dumps({"expected": "home_care", "numb": "no", "diagnosis": f"d{number % 1500}"})
        for number in range(3000)
    ]
    found = evaluate_lines(RULES, [*lines, lines[0].replace("d0", "nerve")], Options(rows=700))

    assert (len(found.diagnoses), found.more_diagnoses) == (1001, 1000)
    assert (found.diagnoses["d0"], found.diagnoses["nerve"]) == (2, 1)


def test_free_text_in_the_place_of_diagnoses_takes_little_memory(tmp_path: Path) -> None:
    """What is counted together is not kept by name."""
    file = tmp_path / "t.csv"
    with file.open("w") as lines:
        lines.write("expected,numb,diagnosis\n")
        lines.writelines(f"home_care,no,{number}{'x' * 4000}\n" for number in range(6_000))
    tracemalloc.start()
    found = evaluate(RULES, file, Options(rows=500))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (len(found.diagnoses), found.more_diagnoses) == (1000, 5000)
    assert peak < 16_000_000


def test_who_is_refused_leaves_the_answers_of_others_with_them() -> None:
    """An object of answers that is none of answers is told, and nobody has the answers of
    somebody else.
    """
    numb, well = {"numb": "yes"}, WELL
    lines = [
        {"expected": "seek_care_now", "answers": {"resourceType": "x", **numb}},
        {"expected": "home_care", "answers": well},
        {"expected": "seek_care_now", "answers": {"resourceType": "y"}},
        {"expected": "seek_care_now", "answers": numb},
        {"expected": "home_care", "answers": {"age": 200}},
    ]
    found = evaluate_lines(RULES, [json.dumps(line) for line in lines], Options())

    assert [(one.row, one.issues[0].code) for one in found.malformed] == [
        (1, "is-fhir"),
        (3, "is-fhir"),
        (5, "out-of-range"),
    ]
    assert (found.patients, found.missed_patients, found.unsettled_patients) == (2, 0, 0)


def test_the_worst_are_listed_and_then_the_first_of_the_file() -> None:
    """Also where lines with answers of their own stand between others, in one batch or in many."""
    soon, now = ({"answers": WELL, "expected": one} for one in ("see_doctor_soon", "seek_care_now"))
    flat = {**WELL, "expected": "see_doctor_soon"}
    lines = [json.dumps(one) for one in (flat, soon, flat, now, soon, now)]

    listed = {
        (most, rows): [
            missed.patient.row
            for missed in evaluate_lines(RULES, lines, Options(most_listed=most, rows=rows)).missed
        ]
        for most in (1, 2, 4, 5)
        for rows in (1, 100)
    }
    assert listed == {
        (most, rows): expected
        for most, expected in ((1, [4]), (2, [4, 6]), (4, [1, 2, 4, 6]), (5, [1, 2, 3, 4, 6]))
        for rows in (1, 100)
    }


def test_of_malformed_rows_the_first_are_listed() -> None:
    """And all are told, and counted."""
    told: list[int] = []
    options = Options(
        most_listed=3, rows=2, tell=lambda rows, _: told.extend(one.row for one in rows)
    )
    found = evaluate_lines(RULES, ["{}"] * 7, options)

    assert [malformed.row for malformed in found.malformed] == [1, 2, 3]
    assert (found.malformed_rows, told) == (7, [1, 2, 3, 4, 5, 6, 7])


def test_a_label_is_no_answer_to_another_rule_set() -> None:
    """Which may well have a question by that name."""
    other = tiny([asks("id")], {"f": (NOW, yes("id"))})
    line = json.dumps({**WELL, "expected": "home_care", "id": "yes"})
    (moves,) = evaluate_lines(RULES, [line], Options(versus=("other", other))).moves

    assert (moves.unsettled, moves.more) == (1, 0)


# Weights ------------------------------------------------------------------------------------------

NUMB = {"numb": "yes", "expected": "seek_care_now"}
FINE = {"numb": "no", "expected": "seek_care_now"}


def weigh(
    *patients: tuple[Mapping[str, object], Mapping[str, object]], **columns: str
) -> Evaluated:
    lines = [json.dumps({**answers, **labels}) for answers, labels in patients]
    return evaluate_lines(RULES, lines, Options(columns=Columns(**columns)))


def test_simulated_patients_count_by_their_weight() -> None:
    """One who stands for nine beside one who stands for one: nine of ten are settled."""
    found = weigh(
        (NUMB, {"simulated": True, "weight": 9}), (FINE, {"simulated": True, "weight": 1})
    )

    assert found.by_weight == 2
    assert found.scores[0].unsettled == estimate_weighted_share([(9.0, 1, False), (1.0, 1, True)])
    assert found.scores[0].matrix["seek_care_now", "seek_care_now"] == 1
    assert found.scores[0].weights["seek_care_now", "seek_care_now"] == 9


def test_what_a_body_weighs_is_no_weight() -> None:
    """Of real people the column counts only if it is named; that it was not is told."""
    patients = (NUMB, {"weight": 90}), (FINE, {"weight": 10})
    plain, named = weigh(*patients), weigh(*patients, weight="weight")

    assert (plain.by_weight, plain.has_unused_weights) == (0, True)
    assert plain.scores[0].unsettled == estimate_weighted_share([(1.0, 1, False), (1.0, 1, True)])
    assert (named.by_weight, named.has_unused_weights) == (2, False)
    assert named.scores[0].unsettled == estimate_weighted_share([(90.0, 1, False), (10.0, 1, True)])


@pytest.mark.parametrize(
    ("weight", "shown"),
    [
        (-1, "-1"),
        (1e13, "10000000000000.0"),
        ("much", '"much"'),
        (None, "nothing"),
        (True, "true"),
        ([1], "a list"),
        ("-1", '"-1"'),
        ("nan", '"nan"'),
    ],
)
def test_a_weight_that_is_none_is_told_with_its_row(weight: object, shown: str) -> None:
    """And with what stands there; such a row is not counted, whatever else it says."""
    found = weigh((NUMB, {"w": 1}), (NUMB, {"w": weight}), weight="w")

    assert found.patients == 1
    ((bad),) = found.malformed
    assert (bad.row, bad.issues[0].code, bad.issues[0].path) == (2, "wrong-value", "w")
    assert bad.issues[0].message.startswith(f"{shown} is no weight")


def test_weights_of_nothing_are_no_division_by_zero() -> None:
    """Nothing is known of nobody."""
    found = weigh((NUMB, {"w": 0}), weight="w")

    assert found.scores[0].exact == Share(None, 0.0, 1.0, 0)
