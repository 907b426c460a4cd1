"""Simulated patients: who they are, what they answer,
what comes of it, and mistakes in population.yaml.
"""

import json
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import accumulate
from math import sqrt
from pathlib import Path
from statistics import NormalDist
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backtriage import RuleSetError, load
from backtriage.answers import parse_answers
from backtriage.conditions import Facts, count_as, evaluate
from backtriage.engine import assess
from backtriage.files import write_private_lines
from backtriage.model import NOT_SURE, Answer, Answers, Value
from backtriage.study.simulate import (
    Population,
    Sample,
    Simulated,
    SimulatedPerson,
    draw_people,
    read_population,
    simulate,
    unknown,
)
from backtriage.study.simulate.asking import Asking, People, Said
from backtriage.study.simulate.chances import SEVERITY, WHOLE, Crowd, Span, draw_chances, find_edges
from backtriage.study.simulate.count import Decided, Tally, Told
from backtriage.study.simulate.data import build_data, render_json, render_patient
from backtriage.study.simulate.draw import draw
from backtriage.study.simulate.normal import compute_chance, find_score
from backtriage.study.simulate.people import list_answers
from backtriage.study.simulate.plan import Plan
from backtriage.study.simulate.population import (
    Bands,
    Basis,
    Distribution,
    Figure,
    Options,
    YesOrNo,
    list_figures,
)
from backtriage.study.simulate.rows import find_parts
from backtriage.study.simulate.summary import render_text
from backtriage.study.simulate.survey import MOST_MISSED, add_tallies, count_again
from backtriage.study.simulate.unknown import find_spread, measure_spreads, place_figure
from backtriage.study.simulate.vary import compute_measures
from decisions import decide
from helpers import SHIPPED, SMALL, invoked, replaced, run, run_here, small_with, with_checks
from readme import README
from strategies import examples, partial_answers

POPULATION = """\
note: For tests.
settings:
  clinic: {label: a clinic}
  hospital:
    label: a hospital
    answers: {fall: {yes: 0.9, tag: D, note: N.}}
unsure: {share: [0.05, 0.0, 0.2], clustering: 0.5, tag: A, note: N.}
answers:
  age:
    bands:
      - {at_least: 20, below: 60, share: [0.7, 0.5, 0.8]}
      - {at_least: 60, below: 90, share: 0.3}
    tag: A
    note: N.
  numb: {yes: [0.1, 0.05, 0.3], severity: 0.6, tag: A, note: N.}
  weak:
    yes: [0.3, 0.1, 0.5]
    severity: 0.6
    tag: A
    note: N.
    where:
      - {when: {age: {at_least: 60}}, yes: [0.6, 0.4, 0.8], tag: A, note: N.}
  weak_course: {options: {old: 0.5, new_stable: [0.3, 0.1, 0.5], worse: [0.2, 0.0, 0.4]},
    tag: S, sources: [small_2020]}
  fall: {yes: 0.2, unsure: [0.01, 0.0, 0.1], tag: D, note: N.}
  duration:
    bands:
      - {at_least: 0 days, below: 6 weeks, share: 0.8}
      - {at_least: 6 weeks, below: 1 year, share: [0.2, 0.1, 0.4]}
    tag: M
    note: N.
  steroids: {yes: [0.05, 0.01, 0.1], tag: "M?", note: N.}
  osteoporosis: {yes: 0.1, tag: M, note: N.}
causes:
  plain: {label: plain pain, serious: false, expected: home_care}
  nerve:
    label: a pressed nerve
    suspect: nerve
    serious: true
    must_be_caught: true
    expected: seek_care_now
    share:
      clinic: {share: [0.01, 0.005, 0.05], tag: A, note: N.}
      hospital: {share: [0.1, 0.05, 0.2], tag: A, note: N.}
    signs: {any: [{numb: yes}, {weak: yes}]}
    answers: {numb: {yes: [0.7, 0.5, 0.9], tag: A, note: N.}}
target: {now_at_most: 0.1, by_guidance: [weak_worse], note: Says who.}
calibration:
  setting: clinic
  source: small_2020
  any_flag: 0.8
  median: 1
  quartiles: [1, 2]
  flags:
    old: {label: Old, when: {age: {at_least: 60}}}
    other: {label: Other, figure: {share: 0.5, tag: M, note: N.}, note: Not asked.}
"""
SMALL_RULES = load(SMALL)
RULES = load(SHIPPED)
NOW = "seek_care_now"
SHIPPED_SAMPLE = Sample(2000, 5)
CHANCES = [
    [429599711, 1850610295],
    [1219971616, 1191781604],
    [508697133, 1462096080],
    [808901424, 1704848988],
    [1932083214, 1783013711],
    [833918008, 1711582662],
    [1318862790, 392482031],
    [1402185716, 858548768],
    [698935060, 2146971428],
]
EDGES = "7a93293825c9868026352ec68bd861b0ffa6744f6094d6ffbfad9a1302cc995b"


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Population:
    return read(tmp_path_factory.mktemp("population"), POPULATION)


@pytest.fixture(scope="module")
def clinic(population: Population) -> Asking:
    return Asking(SMALL_RULES, population, "clinic")


@pytest.fixture(scope="module")
def simulated(clinic: Asking) -> Simulated:
    return simulate(clinic, Sample(1000, 7))


@pytest.fixture(scope="module")
def practice() -> Asking:
    return Asking(RULES, read_population(SHIPPED, RULES), "primary_care")


@pytest.fixture(scope="module")
def shipped(practice: Asking) -> Simulated:
    return simulate(practice, SHIPPED_SAMPLE, vary=False)


@pytest.fixture(scope="module")
def people(practice: Asking) -> list[SimulatedPerson]:
    return list(draw_people(practice, SHIPPED_SAMPLE))


def read(folder: Path, text: str) -> Population:
    (folder / "population.yaml").write_text(text)
    return read_population(folder, SMALL_RULES)


def answer_for_sure(asking: Asking, sample: Sample) -> dict[str, list[Mapping[str, Answer]]]:
    """By cause, what people answer if nobody says "not sure"."""
    said: dict[str, list[Mapping[str, Answer]]] = defaultdict(list)
    for people in draw(asking, sample):
        sure = people.ask(asking.no_doubts)
        for cause, span in people.crowd.causes.items():
            said[cause] += [one.values for one in list_answers(people, sure, span.plane)]
    return said


# Chances ------------------------------------------------------------------------------------------


def test_the_bits_are_the_same_on_every_machine() -> None:
    """And with every release of numpy; so are the edges that they are compared with."""
    scores = np.arange(-6 * 128, 6 * 128 + 1) / 128
    edges = [
        find_edges(np.asarray(share), pull, scores)
        for share in (0.9995, 0.75, 0.1)
        for pull in (-0.5, 0.3, 0.95)
    ]

    assert draw_chances("1/plain", 5, 2, 9).tolist() == CHANCES
    assert sha256(np.concatenate(edges).astype("<u4").tobytes()).hexdigest() == EDGES


@pytest.mark.parametrize(("first", "people"), [(0, 1), (3, 2), (99, 1)])
def test_a_person_has_the_same_chances_whoever_else_is_drawn(first: int, people: int) -> None:
    """Another seed or cause gives others."""
    alone = draw_chances("1/plain", first, people, 21)

    assert alone.tolist() == draw_chances("1/plain", 0, 100, 21)[:, first:][:, :people].tolist()
    assert alone.tolist() != draw_chances("2/plain", first, people, 21).tolist()
    assert alone.max() < WHOLE


@given(st.floats(-9, 9), st.floats(-9, 9))
def test_the_normal_distribution_is_that_of_the_books(one: float, other: float) -> None:
    """To 3 in 100 million, and it never falls."""
    low, high = compute_chance(np.array(sorted((one, other))))

    assert low <= high
    assert low == pytest.approx(NormalDist().cdf(min(one, other)), abs=3e-8)


@given(st.floats(0, 1), st.floats(0, 1))
def test_scores_lead_back_to_their_chances(one: float, other: float) -> None:
    """Also at the very ends, where scores have no end."""
    low, high = find_score(np.array(sorted((one, other))))

    assert low <= high
    assert compute_chance(low) == pytest.approx(min(one, other), abs=1e-12)


@given(st.floats(0.0005, 0.9995), st.sampled_from([-0.5, 0.0, 0.3, 0.8, 0.95]))
@examples(30)
def test_a_pull_to_a_trait_leaves_a_share_as_it_is(share: float, pull: float) -> None:
    """Over all people, as evenly spread as the trait is."""
    people = 100_000
    scores = np.rint(find_score((np.arange(people) + 0.5) / people) * 128) / 128
    edges = find_edges(np.asarray(1 - share), pull, scores)

    assert 1 - edges.mean() / WHOLE == pytest.approx(share, rel=2e-3, abs=1e-6)


FIGURES = [
    Figure(str(share), share, share, share, Basis("A", (), None)) for share in (0.2, 1.0, 0.0, 0.5)
]
YES_OR_NO = YesOrNo(FIGURES[0])
OPTIONS = Options(tuple(zip("xyzw", (FIGURES[place] for place in (1, 2, 1, 2)), strict=True)))
BANDS = Bands(((0, 10, FIGURES[3]), (10, 20, FIGURES[3])))


@pytest.mark.parametrize(
    ("chance", "yes", "option", "number"),
    [
        (0.0, "no", "x", 0),
        (0.49, "no", "x", 9),
        (0.51, "no", "z", 10),
        (0.8, "yes", "z", 16),
        (0.999999, "yes", "z", 19),
    ],
)
def test_who_stands_higher_gives_the_more_worrying_answer(
    chance: float, yes: str, option: str, number: int
) -> None:
    """The last answers go to the highest chances; what nobody answers is never drawn."""

    def list_marks(distribution: Distribution, *marks: Value) -> list[Value]:
        shares = tuple(figure.share for figure in list_figures(distribution))
        parts = zip(marks, find_parts(distribution, shares, marks), strict=True)
        return [mark for mark, some in parts if any(a <= chance < b for a, b in some)]

    assert list_marks(YES_OR_NO, "yes", "no") == [yes]
    assert list_marks(OPTIONS, *"xyzw") == [option]
    assert list_marks(BANDS, *range(-1, 25)) == list(range(-1, number + 1))


def test_bands_may_stand_in_any_order() -> None:
    """Who has a number or a higher one then stands in more than one part of the row."""
    bands = Bands(((10, 20, FIGURES[3]), (0, 10, FIGURES[3])))

    assert find_parts(bands, (0.5, 0.5), (5, 15)) == [[(0.0, 0.5), (0.75, 1.0)], [(0.25, 0.5)]]


# Patients -----------------------------------------------------------------------------------------


def test_everybody_answers_what_is_asked_and_nothing_else(people: list[SimulatedPerson]) -> None:
    """A question is left out only where it does not apply;
    every answer is one that people can give.
    """
    for person in people:
        answers = person.answers
        facts = Facts(RULES, answers)
        applying = {name for name in RULES.questions if facts.check_applies(name) is not False}

        assert set(answers.values) == applying
        assert parse_answers(RULES, answers.values) == answers
    assert [person.number for person in people] == list(range(1, len(people) + 1))


def test_not_sure_is_said_now_and_then_but_never_of_the_age(people: list[SimulatedPerson]) -> None:
    """Some doubt at least one thing;
    who doubts once doubts again more often than others do at all.
    """
    doubts = [list(person.answers.values.values()).count(NOT_SURE) for person in people]
    doubting = [number for number in doubts if number]

    assert all(person.answers.values["age"] != NOT_SURE for person in people)
    assert 0.01 < len(doubting) / len(doubts) < 0.5
    assert sum(number > 1 for number in doubting) / len(doubting) > len(doubting) / len(doubts)


AFTER_CHECK = "unsure: {after_check: {share: [0.4, 0.2, 0.5], tag: A, note: N.}, "


def test_after_a_check_fewer_are_not_sure_and_the_others_answer_as_who_was_sure(
    tmp_path: Path,
) -> None:
    """Of those in doubt the figure says how many stay so; who has no check stays so always."""
    text = replaced(POPULATION, "unsure: {", AFTER_CHECK)
    rules = load(small_with(tmp_path, with_checks() | {"population.yaml": text}))
    asking = Asking(rules, read_population(tmp_path / "rules", rules), "clinic")
    counts = dict.fromkeys(rules.questions, 0)
    first, stay = dict(counts), dict(counts)
    for people in draw(asking, Sample(20_000, 3)):
        sure = people.ask(asking.no_doubts)
        before, after = people.ask({"unsure.after_check": 1.0}), people.ask({})
        assert people.ask({"unsure.after_check": 0.0}, after).doubts["numb"] == 0
        for name in counts:
            first[name] += before.doubts[name].bit_count()
            stay[name] += after.doubts[name].bit_count()
            assert after.doubts[name] & before.doubts[name] == after.doubts[name]
        slot = asking.slots["numb"]
        settled = before.doubts["numb"] & ~after.doubts["numb"]
        for place in range(slot.place, slot.place + slot.size):
            assert after.answers[place] & settled == sure.answers[place] & settled
        answers = [one.values for one in list_answers(people, after, people.crowd.all)]
        assert after.answers == hold_people(asking, answers)
        assert parse_answers(rules, answers[0]).values == answers[0]

    for name in ("numb", "weak", "fall"):
        assert stay[name] / first[name] == pytest.approx(0.4, abs=0.1)
    assert stay["duration"] == first["duration"] > 0
    assert "unsure.after_check" in asking.population.list_uncertain("clinic")


def test_where_a_question_has_a_check_its_figure_is_needed(tmp_path: Path) -> None:
    rules = load(small_with(tmp_path, with_checks() | {"population.yaml": POPULATION}))

    with pytest.raises(RuleSetError) as caught:
        read_population(tmp_path / "rules", rules)

    (issue,) = caught.value.issues
    assert (issue.code, issue.message.split('"')[1]) == ("missing-key", "after_check")


@pytest.mark.parametrize("severity", [0, 0.6, -0.4])
def test_single_answers_and_planes_say_the_same(severity: float, tmp_path: Path) -> None:
    """What is written of a person is what was decided on, numbers too that go with a trait."""
    text = replaced(POPULATION, "    tag: M\n", f"    severity: {severity}\n    tag: M\n")
    asking = Asking(SMALL_RULES, read(tmp_path, text), "clinic")
    for people in draw(asking, Sample(2000, 3, 700)):
        said = people.ask({})
        answers = [one.values for one in list_answers(people, said, people.crowd.all)]

        assert said.answers == hold_people(asking, answers)


def hold_people(asking: Asking, people: Sequence[Mapping[str, Answer]]) -> list[int]:
    """The planes of what people answer, one by one."""
    planes = [0] * asking.size
    for number, answers in enumerate(people):
        for name, answer in answers.items():
            value = count_as(asking.rule_set.questions[name], answer)
            held = asking.slots[name].hold(value) if value is not None else ()
            for place, is_set in enumerate(held, asking.slots[name].place):
                planes[place] |= is_set << number
    return planes


def test_people_answer_as_the_copula_says(clinic: Asking) -> None:
    """Each by itself, in plain Python: all but those who stand at the very edge of an answer."""
    differing = total = 0
    for people in draw(clinic, Sample(3000, 5, 1500)):
        ((cause, _),) = people.crowd.causes.items()
        rows = draw_chances(f"5/{cause}", 0, people.crowd.people, clinic.width) / WHOLE
        wanted = [list_truth(clinic, clinic.plans[cause], row) for row in rows.T]
        for got, plane in zip(people.ask({}).truth, hold_people(clinic, wanted), strict=True):
            differing += (got ^ plane).bit_count()
            total += people.crowd.people

    assert differing / total < 0.001


def list_truth(asking: Asking, plan: Plan, chances: Sequence[float]) -> dict[str, Value]:
    """What is true of a person with these chances, by the letter of population.yaml."""
    normal = NormalDist()
    truth: dict[str, Value] = {}
    for asked, model in zip(
        plan.asked, asking.population.list_models(asking.setting, plan.cause), strict=True
    ):
        facts = Facts(asking.rule_set, Answers(truth))
        distributions = (one for when, one in model.where if evaluate(when, facts))
        own = sqrt(1 - model.severity**2) * normal.inv_cdf(chances[asked.chance.place])
        trait = normal.inv_cdf(chances[SEVERITY])
        chance = normal.cdf(model.severity * trait + own)
        truth[model.question] = find_answer(next(distributions, model.otherwise), chance)
    return truth


def find_answer(distribution: Distribution, chance: float) -> Value:
    """The answer of the person who stands at a chance among all."""
    shares = [figure.share for figure in list_figures(distribution)]
    match distribution:
        case YesOrNo():
            return "yes" if chance >= 1 - shares[0] else "no"
        case Options(options):
            return options[bisect_right(list(accumulate(shares)), chance * sum(shares))][0]
        case Bands(bands):
            position = chance * sum(shares)
            place = bisect_right(list(accumulate(shares)), position)
            low, high, _ = bands[place]
            within = (position - sum(shares[:place])) / shares[place]
            return int(low + within * (high - low))


def test_answers_are_as_frequent_as_the_figures_say(clinic: Asking) -> None:
    """However strongly an answer goes with a trait, its share stays;
    an overriding figure replaces the plain one.
    """
    people = answer_for_sure(clinic, Sample(60_000, 1))
    plain, nerve = people["plain"], people["nerve"]

    def part(some: Iterable[Mapping[str, Answer]], name: str, value: object) -> float:
        given = [one[name] == value for one in some if name in one]
        return sum(given) / len(given)

    young = [one for one in plain if one["age"] < 60]  # type: ignore[operator]
    old = [one for one in plain if one["age"] >= 60]  # type: ignore[operator]
    assert part(plain, "numb", "yes") == pytest.approx(0.1, abs=0.006)
    assert part(nerve, "numb", "yes") == pytest.approx(0.7, abs=0.01)
    assert part(young, "weak", "yes") == pytest.approx(0.3, abs=0.012)
    assert part(old, "weak", "yes") == pytest.approx(0.6, abs=0.02)
    assert part(plain, "weak_course", "worse") == pytest.approx(0.2, abs=0.015)
    assert len(young) / len(plain) == pytest.approx(0.7, abs=0.01)
    assert {one["age"] for one in plain} == set(range(20, 90))


def test_answers_that_go_with_the_same_trait_go_together(clinic: Asking) -> None:
    """Flags come in clusters: who has one has another more often."""
    plain = answer_for_sure(clinic, Sample(10_000, 1))["plain"]
    young = [one for one in plain if one["age"] < 60]  # type: ignore[operator]
    numb = [one for one in young if one["numb"] == "yes"]
    others = [one for one in young if one["numb"] == "no"]

    assert sum(one["weak"] == "yes" for one in numb) / len(numb) > 0.45
    assert sum(one["weak"] == "yes" for one in others) / len(others) < 0.30


def test_a_setting_has_its_own_figures(population: Population) -> None:
    """More of those in the hospital fell."""
    fell = {}
    for setting in ("clinic", "hospital"):
        people = answer_for_sure(Asking(SMALL_RULES, population, setting), Sample(1000, 3))
        fell[setting] = sum(one["fall"] == "yes" for some in people.values() for one in some)

    assert fell["clinic"] < 250 < 850 < fell["hospital"]


def test_rare_causes_are_drawn_often_and_count_as_rarely_as_they_are(clinic: Asking) -> None:
    """Half of the patients have the nerve, and yet one in a hundred of all comers."""
    people = list(draw_people(clinic, Sample(1000, 7)))
    nerve = [person.weight for person in people if person.cause.id == "nerve"]

    assert len(nerve) == 500
    assert sum(nerve) / sum(person.weight for person in people) == pytest.approx(0.01)


@given(batch=st.integers(5, 700))
@examples(10)
def test_no_result_depends_on_how_many_are_in_hand(batch: int, clinic: Asking) -> None:
    """Not in the last digit, nor which of the missed are told."""
    with patch.object(unknown, "DRAWS", 10):
        whole, parts = (
            render_json(simulate(clinic, Sample(600, 7, size))) for size in (600, batch)
        )

    assert parts == whole
    assert list(draw_people(clinic, Sample(600, 7, batch))) == list(
        draw_people(clinic, Sample(600, 7))
    )


def test_whoever_stands_at_a_place_is_the_same_for_every_number(clinic: Asking) -> None:
    """The first of each cause among many are all of it among few."""
    few, many = (answer_for_sure(clinic, Sample(patients, 7)) for patients in (400, 1000))

    assert {name: people[: len(few[name])] for name, people in many.items()} == few


# What comes out -----------------------------------------------------------------------------------


def test_the_decisions_are_those_of_the_engine(
    shipped: Simulated, people: list[SimulatedPerson]
) -> None:
    """Counting by planes says what assessing one by one does."""
    told: Counter[tuple[object, object]] = Counter()
    now: Counter[str] = Counter()
    for person in people:
        (decision,) = decide(RULES, [person.answers])
        told[decision.advice, decision.within_days] += person.weight  # type: ignore[assignment]
        now[person.cause.id] += decision.advice == "seek_care_now"
        assert decision.complete

    total = sum(person.weight for person in people)
    assert {(sent.advice, sent.within_days): sent.share.value for sent in shipped.sent} == {
        one: pytest.approx(weight / total) for one, weight in told.items()
    }
    for caught in shipped.caught:
        assert (caught.now.value or 0) * caught.people == pytest.approx(now[caught.cause.id])
    for person in people[::40]:
        (decision,) = decide(RULES, [person.answers])
        assessment = assess(RULES, person.answers)
        assert (decision.advice, decision.within_days) == (
            assessment.advice,
            assessment.within_days,
        )
        assert decision.findings == tuple(finding.id for finding in assessment.findings)


@given(data=st.data())
@examples(25)
def test_what_is_open_is_told_as_such(data: st.DataObject, practice: Asking) -> None:
    """Of people who leave out answers, too, planes tell what the engine tells of each."""
    people = data.draw(st.lists(partial_answers(RULES), min_size=1, max_size=5))
    rows = draw_chances("", 0, len(people), practice.width)
    crowd = Crowd(rows, {"nonspecific": Span(0, len(people))})
    said = Said([], {}, hold_people(practice, people), {})
    told = Decided(People(practice, crowd), said).list_told()

    decisions = decide(RULES, map(Answers, people))
    assert {one: plane.bit_count() for one, plane in merge(told).items()} == Counter(
        (decision.advice, decision.within_days) for decision in decisions
    )


def merge(told: Iterable[tuple[Told, int]]) -> dict[Told, int]:
    """Who is told each thing, once each."""
    merged: dict[Told, int] = defaultdict(int)
    for one, plane in told:
        assert not merged[one] & plane
        merged[one] |= plane
    return merged


def test_what_is_not_settled_is_decided_as_such() -> None:
    """Nobody is sent home for want of answers."""
    (decision,) = decide(RULES, [Answers({})])

    assert (decision.advice, decision.complete, decision.findings) == (None, False, ())
    assert len(decision.unresolved) == len(RULES.red_flags)


def test_the_shares_add_up(shipped: Simulated) -> None:
    """Everybody is sent somewhere, and what alone decides is part of what is present."""
    assert sum(sent.share.value or 0 for sent in shipped.sent) == pytest.approx(1)
    assert shipped.now.value == pytest.approx(shipped.measures.now)
    assert all((cost.alone.value or 0) <= (cost.present.value or 0) for cost in shipped.costs)
    assert sum(cost.alone.value or 0 for cost in shipped.costs) <= (shipped.well_now.value or 0)
    assert 0 < (shipped.well_now_by_doubt.value or 0) < (shipped.well_now.value or 0)


def test_costs_are_those_of_each_person(shipped: Simulated, people: list[SimulatedPerson]) -> None:
    """A red flag that says now is present in somebody well, and alone if there is no other."""
    well = [person for person in people if not person.cause.serious]
    total = sum(person.weight for person in well)
    present: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for person, decision in zip(
        well, decide(RULES, [person.answers for person in well]), strict=True
    ):
        urgent = [one for one in decision.findings if RULES.red_flags[one].advice == NOW]
        present.update(dict.fromkeys(urgent, person.weight))  # type: ignore[arg-type]
        alone.update(dict.fromkeys(urgent if len(urgent) == 1 else (), person.weight))  # type: ignore[arg-type]

    assert {cost.red_flag: cost.present.value for cost in shipped.costs} == {
        name: pytest.approx(weight / total) for name, weight in present.items()
    }
    assert {cost.red_flag: cost.alone.value for cost in shipped.costs} == {
        name: pytest.approx(alone[name] / total) for name in present
    }


def test_what_guidance_sends_by_itself_is_a_floor(
    shipped: Simulated, people: list[SimulatedPerson]
) -> None:
    """It is counted by whether one of the red flags is present,
    and all who have one are sent now.
    """
    assert shipped.population.target is not None
    assert shipped.by_guidance is not None
    decisions = decide(RULES, [person.answers for person in people])
    named = set(shipped.population.target.by_guidance)
    having = [
        (person, decision)
        for person, decision in zip(people, decisions, strict=True)
        if named & set(decision.findings)
    ]
    total = sum(person.weight for person in people)

    assert all(decision.advice == NOW for _, decision in having)
    assert shipped.by_guidance.value == pytest.approx(
        sum(person.weight for person, _ in having) / total
    )
    assert 0 < (shipped.by_guidance.value or 0) < (shipped.now.value or 0)


def test_those_not_sent_now_are_told_with_what_decided(shipped: Simulated) -> None:
    """The red flag that is named gives the advice that is named;
    within a day are all who are sent now, and more.
    """
    missed = [missed for caught in shipped.caught for missed in caught.missed]
    for one in missed:
        flag = RULES.red_flags[one.red_flag] if one.red_flag else None
        assert (one.advice, one.within_days) == (
            (flag.advice, flag.within_days) if flag else ("home_care", None)
        )

    assert missed
    for caught in shipped.caught:
        assert len(caught.missed) <= MOST_MISSED
        assert (caught.now_with_sign.value or 0) <= (caught.day_with_sign.value or 0)


def test_the_study_comes_out(shipped: Simulated) -> None:
    """About 80% have one of the flags, with a median of 2, as in Henschke 2009."""
    assert shipped.calibrated.any_flag.value == pytest.approx(0.804, abs=0.03)
    assert shipped.calibrated.median == 2
    assert shipped.calibrated.quartiles == (1, 3)


def test_a_study_may_have_no_flags(tmp_path: Path) -> None:
    """Then nobody has one, and all else comes out."""
    text = POPULATION.partition("  flags:\n")[0] + "  flags: {}\n"
    asking = Asking(SMALL_RULES, read(tmp_path, text), "clinic")
    calibrated = simulate(asking, Sample(400, 1), vary=False).calibrated

    assert (calibrated.any_flag.value, calibrated.median, calibrated.flags) == (0, 0, ())


# Other figures ------------------------------------------------------------------------------------


@given(data=st.data())
@examples(40)
def test_what_is_kept_from_before_changes_nothing(data: st.DataObject, practice: Asking) -> None:
    """Asking again only what other figures can change gives the same as asking all anew."""
    figures = practice.population.list_uncertain("primary_care")
    names = data.draw(st.sets(st.sampled_from(sorted(figures)), max_size=4))
    values = {
        name: data.draw(st.sampled_from([figures[name].low, figures[name].high])) for name in names
    }
    seed, batch = data.draw(st.integers(0, 5)), data.draw(st.sampled_from([50, 400]))
    for people in draw(practice, Sample(400, seed, batch)):
        said = people.ask({})

        assert people.ask(values, said) == people.ask(values)
        plans = [practice.plans[cause] for cause in people.crowd.causes]
        if all(plan.bearing.isdisjoint(values) for plan in plans):
            assert people.ask(values) == said


def test_each_figure_is_varied_by_itself(clinic: Asking, simulated: Simulated) -> None:
    """What is told of an end is what comes out if everybody is asked with it."""
    assert simulated.varied is not None
    for swing in simulated.varied.swings:
        for value, told in ((swing.figure.low, swing.low), (swing.figure.high, swing.high)):
            values = {swing.figure.id: value}
            tallies: dict[str, Tally] = defaultdict(Tally)
            for people in draw(clinic, Sample(1000, 7)):
                add_tallies(tallies, count_again(people, values))

            assert compute_measures(clinic.population, "clinic", tallies, values) == told


def test_all_figures_together_span_each_by_itself(simulated: Simulated) -> None:
    """The range of all figures at their ends holds that of one, and that of figures drawn."""
    assert simulated.varied is not None
    varied = simulated.varied
    alone = [end.now for swing in varied.swings for end in (swing.low, swing.high)]
    ends = varied.fewest_now.now, varied.most_now.now

    assert ends[0] <= min(alone) < simulated.measures.now < max(alone) <= ends[1]
    assert ends[0] < varied.spreads.now.low < varied.spreads.now.median
    assert varied.spreads.now.median < varied.spreads.now.high < ends[1]
    assert varied.least_caught.caught["nerve"] < varied.most_caught.caught["nerve"]


@given(st.floats(0, 1), st.floats(0, 1), st.lists(st.floats(0, 1), min_size=3, max_size=3))
@example(1.0, 0.5, [1.0, 5e-324, 5e-324])
def test_a_figure_is_drawn_within_its_range(one: float, other: float, shares: list[float]) -> None:
    """Higher for a higher chance, and the figure of the file stands in the middle."""
    low, share, high = sorted(shares)
    figure = Figure("f", share, low, high, Basis("A", (), None))
    drawn = [place_figure(figure, chance) for chance in sorted((one, other))]

    assert low <= drawn[0] <= drawn[1] + 1e-15 <= high + 2e-15
    assert place_figure(figure, 0.5) == pytest.approx(share)


def test_more_patients_sharpen_an_interval_and_do_not_narrow_it(clinic: Asking) -> None:
    """Its width is what is unknown of the figures; how far its ends may be off gets less."""
    figures = list(clinic.population.list_uncertain("clinic").values())
    few, many = (
        measure_spreads(clinic, Sample(patients, 7), figures, lambda _: None)
        for patients in (2_000, 40_000)
    )

    for one, other in [(few.now, many.now), (few.caught["nerve"], many.caught["nerve"])]:
        assert one.high - one.low == pytest.approx(other.high - other.low, rel=0.25)
        assert other.error < one.error


def test_figures_that_are_known_leave_nothing_unknown(clinic: Asking) -> None:
    """Then an interval has no width, however few the patients are; its error is theirs."""
    spread = measure_spreads(clinic, Sample(400, 7), [], lambda _: None).now

    assert spread.low == spread.median == spread.high
    assert spread.error > 0.01


def test_a_spread_leaves_out_the_ends() -> None:
    """A fortieth of what came out on each side, and its ends may be off by some places."""
    spread = find_spread([(number / 400, 0.0) for number in range(401)])

    assert (spread.low, spread.median, spread.high) == (0.025, 0.5, 0.975)
    assert spread.error == pytest.approx(3 / 400)


# Output -------------------------------------------------------------------------------------------


def test_every_output_says_that_it_is_simulated(clinic: Asking, simulated: Simulated) -> None:
    """Nobody can take the figures, or a line of the patients, for real ones."""
    person = next(draw_people(clinic, Sample(1000, 7)))
    line = json.loads(render_patient(person, "clinic", 7))

    assert render_text(simulated, 80).startswith("Simulated patients, not real ones\n")
    assert build_data(simulated)["simulated"] is True
    assert json.loads(render_json(simulated))["target"]["by_guidance"] == ["weak_worse"]
    assert simulated.varied is not None
    drawn = build_data(simulated)["varied"]["all_drawn"]
    assert (drawn["draws"], drawn["patients"]) == (unknown.DRAWS, 1000)
    assert drawn["now"]["high"] == simulated.varied.spreads.now.high
    assert line["simulated"] is True
    assert line["answers"] == dict(person.answers.values)


def test_the_text_keeps_to_the_width_and_says_what_is_not_mapped(simulated: Simulated) -> None:
    """Flags of the study that no question asks about are named as such."""
    text = render_text(simulated, 60)

    assert max(map(len, text.splitlines())) <= 60
    words = " ".join(text.split())
    assert re.search(r"- Other: \S+ \([^)]*\)\. Not mapped to a question\. Not asked\.", words)
    assert "a pressed nerve and report a sign: missed, with" in words
    assert re.search(r"for at most 10\.0% of all comers: \w+, with", words)
    assert re.search(
        r"If the figures hold, no rules that follow it send fewer: weak_worse\. Says who\.", words
    )


def test_a_sign_that_nobody_reports_is_told_as_such(tmp_path: Path) -> None:
    """Nothing can be said then of those who report it."""
    text = POPULATION.replace(
        "{any: [{numb: yes}, {weak: yes}]}", "{all: [{numb: yes}, {numb: no}]}"
    )
    asking = Asking(SMALL_RULES, read(tmp_path, text), "clinic")
    words = " ".join(render_text(simulate(asking, Sample(400, 7)), 80).split())

    assert "a pressed nerve and report a sign: nobody drawn does." in words
    assert "of those with signs nobody." in words


def test_a_seed_gives_the_same_patients_whatever_the_hashes(tmp_path: Path) -> None:
    """The order of sets and dicts has no part in it; another seed does."""

    def drawn(name: str, seed: str, hash_seed: str) -> tuple[str, str]:
        file = tmp_path / name
        words = (
            "--patients",
            "400",
            "--seed",
            seed,
            "--no-vary",
            "--format",
            "json",
            "--output",
            file,
        )
        done = run("simulate", *words, PYTHONHASHSEED=hash_seed)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout, file.read_text()

    first = drawn("a.jsonl", "1", "1")

    assert drawn("b.jsonl", "1", "2") == first
    assert drawn("c.jsonl", "2", "1") != first


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--setting", "primary_car"], 2, 'did you mean "primary_care"?'),
        (["--patients", "3"], 2, "400"),
        (["--output", "/no/such/folder/x.jsonl"], 5, "there is no such folder"),
        (["--rules", str(SMALL)], 4, "population.yaml: missing-file"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_drawn(
    arguments: list[str], code: int, words: str
) -> None:
    """Wrong usage, files and rule sets have their exit codes."""
    given = ["simulate", "--patients", "400", "--seed", "1", "--no-vary", *arguments]
    done = run(*given)

    assert done.returncode == code
    assert words in " ".join(done.stderr.split())
    assert done.stdout == ""


def test_without_numpy_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is read."""
    monkeypatch.setattr("backtriage.extras.find_spec", lambda _: None)
    done = run_here("simulate", "--patients", "400", "--seed", "1", "--rules", "/no/such/folder")

    assert (done.returncode, done.stdout) == (8, "")
    assert "this needs numpy, which the extra cohort brings" in done.stderr
    assert "pip install 'backtriage[cohort]'" in " ".join(done.stderr.split())


def test_who_breaks_off_leaves_what_was_there(tmp_path: Path) -> None:
    """Patients are written while they are drawn, and stand there all of them or none."""

    def draw_some() -> Iterator[str]:
        yield "one\n"
        raise KeyboardInterrupt

    file = tmp_path / "patients.jsonl"
    file.write_text("before\n")
    with pytest.raises(KeyboardInterrupt):
        write_private_lines(file, draw_some())

    assert [one.name for one in tmp_path.iterdir()] == [file.name]
    assert file.read_text() == "before\n"


def test_the_name_that_the_file_had_is_told_and_is_no_area(tmp_path: Path) -> None:
    """Older rule sets still have it, and can be read otherwise."""
    folder = small_with(tmp_path, {"cohort.yaml": POPULATION})

    assert load(folder).hash == load(SMALL).hash
    with pytest.raises(RuleSetError, match=r"cohort\.yaml is called so now; rename it"):
        read_population(folder, load(folder))


def test_the_command_writes_text(tmp_path: Path) -> None:
    """With a rule set of one's own, and a population beside it."""
    folder = small_with(tmp_path, {"population.yaml": POPULATION})
    code, stdout, _ = invoked(
        "simulate", "--patients", "400", "--seed", "1", "--setting", "clinic", "--rules", folder
    )

    assert code == 0
    assert "figures have a range" in stdout
    assert "how far to trust it" in " ".join(stdout.split())


# population.yaml ----------------------------------------------------------------------------------


def test_the_cohort_is_no_part_of_the_rule_set(tmp_path: Path) -> None:
    """With, without, or with a broken population.yaml, the rule set is the same."""
    folder = small_with(tmp_path, {"population.yaml": "answers: ["})

    assert load(folder).hash == SMALL_RULES.hash


def test_whoever_sees_the_shipped_figures_sees_what_they_rest_on(shipped: Simulated) -> None:
    """What is assumed has a range and a reason; what has a source names one that there is."""
    figures = [
        figure
        for setting in shipped.population.settings
        for figure in shipped.population.list_uncertain(setting).values()
    ]

    assert all(figure.basis.note or figure.basis.sources for figure in figures)
    assert not any(figure.basis.sources for figure in figures if figure.basis.tag == "A")
    assert {figure.basis.tag for figure in figures} >= {"S", "M", "M?", "D", "A"}


def test_readme_says_how_many_figures_are_varied(shipped: Simulated) -> None:
    """As many as the result says itself, in the setting of its example."""
    uncertain = shipped.population.list_uncertain(shipped.setting)

    assert f"all {len(uncertain)} figures varied" in README.read_text()


MISTAKES = [
    ("    serious: true\n", "", "label: a pressed", "missing-key", '"serious" is missing'),
    ("clustering: 0.5", "clusterin: 0.5", "unsure: {", "unknown-key", 'did you mean "clustering"?'),
    (
        "  numb: {yes: [0.1, 0",
        "  num: {yes: [0.1, 0",
        "  num:",
        "unknown-question",
        'did you mean "numb"?',
    ),
    ("yes: [0.1, 0.05, 0.3]", "yes: [0.01, 0.05, 0.3]", "  numb:", "wrong-type", "not below low"),
    ("yes: [0.1, 0.05, 0.3]", "yes: 1.5", "  numb:", "wrong-type", "from 0 to 1"),
    ("yes: [0.1, 0.05, 0.3]", "yes: 0.1", "  numb:", "wrong-value", "needs a range"),
    (
        "yes: [0.1, 0.05, 0.3]",
        "options: {a: 1}",
        "  numb:",
        "wrong-value",
        'needs "yes" and nothing else',
    ),
    (
        "tag: S, sources: [small_2020]",
        "tag: A, sources: [small_2020]",
        "tag: A",
        "wrong-value",
        'has no "sources"',
    ),
    (
        "tag: S, sources: [small_2020]",
        "tag: S",
        "tag: S",
        "missing-key",
        'needs "sources" or a "note"',
    ),
    (
        "tag: S, sources: [small_2020]",
        "tag: S, sources: [small_2021]",
        "small_2021",
        "unknown-source",
        "small_2020",
    ),
    ("tag: S, sources", "tag: V, sources", "tag: V", "wrong-value", '"V" is not one of'),
    (
        "options: {old: 0.5",
        "options: {older: 0.5",
        "weak_course",
        "unknown-option",
        'did you mean "old"?',
    ),
    (
        "when: {age: {at_least: 60}}, yes",
        "when: {fall: yes}, yes",
        "- {when",
        "waits-for-later",
        "drawn later: fall",
    ),
    ("when: {age: {at_least: 60}}, yes", "when: {age: yes}, yes", "- {when", "wrong-type", ""),
    ("below: 90, share: 0.3", "below: 190, share: 0.3", "below: 190", "out-of-range", "0 to 120"),
    (
        "below: 6 weeks, share",
        "below: 6 moons, share",
        "6 moons",
        "wrong-type",
        'unknown unit "moons"',
    ),
    ("suspect: nerve", "suspect: nerves", "nerves", "unknown-suspicion", 'did you mean "nerve"?'),
    (
        "    signs: {any: [{numb: yes}, {weak: yes}]}\n",
        "",
        "label: a pressed",
        "missing-key",
        '"signs" is missing',
    ),
    (
        "hospital: {share",
        "hospice: {share",
        "hospice",
        "wrong-value",
        'there is no setting "hospice"',
    ),
    (
        "[0.1, 0.05, 0.2], tag",
        "[0.1, 0.05, 1], tag",
        "plain: {",
        "out-of-range",
        "more than all people",
    ),
    ("setting: clinic", "setting: clinics", "clinics", "wrong-value", 'did you mean "clinic"?'),
    ("source: small_2020", "source: small", "source: small", "unknown-source", '"small"'),
    (
        "label: Old, when: {age: {at_least: 60}}",
        "label: Old",
        "label: Old",
        "missing-key",
        'either "when" or "figure"',
    ),
    ("  osteoporosis: {yes: 0.1, tag: M, note: N.}\n", "", "age:", "missing-key", "osteoporosis"),
    ("[weak_worse]", "[weak_wors]", "target:", "wrong-value", 'did you mean "weak_worse"?'),
    ("[weak_worse]", "[weak_new]", "target:", "wrong-value", "no red flag that says seek_care_now"),
    ("note: For tests.", "note: [", "note: [", "yaml-syntax", ""),
]
"""A change of the population above, and what is to be said of it:
something of the line where, the code, and words.
"""


@pytest.mark.parametrize(("old", "new", "line", "code", "words"), MISTAKES)
def test_a_mistake_is_told_with_its_place(
    old: str, new: str, line: str, code: str, words: str, tmp_path: Path
) -> None:
    """Nothing is drawn from a file with a mistake in it."""
    assert POPULATION.count(old) == 1
    text = POPULATION.replace(old, new)
    with pytest.raises(RuleSetError) as caught:
        read(tmp_path, text)
    (issue,) = [issue for issue in caught.value.issues if issue.code == code]

    assert line in text.splitlines()[(issue.line or 0) - 1]
    assert words in str(issue)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    """Three mistakes, three issues, in the order of their lines."""
    text = (
        POPULATION.replace("suspect: nerve", "suspect: x")
        .replace("{old: 0.5", "{odd: 0.5")
        .replace("below: 90", "below: 900")
    )
    with pytest.raises(RuleSetError) as caught:
        read(tmp_path, text)

    assert [issue.code for issue in caught.value.issues] == [
        "out-of-range",
        "unknown-option",
        "unknown-suspicion",
    ]


def test_there_is_one_cause_that_the_rest_have(population: Population, tmp_path: Path) -> None:
    """Two of them could not both be the rest."""
    with pytest.raises(RuleSetError, match='one cause must have no "share"'):
        read(
            tmp_path,
            POPULATION.replace(
                "  nerve:\n", "  more: {label: M, serious: false, expected: home_care}\n  nerve:\n"
            ),
        )

    assert population.get_share(population.causes["plain"], "hospital", {}) == pytest.approx(0.9)
