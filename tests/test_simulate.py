"""Simulated patients: who they are, what they answer,
what comes of it, and mistakes in population.yaml.
"""

import json
import re
from pathlib import Path

import pytest

from backtriage import RuleSetError, load
from backtriage.answers import parse_answers
from backtriage.conditions import Facts
from backtriage.engine import assess
from backtriage.model import NOT_SURE, Answers
from backtriage.study.decisions import decide
from backtriage.study.simulate import Population, Simulated, read_population, simulate
from backtriage.study.simulate.data import build_data, render_json, render_patient
from backtriage.study.simulate.draw import Asking, draw
from backtriage.study.simulate.people import ask_people, draw_people
from backtriage.study.simulate.population import Bands, Basis, Figure, Options, YesOrNo, find_answer
from backtriage.study.simulate.summary import render_text
from backtriage.study.simulate.vary import Variation, build_tallies, compute_measures
from helpers import SHIPPED, SMALL, invoked, run, small_with

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


@pytest.fixture(scope="module")
def population(tmp_path_factory: pytest.TempPathFactory) -> Population:
    return read(tmp_path_factory.mktemp("population"), POPULATION)


@pytest.fixture(scope="module")
def simulated(population: Population) -> Simulated:
    return simulate(SMALL_RULES, population, "clinic", 1000, 7)


@pytest.fixture(scope="module")
def shipped() -> Simulated:
    return simulate(RULES, read_population(SHIPPED, RULES), "primary_care", 2000, 5, vary=False)


def read(folder: Path, text: str) -> Population:
    (folder / "population.yaml").write_text(text)
    return read_population(folder, SMALL_RULES)


# Patients -----------------------------------------------------------------------------------------


def test_everybody_answers_what_is_asked_and_nothing_else(shipped: Simulated) -> None:
    """A question is left out only where it does not apply;
    every answer is one that people can give.
    """
    for person in shipped.people:
        answers = person.said.answers
        facts = Facts(RULES, answers)
        applying = {name for name in RULES.questions if facts.check_applies(name) is not False}

        assert set(answers.values) == applying
        assert parse_answers(RULES, answers.values) == answers
        assert person.decision.complete


def test_not_sure_is_said_now_and_then_but_never_of_the_age(shipped: Simulated) -> None:
    """Some doubt at least one thing;
    who doubts once doubts again more often than others do at all.
    """
    doubts = [
        list(person.said.answers.values.values()).count(NOT_SURE) for person in shipped.people
    ]
    doubting = [number for number in doubts if number]

    assert all(person.said.answers.values["age"] != NOT_SURE for person in shipped.people)
    assert 0.01 < len(doubting) / len(doubts) < 0.5
    assert sum(number > 1 for number in doubting) / len(doubting) > len(doubting) / len(doubts)


def test_answers_are_as_frequent_as_the_figures_say(population: Population) -> None:
    """However strongly an answer goes with a trait, its share stays;
    an overriding figure replaces the plain one.
    """
    asking = Asking(SMALL_RULES, population, "clinic")
    people = [
        (patient.cause.id, asking.ask(patient, {}).truth)
        for patient in draw(population, "clinic", 12_000, 1)
    ]
    plain, nerve = (
        [truth for cause, truth in people if cause == name] for name in ("plain", "nerve")
    )

    def part(truths: list[object], name: str, value: object) -> float:
        return sum(truth[name] == value for truth in truths) / len(truths)  # type: ignore[index]

    young = [truth for truth in plain if truth["age"] < 60]  # type: ignore[operator]
    assert part(plain, "numb", "yes") == pytest.approx(0.1, abs=0.01)
    assert part(nerve, "numb", "yes") == pytest.approx(0.7, abs=0.02)
    assert part(young, "weak", "yes") == pytest.approx(0.3, abs=0.02)
    assert part([truth for truth in plain if truth not in young], "weak", "yes") == pytest.approx(
        0.6, abs=0.03
    )
    assert part(plain, "weak_course", "worse") == pytest.approx(0.2, abs=0.02)
    assert len(young) / len(plain) == pytest.approx(0.7, abs=0.02)
    assert all(20 <= truth["age"] < 90 for truth in plain)  # type: ignore[operator]


def test_answers_that_go_with_the_same_trait_go_together(population: Population) -> None:
    """Flags come in clusters: who has one has another more often."""
    asking = Asking(SMALL_RULES, population, "clinic")
    plain = (
        patient for patient in draw(population, "clinic", 10_000, 1) if patient.cause.id == "plain"
    )
    truths = [asking.ask(patient, {}).truth for patient in plain]
    young = [truth for truth in truths if truth["age"] < 60]  # type: ignore[operator]
    numb = [truth for truth in young if truth["numb"] == "yes"]
    others = [truth for truth in young if truth["numb"] == "no"]

    assert sum(truth["weak"] == "yes" for truth in numb) / len(numb) > 0.45
    assert sum(truth["weak"] == "yes" for truth in others) / len(others) < 0.30


def test_a_setting_has_its_own_figures(population: Population) -> None:
    """More of those in the hospital fell."""
    fell = {
        setting: sum(
            Asking(SMALL_RULES, population, setting).ask(patient, {}).truth["fall"] == "yes"
            for patient in draw(population, setting, 1000, 3)
        )
        for setting in ("clinic", "hospital")
    }

    assert fell["clinic"] < 250 < 850 < fell["hospital"]


def test_rare_causes_are_drawn_often_and_count_as_rarely_as_they_are(simulated: Simulated) -> None:
    """Half of the patients have the nerve, and yet one in a hundred of all comers."""
    nerve = [person for person in simulated.people if person.patient.cause.id == "nerve"]

    assert len(nerve) == 500
    assert sum(person.weight for person in nerve) / sum(
        person.weight for person in simulated.people
    ) == pytest.approx(0.01)


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

    def figure(share: float) -> Figure:
        return Figure(str(share), share, share, share, Basis("A", (), None))

    options = Options((("x", figure(1)), ("y", figure(0)), ("z", figure(1)), ("w", figure(0))))

    assert find_answer(YesOrNo(figure(0.2)), chance, {}) == yes
    assert find_answer(options, chance, {}) == option
    assert find_answer(Bands(((0, 10, figure(0.5)), (10, 20, figure(0.5)))), chance, {}) == number


# What comes out -----------------------------------------------------------------------------------


def test_the_decisions_are_those_of_the_engine(shipped: Simulated) -> None:
    """Deciding in bulk says what assessing one by one does."""
    some = shipped.people[::100]
    for person, decision in zip(
        some, decide(RULES, [person.said.answers for person in some]), strict=True
    ):
        assessment = assess(RULES, person.said.answers)

        assert decision == person.decision
        assert (decision.advice, decision.within_days) == (
            assessment.advice,
            assessment.within_days,
        )
        assert decision.findings == tuple(finding.id for finding in assessment.findings)
        assert decision.unresolved == tuple(entry.id for entry in assessment.unresolved)


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


def test_what_guidance_sends_by_itself_is_a_floor(shipped: Simulated) -> None:
    """It is counted by whether one of the red flags is present,
    and all who have one are sent now.
    """
    assert shipped.population.target is not None
    assert shipped.by_guidance is not None
    having = [
        person
        for person in shipped.people
        if set(shipped.population.target.by_guidance) & set(person.decision.findings)
    ]
    total = sum(person.weight for person in shipped.people)

    assert all(person.now for person in having)
    assert shipped.by_guidance.value == pytest.approx(
        sum(person.weight for person in having) / total
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
        assert (caught.now_with_sign.value or 0) <= (caught.day_with_sign.value or 0)


def test_the_study_comes_out(shipped: Simulated) -> None:
    """About 80% have one of the flags, with a median of 2, as in Henschke 2009."""
    assert shipped.calibrated.any_flag.value == pytest.approx(0.804, abs=0.03)
    assert shipped.calibrated.median == 2
    assert shipped.calibrated.quartiles == (1, 3)


@pytest.mark.slow
def test_each_figure_changes_only_those_it_bears_on(
    population: Population, simulated: Simulated
) -> None:
    """Asking again those whom a figure touches gives the same as asking all of them again."""
    asking = Asking(SMALL_RULES, population, "clinic")
    variation = Variation(asking, "clinic", simulated.people)
    for figure in population.list_uncertain("clinic").values():
        for value in (figure.low, figure.high):
            patients = list(draw_people(asking, "clinic", len(simulated.people), 7))
            again = build_tallies(ask_people(asking, patients, {figure.id: value}))
            wanted = compute_measures(population, "clinic", again, {figure.id: value})

            assert variation.measure_with_figure(figure, value) == wanted, figure.id


def test_all_figures_together_span_each_by_itself(simulated: Simulated) -> None:
    """The range of all figures at their ends holds that of one."""
    assert simulated.varied is not None
    alone = [end.now for swing in simulated.varied.swings for end in (swing.low, swing.high)]

    assert (
        simulated.varied.fewest_now.now
        <= min(alone)
        < simulated.measures.now
        < max(alone)
        <= simulated.varied.most_now.now
    )
    least, most = simulated.varied.least_caught, simulated.varied.most_caught
    assert least.caught["nerve"] < most.caught["nerve"]


# Output -------------------------------------------------------------------------------------------


def test_every_output_says_that_it_is_simulated(simulated: Simulated) -> None:
    """Nobody can take the figures, or a line of the patients, for real ones."""
    line = json.loads(render_patient(simulated.people[0], "clinic", 7))

    assert render_text(simulated, 80).startswith("Simulated patients, not real ones\n")
    assert build_data(simulated)["simulated"] is True
    assert json.loads(render_json(simulated))["target"]["by_guidance"] == ["weak_worse"]
    assert line["simulated"] is True
    assert line["answers"] == dict(simulated.people[0].said.answers.values)


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
    words = " ".join(
        render_text(simulate(SMALL_RULES, read(tmp_path, text), "clinic", 400, 7), 80).split()
    )

    assert "a pressed nerve and report a sign: nobody drawn does." in words
    assert "of those with signs nobody." in words


@pytest.mark.slow
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
