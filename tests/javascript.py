"""What the tests of the JavaScript share: Node, a browser, and whom they draw.

`tests/fetch.sh` fetches what drives a browser; what is not there is skipped, and said so.
"""

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest
from hypothesis import Phase, find, settings

from backtriage.model import (
    NOT_SURE,
    Answer,
    AskedTwice,
    Choice,
    Number,
    Question,
    RuleSet,
    Source,
    YesNo,
)
from strategies import rule_sets

HERE = Path(__file__).parent
PARTS = HERE / "parts"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
NODE = shutil.which("node")
TODAY = date(2026, 11, 28)

_Test = TypeVar("_Test", bound=Callable[..., Any])

in_node = pytest.mark.skipif(NODE is None, reason="Node.js is not installed")


def in_parts(test: _Test) -> _Test:
    """Marks a test that takes what `tests/fetch.sh` fetches."""
    fetched = (PARTS / "node_modules").exists()
    test = pytest.mark.skipif(not fetched, reason="tests/fetch.sh was not run")(in_node(test))
    return pytest.mark.slow(test)


def in_browser(test: _Test) -> _Test:
    """Marks a test that takes a browser, and what drives it."""
    return pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")(in_parts(test))


def run_node(script: str, stdin: str) -> str:
    """What a script of the tests prints."""
    done = subprocess.run(
        [str(NODE), str(HERE / script)], input=stdin.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def run_browser(script: str, job: Mapping[str, Any]) -> Any:
    """What a script of the tests gives for a job that takes a browser."""
    return json.loads(
        run_node(script, json.dumps({"chromium": CHROMIUM, "today": str(TODAY), **job}))
    )


def draw_answer(question: Question, draw: Random, *, twice: bool = True) -> Answer:
    """An answer drawn evenly; with `twice` also those that hold two."""
    if question.not_sure is not None and draw.random() < 0.1:
        return NOT_SURE
    match question:
        case YesNo(check=check):
            return draw.choice(["yes", "no", *(AskedTwice if twice and check else ())])
        case Choice(options=options):
            return draw.choice(options).id
        case Number(minimum=minimum, maximum=maximum):
            if draw.random() < 0.5:  # where the bounds of rules mostly are
                maximum = min(maximum, minimum + 100)
            return round(draw.uniform(minimum, maximum), draw.choice([0, 0, 1]))


def draw_rule_set(seed: int) -> RuleSet:
    """A random one with several questions, not the least that there is."""
    chosen = settings(max_examples=1000, phases=(Phase.generate,), database=None)
    return with_source(find(rule_sets(), _is_large, settings=chosen, random=Random(seed)))


def with_source(rule_set: RuleSet) -> RuleSet:
    """A random rule set with the source that its red flags name."""
    return replace(rule_set, sources={"a": Source(id="a", citation="A.")})


def _is_large(rule_set: RuleSet) -> bool:
    follow_ups = [one for one in rule_set.questions.values() if one.ask_if is not None]
    return len(rule_set.questions) == 5 and len(follow_ups) > 1 and len(rule_set.red_flags) > 2
