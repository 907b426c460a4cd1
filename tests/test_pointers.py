"""Where what is told points to a part of the result, that part is there, by that very name."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from pathlib import Path

import pytest

from backtriage import assess, load
from backtriage.cli.app import Format, render
from backtriage.cli.ending import end_without_card
from backtriage.fhir.bundle import build_bundle
from backtriage.interview import Interview
from backtriage.language import hold_language, say
from backtriage.languages.of_program import load_language
from backtriage.loader.cases import load_cases
from backtriage.model import Answers, RuleSet
from backtriage.report.wording import Wording
from backtriage.terminal import Screen, say_so_far
from helpers import SHIPPED

TODAY = date(2026, 11, 23)
CASES = load_cases(SHIPPED, load(SHIPPED))
LANGUAGES = ["en", "de", "es"]


@contextmanager
def spoken(code: str) -> Iterator[RuleSet]:
    """The rules, and the program, in a language."""
    with hold_language(load_language(code)):
        yield load(SHIPPED, language=None if code == "en" else code)


def list_advice(rules: RuleSet) -> Iterator[str]:
    """Each text of the advices."""
    for text in rules.advice.values():
        parts = [text.steps, *(part.steps for part in text.parts)]
        yield text.lead
        yield from (step.text for steps in parts for step in steps)
        yield from (net.step.text for net in text.safety_net)


def list_answers(every: int, first: int = 0) -> Iterator[Answers]:
    """Whole patients, and those who stopped early: after a fifth of their answers, and so on."""
    for place, case in enumerate(islice(CASES, first, None, every)):
        answers = [*case.answers.values.items()]
        yield Answers(dict(answers[: len(answers) * (place % 5 + 1) // 5]))


def points(told: str) -> bool:
    """Whether a part is named in what is told, wherever its lines end."""
    return f'"{say(Wording.TO_SAY)}"' in " ".join(told.split())


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_stands_in_quotes_in_the_advice_is_the_name_of_a_part(code: str) -> None:
    """A translation must name it as the heading is translated."""
    with spoken(code) as rules:
        named = {name for text in list_advice(rules) for name in re.findall('"([^"]+)"', text)}
        assert named == {say(Wording.TO_SAY)}


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(
    ("form", "heading"),
    [
        (Format.text, r"^{name}\n-+\n"),
        (Format.markdown, r"^## {name}$"),
        (Format.html, r"<h2>{name}</h2>"),
    ],
)
def test_a_result_has_the_part_that_it_points_to(code: str, form: Format, heading: str) -> None:
    """In each form that people read, whatever is known so far."""
    some = False
    with spoken(code) as rules:
        pattern = re.compile(heading.format(name=re.escape(say(Wording.TO_SAY))), re.MULTILINE)
        for answers in list_answers(19, LANGUAGES.index(code)):
            told = render(assess(rules, answers), rules, form, TODAY, None)
            if points(told.replace("&quot;", '"')):
                assert pattern.search(told), answers
                some = True
    assert some


@pytest.mark.parametrize("code", LANGUAGES)
def test_programs_get_what_is_pointed_to(code: str) -> None:
    """In JSON as `say`, in FHIR in a note that begins with the name."""
    some = False
    with spoken(code) as rules:
        for answers in list_answers(37):
            result = assess(rules, answers)
            told = json.loads(render(result, rules, Format.json, TODAY, None))
            if any(points(step["text"]) for step in told["steps"]):
                assert told["say"], answers
                now = datetime.fromisoformat("2026-11-23T09:00:00+00:00")
                bundle = build_bundle(result, rules, TODAY, now, None)
                named = f"{say(Wording.TO_SAY)}: {told['say']}"
                assert json.dumps(named)[1:-1] in json.dumps(bundle), answers
                some = True
    assert some


@pytest.mark.parametrize("code", LANGUAGES)
def test_who_stops_early_is_shown_what_is_pointed_to(
    code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """After any number of answers."""
    some = False
    with spoken(code) as rules:
        for answers in list_answers(19, LANGUAGES.index(code)):
            say_so_far(Interview.resumed(rules, answers), Screen(), TODAY)
            told = capsys.readouterr().err
            if points(told):
                assert say(Wording.TO_SAY) in told.splitlines(), answers
                some = True
    assert some


@pytest.mark.parametrize("form", list(Format))
def test_who_has_the_result_in_a_file_is_told_where_to_find_what_is_pointed_to(
    form: Format, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the file, or beside it where the file is for programs."""
    some = False
    with spoken("en") as rules:
        for number, answers in enumerate(list_answers(97)):
            file = tmp_path / f"{number}"
            end_without_card(assess(rules, answers), rules, form, TODAY, None, file, Screen())
            told = capsys.readouterr().err
            if points(told):
                name = say(Wording.TO_SAY)
                is_beside = name in told.splitlines()
                assert is_beside == (form in (Format.json, Format.fhir)), answers
                assert is_beside or name in file.read_text().replace(f'"{name}"', ""), answers
                some = True
    assert some
