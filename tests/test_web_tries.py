"""What the page does beside asking: files, calls, its policy, the element for other pages.

`tests/fetch.sh` fetches what drives a browser; what is not there is skipped, and said so.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from backtriage import assess, load
from backtriage.json_io.result import render_result
from backtriage.json_io.saved import build_identity, resume
from backtriage.json_io.schema import build_assessment_schema
from backtriage.loader.shipped import SHIPPED
from backtriage.model import RuleSet
from backtriage.report.wording import Wording
from backtriage.web.page import render_component, render_page
from helpers import NOW, ROOT, asks, edited, run, small_with, tiny, yes
from javascript import TODAY, in_browser, run_browser

RULES = load()
EMERGENCY = next(
    flag.when.question  # type: ignore[union-attr]
    for flag in RULES.red_flags.values()
    if flag.when == yes(flag.id) and flag.advice == "seek_care_now"
)
"""A question whose yes is an emergency."""

HOSTILE = """<img src=x onerror="window.hacked=1"></script><b>&amp;\u2028"""
MOST_BYTES = 400_000


# The page as a file ------------------------------------------------------------------------------


@pytest.mark.parametrize("render", [render_page, render_component])
def test_it_is_small(render: Any) -> None:
    assert len(render(RULES, TODAY).encode()) < MOST_BYTES


def test_it_says_which_rules_it_has_and_that_nobody_reviewed_them() -> None:
    page = render_page(RULES, TODAY)

    for told in (RULES.version, RULES.hash, str(TODAY), "No clinician has reviewed it"):
        assert told in page
    assert "https:" not in page.partition('<script type="application/json"')[0]


def test_it_is_written_to_a_file_or_to_stdout(tmp_path: Path) -> None:
    page, script = tmp_path / "page.html", tmp_path / "element.js"
    told = run("export", "web", "--date", str(TODAY), "--output", page)
    done = run("export", "web", "--date", str(TODAY), "--embed", "-o", script)

    assert (told.returncode, told.stdout) == (done.returncode, done.stdout) == (0, "")
    assert f"Written to {page}" in told.stderr.replace("\n", "")
    assert page.read_text() == run("export", "web", "--date", str(TODAY)).stdout
    assert page.read_text() == render_page(RULES, TODAY)
    assert script.read_text() == render_component(RULES, TODAY)


def test_bad_rule_sets_are_refused_and_none_is_overwritten(tmp_path: Path) -> None:
    broken = small_with(tmp_path, edited("nerves.yaml", ("when: {numb: yes}", "when: {nub: yes}")))
    page = tmp_path / "page.html"
    refused = run("export", "web", "--rules", broken, "--output", page)
    # the rules that are read: those of the checkout are others where the package is installed
    over = run("export", "web", "--output", SHIPPED / "course.yaml")

    assert (refused.returncode, over.returncode, page.exists()) == (4, 5, False)
    assert "nerves.yaml:" in refused.stderr


# In a browser ------------------------------------------------------------------------------------

HOST = (ROOT / "README.md").read_text().partition("```html\n")[2].partition("```")[0]
"""The page in README.md that has the element."""


RUDE = """<!doctype html><html lang="de" dir="rtl"><style>
html { font-size: 62.5%; } * { text-transform: uppercase; box-sizing: content-box !important; }
body { letter-spacing: .15em; line-height: 3; white-space: pre; color: #fff; background: #222;
  font-style: italic; word-break: break-all; text-indent: 3em; text-align: right; }
button { display: none !important; }
</style><script src="back-triage.js"></script><script src="back-triage.js"></script>
<back-triage></back-triage></html>"""
"""A page with a look of its own, which must not get into the element."""


def hostile_rules() -> RuleSet:
    """Every text of it would do harm if it were read as HTML."""
    rule_set = tiny([replace(asks("a"), ask=HOSTILE)], {"now": (NOW, yes("a"))})
    return replace(rule_set, title=HOSTILE, scope=HOSTILE, opening=(HOSTILE, HOSTILE))


def saved(answers: Any, day: Any = "2026-11-20", rules: RuleSet = RULES, **changed: Any) -> str:
    """A file as `backtriage --save` writes it."""
    identity = build_identity(rules) | changed
    return json.dumps({"saved_on": day, "rule_set": identity, "answers": answers})


COUNTRIES = {
    "en-GB": "GB", "zh-Hans-CN": "CN", "ca-ES": "ES", "ca": "", "de": "", "be": "", "cy": "",
    "sl": "", "en": "", "es-419": "",
}  # fmt: skip
"""Languages of a browser, and the country that each names; a language alone names none."""

OTHERS = {
    "no JSON": ("{", "this is no file of saved answers"),
    "no record": ("[]", "this is no file of saved answers"),
    "other rules": (saved({}, version="0.0.1"), "given to another version"),
    "no question": (saved({"nothing": "yes"}), 'the answer to "nothing"'),
    "no answer": (saved({EMERGENCY: "maybe"}), f'the answer to "{EMERGENCY}"'),
    "out of range": (saved({"age": 1000}), 'the answer to "age"'),
    "a list": (saved([]), "this is no file of saved answers"),
    "a text": (saved("yes"), "this is no file of saved answers"),
    "no such day": (saved({}, "2026-02-30"), "is no day that can be"),
    "a day to come": (saved({}, "2026-12-24"), "is no day that can be"),
    "no day at all": (saved({}, 20261120), "is no day that can be"),
}
"""Files that are refused, and what is said of them."""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("web")
    (folder / "page.html").write_text(render_page(RULES, TODAY))
    (folder / "hostile.html").write_text(render_page(hostile_rules(), TODAY))
    (folder / "back-triage.js").write_text(render_component(RULES, TODAY))
    (folder / "host.html").write_text(HOST)
    (folder / "rude.html").write_text(RUDE)
    question = replace(asks("a"), check="Look once more. Is it so?")
    numbers = RULES.emergency_numbers
    checked = replace(tiny([question], {"now": (NOW, yes("a"))}), emergency_numbers=numbers)
    doubted = tiny([asks("a"), asks("b", ask_if=yes("a"))], {"now": (NOW, yes("b"))})
    (folder / "doubted.html").write_text(render_page(doubted, TODAY))
    (folder / "checked.html").write_text(render_page(checked, TODAY))
    first = next(iter(RULES.questions))
    job = {
        "page": str(folder / "page.html"),
        "hostile": str(folder / "hostile.html"),
        "host": str(folder / "host.html"),
        "rude": str(folder / "rude.html"),
        "checked": str(folder / "checked.html"),
        "doubted": str(folder / "doubted.html"),
        "alike": saved({"a": "yes"}, rules=checked),
        "locales": list(COUNTRIES),
        "yes": EMERGENCY,
        "saved": saved({first: "no"}),
        "others": [[name, text] for name, (text, _) in OTHERS.items()],
    }
    return run_browser("web/tries.mjs", job)


@in_browser
def test_an_emergency_is_told_at_once_with_a_number_to_call(seen: Any) -> None:
    """By the keyboard alone; each screen begins to be read at its heading."""
    assert seen["focus"] == ["question", "heading"]
    assert seen["emergency"] == ["emergency", "heading"]
    assert seen["calls"] == [["tel:999", "Call 999"], ["tel:112", "Call 112"]]


@in_browser
def test_a_second_click_presses_nothing_on_the_screen_that_it_falls_on(seen: Any) -> None:
    """Neither a tick nor what opens; half a second later both can be clicked, and once only."""
    assert seen["hasty"] == [0, 2]


@in_browser
def test_an_emergency_is_not_said_to_be_gone_while_a_check_is_to_come(seen: Any) -> None:
    """Nor is it told a second time behind the check; that it is gone is told when it is."""
    assert seen["checking"] == ["Look once more. Is it so?", "", 0]
    assert seen["checked"] == ["review", 1]
    assert Wording.NO_EMERGENCY in seen["gone"]


@in_browser
def test_answers_are_saved_in_a_file_that_the_terminal_takes_too(seen: Any, tmp_path: Path) -> None:
    file = tmp_path / seen["name"]
    file.write_text(seen["saved"])
    record = resume(file, RULES)

    assert record.day == TODAY
    assert record.answers.values[EMERGENCY] == "yes"
    assert assess(RULES, record.answers).advice == "seek_care_now"


@in_browser
def test_it_goes_on_from_such_a_file_and_refuses_others_in_words(seen: Any) -> None:
    notes, question = seen["resumed"]

    assert "from Friday 20 November 2026" in notes
    assert question == list(RULES.questions)[1] or question in RULES.questions
    for name, (_, told) in OTHERS.items():
        screen, why = seen["refused"][name]
        assert screen == "start"
        assert told in why


@in_browser
def test_answers_are_not_lost_for_those_of_a_file_unasked(seen: Any) -> None:
    """And an emergency in a file is told, whatever was told before."""
    assert seen["replaced"] == ["start", "emergency"]


@in_browser
def test_back_from_an_answer_in_doubt_takes_back_what_made_it_so(seen: Any) -> None:
    assert seen["doubt"] == ["doubtful", "a", ["a: yes\nChange\nb: yes\nChange"]]


@in_browser
def test_a_language_is_no_country(seen: Any) -> None:
    """Who is elsewhere can say so as the emergency is told."""
    assert seen["countries"] == COUNTRIES
    assert seen["abroad"] == ["emergency", "country", ["Call 911"]]


@in_browser
def test_who_leaves_with_answers_is_asked(seen: Any) -> None:
    assert seen["left"] == [["beforeunload"], ["beforeunload"]]


@in_browser
def test_the_way_back_of_the_browser_loses_nothing(seen: Any) -> None:
    assert seen["back"] == next(iter(RULES.questions))


@in_browser
def test_nothing_is_kept_sent_or_loaded(seen: Any) -> None:
    assert seen["kept"] == [0, 0, ""]
    assert seen["faults"] == []


@in_browser
def test_texts_stay_texts_and_the_policy_holds(seen: Any) -> None:
    """A script or an image that got into the page would not be run or loaded."""
    hacked, elements, heading, title = seen["hostile"]

    assert (hacked, elements, seen["policy"]) == (None, 0, None)
    assert heading == HOSTILE
    assert title.startswith("<img src=x")
    assert seen["refusals"] >= 2
    assert seen["blocked"] == [["https://example.org/x.png", "csp"]]


@in_browser
def test_the_element_tells_another_page_the_result_as_assess_does(seen: Any) -> None:
    assert HOST.count("\n") == 10
    told = seen["event"]
    jsonschema.Draft202012Validator(build_assessment_schema()).validate(told)
    country = RULES.emergency_numbers.countries["GB"]
    ours = render_result(assess(RULES, told["answers"]), RULES, TODAY, country)

    assert told == json.loads(ours)


@in_browser
def test_the_element_looks_as_it_does_whatever_is_around_it(seen: Any) -> None:
    """It is dark only where the page around it can be."""
    assert seen["rude"] == [
        "18px", "normal", "normal", "27px", "none", "start", "normal", "normal", "0px", "ltr",
        "rgb(255, 255, 255)",
    ]  # fmt: skip
    assert seen["dark"] == "rgb(21, 24, 28)"


@in_browser
def test_the_first_question_comes_within_a_second(tmp_path: Path) -> None:
    """From opening the file; the best of five, since others work on this machine too."""
    page = tmp_path / "page.html"
    page.write_text(render_page(RULES, TODAY))

    assert min(run_browser("web/start.mjs", {"page": str(page), "runs": 5})) < 1000
