"""Evaluating on patients whose right advice is known:
counts, intervals, what is read, and how it is written.
"""

import gzip
import json
import random
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backtriage import load
from backtriage.study.evaluate import Evaluated, Options, evaluate
from backtriage.study.evaluate.page import render_html
from backtriage.study.evaluate.summary import render_json, render_text
from backtriage.study.intervals import (
    Share,
    estimate_share,
    estimate_share_by_sums,
    estimate_weighted_share,
)
from helpers import SMALL, edited, run, small_with

RULES = load(SMALL)
HOME = {
    "numb": "no",
    "weak": "no",
    "age": 40,
    "fall": "no",
    "duration": "5 days",
    "steroids": "no",
    "osteoporosis": "no",
}
SOON = HOME | {"fall": "yes", "osteoporosis": "yes"}
NOW = HOME | {"numb": "yes"}
OPEN = {"age": 40}


def line(answers: Mapping[str, object], expected: str, diagnosis: str | None = None) -> str:
    """A patient on a line of JSON: answers, right advice, diagnosis."""
    return json.dumps({**answers, "expected": expected, "diagnosis": diagnosis}) + "\n"


def evaluated(text: str | bytes, name: str = "t.jsonl", **options: Any) -> Evaluated:
    """What comes out for a file of this name."""
    with TemporaryDirectory() as folder:
        file = Path(folder, name)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return evaluate(RULES, file, Options(**options))


MIXED = "".join(
    [
        line(NOW, "seek_care_now", "nerve"),
        line(NOW, "see_doctor_soon", "nerve"),
        line(NOW, "home_care", "strain"),
        line(SOON, "seek_care_now", "nerve"),
        line(SOON, "see_doctor_soon", "break"),
        line(HOME, "seek_care_now", "nerve"),
        line(HOME, "see_doctor_soon", "break"),
        line(HOME, "home_care"),
        line(HOME, "home_care"),
        line(OPEN, "home_care", "strain"),
    ]
)
FOUND = evaluated(MIXED, any_red_flag=True, versus=("the same", RULES))


# Intervals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_the_intervals_are_the_published_ones(count: int, of: int, low: float, high: float) -> None:
    """Newcombe, Stat Med 1998;17:857-72, table I,
    method 3 (score, without continuity correction).
    """
    share = estimate_share(count, of)

    assert (round(share.low, 4), round(share.high, 4)) == (low, high)


def test_of_nobody_nothing_is_known() -> None:
    """No division by nothing, and no interval that looks like knowledge."""
    assert estimate_share(0, 0) == estimate_weighted_share([]) == Share(None, 0.0, 1.0, 0)
    assert str(estimate_share(0, 0)) == "-"


@given(st.lists(st.booleans(), min_size=1, max_size=200))
def test_people_who_count_alike_need_no_weights(hits: list[bool]) -> None:
    """With equal weights the weighted share is the plain one;
    it lies in its interval, and the interval in 0 to 1.
    """
    plain, weighted = (
        estimate_share(sum(hits), len(hits)),
        estimate_weighted_share((3.0, 1, hit) for hit in hits),
    )

    assert weighted.value == pytest.approx(plain.value)
    assert (weighted.low, weighted.high) == (pytest.approx(plain.low), pytest.approx(plain.high))
    assert 0 <= plain.low <= (plain.value or 0) <= plain.high <= 1


def test_people_who_count_more_make_fewer() -> None:
    """A few heavy people tell less than many equal ones."""
    heavy = estimate_weighted_share([(9.0, 1, 1), (1.0, 9, 0)])

    assert heavy.value == 0.5
    assert heavy.of == pytest.approx(18**2 / 90)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_the_interval_of_people_who_count_differently_holds_what_is_so(share: float) -> None:
    """In 95 of 100 draws, give or take four standard errors of so many draws;
    with the number of people in the place of those who count alike it does so in far fewer.
    """
    chance, draws = random.Random(1), 2000
    by_kish = by_people = 0
    for _ in range(draws):
        people = [(chance.lognormvariate(0, 1), 1, chance.random() < share) for _ in range(150)]
        found = estimate_weighted_share(people)
        by_kish += found.low <= share <= found.high
        weight = sum(weight for weight, _, _ in people)
        hits = sum(weight for weight, _, hit in people if hit)
        plain = estimate_share_by_sums(hits, weight, weight * weight / len(people))
        by_people += plain.low <= share <= plain.high

    error = (0.95 * 0.05 / draws) ** 0.5
    assert by_kish / draws == pytest.approx(0.95, abs=4 * error)
    assert by_people / draws < 0.9


# Scores -------------------------------------------------------------------------------------------


def test_every_patient_is_counted_once() -> None:
    """Rows are what is right, columns what is given;
    those not settled have a column of their own.
    """
    score = FOUND.scores[0]

    assert score.matrix == {
        ("seek_care_now", "seek_care_now"): 1,
        ("see_doctor_soon", "seek_care_now"): 1,
        ("home_care", "seek_care_now"): 1,
        ("seek_care_now", "see_doctor_soon"): 1,
        ("see_doctor_soon", "see_doctor_soon"): 1,
        ("seek_care_now", "home_care"): 1,
        ("see_doctor_soon", "home_care"): 1,
        ("home_care", "home_care"): 2,
        ("home_care", None): 1,
    }
    assert score.unsettled == estimate_share(1, 10)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("exact", 4),
        ("under_by_one", 2),
        ("under_by_two", 1),
        ("over_by_one", 1),
        ("over_by_two", 1),
    ],
)
def test_agreement_is_of_those_who_are_settled(name: str, count: int) -> None:
    """Of nine; the one who is not settled is neither right nor wrong."""
    assert getattr(FOUND.scores[0], name) == estimate_share(count, 9)


def test_accuracy_by_advice() -> None:
    """Of the three who should seek care now one is told to,
    of the six others two are told so too.
    """
    score = FOUND.scores[0].by_advice["seek_care_now"]

    assert (score.sensitivity, score.specificity) == (estimate_share(1, 3), estimate_share(4, 6))


def test_accuracy_by_suspicion_is_of_those_whose_diagnosis_is_known() -> None:
    """Who has no diagnosis, or in whom the suspicion is open still, is in neither."""
    nerve, bone = (FOUND.scores[0].by_suspicion[name] for name in ("nerve", "break"))

    assert (nerve.sensitivity, nerve.specificity) == (estimate_share(2, 4), estimate_share(2, 3))
    assert (bone.sensitivity, bone.specificity) == (estimate_share(1, 2), estimate_share(4, 5))
    assert FOUND.other_diagnoses == ("strain",)


def test_who_is_left_out_of_a_share_is_told() -> None:
    """If only those with a red flag are settled, a sensitivity of 100 % says little."""
    people = line(NOW, "seek_care_now", "nerve") * 2 + line(OPEN, "seek_care_now", "nerve") * 3
    found = evaluated(people)
    nerve = found.scores[0].by_suspicion["nerve"]

    assert (nerve.sensitivity, nerve.open_with, nerve.open_without) == (estimate_share(2, 2), 3, 0)
    text, data, page = everything(found)
    words = " ".join(text.split())
    assert "- nerve: sensitivity 100.0% (34.2% to 100.0%) of 2, 3 more open, specificity" in words
    assert "Not settled, as answers are missing: 3." in words
    assert "Nobody of the 2 who are settled." in words
    assert json.loads(data)["scores"][0]["by_suspicion"]["nerve"]["open_with"] == 3
    assert "of 2, 3 more open" in page


def test_questions_that_nobody_answers_are_told() -> None:
    """A column that is misspelt makes them."""
    text, data, _ = everything(evaluated(line({"age": 40, "numb": "yes"}, "seek_care_now")))

    assert "Questions that none of these patients has an answer to: weak," in " ".join(text.split())
    assert "numb" not in json.loads(data)["unanswered"]


def test_any_red_flag_is_an_emergency_for_the_baseline() -> None:
    """Patient by patient: the two of whom a doctor should look soon move up, and nobody else."""
    baseline, (moved, same) = FOUND.scores[1], FOUND.moves

    assert baseline.matrix["seek_care_now", "seek_care_now"] == 2
    assert baseline.matrix["see_doctor_soon", "seek_care_now"] == 2
    assert (moved.more, moved.less, moved.same, moved.nearer, moved.farther, moved.unsettled) == (
        2,
        0,
        7,
        1,
        1,
        1,
    )
    assert (same.more, same.less, same.same) == (0, 0, 9)


def test_the_missed_are_told_with_what_was_there_and_what_was_not() -> None:
    """Worst first in text; the red flags for the diagnosis
    that were absent show what would have been enough.
    """
    worst = next(missed for missed in FOUND.missed if missed.levels == 2)
    text = " ".join(render_text(FOUND, 70).split())

    assert [missed.patient.row for missed in FOUND.missed] == [4, 6, 7]
    assert (worst.present, worst.absent) == ((), ("numb", "weak_worse"))
    assert "Too little urgency: 3" in text
    assert text.index("row 6") < text.index("row 4") < text.index("row 7")
    assert "Fall: yes" in text


def test_another_rule_set_that_asks_less_is_compared_as_far_as_it_goes(tmp_path: Path) -> None:
    """Answers that it does not know are left out:
    whether the two with thin bones fell is not known to it.
    """
    renamed = edited("past.yaml", ("id: fall\n", "id: fell\n"), ("fall: yes", "fell: yes"))
    folder = small_with(tmp_path, renamed)
    (moves,) = evaluated(MIXED, versus=("other", load(folder))).moves

    assert (moves.more, moves.less, moves.same, moves.unsettled) == (0, 0, 7, 3)


# Writing ------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What an HTML page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "rect", "line"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("meta", "rect", "line"):
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_page_is_one_file_that_can_be_read_aloud() -> None:
    """No scripts and nothing from elsewhere;
    tables have captions and heads, pictures say nothing of their own.
    """
    page = Page(render_html(FOUND))
    names = [tag for tag, _ in page.tags]
    tables = names.count("table")

    assert page.open == []
    assert not {"script", "link", "img", "iframe"} & set(names)
    assert not [
        pair
        for _, attributes in page.tags
        for pair in attributes
        if pair in ("href", "src", "onclick")
    ]
    assert "url(" not in render_html(FOUND)
    assert names.count("caption") == tables >= 6
    assert all(
        attributes.get("aria-hidden") == "true" for tag, attributes in page.tags if tag == "svg"
    )
    assert all(
        attributes.get("scope") in ("row", "col") for tag, attributes in page.tags if tag == "th"
    )
    assert ("html", {"lang": "en"}) in page.tags


def test_what_stands_in_the_data_cannot_become_markup() -> None:
    """Ids and diagnoses come from others."""
    nasty = '<script>alert("x")</script>&\u202e'
    answers = HOME | {"id": nasty}
    page = render_html(evaluated(line(answers, "seek_care_now", nasty)))

    assert "<script" not in page
    assert "\u202e" not in page
    assert '<script>alert("x")</script>&' in "".join(Page(page).words)


def test_json_has_every_number() -> None:
    """Counts and shares with their intervals, and all the missed."""
    data = json.loads(render_json(FOUND))
    score = data["scores"][0]

    assert data["patients"] == 10
    assert score["matrix"]["home_care"] == {
        "seek_care_now": 1,
        "see_doctor_soon": 0,
        "home_care": 2,
        "unsettled": 1,
    }
    assert score["exact"] == {
        "value": 4 / 9,
        "low": estimate_share(4, 9).low,
        "high": estimate_share(4, 9).high,
        "of": 9,
    }
    assert score["by_suspicion"]["nerve"]["sensitivity"]["value"] == 0.5
    assert [missed["row"] for missed in data["missed"]] == [4, 6, 7]
    assert [patient["row"] for patient in data["unsettled"]] == [10]
    assert data["moves"][0]["more"] == 2


def everything(found: Evaluated) -> list[str]:
    return [render_text(found, 80), render_json(found), render_html(found)]


def test_nobody_takes_simulated_patients_for_real_ones() -> None:
    """All three ways to write it say so."""
    patient = json.dumps({"simulated": True, "answers": NOW, "expected": "seek_care_now"})
    text, data, page = everything(evaluated(patient))

    assert "1 of them are simulated, not real" in text
    assert json.loads(data)["simulated"] == 1
    assert "1 of them are simulated, not real" in page


@pytest.mark.parametrize(
    ("weights", "by_weight", "as_one"),
    [([2, 3], True, False), ([None, None], False, True), ([2, None], True, True)],
)
def test_how_simulated_patients_count_is_told(
    weights: list[float | None], by_weight: bool, as_one: bool
) -> None:
    """By their weight, or as one; and then not as they are in life."""
    lines = (
        json.dumps({"simulated": True, "answers": NOW, "expected": "home_care", "weight": weight})
        for weight in weights
    )
    text = " ".join(render_text(evaluated("\n".join(lines)), 80).split())

    assert ("count by their weights in every share" in text) == by_weight
    assert ("Some are simulated, and count as one." in text) == as_one


def test_a_page_of_very_many_missed_has_an_overview_and_a_few_of_them() -> None:
    """In words, never in ids, and of a size that can be looked through."""
    many = line(HOME, "seek_care_now", "nerve") * 300 + line(HOME, "see_doctor_soon", "other") * 100
    page = Page(render_html(evaluated(many + MIXED)))
    people = [words for words in page.words if words.startswith("row ")]
    text = "\n".join(page.words)

    assert people == [f"row {number}" for number in range(1, 21)]
    assert text.index("Overview") < text.index("Too little urgency: 403") < text.index("row 1")
    assert "20 of the 403 patients, the worst missed first" in text
    assert "Numb between the legs: yes" in text
    assert not {"seek_care_now", "see_doctor_soon", "home_care", "weak_worse"} & {
        word.strip(",;:") for word in text.split()
    }


def test_of_nobody_everything_can_be_written() -> None:
    """If every row is malformed there is still a report, which says that and claims no more."""
    found = evaluated(line({"numb": "1"}, "home_care") * 30, any_red_flag=True)
    text, data, page = everything(found)

    for whole in (text, data, page):
        assert not re.search(r"\bnan\b", whole.lower())
    assert json.loads(data)["unanswered"] == []
    for told in (text, page):
        assert "No row could be used, of 30, so nothing can be said of the rules." in told
        for claim in ("has an answer to", "Exact agreement", "Nobody", "Wilson"):
            assert claim not in told
    assert "And 10 more; --format json has 30 of all 30 (--most-listed)." in page


# Command ------------------------------------------------------------------------------------------


def test_the_command_tells_malformed_rows_and_exits_with_3(tmp_path: Path) -> None:
    """The rest is evaluated; stdout has the result alone."""
    file, page = tmp_path / "patients.jsonl", tmp_path / "page.html"
    file.write_text(json.dumps({**NOW, "expected": "seek_care_now"}) + '\n{"expected": "home"}\n')
    rules = ("--rules", SMALL, "--versus", SMALL)
    done = run(
        "evaluate", *rules, file, "--baseline", "any-red-flag", "--format", "html", "--output", page
    )

    assert done.returncode == 3
    assert done.stdout == ""
    told = 'row 2: expected: wrong-value "home" is not an advice; did you mean "home_care"?'
    assert told in done.stderr
    assert page.read_text().startswith("<!DOCTYPE html>")


def test_the_command_reads_a_table(tmp_path: Path) -> None:
    """By its ending; columns without a question are told on stderr."""
    file = tmp_path / "patients.CSV"
    file.write_text("truth,numb,ward\nseek_care_now,yes,3\n")
    done = run("evaluate", "--rules", SMALL, file, "--expected", "truth", "--format", "json")

    assert done.returncode == 0
    assert json.loads(done.stdout)["patients"] == 1
    assert done.stderr == "backtriage: columns that no question has: ward\n"


def test_a_column_that_is_misspelt_is_told(tmp_path: Path) -> None:
    """With the question that it may be."""
    file = tmp_path / "patients.csv"
    file.write_text("expected,numb,steriods\nseek_care_now,yes,no\n")

    assert 'steriods (did you mean "steroids"?)' in run("evaluate", "--rules", SMALL, file).stderr


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.parquet", b"no"),
        ("t.csv.gz", b"no"),
        ("t.csv", "expected,numb\n".encode("utf-16")),
        ("t.jsonl.gz", gzip.compress(b"x", mtime=0)[:9]),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_told(
    tmp_path: Path, name: str, content: bytes
) -> None:
    """With the exit code of files, and no more."""
    file = tmp_path / name
    file.write_bytes(content)
    done = run("evaluate", "--rules", SMALL, file)

    assert (done.returncode, done.stdout) == (5, "")
    assert name in done.stderr


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the exit code of files."""
    done = run("evaluate", "--rules", SMALL, tmp_path / "none.jsonl")

    assert (done.returncode, done.stdout) == (5, "")


def test_a_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    """With the separator and the codes of `cohort`; where nothing is a question, that is told."""
    file = tmp_path / "patients.csv"
    file.write_text("numb;weak;age;expected\n1;0;-9;seek_care_now\n")
    options = ("--separator", ";", "--missing=-9", "--yes", "1", "--no", "0", "--format", "json")
    done = run("evaluate", "--rules", SMALL, file, *options)
    found = json.loads(done.stdout)
    assert (done.returncode, found["patients"]) == (0, 1)
    assert found["scores"][0]["matrix"]["seek_care_now"]["seek_care_now"] == 1

    file.write_text("one,expected\nyes,seek_care_now\n")
    done = run("evaluate", "--rules", SMALL, file)
    assert done.returncode == 9
    assert "nothing-read" in done.stderr
