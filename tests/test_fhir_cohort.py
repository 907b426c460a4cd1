"""NDJSON of FHIR as a table: the same as of the plain answers, and each mistake with its place."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backtriage import load
from backtriage.fhir.response import build_response
from backtriage.model import Answer
from backtriage.strict_json import write_json
from forms import Json
from helpers import SMALL, called, run
from strategies import examples, partial_answers

RULES = load(SMALL)
PEOPLE: list[Mapping[str, Answer]] = [{"numb": "yes"}, {}, {"numb": "no", "age": 30}]


def response_of(answers: Mapping[str, Answer]) -> Json:
    return build_response(RULES, answers, complete=False, authored=None)


def bundle_of(response: Json) -> Json:
    return {"resourceType": "Bundle", "entry": [{"resource": response}]}


def write(file: str, lines: Sequence[object]) -> None:
    Path(file).write_text("".join(f"{write_json(line)}\n" for line in lines))


def read(file: str) -> list[Any]:
    return [json.loads(line) for line in Path(file).read_text().splitlines()]


@pytest.fixture
def cohort(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Any:
    """Run the command in a folder of its own: its exit code, and what it tells."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str]:
        code, _, err = called(capsys, monkeypatch, "cohort", *words, "--rules", SMALL)
        return code, err

    return call


@given(st.lists(partial_answers(RULES), min_size=1, max_size=5), st.booleans())
@settings(examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_line_of_fhir_is_the_patient_that_its_answers_are(
    cohort: Any, people: list[Mapping[str, Answer]], in_bundles: bool
) -> None:
    responses = [response_of(person) for person in people]
    write("fhir.ndjson", [bundle_of(one) if in_bundles else one for one in responses])
    # a key that is no question, so that nobody's answers are the first line alone
    write("plain.jsonl", [dict.fromkeys(RULES.questions) | dict(person) for person in people])

    assert cohort("fhir.ndjson", "--output", "fhir.out.jsonl")[0] == 0
    assert cohort("plain.jsonl", "--output", "plain.out.jsonl")[0] == 0

    assert read("fhir.out.jsonl") == read("plain.out.jsonl")


def test_a_mistake_lands_in_the_rejects_with_its_place(cohort: Any) -> None:
    lines: list[Any] = [response_of(person) for person in PEOPLE]
    lines[0]["item"][0]["item"][0]["answer"] = [{"valueBoolean": True}]
    lines += [{"resourceType": "Patient"}, {"age": 30}, bundle_of(response_of({"numb": "yes"}))]
    write("a.ndjson", [lines[2], *lines])

    code, told = cohort("a.ndjson", "--output", "out.jsonl")

    assert code == 3
    assert [row["row"] for row in read("out.jsonl")] == [1, 3, 4, 7]
    rejects = {one["row"]: one["errors"] for one in read("out.jsonl.rejects.jsonl")}
    assert [rejects[row][0]["code"] for row in (2, 5, 6)] == ["wrong-type", "not-fhir", "not-fhir"]
    assert rejects[2][0]["path"] == "QuestionnaireResponse.item[0].item[0].answer[0].value"
    assert rejects[2][0]["part"] == {"sort": "linkId", "id": "numb"}
    assert "3" in told


FHIR_ROWS: dict[str, str] = {
    "a response": write_json(response_of({"numb": "yes"})),
    "a Bundle": write_json(bundle_of(response_of({"numb": "yes"}))),
    "a Patient": '{"resourceType": "Patient", "id": "1"}',
    "its kind alone": '{"resourceType": "QuestionnaireResponse"}',
    "no known kind": '{"resourceType": null, "numb": "no"}',
    "a kind that is spelt oddly": r'{"numb": "no", "resource\u0054ype": "Patient"}',
    "a comma in a text": '{"numb": "no", "resourceType": "Patient, or not"}',
}


@pytest.mark.parametrize("many", [1, 300])
@pytest.mark.parametrize("name", FHIR_ROWS)
@pytest.mark.parametrize("in_another_file", [False, True])
def test_fhir_among_plain_rows_is_rejected(
    cohort: Any, name: str, many: int, in_another_file: bool
) -> None:
    """And never somebody of whom nothing is known; also where lines are read many at once."""
    plain = [json.dumps({"numb": "no", "age": age % 90}) for age in range(many)]
    fhir = [FHIR_ROWS[name]] * many
    files = [plain, fhir] if in_another_file else [plain + fhir]
    for place, lines in enumerate(files):
        Path(f"{place}.jsonl").write_text("".join(f"{line}\n" for line in lines))

    names = [f"{place}.jsonl" for place in range(len(files))]
    assert cohort(*names, "--output", "out.jsonl")[0] == 3

    assert len(read("out.jsonl")) == many
    rejects = read("out.jsonl.rejects.jsonl")
    assert [one["errors"][0]["code"] for one in rejects] == ["is-fhir"] * many


def test_fhir_with_kinds_of_many_names_is_rejected(cohort: Any) -> None:
    lines = [{"resourceType": f"Kind{place}", "numb": "no"} for place in range(300)]
    write("a.jsonl", [{"numb": "no", "age": 3}, *lines])

    assert cohort("a.jsonl", "--output", "out.jsonl")[0] == 3
    assert len(read("out.jsonl.rejects.jsonl")) == 300


@pytest.mark.parametrize("first", ["Patient", "OperationOutcome", "Encounter"])
def test_any_resource_at_the_beginning_says_that_it_is_fhir(cohort: Any, first: str) -> None:
    write("a.ndjson", [{"resourceType": first}, response_of({"numb": "yes"})])

    assert cohort("a.ndjson", "--output", "out.jsonl")[0] == 3
    assert [row["advice"] for row in read("out.jsonl")] == ["seek_care_now"]
    assert read("out.jsonl.rejects.jsonl")[0]["errors"][0]["code"] == "not-fhir"


@pytest.mark.parametrize("output", ["out.csv", "out.jsonl", "out.parquet"])
def test_keys_of_a_response_stand_in_the_output(cohort: Any, output: str) -> None:
    keyed = response_of({"numb": "yes"}) | {"id": "r1", "subject": {"reference": "Patient/7"}}
    write("a.ndjson", [keyed, response_of({})])

    code, told = cohort("a.ndjson", "--output", output, "--id", "id", "--id", "subject")

    assert code == 0, told
    if output == "out.jsonl":
        assert [(row["id"], row["subject"]) for row in read(output)] == [
            ("r1", "Patient/7"),
            (None, None),
        ]
    elif output == "out.csv":
        assert Path(output).read_text().splitlines()[1].startswith("1,r1,Patient/7,seek_care_now")


def test_a_key_that_fhir_does_not_have_is_told(cohort: Any) -> None:
    write("a.ndjson", [response_of({"numb": "yes"})])

    code, told = cohort("a.ndjson", "--output", "out.csv", "--id", "nr")

    assert code == 5
    assert 'there is no column "nr"' in told
    assert not Path("out.csv").exists()


def test_packed_files_and_blank_lines(cohort: Any) -> None:
    text = "\n\n".join(write_json(response_of(person)) for person in PEOPLE)
    Path("a.ndjson.gz").write_bytes(gzip.compress(f"\n{text}".encode()))
    Path("b.ndjson").write_text(text)

    assert cohort("a.ndjson.gz", "b.ndjson", "--output", "out.jsonl")[0] == 0
    assert [row["row"] for row in read("out.jsonl")] == [2, 4, 6, 1, 3, 5]


def test_a_broken_first_line_does_not_hide_that_it_is_fhir(cohort: Any) -> None:
    lines = [write_json(response_of(person)) for person in PEOPLE]
    Path("a.ndjson").write_text("\n".join([lines[0][:-5], *lines]))

    assert cohort("a.ndjson", "--output", "out.jsonl")[0] == 3
    assert [row["row"] for row in read("out.jsonl")] == [2, 3, 4]


def test_results_of_assess_are_read_again(cohort: Any, tmp_path: Path) -> None:
    """A Bundle that we wrote has the form in it."""
    lines = "".join(f"{write_json(dict(person))}\n" for person in PEOPLE)
    done = run("assess", "--lines", "--format", "fhir", "--rules", SMALL, stdin=lines)
    (tmp_path / "a.ndjson").write_text(done.stdout)

    assert cohort("a.ndjson", "--output", "out.jsonl")[0] == 0
    assert [row["advice"] for row in read("out.jsonl")] == ["seek_care_now", None, None]
